"""For every fact: what happens if it never arrives."""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path

import pytest

from pathway.check.missing import Against, Call, Closed, Missing, Wait, missing_facts
from pathway.check.proving import prove
from pathway.check.reading import facts_read
from pathway.check.without import Without
from pathway.cli import check_command
from pathway.cli.check_missing import missing_json, missing_lines
from pathway.engine.batch import FactEntry
from pathway.engine.compiling import assemble
from pathway.engine.supposing import supposed
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from pathway.language.verdict import Verdict

CORRECT = Path(__file__).parent / "correct"
HOUR = 3600
GATE = """
pathway: gate
version: 1.0.0
title: A gate
status: draft
facts:
  platelets: {type: quantity, unit: 10*9/L, range: [0, 1000], step: 1}
  inr: {type: quantity, unit: "{INR}", range: [0, 20], step: 0.1}
  weight: {type: quantity, unit: kg, range: [1, 200], step: 1}
  age: {type: quantity, unit: a, range: [0, 120], step: 1}
  arrival: {type: dateTime}
  wish: {type: boolean}
  asked: {type: boolean}
  unread: {type: boolean}
  child: {type: boolean, formula: age < 18 a, recordable: true}
  safe: {type: boolean, formula: platelets >= 40 and inr <= 1.4}
  decision:
    type: code
    values: [go, stop]
    cases: [{when: platelets < 40, value: stop}, {when: inr > 1.4, value: stop}]
    otherwise: go
actions:
  test: {title: Test, type: measure, evidence: asked is known}
  puncture: {title: Puncture, type: procedure, takes: 10 min}
  drug:
    title: Drug
    type: medication
    dose:
      - {amount: 1 mg/kg, times: weight, unit: mg, when: child}
      - {amount: 50 mg, unit: mg, when: not child}
safeguards:
  low: {action: [puncture, drug], when: platelets < 40, effect: block}
  thin: {action: puncture, when: inr > 1.4, effect: warn}
  light: {action: drug, when: weight < 3 kg, effect: block, unknown: warn}
notices:
  heavy: {text: A heavy patient., severity: info, when: weight > 150 kg, about: [drug]}
tracks:
  care:
    start: waiting
    states:
      waiting:
        kind: enquiry
        do: [{action: test, within: 4 h}, {action: puncture, within: 1 h, of: arrival}]
        next:
          - {to: deciding, when: platelets is known, auto: true}
          - {to: over, when: wish}
      deciding:
        kind: decision
        next:
          - {to: working, when: safe}
          - {to: over, when: not safe}
      working:
        kind: action
        do: [{action: drug, when: asked}]
        next:
          - {to: over, when: wish is known and wish}
          - {to: stopped, when: declined(drug)}
      stopped: {kind: end}
      over: {kind: end}
claims:
  only_safe: {only: puncture, when: platelets >= 40}
  soon: {within: {action: puncture, of: arrival, limit: 2 h}}
"""


@pytest.fixture(scope="module")
def gate() -> dict[str, Missing]:
    return missing_facts(definition_from_text(GATE))


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal-leptomeningeal-infection"))


# --- by hand ------------------------------------------------------------------------------------
def test_a_state_waits_with_its_deadline_and_the_ways_that_are_left(gate: dict[str, Missing]) -> None:
    assert gate["wish"].waits == (Wait("care.waiting", HOUR, ()),)
    assert gate["platelets"].waits == (Wait("care.deciding", None, ("over",)),)


def test_a_way_that_stays_closed_is_no_waiting(gate: dict[str, Missing]) -> None:
    assert gate["platelets"].closed == (Closed("care.waiting", "deciding"),)
    assert gate["wish"].closed == (Closed("care.working", "over"),)


def test_unknown_safeguards_hold_warn_or_ask(gate: dict[str, Missing]) -> None:
    assert gate["platelets"].holds == (Against("puncture", "low"), Against("drug", "low"))
    assert gate["inr"].asks == (Against("puncture", "thin"),)
    assert gate["weight"].warns == (Against("drug", "light"),)
    assert (gate["inr"].holds, gate["weight"].holds) == ((), ())


def test_doses_deadlines_calls_and_evidence_go_without_the_fact(gate: dict[str, Missing]) -> None:
    assert gate["weight"].doses == gate["age"].doses == ("drug",)
    assert gate["arrival"].deadlines == (Call("care.waiting", "puncture"),)
    assert gate["asked"].calls == (Call("care.working", "drug"),)
    assert gate["asked"].evidence == ("test",)
    assert gate["weight"].notices == ("heavy",)


def test_derived_facts_are_followed_down(gate: dict[str, Missing]) -> None:
    assert gate["platelets"].derived == gate["inr"].derived == ("safe", "decision")
    assert (gate["age"].derived, gate["age"].unless) == (("child",), ("child",))
    assert gate["child"] == Missing(computed_from=("age",))


def test_claims_that_a_fact_decides_are_named(gate: dict[str, Missing]) -> None:
    assert gate["platelets"].claims == ("only_safe",)
    assert gate["arrival"].claims == ("soon",)


