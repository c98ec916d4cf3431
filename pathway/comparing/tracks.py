"""Tracks compared: states, what they ask and call for, and the ways out of them."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.comparing.both import Both, listed
from pathway.comparing.citing import sourced
from pathway.comparing.conditions import clauses, condition, in_words
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.essence import essence
from pathway.comparing.figures import spelled
from pathway.comparing.pairing import by_id, is_reordered, paired
from pathway.comparing.wording import worded
from pathway.language.definition import Do, State, Track, Transition


def tracks_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the tracks of both versions."""
    for name, old, new in by_id(both.old.tracks, both.new.tracks):
        spot = Spot(("tracks", name), f"track {name}", f"track {name}")
        if old is None and new is not None:
            yield from _whole(spot, new, both, True)
        elif new is None and old is not None:
            yield from _whole(spot, old, both, False)
        elif old is not None and new is not None and old != new:
            yield from _track(spot, old, new, both)


def _whole(spot: Spot, track: Track, both: Both, is_new: bool) -> Iterator[Difference]:
    """A track that only one version has, with each of its states."""
    tell = Spot.came if is_new else Spot.went
    yield tell(spot, "track", f'"{track.title}", starts with {track.start}')
    for state in track.states.values():
        yield tell(_spot(state), "step", _state_words(state, both))


def _track(spot: Spot, old: Track, new: Track, both: Both) -> Iterator[Difference]:
    yield from spot.value("start", old.start, new.start, lead="starts with ")
    yield from worded(spot, "title", old.title, new.title)
    for _, before, after in by_id(old.states, new.states):
        if before is None and after is not None:
            yield _spot(after).came("step", _state_words(after, both))
        elif after is None and before is not None:
            yield _spot(before).went("step", _state_words(before, both))
        elif before is not None and after is not None and before != after:
            yield from _state(_spot(after), before, after, both)


def _spot(state: State) -> Spot:
    return Spot(
        ("tracks", state.track, state.name), f"{state.track}: {state.title} ({state.name})", state.name
    )


def _state_words(state: State, both: Both) -> str:
    called = [do_words(do, both) for do in state.do]
    ways = [f"{way.to} when {both.guard(way.when)}" for way in state.next]
    asks = listed([both.fact(name) for name in state.asks], "")
    parts = (
        f'"{state.title}", {state.kind}',
        f"asks {asks}" if asks else "",
        f"calls for {'; '.join(called)}" if called else "",
        f"leads to {'; '.join(ways)}" if ways else "",
    )
    return "; ".join(part for part in parts if part)


def _state(spot: Spot, old: State, new: State, both: Both) -> Iterator[Difference]:
    yield from _dos(spot, old.do, new.do, both)
    yield from _ways(spot, old.next, new.next, both)
    yield from spot.value("kind", old.kind, new.kind)
    yield from spot.flag(
        "choice", old.choice, new.choice, "the clinician chooses the way on", "the facts decide the way on"
    )
    yield from _asks(spot, old.asks, new.asks, both)
    yield from spot.value("phase", old.phase, new.phase, Weight.CONTENT)
    yield from worded(spot, "title", old.title, new.title)
    yield from worded(spot, "text", old.text, new.text)
    yield from sourced(spot, old.cites, new.cites)


def _asks(spot: Spot, old: tuple[str, ...], new: tuple[str, ...], both: Both) -> Iterator[Difference]:
    yield from (spot.added("question", both.fact(name)) for name in new if name not in old)
    yield from (spot.removed("question", both.fact(name)) for name in old if name not in new)
    if old != new and sorted(old) == sorted(new):
        then, now = (listed([both.fact(name) for name in names]) for names in (old, new))
        yield from spot.value("order of questions", then, now, Weight.CONTENT)


# --- what a state calls for ---------------------------------------------------------------------
def do_words(do: Do, both: Both) -> str:
    """An action as a state calls for it: when, until when, within what time."""
    parts = (
        f"when {both.guard(do.when)}" if do.when is not None else None,
        f"until {both.guard(do.until)}" if do.until is not None else None,
        _deadline(do, both),
        "again at each entry" if do.again else None,
    )
    return ", ".join([both.action(do.action), *(part for part in parts if part)])


