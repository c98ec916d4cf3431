"""SEMANTICS rules 7 to 11: what a guard says of known, missing and moving facts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.cli import main
from pathway.engine.case import EntryError
from pathway.language.calendar import add_months, months_between
from pathway.language.problems import DefinitionError
from pathway.language.verdict import Verdict
from tests.semantics.stepping import Judged, Patient, instant, judged, patient_on, written

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN

NUMBERS = """facts:
  x: {type: quantity, unit: "1"}
  y: {type: quantity, unit: "1"}
  z: {type: quantity, unit: "1"}
  difference: {type: quantity, unit: "1", formula: y - z}
  p: {type: boolean}
  q: {type: boolean}
  r: {type: boolean}
"""


def numbers(guard: str, **values: str) -> Judged:
    return judged(guard, NUMBERS, **values)


# --- rule 7 -------------------------------------------------------------------------------------
def test_rule_07_the_four_operations_min_and_max_are_exact() -> None:
    known = {"x": "0.1", "y": "0.2", "z": "3"}
    for guard in (
        "x + y = 0.3",
        "y - x = 0.1",
        "x * z = 0.3",
        "x / z * z = 0.1",
        "min(x, z) = 0.1",
        "max(x, y, z) = 3",
    ):
        assert numbers(guard, **known).verdict is TRUE, guard


@pytest.mark.parametrize(
    "guard",
    [
        "0 * x = 0",
        "x * 0 = 0",
        "x - x = 0",
        "x / x = 1",
        "x + y > 0",
        "min(y, x) <= 0",
        "max(y, x) >= 0",
        "x = x",
        "0 / x = 0",
    ],
)
def test_rule_07_an_unknown_operand_gives_unknown(guard: str) -> None:
    found = numbers(guard, y="0")
    assert (found.verdict, found.needs) == (UNKNOWN, ("x",))


def test_rule_07_zero_times_unknown_is_unknown() -> None:
    assert numbers("0 * x = 0").verdict is UNKNOWN


def test_rule_07_division_by_zero_is_unknown_and_names_the_divisor() -> None:
    found = numbers("x / y > 1", x="4", y="0")
    assert found.verdict is UNKNOWN
    assert "y" in found.needs
    assert any("y" in why and "0" in why for why in found.whys)


def test_rule_07_zero_by_zero_is_unknown_too() -> None:
    assert numbers("x / y = 0", x="0", y="0").verdict is UNKNOWN


def test_rule_07_a_computed_zero_divisor_names_what_it_rests_on() -> None:
    assert set(numbers("x / (y - z) > 1", x="4", y="2", z="2").needs) == {"y", "z"}
    assert set(numbers("x / difference > 1", x="4", y="2", z="2").needs) == {"y", "z"}


def test_rule_07_an_unknown_numerator_over_zero_is_unknown_and_asks_both() -> None:
    found = numbers("x / y > 1", y="0")
    assert (found.verdict, set(found.needs)) == (UNKNOWN, {"x", "y"})


KLEENE = [
    ("p and q", {"p": "false"}, FALSE, ()),
    ("q and p", {"p": "false"}, FALSE, ()),
    ("p or q", {"p": "true"}, TRUE, ()),
    ("q or p", {"p": "true"}, TRUE, ()),
    ("p and q", {"p": "true"}, UNKNOWN, ("q",)),
    ("p or q", {"p": "false"}, UNKNOWN, ("q",)),
    ("p and q", {}, UNKNOWN, ("p", "q")),
    ("not p", {}, UNKNOWN, ("p",)),
    ("p or not p", {}, UNKNOWN, ("p",)),
    ("p implies q", {"p": "false"}, TRUE, ()),
    ("p implies q", {"q": "true"}, TRUE, ()),
    ("p implies q", {"p": "true"}, UNKNOWN, ("q",)),
    ("(p and q) or r", {"p": "false"}, UNKNOWN, ("r",)),
    ("p and (q or r)", {"q": "true"}, UNKNOWN, ("p",)),
    ("at least 2 of (p, q, r)", {"p": "true", "q": "true"}, TRUE, ()),
    ("at least 2 of (p, q, r)", {"p": "false", "q": "false"}, FALSE, ()),
    ("at least 2 of (p, q, r)", {"p": "true"}, UNKNOWN, ("q", "r")),
    ("(x / y > 1) and p", {"x": "4", "y": "0", "p": "false"}, FALSE, ()),
    ("x between 1 and 3", {}, UNKNOWN, ("x",)),
    ("x is known", {}, FALSE, ()),
    ("x is unknown", {}, TRUE, ()),
]


@pytest.mark.parametrize(("guard", "values", "verdict", "needs"), KLEENE)
def test_rule_07_no_short_circuit_changes_a_value_and_needs_are_the_unknown_atoms_under_unsettled_nodes(
    guard: str, values: dict[str, str], verdict: Verdict, needs: tuple[str, ...]
) -> None:
    found = numbers(guard, **values)
    assert (found.verdict, set(found.needs)) == (verdict, set(needs))


def test_rule_07_between_includes_both_ends() -> None:
    for value, verdict in (("1", TRUE), ("3", TRUE), ("0.99", FALSE), ("3.01", FALSE)):
        assert numbers("x between 1 and 3", x=value).verdict is verdict


def test_rule_07_between_is_false_as_soon_as_one_end_is_passed() -> None:
    assert numbers("x between y and z", x="1", y="2").verdict is FALSE
    assert numbers("x between y and z", x="3", y="2").needs == ("z",)


# --- rule 8 -------------------------------------------------------------------------------------
LISTS = "facts: {drugs: {type: list, of: code, values: [rifampin, isoniazid, warfarin], valid_for: 24 h}}\n"


def drugs(guard: str, *recorded: str | tuple[str, ...]) -> Verdict:
    return (judged(guard, LISTS, drugs=recorded[0]) if recorded else judged(guard, LISTS)).verdict


@pytest.mark.parametrize(
    "guard", ["drugs includes rifampin", "drugs includes any of (rifampin, warfarin)", "drugs is empty"]
)
def test_rule_08_an_unrecorded_list_is_unknown(guard: str) -> None:
    assert drugs(guard) is UNKNOWN


def test_rule_08_a_recorded_list_is_complete() -> None:
    assert drugs("drugs includes rifampin", ("rifampin", "isoniazid")) is TRUE
    assert drugs("drugs includes warfarin", ("rifampin", "isoniazid")) is FALSE
    assert drugs("drugs is empty", ("rifampin",)) is FALSE


def test_rule_08_any_of_is_true_when_one_is_there() -> None:
    assert drugs("drugs includes any of (warfarin, isoniazid)", ("isoniazid",)) is TRUE
    assert drugs("drugs includes any of (warfarin, rifampin)", ("isoniazid",)) is FALSE


@pytest.mark.parametrize("empty", ["[]", ()])
def test_rule_08_the_empty_list_is_known_to_be_empty(empty: str | tuple[str, ...]) -> None:
    assert drugs("drugs is empty", empty) is TRUE
    assert drugs("drugs includes rifampin", empty) is FALSE
    assert drugs("drugs is known", empty) is TRUE


def test_rule_08_recording_replaces_the_list() -> None:
    patient = patient_on(LISTS)
    patient.at("08:00").records(drugs=("rifampin", "isoniazid"))
    patient.at("09:00").records(drugs=("warfarin",))
    assert patient.value("drugs") == ("warfarin",)


@pytest.mark.parametrize(
    ("entered", "value"), [("rifampin|isoniazid", "TRUE"), ("warfarin", "FALSE"), ("[]", "FALSE")]
)
def test_rule_08_eval_takes_a_list_with_bars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], entered: str, value: str
) -> None:
    file = tmp_path / "ward.yaml"
    file.write_text(written(LISTS), "utf-8")
    main(["eval", str(file), "drugs includes isoniazid", "--facts", f"drugs={entered}", "--json"])
    assert json.loads(capsys.readouterr().out)["value"] == value


# --- rule 9 -------------------------------------------------------------------------------------
TIMES = """facts:
  t: {type: dateTime}
  t2: {type: dateTime}
  d: {type: date}
  d2: {type: date}
