"""Leaving events out of a log: the others keep their order, and they and what names them are renumbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pathway.engine import events as ev


def kept_events(events: Sequence[ev.Event], kept: Iterable[int]) -> list[ev.Event] | None:
    """The events with these numbers as a log of its own; None where an undo would take back nothing.

    Batches and rounds that are left out whole leave no gap; a gap that was there before stays. A basis, a
    correction or a deed that named a line which is left out names it no longer.
    """
    chosen = set(kept)
    left = [event for event in events if event.seq in chosen]
    seqs = {event.seq: number for number, event in enumerate(left, 1)}
    batches = _closed_up((one.batch for one in events), {one.batch for one in left})
    rounds = _rounds(events, left)
    if any(isinstance(one, ev.Undone) and one.undone not in batches for one in left):
        return None
    return [_numbered(one, seqs, batches, rounds) for one in left]


def resting_on(events: Iterable[ev.Event], gone: Iterable[int]) -> set[int]:
    """These events and all later ones that rest on any of them, however far."""
    found, batches = set(gone), dict[int, set[int]]()
    for event in events:
        batches.setdefault(event.batch, set()).add(event.seq)
        if _rests(event, found, batches):
            found.add(event.seq)
    return found


def _rests(event: ev.Event, gone: set[int], batches: dict[int, set[int]]) -> bool:
    match event:
        case ev.TransitionTaken(basis=basis):
            return not gone.isdisjoint(basis)
        case ev.FactRecorded(corrects=line) | ev.ActionDone(via=line):
            return line in gone
        case ev.Undone(undone=undone):
            return batches.get(undone, set()) <= gone
        case _:
            return False


def _closed_up(numbers: Iterable[int], left: set[int]) -> dict[int, int]:
    """New numbers for those that are left: lower by as many as are left out before."""
    found: dict[int, int] = {}
    missing = 0
    for number in sorted(set(numbers)):
        if number in left:
            found[number] = number - missing
        else:
            missing += 1
    return found


def _rounds(events: Sequence[ev.Event], left: Sequence[ev.Event]) -> dict[tuple[int, int], int]:
    before, after = _by_batch(events), _by_batch(left)
    return {
        (batch, old): new
        for batch, rounds in before.items()
        for old, new in _closed_up(rounds, after.get(batch, set())).items()
    }


def _by_batch(events: Iterable[ev.Event]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for event in events:
        if isinstance(event, ev.TransitionTaken):
            found.setdefault(event.batch, set()).add(event.round)
    return found


def _numbered(
    event: ev.Event, seqs: dict[int, int], batches: dict[int, int], rounds: dict[tuple[int, int], int]
) -> ev.Event:
    """The event under its new number, as are the lines that it names."""
    moved = replace(event, seq=seqs[event.seq], batch=batches[event.batch])
    match moved:
        case ev.TransitionTaken(basis=basis, round=old):
            named = tuple(seqs[seq] for seq in basis if seq in seqs)
            return replace(moved, basis=named, round=rounds[event.batch, old])
        case ev.FactRecorded(corrects=old):
            return replace(moved, corrects=seqs.get(old or 0))
        case ev.ActionDone(via=old):
            return replace(moved, via=seqs.get(old or 0))
        case ev.Undone(undone=old):
            return replace(moved, undone=batches[old])
        case _:
            return moved
