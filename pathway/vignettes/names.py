"""The names that a vignette may use, by what they name; an unknown one is told with the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pathway.language.definition import Definition
from pathway.language.problems import nearest, visible

STANDING_ALERTS = ("done_while_held", "done_while_blocked", "conflict")

ACTION, TRACK, STATE, FACT = "action", "track", "state", "fact"
SAFEGUARD, SOURCE, WARNING, LAYER = "safeguard", "source", "warning", "layer"
SHOWN_AT_ONCE = 12


class Names:
    """Everything that can be named in a vignette of one definition, with all its layers."""

    def __init__(self, definition: Definition) -> None:
        facts = definition.facts
        states = [f"{track.name}.{state}" for track in definition.tracks.values() for state in track.states]
        alerts = [*STANDING_ALERTS, *(f"disagrees_{name}" for name, fact in facts.items() if fact.formula)]
        warnings = (*definition.notices, *definition.safeguards, *definition.sources, *alerts)
        self._of: Mapping[str, dict[str, None]] = {
            ACTION: dict.fromkeys(definition.actions),
            TRACK: dict.fromkeys(definition.tracks),
            STATE: dict.fromkeys(states),
            FACT: dict.fromkeys(facts),
            SAFEGUARD: dict.fromkeys(definition.safeguards),
            SOURCE: dict.fromkeys(definition.sources),
            WARNING: dict.fromkeys(warnings),
            LAYER: dict.fromkeys(definition.layers),
        }

    def fault(self, name: str, kinds: tuple[str, ...]) -> tuple[str, str] | None:
        """What is wrong with a name that shall be of one of these kinds, and the fix; None for a good one."""
        if any(name in self._of[kind] for kind in kinds):
            return None
        known = [each for kind in kinds for each in self._of[kind]]
        return f"There is no {' or '.join(kinds)} `{visible(name)}`", fix_of(name, known)


def fix_of(name: str, known: Iterable[str]) -> str:
    """The nearest of the known names, or those there are where they are few."""
    every = list(known)
    close = nearest(name, every)
    if close:
        return f"Did you mean `{close}`?"
    if not every:
        return "This pathway has none"
    more = ", ..." if len(every) > SHOWN_AT_ONCE else ""
    return f"There are: {', '.join(every[:SHOWN_AT_ONCE])}{more}"
