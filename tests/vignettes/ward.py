"""A small ward with something for every key of `expect`, and vignettes for it written in tests."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pathway.language.load import definition_from_text
from pathway.vignettes.bench import Bench
from pathway.vignettes.vignette import Miss, Verdicts, Vignette

WARD = """pathway: ward
version: 1.0.0
title: Ward
status: draft
layers: {article: What the article says, supplement: What others say}
phases: {entry: Entry, work: Work}
sources:
  S1: {text: A puncture is essential, from: article}
  S2: {text: No puncture below 40, from: article}
  S3: {text: A high INR is no good, from: article}
  A1: {text: Watch the half dose, from: supplement}
facts:
  suspected: {type: boolean}
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  weight_kg: {type: quantity, unit: kg, range: [0, 300], step: 0.1}
  drugs: {type: list, of: code, values: [rifampin, warfarin], open: true}
  seen_time: {type: dateTime}
  start_date: {type: date}
  shaky: {type: boolean}
  waited: {type: quantity, unit: h, formula: time since seen_time}
  stop_date: {type: date, formula: start_date + 12 mo}
  yield_pct:
    type: quantity
    unit: "%"
    cases: [{when: waited <= 4 h, value: 73 %}, {when: waited <= 8 h, value: 11 %}]
    otherwise: 0 %
  decision:
    type: code
    values: [proceed, blocked, cannot_clear]
    cases: [{when: platelet_count < 40, value: blocked}, {when: platelet_count >= 40, value: proceed}]
    unknown: cannot_clear
actions:
  puncture: {title: Lumbar puncture, type: procedure, cites: [S1]}
  antibiotic:
    title: Antibiotic
    type: medication
    dose: {amount: 100 mg/kg/d, times: weight_kg, cap: 4 g/d, unit: mg/d, route: IV, divided: [{every: 12 h}]}
  half_dose:
    title: Half dose
    type: medication
    orderable: false
    dose: {amount: 2000 mg/d, unit: mg/d, route: IV, divided: [{every: 24 h}, {every: 8 h}]}
  drip:
    title: Drip
    type: medication
    course: true
    dose: {amount: 15 mg, unit: mg, route: intrathecal}
    schedule: {periods: [{times: 2, per: 1 wk, for: 4 wk}, {times: 1, per: 1 mo}]}
safeguards:
  low_platelets:
    {action: puncture, when: platelet_count < 40, effect: block, override: specialist, cites: [S2]}
  high_inr: {action: puncture, when: inr > 1.4, effect: block, cites: [S3]}
  warfarin: {action: puncture, when: drugs includes warfarin, effect: warn, severity: medium, cites: [A1]}
notices:
  half: {text: Half of the dose., severity: high, about: [half_dose], cites: [A1], layer: supplement}
  late_yield: {text: Cultures may stay negative., severity: low, when: yield_pct <= 11, cites: [S1]}
tracks:
  care:
    start: intake
    states:
      intake:
        phase: entry
        kind: enquiry
        asks: [suspected]
        next: [{to: workup, when: suspected}, {to: home, when: not suspected}]
      workup:
        phase: work
        kind: action
        do:
          - {action: puncture, within: 4 h}
          - {action: antibiotic, within: 1 h, of: seen_time}
          - {action: half_dose}
        next: [{to: therapy, when: done(puncture)}]
      therapy:
        phase: work
        kind: action
        choice: true
        do: [{action: drip}]
        next: [{to: home, when: 'true'}, {to: intake, when: shaky}]
      home: {kind: end}
"""
HEAD = "title: What the ward shows\ncites: [S1]\ntimeline:\n"
ADMITTED = "  - {at: 2026-03-01T08:00, facts: {suspected: true}"


@lru_cache
def bench(text: str = WARD) -> Bench:
    """The ward, ready for vignettes."""
    return Bench(definition_from_text(text))


def vignette(text: str, ward: str = WARD) -> Vignette:
    """A vignette as it would be read from `ward.yaml`. Raises DefinitionError."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ward.yaml"
        file.write_text(text, "utf-8")
        return bench(ward).read(file)


def judged(text: str, ward: str = WARD) -> Verdicts:
    """How a vignette is judged on the ward."""
    return bench(ward).judge(vignette(text, ward))


def story(*entries: str) -> str:
    """A vignette with a title, its citations and these entries."""
    return HEAD + "".join(f"  - {{{entry}}}\n" for entry in entries)


def misses(*entries: str) -> tuple[Miss, ...]:
    """What does not hold in these entries."""
    verdicts = judged(story(*entries))
    assert verdicts.problems == ()
    return verdicts.misses


def told(*entries: str) -> str:
    """The only thing that does not hold: what was expected, what came, and why."""
    (miss,) = misses(*entries)
    return f"expected {miss.expected}; came {miss.came}; because {miss.why}"
