"""A log told under pseudonyms: nobody is named in it, and it replays to the same verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from pathway.engine import events as ev
from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import Case, case_from_events, open_case
from pathway.engine.compiling import compile_pathway
from pathway.engine.memory import fold
from pathway.language.load import definition_from_text
from pathway.logs.chain import Header, Log, log_lines
from pathway.logs.jsonl import read_log, write_log
from pathway.pseudonyms.copies import LEFT_OUT, Copies, PseudonymError, pseudonymised
from pathway.pseudonyms.key import Key
from pathway.replay.conformance import conformance
from pathway.store.session import header_of
from tests.handover.ward import EIGHT, busy, opened, ward
from tests.logs.conftest import EVENTS

KEY = Key(b"0123456789abcdef0123456789abcdef")
ROOM = """
pathway: room
version: 1.0.0
title: The room
status: draft
disclaimer: For teaching.
facts:
  told: {ask: What was told, type: text}
  again: {ask: What was told again, type: text}
  drug: {ask: Drug, type: code, values: {heparin: Heparin}, open: true}
  drugs: {ask: Drugs, type: list, of: code, values: [], open: true}
actions:
  rest: {title: Rest, type: procedure}
tracks:
  words:
    start: heard
    states:
      heard:
        kind: decision
        asks: [told, again]
        next:
          - {to: urgent, when: 'told = "stat"'}
          - {to: same, when: told = again}
          - {to: calm, when: otherwise}
      urgent: {kind: end}
      same: {kind: end}
      calm: {kind: end}
  thin:
    start: asked
    states:
      asked:
        kind: decision
        asks: [drug, drugs]
        next: [{to: bleeds, when: drug = warfarin or drugs includes warfarin}, {to: safe, when: otherwise}]
      bleeds: {kind: end}
      safe: {kind: end}
