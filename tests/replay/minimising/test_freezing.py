"""A frozen log is a case file that passes, goes the way of the log, and fails once the pathway changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.batch import Batch, FactEntry, TakeEntry
from pathway.engine.case import open_case
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import CaseOpened, Event, FactRecorded, TransitionTaken
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.logs.chain import Header, Log
from pathway.logs.problems import LogError
from pathway.replay.minimising import freeze, minimise, write_case
from pathway.vignettes.bench import Bench
from tests.replay.plays import HERE, Play

LONG = """
  - {at: 2026-03-01T07:30, facts: {lmwh_last_dose_time: 2026-03-01T06:30}}
  - {at: 2026-03-01T08:00, facts: {suspected: {value: true, at: 2026-03-01T07:00}}}
  - {at: 2026-03-01T08:30, facts: {drugs: [x, y], inr: {unknown: pending}}, note: "Mrs. Example, room 4"}
  - {at: 2026-03-01T09:00, facts: {platelet_count: 20, inr: 1.2}}
  - {at: 2026-03-01T09:10, correct: {platelet_count: 210}}
  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}
  - {at: 2026-03-01T19:00, done: {antibiotic: 2026-03-01T18:00}, facts: {mri_status: done}}
  - {at: 2026-03-02T09:00, facts: {etiology: bacterial}}
  - {at: 2026-03-02T10:00, undo: true}
  - {at: 2026-03-02T11:00, facts: {etiology: tb, start_date: 2026-03-02}, take: {care: review}}
  - {at: 2026-03-03T11:00, override: {care: {to: cause, reason: "entered: \\"in error\\""}}}
  - {at: 2026-03-03T12:00, declined: {mri: no scanner}, close: transferred}
"""
START = 1_772_352_000


def header(definition: Definition) -> Header:
    return Header(pathway=definition.id, version=definition.version, digest=definition.digest, case="T-1")


def log_of(play: Play, events: list[Event]) -> Log:
    return Log(header(play.compiled.definition), tuple(events), "", 0)


def steps(events: list[Event] | tuple[Event, ...]) -> list[tuple[str, str, str]]:
    return [(one.track, one.source, one.to) for one in events if isinstance(one, TransitionTaken)]


def test_a_frozen_log_passes_and_goes_the_way_of_the_log(rich: Play, tmp_path: Path) -> None:
    """Every kind of entry is in it: times, corrections, deeds, an undo, a choice, a return, a refusal."""
    definition, events = rich.compiled.definition, rich.events(LONG)
    frozen = freeze(log_of(rich, events), rich.compiled)
    assert frozen.remarks == ()
    write_case(tmp_path / "case.yaml", frozen, definition)
    bench = Bench(definition)
    vignette = bench.read(tmp_path / "case.yaml")
    assert bench.judge(vignette).hold
    assert vignette.expectations > 60
    text = (tmp_path / "case.yaml").read_text("utf-8").replace("case: T-1", "case: T-2")
    entries = text[text.index("timeline:\n") :].removeprefix("timeline:\n")
    assert steps(rich.events(entries)) == steps(events)
    assert "Mrs. Example" not in text


def test_it_fails_once_the_pathway_shows_anything_else(rich: Play, tmp_path: Path) -> None:
    frozen = freeze(log_of(rich, rich.events(LONG)), rich.compiled)
    (tmp_path / "case.yaml").write_text(frozen.text, "utf-8")
    changed = (HERE / "rich.yaml").read_text("utf-8").replace("platelet_count >= 40", "platelet_count > 210")
    (tmp_path / "pathway.yaml").write_text(changed, "utf-8")
    bench = Bench(load_definition(tmp_path / "pathway.yaml"))
    misses = bench.judge(bench.read(tmp_path / "case.yaml")).misses
    assert "states care" in [miss.what for miss in misses]


def test_of_a_diverging_log_the_file_says_what_the_pathway_shows(rich: Play, tmp_path: Path) -> None:
    events = rich.events(LONG)
    wrong = next(one for one in events if isinstance(one, TransitionTaken) and one.to == "puncture")
    log = log_of(
        rich, [replace(one, to="cannot", guard="otherwise") if one is wrong else one for one in events]
    )
    small = minimise(log, rich.compiled)
    frozen = freeze(replace(log, events=small.events), rich.compiled)
    assert "The log diverges at event" in frozen.text
    assert "is care: gate -> cannot; played as a case it is care: gate -> puncture" in frozen.remarks[1]
    write_case(tmp_path / "case.yaml", frozen, rich.compiled.definition)
    assert "care: puncture" in frozen.text


def test_a_case_stepped_without_a_layer_is_frozen_so(rich: Play, tmp_path: Path) -> None:
    definition = rich.compiled.definition
    compiled = compile_pathway(definition, frozenset({"supplement"}))
    events = replace(rich, compiled=compiled).events(LONG)
    log = Log(replace(header(definition), without_layers=("supplement",)), tuple(events), "", 0)
    frozen = freeze(log, compiled)
    assert "layers:\n- article\n" in frozen.text
    write_case(tmp_path / "case.yaml", frozen, definition)


def test_where_a_clinician_had_still_to_confirm_the_file_says_that_the_case_goes_on(
    rich: Play, tmp_path: Path
) -> None:
    """A timeline confirms at once; the clinician of this log confirmed an hour later, in another zone."""
    case, _ = open_case(rich.compiled, "T-1", START, "dr", START, "Europe/Berlin")
    case.commit(Batch(START + 60, "dr", START + 60, facts=(FactEntry("suspected", "true"),)))
    case.commit(Batch(START + 3660, "dr", START + 3660, take=(TakeEntry("care", "gate"),)))
    frozen = freeze(log_of(rich, case.events), rich.compiled)
    write_case(tmp_path / "case.yaml", frozen, rich.compiled.definition)
    assert "timezone: Europe/Berlin\n" in frozen.text
    (remark,) = frozen.remarks
    assert remark.startswith("event 5: the choice of care.gate is left out")


def test_words_of_a_log_stay_words(rich: Play, tmp_path: Path) -> None:
    """A case id, or an entry that cannot be entered again, never becomes a key or an entry."""
    hostile = "x\n  - at: 2000-01-01 # : [}"
    events = [
        replace(one, value=hostile, entered=hostile)
        if isinstance(one, FactRecorded) and one.fact == "etiology"
        else one
        for one in rich.events(LONG)
    ]
    log = log_of(rich, events)
    frozen = freeze(replace(log, header=replace(log.header, case="C: 1 # {")), rich.compiled)
    write_case(tmp_path / "case.yaml", frozen, rich.compiled.definition)
    assert Bench(rich.compiled.definition).read(tmp_path / "case.yaml").case == "C: 1 # {"
    assert "2000-01-01" not in frozen.text.split("timeline:", 1)[1]
    assert any("cannot be entered" in remark for remark in frozen.remarks)


def test_a_file_that_is_there_is_not_replaced_and_a_log_without_a_case_not_frozen(
    rich: Play, tmp_path: Path
) -> None:
    log = log_of(rich, rich.events(LONG))
    (tmp_path / "case.yaml").write_text("read by a person", "utf-8")
    with pytest.raises(LogError, match="Name another file"):
        write_case(tmp_path / "case.yaml", freeze(log, rich.compiled), rich.compiled.definition)
    assert (tmp_path / "case.yaml").read_text("utf-8") == "read by a person"
    unopened = [one for one in log.events if not isinstance(one, CaseOpened)]
    with pytest.raises(LogError, match="opens no case"):
        freeze(replace(log, events=tuple(unopened)), rich.compiled)
