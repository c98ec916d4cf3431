"""A small ward, the mapping of its hospital's log, and how tests write such a log."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import ActionDone, FactRecorded
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.logs.foreign.mapping import LogMapping, read_mapping
from pathway.logs.foreign.reading import ForeignLog, read_foreign
from pathway.logs.foreign.replaying import PlayedCase, replay_foreign

HERE = Path(__file__).parent
WARD, WARD_MAP = HERE / "ward.yaml", HERE / "ward_map.yaml"
COLUMNS = ("patient", "what", "when", "who", "phase", "crp", "temp", "gluc", "ca", "germs", "born")


@cache
def ward_definition() -> Definition:
    return load_definition(WARD)


@cache
def ward_compiled() -> CompiledPathway:
    return compile_pathway(ward_definition())


def row(patient: str, what: str, when: str, **cells: str) -> list[str]:
    """One row of the ward's log."""
    given = {"patient": patient, "what": what, "when": when, **cells}
    return [given.get(column, "") for column in COLUMNS]


def csv_text(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([list(COLUMNS), *rows])
    return out.getvalue()


@dataclass(frozen=True)
class Ward:
    """The ward's pathway, and logs of its hospital."""

    folder: Path

    @property
    def mapping(self) -> LogMapping:
        return read_mapping(WARD_MAP, ward_definition())

    def mapped(self, **edits: str) -> LogMapping:
        """The mapping with lines changed: `key="new line"` replaces the line that begins with the key."""
        lines = WARD_MAP.read_text("utf-8").splitlines()
        changed = [edits.get(line.split(":")[0].strip(), line) for line in lines]
        file = self.folder / "map.yaml"
        file.write_text("\n".join(changed), "utf-8")
        return read_mapping(file, ward_definition())

    def read(self, content: str | bytes | list[list[str]], mapping: LogMapping | None = None) -> ForeignLog:
        """Read a CSV log of the ward."""
        text = csv_text(content) if isinstance(content, list) else content
        file = self.folder / "log.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_foreign(file, mapping or self.mapping)

    def played(self, content: str | bytes | list[list[str]], **edits: str) -> dict[str, PlayedCase]:
        """Each case of a CSV log, replayed."""
        mapping = self.mapped(**edits) if edits else None
        cases = self.read(content, mapping).cases
        return {case.id: replay_foreign(case, ward_compiled()) for case in cases}


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


def said(played: PlayedCase) -> list[str]:
    """What a case recorded: `fact=value` and `action`, in order."""
    return [
        f"{event.fact}={event.value}" if isinstance(event, FactRecorded) else event.action
        for event in played.events
        if isinstance(event, FactRecorded | ActionDone)
    ]
