"""Events on the wire: the names of SEMANTICS, exact values, and back again."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine import events as ev
from pathway.logs.problems import LogError
from pathway.logs.wire import (
    CAUSES,
    STANDINGS,
    canonical,
    event_from_object,
    event_object,
    parsed,
    read_time,
    written_time,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.integers(0, 2**63 - 1)
TIME = st.integers(-62_135_596_800, 253_402_300_799)  # the years 1 to 9999
VALUES: dict[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: WHOLE,
    str | None: st.none() | TEXT,
    int | None: st.none() | WHOLE,
    tuple[str, ...]: st.lists(TEXT, max_size=3).map(tuple),
    tuple[int, ...]: st.lists(WHOLE, max_size=3).map(tuple),
    str | tuple[str, ...]: TEXT | st.lists(TEXT, max_size=3).map(tuple),
}
NARROWER: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (ev.FactRetracted, "reason"): st.sampled_from(ev.RETRACTION_REASONS),
    (ev.TransitionTaken, "cause"): st.sampled_from(CAUSES),
    (ev.ActionDone, "judged"): st.sampled_from(STANDINGS),
    (ev.ActionDeclined, "judged"): st.sampled_from(STANDINGS),
    (ev.ActionDone, "done_at"): TIME,
    (ev.TimePassed, "to"): TIME,
}


def events_of(event_type: type) -> st.SearchStrategy[ev.Event]:
    hints = get_type_hints(event_type)
    values = {
        item.name: TIME
        if item.name in ("at", "recorded_at")
        else NARROWER.get((event_type, item.name), VALUES[hints[item.name]])
        for item in fields(event_type)
    }
    return st.builds(event_type, **values)


ANY_EVENT = st.one_of([events_of(event_type) for event_type in ev.EVENT_TYPES])


@pytest.mark.parametrize("event_type", ev.EVENT_TYPES, ids=lambda event_type: event_type.type)
@given(data=st.data())
def test_every_event_comes_back_from_the_wire_as_it_was(event_type: type, data: st.DataObject) -> None:
    event = data.draw(events_of(event_type))
    assert event_from_object(parsed(canonical(event_object(event)))) == event


@given(ANY_EVENT)
def test_the_wire_holds_text_whole_numbers_and_lists_of_them_only(event: ev.Event) -> None:
    for value in event_object(event).values():
        for part in value if isinstance(value, list) else [value]:
            assert type(part) in (str, int)


@given(ANY_EVENT)
def test_canonical_json_is_sorted_without_spaces_and_independent_of_key_order(event: ev.Event) -> None:
    line = event_object(event)
    backwards = dict(reversed(line.items()))
    assert canonical(line) == canonical(backwards)
    assert list(json.loads(canonical(line))) == sorted(line)


def test_the_wire_names_are_those_of_the_specification(events: tuple[ev.Event, ...]) -> None:
    every = {"type", "seq", "at", "recorded_at", "by", "batch"}
    named = {event.type: set(event_object(event)) - every for event in events if event.type != "overridden"}
    assert named == {
        "case_opened": {"timezone", "label"},
        "fact_recorded": {"fact", "value", "entered", "corrects"},
        "fact_retracted": {"fact", "reason"},
        "transition_taken": {"track", "from", "to", "cause", "guard", "basis", "round"},
        "action_done": {"action", "reason", "while", "done_at", "via"},
        "action_declined": {"action", "reason", "while"},
        "acknowledged": {"alert"},
        "time_passed": {"to"},
        "undone": {"undone"},
        "note_added": {"text"},
        "case_closed": {"reason"},
    }


def test_absent_optional_fields_are_left_out_and_an_empty_list_that_says_something_is_not() -> None:
    head: dict[str, Any] = {"seq": 1, "batch": 1, "at": 0, "recorded_at": 0, "by": "a"}
    line = event_object(ev.FactRecorded(**head, fact="drugs", value=(), unit=None, entered=""))
    assert line["value"] == []
    assert {"unit", "corrects"}.isdisjoint(line)


def test_times_are_written_in_utc_and_read_in_that_form_alone() -> None:
    assert written_time(1_772_352_000) == "2026-03-01T08:00:00+00:00"
    assert read_time("2026-03-01T08:00:00+00:00") == 1_772_352_000
    others = (
        "2026-03-01T08:00:00Z",
        "2026-03-01T09:00:00+01:00",
        "2026-03-01T08:00:00.5+00:00",
        "2026-03-01",
    )
    for other in others:
        with pytest.raises((ValueError, TypeError)):
            read_time(other)


REQUIRED = [
    (event_type, item.name)
    for event_type in ev.EVENT_TYPES
    for item in fields(event_type)
    if item.default is MISSING and get_type_hints(event_type)[item.name] != str | None
]


@pytest.mark.parametrize(("event_type", "name"), REQUIRED)
def test_a_missing_field_is_named(event_type: type, name: str, events: tuple[ev.Event, ...]) -> None:
    key = {"source": "from", "judged": "while"}.get(name, name)
    line = event_object(next(event for event in events if type(event) is event_type))
    del line[key]
    with pytest.raises(LogError, match=f"lacks `{key}`"):
        event_from_object(line)


WRONG = {
    "fact": [None, True, 1, ["inr"], {}],
    "value": [None, 1, True, {}, ["x", 1], [None]],
    "unit": [None, 1, []],
    "corrects": [None, "2", True, -1, [2], 2**63],
    "seq": [None, "1", True, -1, []],
    "at": [None, 0, "2026-03-01", "2026-03-01T08:00:00Z", "2026-02-30T08:00:00+00:00", "soon"],
    "done_at": [None, 0, ""],
    "basis": [None, 2, "2", ["2"], [True], [-1]],
    "safeguards": [None, "lp_inr", [1]],
    "cause": [None, "chance", "", ["auto"]],
    "while": [None, "shown", 1],
}


@pytest.mark.parametrize(("key", "wrong"), [(key, wrong) for key in WRONG for wrong in WRONG[key]])
def test_a_value_of_the_wrong_type_is_named(key: str, wrong: object, events: tuple[ev.Event, ...]) -> None:
    line = next(line for line in map(event_object, events) if key in line)
    with pytest.raises(LogError, match=f"`{key}` of `{line['type']}` is"):
        event_from_object({**line, key: wrong})


def test_an_event_type_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(LogError, match="did you mean `fact_recorded`"):
        event_from_object({"type": "fact_record"})


def test_an_extra_field_is_named() -> None:
    line = {"type": "acknowledged", "alert": "x", "dose": "1"}
    with pytest.raises(LogError, match="`acknowledged` has no field `dose`"):
        event_from_object(line)


@pytest.mark.parametrize("number", ["1.0", "1e3", "NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_not_whole_is_refused(number: str) -> None:
    with pytest.raises(LogError, match="is not whole"):
        parsed(b'{"seq":' + number.encode() + b"}")


JUNK = [b"", b"\xff\xfe", b"\x1f\x8b\x08", b"{", b"[]", b"1", b"[" * 100_000, b"9" * 5000]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk[:3]))
def test_what_is_not_one_json_object_is_refused(junk: bytes) -> None:
    with pytest.raises(LogError):
        parsed(junk)


def test_a_value_that_is_not_exact_is_never_written() -> None:
    head: dict[str, Any] = {"seq": 1, "batch": 1, "at": 0, "recorded_at": 0, "by": "a"}
    inexact: Any = 1.1
    with pytest.raises(LogError, match=r"`value` of `fact_recorded` is 1\.1"):
        event_object(ev.FactRecorded(**head, fact="inr", value=inexact, unit="1", entered="1.1"))


def test_text_that_is_not_text_is_never_written() -> None:
    with pytest.raises(LogError, match="lone surrogate"):
        canonical({"text": "\ud800"})


def test_a_time_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(LogError, match="`at` of `note_added`"):
        event_object(ev.NoteAdded(seq=1, batch=1, at=10**15, recorded_at=0, by="a", text=""))
