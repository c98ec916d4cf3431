"""A small clinic with cases that tell every one of its mutants from the original."""

from __future__ import annotations

from pathlib import Path

CLINIC = """pathway: clinic
version: 1.0.0
title: Clinic
status: draft
layers: {article: What the article says}
sources:
  S1: {text: What the article says, from: article}
facts:
  suspected: {type: boolean}
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 1}
  weight_kg: {type: quantity, unit: kg, range: [0, 300], step: 1}
  drugs: {type: list, of: code, values: [warfarin, heparin, aspirin]}
  start_date: {type: date}
actions:
  puncture: {title: Puncture, type: procedure}
  antibiotic:
    title: Antibiotic
    type: medication
    dose: {amount: 100 mg/kg/d, times: weight_kg, cap: 4000 mg/d, unit: mg/d}
  drip:
    title: Drip
    type: medication
    course: true
    schedule: {periods: [{times: 2, per: 1 d, for: 2 d}, {times: 1, per: 1 wk}]}
  stop: {title: Stop, type: order}
safeguards:
  low_platelets: {action: puncture, when: platelet_count < 40, effect: block, override: specialist}
  blood_thinner: {action: puncture, when: "drugs includes any of (warfarin, heparin)", effect: warn}
  too_early: {action: stop, when: today < start_date + 42 d, effect: block}
tracks:
  care:
    start: intake
    states:
      intake:
        kind: enquiry
        next: [{to: work, when: suspected}, {to: home, when: not suspected}]
      work:
        kind: action
        do: [{action: puncture, within: 4 h}, {action: antibiotic}, {action: drip}, {action: stop}]
        next: [{to: home, when: done(stop)}]
      home: {kind: end}
"""

OPENED = "at: 2026-03-01T08:00"
ADMITTED = f"{OPENED}, facts: {{suspected: true}}"

CASES = {
    "not_suspected": [f"{OPENED}, facts: {{suspected: false}}, expect: {{states: {{care: home}}}}"],
    "platelets_39": [
        f"{ADMITTED}, expect: {{states: {{care: work}}, held: {{puncture: [platelet_count]}}}}",
        "at: 2026-03-01T08:10, facts: {platelet_count: 39}, expect: {blocked: {puncture: [low_platelets]}}",
        "at: 2026-03-01T08:20, override: {puncture: Needed now}, expect: {recommended: [puncture]}",
    ],
    "platelets_40": [
        f"{ADMITTED}, expect: {{not: {{warnings: [blood_thinner]}}}}",
        "at: 2026-03-01T08:10, facts: {platelet_count: 40}, expect: {recommended: [puncture]}",
    ],
    "warfarin": [
        f"{ADMITTED}",
        "at: 2026-03-01T08:10, facts: {platelet_count: 200, drugs: [warfarin]}, "
        "expect: {recommended: [puncture], severity: {blood_thinner: high}}",
    ],
    "heparin": [
        f"{ADMITTED}",
        "at: 2026-03-01T08:10, facts: {drugs: [heparin]}, expect: {warnings: [blood_thinner]}",
    ],
    "aspirin": [
        f"{ADMITTED}",
        "at: 2026-03-01T08:10, facts: {drugs: [aspirin]}, expect: {not: {warnings: [blood_thinner]}}",
    ],
    "puncture_due": [
        f"{ADMITTED}, expect: {{due: {{puncture: 2026-03-01T12:00}}}}",
        "at: 2026-03-01T09:00, done: [puncture, antibiotic], "
        "expect: {not: {held: [puncture], recommended: [antibiotic]}}",
    ],
    "done_before": [
        f"{OPENED}, done: [puncture, antibiotic, drip]",
        "at: 2026-03-01T09:00, facts: {suspected: true}, "
        "expect: {not: {held: [puncture], recommended: [antibiotic], outstanding: [drip]}}",
    ],
    "dose": [
        f"{ADMITTED}, expect: {{recommended: [antibiotic, drip], "
        "doses: {antibiotic: {needs: [weight_kg]}}}",
        "at: 2026-03-01T08:10, facts: {weight_kg: 39}, expect: {doses: {antibiotic: 3900 mg/d}}",
        "at: 2026-03-01T08:20, facts: {weight_kg: 41}, expect: {doses: {antibiotic: 4000 mg/d}}",
    ],
    "drip": [
        f"{ADMITTED}, expect: {{schedule: {{drip: {{period: 1, planned: 2, planned_in_fixed_periods: 4}}}}}}",
        "at: 2026-03-01T09:00, done: [drip], expect: {recommended: [drip], schedule: {drip: {given: 1}}}",
        "at: 2026-03-02T08:59:59, note: A, expect: {schedule: {drip: {period: 1, given: 1}}}",
        "at: 2026-03-02T09:00, note: B, expect: {schedule: {drip: {period: 1, given: 0}}}",
        "at: 2026-03-03T08:59:59, note: C, expect: {schedule: {drip: {period: 1}}}",
        "at: 2026-03-03T09:00, done: [drip], expect: {schedule: {drip: {period: 2, planned: 1, given: 1}}}",
        "at: 2026-03-10T08:59:59, note: D, expect: {schedule: {drip: {given: 1}}}",
        "at: 2026-03-10T09:00, note: E, expect: {schedule: {drip: {given: 0}}}",
    ],
    "stopping": [
        f"{ADMITTED}, expect: {{held: {{stop: [start_date]}}}}",
        "at: 2026-03-01T08:10, facts: {start_date: 2026-03-01}, expect: {blocked: {stop: [too_early]}}",
        "at: 2026-03-01T08:20, override: {stop: Please}, expect: {refused: [nobody may override]}",
        "at: 2026-04-11T23:59, note: A day early, expect: {blocked: [stop]}",
        "at: 2026-04-12T08:00, note: In time, expect: {recommended: [stop], states: {care: work}}",
        "at: 2026-04-12T09:00, done: [stop], expect: {states: {care: home}, not: {recommended: [stop]}}",
    ],
    "stopped_before": [
        f"{OPENED}, done: [stop]",
        "at: 2026-03-01T09:00, facts: {suspected: true}, expect: {states: {care: home}, not: {held: [stop]}}",
    ],
}
HEAD = "title: What the clinic shows\ncites: [S1]\ntimeline:\n"


def write_clinic(folder: Path, without: tuple[str, ...] = (), text: str = CLINIC) -> Path:
    """The clinic with its cases in a folder; its main file."""
    (folder / "cases").mkdir(parents=True)
    main_file = folder / "pathway.yaml"
    main_file.write_text(text, "utf-8")
    for name, entries in CASES.items():
        if name not in without:
            lines = "".join(f"  - {{{entry}}}\n" for entry in entries)
            (folder / "cases" / f"{name}.yaml").write_text(HEAD + lines, "utf-8")
    return main_file