def _deadline(do: Do, both: Both) -> str | None:
    since = "" if do.of is None else f" of {both.fact(do.of)}"
    if do.within is None:
        return None if do.of is None else f"counted from {both.fact(do.of)}"
    return f"{spelled(do.within, 'within ')}{since}"


def paired_dos(old: tuple[Do, ...], new: tuple[Do, ...]) -> list[tuple[Do | None, Do | None]]:
    """What both versions of a state call for: the same action in either."""
    return paired(old, new, essence, lambda do: (do.action, essence(do.when)), lambda do: do.action)


def _dos(spot: Spot, old: tuple[Do, ...], new: tuple[Do, ...], both: Both) -> Iterator[Difference]:
    pairs = paired_dos(old, new)
    for before, after in pairs:
        if before is None and after is not None:
            yield spot.below("do", after.action, head=spot.head).added("action", do_words(after, both))
        elif after is None and before is not None:
            yield spot.below("do", before.action, head=spot.head).removed("action", do_words(before, both))
        elif before is not None and after is not None:
            head = f"{both.action(after.action)} in {spot.head}"
            yield from _do(spot.below("do", after.action, head=head), before, after, both)
    if is_reordered(old, new, pairs):
        then, now = (listed([both.action(do.action) for do in dos]) for dos in (old, new))
        yield from spot.value("order of actions", then, now, Weight.CONTENT)


def _do(spot: Spot, old: Do, new: Do, both: Both) -> Iterator[Difference]:
    yield from spot.value("deadline", _deadline(old, both), _deadline(new, both), lead="")
    yield from condition(spot, "called for when", old.when, new.when, both)
    yield from condition(spot, "until", old.until, new.until, both)
    yield from spot.value("soon", spelled(old.soon), spelled(new.soon), lead="soon means the last ")
    yield from spot.flag(
        "again", old.again, new.again, "called for again at each entry", "done once, done for good"
    )
    yield from worded(spot, "text", old.text, new.text)
    yield from sourced(spot, old.cites, new.cites)


# --- ways out -----------------------------------------------------------------------------------
def paired_ways(
    old: tuple[Transition, ...], new: tuple[Transition, ...]
) -> list[tuple[Transition | None, Transition | None]]:
    """The ways out of both versions of a state: those that lead to the same, else on the same condition."""
    return paired(
        old, new, essence, lambda way: (way.to, essence(way.when)), lambda way: way.to,
        lambda way: essence(way.when),
    )  # fmt: skip


def _ways(
    spot: Spot, old: tuple[Transition, ...], new: tuple[Transition, ...], both: Both
) -> Iterator[Difference]:
    pairs = paired_ways(old, new)
    for before, after in pairs:
        if before is None and after is not None:
            yield _way_spot(spot, after).came("transition", _way_words(after, both))
        elif after is None and before is not None:
            yield _way_spot(spot, before).went("transition", _way_words(before, both))
        elif before is not None and after is not None:
            yield from _way(_way_spot(spot, after), before, after, both)
    if is_reordered(old, new, pairs):
        then, now = (listed([way.to for way in ways]) for ways in (old, new))
        yield from spot.value("order of the ways out", then, now, Weight.CONTENT)


def _way_spot(spot: Spot, way: Transition) -> Spot:
    return spot.below("next", way.to, head=f"{way.source} -> {way.to}")


def _way_words(way: Transition, both: Both) -> str:
    how = ", taken automatically" if way.auto else ""
    text = f', "{way.text}"' if way.text else ""
    return f"when {both.guard(way.when)}{how}{text}"


def _way(spot: Spot, old: Transition, new: Transition, both: Both) -> Iterator[Difference]:
    yield from spot.value("target", old.to, new.to, lead="leads to ")
    for clause in clauses(old.when, new.when, both):
        told = in_words(old.when, new.when, both)
        yield spot.headed(f"guard of {spot.head}").says("guard", clause.words, *told, clause.weight)
    yield from spot.flag("automatic", old.auto, new.auto, "taken automatically", "confirmed by the clinician")
    yield from worded(spot, "text", old.text, new.text)
    yield from sourced(spot, old.cites, new.cites)