"""


def log_of(folder: Path, header: Header, events: Iterable[ev.Event]) -> Log:
    """The log as it is read from its file."""
    file = folder / "case.jsonl"
    write_log(file, header, events)
    return read_log(file)


def log_of_case(folder: Path, case: Case) -> Log:
    return log_of(folder, header_of(case.compiled, case.id), case.events)


def text_of(log: Log) -> str:
    return b"".join(log_lines(log.header, log.events)).decode()


def room(**facts: str | tuple[str, ...]) -> Case:
    case, _ = open_case(compile_pathway(definition_from_text(ROOM)), "MRN-1", EIGHT, "jo", EIGHT, "UTC", None)
    entries = tuple(FactEntry(fact, value) for fact, value in facts.items())
    case.commit(Batch(at=EIGHT + 60, by="jo", recorded_at=EIGHT + 60, facts=entries))
    return case


# --- nobody is named --------------------------------------------------------------------------------
def test_no_name_label_or_text_of_a_busy_morning_is_left(tmp_path: Path) -> None:
    case = busy(opened("MRN-7741", "Mrs Example"))
    log = log_of_case(tmp_path, case)
    copy = pseudonymised(log, KEY, ward())
    names = ("MRN-7741", "Mrs Example", '"ms"', '"chief"')
    gone = (*names, "evil", 'override"', "scanner", "wrong case", "Family")
    assert [word for word in gone if word in text_of(log)] == list(gone)
    assert [word for word in gone if word in text_of(copy)] == []
    assert not {event.by for event in copy.events} & {event.by for event in log.events}
    assert conformance(copy, case.compiled).conforms


def test_every_field_of_every_event_that_can_hold_text_is_decided_on() -> None:
    """A field added to an event is neither told nor left out before somebody says which."""
    words_of_the_pathway = {"fact", "unit", "track", "source", "to", "guard", "action", "judged", "cause"}
    words_of_the_pathway |= {"safeguards", "timezone"}
    replaced = {"by", "label", "value", "entered", "text", "reason", "code", "alert"}
    numbers = {"seq", "at", "recorded_at", "batch", "corrects", "basis", "round", "done_at", "via", "undone"}
    known = words_of_the_pathway | replaced | numbers
    assert {field.name for type_ in ev.EVENT_TYPES for field in fields(type_)} == known
    assert {field.name for field in fields(Header)} == {
        "pathway", "version", "digest", "case", "without_layers", "continues", "schema", "semantics",
    }  # fmt: skip


def test_texts_in_every_type_of_event_are_left_out(tmp_path: Path) -> None:
    """A log of another hand may hold texts where this program writes codes, numbers and known facts."""
    header = header_of(opened().compiled, "MRN-7741")
    hostile = [_full_of(event, "Ada Example") for event in EVENTS]
    copy = pseudonymised(log_of(tmp_path, header, hostile), KEY, ward())
    assert "Ada Example" not in text_of(copy)
    assert text_of(copy).count(LEFT_OUT) == 10


def _full_of(event: ev.Event, text: str) -> ev.Event:
    names = {field.name for field in fields(event)}
    written = {"by", "label", "value", "entered", "text", "reason", "code", "alert"} & names
    if isinstance(event, ev.FactRetracted):
        written -= {"reason"}
    return replace(event, **dict.fromkeys(written, text))


def test_what_was_typed_beside_a_number_is_left_out(tmp_path: Path) -> None:
    log = log_of_case(tmp_path, busy(opened("MRN-7741")))
    typed = [
        replace(event, entered="45 for Ada") if isinstance(event, ev.FactRecorded) else event
        for event in log.events
    ]
    copy = pseudonymised(log_of(tmp_path, log.header, typed), KEY, ward())
    assert "Ada" not in text_of(copy)
    entered = [event.entered for event in copy.events if isinstance(event, ev.FactRecorded)]
    assert entered[:2] == ["true", "45"]


# --- the same, and only the same, is equal ----------------------------------------------------------
def test_a_person_is_the_same_in_every_case_under_one_key(tmp_path: Path) -> None:
    first, second = (log_of_case(tmp_path, busy(opened(name))) for name in ("MRN-1", "MRN-2"))
    copies = [pseudonymised(log, KEY, ward()) for log in (first, second)]
    assert copies[0].events == copies[1].events
    assert copies[0].header.case != copies[1].header.case
    assert copies[0] == pseudonymised(first, KEY, ward())
    other = pseudonymised(first, Key(bytes(range(32))), ward())
    assert not {event.by for event in other.events} & {event.by for event in copies[0].events}


def test_what_the_pathway_did_by_itself_stays_its_own(tmp_path: Path) -> None:
    log = log_of_case(tmp_path, room(told="well", again="well"))
    copy = pseudonymised(log, KEY, definition_from_text(ROOM))
    assert [event.by for event in copy.events if isinstance(event, ev.TransitionTaken)] == ["pathway"]


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"told": "stat", "again": "x"}, {"stat"}),
        ({"told": "Ada", "again": "Ada"}, set()),
        ({"told": "Ada", "again": "Bea"}, set()),
        ({"drug": "heparin", "drugs": ()}, {"heparin"}),
        ({"drug": "warfarin", "drugs": ()}, {"warfarin"}),
        ({"drug": "ada_example", "drugs": ("warfarin", "ada")}, {"warfarin"}),
        ({"drug": "ada_example", "drugs": ("ada", "bea")}, set()),
    ],
)
def test_guards_on_texts_and_free_codes_come_to_the_same_verdict(
    tmp_path: Path, facts: dict[str, str | tuple[str, ...]], kept: set[str]
) -> None:
    """What the pathway's own guards name is no secret of the case; all else is as equal as it was."""
    case = room(**facts)
    log = log_of_case(tmp_path, case)
    copy = pseudonymised(log, KEY, case.compiled.definition)
    assert conformance(copy, case.compiled).conforms
    told = {word for value in facts.values() for word in (value if isinstance(value, tuple) else (value,))}
    assert {word for word in told if f'"{word}"' in text_of(copy)} == kept
    states = [
        {name: stand.state for name, stand in fold(case.compiled.definition, one.events).stands.items()}
        for one in (log, copy)
    ]
    assert states[0] == states[1]
    case_from_events(case.compiled, copy.header.case, copy.events)


def test_a_case_that_was_moved_is_told_as_one(tmp_path: Path) -> None:
    """The head of a log that a copy continues is that of a copy: the true one would lead back to the log."""
    first = log_of_case(tmp_path, busy(opened("MRN-7741")))
    moved = replace(first.header, continues=first.head)
    second = log_of(tmp_path, moved, first.events)
    copies = list(map(Copies(KEY, lambda _: ward()), [first, second]))
    assert [one.header.continues for one in copies] == [None, copies[0].head]
    assert copies[0].header.case == copies[1].header.case
    alone = pseudonymised(second, KEY, ward()).header.continues
    assert alone is not None
    assert alone not in {first.head, copies[0].head}


# --- keeping texts, and refusing --------------------------------------------------------------------
def test_texts_are_kept_when_asked_and_names_are_not(tmp_path: Path) -> None:
    log = log_of_case(tmp_path, busy(opened("MRN-7741", "Mrs Example")))
    copy = pseudonymised(log, KEY, None, keep_text=True)
    assert "Family is informed" in text_of(copy)
    assert [word for word in ("MRN-7741", "Mrs Example", '"chief"') if word in text_of(copy)] == []


def test_without_the_definition_no_text_can_be_told_from_a_code(tmp_path: Path) -> None:
    log = log_of_case(tmp_path, opened("MRN-7741"))
    for definition in (None, definition_from_text(ROOM)):
        with pytest.raises(PseudonymError, match=r"written on ward 2.1.0.*--keep-text") as refused:
            pseudonymised(log, KEY, definition)
        assert "MRN" not in str(refused.value)
