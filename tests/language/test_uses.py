"""Where a fact, action, state or source is used, held against another walk of the definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from pathway.language import expression as ex
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition, Guard
from pathway.language.load import definition_from_text, load_definition
from pathway.language.uses import Element, Sort, Uses, state_element

CHAIN = """
pathway: chain
version: 1.0.0
title: Chain
status: draft
layers: {article: Article}
sources: {S1: {text: INR of 1.4 passes, from: article}}
facts:
  inr: {ask: INR, type: quantity, unit: "1", range: [0, 30], step: 0.1, cites: [S1]}
  weight: {ask: Weight, type: quantity, unit: kg, range: [1, 300], step: 1}
  thin_blood: {label: thin blood, type: boolean, formula: inr > 1.4}
  risky: {label: risky, type: boolean, formula: thin_blood or weight > 200}
  seen_at: {ask: When was the patient seen?, type: dateTime}
actions:
  puncture: {title: Puncture, type: procedure, records: [{fact: seen_at}]}
  drug: {title: Drug, type: medication, dose: {amount: 5 mg/kg/d, times: weight, unit: mg/d, when: not risky}}
safeguards:
  no_risk: {action: puncture, when: risky, effect: block, cites: [S1]}
notices:
  careful: {text: Careful, severity: low, states: [care.ward]}
tracks:
  care:
    start: ward
    states:
      ward:
        kind: action
        asks: [inr]
        do: [{action: puncture, within: 1 h, of: seen_at, until: thin_blood}]
        next: [{to: home, when: done(puncture)}, {to: away, when: otherwise}]
      home: {kind: end}
      away: {kind: end}
claims:
  safe: {only: puncture, when: inr <= 1.4}
  soon: {within: {action: puncture, of: seen_at, limit: 2 h}}
