"""An excerpt of a pathway: some of its tracks, with all that concerns them and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagrams.layout import RenderError
from pathway.language.definition import Definition, Guard, Notice, State
from pathway.language.problems import nearest


def excerpt(definition: Definition, tracks: Iterable[str]) -> Definition:
    """The definition with only these tracks; its title says that it is an excerpt. Raises RenderError."""
    chosen = {name: definition.tracks[_known(name, definition)] for name in tracks}
    states = [state for track in chosen.values() for state in track.states.values()]
    called = {do.action for state in states for do in state.do}
    actions = {name: action for name, action in definition.actions.items() if name in called}
    safeguards = {
        name: replace(item, actions=tuple(one for one in item.actions if one in called))
        for name, item in definition.safeguards.items()
        if called & set(item.actions)
    }
    here = {(state.track, state.name) for state in states}
    notices = {
        name: _concerning(notice, called, here)
        for name, notice in definition.notices.items()
        if called & set(notice.about) or here & set(notice.states)
    }
    guards = [item.when for item in safeguards.values()]
    guards += [notice.when for notice in notices.values() if notice.when is not None]
    read = _read(definition, states, guards) | {dose.times for a in actions.values() for dose in a.doses}
    titles = ", ".join(track.title for track in chosen.values())
    return replace(
        definition,
        title=f"{definition.title} (excerpt: {titles})",
        tracks=chosen,
        actions=actions,
        safeguards=safeguards,
        notices=notices,
        facts={name: fact for name, fact in definition.facts.items() if name in read},
    )


def _concerning(notice: Notice, called: set[str], here: set[tuple[str, str]]) -> Notice:
    about = tuple(action for action in notice.about if action in called)
    return replace(notice, about=about, states=tuple(state for state in notice.states if state in here))


def _known(name: str, definition: Definition) -> str:
    if name in definition.tracks:
        return name
    close = nearest(name, definition.tracks)
    fix = f"Perhaps {close} was meant" if close else f"It has: {', '.join(definition.tracks)}"
    raise RenderError(f"{definition.id} has no track {name!r}", fix)


def _read(definition: Definition, states: list[State], guards: list[Guard]) -> set[str | None]:
    """The facts that the excerpt asks for or reads, derived ones followed down."""
    found: set[str | None] = {fact for state in states for fact in state.asks}
    ways = [way.when for state in states for way in state.next]
    conditions = [guard for state in states for do in state.do for guard in (do.when, do.until) if guard]
    for guard in (*guards, *ways, *conditions):
        found |= set(guard.reads) | guard.facts
    return found | {do.of for state in states for do in state.do}
