"""Replays that a process of its own can be asked for: honest ones, and one that kills its own process."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.logs.chain import Header
from pathway.replay.fleet.case_by_case import summed_up
from pathway.replay.fleet.summary import Summary
from pathway.replay.report.cases import cases_in

RICH = Path(__file__).parents[1] / "rich.yaml"
DEADLY, ONCE = "deadly", "once"


@cache
def _compiled(file: Path) -> CompiledPathway:
    return compile_pathway(load_definition(file))


def rich(header: Header) -> CompiledPathway:
    return _compiled(RICH)


def sepsis(header: Header) -> CompiledPathway:
    return _compiled(find_pathway("sepsis_first_hours"))


@dataclass(frozen=True)
class Counting:
    """The summary of a file whose content is one number of logs."""

    def __call__(self, path: Path) -> Summary:
        return Summary(logs=int(path.read_text("utf-8")), conforming=1)


@dataclass(frozen=True)
class Killing:
    """The same, but a file named `deadly` always kills its process, and one named `once` the first time."""

    marks: str

    def __call__(self, path: Path) -> Summary:
        mark = Path(self.marks, path.name)
        is_first = not mark.exists()
        mark.touch()
        if path.stem == DEADLY or (path.stem == ONCE and is_first):
            os.kill(os.getpid(), signal.SIGKILL)
        return Counting()(path)


@dataclass(frozen=True)
class Rich:
    """The logs of the rich ward."""

    def __call__(self, path: Path) -> Summary:
        return summed_up(cases_in(path), rich)
