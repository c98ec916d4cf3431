"""A small ward with something of everything, and a case on it in which most things happened."""

from __future__ import annotations

from functools import cache
from typing import Any

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.handover.content import Handover, Section
from pathway.handover.handover import handover_of
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text

EIGHT = 1_772_352_000  # 2026-03-01T08:00:00+00:00
MINUTE, HOUR = 60, 3600

WARD = """
pathway: ward
version: 2.1.0
title: The ward
status: draft
disclaimer: For teaching.
layers: {article: What the article says, supplement: What others say}
phases: {first: First hours}
sources:
  S1: {text: Puncture, from: article}
  S2: {text: Give by weight, from: article}
  C1: {text: Twice as much, from: supplement, grade: "2"}
facts:
  weight_kg: {ask: Weight, type: quantity, unit: kg, range: [1, 300], step: 0.1, cites: [S2], layer: article}
  platelets:
    {ask: Platelet count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  infected: {ask: "Infected?", type: boolean}
  seen: {ask: Seen at, type: dateTime}
  remark: {ask: Remark, type: text}
  jaundice: {ask: "Jaundice?", type: boolean, cites: [C1], layer: supplement}
actions:
  puncture: {title: Puncture, type: procedure, cites: [S1]}
  drug:
    title: Drug
    type: medication
    course: true
    dose:
      {amount: 100 mg/kg/d, times: weight_kg, cap: 4 g/d, unit: mg/d, route: IV, divided: [{every: 12 h}],
       cites: [S2]}
    cites: [S2]
  scan: {title: Scan, type: procedure}
  printed:
    title: Drug as printed
    type: medication
    orderable: false
    dose: {amount: 2000 mg/d, unit: mg/d, route: IV, cites: [S2, C1]}
    cites: [S2]
safeguards:
  low:
    {action: puncture, when: platelets < 40, effect: block, override: specialist, text: No puncture below 40,
     cites: [S1]}
  yellow: {action: drug, when: jaundice, effect: warn, unknown: warn, text: Mind the jaundice, cites: [C1]}
notices:
  half:
    {text: Half the dose. Do not order from it, severity: high, about: [printed], cites: [C1],
     layer: supplement}
tracks:
  care:
    title: Care
    start: intake
    states:
      intake: {title: Suspicion, kind: enquiry, asks: [infected], next: [{to: work, when: infected}]}
      work:
        title: Work-up
        phase: first
        kind: action
        text: Take fluid
        asks: [seen]
        do: [{action: puncture, within: 4 h}, {action: drug, within: 1 h}, {action: scan}, {action: printed}]
        next:
          - {to: home, when: done(puncture) and done(scan), auto: false, text: Let them go}
          - {to: other, when: platelets > 1000}
      home: {title: Home, kind: end}
      other: {title: Elsewhere, kind: end}
  still:
    title: Still
    start: rest
    states:
      rest: {title: At rest, kind: enquiry, asks: [jaundice], next: [{to: up, when: jaundice}]}
      up: {title: Up, kind: end}
"""


@cache
def ward() -> Definition:
    return definition_from_text(WARD)


@cache
def compiled_ward() -> CompiledPathway:
    return compile_pathway(ward())


def opened(case_id: str = "TEST-014", label: str | None = "bed 7", timezone: str = "UTC") -> Case:
    return open_case(compiled_ward(), case_id, EIGHT, "ms", EIGHT, timezone, label)[0]


def enter(case: Case, minutes: int, by: str = "ms", **entries: Any) -> None:
    """Commit a batch so many minutes after eight."""
    at = EIGHT + minutes * MINUTE
    case.commit(Batch(at=at, by=by, recorded_at=at, **entries))


def busy(case: Case) -> Case:
    """A morning: late, held, blocked, overridden, declined, corrected, withdrawn, undone and noted."""
    known = (FactEntry("infected", "true"), FactEntry("weight_kg", "45"))
    enter(case, 5, facts=known, take=(TakeEntry("care", "work"),))
    enter(case, 10, facts=(FactEntry("platelets", "35"),), by="lab")
    enter(case, 15, overrides=(OverrideEntry("Bleeding is the lesser evil", action="puncture"),), by="chief")
    enter(case, 20, done=(DeedEntry("puncture", reason="after the override"),))
    enter(case, 25, declined=(DeclineEntry("scan", "No scanner tonight"),))
    enter(case, 30, facts=(FactEntry("platelets", "53", corrects=True),), by="lab")
    enter(case, 35, retracted=(Retraction("jaundice", "pending"),))
    enter(case, 40, facts=(FactEntry("remark", "typed in the wrong case"),))
    enter(case, 45, undo=True)
    enter(case, 50, notes=("Family is informed",), acknowledged=("half",))
    return case


def handed(case: Case, now: int | None = None, **more: Any) -> Handover:
    """The hand-over of a case at a time that is not before its last entry."""
    at = case.now if now is None else now
    kept = len(case.events)
    view = case.pass_time(at, at).view
    return handover_of(case.compiled.definition, view, case.events, at, "dr", kept=kept, **more)


def section(handover: Handover, anchor: str) -> Section:
    return next(one for one in handover.sections if one.anchor == anchor)


def told(handover: Handover, anchor: str) -> str:
    """All words of a section on one line, as a reader meets them."""
    one = section(handover, anchor)
    rows = [" ".join([row.mark, *(text for cell in row.cells for text in cell)]) for row in one.rows]
    body = rows or [one.nothing]
    return " ".join(" ".join([*one.opening, *body, *one.closing]).replace("\u00a0", " ").split())
