"""Findings as SARIF 2.1.0, the format in which code hosts show them beside the lines they are about."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pathway.check.allowing import Allow, Allowed
from pathway.check.codes import CODES, UNUSED_ALLOW, Code
from pathway.check.findings import ERROR, INFO, WARNING, Finding
from pathway.check.witness import Witness
from pathway.language.definition import Definition
from pathway.language.problems import Place, visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[str, str] = {ERROR: "error", WARNING: "warning", INFO: "note"}
RULES: Mapping[str, int] = {code: number for number, code in enumerate(CODES)}
FINGERPRINT = "pathwayFinding/v1"
LONGEST_CASE = 240


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check says of one definition.

    `findings` are open, `allowed` were silenced in the source; `undecided` tells in one sentence each what
    was neither found nor ruled out.
    """

    definition: Definition
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[str, ...] = ()


def sarif(checked: Iterable[Checked], version: str, here: Path) -> dict[str, Any]:
    """One SARIF 2.1.0 log with one run of this program; `version` is the program's.

    Files below the absolute folder `here` are named relative to it, others as the definition names them.
    Allowed findings are in it too, marked as suppressed in the source with their reason.
    """
    everything = tuple(checked)
    rules = [_rule(code) for code in CODES.values()]
    notes = [_notice(sentence) for one in everything for sentence in one.undecided]
    run = {
        "tool": {"driver": {"name": "pathway", "version": version, "language": "en", "rules": rules}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": [result for one in everything for result in _results(one, here)],
        "properties": {"pathways": [_pathway(one.definition) for one in everything]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    help_ = code.remedy
    if code.name != UNUSED_ALLOW:
        help_ += f" Where it is right as it is, say why on its line: # allow: {code.name} reason"
    return {
        "id": code.name,
        "shortDescription": _message(code.title),
        "fullDescription": _message(code.meaning),
        "help": _message(help_),
        "defaultConfiguration": {"level": LEVELS[code.severity]},
    }


def _notice(sentence: str) -> dict[str, Any]:
    return {"level": "warning", "message": _message(_sentence(sentence))}


def _pathway(definition: Definition) -> dict[str, str]:
    return {"id": definition.id, "version": definition.version, "digest": definition.digest}


# --- results ------------------------------------------------------------------------------------
def _results(one: Checked, here: Path) -> Iterator[dict[str, Any]]:
    """The results in the order of the files, so that an allow moves none of them."""
    found: list[tuple[Finding, Allow | None]] = [(finding, None) for finding in one.findings]
    found += [(item.finding, item.allow) for item in one.allowed]
    seen: Counter[str] = Counter()
    for finding, allow in sorted(found, key=lambda pair: _position(pair[0])):
        identity = _identity(one.definition.id, finding)
        seen[identity] += 1
        yield {
            **_what(finding),
            "locations": [_location(one.definition, finding, here)],
            "partialFingerprints": {FINGERPRINT: f"{identity}:{seen[identity]}"},
            "suppressions": [] if allow is None else [_suppression(allow, here)],
            "properties": _properties(one.definition, finding),
        }


def _what(finding: Finding) -> dict[str, Any]:
    words = f"{_sentence(finding.text)} {_sentence(finding.fix)}"
    if finding.witness is not None:
        words += f" {_in_short(finding.witness)}"
    return {
        "ruleId": finding.code,
        "ruleIndex": RULES[finding.code],
        "level": LEVELS[finding.severity],
        "message": _message(words),
    }


def _properties(definition: Definition, finding: Finding) -> dict[str, str]:
    properties = {"pathway": definition.id}
    if finding.witness is not None:
        properties["counterExample"] = finding.witness.as_yaml()
    return properties


def _suppression(allow: Allow, here: Path) -> dict[str, Any]:
    location = {"physicalLocation": _physical(allow.place, here)}
    return {"kind": "inSource", "justification": visible(allow.reason), "location": location}


def _position(finding: Finding) -> tuple[str, int, int, str, str, str]:
    place = finding.place or Place("", 0, 0)
    return (place.file, place.line, place.column, finding.code, finding.state or "", finding.text)


def _identity(pathway: str, finding: Finding) -> str:
    """The same for the same finding wherever it stands: neither file nor line nor counter-example counts."""
    words = [pathway, finding.code, finding.state, " ".join(finding.text.split())]
    return hashlib.sha256(json.dumps(words).encode("ascii")).hexdigest()


# --- words --------------------------------------------------------------------------------------
def _message(text: str) -> dict[str, str]:
    """A message whose braces are no placeholders (SARIF 2.1.0, 3.11.5)."""
    return {"text": visible(text).replace("{", "{{").replace("}", "}}")}


def _sentence(text: str) -> str:
    shown = text.strip()
    return shown if shown.endswith((".", "?", "!")) else f"{shown}."


def _in_short(witness: Witness) -> str:
    """The counter-example in a line: what is entered, with its times where there are several, and the end."""
    entries: Sequence[Mapping[str, Any]] = witness.as_json()["timeline"]
    case = "; ".join(_entry(entry, len(entries) > 1) for entry in entries)
    if len(case) > LONGEST_CASE:
        case = f"{case[:LONGEST_CASE].rstrip()}…"
    return f"Counter-example: {case or 'an empty case'}. {_sentence(witness.ends)}"


def _entry(entry: Mapping[str, Any], timed: bool) -> str:
    words = [f"{name} = {_value(value)}" for name, value in entry.get("facts", {}).items()]
    for kind in (key for key in entry if key not in ("at", "facts")):
        words += _deeds(kind, entry[kind])
    said = ", ".join(words) or "nothing is entered"
    at = str(entry["at"]).removesuffix("+00:00").removesuffix(":00")
    return f"{at} {said}" if timed else said


def _deeds(kind: str, named: Sequence[str] | Mapping[str, str]) -> list[str]:
    """`done drug`, or with what stands behind it: `declined drug (refused)`."""
    if isinstance(named, Mapping):
        return [f"{kind} {name} ({words})" for name, words in named.items()]
    return [f"{kind} {name}" for name in named]


def _value(value: Any) -> str:
    """A value as it is entered; a list in brackets."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- places -------------------------------------------------------------------------------------
def _location(definition: Definition, finding: Finding, here: Path) -> dict[str, Any]:
    """Where it stands; what is about the pathway as a whole stands in its main file."""
    if finding.place is None:
        main: dict[str, Any] = {"artifactLocation": {"uri": _uri(definition.files[0], here)}}
        location = {"physicalLocation": main}
    else:
        location = {"physicalLocation": _physical(finding.place, here)}
    if finding.state is not None:
        full = f"{definition.id}.{finding.state}"
        name = finding.state.rpartition(".")[2]
        logical = {"name": name, "fullyQualifiedName": full, "kind": "state"}
        return {**location, "logicalLocations": [logical]}
    return location


def _physical(place: Place, here: Path) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + place.length,
    }
    return {"artifactLocation": {"uri": _uri(place.file, here)}, "region": region}


def _uri(file: str, here: Path) -> str:
    whole = Path(os.path.normpath(here / file))
    if whole.is_relative_to(here):
        return quote(whole.relative_to(here).as_posix())
    return whole.as_uri() if Path(file).is_absolute() else quote(Path(file).as_posix())
