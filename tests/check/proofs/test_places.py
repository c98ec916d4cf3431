"""Places are an over-approximation: wherever a case on the engine comes to stand, `Places` knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.places import Place, Places, TooManyPlacesError
from pathway.engine.batch import Batch
from pathway.engine.case import Case
from pathway.engine.events import ActionDeclined, ActionDone, TransitionTaken
from tests.check.proofs.walks import SEPSIS, SMALL, compiled_of, entered, opened, walks

FEW = settings(max_examples=settings().max_examples // 4)
NAMES = (*SMALL, SEPSIS)


@cache
def known(name: str, tracks: tuple[str, ...], said: tuple[tuple[str, str], ...]) -> frozenset[Place] | None:
    """All places of some tracks, with every state of theirs watched; None where there are too many."""
    compiled = compiled_of(name)
    explorer = Explorer.of(compiled, Oracle())
    visits = tuple((track, state) for track in tracks for state in compiled.definition.tracks[track].states)
    try:
        return frozenset(Places(explorer.ways, explorer.oracle, tracks, said, visits[:6]).all())
    except TooManyPlacesError:
        return None


def trodden(case: Case, tracks: tuple[str, ...], said: tuple[tuple[str, str], ...]) -> Iterator[Place]:
    """Every place that a case was in: tracks that moved on one snapshot moved together."""
    definition = case.compiled.definition
    stands = {track: definition.tracks[track].start for track in tracks}
    visits = [(track, state) for track in tracks for state in definition.tracks[track].states][:6]
    spoken, visited = set[tuple[str, str]](), set[tuple[str, str]]()
    events = list(case.events)
    for number, event in enumerate(events):
        if isinstance(event, TransitionTaken) and event.track in stands:
            stands[event.track] = event.to
        if isinstance(event, ActionDone):
            spoken.add(("done", event.action))
        if isinstance(event, ActionDeclined):
            spoken.add(("declined", event.action))
        following = events[number + 1] if number + 1 < len(events) else None
        if isinstance(event, TransitionTaken) and _together(event, following):
            continue
        visited |= set(stands.items()) & set(visits)
        yield Place(
            tuple(stands[track] for track in tracks), frozenset(spoken & set(said)), frozenset(visited)
        )


def _together(event: TransitionTaken, following: object) -> bool:
    """Whether both were judged on one snapshot."""
    return (
        isinstance(following, TransitionTaken)
        and (following.batch, following.round, following.cause) == (event.batch, event.round, event.cause)
        and event.cause == "auto"
    )


def cases(name: str) -> st.SearchStrategy[Case]:
    """Cases on an original; sending a track back is the act of a person who answers for it."""

    def of(said: tuple[Batch, ...]) -> Case:
        case = opened(name)
        for batch in said:
            case = entered(case, batch) or case
        return case

    return walks(name, 8).map(of)


@FEW
@given(st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), cases(name))))
def test_a_case_stands_nowhere_that_places_do_not_know_of(drawn: tuple[str, Case]) -> None:
    name, case = drawn
    tracks = tuple(compiled_of(name).definition.tracks)
    for some in (*((track,) for track in tracks), tracks[:2], tracks):
        places = known(name, some, ())
        assert places is None or set(trodden(case, some, ())) <= places


@FEW
@given(st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), cases(name))))
def test_nor_with_what_was_done_and_declined_remembered(drawn: tuple[str, Case]) -> None:
    name, case = drawn
    definition = compiled_of(name).definition
    deeds = sorted(definition.actions)[:2]
    said = tuple((what, action) for action in deeds for what in ("done", "declined"))
    tracks = tuple(definition.tracks)
    places = known(name, tracks, said)
    assert places is None or set(trodden(case, tracks, said)) <= places


@pytest.mark.parametrize("name", NAMES)
def test_places_say_something_and_are_not_simply_all_there_are(name: str) -> None:
    definition = compiled_of(name).definition
    tracks = tuple(definition.tracks)
    places = known(name, tracks, ())
    assert places is not None
    stands = {place.stands for place in places}
    assert stands >= {tuple(definition.tracks[track].start for track in tracks)}
    assert len(stands) > 1
