"""What the YAML parser objects to, in an author's words."""

from __future__ import annotations

import yaml

# Part of the parser's words (C and pure parser differ), what it means, what to do. First match wins.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "A colon starts a value here, where none can stand",
        "Quote the text that contains a colon, or line the key up with its neighbours",
    ),
    (
        "cannot start any token",
        "No value can start with this character",
        "Indent with spaces, never tabs, and quote text that begins with @ ` or %",
    ),
    (
        "or '}'",
        "The { opened here is not closed as it should be",
        "Put commas between entries, close with }, and quote text that contains , : # [ ] { }",
    ),
    (
        "or ']'",
        "The [ opened here is not closed as it should be",
        "Put commas between items, close with ], and quote text that contains , : # [ ] { }",
    ),
    (
        "unexpected end of stream",
        "The quotation mark opened here is never closed",
        "Close it; inside single quotes write '' for an apostrophe",
    ),
    (
        "document separator",
        "The quotation mark opened here is not closed before the next document",
        "Close it",
    ),
    (
        "escape character",
        "After a backslash in double quotes stands something that is no escape",
        "Use single quotes, or write the backslash twice",
    ),
    ("expected ':'", "This key has no colon with a space after it", "Write `key: value`"),
    ("directive", "A line that begins with % is not used in definitions", "Remove it"),
    (
        "document start",
        "This line is indented less than the ones before it",
        "Line all keys of one level up in the same column",
    ),
    (
        "'-' indicator",
        "A list ends here without a dedent",
        "Begin each item with `- ` in the same column",
    ),
    ("tag", "Tags (words that begin with !) are not used in definitions", "Quote text that begins with !"),
    (
        "expected key",
        "This does not fit the lines above it",
        "Line all keys of one level up in the same column, and do not mix `- ` items with keys",
    ),
    (
        "<block end>",
        "This does not fit the lines above it",
        "Line all keys of one level up in the same column, and do not mix `- ` items with keys",
    ),
    ("tab", "A tab is used to indent", "Indent with spaces"),
)
_OPENED = ("or '}'", "or ']'", "unexpected end of stream", "document separator")


def meaning(error: yaml.MarkedYAMLError) -> tuple[str, str, yaml.Mark | None]:
    """What is wrong, what to do, and the mark to show: for what was left open, where it was opened."""
    words = error.problem or ""
    for part, text, fix in _MEANINGS:
        if part in words:
            return text, fix, _opening(error) if part in _OPENED else _problem_mark(error)
    return "This is not valid YAML", "Check colons, quotation marks and indentation", _problem_mark(error)


def _opening(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    return error.context_mark or _problem_mark(error)


def _problem_mark(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    return error.problem_mark or error.context_mark
