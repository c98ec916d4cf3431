"""Free text from a definition, a case, a log or a file's name acts on nothing, whatever command prints it.

Pictures, pages and tables made of a definition are held to this in tests/diagrams/test_no_injection.py,
documents in tests/document, hand-overs in tests/handover/test_markup.py, screens in tests/tui, reports of
replay in tests/replay/report, logs as XES, CSV and Parquet in tests/logs/foreign.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pathway.engine.events import Event
from pathway.language.problems import visible
from pathway.logs.foreign.own import write_own
from pathway.logs.jsonl import read_log, write_log
from tests.cli.conftest import Command

# What the loader lets an author write: marks that some terminals take for the end of a line, and such an end.
ADMITTED = r'"\Nx\Ly\u200bz [red]b[/] <b>&amp; =1+1\n*** APPROVED ***"'
FORGED = "*** APPROVED ***"
# What only a log or the name of a file can hold.
ANY = "=1+1\x1b[2J\x9b31m\u202egnol\x07\r\n*** APPROVED ***\t<script>[red]"
ONE_LINE = ANY.replace("/", "").replace("\n", " ")
WARD = f"""
pathway: ward
version: 1.0.0
title: {ADMITTED}
status: draft
review: {ADMITTED}
disclaimer: {ADMITTED}
layers: {{article: {ADMITTED}}}
phases: {{first: {ADMITTED}}}
sources: {{S1: {{text: {ADMITTED}, from: article, problem: {ADMITTED}}}}}
facts:
  ill: {{ask: {ADMITTED}, label: {ADMITTED}, type: boolean, cites: [S1]}}
  kind: {{ask: {ADMITTED}, label: {ADMITTED}, type: code, values: {{a: {ADMITTED}, b: B}}, cites: [S1]}}
  remark: {{label: {ADMITTED}, type: text, cites: [S1]}}
actions:
  drug: {{title: {ADMITTED}, type: medication, text: {ADMITTED}, cites: [S1],
         dose: {{amount: 2 mg, unit: mg, route: {ADMITTED}, note: {ADMITTED}}}}}
  scan: {{title: {ADMITTED}, type: order, text: {ADMITTED}, cites: [S1]}}
safeguards:
  g: {{action: scan, when: kind = a, effect: block, override: {ADMITTED}, text: {ADMITTED}, cites: [S1]}}
notices: {{n: {{text: {ADMITTED}, severity: high, when: kind = a, about: [drug], cites: [S1]}}}}
tracks:
  care:
    title: {ADMITTED}
    start: start
    states:
      start: {{title: {ADMITTED}, phase: first, kind: decision, text: {ADMITTED}, asks: [ill, kind],
              do: [{{action: drug, within: 60 min, text: {ADMITTED}}}, {{action: scan}}],
              next: [{{to: end, when: ill, text: {ADMITTED}}}, {{to: end, when: not ill and kind = b}}]}}
      end: {{title: {ADMITTED}, phase: first, kind: end}}
