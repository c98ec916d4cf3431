"""What a replay tells of cases: where they stop following, what care did otherwise, and how many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathway.engine.events import CaseOpened, Event, FactRecorded, TransitionTaken
from pathway.replay.report.as_csv import cell
from pathway.replay.report.findings import Finding, Origin
from pathway.replay.report.gathering import Fitness, Report
from pathway.replay.report.stays import Stays
from tests.replay.plays import Play, numbered

HERE = Origin("a.jsonl")
SUSPECTED = "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"
COUNTED = SUSPECTED + "  - {at: 2026-03-01T09:00, facts: {platelet_count: 210, inr: 1.2}}\n"
PUNCTURED = COUNTED + "  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}\n"
LATE = PUNCTURED + "  - {at: 2026-03-01T19:00, done: [antibiotic]}\n"


def with_fact(events: list[Event], fact: str, value: str) -> list[Event]:
    return [
        replace(one, value=value, entered=value)
        if isinstance(one, FactRecorded) and one.fact == fact
        else one
        for one in events
    ]


def found(rich: Play, events: list[Event]) -> Finding:
    finding = Report().take(HERE, events, rich.compiled).divergence
    assert finding is not None
    return finding


def test_a_wrong_branch_is_told_with_its_state_and_the_values_that_its_guard_read(rich: Play) -> None:
    finding = found(rich, with_fact(rich.events(COUNTED), "platelet_count", "39"))
    spot, guard = finding.spot, finding.spot.guard
    assert guard is not None
    assert (finding.class_, spot.track, spot.state) == ("wrong branch", "care", "gate")
    assert (guard.text, guard.verdict) == ("coagulation_safe", "FALSE")
    assert ("platelet_count", "39", "10*9/L") in [(use.fact, use.value, use.unit) for use in guard.uses]


def test_a_missing_move_is_told_with_the_guard_that_calls_for_it(rich: Play) -> None:
    left = [one for one in rich.events(COUNTED) if getattr(one, "to", "") not in ("puncture", "overdue")]
    finding = found(rich, numbered(left))
    assert finding.spot.guard is not None
    assert (finding.class_, finding.spot.state) == ("missing move", "gate")
    assert (finding.spot.guard.text, finding.spot.guard.verdict) == ("coagulation_safe", "TRUE")


def test_a_guard_that_needs_a_fact_is_told_with_what_it_needs(rich: Play) -> None:
    events = with_fact(rich.events(COUNTED), "inr", "1.2")
    inr = next(one for one in events if isinstance(one, FactRecorded) and one.fact == "inr")
    events = [replace(one, fact="drugs", value=("x",)) if one is inr else one for one in events]
    finding = found(rich, sorted(events, key=lambda one: (one.batch, one.seq)))
    assert finding.spot.guard is not None
    assert (finding.class_, finding.spot.guard.verdict) == ("guard UNKNOWN", "UNKNOWN")
    assert finding.spot.guard.needs == ("inr",)


def test_a_deed_against_its_safeguard_is_a_departure_of_a_log_that_conforms(rich: Play) -> None:
    told = Report().take(HERE, rich.events(PUNCTURED), rich.compiled)
    [violated] = [one for one in told.departures if one.class_ == "safeguard violated"]
    assert told.conforms
    assert violated.spot.guard is not None
    assert (violated.spot.action, violated.spot.guard.name) == ("lumbar_puncture", "lp_lmwh")
    assert "`hours_since_lmwh < 12 h` is TRUE (hours_since_lmwh = 3.33333 h" in violated.why


def test_an_override_makes_the_deed_no_departure(rich: Play) -> None:
    lifted = (
        "  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n"
        "  - {at: 2026-03-01T09:00, facts: {platelet_count: 30}, override: {lumbar_puncture: advice}}\n"
        "  - {at: 2026-03-01T09:10, done: [lumbar_puncture]}\n"
    )
    without = lifted.replace(", override: {lumbar_puncture: advice}", "")
    classes = [
        [one.class_ for one in Report().take(HERE, rich.events(entries), rich.compiled).departures]
        for entries in (lifted, without)
    ]
    assert "safeguard violated" not in classes[0]
    assert "safeguard violated" in classes[1]


def test_deadlines_that_were_missed_are_told_to_the_second(rich: Play) -> None:
    report = Report()
    told = report.take(HERE, rich.events(LATE), rich.compiled)
    missed = {one.spot.action: one for one in told.departures if one.class_ == "deadline missed"}
    assert set(missed) == {"antibiotic", "mri"}
    assert (missed["antibiotic"].late, missed["antibiotic"].expected) == (
        10 * 3600, "antibiotic by 2026-03-01T09:00:00+00:00",
    )  # fmt: skip
    assert (missed["antibiotic"].spot.track, missed["antibiotic"].spot.state) == ("emergency", "treat")
    assert missed["mri"].logged.startswith("not done by the end of the log")
    assert [(one.action, one.late, one.never) for one in report.kept if one.late + one.never] == [
        ("antibiotic", 1, 0), ("mri", 0, 1),
    ]  # fmt: skip


def test_a_deed_on_the_last_second_of_its_time_is_no_departure(rich: Play) -> None:
    for done, missed in (("09:00:00", []), ("09:00:01", [1])):
        events = rich.events(SUSPECTED + f"  - {{at: 2026-03-01T{done}, done: [antibiotic]}}\n")
        told = Report().take(HERE, events, rich.compiled)
        assert [one.late for one in told.departures if one.spot.action == "antibiotic"] == missed


# --- many logs ------------------------------------------------------------------------------------
def test_fitness_counts_the_events_before_a_first_divergence(rich: Play) -> None:
    report = Report()
    good, bad = rich.events(COUNTED), with_fact(rich.events(COUNTED), "platelet_count", "39")
    report.take(Origin("good"), good, rich.compiled)
    diverging = report.take(Origin("bad"), bad, rich.compiled)
    [of] = report.pathways.values()
    assert diverging.divergence is not None
    assert of.fitness == Fitness(len(good) + diverging.divergence.seq - 1, len(good) + len(bad))


def test_the_share_is_never_rounded_up_to_all() -> None:
    assert Fitness(10**9 - 1, 10**9).share == "0.9999"
    assert (Fitness(0, 3).share, Fitness(3, 3).share, Fitness(0, 0).share) == ("0.0000", "1.0000", None)


def test_deviations_are_counted_by_guard_and_state_the_most_frequent_first(rich: Play) -> None:
    report = Report()
    for number, platelets in enumerate(("39", "38", "210")):
        events = with_fact(rich.events(COUNTED), "platelet_count", platelets)
        report.take(Origin(f"{number}.jsonl"), events, rich.compiled)
    [of] = report.pathways.values()
    wrong = next(one for one in of.deviations if one.at.class_ == "wrong branch")
    assert (wrong.times, wrong.cases, wrong.example.origin.log) == (2, 2, "0.jsonl")
    assert (wrong.at.state, wrong.at.guard) == ("gate", "coagulation_safe")
    assert [one.times for one in of.deviations] == sorted((one.times for one in of.deviations), reverse=True)


def test_stays_are_whole_seconds_and_those_that_go_on_are_counted_apart(rich: Play) -> None:
    stays = Stays()
    for minutes in (1, 2, 3, 4, 5, 6, 7, 8, 9, 50):
        stays.add(
            rich.case(SUSPECTED + f"  - {{at: 2026-03-01T09:{minutes:02}, done: [antibiotic]}}\n").memory
        )
    overdue = stays.of("emergency", "treat")
    assert (overdue.count, overdue.still) == (10, 0)
    assert (overdue.least, overdue.median, overdue.p90, overdue.most) == (3660, 3900, 4140, 6600)
    assert (stays.of("emergency", "given").count, stays.of("emergency", "given").still) == (0, 10)


def test_what_was_undone_is_no_stay(rich: Play) -> None:
    stays = Stays()
    stays.add(rich.case(COUNTED + "  - {at: 2026-03-01T09:30, undo: true}\n").memory)
    assert (stays.of("care", "gate").count, stays.of("care", "gate").still) == (0, 1)


def test_the_courses_are_kept_for_the_flow_only_where_they_are_wanted(rich: Play) -> None:
    for wanted in (True, False):
        report = Report(keeps_courses=wanted)
        report.take(HERE, rich.events(COUNTED), rich.compiled)
        [of] = report.pathways.values()
        kept = [type(one) for one in (of.courses or [()])[0]]
        assert kept == ([CaseOpened] + [TransitionTaken] * (len(kept) - 1) if wanted else [])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")
