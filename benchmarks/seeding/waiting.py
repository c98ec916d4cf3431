"""Showing that cases wait: tracks for each other for ever, or a state for a fact with no deadline."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.seeding.patients import Place, Played, Story, play, stories_of
from benchmarks.seeding.showing import Tried
from pathway.engine.case import Case
from pathway.language.definition import State
from pathway.language.verdict import Verdict


def shows_mutual_wait(tried: Tried) -> tuple[str, tuple[Place, ...]] | None:
    """Two tracks or more, none at its end, all of whose ways read nothing but each other, and are FALSE.

    Nothing that can be recorded changes such guards, so what is seen once holds for ever.
    """
    for story in stories_of(tried.library):
        played = play(tried.compiled, story)
        if played.stopped is None:
            stuck = _stuck(tried, played.case)
            if len(stuck) > 1:
                words = " and ".join(".".join(place) for place in stuck)
                return f"the engine comes to {words}, which read only each other and are FALSE", stuck
    return None


def _stuck(tried: Tried, case: Case) -> tuple[Place, ...]:
    here = {
        name: tried.definition.tracks[name].states[stand.state] for name, stand in case.memory.stands.items()
    }
    waiting = {name: state for name, state in here.items() if state.next and _reads_tracks_only(state)}
    while True:
        kept = {
            name: state
            for name, state in waiting.items()
            if all(way.when.tracks <= set(waiting) | _ended(here) for way in state.next)
        }
        if len(kept) == len(waiting):
            break
        waiting = kept
    shut = all(
        case.readings.reason(way.when).verdict is Verdict.FALSE
        for state in waiting.values()
        for way in state.next
    )
    return tuple((name, state.name) for name, state in waiting.items()) if shut else ()


def _ended(here: dict[str, State]) -> set[str]:
    return {name for name, state in here.items() if not state.next}


def _reads_tracks_only(state: State) -> bool:
    return all(
        way.when.tracks and not (way.when.facts or way.when.deeds or way.when.reads_clock)
        for way in state.next
    )


def shows_waiting(tried: Tried, place: Place) -> str | None:
    """A case in a state whose ways wait for facts alone, with no deadline running."""
    state = tried.definition.tracks[place[0]].states[place[1]]
    if any(way.when.deeds or way.when.tracks or way.when.reads_clock for way in state.next):
        return None
    for story in tried.library.to(place):
        played = play(tried.compiled, _without(story, state))
        if played.stopped is None and _waits(played, place):
            return f"the engine waits in {'.'.join(place)} with nothing due"
    return None


def _without(story: Story, state: State) -> Story:
    """The story as told when the facts that the state's ways read were never recorded with its arrival."""
    names = {name for way in state.next for name in way.when.facts}
    if not story:
        return story
    last = replace(story[-1], facts=tuple(one for one in story[-1].facts if one.fact not in names))
    return (*story[:-1], last)


def _waits(played: Played, place: Place) -> bool:
    view = played.case.view
    track = next((one for one in view.tracks if (one.track, one.state) == place), None)
    if track is None or not all(way.standing == "waiting" for way in track.transitions):
        return False
    return not any(action.due is not None and place in action.called_by for action in view.actions)
