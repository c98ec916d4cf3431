"""Wall time of whole processes: help, checking a pathway, and running a ten-entry timeline.

Run `python benchmarks/start.py`. Each command is run several times; the median and the fastest are printed,
beside a bare `python -c pass` of the same run, which is the floor.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
FLAGSHIP = "spinal-leptomeningeal-infection"
DEMO = """\
pathway: demo
version: 1.0.0
title: Demo
status: draft
facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  suspected: {type: boolean}
actions:
  lumbar_puncture: {title: Lumbar puncture, type: procedure}
safeguards:
  lp_platelets: {action: lumbar_puncture, when: platelet_count < 40, effect: block, override: specialist}
tracks:
  care:
    start: intake
    states:
      intake:
        kind: enquiry
        next: [{to: workup, when: suspected}, {to: not_suspected, when: not suspected}]
      workup:
        kind: action
        do: [{action: lumbar_puncture, within: 4 h}]
        next: [{to: finished, when: done(lumbar_puncture)}]
      not_suspected: {kind: end}
      finished: {kind: end}
"""
TEN_ENTRIES = """\
timeline:
  - {at: 2026-03-01T08:00, facts: {leptomeningitis_suspected: true, presentation_time: 2026-03-01T07:50}}
  - {at: 2026-03-01T08:05, facts: {severe_sepsis_signs: false, coagulopathy: false}}
  - {at: 2026-03-01T08:10, facts: {lp_site_infection: false, lmwh_intent: none}}
  - {at: 2026-03-01T08:30, facts: {inr: 1.1}}
  - {at: 2026-03-01T08:40, facts: {platelet_count: 210}}
  - {at: 2026-03-01T09:30, facts: {mri_spine_gad_status: done}}
  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T10:00}}
  - {at: 2026-03-01T10:30, facts: {csf_volume: 10, csf_protein: 160}}
  - {at: 2026-03-02T10:00, facts: {etiology: tb, weight_kg: 70}}
  - {at: 2026-03-02T11:00, facts: {therapy_start_date: 2026-03-02}}
"""


def timed(command: list[str], compiled: Path) -> tuple[float, float]:
    """Median and fastest wall time in seconds; the command has to succeed.

    Modules stand compiled on the disk, in a folder of this run, as where the program is installed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(compiled)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    spent: list[float] = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        spent.append(time.perf_counter() - before)
    return statistics.median(spent), min(spent)


def main() -> None:
    """Measure and print."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        demo, timeline = Path(folder) / "demo.yaml", Path(folder) / "timeline.yaml"
        demo.write_text(DEMO, "utf-8")
        timeline.write_text(TEN_ENTRIES, "utf-8")
        commands = {
            "python -c pass": [python, "-c", "pass"],
            "pathway --help": [python, "-m", "pathway", "--help"],
            "pathway check demo.yaml": [python, "-m", "pathway", "check", str(demo)],
            "pathway run FLAGSHIP ten-entries": [
                python,
                "-m",
                "pathway",
                "run",
                FLAGSHIP,
                str(timeline),
                "--json",
            ],
        }
        floor = 0.0
        print(f"{'process':<36}{'median s':>10}{'fastest s':>11}{'x bare python':>15}")
        for name, command in commands.items():
            median, fastest = timed(command, Path(folder) / "compiled")
            floor = floor or median
            print(f"{name:<36}{median:>10.3f}{fastest:>11.3f}{median / floor:>15.1f}")


if __name__ == "__main__":
    main()
