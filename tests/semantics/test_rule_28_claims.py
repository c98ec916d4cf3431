"""SEMANTICS rule 28: claims as far as they exist without proofs: parsed, typed and kept."""

from __future__ import annotations

import pytest

from pathway.language.definition import Claim
from pathway.language.problems import DefinitionError
from tests.semantics.stepping import definition

BODY = """facts:
  platelet_count: {type: quantity, unit: 10*9/L}
  triage_time: {type: dateTime}
  suspected: {type: boolean}
actions:
  lp: {title: LP, type: procedure, takes: 30 min}
  mri: {title: MRI, type: order}
tracks:
  care: {start: here, states: {here: {kind: enquiry}, there: {kind: end}}}
"""


def claim(text: str) -> Claim:
    return definition(BODY + f"claims: {{c: {text}}}\n").claims["c"]


def test_rule_28_only_keeps_its_action_and_guard() -> None:
    found = claim("{only: lp, when: platelet_count >= 40}")
    assert (found.form, found.actions, found.unless_overridden) == ("only", ("lp",), False)
    assert found.guard is not None
    assert found.guard.text == "platelet_count >= 40"
    assert found.guard.facts == {"platelet_count"}


def test_rule_28_only_unless_overridden_is_its_own_form() -> None:
    assert claim("{only: lp, when: platelet_count >= 40, unless_overridden: true}").unless_overridden


def test_rule_28_never_and_always_keep_their_guards() -> None:
    for form in ("never", "always"):
        found = claim(f"{{{form}: 'in(care.here) and not done(lp)'}}")
        assert (found.form, found.guard is not None and found.guard.tracks) == (form, {"care"})


def test_rule_28_before_takes_actions_or_a_state() -> None:
    assert claim("{before: [mri, lp]}").actions == ("mri", "lp")
    assert claim("{before: [mri, care.there]}").actions == ("mri", "care.there")


def test_rule_28_within_keeps_its_limit_and_actions_keep_what_they_take() -> None:
    found = claim("{within: {action: lp, of: triage_time, limit: 60 min}}")
    assert (found.form, found.actions, found.limit) == ("within", ("lp", "triage_time"), 3600)
    assert definition(BODY).actions["lp"].takes == 1800


@pytest.mark.parametrize(
    "text",
    [
        "{only: lp}",
        "{when: suspected}",
        "{only: lp, when: suspected, never: suspected}",
        "{only: surgery, when: suspected}",
        "{only: lp, when: platelet_count}",
        "{only: lp, when: platelet_count > 4 mmol/L}",
        "{never: platelets < 40}",
        "{always: in(care.nowhere)}",
        "{always: suspected, unless_overridden: true}",
        "{before: [mri]}",
        "{before: [mri, care.nowhere]}",
        "{before: [mri, nothing]}",
        "{within: {action: lp, of: nothing, limit: 60 min}}",
        "{within: {action: lp, of: triage_time, limit: 1 mo}}",
        "{within: {action: lp, of: triage_time}}",
        "{always: done(lp) since entry}",
    ],
)
def test_rule_28_a_claim_that_means_nothing_is_an_error(text: str) -> None:
    with pytest.raises(DefinitionError):
        claim(text)


def test_rule_28_within_counts_from_an_instant() -> None:
    with pytest.raises(DefinitionError):
        claim("{within: {action: lp, of: suspected, limit: 60 min}}")
