"""A small pathway with the same text wherever an author may write one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

from pathway.language.definition import Definition
from pathway.language.load import definition_from_text

# Every text that an author may write is a word of its own here, which gives way to a hostile one once loaded:
# the loader itself refuses what is invisible.
SMALL = """\
pathway: small
version: 1.0.0
title: {0}
status: draft
review: {1}
disclaimer: {2}
layers: {{article: {3}, supplement: {4}}}
phases: {{first: {5}}}
sources: {{S1: {{text: {6}, from: article, ref: {7}, problem: {8}}}, A1: {{text: {9}, from: supplement}}}}
facts:
  ill: {{ask: {10}, label: {11}, type: boolean, cites: [S1]}}
  kind: {{ask: {12}, label: {13}, type: code, values: {{a: {14}, b: {15}}}, cites: [S1]}}
  weight: {{ask: {16}, label: {17}, type: quantity, unit: kg, range: [1, 300], cites: [S1]}}
  grave:
    {{label: {18}, type: code, values: {{yes_it_is: {19}, no_it_is: {20}}}, cites: [S1],
     cases: [{{when: ill, value: yes_it_is}}], otherwise: no_it_is}}
actions:
  drug:
    {{title: {21}, type: medication, text: {22}, cites: [S1],
     dose: {{amount: 2 mg/kg, times: weight, cap: 100 mg, unit: mg, route: {23}, note: {24}, when: ill}},
     schedule: {{periods: [{{times: 1, per: 1 d, for: 2 d}}], note: {25}}}}}
  printed: {{title: {26}, type: medication, orderable: false, dose: {{amount: 3 mg, unit: mg}}, cites: [S1]}}
  uncalled: {{title: {27}, type: order, text: {28}, cites: [S1]}}
safeguards: {{g: {{action: drug, when: kind = a, effect: block, override: {29}, text: {30}, cites: [A1]}}}}
notices:
  n: {{text: {31}, severity: high, when: kind = b, about: [printed], cites: [A1]}}
  m: {{text: {32}, severity: low, states: [care.start], about: [drug], cites: [S1]}}
tracks:
  care:
    title: {33}
    start: start
    states:
      start:
        {{title: {34}, phase: first, kind: decision, text: {35}, asks: [ill, kind],
         do: [{{action: drug, within: 60 min, text: {36}, when: kind = a}}, {{action: printed}}],
         next: [{{to: end, when: "ill and kind = a", text: {37}}}, {{to: end, when: "not ill or kind = b"}}]}}
      end: {{title: {38}, phase: first, kind: end}}
"""
FIELDS = 39


@cache
def loaded() -> Definition:
    return definition_from_text(SMALL.format(*(f"f{field}x" for field in range(FIELDS))))


def small(text: str, before: bool) -> Definition:
    """The small pathway with this text in every field, before or behind the word that tells the field."""
    return worded(loaded(), lambda word: (f"{text} {word}" if before else f"{word} {text}").strip())


def worded(value: Any, put: Callable[[str], str]) -> Any:
    """A value of the definition with each of its words replaced, wherever it stands in a text."""
    match value:
        case str():
            return re.sub(r"\bf\d+x\b", lambda found: put(found[0]), value)
        case tuple():
            return tuple(worded(one, put) for one in value)  # pyright: ignore[reportUnknownVariableType]
        case Mapping():
            return {name: worded(one, put) for name, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _ if type(value).__module__ == Definition.__module__:
            changes = {one.name: worded(getattr(value, one.name), put) for one in fields(value)}
            return replace(value, **changes)
        case _:
            return value
