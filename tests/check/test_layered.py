"""The generated pathways that proofs are timed on are correct, whole, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import pytest

from benchmarks.layered import layered_pathway
from pathway.check.lint import lint
from pathway.check.reading import guards_of, states_of
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, Retraction
from pathway.engine.case import Case, EntryError, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.memory import Deed
from pathway.engine.supposing import supposed
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.definition import Claim, Fact, State, Transition
from pathway.language.evaluate import explained
from pathway.language.expression import Kind
from pathway.language.load import definition_from_text
from pathway.language.numbers import exact_text
from pathway.language.verdict import Verdict

START, HOUR = 1_772_352_000, 3600
SIZES = ((35, 26), (70, 41), (140, 61))


@cache
def compiled(states: int, facts: int, seed: int = 0) -> CompiledPathway:
    return compile_pathway(definition_from_text(layered_pathway(states, facts, seed)))


@cache
def values(pathway: CompiledPathway) -> dict[str, tuple[str, ...]]:
    """Values of each recorded fact: every code, and numbers on and beside each of its thresholds."""
    definition = pathway.definition
    texts = [guard.text for guard in guards_of(definition)]
    return {
        fact.name: tuple(_values(fact, texts)) for fact in definition.facts.values() if not fact.is_derived
    }


def _values(fact: Fact, texts: list[str]) -> Iterator[str]:
    if fact.type.kind is Kind.BOOLEAN:
        yield from ("true", "false")
    elif fact.type.kind is Kind.CODE:
        yield from fact.type.codes
    elif fact.type.kind is Kind.INSTANT:
        for hours in (0, 11, 12, 13):
            yield format_instant(START - hours * HOUR, parse_zone("UTC"))
    else:
        assert fact.low is not None
        assert fact.high is not None
        assert fact.step is not None
        step, number = fact.step, r"([0-9.]+)"
        held_to = re.compile(rf"\b{fact.name} (?:[<>]=?|between) {number}(?: and {number})?")
        found = [
            type(step)(text) for match in held_to.finditer(" ".join(texts)) for text in match.groups() if text
        ]
        near = {fact.low, fact.high, *(at + by for at in found for by in (-step, 0, step))}
        yield from (exact_text(at) for at in sorted(near) if fact.low <= at <= fact.high)


# --- what is written ----------------------------------------------------------------------------
@pytest.mark.parametrize(("states", "facts"), SIZES)
def test_a_generated_pathway_has_the_size_asked_for_and_nothing_for_lint_to_find(
    states: int, facts: int
) -> None:
    for seed in range(4):
        definition = compiled(states, facts, seed).definition
        assert len(list(states_of(definition))) == states
        assert len(definition.facts) == facts
        assert len(definition.claims) == (states + 10) // 20
        assert lint(definition) == ()


def test_one_seed_always_gives_the_same_text_and_another_seed_another() -> None:
    assert layered_pathway(70, 41, 3) == layered_pathway(70, 41, 3)
    assert layered_pathway(70, 41, 3) != layered_pathway(70, 41, 4)


def test_large_pathways_make_claims_of_every_form() -> None:
    forms = {claim.form for claim in compiled(140, 61).definition.claims.values()}
    assert forms == {"only", "never", "always", "before", "within"}


@pytest.mark.parametrize(("states", "facts"), SIZES)
def test_every_state_that_waits_has_a_deadline_or_waits_for_another_track(states: int, facts: int) -> None:
    for state in states_of(compiled(states, facts).definition):
        waits_for_facts = any(way.when.facts or way.when.deeds for way in state.next)
        assert not waits_for_facts or any(do.within is not None for do in state.do), state.name


# --- decisions, by brute force ------------------------------------------------------------------
@pytest.mark.parametrize(("states", "facts"), SIZES[:2])
def test_known_facts_open_one_way_out_of_a_decision_and_unknown_ones_no_second(
    states: int, facts: int
) -> None:
    pathway, draw = compiled(states, facts), Random(1)
    for state in states_of(pathway.definition):
        if state.kind != "decision":
            continue
        reads = sorted(frozenset[str]().union(*(way.when.facts for way in state.next)))
        for _ in range(40):
            known = {name: draw.choice(values(pathway)[name]) for name in reads}
            assert len(_true_of(pathway, state.track, state.name, known)) == 1, (state.name, known)
            some = {name: value for name, value in known.items() if draw.random() < 0.6}
            assert len(_true_of(pathway, state.track, state.name, some)) <= 1, (state.name, some)


def _true_of(
    pathway: CompiledPathway, track: str, state: str, known: dict[str, str], done: tuple[str, ...] = ()
) -> list[int]:
    """Which ways out are TRUE when this is known and these were done."""
    readings = supposed(pathway, [FactEntry(name, value) for name, value in known.items()], START)
    for name in done:
        readings.memory.deeds[name] = [Deed(99, 2, START, "recommended", "dr", 99)]
    ways = pathway.state(track, state).next
    verdicts = {way.index: explained(way.when, readings).verdict for way in ways if not way.when.is_otherwise}
    found = [index for index, verdict in verdicts.items() if verdict is Verdict.TRUE]
    if set(verdicts.values()) == {Verdict.FALSE}:
        found += [way.index for way in ways if way.when.is_otherwise]
    return found


# --- random cases -------------------------------------------------------------------------------
def walked(pathway: CompiledPathway, draw: Random, length: int) -> Iterator[Case]:
    """A random case after each of its entries; mostly what is asked for, at times what nobody called for."""
    case, _ = open_case(pathway, "L", START, "dr", START)
    yield case
    for _ in range(length):
        at = case.now + draw.choice((60, 600, HOUR, 5 * HOUR, 25 * HOUR))
        try:
            case.commit(_entry(case, draw, at), draw.choice(("timeline", "timeline", None)))
        except EntryError:
            continue
        yield case


def _entry(case: Case, draw: Random, at: int) -> Batch:
    definition, view = case.compiled.definition, case.view
    asked = [need.fact for need in view.needs if need.fact in values(case.compiled)]
    asked += [q.fact for track in view.tracks for q in track.questions]
    names = dict.fromkeys(draw.choice(asked or sorted(values(case.compiled))) for _ in range(3))
    called = [one.action for one in view.actions if one.called and not one.action.startswith("obtain")]
    deed = draw.choice(called if called and draw.random() < 0.9 else sorted(definition.actions))
    panels = [name for name in sorted(definition.actions) if name.startswith("obtain")]
    fate = draw.random()
    declined = deed if fate < 0.6 else draw.choice(panels)
    return Batch(
        at, "dr", at,
        facts=tuple(FactEntry(name, draw.choice(values(case.compiled)[name])) for name in names),
        retracted=(Retraction(draw.choice(sorted(values(case.compiled)))),) if fate > 0.8 else (),
        done=(DeedEntry(deed),) if fate < 0.5 else (),
        declined=(DeclineEntry(declined, "no"),) if 0.5 < fate < 0.7 else (),
    )  # fmt: skip


@pytest.mark.parametrize(("states", "facts"), SIZES)
def test_no_random_case_comes_to_a_conflict_or_breaks_a_claim(states: int, facts: int) -> None:
    pathway = compiled(states, facts)
    for seed in range(6):
        for case in walked(pathway, Random(seed), 30):
            standings = {way.standing for track in case.view.tracks for way in track.transitions}
            assert "conflict" not in standings
            for claim in pathway.definition.claims.values():
                assert holds(claim, case), claim


def holds(claim: Claim, case: Case) -> bool:
    """Whether a claim holds at this instant of a case without overrides."""
    offered = {one.action: one for one in case.view.actions if one.called and one.standing == "recommended"}
    readings = case.readings
    if claim.form == "before":
        track, _, state = claim.actions[1].partition(".")
        there = readings.in_state(track, state) if state else track in offered
        return not there or readings.done(claim.actions[0], 0)
    if claim.form == "within":
        action, since = offered.get(claim.actions[0]), readings.fact(claim.actions[1]).value
        if action is None or not isinstance(since, int) or claim.limit is None:
            return True
        return action.due is not None and action.due <= since + claim.limit
    assert claim.guard is not None
    verdict = explained(claim.guard, readings).verdict  # readings keep no track of what changes claims
    if claim.form == "only":
        return claim.actions[0] not in offered or verdict is Verdict.TRUE
    return verdict is not Verdict.TRUE if claim.form == "never" else verdict is Verdict.TRUE


# --- cases that are led -------------------------------------------------------------------------
@pytest.mark.parametrize(("states", "facts", "seed"), [(35, 26, 0), (35, 26, 10), (70, 41, 2)])
def test_some_case_leaves_every_state_by_every_way(states: int, facts: int, seed: int) -> None:
    pathway, draw = compiled(states, facts, seed), Random(seed)
    ways = [way for state in states_of(pathway.definition) for way in state.next]
    opening = {_key(way): _opening(pathway, way, draw) for way in ways}
    left = {_key(way): way for way in ways}
    for _ in range(20):
        for wanted in list(left.values()):
            for move in _led(pathway, wanted, opening, draw).view.path:
                left.pop((move.track, move.source, move.to), None)
    assert list(left) == []


def _key(way: Transition) -> tuple[str, str, str]:
    return way.track, way.source, way.to


def _led(
    pathway: CompiledPathway, wanted: Transition, opening: dict[tuple[str, str, str], Opening], draw: Random
) -> Case:
    """A case led to a way out, and where its track waits for care, care led there first."""
    case, _ = open_case(pathway, "L", START, "dr", START)
    for _ in pathway.definition.tracks["care"].states:
        way = _next_way(case, wanted, draw)
        place = re.match(r"in\((\w+)\.(\w+)\)", way.when.text) if way is not None else None
        if place is not None:
            way = _next_way(case, pathway.state(place[1], place[2]), draw)
        if way is None:
            break
        case.commit(_towards(case, opening[_key(way)]), "timeline")
    return case


def _next_way(case: Case, goal: Transition | State, draw: Random) -> Transition | None:
    """The next way on some route to a state, or to a way out of one and by it; None where none leads on."""
    last = goal.source if isinstance(goal, Transition) else goal.name
    states = case.compiled.definition.tracks[goal.track].states
    here = next(track.state for track in case.view.tracks if track.track == goal.track)
    if here == last:
        return goal if isinstance(goal, Transition) else None
    leading = {last}
    for state in reversed(
        list(states.values())
    ):  # written layer by layer, so that every way leads further down
        if any(way.to in leading for way in state.next):
            leading.add(state.name)
    onward = [way for way in states[here].next if way.to in leading]
    return draw.choice(onward) if onward else None


@dataclass(frozen=True)
class Opening:
    """What makes a way out TRUE: these facts and nothing else known, these done, these declined."""

    known: tuple[tuple[str, str], ...]
    done: tuple[str, ...]
    declined: tuple[str, ...]


def _opening(pathway: CompiledPathway, way: Transition, draw: Random) -> Opening:
    """Found by trying values in turn; what waits for another track or gives a fact up needs none."""
    text = way.when.text
    done = tuple(re.findall(r"(?<!not )done\((\w+)\)", text))
    declined = () if done else tuple(re.findall(r"declined\((\w+)\)", text))
    siblings = pathway.state(way.track, way.source).next
    reads = sorted(frozenset[str]().union(*(one.when.facts for one in siblings)))
    if way.when.tracks or "unknown" in text or not (way.when.facts or way.when.is_otherwise):
        return Opening((), done, declined)
    for _ in range(20_000):
        known = {name: draw.choice(values(pathway)[name]) for name in reads}
        if way.index in _true_of(pathway, way.track, way.source, known, done):
            return Opening(_fewest(pathway, way, known, done), done, declined)
    raise AssertionError(f"no facts open {way.track}.{way.source} -> {way.to}")


def _fewest(
    pathway: CompiledPathway, way: Transition, known: dict[str, str], done: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """As few of the known facts as open the way, so that the next state has to wait for its own."""
    for name in sorted(known):
        fewer = {other: value for other, value in known.items() if other != name}
        if way.index in _true_of(pathway, way.track, way.source, fewer, done):
            known = fewer
    return tuple(known.items())


def _towards(case: Case, opening: Opening) -> Batch:
    """One entry that takes everything back but what opens the way."""
    at, known = case.now + 60, dict(opening.known)
    others = [fact.fact for fact in case.view.facts if not fact.derived and fact.fact not in known]
    return Batch(
        at, "dr", at,
        facts=tuple(FactEntry(name, value) for name, value in known.items()),
        retracted=tuple(Retraction(name) for name in others),
        done=tuple(DeedEntry(name) for name in opening.done),
        declined=tuple(DeclineEntry(name, "no") for name in opening.declined),
    )  # fmt: skip


def test_a_definition_is_read_back_with_its_formulas_and_shelf_lives() -> None:
    definition = compiled(70, 41).definition
    assert any(fact.is_derived for fact in definition.facts.values())
    assert any(fact.valid_for is not None for fact in definition.facts.values())
    assert {guard.effect for guard in definition.safeguards.values()} == {"block", "warn"}
