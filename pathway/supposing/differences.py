"""What an entry would change on the view: ways and offers, figures and warnings, or nothing to be seen."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from pathway.engine.view import ActionView, View

Table = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two views, by name: ways as `track.state`, actions, warnings and facts by id.

    `course`: where tracks go, which ways are open, which actions are offered or blocked. `figures`: doses,
    deadlines, schedules, warnings and computed values. `parts`: how single safeguards stand, though the
    action stands as it did, and when time alone changes something next.
    """

    course: tuple[str, ...]
    figures: tuple[str, ...]
    parts: tuple[str, ...]


def difference(before: View, after: View) -> Difference:
    """What changed, the fact entered and what is still missing aside."""
    return Difference(
        course=_differing(_course(before), _course(after)),
        figures=_differing(_figures(before), _figures(after)),
        parts=_differing(_parts(before), _parts(after)),
    )


def _differing(before: Table, after: Table) -> tuple[str, ...]:
    names = dict.fromkeys((*before, *after))
    return tuple(name for name in names if before.get(name) != after.get(name))


def _course(view: View) -> Table:
    """Where each track stands, how each way out stands, how each action is offered."""
    found: dict[str, Hashable] = {track.track: track.state for track in view.tracks}
    for track in view.tracks:
        for way in track.transitions:
            key = f"{way.track}.{way.to}"
            found[key] = (found.get(key), way.standing)
    return found | {action.action: (action.standing, action.called) for action in _offered(view.actions)}


def _offered(actions: Iterable[ActionView]) -> Iterable[ActionView]:
    """The actions that are on show: called for, or blocked."""
    return (action for action in actions if action.called or action.standing == "blocked")


def _figures(view: View) -> Table:
    doses: dict[str, Hashable] = {
        action.action: (
            action.due,
            action.urgency,
            action.started,
            action.schedule,
            None if action.dose is None else (action.dose.amount, action.dose.unit, action.dose.divided),
            None if action.dose is None else (action.dose.basis, action.dose.note, action.dose.capped),
        )
        for action in _offered(view.actions)
    }
    deeds = {f"{deed.action}:{deed.seq}": (deed.due, deed.urgency, deed.judged) for deed in view.done}
    warnings = {warning.key: (warning.severity, warning.text) for warning in view.warnings}
    computed = {fact.fact: (fact.value, fact.unit) for fact in view.facts if fact.derived}
    return {**doses, **deeds, **warnings, **computed}


def _parts(view: View) -> Table:
    found: dict[str, Hashable] = {
        f"{action.action}:{guard.safeguard}": guard.standing
        for action in view.actions
        for guard in action.safeguards
    }
    return found | {"": view.next_change_at}