"""


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal_leptomeningeal_infection"))


@pytest.fixture(scope="module")
def chain() -> Definition:
    return definition_from_text(CHAIN)


def fact(name: str) -> Element:
    return Element(Sort.FACT, name)


def everything_in(part: Any) -> Iterator[Any]:
    """Every value within a part of a definition, found by its fields alone."""
    yield part
    if is_dataclass(part):
        for one in fields(part):
            yield from everything_in(getattr(part, one.name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from everything_in(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from everything_in(value)


@cache
def _walked(digest: str) -> dict[Element, tuple[Any, ...]]:
    return {}


def elements(definition: Definition) -> dict[Element, tuple[Any, ...]]:
    """All elements that can use another, by name, with everything within them."""
    walked = _walked(definition.digest)
    if not walked:
        named = [
            (Sort.FACT, definition.facts), (Sort.ACTION, definition.actions),
            (Sort.NOTICE, definition.notices), (Sort.SAFEGUARD, definition.safeguards),
            (Sort.CLAIM, definition.claims),
        ]  # fmt: skip
        found: dict[Element, Any] = {
            Element(sort, name): one for sort, held in named for name, one in held.items()
        }
        for track in definition.tracks.values():
            found |= {state_element(track.name, name): state for name, state in track.states.items()}
        walked.update({element: tuple(everything_in(part)) for element, part in found.items()})
    return walked


def facts_read(parts: tuple[Any, ...]) -> set[str]:
    """The facts that the guards and formulas within an element name."""
    read = {node.name for node in parts if isinstance(node, ex.FactRef)}
    return read | {node.fact for node in parts if isinstance(node, ex.Recorded)}


def readers(definition: Definition, name: str) -> set[Element]:
    """All elements that read a fact, themselves or through derived facts, by a search of their own."""
    found: set[Element] = set()
    left = [name]
    while left:
        reading = left.pop()
        new = {one for one, parts in elements(definition).items() if reading in facts_read(parts)} - found
        found |= new
        left += [one.name for one in new if one.sort is Sort.FACT]
    return found


def guard_readers(uses: Uses, name: str) -> set[Element]:
    return {use.by for use in uses.everywhere(fact(name)) if use.text}


def test_every_reader_of_the_inr_is_found_directly_or_through_derived_facts(flagship: Definition) -> None:
    assert guard_readers(Uses(flagship), "inr") == readers(flagship, "inr")
    assert Element(Sort.SAFEGUARD, "lp_inr") in readers(flagship, "inr")


@pytest.mark.parametrize(
    "name", ["platelet_count", "etiology", "leptomeningitis_suspected", "weight_kg", "csf_glucose"]
)
def test_the_readers_of_other_facts_are_found_as_well(flagship: Definition, name: str) -> None:
    assert name in flagship.facts
    assert guard_readers(Uses(flagship), name) == readers(flagship, name)


def test_every_guard_that_rests_on_a_recorded_fact_is_among_its_uses(flagship: Definition) -> None:
    uses = Uses(flagship)
    for name in (name for name, one in flagship.facts.items() if not one.is_derived):
        resting = {
            element
            for element, parts in elements(flagship).items()
            for guard in parts
            if isinstance(guard, Guard) and name in guard.facts and not guard.is_otherwise
        }
        assert resting <= {use.by for use in uses.everywhere(fact(name))}, name


def test_every_action_and_state_that_a_guard_names_is_among_their_uses(flagship: Definition) -> None:
    uses = Uses(flagship)
    for element, parts in elements(flagship).items():
        for node in parts:
            match node:
                case ex.Done(action=action) | ex.Declined(action=action):
                    used = uses.direct(Element(Sort.ACTION, action))
                case ex.InState(track=track, state=state):
                    used = uses.direct(state_element(track, state))
                case _:
                    continue
            assert element in {use.by for use in used}


def test_every_citation_is_a_use_of_its_source(flagship: Definition) -> None:
    uses = Uses(flagship)
    for element, parts in elements(flagship).items():
        for inner in parts:
            for cite in getattr(inner, "cites", ()):
                assert element in {use.by for use in uses.direct(Element(Sort.SOURCE, cite))}, (element, cite)


def test_each_link_of_a_chain_reads_the_one_before_it(flagship: Definition) -> None:
    for use in Uses(flagship).everywhere(fact("platelet_count")):
        steps = ("platelet_count", *use.through)
        for before, after in pairwise(steps):
            assert before in facts_read(elements(flagship)[fact(after)])
        if use.text:
            assert steps[-1] in facts_read(elements(flagship)[use.by])


def test_a_chain_names_the_derived_facts_from_the_fact_onwards(chain: Definition) -> None:
    through = {use.by.name: use.through for use in Uses(chain).everywhere(fact("inr")) if use.text}
    assert through["safe"] == ()
    assert through["thin_blood"] == ()
    assert through["risky"] == ("thin_blood",)
    assert through["no_risk"] == ("thin_blood", "risky")
    assert through["drug"] == ("thin_blood", "risky")


def test_questions_deadlines_doses_deeds_and_limits_are_uses_too(chain: Definition) -> None:
    uses = Uses(chain)
    assert "asked for here" in {use.where for use in uses.direct(fact("inr"))}
    assert "the dose is 5 mg/kg/d times it" in {use.where for use in uses.direct(fact("weight"))}
    assert {use.where for use in uses.direct(fact("seen_at"))} == {
        "the deadline of Puncture counts from it",
        "recorded, it counts as done",
        "a limit of time counts from it",
    }


def test_a_safeguard_a_call_and_a_claim_use_their_action_and_a_notice_its_state(chain: Definition) -> None:
    users = {use.by for use in Uses(chain).direct(Element(Sort.ACTION, "puncture"))}
    assert {
        Element(Sort.SAFEGUARD, "no_risk"),
        Element(Sort.CLAIM, "safe"),
        Element(Sort.CLAIM, "soon"),
        state_element("care", "ward"),
    } == users
    assert Element(Sort.NOTICE, "careful") in {
        use.by for use in Uses(chain).direct(state_element("care", "ward"))
    }


def test_what_nothing_uses_has_no_uses(chain: Definition) -> None:
    assert Uses(chain).everywhere(state_element("care", "nowhere")) == ()
