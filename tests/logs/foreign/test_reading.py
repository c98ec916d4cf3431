"""The rows of a hospital's log become cases of the pathway, as the mapping says and in no other way."""

from __future__ import annotations

from pathway.engine.events import ActionDeclined, ActionDone, FactRetracted, TransitionTaken
from pathway.logs.foreign.finding import (
    EMPTY_CASE,
    REFUSED_ROW,
    REPEATED_ROW,
    UNKNOWN_ACTIVITY,
    UNREADABLE_ROW,
)
from tests.logs.foreign.conftest import Ward, row, said

EIGHT, NINE, TEN = (f"2026-03-01T{hour}:00:00" for hour in ("08", "09", "10"))


def test_a_log_is_replayed_by_the_engine_of_single_cases(ward: Ward) -> None:
    played = ward.played([row("A", "Arrival", EIGHT), row("A", "Antibiotic", NINE, who="Dr B")])["A"]
    moves = [event.to for event in played.events if isinstance(event, TransitionTaken)]
    assert moves == ["treated", "over"]
    [deed] = [event for event in played.events if isinstance(event, ActionDone)]
    assert (deed.action, deed.judged, deed.by) == ("antibiotic", "recommended", "Dr B")
    assert played.header.case == "A"
    assert played.findings == ()


def test_case_ids_are_text(ward: Ward) -> None:
    names = ["NA", "null", "007", "1.0", "True", "nan"]
    assert [case.id for case in ward.read([row(name, "Arrival", EIGHT) for name in names]).cases] == names


def test_rows_stand_in_order_of_time_and_where_times_are_equal_in_that_of_the_file(ward: Ward) -> None:
    rows = [
        row("A", "Culture", NINE),
        row("A", "Antibiotic", NINE),
        row("B", "Antibiotic", NINE),
        row("A", "Arrival", EIGHT),
        row("B", "Culture", NINE),
    ]
    log = ward.read(rows)
    order = {case.id: [entry.place.line for entry in case.timeline.entries] for case in log.cases}
    assert order == {"A": [5, 2, 3], "B": [4, 6]}
    assert log.notes.moved == 1


def test_columns_become_facts_in_the_units_of_the_pathway(ward: Ward) -> None:
    cells = {
        "crp": "12.3",
        "temp": "100.4",
        "gluc": "90",
        "ca": "9.6",
        "germs": "E + S",
        "born": "1950-02-28",
    }
    facts = said(ward.played([row("A", "Culture", NINE, **cells)])["A"])
    assert facts == [
        "birth=1950-02-28",
        "calcium=2.4",
        "crp=123",
        "germs=('coli', 'staph')",
        "glucose=4.995",
        "temperature=38",
        "culture",
    ]


def test_a_column_speaks_only_on_the_activities_it_names(ward: Ward) -> None:
    assert said(ward.played([row("A", "Arrival", EIGHT, temp="100.4")])["A"]) == [
        "arrival_time=2026-03-01T07:00:00+00:00"
    ]


def test_an_empty_cell_records_nothing_and_unknown_takes_back(ward: Ward) -> None:
    rows = [
        row("A", "Culture", EIGHT, crp="1.0", germs="E"),
        row("A", "Culture", NINE, crp="n/a", germs=" "),
        row("A", "Culture", TEN, crp="unknown", germs="?"),
    ]
    events = ward.played(rows)["A"].events
    assert [event.fact for event in events if isinstance(event, FactRetracted)] == ["crp", "germs"]
    assert [event.at for event in events if isinstance(event, FactRetracted)] == [events[-1].at] * 2


def test_activities_may_decline_and_hold_constants(ward: Ward) -> None:
    events = ward.played([row("A", "No antibiotic", EIGHT), row("A", "Seen", NINE)])["A"].events
    assert [event.reason for event in events if isinstance(event, ActionDeclined)] == ["as logged"]
    assert said(ward.played([row("A", "Seen", NINE)])["A"]) == ["sex=f"]


