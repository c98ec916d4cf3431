"""Showing that a fault is one: the engine is run on made-up patients until something wrong is seen.

Nothing here uses the prover. What is seen is a fact about the engine, so a fault that is shown is a true one.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from benchmarks.seeding.offering import offers_of
from benchmarks.seeding.patients import (
    FIRST,
    Library,
    Place,
    Played,
    Story,
    entry,
    later,
    overriding,
    play,
    said,
    stories_of,
    with_facts,
)
from benchmarks.seeding.values import Entered, thresholds, values_of
from pathway.engine.batch import DeclineEntry, Retraction
from pathway.engine.case import Case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.view import TrackView
from pathway.language.definition import Claim, Definition, Guard
from pathway.language.evaluate import explained
from pathway.language.verdict import Verdict

COMBINATIONS, FEW = 160, 24
CIRCLE = "circle"  # how the engine's refusal of an endless settling reads
Facts = dict[str, Entered]


@dataclass(frozen=True, slots=True)
class Tried:
    """A pathway, the stories that lead into its original, and the numbers its guards mention."""

    compiled: CompiledPathway
    library: Library

    @property
    def definition(self) -> Definition:
        return self.compiled.definition

    @property
    def most(self) -> int:
        """How many combinations of values are tried."""
        return FEW if self.library.long else COMBINATIONS


def combinations(
    definition: Definition, names: Iterable[str], at: int, unknown: bool = False, most: int = COMBINATIONS
) -> Iterator[Facts]:
    """Values for these facts in every combination, or a draw where there are too many."""
    numbers = thresholds(definition)
    facts = [definition.facts[name] for name in sorted(set(names)) if definition.facts[name].recordable]
    choices: list[list[Entered | None]] = [
        [*values_of(fact, numbers.get(fact.name, ()), at)] for fact in facts
    ]
    if unknown:
        choices = [[None, *some] for some in choices]
    total = 1
    for some in choices:
        total *= len(some)
    if total <= most:
        drawn: Iterable[tuple[Entered | None, ...]] = itertools.product(*choices)
    else:
        draw = random.Random(total)
        drawn = (tuple(draw.choice(some) for some in choices) for _ in range(most))
    for values in drawn:
        yield {fact.name: value for fact, value in zip(facts, values, strict=True) if value is not None}


def facts_of(guards: Iterable[Guard]) -> frozenset[str]:
    """What guards rest on."""
    return frozenset[str]().union(*(guard.facts for guard in guards))


def arrivals(tried: Tried, place: Place) -> Iterator[list[tuple[Facts, Played]]]:
    """Patients who come to a state with values of the facts that its ways read, or who get them there.

    Those of one list are alike but for these values.
    """
    state = tried.definition.tracks[place[0]].states[place[1]]
    names = facts_of(way.when for way in state.next)
    for story in tried.library.to(place)[: 1 if tried.library.long else 3]:
        at = story[-1].at if story else FIRST
        for tell in (_arriving, _afterwards):
            if story or tell is _afterwards:
                yield list(
                    _alike(tried, tell, story, combinations(tried.definition, names, at, most=tried.most))
                )


def _alike(
    tried: Tried, tell: Callable[[Story, Facts], Story], story: Story, values: Iterable[Facts]
) -> Iterator[tuple[Facts, Played]]:
    for facts in values:
        played = play(tried.compiled, tell(story, facts))
        if played.stopped is None or CIRCLE in played.stopped:
            yield facts, played


def _arriving(story: Story, facts: Facts) -> Story:
    return (*story[:-1], with_facts(story[-1], facts))


def _afterwards(story: Story, facts: Facts) -> Story:
    return later(story, facts=said(facts))


def track_of(played: Played, place: Place) -> TrackView | None:
    """The track in the view, where it stands in this state."""
    return next((one for one in played.case.view.tracks if (one.track, one.state) == place), None)


def standing(track: TrackView) -> tuple[str, ...]:
    return tuple(way.standing for way in track.transitions)


# --- decisions ----------------------------------------------------------------------------------
def shows_overlap(tried: Tried, place: Place) -> str | None:
    """Facts with which two ways out of a state are TRUE together."""
    for facts, played in (one for alike in arrivals(tried, place) for one in alike):
        track = track_of(played, place)
        if track is not None and "conflict" in standing(track):
            return f"the engine reports a conflict with {told(facts)}"
    return None


def shows_gap(tried: Tried, place: Place) -> str | None:
    """Known facts that open no way: in a decision any, elsewhere between values that open one."""
    decision = tried.definition.tracks[place[0]].states[place[1]].kind == "decision"
    for alike in arrivals(tried, place):
        shut = [facts for facts, played in alike if _shut(played, place)]
        opened = [facts for facts, played in alike if track_of(played, place) is None]
        holes = shut if decision else [one for one in shut if _between(one, opened)]
        if holes:
            return f"no way opens with {told(holes[0])}"
    return None


def _shut(played: Played, place: Place) -> bool:
    track = track_of(played, place)
    return track is not None and all(one == "closed" for one in standing(track))


def _between(shut: Facts, opened: list[Facts]) -> bool:
    """Whether, everything else equal, a smaller and a larger value of a number each open a way."""
    for name, value in shut.items():
        here = number(value)
        alike = (
            number(one[name]) for one in opened if one.keys() == shut.keys() and _differ(one, shut) <= {name}
        )
        others = [one for one in alike if one is not None]
        if here is not None and others and min(others) < here < max(others):
            return True
    return False


def _differ(one: Facts, other: Facts) -> set[str]:
    return {name for name in one if one[name] != other[name]}


def number(value: Entered) -> Fraction | None:
    """The number that was entered, if it is one."""
    try:
        return Fraction(value) if isinstance(value, str) else None
    except ValueError:
        return None


def shows_circle(tried: Tried, place: Place) -> str | None:
    """Facts with which automatic ways through a state go round without end."""
    for facts, played in (one for alike in arrivals(tried, place) for one in alike):
        if played.stopped is not None and CIRCLE in played.stopped:
            return f"the engine goes round in a circle with {told(facts)}"
    return None


# --- claims -------------------------------------------------------------------------------------
def shows_broken(
    tried: Tried, claims: Iterable[Claim], extra: frozenset[str] = frozenset()
) -> tuple[str, str] | None:
    """The first claim that some patient is seen to break, by name, and what was seen."""
    for claim in sorted(claims, key=lambda one: _far(one, extra)):
        seen = _breaking(tried, claim, extra) if claim.form != "within" else None
        if seen is not None:
            return claim.name, seen
    return None


def _far(claim: Claim, facts: frozenset[str]) -> bool:
    """Whether a claim reads none of these facts; those that do are looked at first."""
    return claim.guard is None or not claim.guard.facts & facts


def _breaking(tried: Tried, claim: Claim, extra: frozenset[str]) -> str | None:
    """First every story as it is; then those that come near the claim, with other facts."""
    plain = () if tried.library.long else (*stories_of(tried.library), *_declined(tried, claim))
    for story in plain:
        found = _after(tried, claim, story)
        if found is not None:
            return found
    names = (claim.guard.facts if claim.guard is not None else frozenset[str]()) | extra
    for story in _concerning(tried, claim) if names else ():
        at = story[-1].at if story else FIRST
        for facts in combinations(tried.definition, names, at, unknown=True, most=tried.most):
            for variant in _variants(tried.definition, claim, story, facts, names):
                found = _after(tried, claim, variant)
                if found is not None:
                    return f"{found}, with {told(facts)}"
    return None


def _declined(tried: Tried, claim: Claim) -> Iterator[Story]:
    """Stories that come to a state which calls for the claim's action, declined shortly before."""
    if claim.form != "only":
        return
    action = claim.actions[0]
    for track in tried.definition.tracks.values():
        for state in track.states.values():
            if any(do.action == action for do in state.do):
                yield from (
                    _refused_first(one, action) for one in tried.library.to((track.name, state.name)) if one
                )


