"""An invented pathway and versions of it in which some lines were written anew."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathway.language.definition import Definition
from pathway.language.load import definition_from_text

FILE = Path(__file__).with_name("puncture.yaml")
TEXT = FILE.read_text("utf-8")


def edited(*edits: tuple[str, str]) -> str:
    """The text of the pathway with passages replaced; each of them stands in it."""
    text = TEXT
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    return text


@cache
def version(*edits: tuple[str, str]) -> Definition:
    """The pathway with passages of its text replaced."""
    return definition_from_text(edited(*edits))
