"""Writes the JSON Schema of a pathway file, so that editors complete and check while an author types."""

from __future__ import annotations

from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from pathway.language import written

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAIN_KEYS = ("pathway", "version", "title", "status")  # never left to an included file

_INCLUDE = {
    "title": "Include",
    "description": "Further files of this folder, merged into this one key by key.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}


def pathway_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one pathway file, main or included.

    It speaks of files as editors read them: an unquoted 5 is a number there and a text here, so both pass.
    What needs the whole pathway (names, units, guards) is left to `pathway check`.
    """
    schema = written.Pathway.model_json_schema(by_alias=True, schema_generator=_AsEditorsRead)
    properties = {"include": _INCLUDE, **schema.pop("properties")}
    everything = schema.pop("required")
    says_which = {"anyOf": [{"required": ["pathway"]}, {"required": ["version"]}]}
    return {
        "$schema": DIALECT,
        **schema,
        "properties": properties,
        "anyOf": [
            {"title": "A pathway in one file", "required": everything},
            {"title": "The main file of a folder", "required": [*MAIN_KEYS, "include"]},
            {"title": "An included file", "not": says_which},
        ],
    }


class _AsEditorsRead(GenerateJsonSchema):
    """The schema of the file as YAML editors type it, not of the texts that the models receive."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text; without a pattern it may also look like a number, true or false."""
        written_as = super().str_schema(schema)
        pattern = str(written_as.get("pattern", ""))
        if not pattern:
            written_as["type"] = ["string", "number", "boolean"]
        elif pattern.startswith("^-?"):
            written_as["type"] = ["string", "number"]
        return written_as

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """A closed list of words; those made of digits also as numbers."""
        written_as = super().literal_schema(schema)
        numbers = [int(word) for word in schema["expected"] if isinstance(word, str) and word.isdecimal()]
        if numbers:
            return {"enum": [*schema["expected"], *numbers]}
        return written_as

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """An optional value: the key may be left out, but null is refused."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A default is told only where the key would say something."""
        written_as = super().default_schema(schema)
        if written_as.get("default") in (None, [], {}):
            written_as.pop("default", None)
        return written_as

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Ids with their values; an id of another form is refused."""
        written_as = super().dict_schema(schema)
        if "patternProperties" in written_as:
            written_as["additionalProperties"] = False
        return written_as

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A list that also takes its only item bare."""
        written_as = super().function_before_schema(schema)
        if written_as.get("type") != "array":
            return written_as
        return {"anyOf": [cast("JsonSchemaValue", written_as["items"]), written_as]}
