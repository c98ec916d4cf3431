"""What the shape of a definition gives away is found, named and placed."""

from __future__ import annotations

import pytest

from pathway.check.findings import Finding
from pathway.check.lint import lint
from pathway.language.load import definition_from_text

SOUND = """
pathway: shape
version: 1.0.0
title: Shape
status: draft
layers: {article: Article}
sources:
  S1: {text: One, from: article}
  S2: {text: Two, from: article}
facts:
  a: {ask: A, type: boolean, cites: [S1]}
  b: {ask: B, type: boolean}
  sum: {type: boolean, formula: a and b}
  weight: {ask: Weight, type: quantity, unit: kg, range: [1, 300], step: 0.1}
  started: {ask: Start, type: dateTime}
actions:
  drug: {title: Drug, type: medication, dose: {amount: 1 mg/kg, times: weight, unit: mg}}
tracks:
  care:
    start: first
    states:
      first: {kind: decision, next: [{to: second, when: sum}]}
      second:
        kind: action
        do: [{action: drug, within: 1 h, of: started}]
        next: [{to: last, when: done(drug)}]
      last: {kind: end}
"""


def findings(old: str = "", new: str = "") -> list[Finding]:
    assert old in SOUND
    return list(lint(definition_from_text(SOUND.replace(old, new) if old else SOUND)))


def test_a_sound_definition_has_no_findings() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("old", "new", "code", "severity", "state"),
    [
        (
            "last: {kind: end}",
            "last: {kind: end}\n      lost: {kind: end}",
            "unreachable",
            "error",
            "care.lost",
        ),
        ("last: {kind: end}", "last: {kind: enquiry}", "dead-end", "error", "care.last"),
        ("actions:\n", "actions:\n  other: {title: Other, type: order}\n", "never-called", "warning", None),
        ("facts:\n", "facts:\n  idle: {ask: Idle, type: boolean}\n", "never-read", "info", None),
    ],
)
def test_each_flaw_of_shape_is_found(old: str, new: str, code: str, severity: str, state: str | None) -> None:
    [found] = findings(old, new)
    assert (found.code, found.severity, found.state) == (code, severity, state)
    assert found.place is not None
    assert found.render().startswith(f"{found.place}: {severity}: ")


def test_a_state_only_reached_from_an_unreachable_one_is_unreachable_too() -> None:
    lost = "lost: {kind: action, next: [{to: island, when: a}]}\n      island: {kind: end}"
    found = findings("last: {kind: end}", f"last: {{kind: end}}\n      {lost}")
    assert [one.state for one in found] == ["care.lost", "care.island"]
