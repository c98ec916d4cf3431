"""How actions stand on another version while a case goes the same way: newly blocked, held or called for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.engine.view import ActionView, View
from pathway.replay.report.findings import GuardRead

NOT_CALLED = "not called for"


@dataclass(frozen=True, slots=True)
class OtherStanding:
    """An action that stands otherwise after the events up to `seq`.

    The guard is that of the safeguard that stands against it on one of the two versions, if one does.
    """

    action: str
    was: str
    now: str
    seq: int
    at: int
    guard: GuardRead | None


def other_standings(seq: int, was: View, now: View, actions: frozenset[str]) -> Iterator[OtherStanding]:
    """The actions, of those that both versions have, that stand otherwise at the end of an entry."""
    old = {one.action: one for one in was.actions if one.called}
    new = {one.action: one for one in now.actions if one.called}
    for name in dict.fromkeys((*old, *new)):
        before, after = _standing(old.get(name)), _standing(new.get(name))
        if name in actions and before != after:
            guard = _against(new.get(name)) or _against(old.get(name))
            yield OtherStanding(name, before, after, seq, now.at, guard)


def _standing(action: ActionView | None) -> str:
    return NOT_CALLED if action is None else action.standing


def _against(action: ActionView | None) -> GuardRead | None:
    """The first safeguard that blocks or holds an action."""
    safeguards = () if action is None else action.safeguards
    against = (one for one in safeguards if one.standing in ("blocks", "holds"))
    return next((GuardRead.of(one.reason, one.safeguard) for one in against), None)
