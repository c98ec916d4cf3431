"""What logged cases tried: every guard read as the engine read it, counted once a case, in any partition."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pathway.engine.events import Event, TransitionTaken
from pathway.engine.readings import Readings
from pathway.language.evaluate import judge
from pathway.replay.coverage import CoverageTally, coverage_json, coverage_lines, floors, reached, shortfalls
from pathway.replay.coverage.following import snapshots
from pathway.replay.coverage.report import GuardTried
from pathway.replay.coverage.tally import Formulas
from tests.replay.plays import Play

SUSPECTED = "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"
COUNTED = SUSPECTED + "  - {at: 2026-03-01T09:00, facts: {platelet_count: 210, inr: 1.2}}\n"
LONG = (
    COUNTED
    + """
  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}
  - {at: 2026-03-01T19:00, done: [antibiotic], facts: {mri_status: done}}
  - {at: 2026-03-02T09:00, facts: {etiology: bacterial}}
  - {at: 2026-03-02T10:00, undo: true}
  - {at: 2026-03-02T11:00, facts: {etiology: tb, start_date: 2026-03-02}, take: {care: review}}
  - {at: 2026-03-03T11:00, override: {care: {to: cause, reason: entered in error}}}
  - {at: 2026-03-03T12:00, facts: {etiology: unknown, platelet_count: 39.9}}
