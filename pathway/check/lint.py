"""What the shape of a definition alone gives away: no case is stepped and no guard is solved for this."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.check.findings import ERROR, INFO, SEVERITIES, WARNING, Coverage, Finding
from pathway.check.reading import cites_of, facts_read, states_of
from pathway.language.definition import Definition, State, Track


def lint(definition: Definition) -> tuple[Finding, ...]:
    """All structural findings, the gravest first, then in the order of the definition."""
    found = [
        *_unreachable(definition),
        *_dead_ends(definition),
        *_circles(definition),
        *_never_called(definition),
        *_never_read(definition),
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def coverage(definition: Definition) -> Coverage:
    """How many statements are cited; those set aside are named in a file of their own."""
    statements = frozenset(definition.sources)
    return Coverage(len(statements), len(statements & cites_of(definition)), 0)


# --- states -------------------------------------------------------------------------------------
def reachable(track: Track) -> frozenset[str]:
    """The states that some sequence of transitions leads to, whatever their guards say."""
    found, waiting = {track.start}, [track.start]
    while waiting:
        fresh = {way.to for way in track.states[waiting.pop()].next} - found
        found |= fresh
        waiting += sorted(fresh)
    return frozenset(found)


def _unreachable(definition: Definition) -> Iterator[Finding]:
    for track in definition.tracks.values():
        there = reachable(track)
        for state in track.states.values():
            if state.name not in there:
                text = f"no transition of {track.name} leads to {state.name}, so no case can be in it"
                yield _about(state, "unreachable", ERROR, text, "Lead there from some state, or remove it")


def _dead_ends(definition: Definition) -> Iterator[Finding]:
    for state in states_of(definition):
        if state.kind != "end" and not state.next:
            text = f"{state.name} has no way out and is no end"
            yield _about(state, "dead-end", ERROR, text, "Give it transitions, or write kind: end")


def _about(state: State, code: str, severity: str, text: str, fix: str) -> Finding:
    return Finding(code, severity, text, fix, state.place, f"{state.track}.{state.name}")


# --- circles of automatic transitions -----------------------------------------------------------
def _circles(definition: Definition) -> Iterator[Finding]:
    """Groups of states that automatic transitions lead round in; whether a case can spin, proofs decide."""
    for track in definition.tracks.values():
        told: set[str] = set()
        for state in track.states.values():
            circle = () if state.name in told else _circle_through(track, state.name)
            if circle:
                told |= _mutual(track, state.name)
                words = " -> ".join((*circle, circle[0]))
                text = f"automatic transitions can lead round in a circle, such as {words}"
                fix = "Let a clinician confirm one of them, unless its guard needs a new entry each time"
                yield _about(state, "auto-cycle", INFO, text, fix)


def _mutual(track: Track, state: str) -> frozenset[str]:
    """The states that automatic transitions lead to and back from."""
    return frozenset(name for name in _led_to(track, state) if state in _led_to(track, name))


def _led_to(track: Track, state: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [state]
    while waiting:
        fresh = set(_automatic(track, waiting.pop())) - found
        found |= fresh
        waiting += sorted(fresh)
    return frozenset(found)


def _circle_through(track: Track, start: str) -> tuple[str, ...]:
    """The shortest automatic circle from a state back to itself; empty where there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        steps = _automatic(track, path[-1])
        if start in steps:
            return path
        paths += [(*path, to) for to in steps if to not in seen]
        seen.update(steps)
    return ()


def _automatic(track: Track, state: str) -> list[str]:
    return [way.to for way in track.states[state].next if way.auto]


# --- actions and facts --------------------------------------------------------------------------
def _never_called(definition: Definition) -> Iterator[Finding]:
    called = {do.action for state in states_of(definition) for do in state.do}
    for action in definition.actions.values():
        if action.name not in called:
            text = f"no state calls for {action.name}, so nobody is ever told to do it"
            fix = "Put it under `do:` of a state, or remove it"
            yield Finding("never-called", WARNING, text, fix, action.place)


def _never_read(definition: Definition) -> Iterator[Finding]:
    read = facts_read(definition)
    for fact in definition.facts.values():
        if fact.name not in read and not fact.is_derived:
            text = f"nothing reads {fact.name}: whatever is recorded changes nothing"
            fix = "Use it in a guard, formula or dose, or remove it"
            yield Finding("never-read", INFO, text, fix, fact.place)
