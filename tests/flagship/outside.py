"""The flagship as an outside user meets it: a timeline goes in as text, the JSON of a run comes out."""

from __future__ import annotations

import functools
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathway.cli.loading import compiled_for
from pathway.cli.step_json import step_json
from pathway.engine.compiled import CompiledPathway
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from tests.calling import called

PATHWAY = "spinal-leptomeningeal-infection"
DAY = "2026-03-01"
# What a value may be written as in a timeline: text as it stands in YAML, or a list of such texts.
Written = str | Sequence[str]
Facts = dict[str, Any]

# The article's six tests before lumbar puncture, all known and safe.
SAFE: dict[str, Written] = {
    "platelet_count": "210",
    "inr": "1.0",
    "coagulopathy": "false",
    "lp_site_infection": "false",
    "severe_sepsis_signs": "false",
    "lmwh_intent": "none",
}
SUSPECTED: dict[str, Written] = {"leptomeningitis_suspected": "true"}
# Malignant disease in the group for active treatment.
ACTIVE: dict[str, Written] = {"etiology": "malignant", "kps": "80", "life_expectancy": "6"}
# Everything that intrathecal treatment asks, known and favourable.
INTRATHECAL: dict[str, Written] = {
    **ACTIVE,
    "lm_mri_pattern": "thin_linear",
    "csf_flow_status": "unobstructed",
    "patient_dying": "false",
    "hydrocephalus_symptomatic": "false",
    "vp_shunt_required": "false",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One step of the output."""

    step: dict[str, Any]

    def actions(self, standing: str) -> list[str]:
        return [entry["action"] for entry in self.step[standing]]

    def entry(self, standing: str, action: str) -> dict[str, Any]:
        found = [entry for entry in self.step[standing] if entry["action"] == action]
        assert found, f"{action} is not in {standing}: {self.actions(standing)}"
        return found[0]

    def recommends(self, action: str) -> bool:
        return action in self.actions("recommended")

    def holds(self, action: str) -> bool:
        return action in self.actions("held")

    def blocks(self, action: str) -> bool:
        return action in self.actions("blocked")

    def stands(self, action: str) -> str:
        """recommended, held, blocked or none; in no more than one of them (rule 21)."""
        found = [one for one in ("recommended", "held", "blocked") if action in self.actions(one)]
        assert len(found) < 2, f"{action} is {found}"
        return found[0] if found else "none"

    def deeds(self, action: str) -> list[dict[str, Any]]:
        return [entry for entry in self.step["done"] if entry["action"] == action]

    def knows(self, fact: str) -> bool:
        return fact in self.step["facts"]

    def value(self, fact: str) -> Any:
        return self.step["facts"][fact]["value"]

    def unit(self, fact: str) -> str | None:
        return self.step["facts"][fact].get("unit")

    def warnings(self, cite: str) -> list[dict[str, Any]]:
        return [warning for warning in self.step["warnings"] if cite in warning["cites"]]

    def warning_ids(self) -> set[str]:
        return {warning["id"] for warning in self.step["warnings"]}

    def cited(self) -> set[str]:
        return {cite for warning in self.step["warnings"] for cite in warning["cites"]}

    def needs(self, of: str) -> set[str]:
        return {need["fact"] for need in self.step["needs"] if of in need["for"]}

    def asked(self) -> set[str]:
        return {need["fact"] for need in self.step["needs"]}

    def phase(self, track: str = "care") -> str | None:
        return self.step["phases"].get(track)

    def dose(self, action: str) -> dict[str, Any]:
        return self.step["doses"][action]


def written(value: Written) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


def mapping(entries: Mapping[str, Written]) -> str:
    return "{" + ", ".join(f"{name}: {written(value)}" for name, value in entries.items()) + "}"


def moment(when: str) -> str:
    """`08:00` is on the first day; a date, or a date with a time, stands as it is."""
    return when if "-" in when else f"{DAY}T{when}"


def at(when: str, facts: Facts | None = None, **more: Any) -> str:
    """One entry of a timeline; `more` holds done, declined, take, override, correct."""
    parts = [f"at: {moment(when)}"]
    if facts:
        parts.append(f"facts: {mapping(facts)}")
    for key, value in more.items():
        parts.append(f"{key}: {mapping(value) if isinstance(value, Mapping) else written(value)}")
    return "  - {" + ", ".join(parts) + "}\n"


def timeline(*entries: str, timezone: str | None = None) -> str:
    zone = f"timezone: {timezone}\n" if timezone else ""
    return f"pathway: {PATHWAY}\ncase: outside\n{zone}timeline:\n" + "".join(entries)


@functools.cache
def flagship(layers: str | None = None) -> CompiledPathway:
    return compiled_for(PATHWAY, layers)


def steps_of(text: str, layers: str | None = None) -> list[Shown]:
    """Step the text of a timeline, through JSON and back."""
    compiled = flagship(layers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "timeline.yaml")
        path.write_text(text, encoding="utf-8")
        ran = list(step_timeline(compiled, read_timeline(path)))
    found = [step_json(one.step, compiled.definition) for one in ran]
    return [Shown(step) for step in json.loads(json.dumps(found))]


def steps(*entries: str, timezone: str | None = None, layers: str | None = None) -> list[Shown]:
    return steps_of(timeline(*entries, timezone=timezone), layers)


def last(*entries: str, timezone: str | None = None, layers: str | None = None) -> Shown:
    return steps(*entries, timezone=timezone, layers=layers)[-1]


def now(facts: Facts, layers: str | None = None, **more: Any) -> Shown:
    """What is shown when all this is recorded at 08:00 of the first day."""
    return last(at("08:00", facts, **more), layers=layers)


# One case that the tests of files and processes share.
STORY = (
    at(
        "08:00",
        SUSPECTED
        | {
            "bacterial_meningitis_suspected": "true",
            "severe_sepsis_signs": "true",
            "presentation_time": "2026-03-01T07:45",
            "age_years": "9",
        },
    ),
    at("08:20", {"calcium_iv_concurrent": "true", "weight_kg": "45"}, done="[empiric_iv_antibiotic]"),
    at("09:00", SAFE | {"inr": "unknown"}),
    at("09:30", {"inr": "1.1"}, declined={"lumbar_puncture": "the family refuses"}),
    at("10:00"),
)


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as its own process."""
    done = called(arguments)
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )
