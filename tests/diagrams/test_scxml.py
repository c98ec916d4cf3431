"""SCXML, stepped by an interpreter that knows nothing of this project, ends in the states of the engine."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagrams.excerpt import excerpt
from diagrams.written.scxml import SCXML, scxml_of
from pathway.engine.batch import Batch, TakeEntry
from pathway.engine.case import Case, case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, TransitionTaken, Undone
from pathway.engine.playing import step_timeline
from pathway.engine.settling import ways
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.evaluate import FactReading, verdict_of
from pathway.language.expression import Value
from pathway.language.load import definition_from_text, load_definition
from pathway.language.verdict import Verdict
from tests.diagrams.stepping_scxml import Chart
from tests.engine.rich_ward import batches, committed, compiled_ward, opened

pytest.importorskip("statemachine.io", reason="needs python-statemachine>=3.2", exc_type=ImportError)

CLINIC = """\
pathway: clinic
version: 1.0.0
title: "Clinic -- first --> visit"
status: draft
facts:
  lactate: {type: quantity, unit: mmol/L, range: [0, 30], step: 0.1, also: {mg/dL: {factor: 0.111}}}
  cause: {type: code, values: [tb, bacterial, none]}
  septic: {type: boolean}
  seen: {type: dateTime}
actions: {culture: {title: Culture, type: order}}
tracks:
  care:
    start: intake
    states:
      intake:
        kind: decision
        next:
          - {to: ward, when: lactate > 2.2 mmol/L or septic}
          - {to: home, when: otherwise}
      ward:
        kind: action
        do: [{action: culture}]
        next:
          - to: review
            when: done(culture) since entry and at least 2 of (septic, cause = tb, lactate >= 4)
          - {to: intake, when: time since seen >= 6 h and not septic}
      review:
        kind: enquiry
        choice: true
        next: [{to: ward, when: septic is known}, {to: home, when: not septic}]
      home: {kind: end}
  watch:
    start: early
    states:
      early: {kind: decision, next: [{to: late, when: "in(care.ward) and cause is one of (tb, bacterial)"}]}
      late: {kind: end}
