"""The audit trail of a case as FHIR R4: valid, complete, the same each time, and nothing clinical in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pathway.audit.bundle import fhir_bundle, fhir_json
from pathway.audit.values import instant
from pathway.engine import events as ev
from pathway.engine.case import Case
from pathway.language.calendar import parse_zone
from pathway.logs.chain import Header, Log, log_lines
from pathway.logs.jsonl import read_log, write_log
from pathway.logs.problems import LogError
from pathway.pseudonyms.copies import pseudonymised
from pathway.pseudonyms.key import Key
from pathway.store.session import header_of
from tests.audit.r4 import Json, problems_of, resources
from tests.handover.ward import EIGHT, busy, opened, ward
from tests.logs.conftest import EVENTS, HEADER

HOSTILE = "<b onload=x> \x1b[2J\x9b \u202e \u2028 =cmd()\r\n\x00\u00a0 & \u200d"


def log_of(folder: Path, header: Header, events: Sequence[ev.Event]) -> Log:
    """The log as it is read from its file."""
    file = folder / "case.jsonl"
    write_log(file, header, events)
    return read_log(file)


@pytest.fixture
def morning() -> Case:
    return busy(opened("MRN-7741", "Mrs Example", "Europe/Berlin"))


@pytest.fixture
def log(tmp_path: Path, morning: Case) -> Log:
    return log_of(tmp_path, header_of(morning.compiled, morning.id), morning.events)


def details_of(audit_event: Json, entity: int) -> dict[str, str]:
    return {one["type"]: one["valueString"] for one in audit_event["entity"][entity]["detail"]}


def kinds(bundle: Json) -> list[str]:
    """The most telling code of each AuditEvent."""
    return [one["subtype"][-1]["code"] for one in resources(bundle, "AuditEvent")]


# --- valid --------------------------------------------------------------------------------------------
def test_a_trail_of_every_type_of_event_is_valid(tmp_path: Path) -> None:
    bundle = fhir_bundle([log_of(tmp_path, HEADER, EVENTS)])
    assert problems_of(bundle) == []
    assert {one["subtype"][0]["code"] for one in resources(bundle, "AuditEvent")} == {
        event_type.type for event_type in ev.EVENT_TYPES
    }


def test_text_of_any_kind_makes_a_valid_trail_in_which_it_is_inert(tmp_path: Path) -> None:
    """FHIR has no control characters in strings, and a terminal that shows the file must not act on any."""
    hostile = [replace(event, by=HOSTILE, **_hostile_texts(event)) for event in EVENTS]
    log = log_of(tmp_path, replace(HEADER, case=HOSTILE), hostile)
    text = fhir_json([log])
    assert problems_of(json.loads(text)) == []
    assert "\\\\x1b[2J" in text
    assert "<b onload=x>" in text
    assert not set(text) & set("\x1b\x9b\u202e\u2028\x00\u200d\r")


def _hostile_texts(event: ev.Event) -> dict[str, str]:
    if isinstance(event, ev.FactRetracted):  # its reason is a code
        return {}
    return {name: HOSTILE for name in ("reason", "text", "label") if getattr(event, name, None) is not None}


def test_a_recorder_without_a_name_is_told_as_such(tmp_path: Path) -> None:
    events = [replace(event, by=" ") for event in EVENTS]
    bundle = fhir_bundle([log_of(tmp_path, HEADER, events)])
    assert problems_of(bundle) == []
    assert resources(bundle, "AuditEvent")[0]["agent"][0]["who"] == {"display": "not named"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda event: event.pop("recorded"),
        lambda event: event.update(recorded="2026-03-01T08:00:00"),
        lambda event: event["source"].pop("observer"),
        lambda event: event["agent"][0].pop("requestor"),
        lambda event: event.update(outcome="5"),
        lambda event: event.update(performer="ms"),
        lambda event: event["type"].update(code="110199"),
        lambda event: event.update(id="a b"),
    ],
)
def test_the_check_itself_finds_what_is_not_r4(log: Log, spoil: Callable[[Json], Any]) -> None:
    bundle = copy.deepcopy(fhir_bundle([log]))
    spoil(resources(bundle, "AuditEvent")[0])
    try:
        found = problems_of(bundle)
    except ValidationError:
        return
    assert found


# --- complete -----------------------------------------------------------------------------------------
def test_what_happened_in_a_busy_morning_can_be_told_apart(log: Log) -> None:
    assert kinds(fhir_bundle([log])) == [
        "case_opened", "fact_recorded", "fact_recorded", "transition_taken.clinician", "fact_recorded",
        "overridden.safeguard", "action_done.recommended", "action_declined.recommended",
        "fact_recorded.correction", "time_passed", "fact_retracted.pending", "fact_recorded", "undone",
        "acknowledged", "note_added",
    ]  # fmt: skip


def test_each_event_tells_who_when_what_and_on_which_version(log: Log, morning: Case) -> None:
    bundle = fhir_bundle([log], [ward()])
    override = resources(bundle, "AuditEvent")[5]
    assert override["recorded"] == "2026-03-01T09:15:00+01:00"
    assert override["agent"] == [
        {"who": {"identifier": {"system": "urn:pathway:person", "value": "chief"}}, "requestor": True}
    ]
    assert details_of(override, 0) == {"timezone": "Europe/Berlin"}
    told = details_of(override, 1)
    assert (told["action"], told["safeguards"]) == ("puncture", '["low"]')
    assert (told["code"], told["reason"]) == ("clinical_judgement", "Bleeding is the lesser evil")
    version = details_of(override, 2)
    assert version["title"] == "The ward"
    assert version["status"] == "DRAFT: not approved for clinical use"
    assert override["entity"][2]["what"]["identifier"] == {
        "system": "urn:pathway:digest", "value": morning.compiled.definition.digest,
    }  # fmt: skip


def test_a_draft_is_never_told_as_anything_else(log: Log) -> None:
    for definitions, status in (([ward()], "DRAFT: not approved for clinical use"), ([], "not known")):
        for one in resources(fhir_bundle([log], definitions), "AuditEvent"):
            assert status in one["entity"][2]["what"]["display"]


def test_each_event_holds_its_line_and_its_place_in_the_chain(log: Log) -> None:
    lines = [json.loads(line) for line in log_lines(log.header, log.events)]
    bundle = fhir_bundle([log])
    for line, one in zip(lines[1:], resources(bundle, "AuditEvent"), strict=True):
        told = details_of(one, 1)
        assert (told["hash"], told["prev"]) == (line["hash"], line["prev"])
        assert told.keys() == line.keys() - {"type", "by", "recorded_at"}
        assert one["entity"][1]["what"]["identifier"]["value"] == line["hash"]
    assert bundle["identifier"] == {"system": "urn:pathway:chain-head", "value": log.head}


def test_each_recorded_step_says_what_it_came_from(log: Log) -> None:
    bundle = fhir_bundle([log])
    steps = resources(bundle, "Provenance")
    assert len(steps) == len({event.batch for event in log.events})
    urls = [f"urn:uuid:{one['id']}" for one in resources(bundle, "AuditEvent")]
    assert [target["reference"] for step in steps for target in step["target"]] == urls
    lines = [json.loads(line) for line in log_lines(log.header, log.events)]
    before = [step["entity"][1]["what"]["identifier"]["value"] for step in steps]
    assert before[:3] == [lines[0]["hash"], lines[1]["hash"], lines[4]["hash"]]


def test_what_the_pathway_did_by_itself_nobody_requested(tmp_path: Path) -> None:
    moved = replace(EVENTS[4], by="pathway")
    bundle = fhir_bundle([log_of(tmp_path, HEADER, [*EVENTS[:4], moved])])
    agent = resources(bundle, "AuditEvent")[4]["agent"][0]
    assert agent["requestor"] is False
    assert agent["who"]["identifier"] == {"system": "urn:pathway:program", "value": "clinical-pathway"}
    assert [one["type"]["coding"][0]["code"] for one in resources(bundle, "Provenance")[-1]["agent"]] == [
        "author", "assembler",
    ]  # fmt: skip


def test_a_deed_is_placed_at_its_own_time(tmp_path: Path) -> None:
    bundle = fhir_bundle([log_of(tmp_path, HEADER, EVENTS)])
    deed = resources(bundle, "AuditEvent")[5]
    assert (deed["period"]["start"], deed["recorded"]) == (
        "2026-03-01T08:59:00+01:00", "2026-03-01T09:01:00+01:00",
    )  # fmt: skip


def test_a_trail_holds_no_clinical_resource(log: Log) -> None:
    kinds_of_resource = {entry["resource"]["resourceType"] for entry in fhir_bundle([log])["entry"]}
    assert kinds_of_resource == {"AuditEvent", "Provenance"}


def test_a_case_that_was_moved_is_one_trail_on_two_versions(tmp_path: Path, log: Log) -> None:
    first = log_of(tmp_path, HEADER, EVENTS)
    log = log_of(tmp_path, replace(log.header, continues=first.head), log.events)
    bundle = fhir_bundle([first, log])
    assert problems_of(bundle) == []
    digests = {one["entity"][2]["what"]["identifier"]["value"] for one in resources(bundle, "AuditEvent")}
    assert digests == {first.header.digest, log.header.digest}
    assert details_of(resources(bundle, "AuditEvent")[-1], 0)["continues"] == first.head
    assert bundle["identifier"]["value"] == log.head


# --- the same, and nobody else's ----------------------------------------------------------------------
def test_the_same_log_gives_the_same_text_and_another_case_no_id_of_it(tmp_path: Path, log: Log) -> None:
    assert fhir_json([log], [ward()]) == fhir_json([log], [ward()])
    other = log_of(tmp_path, replace(log.header, case="MRN-7742"), log.events)
    ids = [{entry["fullUrl"] for entry in fhir_bundle([one])["entry"]} for one in (log, other)]
    assert len(ids[0]) == len(ids[1])
    assert not ids[0] & ids[1]


def test_under_pseudonyms_nobody_is_named_and_the_bundle_says_so(log: Log) -> None:
    told = pseudonymised(log, Key(b"0123456789abcdef0123456789abcdef"), ward())
    text = fhir_json([told], [ward()], pseudonymised=True)
    bundle = json.loads(text)
    assert problems_of(bundle) == []
    assert bundle["meta"]["security"][0]["code"] == "PSEUDED"
    names = ("MRN-7741", "Mrs Example", '"chief"', "lesser evil", "scanner", log.head)
    assert [name for name in names if name in text] == []
    assert "case-58f9f2aa48ed18ec" in text


def test_a_damaged_log_makes_no_trail(log: Log) -> None:
    damaged = replace(log, problem=LogError("The chain breaks here", "Changed", "Restore it."))
    with pytest.raises(LogError, match="The chain breaks here"):
        fhir_bundle([log, damaged])


# --- times --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seconds", "zone", "written"),
    [
        (EIGHT, "Europe/Berlin", "2026-03-01T09:00:00+01:00"),
        (1_792_886_400, "Europe/Berlin", "2026-10-25T02:00:00+02:00"),
        (1_792_890_000, "Europe/Berlin", "2026-10-25T02:00:00+01:00"),
        (EIGHT, "Asia/Kathmandu", "2026-03-01T13:45:00+05:45"),
        (EIGHT, "Pacific/Kiritimati", "2026-03-01T22:00:00+14:00"),
        (-3_786_825_600, "Europe/Berlin", "1850-01-01T00:00:00+00:00"),
        (EIGHT, "+15:00", "2026-03-01T08:00:00+00:00"),
        (253_402_300_799, "Europe/Berlin", "9999-12-31T23:59:59+00:00"),
    ],
)
def test_instants_are_local_with_an_offset_that_fhir_knows(seconds: int, zone: str, written: str) -> None:
    assert instant(seconds, parse_zone(zone)) == written
