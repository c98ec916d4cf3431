"""What the last entry of a case shows, as the `expect:` of a vignette: states, actions, warnings, facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any, cast

from pathway.engine.batch import Batch
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.doses import amount_of, applicable
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.engine.view import ActionView
from pathway.language.calendar import format_instant
from pathway.language.expression import Value
from pathway.language.numbers import exact_text
from pathway.language.values import kept_text, shown
from pathway.vignettes.comparing import last_deed
from pathway.vignettes.present import Present

Entries = tuple[Batch, ...]
Expect = dict[str, Any]


@dataclass(slots=True)
class Replays:
    """Cases stepped again from their entries, as a timeline is; each beginning once."""

    compiled: CompiledPathway
    _cases: dict[Entries, Case] = field(default_factory=dict[Entries, Case])

    def case(self, entries: Entries) -> Case:
        """The case after these entries: to be forked, not to be entered into. Raises EntryError."""
        if entries not in self._cases:
            if len(entries) == 1:
                case, _ = self._opened(entries[0])
            else:
                case = self.case(entries[:-1]).fork()
            case.enter(entries[-1], CONFIRM)
            self._cases[entries] = case
        return self._cases[entries]

    def _opened(self, first: Batch) -> tuple[Case, tuple[Any, ...]]:
        case, step = open_case(self.compiled, "boundary", first.at, first.by, first.at)
        return case, step.taken

    def present(self, entries: Entries) -> Present | None:
        """What the last entry shows; None where something of it cannot be recorded."""
        try:
            if len(entries) == 1:
                case, opening = self._opened(entries[0])
            else:
                case, opening = self.case(entries[:-1]).fork(), ()
            step = case.commit(entries[-1], CONFIRM)
        except EntryError:
            return None
        if step.refused:
            return None
        return Present(replace(step, taken=(*opening, *step.taken)), case)


def merged(*parts: Expect) -> Expect:
    """All that the parts expect; what stands below one key is joined."""
    found: Expect = {}
    for part in parts:
        for key, value in part.items():
            found[key] = _joined(found[key], value) if key in found else value
    return found


def _joined(before: Any, value: Any) -> Any:
    if isinstance(before, dict) and isinstance(value, dict):
        return merged(cast("Expect", before), cast("Expect", value))
    if isinstance(before, list) and isinstance(value, list):
        return list(dict.fromkeys([*cast("list[str]", before), *cast("list[str]", value)]))
    return value


# --- tracks -------------------------------------------------------------------------------------
def states(now: Present, tracks: Iterable[str]) -> Expect:
    """Where tracks stand."""
    found = {name: now.tracks[name].state for name in now.definition.tracks if name in set(tracks)}
    return {"states": found} if found else {}


def moves(now: Present, target: str) -> Expect:
    """That a state was entered in this step, and where the tracks that moved have come to rest."""
    moved = {move.track for move in now.step.taken}
    return merged({"taken": [target]}, states(now, moved))


def way(now: Present, track: str, source: str, to: str) -> Expect:
    """How a way out of a state stands; where it has been left, only where the track stands."""
    place = states(now, [track])
    if now.tracks[track].state != source:
        return place
    name = f"{track}.{to}"
    if name in _names(now, "open"):
        return merged(place, {"open": [name]})
    return merged(place, waiting(now, name) or {"not": {"open": [name], "waiting": [name]}})


def waiting(now: Present, name: str) -> Expect:
    """That a `track.state` waits, and for which facts; nothing where it does not."""
    found = [one for one in now.shown("waiting") if one.name == name]
    if not found:
        return {}
    needs = sorted({need for one in found for need in one.details if need in now.definition.facts})
    return {"waiting": {name: needs} if needs else [name]}


def _names(now: Present, key: str) -> set[str]:
    return {one.name for one in now.shown(key)}


# --- actions ------------------------------------------------------------------------------------
def action(now: Present, name: str) -> Expect:
    """How an action stands: recommended, held or blocked and by what, or none of these."""
    view = now.actions.get(name)
    if view is not None and view.standing == "blocked":
        return {"blocked": {name: _against(view, "blocks")}, "not": {"recommended": [name]}}
    if view is None or not view.called:
        return {"not": {"recommended": [name], "held": [name], "blocked": [name]}}
    if view.standing == "held":
        holding = _against(view, "holds")
        needs = {
            need
            for guard in view.safeguards
            if guard.standing == "holds"
            for need in guard.reason.needs
            if need in now.definition.facts
        }
        return {"held": {name: [*holding, *sorted(needs)]}, "not": {"recommended": [name]}}
    if view.standing == "recommended":
        return {"recommended": [name]}
    return due(now, name)


def due(now: Present, name: str) -> Expect:
    """When an action that is called for is due, or its last deed was."""
    view, deed = now.called(name), last_deed(name, now)
    if view is None:
        return {}
    at = view.due if view.due is not None or deed is None else deed.due
    return {"due": {name: "none" if at is None else format_instant(at, UTC)}}


def _against(view: ActionView, standing: str) -> list[str]:
    return [guard.safeguard for guard in view.safeguards if guard.standing == standing]


def warning(now: Present, name: str) -> Expect:
    """Whether a notice or safeguard is shown as a warning."""
    return {"warnings": [name]} if now.warnings(name) else {"not": {"warnings": [name]}}


def needs(now: Present, name: str) -> Expect:
    """Whether a fact is asked for."""
    return {"needs": [name]} if name in _names(now, "needs") else {"not": {"needs": [name]}}


def dose(now: Present, name: str) -> Expect:
    """The exact dose of an action called for, what it needs, or that there is none."""
    view, readings = now.called(name), now.case.readings
    if view is None or view.dose is None:
        return {"doses": {name: "none"}}
    row, missing = applicable(now.definition.actions[name], readings)
    if row is None:
        return {"doses": {name: "none"}}
    amount, capped, wanted = (None, False, missing) if missing else amount_of(row, readings)
    if amount is None:
        facts = sorted({*wanted, *view.dose.needs} & now.definition.facts.keys())
        return {"doses": {name: {"needs": facts}}} if facts else {}
    said = f"{exact_text(amount)} {row.unit.text}"
    return {"doses": {name: {"amount": said, "capped": "true"} if capped else said}}


def done(now: Present, name: str) -> Expect:
    """Whether an action counts as done."""
    return {"done": [name]} if name in _names(now, "done") else {"not": {"done": [name]}}


def fact(now: Present, name: str) -> Expect:
    """The value of a fact, exact."""
    value = now.case.readings.fact(name).value
    return {"facts": {name: _value(now, name, value)}}


def _value(now: Present, name: str, value: Value | None) -> str | list[str]:
    found = now.definition.facts[name]
    if value is None:
        return found.unknown or "unknown"
    if isinstance(value, tuple):
        texts, _ = shown(found, value, UTC)
        return list(texts)
    return kept_text(found, value)
