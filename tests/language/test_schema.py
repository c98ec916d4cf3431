"""The JSON Schema names what the models name, accepts what they accept, and refuses their unknown keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from pathway.language import written
from pathway.language.gather import gather
from pathway.language.problems import DefinitionError
from pathway.language.schema import pathway_schema
from pathway.language.source import Node, Scalar, Sequence, read_source, read_text

DEFINITIONS = Path(__file__).parents[2] / "definitions"
GUIDE = Path(__file__).parents[2] / "docs/writing-a-pathway.md"
DEMO = """
pathway: demo
version: 1.0.0
title: Demo
status: draft
layers: {article: What the source article says}
sources:
  S90: {text: No LP below 40 platelets, from: article, ref: 2, grade: 2}
  S91: {text: 5, from: article, ref: [a, 3]}
facts:
  platelet_count: {ask: Platelet count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1,
                   code: {loinc: 777-3, snomed: 61928009}, valid_for: 24 h, cites: S90}
  glucose: {ask: Glucose, type: quantity, unit: mg/dL, also: {mmol/L: {factor: 18.0156}}}
  cause: {type: code, values: {tb: Tuberculosis}, open: true}
  age: {type: quantity, unit: a, also: mo}
actions:
  lp: {title: Lumbar puncture, type: procedure, dose: {amount: 15 mg, unit: mg}}
safeguards:
  s: {action: lp, when: platelet_count < 40, effect: block, override: specialist, cites: [S90]}
tracks:
  care:
    start: a
    states:
      a: {kind: action, do: [{action: lp, within: 4 h}], next: [{to: b, when: done(lp)}]}
      b: {kind: end}
claims:
  c: {only: lp, when: platelet_count >= 40}
  d: {before: [lp, done(lp)]}
"""

validator = Draft202012Validator(pathway_schema())


def as_an_editor_reads(node: Node) -> Any:
    """The data as the YAML 1.2 core rules type it: what a language server checks against the schema."""
    if isinstance(node, Sequence):
        return [as_an_editor_reads(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key.text: as_an_editor_reads(value) for key, value in node.entries}
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?\d+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?\d*\.\d+", node.text) else node.text


def slips(text: str) -> list[str]:
    found = validator.iter_errors(as_an_editor_reads(read_text(text, "p.yaml")))
    return [f"{error.json_path}: {error.message}" for error in found]


def all_models() -> list[type[BaseModel]]:
    found = [
        kind
        for kind in vars(written).values()
        if isinstance(kind, type) and issubclass(kind, written.Written)
    ]
    return [kind for kind in found if kind not in (written.Written, written.Cited)]


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(pathway_schema())


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_the_schema_names_exactly_the_keys_of_the_model(model: type[BaseModel]) -> None:
    schema = pathway_schema()
    part = schema if model is written.Pathway else schema["$defs"][model.__name__]
    keys = {info.alias or name for name, info in model.model_fields.items()}
    assert set(part["properties"]) == keys | ({"include"} if model is written.Pathway else set())
    needed = {info.alias or name for name, info in model.model_fields.items() if info.is_required()}
    assert (
        set(part["anyOf"][0]["required"] if model is written.Pathway else part.get("required", ())) == needed
    )
    assert part["additionalProperties"] is False


def test_every_part_and_key_has_a_title() -> None:
    schema = pathway_schema()
    for part in [schema, *schema["$defs"].values()]:
        assert part["title"]
        assert all("title" in key or "$ref" in key for key in part["properties"].values())


def test_the_keys_of_a_pathway_are_told_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [
        key for key in pathway_schema()["properties"] if f"`{key}`" not in guide and f"`{key}:`" not in guide
    ] == []


def test_a_definition_is_accepted_by_schema_and_models_alike(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(DEMO, encoding="utf-8")
    assert gather(path).pathway.pathway == "demo"
    assert slips(DEMO) == []


@pytest.mark.parametrize(
    "main", sorted({*DEFINITIONS.glob("*.yaml"), *DEFINITIONS.glob("*/pathway.yaml")}), ids=str
)
def test_the_definitions_of_this_house_are_accepted(main: Path) -> None:
    for file in gather(main).files:
        found = validator.iter_errors(as_an_editor_reads(read_source(file)))
        assert [f"{file}: {error.json_path}: {error.message}" for error in found] == []


@pytest.mark.parametrize(
    ("was", "slip"),
    [
        ("status: draft", "status: aproved"),
        ("status: draft", "status: draft\nfactz: {}"),
        ("kind: end", "kind: ending"),
        ("effect: block", "efect: block"),
        ("unit: mg/dL", "unit: [mg/dL]"),
        ("unit: mg/dL", "unit: ~"),
        ("type: procedure", "type: ~"),
        ("title: Demo", ""),
        ("cause:", "Cause:"),
        ("loinc: 777-3", "loink: 777-3"),
        ("step: 0.1", "step: 0.1 mg"),
        ("open: true", "open: maybe"),
        ("[lp, done(lp)]", "[lp]"),
        ("grade: 2", "grade: 4"),
    ],
)
def test_what_the_models_refuse_the_schema_refuses(tmp_path: Path, was: str, slip: str) -> None:
    assert was in DEMO
    text = DEMO.replace(was, slip)
    assert slips(text)
    path = tmp_path / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError):
        gather(path)


def test_a_main_file_may_leave_all_but_its_head_to_included_files() -> None:
    head = "pathway: demo\nversion: 1.0.0\ntitle: Demo\nstatus: draft\n"
    assert slips(head + "include: [rest.yaml]") == []
    assert slips(head) != []
    assert slips("facts: {a: {type: text}}") == []
    assert slips("include: more.yaml") == []