"""
)
LOW = "  - {at: 2026-03-01T08:00, facts: {suspected: true, platelet_count: 39.9, inr: unknown}}\n"
NOT_SUSPECTED = "  - {at: 2026-03-01T08:00, facts: {suspected: false}}\n"


def tally_of(play: Play, *timelines: str) -> CoverageTally:
    tally = CoverageTally(play.compiled.definition)
    for timeline in timelines:
        tally.add(play.compiled, play.events(timeline))
    return tally


def guard(play: Play, name: str, *timelines: str) -> GuardTried:
    found = tally_of(play, *timelines).coverage("these cases").guards
    return next(one for one in found if one.name == name)


def cases(tried: GuardTried) -> dict[str, int]:
    return {verdict.value: count for verdict, count in tried.cases.items()}


def test_each_verdict_of_a_guard_counts_once_a_case(rich: Play) -> None:
    """The first case is low twice; in the second nobody counts."""
    again = LOW + "  - {at: 2026-03-01T09:00, facts: {platelet_count: 20}}\n"
    tried = guard(rich, "lp_platelets", again, SUSPECTED)
    assert cases(tried) == {"TRUE": 1, "FALSE": 0, "UNKNOWN": 1}


def test_a_way_out_is_asked_only_where_the_case_stands(rich: Play) -> None:
    assert cases(guard(rich, "care.gate way 1 to puncture", NOT_SUSPECTED)) == dict.fromkeys(
        ("TRUE", "FALSE", "UNKNOWN"), 0
    )
    assert cases(guard(rich, "care.gate way 2 to cannot", COUNTED, LOW)) == {
        "TRUE": 1, "FALSE": 1, "UNKNOWN": 1
    }  # fmt: skip


@pytest.mark.parametrize("timeline", [LONG, LOW, NOT_SUSPECTED])
def test_a_guard_is_never_read_from_what_has_changed_since(rich: Play, timeline: str) -> None:
    """A law: on every snapshot, what is kept from the one before is what a fresh reading says."""
    tally, formulas, looked = CoverageTally(rich.compiled.definition), Formulas(), 0
    for readings in snapshots(rich.compiled, rich.events(timeline)):
        fresh = Readings(rich.compiled, readings.memory, readings.now, readings.zone)
        for site, ruled, entry in tally.asked(readings, formulas):
            anew = judge(site.expression, fresh, entry)
            assert (site.key, ruled.verdict) == (site.key, anew.verdict)
            assert [one.verdict for one in ruled.atoms] == [one.verdict for one in anew.atoms]
            looked += 1
    assert looked > 10


@pytest.mark.parametrize(
    ("platelets", "touched"),
    [("39.8", []), ("39.9", ["below"]), ("40", ["at"]), ("40.1", ["above"]), ("40.2", [])],
)
def test_a_threshold_is_touched_at_it_and_one_step_beside_it(
    rich: Play, platelets: str, touched: list[str]
) -> None:
    timeline = f"  - {{at: 2026-03-01T08:00, facts: {{platelet_count: {platelets}}}}}\n"
    (threshold,) = guard(rich, "lp_platelets", timeline).thresholds
    assert (threshold.amount, threshold.limit) == ("platelet_count", "40")
    assert [side for side, was_there in threshold.sides.items() if was_there] == touched


def test_the_clock_touches_a_threshold_to_the_second(rich: Play) -> None:
    """Twelve hours after the dose the clock stands just at the end of the wait."""
    (threshold,) = guard(rich, "timer.waiting way 1 to safe", LONG).thresholds
    assert threshold.sides == {"below": False, "at": True, "above": False}


def test_a_safeguard_counts_as_triggered_and_whether_its_action_was_called_for(rich: Play) -> None:
    called = COUNTED + "  - {at: 2026-03-01T09:30, facts: {platelet_count: 20}}\n"
    found = tally_of(rich, called, LOW).coverage("these cases").safeguards
    assert [(one.name, one.triggered, one.called_for) for one in found if one.triggered] == [
        ("lp_platelets", 2, 1),
        ("lp_lmwh", 1, 1),
    ]


def test_parts_put_together_in_any_order_are_the_whole(rich: Play) -> None:
    whole = tally_of(rich, LONG, LOW, NOT_SUSPECTED)
    parts = [tally_of(rich, NOT_SUSPECTED), tally_of(rich), tally_of(rich, LOW, LONG)]
    for order in (parts, parts[::-1]):
        merged = CoverageTally(rich.compiled.definition)
        for part in order:
            merged.merge(part.seen)
        assert json.dumps(coverage_json(merged.coverage("all"))) == json.dumps(
            coverage_json(whole.coverage("all"))
        )


def test_of_a_diverging_log_counts_what_comes_before(rich: Play) -> None:
    events: list[Event] = rich.events(COUNTED)
    wrong = next(one for one in events if isinstance(one, TransitionTaken) and one.source == "gate")
    forged = [replace(one, to="cannot") if one is wrong else one for one in events]
    tally = CoverageTally(rich.compiled.definition)
    tally.add(rich.compiled, forged, until=wrong.seq)
    assert tally.seen.reached.states["care", "gate"] == 1
    assert tally.seen.reached.states["care", "cannot"] == tally.seen.reached.strange == 0


def test_what_was_undone_was_reached(rich: Play) -> None:
    events = rich.events(SUSPECTED + "  - {at: 2026-03-01T09:00, undo: true}\n")
    found = reached(rich.compiled.definition, [events])
    assert (found.cases, found.states["care", "gate"], found.ways["care", "intake", 0]) == (1, 1, 1)


def test_a_log_of_another_definition_is_not_counted(rich: Play, demo: Play) -> None:
    with pytest.raises(ValueError, match="this log is of another"):
        tally_of(demo).add(rich.compiled, rich.events(LOW))


def test_the_text_names_what_no_case_tried(rich: Play) -> None:
    text = "\n".join(coverage_lines(tally_of(rich, LONG).coverage("one log")))
    assert "coverage of rich 2.1.0 *** DRAFT: not approved for clinical use *** by 1 case: one log" in text
    assert "never reached:\n    care.cannot\n" in text
    assert "safeguard lp_inr" in text
    assert "never TRUE" in text


def test_a_measure_under_its_floor_is_told_exactly(rich: Play) -> None:
    coverage = tally_of(rich, LONG).coverage("one log")
    states = coverage.measures[0]
    assert shortfalls(coverage, floors(f"states={states.covered * 100 // states.of}")) == ()
    (line,) = shortfalls(coverage, floors("0,states=99.9"))
    assert line == f"states: {states.covered} of {states.of} (82.3 %), under 99.9 %"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mcdcc=5", "Did you mean `mcdc`"),
        ("120", "from 0 to 100"),
        ("states=ten", "percentage such as 80"),
        ("states=1,states=2", "two floors"),
        ("80,90", "is no measure"),
    ],
)
def test_a_floor_that_says_nothing_is_refused_with_the_way_to_write_it(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        floors(text)