"""
BERLIN = "Europe/Berlin"


def times(guard: str, at: str = "2026-03-01T08:00", zone: str = "UTC", **values: str) -> Verdict:
    return judged(guard, TIMES, at, zone, **values).verdict


def test_rule_09_differences_of_date_times_are_elapsed_seconds_across_a_clock_change() -> None:
    """On 29 March 2026 the clocks of Berlin skip an hour: from 20:00 to 08:00 are eleven hours."""
    night = {"t": "2026-03-28T20:00", "t2": "2026-03-29T08:00"}
    assert times("t2 - t = 11 h", "2026-03-29T09:00", BERLIN, **night) is TRUE
    assert times("t2 - t = 12 h", "2026-03-29T09:00", "UTC", **night) is TRUE


def test_rule_09_in_autumn_the_night_has_an_hour_more() -> None:
    night = {"t": "2026-10-24T20:00", "t2": "2026-10-25T08:00"}
    assert times("t2 - t = 13 h", "2026-10-25T09:00", BERLIN, **night) is TRUE


def test_rule_09_adding_a_duration_to_a_date_time_is_elapsed_seconds() -> None:
    assert (
        times("t + 12 h = t2", "2026-03-29T10:00", BERLIN, t="2026-03-28T20:00", t2="2026-03-29T09:00")
        is TRUE
    )
    assert (
        times("t + 1 d = t2", "2026-03-29T22:00", BERLIN, t="2026-03-28T20:00", t2="2026-03-29T21:00") is TRUE
    )
    assert times("t2 - 30 min = t", t="2026-03-01T07:00", t2="2026-03-01T07:30") is TRUE


def test_rule_09_days_on_a_date_are_calendar_steps_across_a_clock_change() -> None:
    assert times("d + 1 d = d2", "2026-04-01T10:00", BERLIN, d="2026-03-28", d2="2026-03-29") is TRUE
    assert times("d2 - d = 2 d", "2026-04-01T10:00", BERLIN, d="2026-03-28", d2="2026-03-30") is TRUE


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [
        ("2026-01-31", "+ 1 mo", "2026-02-28"),
        ("2024-01-31", "+ 1 mo", "2024-02-29"),
        ("2024-02-29", "+ 1 a", "2025-02-28"),
        ("2024-02-29", "+ 4 a", "2028-02-29"),
        ("2026-03-31", "- 1 mo", "2026-02-28"),
        ("2025-08-31", "+ 6 mo", "2026-02-28"),
        ("2025-12-15", "+ 12 mo", "2026-12-15"),
        ("2026-02-28", "+ 1 d", "2026-03-01"),
    ],
)
def test_rule_09_months_and_years_are_calendar_steps_clamped_to_the_months_end(
    start: str, step: str, end: str
) -> None:
    assert times(f"d {step} = d2", d=start, d2=end) is TRUE


def test_rule_09_a_date_time_takes_no_calendar_months() -> None:
    with pytest.raises(DefinitionError):
        times("t + 1 mo < now")


@pytest.mark.parametrize(
    ("start", "months", "today", "verdict"),
    [
        ("2025-01-31", 1, "2025-02-27", FALSE),
        ("2025-01-31", 1, "2025-02-28", TRUE),
        ("2025-01-31", 2, "2025-03-30", FALSE),
        ("2025-01-31", 2, "2025-03-31", TRUE),
        ("2025-03-01", 12, "2026-02-28", FALSE),
        ("2025-03-01", 12, "2026-03-01", TRUE),
        ("2024-02-29", 12, "2025-02-28", TRUE),
    ],
)
def test_rule_09_elapsed_months_reach_n_on_the_day_start_plus_n_months(
    start: str, months: int, today: str, verdict: Verdict
) -> None:
    assert times(f"months since d >= {months} mo", f"{today}T12:00", d=start) is verdict
    assert times(f"today >= d + {months} mo", f"{today}T12:00", d=start) is verdict


@given(
    start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), later=st.integers(0, 4000), months=st.integers(0, 130)
)
def test_rule_09_elapsed_months_and_calendar_steps_agree_on_every_day(
    start: date, later: int, months: int
) -> None:
    today = start + timedelta(days=later)
    assert (months_between(start, today) >= months) == (today >= add_months(start, months))


def test_rule_09_today_is_the_case_clock_in_utc_by_default() -> None:
    assert times("today = d", "2026-03-01T23:59:59", d="2026-03-01") is TRUE
    assert times("today = d", "2026-03-02T00:00", d="2026-03-01") is FALSE


def test_rule_09_today_turns_at_midnight_of_the_case() -> None:
    """22:59:59 UTC is 23:59:59 in Berlin in winter; a second later it is the second of March."""
    start = instant("2026-03-01T22:59:59")
    for at, verdict in ((start, TRUE), (start + 1, FALSE)):
        assert judged("today = d", TIMES, at, BERLIN, d="2026-03-01").verdict is verdict


def test_rule_09_a_day_begins_on_the_instant_that_next_change_names() -> None:
    body = (
        TIMES
        + "tracks: {care: {start: a, states: {b: {kind: end}, "
        + "a: {kind: decision, next: [{to: b, when: today >= d + 1 mo}]}}}}\n"
    )
    patient = patient_on(body, "2026-02-28T08:00", BERLIN)
    patient.at("2026-02-28T08:00").records(d="2026-02-28")
    assert patient.view.next_change_at == instant("2026-03-28T00:00", BERLIN)
    patient.waits_until("2026-03-27T23:59:59")
    assert patient.state() == "a"
    patient.waits_until("2026-03-28T00:00")
    assert patient.state() == "b"


@pytest.mark.parametrize("local", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_rule_09_local_times_that_do_not_exist_or_exist_twice_are_refused(local: str) -> None:
    patient = patient_on(TIMES, "2026-12-01T08:00", BERLIN)
    with pytest.raises(EntryError, match="t: "):
        patient.at("2026-12-01T08:00").records(t=local)
    assert patient.value("t") is None


def test_rule_09_with_an_offset_such_a_time_is_exact() -> None:
    twice = {"t": "2026-10-25T02:30+02:00", "t2": "2026-10-25T02:30+01:00"}
    assert times("t2 - t = 1 h", "2026-12-01T08:00", BERLIN, **twice) is TRUE


# --- rule 10 ------------------------------------------------------------------------------------
SWAPPING = """facts: {go: {type: boolean}}
tracks:
  one:
    start: a
    states:
      a: {kind: decision, next: [{to: b, when: go and in(two.a)}]}
      b: {kind: end}
  two:
    start: a
    states:
      a: {kind: decision, next: [{to: b, when: go and in(one.a)}]}
      b: {kind: end}
