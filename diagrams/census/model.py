"""What a definition holds that must be read from every format: steps, ways, actions, rules.

It is computed from the definition alone, beside and not through what makes charts and outlines of it, so that
a transition, a dose or a safeguard that is dropped there is missed here.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.census.actions import called, uncalled
from diagrams.census.elements import Element, Kind, heading, phrase, place_of, said, sources
from diagrams.census.rules import derived, notices, safeguards
from diagrams.text import inert
from pathway.language.definition import Definition, State, Track, Transition


def census(definition: Definition) -> tuple[Element, ...]:
    """Everything of the definition that a format has to carry, in written order."""
    found: list[Element] = []
    for track in definition.tracks.values():
        found += _track(track, definition)
        for state in track.states.values():
            found += [*_state(state, definition), *called(state, definition)]
            found += (element for way in state.next for element in _way(way, definition))
    found += [*safeguards(definition), *notices(definition), *derived(definition), *uncalled(definition)]
    return tuple(one for one in found if one.words)


def _track(track: Track, definition: Definition) -> Iterator[Element]:
    yield Element(Kind.TRACK, f"track-{track.name}", inert(track.title))
    yield Element(Kind.START, f"start-{track.name}", inert(f"Start: {track.title}"))
    first = f"start-{track.name} > {place_of(track.states[track.start])}"
    yield Element(Kind.START, f"leads-entry-{track.name}", first)
    for phase in {state.phase: None for state in track.states.values()}:
        if phase is not None:
            title = inert(definition.phases.get(phase, phase))
            yield Element(Kind.PHASE, f"phase-{track.name}-{phase}", title)


def _state(state: State, definition: Definition) -> Iterator[Element]:
    place = place_of(state)
    yield Element(Kind.STATE, place, heading(state))
    yield Element(Kind.REMARK, place, inert(state.text or ""))
    for fact in state.asks:
        yield Element(Kind.ASKS, place, inert(definition.facts[fact].label))
    about = enumerate(definition.notices.values(), start=1)
    marks = [f"N{at}" for at, one in about if (state.track, state.name) in one.states]
    yield Element(Kind.MARK, place, f"Notice {phrase(marks)}" if marks else "")
    yield Element(Kind.SOURCES, place, sources(state.cites, None, definition))
    yield from (_tie(beside, state) for beside in _beside(state, definition))


def _beside(state: State, definition: Definition) -> Iterator[str]:
    """What stands in a box of its own: the actions of a decision, and what is no order."""
    orderable = {definition.actions[do.action].orderable for do in state.do}
    if state.kind == "decision" and True in orderable:
        yield "calls"
    if False in orderable:
        yield "shown"


def _tie(beside: str, state: State) -> Element:
    box = f"{beside}-{place_of(state)}"
    return Element(Kind.TIE, f"leads-to-{box}", f"{place_of(state)} > {box} numbered {state.number}")


def _way(way: Transition, definition: Definition) -> Iterator[Element]:
    states = definition.tracks[way.track].states
    name = f"{way.track}-{way.source}-{way.index}"
    ends = f"{place_of(states[way.source])} > {place_of(states[way.to])}"
    yield Element(Kind.TRANSITION, f"leads-{name}", ends)
    yield Element(Kind.GUARD, f"way-{name}", said(way.when))
    yield Element(Kind.REMARK, f"way-{name}", inert((way.text or "").strip().removesuffix(".")))
    yield Element(Kind.SOURCES_OF_A_WAY, f"way-{name}", sources(way.cites, None, definition))
