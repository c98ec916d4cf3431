"""A diverging log shrinks to the few events that still diverge, in the same class at the same guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.events import Event, FactRecorded, TransitionTaken
from pathway.logs.chain import Header, Log
from pathway.logs.jsonl import read_log, write_log
from pathway.logs.problems import LogError
from pathway.replay.conformance import conformance
from pathway.replay.minimising import Minimised, minimise
from pathway.replay.minimising.ddmin import ddmin
from pathway.replay.minimising.removing import kept_events
from tests.replay.plays import Play, numbered

LONG = """
  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}
  - {at: 2026-03-01T08:30, facts: {drugs: [x]}, note: asked}
  - {at: 2026-03-01T09:00, facts: {platelet_count: 210, inr: 1.2}}
  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}
  - {at: 2026-03-01T19:00, done: [antibiotic], facts: {mri_status: done}}
  - {at: 2026-03-02T09:00, facts: {etiology: bacterial}}
  - {at: 2026-03-02T10:00, undo: true}
  - {at: 2026-03-02T11:00, facts: {etiology: tb}}
  - {at: 2026-03-03T12:00, facts: {platelet_count: 300}}
"""


def log_of(play: Play, events: Sequence[Event]) -> Log:
    definition = play.compiled.definition
    header = Header(pathway=definition.id, version=definition.version, digest=definition.digest, case="T-1")
    return Log(header, tuple(events), "", 0)


def move(events: Sequence[Event], to: str) -> TransitionTaken:
    return next(one for one in events if isinstance(one, TransitionTaken) and one.to == to)


def to_the_wrong_state(events: list[Event]) -> list[Event]:
    """Though platelets and INR are safe, the log says that no puncture could be done."""
    wrong = move(events, "puncture")
    return [replace(one, to="cannot", guard="otherwise") if one is wrong else one for one in events]


def without_a_move(events: list[Event]) -> list[Event]:
    """The antibiotic was given, and the emergency track stays where it was."""
    return numbered(one for one in events if one is not move(events, "given"))


def with_another_value(events: list[Event]) -> list[Event]:
    """The INR of the log forbids what was then done."""
    return [
        replace(one, value="1.9", entered="1.9")
        if isinstance(one, FactRecorded) and one.fact == "inr"
        else one
        for one in events
    ]


def told(found: Minimised) -> list[str]:
    """The events in one word each: what was recorded, and where tracks went."""
    words: list[str] = []
    for one in found.events:
        if isinstance(one, FactRecorded):
            words.append(one.fact)
        else:
            words.append(f"{one.track}.{one.to}" if isinstance(one, TransitionTaken) else one.type)
    return words


TO_THE_GATE = ["case_opened", "suspected", "emergency.treat", "care.gate"]
SAFE, DEED = ["inr", "platelet_count"], ["first_dose_time", "action_done"]


@pytest.mark.parametrize(
    ("forged", "class_", "left"),
    [
        (to_the_wrong_state, "wrong branch", [*TO_THE_GATE, *SAFE, "care.cannot"]),
        (
            without_a_move,
            "missing move",
            [*TO_THE_GATE, *SAFE, "care.puncture", "emergency.overdue", *DEED],
        ),
        (with_another_value, "wrong branch", [*TO_THE_GATE, "inr", "care.puncture"]),
    ],
)
def test_what_is_left_is_what_it_takes(
    rich: Play, forged: Callable[[list[Event]], list[Event]], class_: str, left: list[str]
) -> None:
    log = log_of(rich, forged(rich.events(LONG)))
    found = minimise(log, rich.compiled)
    assert (found.divergence.class_, found.is_minimal, found.before) == (class_, True, len(log.events))
    assert told(found) == left


@pytest.mark.parametrize("forged", [to_the_wrong_state, without_a_move, with_another_value])
def test_the_shrunk_log_is_a_log_that_diverges_at_the_same_guard_and_can_lose_no_event(
    rich: Play, tmp_path: Path, forged: Callable[[list[Event]], list[Event]]
) -> None:
    log = log_of(rich, forged(rich.events(LONG)))
    whole = conformance(log, rich.compiled).divergence
    found = minimise(log, rich.compiled)
    assert found == minimise(log, rich.compiled)
    write_log(tmp_path / "small.jsonl", found.header, found.events)
    small = read_log(tmp_path / "small.jsonl")
    again = conformance(small, rich.compiled).divergence
    assert whole is not None
    assert again is not None
    assert again == found.divergence
    assert (again.class_, again.expected) == (whole.class_, whole.expected)
    for gone in range(2, len(found.events) + 1):
        less = kept_events(small.events, set(range(1, len(found.events) + 1)) - {gone})
        assert less is not None
        other = conformance(log_of(rich, less), rich.compiled).divergence
        assert other is None or (other.class_, other.expected) != (again.class_, again.expected)


def test_only_a_log_that_diverges_can_be_shrunk(rich: Play) -> None:
    log = log_of(rich, rich.events(LONG))
    with pytest.raises(LogError, match="This log conforms"):
        minimise(log, rich.compiled)
    other = replace(log, header=replace(log.header, digest="0" * 64))
    with pytest.raises(LogError, match="It diverges as a whole"):
        minimise(other, rich.compiled)


def test_after_too_many_tries_the_smallest_so_far_is_given_and_said_not_to_be_minimal(rich: Play) -> None:
    log = log_of(rich, to_the_wrong_state(rich.events(LONG)))
    found = minimise(log, rich.compiled, most_tries=3)
    assert (found.tries, found.is_minimal, found.divergence.class_) == (3, False, "wrong branch")
    assert len(found.events) < len(log.events)


@given(st.sets(st.integers(0, 25)), st.integers(0, 26))
def test_what_ddmin_leaves_is_just_what_is_needed(needed: set[int], length: int) -> None:
    """A law, for a fault that takes certain entries and no others."""
    within = {unit for unit in needed if unit < length}
    assert set(ddmin(range(length), lambda kept: kept if within <= set(kept) else None)) == within