"""


def test_rule_10_other_tracks_are_read_on_the_snapshot() -> None:
    """Each moves only while the other is in `a`: on one snapshot both do, whichever is written first."""
    patient = patient_on(SWAPPING)
    patient.at("09:00").records(go="true")
    assert (patient.state("one"), patient.state("two")) == ("b", "b")


FOLLOWING = """facts: {go: {type: boolean}}
tracks:
  one:
    start: a
    states:
      a: {kind: decision, next: [{to: b, when: in(two.b)}]}
      b: {kind: end}
  two:
    start: a
    states:
      a: {kind: decision, next: [{to: b, when: go}]}
      b: {kind: enquiry, next: [{to: a, when: in(one.b)}]}
"""


def test_rule_10_tracks_never_move_each_other() -> None:
    patient = patient_on(FOLLOWING)
    assert patient.way("b", "one").verdict is FALSE
    patient.at("09:00").records(go="true")
    assert (patient.state("one"), patient.state("two")) == ("b", "b")
    moves = {step.track: step.guard for step in patient.view.path}
    assert moves == {"two": "go", "one": "in(two.b)"}


def test_rule_10_a_track_or_state_that_does_not_exist_is_an_error() -> None:
    for guard in ("in(surgery.a)", "in(care.nowhere)"):
        with pytest.raises(DefinitionError):
            judged(guard, NUMBERS)


# --- rule 11 ------------------------------------------------------------------------------------
DEEDS = """facts:
  x: {type: boolean}
  back: {type: boolean}
