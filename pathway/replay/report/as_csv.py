"""The report as a table: a row for every finding, and one for every log that conforms."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.language.verdict import FactUse
from pathway.logs.foreign.csv_out import ACTIVE
from pathway.replay.report.findings import Finding
from pathway.replay.report.gathering import Replayed, Report

COLUMNS = (
    "log", "line", "case", "pathway", "version", "status", "events", "kind", "class", "seq", "track", "state",
    "action", "guard", "verdict", "values", "expected", "logged", "late_seconds", "why",
)  # fmt: skip
CONFORMS = "conforms"


def report_csv(report: Report) -> str:
    """The table with a heading, RFC 4180. A text that a spreadsheet would calculate is opened by `'`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in report.replayed:
        writer.writerows(_rows(one))
    return text.getvalue()


def _rows(one: Replayed) -> Iterator[list[str]]:
    origin = one.origin
    if one.conforms:
        row = [*_place(one, origin.line), CONFORMS, *[""] * 12]
        yield [cell(text) for text in row]
    for finding in one.findings:
        yield [cell(text) for text in (*_place(one, finding.line), *_told(finding))]


def _place(one: Replayed, line: int) -> list[str]:
    origin = one.origin
    return [origin.log, str(line), origin.case, *_version(one.pathway), str(one.events)]


def _version(pathway: Definition | None) -> list[str]:
    return ["", "", ""] if pathway is None else [pathway.id, pathway.version, pathway.status]


def _told(one: Finding) -> list[str]:
    spot, guard = one.spot, one.spot.guard
    name = "" if guard is None or guard.name is None else f"{guard.name}: "
    read = ["", "", ""]
    if guard is not None:
        read = [f"{name}{guard.text}", guard.verdict, "; ".join(map(use_words, guard.uses))]
    late = "" if one.late is None else str(one.late)
    places = [spot.track or "", spot.state or "", spot.action or ""]
    return [
        one.kind.value, one.class_, str(one.seq), *places, *read, one.expected, one.logged, late, one.why,
    ]  # fmt: skip


def use_words(use: FactUse) -> str:
    """A fact as a guard read it.

    >>> use_words(FactUse("inr", "1.2", "1")), use_words(FactUse("inr", None, why="not recorded"))
    ('inr = 1.2', 'inr unknown: not recorded')
    """
    if use.value is None:
        return f"{use.fact} unknown: {use.why}" if use.why else f"{use.fact} unknown"
    unit = f" {use.unit}" if use.unit not in (None, "1") else ""
    return f"{use.fact} = {use.value}{unit}"


def cell(text: str) -> str:
    """A text that is safe in a spreadsheet and shows what is in it.

    >>> cell("=1+1"), cell("care: intake -> workup")
    ("'=1+1", 'care: intake -> workup')
    """
    shown = visible(text)
    return f"'{shown}" if ACTIVE.match(text) else shown