"""
STORIES = [
    ["facts: {lactate: 2.2}", "facts: {septic: false}"],
    ["facts: {lactate: 2.3}", "done: [culture]", "facts: {septic: true, cause: none}", "facts: {lactate: 4}"],
    ["facts: {septic: true, cause: tb}", "done: [culture]", "facts: {septic: false}", "take: {care: home}"],
    ["facts: {septic: {unknown: pending}}", "facts: {cause: bacterial}", "facts: {lactate: 9}"],
    ["facts: {septic: true, seen: 2026-03-01T08:00}", "facts: {septic: false}", "facts: {lactate: 1}"],
]


def _written(folder: Path, entries: list[str]) -> Path:
    lines = [f"  - {{at: 2026-03-0{day}T09:00, {entry}}}" for day, entry in enumerate(entries, start=1)]
    file = folder / "timeline.yaml"
    file.write_text("\n".join(["case: c1", "timeline:", *lines]), "utf-8")
    return file


def _follow(chart: Chart, compiled: CompiledPathway, log: list[Event], new: tuple[Event, ...]) -> bool:
    """Every round of moves in the new events is made by the chart as well, from the facts before it.

    False where a side of a conflict was taken, which SCXML does not carry, as its comment says.
    """
    place = len(log) - len(new)
    while place < len(log):
        event = log[place]
        if not isinstance(event, TransitionTaken):
            place += 1
            continue
        before = case_from_events(compiled, "c1", log[:place])
        if any(way.standing == "conflict" for way in ways(event.track, before.readings)):
            return False
        chart.hand_in(before)
        moves = [one for one in log[place:] if isinstance(one, TransitionTaken)]
        together = [one for one in moves if (one.batch, one.round) == (event.batch, event.round)]
        own = {one.track: one.to for one in together if one.track in chart.definition.tracks}
        name = "settle" if event.cause == "auto" else f"take.{event.track}.{event.to}"
        assert not own or chart.moved_by(name) == own
        place += len(together)
    return True


def _stays(chart: Chart, case: Case) -> None:
    """Once the engine has settled the chart has too, and it refuses every way that is not open."""
    chart.hand_in(case)
    assert chart.moved_by("settle") == {}
    assert chart.states() == {track: case.memory.stands[track].state for track in chart.definition.tracks}
    for track in chart.definition.tracks:
        standing = ways(track, case.readings)
        open_ones = {way.transition.to for way in standing if way.standing == "open"}
        for to in {way.transition.to for way in standing} - open_ones:
            assert chart.moved_by(f"take.{track}.{to}") == {}


def _replayed(chart: Chart, compiled: CompiledPathway, file: Path) -> set[str]:
    """Replay a timeline in both; the states that the chart passed through."""
    passed = set(chart.states().values())
    for ran in step_timeline(compiled, read_timeline(file)):
        log = list(ran.case.events)
        opening = len(log) if ran.entry.batch.at == log[0].at else len(ran.step.events)
        assert _follow(chart, compiled, log, tuple(log[-opening:]))
        _stays(chart, case_from_events(compiled, "c1", log))
        passed |= set(chart.states().values())
    return passed


def test_a_small_pathway_ends_in_the_same_states(tmp_path: Path) -> None:
    definition = definition_from_text(CLINIC)
    compiled = compile_pathway(definition)
    passed: set[str] = set()
    for entries in STORIES:
        passed |= _replayed(Chart(definition), compiled, _written(tmp_path, entries))
    assert passed == {"intake", "ward", "review", "home", "early", "late"}


@pytest.mark.parametrize("name", ["emergency_at_once", "emergency_declined"])
def test_the_emergency_track_of_the_flagship_ends_in_the_same_states(name: str) -> None:
    folder = find_pathway("spinal-leptomeningeal-infection")
    definition = load_definition(folder)
    chart = Chart(excerpt(definition, ["emergency"]))
    case = (folder if folder.is_dir() else folder.parent) / "cases" / f"{name}.yaml"
    assert len(_replayed(chart, compile_pathway(definition), case)) > 1


@given(data=st.data(), ward=st.integers(0, 149))
def test_random_guards_and_entries_end_in_the_same_states(data: st.DataObject, ward: int) -> None:
    case = opened(ward)
    if case is None:
        return
    compiled = compiled_ward(ward)
    chart = Chart(compiled.definition)
    _follow(chart, compiled, list(case.events), tuple(case.events))
    for _ in range(2):
        for batch in (data.draw(batches(case.now, "UTC")), _taking(case)):
            step = committed(case, batch)
            if step is None or _is_beyond(step.events):
                return
            if not _follow(chart, compiled, list(case.events), step.events):
                return
            _stays(chart, case_from_events(compiled, "c1", list(case.events)))


def _taking(case: Case) -> Batch:
    """The clinician takes the first way that is offered, if there is one."""
    tracks = case.compiled.definition.tracks
    offered = [
        way.transition for track in tracks for way in ways(track, case.readings) if way.standing == "open"
    ]
    take = tuple(TakeEntry(way.track, way.to) for way in offered[:1])
    return Batch(case.now, "dr_a", case.now, take=take)


def _is_beyond(new: tuple[Event, ...]) -> bool:
    """What SCXML does not carry, as its comment says: undoing and overriding."""
    moves = [one for one in new if isinstance(one, TransitionTaken)]
    return any(isinstance(one, Undone) for one in new) or any(one.cause == "override" for one in moves)


GUARDS = [
    *(f"lactate {sign} 2.2 mmol/L" for sign in ("<", "<=", ">", ">=", "=", "!=")),
    "2.2 mmol/L < lactate",
    "lactate between 1 mmol/L and 2.2 mmol/L",
    "cause = tb",
    "cause != tb",
    "cause is one of (tb, none)",
    "septic = false",
    "lactate is unknown",
    "septic implies lactate > 2",
    "at least 2 of (septic, cause = tb, lactate >= 2.2)",
    "at least 3 of (septic, cause = tb, lactate >= 2.2)",
    "septic or (cause = tb and lactate < 2.2)",
]
LACTATES = (None, "1", "2.1", "2.2", "2.3")
OTHERS: tuple[tuple[str | None, bool | None], ...] = (
    ("tb", True), ("none", False), ("tb", False), ("bacterial", None), (None, True), (None, None),
)  # fmt: skip


class Moment:
    """A snapshot on which these facts have these values, and nothing else is asked."""

    def __init__(self, values: dict[str, Value | None]) -> None:
        self.values = values

    def fact(self, name: str) -> FactReading:
        return FactReading(self.values[name], ())


@pytest.fixture(scope="module")
def polled() -> Chart:
    """A choice with a way, there and back, for each guard and one for its denial."""
    guards = [text for guard in GUARDS for text in (guard, f"not ({guard})")]
    lines = ["tracks:", "  care:", "    start: poll", "    states:"]
    lines += ["      poll:", "        kind: enquiry", "        choice: true", "        next:"]
    lines += [f'          - {{to: s{place}, when: "{guard}"}}' for place, guard in enumerate(guards)]
    lines += [
        f"      s{n}: {{kind: enquiry, next: [{{to: poll, when: 'true'}}]}}" for n in range(len(guards))
    ]
    return Chart(definition_from_text(CLINIC[: CLINIC.index("actions:")] + "\n".join(lines) + "\n"))


@pytest.mark.parametrize("lactate", LACTATES)
def test_a_condition_holds_exactly_when_the_engine_finds_it_true(polled: Chart, lactate: str | None) -> None:
    polled.machine.send("fact.lactate", value=None if lactate is None else float(lactate))
    unit = polled.definition.facts["lactate"].unit
    number = None if lactate is None or unit is None else unit.to_base(Fraction(lactate))
    for cause, septic in OTHERS:
        polled.machine.send("fact.cause", value=cause)
        polled.machine.send("fact.septic", value=septic)
        moment: Any = Moment({"lactate": number, "cause": cause, "septic": septic})
        for way in polled.definition.tracks["care"].states["poll"].next:
            assert way.when.expression is not None
            verdict = verdict_of(way.when.expression, moment)
            moved = polled.moved_by(f"take.care.{way.to}")
            assert (moved == {"care": way.to}) is (verdict is Verdict.TRUE), way.when.text
            polled.machine.send("take.care.poll")


def test_nothing_known_moves_nothing_and_a_missing_value_is_never_below_a_threshold() -> None:
    chart = Chart(definition_from_text(CLINIC))
    start = chart.states()
    for event in ("settle", "take.care.home", "take.care.ward"):
        assert chart.moved_by(event) == {}
    chart.machine.send("fact.lactate", value=None)
    chart.machine.send("fact.septic", value=False)
    assert chart.moved_by("settle") == {}
    assert chart.states() == start
    chart.machine.send("fact.lactate", value=2.2)
    assert chart.moved_by("settle") == {"care": "home"}


def test_the_document_says_what_it_lacks_and_an_author_cannot_end_its_comment() -> None:
    text = scxml_of(definition_from_text(CLINIC))
    assert "DRAFT: not approved for clinical use" in text
    assert all(word in text for word in ("deadlines", "safeguards", "how long a fact stays valid"))
    assert "Clinic - - first - -> visit" in text
    tags = {element.tag for element in Tree.fromstring(text).iter()}
    assert tags == {
        f"{{{SCXML}}}{tag}"
        for tag in ("scxml", "datamodel", "data", "parallel", "state", "transition", "assign")
    }