actions:
  lp: {title: LP, type: procedure}
tracks:
  care:
    start: here
    states:
      here:
        kind: enquiry
        next:
          - {to: was_done, when: done(lp)}
          - {to: was_declined, when: declined(lp)}
          - {to: done_here, when: done(lp) since entry}
          - {to: recorded_here, when: x recorded since entry}
          - {to: away, when: back is known}
      away: {kind: enquiry, next: [{to: here, when: "true"}]}
      was_done: {kind: end}
      was_declined: {kind: end}
      done_here: {kind: end}
      recorded_here: {kind: end}
"""
DEED_WAYS = ("was_done", "was_declined", "done_here", "recorded_here")


def deed_verdicts(patient: Patient) -> tuple[Verdict, ...]:
    return tuple(patient.way(to).verdict for to in DEED_WAYS)


def test_rule_11_done_and_declined_are_two_valued() -> None:
    assert deed_verdicts(patient_on(DEEDS)) == (FALSE, FALSE, FALSE, FALSE)


def test_rule_11_declined_is_never_done() -> None:
    patient = patient_on(DEEDS)
    patient.at("09:00").declines("lp")
    assert deed_verdicts(patient)[:3] == (FALSE, TRUE, FALSE)


def test_rule_11_done_after_all_is_both_done_and_declined() -> None:
    patient = patient_on(DEEDS)
    patient.at("09:00").declines("lp")
    patient.at("10:00").does("lp")
    assert deed_verdicts(patient)[:2] == (TRUE, TRUE)


CIRCLE = """facts:
  x: {type: boolean}
