"""Whatever the engine writes conforms, and whatever does not follow from the facts is found and explained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathway.engine.batch import Batch, FactEntry, TakeEntry
from pathway.engine.case import Case, open_case
from pathway.engine.events import (
    ActionDone,
    Event,
    FactRecorded,
    Overridden,
    TimePassed,
    TransitionTaken,
    Undone,
)
from pathway.replay.conformance import Divergence, conformance_of_events
from tests.replay.plays import Play, numbered, with_field

SUSPECTED = "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"
COUNTED = SUSPECTED + "  - {at: 2026-03-01T09:00, facts: {platelet_count: 210, inr: 1.2}}\n"
PUNCTURED = COUNTED + "  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}\n"
LONG = (
    PUNCTURED
    + """
  - {at: 2026-03-01T19:00, done: [antibiotic], facts: {mri_status: done}}
  - {at: 2026-03-02T09:00, facts: {etiology: bacterial}}
  - {at: 2026-03-02T10:00, undo: true}
  - {at: 2026-03-02T11:00, facts: {etiology: tb, start_date: 2026-03-02}, take: {care: review}}
  - {at: 2026-03-03T11:00, override: {care: {to: cause, reason: entered in error}}}
  - {at: 2026-03-03T12:00, facts: {etiology: unknown}, note: asked again}
  - {at: 2026-03-03T13:00, close: transferred}
"""
)


def divergence(play: Play, events: list[Event]) -> Divergence:
    found = conformance_of_events(numbered(events), play.compiled).divergence
    assert found is not None
    return found


def moves(events: list[Event]) -> list[TransitionTaken]:
    return [event for event in events if isinstance(event, TransitionTaken)]


@pytest.mark.parametrize(
    "timeline", [SUSPECTED, COUNTED, PUNCTURED, LONG], ids=["suspected", "counted", "punctured", "long"]
)
def test_what_run_writes_conforms(rich: Play, timeline: str) -> None:
    events = rich.events(timeline)
    outcome = conformance_of_events(events, rich.compiled)
    assert (outcome.divergence, outcome.conforms, outcome.events) == (None, True, len(events))


def test_the_demonstration_case_conforms(demo: Play) -> None:
    timeline = """
  - {at: 2026-03-01T08:00, facts: {suspected: true}}
  - {at: 2026-03-01T09:00, facts: {platelet_count: 30}, override: {lumbar_puncture: neurosurgical advice}}
  - {at: 2026-03-01T14:00, done: [lumbar_puncture]}
