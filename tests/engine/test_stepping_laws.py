"""Laws of stepping: the view is the fold of the log, and the same entries give the same log."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.engine.case import Case
from pathway.engine.events import TimePassed
from pathway.engine.view import View
from tests.engine.rich_ward import (
    HOUR,
    START,
    ZONES,
    batches,
    committed,
    opened,
    refolded,
    wards,
)

LENGTH = 8
HALF = settings(max_examples=settings().max_examples // 2)
FEW = settings(max_examples=settings().max_examples // 4)


@given(wards(), st.sampled_from(ZONES), st.sampled_from((None, "timeline")), st.data())
def test_after_every_entry_the_view_is_that_of_the_folded_log(
    ward: int, zone: str, confirm: str | None, data: st.DataObject
) -> None:
    case = opened(ward, zone)
    if case is None:
        return
    for _ in range(data.draw(st.integers(1, LENGTH))):
        step = committed(case, data.draw(batches(case.now, zone)), confirm)
        assert step is None or step.view == case.view
        folded = refolded(case)
        assert folded.view == case.view
        assert folded.timezone == case.timezone


@HALF
@given(wards(), st.sampled_from(ZONES), st.sampled_from((None, "timeline")), st.data())
def test_the_same_entries_twice_give_the_same_events_and_views(
    ward: int, zone: str, confirm: str | None, data: st.DataObject
) -> None:
    one, two = opened(ward, zone), opened(ward, zone)
    if one is None or two is None:
        return
    for _ in range(data.draw(st.integers(1, LENGTH))):
        batch = data.draw(batches(one.now, zone))
        steps = committed(one, batch, confirm), committed(two, batch, confirm)
        assert steps[0] == steps[1]
    assert one.events == two.events


@HALF
@given(wards(), st.data())
def test_stepping_on_from_a_folded_log_gives_the_same_events(ward: int, data: st.DataObject) -> None:
    one, two = opened(ward), opened(ward)
    if one is None or two is None:
        return
    for _ in range(data.draw(st.integers(1, LENGTH))):
        batch = data.draw(batches(one.now, "UTC"))
        committed(one, batch)
        committed(two, batch)
        assert [e for e in one.events if not isinstance(e, TimePassed)] == [
            e for e in two.events if not isinstance(e, TimePassed)
        ]
        two = refolded(two)


@given(wards(), st.data())
def test_every_event_of_a_step_is_new_and_in_order(ward: int, data: st.DataObject) -> None:
    case = opened(ward)
    if case is None:
        return
    for _ in range(data.draw(st.integers(1, LENGTH))):
        before = list(case.events)
        step = committed(case, data.draw(batches(case.now, "UTC")))
        assert case.events[: len(before)] == before
        if step is not None:
            assert case.events[len(before) :] == list(step.events)
        assert [event.seq for event in case.events] == list(range(1, len(case.events) + 1))
        numbers = [event.batch for event in case.events]
        assert numbers == sorted(numbers)


# --- the next change ----------------------------------------------------------------------------
def standing(view: View) -> tuple[object, ...]:
    """All that a person acts on: where the tracks stand, what is open, called for, late, warned of, known."""
    return (
        tuple((one.track, one.state) for one in view.tracks),
        tuple((way.to, way.standing, way.verdict) for one in view.tracks for way in one.transitions),
        tuple(
            (a.action, a.standing, a.called, a.outstanding, a.overridden, a.due, a.urgency,
             tuple((s.safeguard, s.standing) for s in a.safeguards))
            for a in view.actions
        ),
        tuple((w.id, w.action) for w in view.warnings),
        tuple(fact.fact for fact in view.facts),
        tuple(need.fact for need in view.needs),
    )  # fmt: skip


def at_instant(case: Case, instant: int) -> View:
    """The view as it is at an instant up to which nothing was entered; nothing may happen by then."""
    folded = refolded(case)
    assert folded.pass_time(instant, instant).events == ()
    return folded.view


@given(wards(), st.sampled_from(ZONES), st.data())
def test_between_two_changes_that_the_view_announces_nothing_stands_differently(
    ward: int, zone: str, data: st.DataObject
) -> None:
    case = opened(ward, zone)
    if case is None:
        return
    for _ in range(data.draw(st.integers(1, 4))):
        committed(case, data.draw(batches(case.now, zone)))
        for _ in range(data.draw(st.integers(0, 4))):
            view = case.view
            ahead = view.next_change_at
            last = ahead - 1 if ahead is not None else case.now + 400 * 24 * HOUR
            assert last >= case.now
            for instant in {last, data.draw(st.integers(case.now, last))}:
                assert standing(at_instant(case, instant)) == standing(view)
            if ahead is None:
                break
            case.pass_time(ahead, ahead)


@FEW
@given(wards(), st.data())
def test_ticking_second_by_second_shows_changes_only_where_they_were_announced(
    ward: int, data: st.DataObject
) -> None:
    case = opened(ward)
    if case is None:
        return
    for _ in range(3):
        committed(case, data.draw(batches(case.now, "UTC")))
    if case.view.next_change_at is None:
        return
    start = max(case.now, case.view.next_change_at - 20)
    announced, seen = case.view.next_change_at, standing(case.view)
    case.pass_time(start, start)
    for second in range(start, start + 40):
        case.pass_time(second, second)
        now = standing(case.view)
        assert now == seen or second == announced
        announced, seen = case.view.next_change_at, now


@HALF
@given(wards(), st.lists(st.integers(0, 40 * HOUR), max_size=6), st.data())
def test_extra_ticks_change_nothing_but_their_own_lines(
    ward: int, ticks: list[int], data: st.DataObject
) -> None:
    plain, ticked = opened(ward), opened(ward)
    if plain is None or ticked is None:
        return
    for _ in range(3):
        batch = data.draw(batches(plain.now, "UTC"))
        for tick in sorted(ticks):
            if ticked.now <= START + tick <= batch.at:
                ticked.pass_time(START + tick, START + tick)
        if committed(plain, batch) is None:
            return
        assert committed(ticked, batch) is not None
    lines = [[replace(event, recorded_at=0) for event in case.events] for case in (plain, ticked)]
    assert lines[0] == lines[1]
    assert plain.view == ticked.view