"""
CASE = f"""
pathway: ward
case: {ADMITTED}
label: {ADMITTED}
by: {ADMITTED}
timeline:
- {{at: 2026-03-01T08:00, facts: {{kind: a, remark: "=1+1 [red]x"}}, note: {ADMITTED}}}
- {{at: 2026-03-01T09:00, override: {{scan: {ADMITTED}}}, declined: {{drug: {ADMITTED}}}}}
- {{at: 2026-03-01T09:01, take: {{care: end}}, done: [scan]}}
- {{at: 2026-03-01T11:00, facts: {{ill: true}}, close: {ADMITTED}}}
"""
EXPECTED = f"title: {ADMITTED}\ncites: [S1]\n" + CASE.replace("note:", "expect: {states: {care: end}}, note:")


def hostile(event: Event) -> Event:
    """The event with free text of any kind wherever somebody typed."""
    texts = ("by", "label", "text", "reason", "code")
    named = {name: ANY for name in texts if isinstance(getattr(event, name, None), str)}
    if getattr(event, "reason", None) in ("pending", "expired"):
        named.pop("reason", None)
    if getattr(event, "fact", None) == "remark":
        named |= {"value": ANY, "entered": ANY}
    return replace(event, **named)


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """A folder with the ward's pathway and cases, each with what it can hold, under names of any kind."""
    (tmp_path / "ward.yaml").write_text(WARD, "utf-8")
    (tmp_path / "other.yaml").write_text(WARD.replace("60 min", "30 min").replace("x\\Ly", "q\\Lr"), "utf-8")
    (tmp_path / "case.yaml").write_text(CASE, "utf-8")
    (tmp_path / ("\x1b[2J\u202e=1" + ".yaml")).write_text(CASE.replace(f"case: {ADMITTED}\n", ""), "utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "\x1b[2J\u202e=1.yaml").write_text(EXPECTED, "utf-8")
    return tmp_path


@pytest.fixture
def logs(pathway: Command, ward: Path) -> Path:
    """Logs of any text: one that conforms, one that does not, a damaged one, and all in tables."""
    folder = ward / "logs"
    folder.mkdir()
    assert pathway("run", "ward.yaml", "case.yaml", "--write-log", ward / "plain.jsonl").returncode in (0, 1)
    log = read_log(ward / "plain.jsonl")
    events = tuple(map(hostile, log.events))
    write_log(folder / "\x1b[2J\u202e.jsonl", replace(log.header, case=ANY), events)
    other = replace(log.header, case=ANY + "2", version=f"1{ANY}", digest=ANY)
    write_log(
        folder / "moved.jsonl", other, [*events[:2], replace(events[-1], seq=3, batch=events[1].batch + 1)]
    )
    (folder / "torn.jsonl").write_bytes((folder / "\x1b[2J\u202e.jsonl").read_bytes()[:-40] + ANY.encode())
    write_own(folder / "all.csv", [(replace(log.header, case=ANY + "3"), events)])
    return folder


def inert(text: str) -> None:
    """Nothing that a terminal acts on, and no line that somebody else wrote."""
    lines = text.split("\n")
    assert [line for line in lines if visible(line) != line] == []
    assert [line for line in lines if line.strip().startswith(FORGED)] == []


TIMELINE = "\x1b[2J\u202e=1.yaml"
CALLS: dict[str, tuple[str, ...]] = {
    "run": ("run", "ward.yaml", "case.yaml"),
    "run, named by its file": ("run", "ward.yaml", TIMELINE),
    "run as JSON": ("run", "ward.yaml", TIMELINE, "--json"),
    "run of what is not there": ("run", "ward.yaml", ONE_LINE),
    "run of another pathway": ("run", ONE_LINE, "case.yaml"),
    "eval": ("eval", "ward.yaml", "kind = a and remark is known", "--facts", f"kind=a,remark={ONE_LINE}"),
    "eval of a guard": ("eval", "ward.yaml", f"kind = '{ANY}'"),
    "check": ("check", "ward.yaml"),
    "check as JSON": ("check", "ward.yaml", "--json"),
    "test": ("test", "ward.yaml"),
    "test as JSON": ("test", "ward.yaml", "--json"),
    "show": ("show", "ward.yaml"),
    "show as JSON": ("show", "ward.yaml", "--json"),
    "diff": ("diff", "ward.yaml", "other.yaml"),
    "diff as JSON": ("diff", "ward.yaml", "other.yaml", "--json"),
    "draw": ("draw", "ward.yaml", "-o", "\x1b[2J\u202e.mmd"),
    "replay": ("replay", "logs", "--pathway", "ward.yaml"),
    "replay as JSON": ("replay", "logs", "--pathway", "ward.yaml", "--json"),
    "replay of each log": ("replay", "logs/\x1b[2J\u202e.jsonl", "--pathway", "ward.yaml"),
    "replay of a torn log": ("replay", "logs/torn.jsonl", "--pathway", "ward.yaml"),
    "replay of tables": ("replay", "logs/all.csv", "--pathway", "ward.yaml"),
    "replay against another version": ("replay", "logs", "--pathway", "ward.yaml", "--against", "other.yaml"),
    "coverage": ("replay", "logs", "--pathway", "ward.yaml", "--coverage"),
    "replay without its pathway": ("replay", "logs"),
    "cases": ("cases", "handover", ANY, "--by", ANY),
    "verify": ("cases", "verify", ANY),
}

# What these say is a message, or the name of a file.
SILENT = {
    "run of what is not there", "run of another pathway", "eval", "eval of a guard", "draw",
    "replay without its pathway", "cases", "verify",
}  # fmt: skip


@pytest.mark.usefixtures("ward", "logs")
def test_what_a_command_prints_acts_on_no_terminal_and_forges_no_line(pathway: Command) -> None:
    acting: dict[str, str] = {}
    silent: set[str] = set()
    for name, call in CALLS.items():
        said = pathway(*call)
        silent |= set() if said.stdout else {name}
        try:
            assert "Traceback" not in said.stderr
            assert said.stdout + said.stderr
            inert(said.stdout)
            inert(said.stderr)
        except AssertionError as error:
            acting[name] = str(error).partition("\n")[0][:400]
    assert not acting, "\n".join(f"{name}: {said}" for name, said in acting.items())
    assert silent == SILENT


def test_tables_and_pages_of_a_replay_hold_it_as_text(pathway: Command, logs: Path) -> None:
    said = pathway("replay", "logs", "--pathway", "ward.yaml", "--csv", "o.csv", "--html", "o.html")
    inert(said.stderr)
    with (logs.parent / "o.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    page = (logs.parent / "o.html").read_text("utf-8")
    assert "<script>[red]" not in page
    assert not any(visible(letter) != letter for letter in page if letter != "\n")


def test_json_gives_it_back_as_it_was(pathway: Command, logs: Path) -> None:
    assert json.loads(pathway("run", "ward.yaml", TIMELINE, "--json").stdout)["case"] == Path(TIMELINE).stem
    document = json.loads(pathway("replay", "logs", "--pathway", "ward.yaml", "--json").stdout)
    assert ANY in set(texts_in(document))


def texts_in(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in cast("Iterable[object]", value.values() if isinstance(value, dict) else value):
            yield from texts_in(part)
