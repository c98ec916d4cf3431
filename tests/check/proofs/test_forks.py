"""Forks of a case: what is entered there leaves no trace here, and goes on as if entered from the start."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.engine.batch import Batch
from pathway.engine.case import Case, case_from_events
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from tests.check.proofs.walks import FLAGSHIP, PAUSES, SEPSIS, entered, entries, opened, walks
from tests.engine.rich_ward import batches, wards
from tests.engine.rich_ward import opened as ward_opened

HALF = settings(max_examples=settings().max_examples // 2)
FEW = settings(max_examples=settings().max_examples // 5)


def trace(case: Case) -> tuple[Any, ...]:
    """Everything that can be seen of a case."""
    facts = case.compiled.definition.facts
    memory = case.memory
    return (
        list(case.events),
        memory.copy(),
        case.now,
        {name: case.readings.fact(name) for name in facts},
        [case.readings.ways_out(track) for track in memory.stands],
        case.view,
    )


def same_to_the_eye(one: Case, other: Case) -> None:
    assert one.events == other.events
    assert one.memory == other.memory
    assert trace(one) == trace(other)


def replayed(opening: Case, batches: list[Batch]) -> Case:
    """The case with all its entries committed from the start, none of them in a fork."""
    for batch in batches:
        opening.commit(batch, CONFIRM)
    return opening


def fork_tells_nothing(case: Case, others: list[Batch]) -> None:
    before = trace(case)
    fork = case.fork()
    for batch in others:
        try:
            fork.enter(batch, CONFIRM)
        except EntryError:
            break  # it is spent
        fork.view  # noqa: B018  # looked at, so that it reads and keeps what it reads
    assert trace(case) == before
    unread = case_from_events(case.compiled, case.id, case.events)
    unread.pass_time(case.now, case.now)
    assert unread.view == case.view


def walk(opening: Case, fresh: Case, said: tuple[Batch, ...]) -> None:
    """Go on in fork after fork; at the end it is the case that was entered at one go."""
    case, kept = opening, list[Batch]()
    for batch in said:
        following = entered(case, batch)
        if following is not None:
            case = following
            kept.append(batch)
    same_to_the_eye(case, replayed(fresh, kept))


# --- the bundled pathways -----------------------------------------------------------------------
@FEW
@given(st.sampled_from([SEPSIS, SEPSIS, FLAGSHIP]).flatmap(lambda n: st.tuples(st.just(n), walks(n))))
def test_a_case_continued_in_forks_is_the_case_entered_from_the_start(
    drawn: tuple[str, tuple[Batch, ...]],
) -> None:
    name, said = drawn
    walk(opened(name), opened(name), said)


@FEW
@given(
    st.sampled_from([SEPSIS, SEPSIS, FLAGSHIP]).flatmap(
        lambda n: st.tuples(st.just(n), walks(n, 3), walks(n, 3), st.sampled_from(PAUSES))
    )
)
def test_what_is_entered_in_a_fork_leaves_no_trace_in_the_case(
    drawn: tuple[str, tuple[Batch, ...], tuple[Batch, ...], int],
) -> None:
    name, said, elsewhere, pause = drawn
    case = opened(name)
    for batch in said:
        case = entered(case, batch) or case
    fork_tells_nothing(case, later(elsewhere, case.now + pause))


@FEW
@given(st.data())
def test_what_is_entered_in_the_case_leaves_no_trace_in_its_fork(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([SEPSIS, FLAGSHIP]))
    case = opened(name)
    fork, twin = case.fork(), opened(name)
    try:
        case.enter(data.draw(entries(name, case.now + 60)), CONFIRM)
    except EntryError:
        return
    same_to_the_eye(fork, twin)
    on = data.draw(entries(name, fork.now + 120))
    one, two = entered(fork, on), entered(twin, on)
    assert (one is None) is (two is None)
    if one is not None and two is not None:
        same_to_the_eye(one, two)


def later(said: tuple[Batch, ...], start: int) -> list[Batch]:
    """The same entries, from an instant on."""
    first = said[0].at
    return [
        Batch(
            start + batch.at - first, batch.by, start + batch.at - first, batch.facts, batch.retracted,
            batch.done, batch.declined, batch.overrides, batch.take,
        )
        for batch in said
    ]  # fmt: skip


# --- a pathway with a bit of everything, random guards, zones, undo, corrections ------------------
@HALF
@given(wards(), st.sampled_from(("UTC", "Europe/Berlin")), st.data())
def test_any_case_on_any_ward_continued_in_forks_is_the_one_entered_from_the_start(
    ward: int, zone: str, data: st.DataObject
) -> None:
    case, fresh = ward_opened(ward, zone), ward_opened(ward, zone)
    if case is None or fresh is None:
        return
    kept: list[Batch] = []
    for _ in range(data.draw(st.integers(1, 5))):
        batch = data.draw(batches(case.now, zone))
        following = entered(case, batch)
        if following is not None:
            case = following
            kept.append(batch)
    same_to_the_eye(case, replayed(fresh, kept))


@HALF
@given(wards(), st.data())
def test_a_fork_of_any_ward_leaves_no_trace(ward: int, data: st.DataObject) -> None:
    case = ward_opened(ward)
    if case is None:
        return
    for _ in range(data.draw(st.integers(0, 3))):
        case = entered(case, data.draw(batches(case.now, "UTC"))) or case
    others: list[Batch] = []
    at = case.now
    for _ in range(data.draw(st.integers(1, 3))):
        others.append(data.draw(batches(at, "UTC")))
        at = others[-1].at
    fork_tells_nothing(case, others)


@pytest.mark.parametrize("name", [SEPSIS, FLAGSHIP])
def test_a_fork_of_a_fork_is_its_own(name: str) -> None:
    case = opened(name)
    first = case.fork()
    second = first.fork()
    at = case.now + 60
    first.enter(Batch(at, "test", at, notes=("seen",)))
    assert len(first.events) == len(case.events) + 1
    assert second.events == case.events