def _refused_first(story: Story, action: str) -> Story:
    refusal = entry(story[-1].at - 1, declined=(DeclineEntry(action, "no"),))
    last = replace(story[-1], done=tuple(one for one in story[-1].done if one.action != action))
    return (*story[:-1], refusal, last)


def _variants(
    definition: Definition, claim: Claim, story: Story, facts: Facts, names: frozenset[str]
) -> Iterator[Story]:
    """The story with other facts, and with what stands against the claim's action overridden."""
    gone = tuple(
        Retraction(name) for name in names if name not in facts and definition.facts[name].recordable
    )
    after = later(story, facts=said(facts), retracted=gone)
    yield after
    if claim.form != "only" or claim.unless_overridden:
        return
    if any(claim.actions[0] in one.actions and one.override for one in definition.safeguards.values()):
        yield later(after, overrides=overriding(claim.actions[0]))


def _concerning(tried: Tried, claim: Claim) -> list[Story]:
    """Stories in which the claim's action is offered, or that come to a state which the claim speaks of."""
    offered = offers_of(tried.library, claim.actions[0]) if claim.form == "only" else []
    text = claim.guard.text if claim.guard is not None else ""
    near = [
        place
        for place in tried.library.places
        if ".".join(place) in claim.actions or f"in({'.'.join(place)})" in text
    ]
    return offered[:2] or [story for place in near for story in tried.library.to(place)[:1]]


def _after(tried: Tried, claim: Claim, story: Story) -> str | None:
    """What of a claim is broken after any entry of a story."""
    seen: list[str] = []

    def look(case: Case) -> None:
        found = broken_now(case, claim)
        if found is not None:
            seen.append(found)

    played = play(tried.compiled, story, look)
    if claim.form == "before":
        return _out_of_order(played, claim)
    return seen[0] if seen else None


def broken_now(case: Case, claim: Claim) -> str | None:
    """What breaks an `only`, `never` or `always` claim on this settled snapshot (rule 28)."""
    if claim.guard is None:
        return None
    verdict = explained(claim.guard, case.readings, 0).verdict
    if claim.form == "never":
        return f"{claim.guard.text} is TRUE" if verdict is Verdict.TRUE else None
    if claim.form == "always":
        return None if verdict is Verdict.TRUE else f"{claim.guard.text} is {verdict.value}"
    offered = any(
        one.action == claim.actions[0]
        and one.standing == "recommended"
        and not (claim.unless_overridden and one.overridden)
        for one in case.view.actions
    )
    if not offered or verdict is Verdict.TRUE:
        return None
    return f"{claim.actions[0]} is recommended although {claim.guard.text} is {verdict.value}"


def _out_of_order(played: Played, claim: Claim) -> str | None:
    first, second = claim.actions
    if "." not in second or first not in played.case.compiled.definition.actions:
        return None
    entered = tuple(second.split(".", 1)) in played.entered
    if entered and not played.case.readings.done(first, 0):
        return f"{second} is entered and {first} was not done"
    return None


def told(facts: Facts) -> str:
    """The facts in one line."""
    words = (
        f"{name} {'|'.join(value) if isinstance(value, tuple) else value}" for name, value in facts.items()
    )
    return ", ".join(words) or "nothing recorded"


Shown = Callable[[Tried, Place], str | None]
