"""Stories in which an action is recommended: its safeguards cleared one fact after the other."""

from __future__ import annotations

from itertools import islice

from benchmarks.seeding.patients import FIRST, Library, Story, later, play, said
from benchmarks.seeding.values import thresholds, values_of
from pathway.engine.compiled import CompiledPathway
from pathway.engine.view import ActionView

STANDING = ("blocks", "holds")
KEPT = 2


def offers_of(library: Library, action: str) -> list[Story]:
    """Stories of the original in which an action is recommended, looked for when first asked for."""
    if action not in library.offers:
        places = [
            (track.name, state.name)
            for track in library.definition.tracks.values()
            for state in track.states.values()
            if any(do.action == action for do in state.do)
        ]
        stories = (story for place in places for story in library.to(place))
        found = (_cleared(library.compiled, action, story) for story in stories)
        library.offers[action] = list(islice((one for one in found if one is not None), KEPT))
    return library.offers[action]


def _cleared(compiled: CompiledPathway, action: str, story: Story) -> Story | None:
    """The story with one more entry of facts that clear what stands against the action."""
    guards = [item for item in compiled.definition.safeguards.values() if action in item.actions]
    names = sorted({name for item in guards for name in item.when.facts})
    names = [name for name in names if compiled.definition.facts[name].recordable]
    numbers = thresholds(compiled.definition)
    at = (story[-1].at if story else FIRST) + 600
    chosen: dict[str, str | tuple[str, ...]] = {}
    best = _against(compiled, action, later(story))
    for name in names:
        for value in values_of(compiled.definition.facts[name], numbers.get(name, ()), at):
            told = later(story, facts=said({**chosen, name: value}))
            left = _against(compiled, action, told)
            if left < best:
                best, chosen[name] = left, value
    return later(story, facts=said(chosen)) if best == 0 else None


def _against(compiled: CompiledPathway, action: str, story: Story) -> int:
    """How much stands against an action at the end: none where it is recommended."""
    played = play(compiled, story)
    view: ActionView | None = next((one for one in played.case.view.actions if one.action == action), None)
    if view is None or not view.called or played.stopped is not None:
        return 1_000
    if view.standing == "recommended":
        return 0
    return 1 + sum(one.standing in STANDING for one in view.safeguards) * 4 + len(view.needs)
