"""A code host gets every finding at its line, with its counter-example, and with the reason where allowed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pathway.check.allowing import Allow, Allowed, read_allows, silence
from pathway.check.codes import CODES
from pathway.check.findings import ERROR, INFO, WARNING, Finding
from pathway.check.lint import lint
from pathway.check.sarif import Checked, sarif
from pathway.check.witness import Witness
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, Retraction
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.load import definition_from_text, load_definition
from pathway.language.problems import Place

HERE = Path("/home/author/guidelines")
DEFINITION = """\
pathway: reported
version: 1.2.0
title: Reported
status: draft
layers: {article: Article}
facts:
  a: {ask: A, type: boolean}
  b: {ask: B, type: boolean}
actions:
  drug: {title: Drug, type: medication}
tracks:
  care:
    start: first
    states:
      first: {kind: decision, next: [{to: last, when: a}]}
      # allow: unreachable entered by transfer {only}
      lost: {kind: enquiry}
      last: {kind: end}
"""


# --- the format -----------------------------------------------------------------------------------
def closed(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    """A JSON object with these properties and no others."""
    assert {*required.split(), *optional.split()} == set(properties)
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def many(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


# What section 3 of the standard asks of the parts that are written, and no part that is not.
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["error", "warning", "note"]}
MESSAGE = closed("text", text={"type": "string", "pattern": r"^([^{}]|\{\{|\}\})+$"})
URI = {"type": "string", "pattern": r"^(file:///)?[A-Za-z0-9._~%/-]+$"}
REGION = closed("startLine startColumn endColumn", startLine=COUNT, startColumn=COUNT, endColumn=COUNT)
PHYSICAL = closed("artifactLocation", "region", artifactLocation=closed("uri", uri=URI), region=REGION)
LOGICAL = closed("name fullyQualifiedName kind", name=TEXT, fullyQualifiedName=TEXT, kind={"const": "state"})
SUPPRESSION = closed(
    "kind justification location",
    kind={"const": "inSource"},
    justification=TEXT,
    location=closed("physicalLocation", physicalLocation=PHYSICAL),
)
RESULT = closed(
    "ruleId ruleIndex level message locations partialFingerprints suppressions properties",
    ruleId={"enum": list(CODES)},
    ruleIndex={"type": "integer", "minimum": 0, "exclusiveMaximum": len(CODES)},
    level=LEVEL,
    message=MESSAGE,
    locations=many(
        closed(
            "physicalLocation",
            "logicalLocations",
            physicalLocation=PHYSICAL,
            logicalLocations=many(LOGICAL, minItems=1),
        ),
        minItems=1,
        maxItems=1,
    ),
    partialFingerprints={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
    suppressions=many(SUPPRESSION),
    properties=closed("pathway", "counterExample", pathway=TEXT, counterExample=TEXT),
)
RULE = closed(
    "id shortDescription fullDescription help defaultConfiguration",
    id={"enum": list(CODES)},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed("level", level=LEVEL),
)
PATHWAY = closed("id version digest", id=TEXT, version=TEXT, digest=TEXT)
RUN = closed(
    "tool invocations columnKind results properties",
    tool=closed(
        "driver",
        driver=closed(
            "name version language rules",
            name={"const": "pathway"},
            version=TEXT,
            language={"const": "en"},
            rules=many(RULE, uniqueItems=True),
        ),
    ),
    invocations=many(
        closed(
            "executionSuccessful toolExecutionNotifications",
            executionSuccessful={"const": True},
            toolExecutionNotifications=many(closed("level message", level=LEVEL, message=MESSAGE)),
        )
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=many(RESULT),
    properties=closed("pathways", pathways=many(PATHWAY)),
)
SCHEMA = {"type": "string", "pattern": r"^https://.*/sarif-schema-2\.1\.0\.json$"}
LOG: dict[str, Any] = {
    "type": "object",
    "properties": {
        "$schema": SCHEMA,
        "version": {"const": "2.1.0"},
        "runs": many(RUN, minItems=1, maxItems=1),
    },
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
}


def reported(*checked: Checked, here: Path = HERE) -> dict[str, Any]:
    """The run of a valid log."""
    log = json.loads(json.dumps(sarif(checked, "0.9.0", here)))
    jsonschema.validate(log, LOG)
    return log["runs"][0]


# --- what a host is shown -------------------------------------------------------------------------
DEFINED = definition_from_text(DEFINITION)
AT = Place("pathway.yaml", 17, 7, 4, "      lost: {kind: enquiry}")
GAP = Finding("gap", ERROR, "no way is open for a = false", "Cover it with { }", AT, "care.lost")
MIDNIGHT = 1_772_323_200  # 2026-03-01T00:00Z
NOTHING = Batch(MIDNIGHT, "check", MIDNIGHT)
LATER = replace(
    NOTHING, at=MIDNIGHT + 3600, done=(DeedEntry("drug"),), declined=(DeclineEntry("drug", "refused"),)
)
CASE = Witness(
    "reported",
    (replace(NOTHING, facts=(FactEntry("a", "false"), FactEntry("b", "true"))), LATER),
    "The case stays in care.first",
)


def one(finding: Finding, here: Path = HERE) -> dict[str, Any]:
    """The result that one finding becomes."""
    (result,) = reported(Checked(DEFINED, (finding,)), here=here)["results"]
    return result


def from_file(main: Path, text: str = DEFINITION) -> list[dict[str, Any]]:
    """The results of a definition in a file, checked for its shape."""
    main.write_text(text, "utf-8")
    definition = load_definition(main)
    silenced = silence(lint(definition), read_allows(definition.files))
    checked = Checked(definition, silenced.findings, silenced.allowed)
    return reported(checked, here=main.parent)["results"]


def fingerprints(results: list[dict[str, Any]]) -> list[str]:
    return sorted(result["partialFingerprints"]["pathwayFinding/v1"] for result in results)


def test_findings_stand_at_their_lines_and_allowed_ones_say_why(tmp_path: Path) -> None:
    results = from_file(tmp_path / "mine.yaml")
    shown = [
        (result["ruleId"], result["level"], result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in results
    ]
    assert shown == [
        ("never-read", "note", 8),
        ("never-called", "warning", 10),
        ("dead-end", "error", 17),
        ("unreachable", "error", 17),
    ]
    suppressed = [result["suppressions"] for result in results]
    assert suppressed[:3] == [[], [], []]
    (suppression,) = suppressed[3]
    assert suppression["justification"] == "entered by transfer {only}"
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 16


def test_every_code_is_a_rule_and_every_result_points_at_its_own() -> None:
    rules = reported(Checked(DEFINED, ()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    for code in CODES.values():
        result = one(replace(GAP, code=code.name))
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == code.name
        assert rules[result["ruleIndex"]]["shortDescription"]["text"] == code.title


@pytest.mark.parametrize(("severity", "level"), [(ERROR, "error"), (WARNING, "warning"), (INFO, "note")])
def test_the_severity_of_the_finding_itself_is_its_level(severity: str, level: str) -> None:
    assert one(replace(GAP, severity=severity))["level"] == level


def test_the_state_is_a_logical_location_unique_among_pathways() -> None:
    (location,) = one(GAP)["locations"]
    assert location["logicalLocations"] == [
        {"name": "lost", "fullyQualifiedName": "reported.care.lost", "kind": "state"}
    ]
    assert location["physicalLocation"]["region"] == {"startLine": 17, "startColumn": 7, "endColumn": 11}


def test_what_is_about_the_pathway_as_a_whole_stands_in_its_main_file() -> None:
    checked = Checked(replace(DEFINED, files=("pathway.yaml",)), (replace(GAP, place=None, state=None),))
    (location,) = reported(checked)["results"][0]["locations"]
    assert location == {"physicalLocation": {"artifactLocation": {"uri": "pathway.yaml"}}}


def test_braces_are_no_placeholders() -> None:
    assert one(GAP)["message"]["text"] == "no way is open for a = false. Cover it with {{ }}."


def test_the_counter_example_is_told_in_short_and_attached_as_a_case_that_runs(tmp_path: Path) -> None:
    result = one(replace(GAP, witness=CASE))
    assert result["message"]["text"].endswith(
        " Counter-example: 2026-03-01T00:00 a = false, b = true; 2026-03-01T01:00 done drug, "
        "declined drug (refused). The case stays in care.first."
    )
    attached = tmp_path / "case.yaml"
    attached.write_text(result["properties"]["counterExample"], "utf-8")
    ran = list(step_timeline(compile_pathway(DEFINED), read_timeline(attached)))
    assert [each.step.at for each in ran] == [MIDNIGHT, MIDNIGHT + 3600]


def test_a_counter_example_of_one_entry_needs_no_time_and_a_long_one_is_cut() -> None:
    short = replace(CASE, entries=(replace(NOTHING, retracted=(Retraction("a"),)),))
    assert "Counter-example: a = unknown. The case" in one(replace(GAP, witness=short))["message"]["text"]
    long = replace(CASE, entries=(replace(NOTHING, facts=(FactEntry("a", "x" * 999),)),))
    assert len(one(replace(GAP, witness=long))["message"]["text"]) < 400
    nothing = replace(CASE, entries=(NOTHING,))
    assert "Counter-example: nothing is entered. " in one(replace(GAP, witness=nothing))["message"]["text"]


def test_what_was_not_decided_is_told_with_the_run() -> None:
    run = reported(Checked(DEFINED, (), undecided=("the claim lp_safe was not decided in 10 s",)))
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "the claim lp_safe was not decided in 10 s."


def test_several_pathways_share_one_run_and_keep_their_findings_apart() -> None:
    other = replace(DEFINED, id="another")
    run = reported(Checked(DEFINED, (GAP,)), Checked(other, (GAP,)))
    assert [pathway["id"] for pathway in run["properties"]["pathways"]] == ["reported", "another"]
    assert [result["properties"]["pathway"] for result in run["results"]] == ["reported", "another"]
    assert len(set(fingerprints(run["results"]))) == 2


# --- fingerprints ---------------------------------------------------------------------------------
def test_fingerprints_stay_when_lines_move_and_when_a_finding_is_allowed(tmp_path: Path) -> None:
    before = fingerprints(from_file(tmp_path / "mine.yaml"))
    moved = DEFINITION.replace("facts:", "# moved\n\nfacts:").replace("      last", "\n      last")
    assert fingerprints(from_file(tmp_path / "moved.yaml", moved)) == before
    silent = moved.replace("{ask: B, type: boolean}", "{ask: B, type: boolean}  # allow: never-read why")
    assert fingerprints(from_file(tmp_path / "silent.yaml", silent)) == before
    assert len(set(before)) == 4


def test_equal_findings_are_counted_apart_and_others_differ() -> None:
    again = replace(GAP, place=replace(AT, line=40))
    allowed = Allowed(again, Allow("gap", "why", replace(AT, line=40), 40))
    both = reported(Checked(DEFINED, (GAP, again)))["results"]
    assert len(set(fingerprints(both))) == 2
    assert fingerprints(reported(Checked(DEFINED, (GAP,), (allowed,)))["results"]) == fingerprints(both)
    others = [
        replace(GAP, code="overlap"),
        replace(GAP, state="care.first"),
        replace(GAP, text="no way for b"),
    ]
    assert len(set(fingerprints([one(GAP), *map(one, others)]))) == 4


# --- names of files -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("pathway.yaml", "pathway.yaml"),
        ("./a/../b/pathway.yaml", "b/pathway.yaml"),
        ("../guidelines/b/facts.yaml", "b/facts.yaml"),
        ("../other/facts.yaml", "../other/facts.yaml"),
        (f"{HERE}/b/facts.yaml", "b/facts.yaml"),
        ("/srv/shared facts.yaml", "file:///srv/shared%20facts.yaml"),
        ("leitlinien/übersicht 1#2?.yaml", "leitlinien/%C3%BCbersicht%201%232%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("50%.yaml", "50%25.yaml"),
    ],
)
def test_files_are_named_relative_to_the_folder_they_are_below(file: str, uri: str) -> None:
    (location,) = one(replace(GAP, place=replace(AT, file=file)))["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": uri}
