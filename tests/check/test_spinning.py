"""Circles of automatic ways: a patient who spins in one is shown; one that needs a new entry is no error."""

from __future__ import annotations

import pytest

from pathway.check.findings import Finding
from pathway.check.proving import prove
from pathway.check.witness import Witness
from pathway.engine.compiling import assemble
from pathway.engine.entries import EntryError
from pathway.language.definition import Definition
from tests.turning import turning


def circles(definition: Definition) -> list[Finding]:
    proofs = prove(definition)
    assert [one for one in proofs.undecided if one.code == "auto-cycle"] == []
    return [one for one in proofs.findings if one.code == "auto-cycle"]


def known_at_the_end(witness: Witness) -> dict[str, object]:
    """What all entries together record."""
    facts: dict[str, object] = {}
    done: list[str] = []
    for entry in witness.as_json()["timeline"]:
        facts.update(entry.get("facts", {}))
        done += entry.get("done", [])
    return {"facts": facts, **({"done": done} if done else {})}


@pytest.mark.parametrize(
    ("there", "back", "entered"),
    [
        ("lactate >= 2", "lactate <= 2", {"facts": {"lactate": "2"}}),
        ("septic", "lactate > 4", {"facts": {"septic": "true", "lactate": "4.1"}}),
        ("septic and done(bolus)", "septic", {"facts": {"septic": "true"}, "done": ["bolus"]}),
        # Once round is enough: the configuration comes back within one settle (rule 16).
        ("septic", "done(bolus) since entry", {"facts": {"septic": "true"}, "done": ["bolus"]}),
    ],
)
def test_the_patient_who_spins_is_shown_and_the_engine_refuses_the_entry(
    there: str, back: str, entered: dict[str, object]
) -> None:
    definition = turning(there, back)
    (found,) = circles(definition)
    assert found.severity == "error"
    assert "ward -> unit -> ward" in found.text or "unit -> ward -> unit" in found.text
    assert isinstance(found.witness, Witness)
    assert known_at_the_end(found.witness) == entered
    with pytest.raises(EntryError, match="goes round in a circle"):
        found.witness.play(assemble(definition))


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("lactate > 2", "lactate <= 2"),
        ("septic", "not septic"),
        ("lactate recorded since entry", "lactate recorded since entry"),
    ],
)
def test_a_circle_that_needs_a_new_entry_each_time_is_no_error(there: str, back: str) -> None:
    assert circles(turning(there, back)) == []


def test_two_tracks_that_push_each_other_round_are_found() -> None:
    other = """
  watch:
    start: low
    states:
      low: {kind: decision, next: [{to: high, when: in(care.unit)}]}
      high: {kind: decision, next: [{to: low, when: in(care.ward)}]}
"""
    found = circles(turning("septic and in(watch.low)", "in(watch.high)", other))
    assert {one.state for one in found} == {"care.ward", "watch.low"}


def test_tracks_that_follow_one_another_once_do_not_spin() -> None:
    other = """
  watch:
    start: low
    states:
      low: {kind: decision, next: [{to: high, when: in(care.unit)}]}
      high: {kind: decision, next: [{to: low, when: in(care.ward)}]}
"""
    assert circles(turning("septic", "not septic", other)) == []
