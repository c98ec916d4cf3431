"""What the mere shape of a definition gives away."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.check.findings import ERROR, INFO, WARNING, Finding, gravest_first
from pathway.check.reading import facts_read, states_of
from pathway.language.definition import Definition, State, Track


def lint(definition: Definition) -> tuple[Finding, ...]:
    """All structural findings, the gravest first, then in the order of the definition."""
    return gravest_first(
        [
            *_unreachable(definition),
            *_dead_ends(definition),
            *_never_called(definition),
            *_never_read(definition),
        ]
    )


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


# --- actions and facts --------------------------------------------------------------------------
def _never_called(definition: Definition) -> Iterator[Finding]:
    called = {do.action for state in states_of(definition) for do in state.do}
    # An action that nobody calls for may be there to be forbidden: its safeguard shows it as blocked.
    called |= {
        name for item in definition.safeguards.values() if item.effect == "block" for name in item.actions
    }
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
