"""What a step shows, by the keys of `expect`: the things under each key, and the reasons beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from pathway.engine.case import Case, Step
from pathway.engine.view import ActionView, TrackView, WarningView
from pathway.language.calendar import format_instant
from pathway.language.definition import Definition


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a step shows: its name, the names it answers to, and what its reasons name."""

    name: str
    labels: frozenset[str]
    details: frozenset[str] = frozenset()


@dataclass(slots=True)
class Present:
    """A step as it is judged; `case` still stands at its instant."""

    step: Step
    case: Case
    actions: dict[str, ActionView] = field(init=False)
    tracks: dict[str, TrackView] = field(init=False)

    def __post_init__(self) -> None:
        self.actions = {view.action: view for view in self.step.view.actions}
        self.tracks = {view.track: view for view in self.step.view.tracks}

    @property
    def definition(self) -> Definition:
        """The definition with the layers that are on."""
        return self.case.compiled.definition

    @property
    def zone(self) -> tzinfo:
        return self.case.zone

    def time(self, instant: int | None) -> str:
        """An instant in the case's zone, or `none`."""
        return "none" if instant is None else format_instant(instant, self.zone)

    def called(self, action: str) -> ActionView | None:
        """The view of an action that is called for now."""
        view = self.actions.get(action)
        return view if view is not None and view.called else None

    def warnings(self, name: str) -> list[WarningView]:
        """The warnings shown that have this id or cite this source."""
        return [one for one in self.step.view.warnings if name == one.id or name in one.cites]

    def shown(self, key: str) -> tuple[Shown, ...]:
        """What the step shows under a key that lists names."""
        return tuple(SHOWN[key](self))


def _plainly(names: Iterator[str]) -> Iterator[Shown]:
    for name in dict.fromkeys(names):
        yield Shown(name, frozenset((name,)))


def _taken(now: Present) -> Iterator[Shown]:
    return _plainly(f"{move.track}.{move.to}" for move in now.step.taken)


def _open(now: Present) -> Iterator[Shown]:
    ways = (way for track in now.step.view.tracks for way in track.transitions)
    return _plainly(f"{way.track}.{way.to}" for way in ways if way.standing == "open")


def _waiting(now: Present) -> Iterator[Shown]:
    for track in now.step.view.tracks:
        for way in track.transitions:
            if way.standing == "waiting":
                name = f"{way.track}.{way.to}"
                yield Shown(name, frozenset((name,)), frozenset(way.needs))


def _recommended(now: Present) -> Iterator[Shown]:
    return _plainly(
        view.action for view in now.step.view.actions if view.called and view.standing == "recommended"
    )


def _outstanding(now: Present) -> Iterator[Shown]:
    found = (view for view in now.step.view.actions if view.called and view.outstanding)
    return _plainly(view.action for view in found if view.standing != "shown")


def _overridden(now: Present) -> Iterator[Shown]:
    found = (view for view in now.step.view.actions if view.called and view.overridden)
    return _plainly(view.action for view in found if view.standing == "recommended")


def _held(now: Present) -> Iterator[Shown]:
    for view in now.step.view.actions:
        if view.called and view.standing == "held":
            holding = [guard for guard in view.safeguards if guard.standing == "holds"]
            names = {guard.safeguard for guard in holding}
            needs = {need for guard in holding for need in guard.reason.needs}
            yield Shown(view.action, frozenset((view.action,)), frozenset(names | needs))


def _blocked(now: Present) -> Iterator[Shown]:
    for view in now.step.view.actions:
        if view.standing == "blocked":
            against = [guard for guard in view.safeguards if guard.standing == "blocks"]
            names = {guard.safeguard for guard in against}
            cites = {cite for guard in against for cite in guard.cites}
            yield Shown(view.action, frozenset((view.action,)), frozenset(names | cites))


def _done(now: Present) -> Iterator[Shown]:
    return _plainly(deed.action for deed in now.step.view.done)


def _declined(now: Present) -> Iterator[Shown]:
    return _plainly(entry.action for entry in now.step.view.declined)


def _warnings(now: Present) -> Iterator[Shown]:
    for warning in now.step.view.warnings:
        yield Shown(warning.id, frozenset((warning.id, *warning.cites)))


def _needs(now: Present) -> Iterator[Shown]:
    return _plainly(need.fact for need in now.step.view.needs)


SHOWN: dict[str, Callable[[Present], Iterator[Shown]]] = {
    "taken": _taken,
    "open": _open,
    "waiting": _waiting,
    "recommended": _recommended,
    "outstanding": _outstanding,
    "overridden": _overridden,
    "held": _held,
    "blocked": _blocked,
    "done": _done,
    "declined": _declined,
    "warnings": _warnings,
    "needs": _needs,
}
