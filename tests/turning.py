"""A little pathway of two decisions that lead to each other."""

from __future__ import annotations

from pathway.language.definition import Definition
from pathway.language.load import definition_from_text


def turning(there: str, back: str, more: str = "") -> Definition:
    """Two decisions that lead to each other under these guards; `more` is added at the end."""
    return definition_from_text(f"""
pathway: turning
version: 1.0.0
title: Turning
status: draft
facts:
  lactate: {{type: quantity, unit: mmol/L, range: [0, 30], step: 0.1}}
  septic: {{type: boolean}}
actions:
  bolus: {{title: Bolus, type: medication}}
tracks:
  care:
    start: ward
    states:
      ward: {{kind: decision, do: [{{action: bolus}}], next: [{{to: unit, when: "{there}"}}]}}
      unit: {{kind: decision, next: [{{to: ward, when: "{back}"}}]}}
{more}""")