def test_decimal_commas_and_times_in_two_columns(ward: Ward) -> None:
    text = "patient;what;day;hour;who;phase;crp;temp;gluc;ca;germs;born\nA;Culture;1.3.2026;8:00;;;1,2;;;;;\n"
    played = ward.played(
        text,
        time="time: {column: [day, hour], format: '%d.%m.%Y %H:%M', timezone: UTC}\n"
        "csv: {separator: ;}\ndecimal: ','",
    )["A"]
    assert said(played) == ["crp=12", "culture"]
    assert played.events[-1].at % 86400 == 8 * 3600


# --- what is not entered ------------------------------------------------------------------------
def test_unknown_activities_are_a_class_of_their_own(ward: Ward) -> None:
    rows = [
        row("A", "Arrival", EIGHT),
        row("A", "Antibiotics", NINE),
        row("A", "Meal", NINE),
        row("B", "Culture", EIGHT),
    ]
    log = ward.read(rows)
    [finding] = log.cases[0].findings
    assert (finding.class_, finding.case, finding.row, finding.logged) == (
        UNKNOWN_ACTIVITY,
        "A",
        3,
        "Antibiotics",
    )
    assert "`Antibiotic`" in finding.why
    assert not log.cases[0].set_aside
    assert log.notes.ignored == {"Meal": 1}


def test_only_the_entries_of_the_named_lifecycle_count(ward: Ward) -> None:
    rows = [row("A", "Antibiotic", EIGHT, phase="start"), row("A", "Antibiotic", NINE, phase="complete")]
    log = ward.read(rows)
    assert [entry.place.line for entry in log.cases[0].timeline.entries] == [3]
    assert log.notes.other_lifecycle == {"Antibiotic": 1}


def test_the_same_row_twice_is_entered_once_and_told(ward: Ward) -> None:
    twice = row("A", "Antibiotic", NINE, who="Dr B")
    rows = [row("A", "Arrival", EIGHT), twice, row("A", "Antibiotic", NINE, who="Dr C"), twice]
    played = ward.played(rows)["A"]
    assert [(one.class_, one.row) for one in played.findings] == [(REPEATED_ROW, 5)]
    assert said(played).count("antibiotic") == 2


def test_a_case_of_which_nothing_is_read_is_told(ward: Ward) -> None:
    played = ward.played([row("A", "Meal", EIGHT), row("A", "Meal", NINE)])["A"]
    assert [(one.class_, one.row) for one in played.findings] == [(EMPTY_CASE, 2)]
    assert played.events == ()


def test_a_cell_that_is_no_value_sets_its_case_aside_and_the_others_are_read(ward: Ward) -> None:
    rows = [
        row("A", "Arrival", EIGHT),
        row("B", "Arrival", EIGHT),
        row("A", "Culture", NINE, crp="<5"),
        row("A", "Culture", TEN, crp="999"),
        row("B", "Antibiotic", NINE),
    ]
    played = ward.played(rows)
    told = [(one.class_, one.row) for one in played["A"].findings]
    assert told == [(UNREADABLE_ROW, 4), (UNREADABLE_ROW, 5)]
    assert "column crp: '<5' is not a plain number" in played["A"].findings[0].why
    assert "outside 0 to 1000 mg/L" in played["A"].findings[1].why
    assert played["A"].events == ()
    assert said(played["B"])[-1] == "antibiotic"


def test_what_the_engine_refuses_sets_the_case_aside(ward: Ward) -> None:
    text = "  born: {fact: antibiotic_time}"
    played = ward.played([row("A", "Culture", EIGHT, born=NINE)], born=text)["A"]
    assert [(one.class_, one.row) for one in played.findings] == [(REFUSED_ROW, 2)]
    assert "cannot lie in the future" in played.findings[0].why
    assert played.events == ()


def test_columns_that_never_hold_anything_are_named(ward: Ward) -> None:
    assert ward.read([row("A", "Culture", EIGHT, crp="1")]).notes.never_filled == (
        "temp",
        "gluc",
        "ca",
        "germs",
        "born",
    )
