"""Where a prover is easily too sure: each pathway has a case, run here, that a wrong proof would deny."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.check.proving import prove
from pathway.engine.compiling import assemble
from pathway.engine.playing import Ran, step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from tests.check.proofs.endings import ends_as
from tests.check.proofs.kinds import ALL_READ, BOTH, DONE, FACTS, ROUNDED, acting, care


def stepped(definition: Definition, timeline: str, folder: Path) -> list[Ran]:
    """The case as `pathway run` steps it."""
    file = folder / "case.yaml"
    file.write_text(f"case: shown\ntimeline:\n{timeline}", encoding="utf-8")
    return list(step_timeline(assemble(definition), read_timeline(file)))


def never_said(definition: Definition) -> set[tuple[str, str | None]]:
    """What the prover says that no case does, and where."""
    return {(one.code, one.state) for one in prove(definition).findings if one.witness is None}


def proved(definition: Definition) -> set[str]:
    return {one.claim for one in prove(definition).proved}


# --- where cases begin --------------------------------------------------------------------------
def test_a_case_begins_in_the_start_state_before_anything_is_done() -> None:
    definition = definition_from_text(acting("claims:\n  first: {before: [culture, care.ward]}\n"))
    assert proved(definition) == set()


def test_a_way_that_is_open_at_once_is_taken_in_the_first_entry(tmp_path: Path) -> None:
    """Confirmed ways too: so a counter-example is no case that still stands where it began."""
    states = f"""
ward: {{kind: enquiry, do: [{BOTH}], next:
  [{{to: unit, when: septic is unknown}}, {{to: home, when: septic and done(culture)}}]}}
unit: {{kind: action, next: [{{to: home, when: done(bolus) and done(culture)}}]}}
{ROUNDED}"""
    claims = "claims:\n  not_here: {never: in(care.ward) and septic}\n"
    definition = definition_from_text(care(states, more=ALL_READ + claims))
    ran = stepped(definition, "  - {at: 2026-03-01T08:00, facts: {lactate: 3}}", tmp_path)
    assert ran[-1].step.view.tracks[0].state == "unit"
    for finding in prove(definition).findings:
        ends_as(finding, definition, tmp_path)


# --- ways in conflict ---------------------------------------------------------------------------
def test_a_clinician_may_take_either_side_of_a_conflict(tmp_path: Path) -> None:
    states = f"""
ward:
  kind: decision
  do: [{BOTH}]
  next:
    - {{to: home, when: lactate >= 2}}
    - {{to: unit, when: lactate >= 2}}
    - {{to: home, when: lactate < 2}}
unit: {{kind: action, next: [{{to: home, when: done(bolus)}}]}}
{ROUNDED}"""
    claims = "claims:\n  not_there: {never: in(care.unit)}\n"
    definition = definition_from_text(care(states, more=ALL_READ + claims))
    timeline = """
  - {at: 2026-03-01T08:00, facts: {lactate: 3}}
  - {at: 2026-03-01T09:00, take: {care: unit}}
"""
    assert stepped(definition, timeline, tmp_path)[-1].step.view.tracks[0].state == "unit"
    assert ("unreachable", "care.unit") not in never_said(definition)
    assert ("dead-guard", "care.ward") not in never_said(definition)
    assert "vacuous" not in {code for code, _ in never_said(definition)}


# --- facts that are read through others ---------------------------------------------------------
COPIES = {
    "text": ("{type: text}", "{type: text, formula: source}", 'copy = "x"', "x"),
    "open code": (
        "{type: code, values: [a], open: true}",
        "{type: code, open: true, formula: source}",
        "copy = x",
        "x",
    ),
    "open list": (
        "{type: list, of: code, values: [a], open: true}",
        "{type: list, of: code, open: true, formula: source}",
        "copy includes x",
        "[x]",
    ),
    "cases": (
        "{type: code, values: [a], open: true}",
        "{type: code, open: true, cases: [{when: lactate > 4, value: source}], otherwise: source}",
        "copy is one of (x, y)",
        "x",
    ),
    "condition": ("{type: text}", "{type: boolean, formula: 'source = \"x\"'}", "copy", "x"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_code_that_only_a_derived_fact_is_asked_for_can_be_recorded(name: str, tmp_path: Path) -> None:
    source, copy, guard, value = COPIES[name]
    facts = FACTS.replace("actions:", f"  source: {source}\n  copy: {copy}\nactions:")
    states = f"""
ward: {{kind: enquiry, do: [{BOTH}], next: [{{to: unit, when: '{guard}'}}, {{to: home, when: done(bolus)}}]}}
unit: {{kind: action, next: [{{to: home, when: done(culture)}}]}}
{ROUNDED}"""
    claims = "claims:\n  not_there: {never: in(care.unit) and not done(culture)}\n"
    definition = definition_from_text(care(states, facts, ALL_READ + claims))
    timeline = f"  - {{at: 2026-03-01T08:00, facts: {{source: {value}, lactate: 3}}}}"
    assert stepped(definition, timeline, tmp_path)[-1].step.view.tracks[0].state == "unit"
    assert never_said(definition) == set()
    assert proved(definition) == set()


def test_two_open_codes_may_be_the_same_code_that_only_one_of_them_lists(tmp_path: Path) -> None:
    codes = "  cause: {type: code, values: [a], open: true}\n  guess: {type: code, values: [b], open: true}\n"
    facts = FACTS.replace("actions:", codes + "actions:")
    states = f"""
ward: {{kind: enquiry, do: [{BOTH}], next:
  [{{to: unit, when: cause = guess and cause = a}}, {{to: home, when: done(bolus)}}]}}
unit: {{kind: action, next: [{{to: home, when: done(culture)}}]}}
{ROUNDED}"""
    definition = definition_from_text(care(states, facts, ALL_READ))
    timeline = "  - {at: 2026-03-01T08:00, facts: {cause: a, guess: a}}"
    assert stepped(definition, timeline, tmp_path)[-1].step.view.tracks[0].state == "unit"
    assert never_said(definition) == set()


def test_a_moment_outside_the_calendar_is_unknown(tmp_path: Path) -> None:
    facts = FACTS.replace(
        "actions:", "  began: {type: date}\n  end: {type: date, formula: began + 120000 mo}\nactions:"
    )
    claims = "claims:\n  ends: {always: began is known implies end is known}\n"
    definition = definition_from_text(
        care(f"ward: {{kind: action, do: [{BOTH}], {DONE}", facts, ALL_READ + claims)
    )
    ran = stepped(definition, "  - {at: 2026-03-01T08:00, facts: {began: 2026-03-01}}", tmp_path)
    assert ran[-1].case.readings.fact("end").value is None
    assert proved(definition) == set()
