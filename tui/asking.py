"""What is not open now, as something to ask about: ways on and actions, by row and by name."""

from __future__ import annotations

from collections.abc import Hashable

from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.supposing.nearest import nearest_changes
from pathway.supposing.questions import questions
from pathway.supposing.subjects import Offer, Subject, WayOn
from tui.commands import action_named, place_named
from tui.lines import Line, heading
from tui.session import entry_error
from tui.sitting import Sitting
from tui.what_if.supposed import forked
from tui.widgets.row import Row
from tui.would_change import nearest_lines, question_lines


def closed_rows(definition: Definition, view: View) -> list[Row]:
    """Held and blocked actions, ways that are not open, then the actions that nothing calls for now."""
    rows = [
        Row(("action", one.action), Line(one.title, f"{one.standing.upper()}:"))
        for one in view.actions
        if one.standing in ("held", "blocked")
    ]
    rows += [
        Row(("way", way.track, way.to), Line(f"to {way.to_title}", f"{track.title}:"))
        for track in view.tracks
        for way in track.transitions
        if way.standing in ("closed", "waiting")
    ]
    listed = {one.action for one in view.actions}
    return rows + [
        Row(("action", name), Line(action.title, "not called for:"))
        for name, action in definition.actions.items()
        if name not in listed
    ]


def subject_of(key: Hashable) -> Subject:
    """What a row of `closed_rows` asks about."""
    match key:
        case ("way", str(track), str(to)):
            return WayOn(track, to)
        case (_, str(action)):
            return Offer(action)
        case _:
            raise TypeError(f"{key!r} is no row of what is closed")


def title_of(definition: Definition, key: Hashable) -> str:
    """The row in words."""
    match subject_of(key):
        case WayOn(track, to):
            return f"{definition.tracks[track].title}, to {definition.tracks[track].states[to].title}"
        case Offer(action):
            return definition.actions[action].title


def near_lines(sitting: Sitting, name: str) -> list[Line]:
    """What would open an action, or a way given as `track.state`. Raises EntryError."""
    definition = sitting.definition
    key = ("action", name) if name in definition.actions else _way_named(definition, sitting.view, name)
    case = forked(sitting.session)
    found = nearest_changes(case, subject_of(key))
    return [heading(title_of(definition, key)), *nearest_lines(definition, found, case.view, sitting.now)]


def ranked_lines(sitting: Sitting) -> list[Line]:
    """What is missing, ordered by what it can still change. Raises EntryError."""
    return question_lines(sitting.definition, questions(forked(sitting.session)))


def _way_named(definition: Definition, view: View, name: str) -> tuple[str, ...]:
    places = {state for track in definition.tracks.values() for state in track.states}
    if "." not in name and name not in places:
        return ("action", action_named(definition, name))
    track, to = place_named(definition, name)
    here = next((one for one in view.tracks if one.track == track), None)
    if here is None or to not in [way.to for way in here.transitions]:
        raise entry_error(f"No way leads from where {track} stands now to {to}. `map` shows the ways.")
    return ("way", track, to)
