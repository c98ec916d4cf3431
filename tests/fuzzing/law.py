"""The law of every reader: any bytes give a result or a fault in plain words, soon and in little memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from pathway.cli.faults import explain
from pathway.language.problems import DefinitionError, Fault, visible
from pathway.language.syntax import GuardError
from pathway.logs.problems import LogError
from tests.fuzzing.readers import Reader

MOST_SECONDS = 2.0  # of this process, whatever else the machine does
MOST_MEMORY = 500 << 20
LONGEST_LINE, MOST_TOLD = 4000, 400_000


def broken(reader: Reader, path: Path) -> str | None:
    """How the reader breaks the law over this file, if it does. What it does not expect is raised."""
    begun, fault = time.process_time(), None
    try:
        reader.read(path)
    except Fault as error:
        fault = error
    spent = time.process_time() - begun
    if spent > MOST_SECONDS:
        return f"{spent:.1f} s"
    return next(_unclear(fault), None) if fault is not None else None


def _unclear(fault: Fault) -> Iterator[str]:
    """What a fault does not say, or says so that nobody can read it."""
    told = explain(fault)
    if not told.strip():
        yield "says nothing"
    if len(told) > MOST_TOLD or max(map(len, told.split("\n"))) > LONGEST_LINE:
        yield f"says too much: {len(told)} characters"
    if any(visible(line) != line for line in told.split("\n")):
        yield f"acts on a terminal: {told[:300]!r}"
    parts: list[tuple[str, ...]] = []
    if isinstance(fault, LogError):
        parts = [(fault.place, fault.what, fault.why, fault.fix)]
    elif isinstance(fault, GuardError):
        parts = [(fault.what,)]
    elif isinstance(fault, DefinitionError):
        parts = [(problem.text,) for problem in fault.problems]
        if not parts:
            yield "names no problem"
    for words in parts:
        if not all(word.strip() for word in words):
            yield f"leaves something out: {words}"
