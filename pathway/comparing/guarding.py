"""Safeguards and notices compared: what is blocked or warned of, when, and what happens on unknown."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.comparing.both import Both, listed
from pathway.comparing.citing import kept_as
from pathway.comparing.conditions import bound, clauses, condition, in_words
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.pairing import by_id
from pathway.comparing.wording import worded
from pathway.language.definition import Guard, Notice, Safeguard

EFFECTS = {"block": "blocked", "warn": "warned of"}
DIRECT = ("below ", "above ", "before ", "after ")  # read on from `blocked` without a `when`
ON_UNKNOWN = {"hold": "held and asked for", "warn": "warned of and asked for", "ask": "asked for"}


def safeguards_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the safeguards of both versions."""
    for name, old, new in by_id(both.old.safeguards, both.new.safeguards):
        spot = Spot(("safeguards", name), f"safeguard {name}", f"safeguard {name}")
        if old is None and new is not None:
            yield spot.came("safeguard", _safeguard_words(new, both))
        elif new is None and old is not None:
            yield spot.went("safeguard", _safeguard_words(old, both))
        elif old is not None and new is not None and old != new:
            yield from _safeguard(spot, old, new, both)


def _safeguard_words(one: Safeguard, both: Both) -> str:
    override = f"override: {one.override}" if one.override else "no override"
    does = f"{both.actions(one.actions)} {EFFECTS[one.effect]} when {both.guard(one.when)}"
    return f"{does}; {ON_UNKNOWN[one.unknown]} on unknown; {override}"


def _safeguard(spot: Spot, old: Safeguard, new: Safeguard, both: Both) -> Iterator[Difference]:
    does = f"{both.actions(new.actions)} {EFFECTS[new.effect]}"
    told = spot.headed(f"{both.actions(new.actions)} ({spot.head})")
    yield from _when(spot, does, old.when, new.when, both)
    yield from _members(spot, "action", old.actions, new.actions, both)
    yield from told.value("effect", EFFECTS[old.effect], EFFECTS[new.effect], lead="")
    yield from told.value("on unknown", ON_UNKNOWN[old.unknown], ON_UNKNOWN[new.unknown], lead="on unknown ")
    yield from told.value("override", old.override or "nobody", new.override or "nobody", lead="override: ")
    yield from told.value("severity", old.severity, new.severity)
    if _own_text(old) or _own_text(new):
        yield from worded(told, "text", old.text, new.text)
    yield from kept_as(told, old, new)


def _when(spot: Spot, does: str, old: Guard, new: Guard, both: Both) -> Iterator[Difference]:
    """`platelets: puncture blocked below 40, was 50` where only a bound differs."""
    for clause in clauses(old, new, both):
        limits = bound(clause.figure, both)
        head, words = f"{does} ({spot.head})", clause.words
        if limits is not None:
            when = "" if limits[1].startswith(DIRECT) else "when "
            head, words = limits[0], f"{does} {when}{limits[1]}"
        yield spot.headed(head).says("condition", words, *in_words(old, new, both), clause.weight)


def _own_text(one: Safeguard) -> bool:
    """Whether its text is more than its condition in English."""
    return one.text[1:] != one.when.english[1:]


def _members(
    spot: Spot, what: str, old: tuple[str, ...], new: tuple[str, ...], both: Both
) -> Iterator[Difference]:
    """Actions that are concerned only in one version."""
    for name in new:
        if name not in old:
            yield spot.added(what, both.action(name))
    for name in old:
        if name not in new:
            yield spot.removed(what, both.action(name))
    if old != new and sorted(old) == sorted(new):
        yield from spot.value("order", listed(list(old)), listed(list(new)), Weight.WORDING)


# --- notices ------------------------------------------------------------------------------------
def notices_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the notices of both versions."""
    for name, old, new in by_id(both.old.notices, both.new.notices):
        spot = Spot(("notices", name), f"notice {name}", f"notice {name}")
        if old is None and new is not None:
            yield spot.came("notice", _notice_words(new, both))
        elif new is None and old is not None:
            yield spot.went("notice", _notice_words(old, both))
        elif old is not None and new is not None and old != new:
            yield from _notice(spot, old, new, both)


def _notice_words(one: Notice, both: Both) -> str:
    when = "" if one.when is None else f", shown when {both.guard(one.when)}"
    return f'"{one.text}" ({one.severity}{when})'


def _notice(spot: Spot, old: Notice, new: Notice, both: Both) -> Iterator[Difference]:
    yield from worded(spot, "text", old.text, new.text)
    yield from spot.value("severity", old.severity, new.severity)
    yield from condition(spot, "shown when", old.when, new.when, both)
    yield from _members(spot, "action", old.about, new.about, both)
    befores, afters = ([".".join(state) for state in one.states] for one in (old, new))
    yield from (spot.added("state", state) for state in afters if state not in befores)
    yield from (spot.removed("state", state) for state in befores if state not in afters)
    if befores != afters and sorted(befores) == sorted(afters):
        yield from spot.value("order of states", listed(befores), listed(afters), Weight.WORDING)
    yield from kept_as(spot, old, new)