def test_nobody_reads_it(gate: dict[str, Missing]) -> None:
    assert gate["unread"] == Missing(is_read=False)


def test_of_a_decision_by_cases_the_value_that_needs_every_fact_is_out_of_reach() -> None:
    definition = definition_from_text(GATE)
    without = Without(definition).one("inr")
    safe = definition.tracks["care"].states["deciding"].next[0].when
    assert without.guard(safe) == {Verdict.FALSE, Verdict.UNKNOWN}
    assert "stop" in without.fact("decision")
    assert "go" not in without.fact("decision")


def test_nothing_comes_about_that_was_thought_impossible() -> None:
    """Every verdict that the engine gives without a fact is among those foreseen."""
    definition = definition_from_text(GATE)
    compiled = assemble(definition)
    guards = [way.when for state in definition.tracks["care"].states.values() for way in state.next]
    guards += [one.when for one in definition.safeguards.values()]
    values = {"platelets": ("39", "40"), "inr": ("1.4", "1.5"), "weight": ("2", "3"), "wish": ("yes", "no")}
    for name in values:
        without = Without(definition).one(name)
        rest = [other for other in values if other != name]
        for given in product(*(values[other] for other in rest)):
            facts = [FactEntry(other, text) for other, text in zip(rest, given, strict=True)]
            readings = supposed(compiled, facts, 0)
            assert all(readings.reason(guard).verdict in without.guard(guard) for guard in guards)


# --- beside the findings ------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "states"), [
    ("fever_hour", {"place.home"}), ("theatre_handshake", set()), ("gate", {"care.deciding"}),
])  # fmt: skip
def test_what_is_found_to_wait_for_ever_is_listed_without_a_deadline(name: str, states: set[str]) -> None:
    definition = definition_from_text(GATE) if name == "gate" else load_definition(CORRECT / f"{name}.yaml")
    missing = missing_facts(definition)
    found = [one for one in prove(definition).findings if one.code == "input-never-arrives"]
    assert {one.state for one in found} == states
    for finding in found:
        named = finding.text.split(" wait for ever for ")[1].split(":")[0].split(", ")
        for fact in named:
            assert (finding.state, None) in {(one.state, one.deadline) for one in missing[fact].waits}


def test_every_recordable_fact_of_the_flagship_is_listed_once_and_quickly(flagship: Definition) -> None:
    missing = missing_facts(flagship)
    assert list(missing) == [name for name, fact in flagship.facts.items() if fact.recordable]
    assert {name for name, one in missing.items() if not one.is_read} == missing.keys() - facts_read(flagship)
    assert Against("lumbar_puncture", "lp_platelets") in missing["platelet_count"].holds
    assert "ceftriaxone_child" in missing["weight_kg"].doses


# --- said ---------------------------------------------------------------------------------------
def test_the_table_groups_facts_with_the_same_consequences_and_keeps_its_width(flagship: Definition) -> None:
    for width in (80, 160):
        lines = list(missing_lines(flagship, width))
        assert max(map(len, lines)) <= width
    together = next(line for line in missing_lines(flagship) if line.startswith("article_review_status"))
    assert "early_diagnosis" in together
    assert together.endswith(": nothing: nobody reads it")


def test_in_a_pipe_each_group_is_one_line() -> None:
    lines = list(missing_lines(definition_from_text(GATE)))
    assert lines[0] == "missing: what happens if a fact never arrives"
    assert lines[1].startswith(
        "platelets: care.deciding waits: no deadline, may go on to over; care.waiting "
    )
    waits = "care.waiting waits: deadline 1 h, no other way on"
    assert f"wish: {waits}; care.working does not go on to over" in lines
    assert "child: computed, unless recorded, from: age" in lines
    assert "age: no dose of drug; stays unknown: child (unless recorded)" in lines


def test_as_json_every_fact_has_every_key() -> None:
    document = json.loads(json.dumps(missing_json(definition_from_text(GATE))))
    assert document["wish"]["waits"] == [{"state": "care.waiting", "deadline": "1 h", "goes_on_to": []}]
    keys = {"waits", "holds", "warns", "asks", "doses", "deadlines", "derived"}
    assert all(keys <= one.keys() for one in document.values())
    assert document["platelets"]["holds"][0] == {"action": "puncture", "safeguard": "low"}


def test_the_table_is_told_only_when_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    check_command.arguments(parser)
    file = str(CORRECT / "weight_dosing.yaml")
    said: list[str] = []
    for more in ([], ["--missing"]):
        assert check_command.run(parser.parse_args([file, *more])) == 0
        said.append(capsys.readouterr().out)
    plain, table = said
    assert "otherwise takes 33.3 % of the patients of care.sorting, for instance indication neither." in plain
    assert "never arrives" not in plain
    start, end = table.index("missing: what happens if a fact never arrives"), table.index("no open finding")
    assert table[:start] + table[end:] == plain
    assert "weight_kg: no dose of antipyretic; no dose of antibiotic; notice not shown: infant" in table
