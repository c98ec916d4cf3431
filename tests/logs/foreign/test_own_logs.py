"""Our own logs go out as XES, CSV and Parquet and come back with every event, or the damage is told."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.engine import events as ev
from pathway.logs.chain import Header, Log, log_lines
from pathway.logs.foreign.csv_out import inert
from pathway.logs.foreign.flat import EVENT, HEADER
from pathway.logs.foreign.own import read_own, write_own
from pathway.logs.problems import LogError
from pathway.logs.wire import event_object
from tests.logs.conftest import EVENTS
from tests.logs.conftest import HEADER as DEMO

NAMES = ["log.csv", "log.csv.gz", "log.xes", "log.xes.gz"]
# A Python of its own with pm4py, or this one where it happens to have it.
MINING = os.environ.get("PATHWAY_PM4PY") or (sys.executable if find_spec("pm4py") is not None else None)
NAMES += ["log.parquet"] if find_spec("pyarrow") is not None else []
HOSTILE = ("", "'", "=cmd|' /C calc'!A0", "@x", "\tx", "\x00\x1f\ufffe", " \r\n ", '<&">]]>', "\u202e", "NA")

CASES = [
    (DEMO, EVENTS),
    (replace(DEMO, case="NA", without_layers=("a", "b")), EVENTS[:3]),
    (replace(DEMO, case="NA", without_layers=("a", "b")), EVENTS[:5]),
]


def lines(header: Header, events: Sequence[ev.Event]) -> list[bytes]:
    return list(log_lines(header, events))


def back(path: Path) -> list[list[bytes] | str]:
    """The lines of every log in a file, or what is told of it."""
    return [lines(one.header, one.events) if isinstance(one, Log) else str(one) for one in read_own(path)]


@pytest.mark.parametrize("name", NAMES)
def test_every_event_comes_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_own(path, CASES) == sum(len(events) for _, events in CASES)
    assert back(path) == [lines(header, events) for header, events in CASES]
    before = path.read_bytes()
    write_own(path, CASES)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [name]


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"])))))
def test_any_text_comes_back_from_every_format(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("own")
    notes = [
        ev.NoteAdded(seq=number, at=5, recorded_at=5, by=text, batch=number, text=text)
        for number, text in enumerate([*HOSTILE, *texts], 1)
    ]
    for name in ("log.csv", "log.xes", *NAMES[4:]):
        write_own(folder / name, [(replace(DEMO, case="".join(texts) or "-"), notes)])
        [log] = read_own(folder / name)
        assert isinstance(log, Log)
        assert (log.header.case, log.events) == ("".join(texts) or "-", tuple(notes))


def test_every_field_of_a_log_has_its_column() -> None:
    fields = {name for event in EVENTS for name in event_object(event)}
    assert fields | {"values"} == set(EVENT)
    moved = replace(CASES[1][0], continues="0" * 64)
    assert {"type", "hash"} | set(HEADER) == set(json.loads(lines(moved, [])[0]))


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    texts = ("=1+1", "+1", "-1+A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1")  # noqa: RUF001
    notes = [
        ev.NoteAdded(seq=number, at=5, recorded_at=5, by=text, batch=number, text=text)
        for number, text in enumerate(texts, 1)
    ]
    write_own(path, [(replace(DEMO, case="=A1"), notes)])
    with path.open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert {"'=1+1", "'-1+A1", "'=A1"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝")]  # noqa: RUF001
    assert inert("-1.5") == "-1.5"


@pytest.mark.parametrize("name", ["log.csv", "log.xes"])
def test_a_changed_lost_or_moved_row_is_told_and_the_other_logs_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_own(path, CASES)
    text = path.read_text("utf-8")
    path.write_text(text.replace("refuses", "agrees"), "utf-8")
    assert [type(one) for one in read_own(path)] == [LogError, Log, Log]
    told = str(next(read_own(path)))
    assert "The chain breaks here" in told
    number = next(number for number, line in enumerate(text.splitlines(), 1) if "action_declined" in line)
    assert abs(int(told.split(":")[1]) - number) <= 15


def test_a_lost_row_and_a_broken_one_are_told_in_the_log_that_lacks_them(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_own(path, CASES)
    rows = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*rows[:-3], *rows[-2:]]), "utf-8")
    assert [type(one) for one in read_own(path)] == [Log, Log, LogError]
    path.write_text("".join([*rows[:5], "demo,broken\n", *rows[6:]]), "utf-8")
    faults = list(read_own(path))
    assert [type(one) for one in faults] == [LogError, Log, Log]
    assert "csv:6: This row cannot be read" in str(faults[0])


@pytest.mark.parametrize("content", ["case,activity\nA,B\n", "<log><trace><event/></trace></log>"])
def test_a_log_of_another_program_is_met_with_the_way_to_read_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / ("log.xes" if content.startswith("<") else "log.csv")
    path.write_text(content, "utf-8")
    with pytest.raises(LogError, match="--map FILE"):
        next(read_own(path))


def test_a_log_of_another_schema_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_own(path, [(replace(DEMO, schema=9), EVENTS)])
    assert "The log has schema 9. This program reads schema 1" in back(path)[0]


def test_a_log_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("old", "utf-8")
    with pytest.raises(LogError, match=r"log\.csv: seq 3 stands where 1 belongs"):
        write_own(path, [(DEMO, EVENTS[2:])])
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(LogError, match="cannot be written"):
        write_own(tmp_path / "no folder" / "log.xes", CASES)


@pytest.mark.skipif(MINING is None, reason="PATHWAY_PM4PY names no Python that has pm4py (AGPL)")
def test_our_xes_loads_in_pm4py(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    write_own(path, CASES)
    script = (
        "import sys, pm4py\n"
        "log = pm4py.read_xes(sys.argv[1])\n"
        "names = sorted(set(log['case:concept:name']))\n"
        "print(len(log), names, log['time:timestamp'].min().isoformat(), "
        "'mri declined' in set(log['concept:name']))"
    )
    ran = subprocess.run(
        [str(MINING), "-W", "ignore", "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines()[-1:] == ["22 ['NA', 'V-demo'] 2026-03-01T07:00:00+00:00 True"], ran.stderr
