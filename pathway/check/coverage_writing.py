"""Writes the matrix of `coverage.yaml` anew and leaves what was written by hand as it is."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from pathway.check.coverage_file import (
    SET_ASIDE,
    STATEMENTS,
    CoverageFile,
    coverage_from_text,
    read_coverage,
)
from pathway.check.elements import cited_by, elements, in_order
from pathway.language.characters import LINE_BREAK
from pathway.language.gather import Gathered
from pathway.language.problems import DefinitionError, Problem

WIDTH = 109
HEAD = f"""\
# What accounts for each statement: `{STATEMENTS}` is written by `pathway check --write-coverage`,
# `{SET_ASIDE}` by hand, each with the reason why the statement has no executable meaning.
{SET_ASIDE}: {{}}
"""
SAFE = re.compile(r"[A-Za-z0-9_./*-]+")

Matrix = Mapping[str, tuple[str, ...]]


def matrix_of(gathered: Gathered) -> dict[str, tuple[str, ...]]:
    """Every statement of a definition with the names of the elements that cite it."""
    citing = cited_by(elements(gathered))
    return {source: citing.get(source, ()) for source in in_order(gathered.pathway.sources)}


def rendered(matrix: Matrix) -> str:
    """The matrix as YAML, the same for the same matrix; a line is longer than 109 only for a long name."""
    if not matrix:
        return f"{STATEMENTS}: {{}}\n"
    lines = [line for source in in_order(matrix) for line in _row(source, matrix[source])]
    return "\n".join([f"{STATEMENTS}:", *lines, ""])


def write_coverage(path: Path, gathered: Gathered) -> bool:
    """Write the matrix of a definition into its `coverage.yaml`; whether that changed the file.

    Raises DefinitionError where the file is wrong or cannot be rewritten line by line, OSError.
    """
    kept, matrix = read_coverage(path), matrix_of(gathered)
    before = "" if kept is None else path.read_bytes().decode("utf-8")
    after = HEAD + rendered(matrix) if kept is None else rewritten(before, kept, matrix)
    if after == before:
        return False
    real = Path(os.path.realpath(path))
    fresh = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        fresh.write_bytes(after.encode("utf-8"))
        os.replace(fresh, real)  # what was written by hand is never half there
    finally:
        fresh.unlink(missing_ok=True)
    return True


def rewritten(text: str, kept: CoverageFile, matrix: Matrix) -> str:
    """The text with another matrix, everything else to the letter. Raises DefinitionError."""
    first, last = _span(text, kept)
    block = rendered(matrix)
    if "\r\n" in text:
        block = block.replace("\n", "\r\n")
    before = text[:first]
    gap = "" if not before or LINE_BREAK.fullmatch(before[-1:]) else "\n"
    after = before + gap + block + text[last:]
    if not _says(after, kept, matrix):
        where = kept.key or kept.place
        fix = f"Write `{SET_ASIDE}:` and `{STATEMENTS}:` at the start of lines, without aliases between them"
        raise DefinitionError([Problem(where, "The matrix cannot be rewritten in this layout", fix)])
    return after


def _row(source: str, names: tuple[str, ...]) -> list[str]:
    listed = ", ".join(name if SAFE.fullmatch(name) else json.dumps(name) for name in in_order(names))
    return textwrap.wrap(
        f"{source}: [{listed}]",
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _span(text: str, kept: CoverageFile) -> tuple[int, int]:
    """Where the matrix begins and ends in the text; comments and blank lines after it stay."""
    if kept.key is None:
        return len(text), len(text)
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    first = last = kept.key.line - 1
    ends = [*starts[1:], len(text)]
    for number in range(first + 1, len(starts)):
        line = text[starts[number] : ends[number]].rstrip()
        if line and not line.startswith((" ", "\t", "#", "]", "}")):
            break
        if line and not line.startswith("#"):
            last = number
    return starts[first], ends[last]


def _says(text: str, kept: CoverageFile, matrix: Matrix) -> bool:
    """Whether a text sets aside what was set aside, for the same reasons, and holds the matrix."""
    try:
        read = coverage_from_text(text, kept.place.file)
    except DefinitionError:
        return False
    rows = {source: set(row.elements) for source, row in (read.statements or {}).items()}
    reasons = [{source: item.reason for source, item in one.set_aside.items()} for one in (read, kept)]
    return reasons[0] == reasons[1] and rows == {source: set(names) for source, names in matrix.items()}