actions:
  lp: {title: LP, type: procedure}
tracks:
  care:
    start: here
    states:
      here:
        kind: enquiry
        choice: true
        next:
          - {to: was_done, when: done(lp)}
          - {to: done_here, when: done(lp) since entry}
          - {to: was_declined, when: declined(lp)}
          - {to: declined_here, when: declined(lp) since entry}
          - {to: recorded_here, when: x recorded since entry}
          - {to: recorded_once, when: x recorded}
          - {to: away, when: "true"}
      away: {kind: enquiry, choice: true, next: [{to: here, when: "true"}]}
      was_done: {kind: end}
      done_here: {kind: end}
      was_declined: {kind: end}
      declined_here: {kind: end}
      recorded_here: {kind: end}
      recorded_once: {kind: end}
"""


def test_rule_11_a_fact_that_was_recorded_once_stays_so_when_it_is_taken_back() -> None:
    patient = patient_on(CIRCLE)
    assert patient.way("recorded_once").verdict is FALSE
    patient.at("08:50").retracts("x")
    assert patient.way("recorded_once").verdict is FALSE
    patient.at("09:00").records(x="true")
    patient.at("09:10").takes("away")
    patient.at("09:20").takes("here")
    patient.at("09:30").retracts("x")
    assert [patient.way(to).verdict for to in ("recorded_here", "recorded_once")] == [FALSE, TRUE]


def test_rule_11_declined_since_entry_counts_from_entering_the_present_state() -> None:
    patient = patient_on(CIRCLE)
    patient.at("09:00").declines("lp")
    assert [patient.way(to).verdict for to in ("was_declined", "declined_here")] == [TRUE, TRUE]
    patient.at("09:10").takes("away")
    patient.at("09:20").takes("here")
    assert [patient.way(to).verdict for to in ("was_declined", "declined_here")] == [TRUE, FALSE]
    patient.at("10:00").declines("lp")
    assert patient.way("declined_here").verdict is TRUE


def test_rule_11_done_counts_from_the_cases_start_and_since_entry_from_entering_the_present_state() -> None:
    patient = patient_on(CIRCLE)
    patient.at("09:00").enters(facts={"x": "true"}, done=("lp",))
    assert [patient.way(to).verdict for to in ("was_done", "done_here", "recorded_here")] == [
        TRUE,
        TRUE,
        TRUE,
    ]
    patient.at("10:00").takes("away")
    patient.at("11:00").takes("here")
    assert [patient.way(to).verdict for to in ("was_done", "done_here", "recorded_here")] == [
        TRUE,
        FALSE,
        FALSE,
    ]
    patient.at("12:00").records(x="true")
    assert [patient.way(to).verdict for to in ("was_done", "done_here", "recorded_here")] == [
        TRUE,
        FALSE,
        TRUE,
    ]
    patient.at("13:00").does("lp")
    assert [patient.way(to).verdict for to in ("was_done", "done_here", "recorded_here")] == [
        TRUE,
        TRUE,
        TRUE,
    ]


def test_rule_11_what_is_entered_with_the_move_into_a_state_is_not_since_entry() -> None:
    """The deed lets the track enter `there`; it was done before that, not since."""
    body = """actions: {lp: {title: LP, type: procedure}}
tracks:
  care:
    start: here
    states:
      here: {kind: decision, next: [{to: there, when: done(lp)}]}
      there: {kind: decision, next: [{to: over, when: done(lp) since entry}]}
      over: {kind: end}
"""
    patient = patient_on(body)
    patient.at("09:00").does("lp")
    assert patient.state() == "there"
    patient.at("10:00").does("lp")
    assert patient.state() == "over"


def test_rule_11_an_unknown_answer_is_no_recording() -> None:
    patient = patient_on(CIRCLE)
    patient.at("09:00").retracts("x", "asked_unknown")
    assert patient.way("recorded_here").verdict is FALSE