"""
    events = demo.events(timeline)
    assert any(isinstance(event, Overridden) for event in events)
    assert conformance_of_events(events, demo.compiled).conforms


def test_moves_that_a_clinician_confirms_conform(rich: Play) -> None:
    case, _ = open_case(rich.compiled, "UI", 1_000_000, "dr", 1_000_000)
    case.commit(Batch(1_000_100, "dr", 1_000_100, facts=(FactEntry("suspected", "true"),)))
    step = case.commit(Batch(1_000_200, "dr", 1_000_200, take=(TakeEntry("care", "gate"),)))
    assert [move.cause for move in step.taken] == ["clinician"]
    assert conformance_of_events(case.events, rich.compiled).conforms


def test_the_whole_case_conforms_after_it_was_taken_up_from_its_log(rich: Play) -> None:
    from pathway.engine.case import case_from_events

    events = rich.events(COUNTED)
    case: Case = case_from_events(rich.compiled, "T-1", events)
    case.commit(Batch(case.now + 40 * 3600, "dr", case.now, facts=(FactEntry("mri_status", "done"),)))
    assert conformance_of_events(case.events, rich.compiled).conforms


# --- facts that were changed afterwards ---------------------------------------------------------
def test_a_changed_fact_is_found_at_the_first_move_that_no_longer_follows(rich: Play) -> None:
    events = rich.events(PUNCTURED)
    platelets = next(
        event for event in events if isinstance(event, FactRecorded) and event.fact == "platelet_count"
    )
    found = divergence(rich, with_field(events, platelets.seq, value="39", entered="39"))
    first = next(move for move in moves(events) if move.source == "gate")
    assert (found.seq, found.class_) == (first.seq, "wrong branch")
    assert found.expected == "care: gate -> cannot"
    assert found.logged == "care: gate -> puncture (auto)"
    assert "`coagulation_safe` is FALSE" in found.why
    assert f"platelet_count = 39 10*9/L, event {platelets.seq}" in found.why


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"value": "50000"}, "platelet_count: 50000 is outside 0 to 3000 10*9/L"),
        ({"unit": "mg/dL"}, "platelet_count is kept in 10*9/L, not in mg/dL"),
    ],
)
def test_a_value_that_nobody_could_have_entered_is_found(
    rich: Play, fields: dict[str, str], why: str
) -> None:
    events = rich.events(PUNCTURED)
    platelets = next(one for one in events if isinstance(one, FactRecorded) and one.fact == "platelet_count")
    found = divergence(rich, with_field(events, platelets.seq, **fields))
    assert (found.seq, found.class_) == (platelets.seq, "impossible value")
    assert found.why.startswith(why)


def test_a_fact_changed_to_unknown_value_names_what_is_missing(rich: Play) -> None:
    events = rich.events(COUNTED)
    inr = next(event for event in events if isinstance(event, FactRecorded) and event.fact == "inr")
    events = [replace(event, fact="drugs", value=("x",)) if event is inr else event for event in events]
    events = sorted(events, key=lambda event: (event.batch, event.seq))
    found = divergence(rich, events)
    assert found.class_ == "guard UNKNOWN"
    assert "inr unknown: not recorded" in found.why
    assert "needs inr" in found.why


def test_a_changed_confirmed_guard_is_found(demo: Play) -> None:
    events = demo.events("  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    found = divergence(demo, with_field(events, 2, value="false"))
    assert (found.seq, found.class_) == (3, "guard not TRUE")
    assert "`suspected` is FALSE (suspected = false, event 2)" in found.why


def test_a_changed_time_shifts_a_timer(rich: Play) -> None:
    events = rich.events(LONG)
    lmwh = next(
        event for event in events if isinstance(event, FactRecorded) and event.fact.startswith("lmwh")
    )
    found = divergence(rich, with_field(events, lmwh.seq, value="2026-03-01T04:30:00+00:00"))
    assert found.class_ == "missing move"
    assert found.expected == "time_passed to 2026-03-01T16:30:00+00:00, then timer: waiting -> safe"


# --- moves that were dropped, added or moved ----------------------------------------------------
def test_every_dropped_automatic_move_is_found(rich: Play) -> None:
    events = rich.events(LONG)
    automatic = [move for move in moves(events) if move.cause == "auto"]
    assert len(automatic) > 5
    for move in automatic:
        found = divergence(rich, [event for event in events if event is not move])
        assert found.seq <= move.seq + 1
        assert found.class_ in ("missing move", "wrong order")


def test_a_dropped_tick_at_which_something_moved_is_found(rich: Play) -> None:
    events = rich.events(LONG)
    tick = next(move.batch for move in moves(events) if move.track == "timer" and move.to == "safe")
    left = [event for event in events if event.batch != tick]
    left = [replace(event, batch=event.batch - 1) if event.batch > tick else event for event in left]
    found = divergence(rich, left)
    assert found.class_ == "missing move"
    assert "timer: waiting -> safe" in found.expected
    assert "hours_since_lmwh = 12 h" in found.why


def test_a_tick_at_which_nothing_moves_may_be_missing_or_added(rich: Play) -> None:
    events = rich.events(SUSPECTED + "  - {at: 2026-03-01T09:00}\n")
    tick = next(event for event in events if isinstance(event, TimePassed))
    left = [event for event in events if event is not tick]
    left = [replace(event, batch=event.batch - 1) if event.batch > tick.batch else event for event in left]
    assert conformance_of_events(numbered(left), rich.compiled).conforms
    extra = replace(events[-1], seq=len(events) + 1, batch=events[-1].batch + 1)
    assert isinstance(extra, TimePassed)
    assert conformance_of_events([*events, extra], rich.compiled).conforms


def test_an_invented_move_is_found(rich: Play) -> None:
    events = rich.events(SUSPECTED)
    last = moves(events)[-1]
    to_puncture = {"track": "care", "source": "gate", "to": "puncture", "guard": "coagulation_safe"}
    invented = replace(last, **to_puncture, cause="auto", basis=(), round=last.round + 1)
    found = divergence(rich, [*events, invented])
    assert (found.seq, found.class_) == (len(events) + 1, "guard UNKNOWN")
    assert "platelet_count unknown: not recorded" in found.why


def test_two_moves_in_the_wrong_order_are_found(rich: Play) -> None:
    events = rich.events(SUSPECTED)
    pair = [move for move in moves(events) if move.round == 1]
    assert len(pair) == 2
    turned = [pair[1] if event is pair[0] else pair[0] if event is pair[1] else event for event in events]
    assert divergence(rich, turned).class_ == "wrong order"


def test_a_move_to_a_state_that_is_not_there_is_found(rich: Play) -> None:
    events = rich.events(SUSPECTED)
    found = divergence(rich, with_field(events, moves(events)[0].seq, to="home"))
    assert (found.seq, found.class_) == (moves(events)[0].seq, "unknown state")


@pytest.mark.parametrize(
    ("fields", "class_"),
    [
        ({"basis": (2,)}, "other evidence"),
        ({"guard": "platelet_count >= 40"}, "other evidence"),
        ({"round": 7}, "wrong order"),
        ({"to": "cannot", "guard": "otherwise"}, "wrong branch"),
        ({"source": "intake"}, "wrong order"),
    ],
)
def test_a_changed_move_is_found(rich: Play, fields: dict[str, object], class_: str) -> None:
    events = rich.events(PUNCTURED)
    move = next(move for move in moves(events) if move.to == "puncture")
    found = divergence(rich, with_field(events, move.seq, **fields))
    assert (found.seq, found.class_) == (move.seq, class_)


def test_an_automatic_move_may_not_be_passed_off_as_confirmed(rich: Play) -> None:
    events = rich.events(PUNCTURED)
    move = next(move for move in moves(events) if move.to == "puncture")
    found = divergence(rich, with_field(events, move.seq, cause="clinician"))
    assert (found.seq, found.class_) == (move.seq, "missing move")


def test_a_confirmed_move_may_not_be_passed_off_as_automatic(demo: Play) -> None:
    events = demo.events("  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    found = divergence(demo, with_field(events, 3, cause="auto"))
    assert (found.seq, found.class_) == (3, "not automatic")


# --- deeds, overrides, undo ---------------------------------------------------------------------
def test_how_a_deed_stood_is_derived_anew(rich: Play) -> None:
    events = rich.events(PUNCTURED)
    deed = next(event for event in events if isinstance(event, ActionDone))
    assert deed.judged == "blocked"
    found = divergence(rich, with_field(events, deed.seq, judged="recommended"))
    assert (found.seq, found.class_) == (deed.seq, "other standing")
    assert found.expected == "lumbar_puncture blocked"
    assert "lp_lmwh blocks: `hours_since_lmwh < 12 h` is TRUE" in found.why


def test_a_fact_that_says_done_needs_its_deed(rich: Play) -> None:
    events = rich.events(PUNCTURED)
    deed = next(event for event in events if isinstance(event, ActionDone))
    found = divergence(rich, [event for event in events if event is not deed])
    assert found.class_ == "deed and fact"
    assert found.expected == "action_done lumbar_puncture"


def test_a_deed_needs_the_fact_that_it_records(rich: Play) -> None:
    events = rich.events(SUSPECTED + "  - {at: 2026-03-01T09:00, done: [antibiotic]}\n")
    fact = next(
        event for event in events if isinstance(event, FactRecorded) and event.fact == "first_dose_time"
    )
    found = divergence(rich, [event for event in events if event is not fact])
    assert (found.class_, found.expected) == ("deed and fact", "via an event of first_dose_time")


def test_a_deed_at_another_time_than_its_fact_says_is_found(rich: Play) -> None:
    events = rich.events(PUNCTURED)
    deed = next(event for event in events if isinstance(event, ActionDone))
    found = divergence(rich, with_field(events, deed.seq, done_at=deed.done_at + 60))
    assert (found.seq, found.class_) == (deed.seq, "deed and fact")


def test_an_override_of_what_does_not_stand_is_found(rich: Play) -> None:
    low = "  - {at: 2026-03-01T09:00, facts: {platelet_count: 30, inr: 1.2}}\n"
    events = rich.events(low + "  - {at: 2026-03-01T09:10, override: {lumbar_puncture: advice}}\n")
    override = next(event for event in events if isinstance(event, Overridden))
    assert conformance_of_events(events, rich.compiled).conforms
    found = divergence(rich, with_field(events, override.seq, safeguards=("lp_platelets", "lp_lmwh")))
    assert (found.seq, found.class_) == (override.seq, "override")


def test_a_return_without_its_override_is_found(rich: Play) -> None:
    events = rich.events(LONG)
    override = next(event for event in events if isinstance(event, Overridden))
    found = divergence(rich, [event for event in events if event is not override])
    assert (found.seq, found.class_) == (override.seq, "override")


def test_an_undo_that_is_not_of_the_last_batch_is_found(rich: Play) -> None:
    events = rich.events(LONG)
    undone = next(event for event in events if isinstance(event, Undone))
    found = divergence(rich, with_field(events, undone.seq, undone=undone.undone - 3))
    assert (found.seq, found.class_) == (undone.seq, "undo")


def test_nothing_follows_the_close_of_a_case(rich: Play) -> None:
    events = rich.events(LONG)
    last = events[-1]
    later = TimePassed(
        seq=last.seq + 1, at=last.at, recorded_at=last.at, by="x", batch=last.batch + 1, to=last.at
    )
    assert divergence(rich, [*events, later]).class_ == "wrong order"


def test_a_name_that_the_pathway_does_not_have_is_found(rich: Play) -> None:
    events = rich.events(SUSPECTED)
    found = divergence(rich, with_field(events, 2, fact="lactate"))
    assert (found.seq, found.class_) == (2, "unknown name")


def test_an_empty_log_does_not_conform(rich: Play) -> None:
    assert not conformance_of_events([], rich.compiled).conforms


def test_a_case_is_opened_once(demo: Play) -> None:
    opened, *others = demo.events("  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    first = [one for one in others if one.batch == opened.batch]
    rest = [one for one in others if one.batch != opened.batch]
    found = divergence(demo, numbered([opened, *first, opened, *rest]))
    assert (found.class_, found.expected) == ("wrong order", "no further case_opened")
