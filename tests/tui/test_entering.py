"""Entering on the screen: units, reasons for unknown, numbers in lists, undo, corrections, flags."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pathway.engine.events import Acknowledged, FactRetracted
from pathway.engine.view import WarningView
from pathway.language.load import definition_from_text
from tests.tui.scenes import at_the_screen, flat, panel_text, press, settled, shown, write
from tests.tui.support import NOON, EngineSession, ScriptedSession, a_view
from tests.tui.supposing import ForkableSession, in_the_workup
from tui.case_screen import CaseScreen
from tui.fact_forms import fact_form
from tui.plain import run_plain
from tui.presenting import track_rows

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)])
LABORATORY = """
pathway: laboratory
version: 1.0.0
title: Laboratory
layers: {article: What the article says}
status: draft
facts:
  creatinine:
    {ask: Creatinine, type: quantity, unit: umol/L, range: [0, 3000],
     also: {mg/dL: {factor: 88.4, cites: S1}}, valid_for: 1 h}
  count: {ask: Count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, also: [/uL]}
sources:
  S1: {text: A molar mass, from: article}
tracks:
  care:
    title: Care
    start: ward
    states:
      ward: {kind: enquiry, asks: [creatinine], next: [{to: home, when: creatinine > 100 and count > 40}]}
      home: {kind: end}
"""


def laboratory() -> EngineSession:
    return EngineSession(definition_from_text(LABORATORY))


@SIZES
def test_a_value_in_another_unit_is_shown_converted_before_and_after_it_is_recorded(
    size: tuple[int, int],
) -> None:
    session = laboratory()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter")
        await write(pilot, "1.5 mg/dL")
        assert "records: creatinine = 132.6 umol/L (typed 1.5 mg/dL)" in flat(shown(pilot))
        assert session.kinds() == ["case_opened"]
        await press(pilot, "enter", "enter")
        assert "Recorded: creatinine = 132.6 umol/L (typed 1.5 mg/dL)" in flat(shown(pilot))

    at_the_screen(session, scene, size)


@SIZES
def test_a_question_says_unit_range_other_units_and_the_last_value_with_its_age(
    size: tuple[int, int],
) -> None:
    session = laboratory()
    session.enter(facts={"creatinine": "90"})

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        await write(pilot, "crea")
        await press(pilot, "1", "enter")
        text = flat(shown(pilot))
        for words in ("a number in umol/L", "0 to 3000", "also in mg/dL", "valid for 1 h", "or u: it is not"):
            assert words in text, words
        assert "now: 90 umol/L, 12:00 (20 min ago), ms" in text

    at_the_screen(session, scene, size, now=[NOON + 1200])


def test_a_value_that_has_lapsed_is_shown_as_the_last_one_and_does_not_count() -> None:
    session = laboratory()
    session.enter(facts={"creatinine": "90"})
    session.pass_time(NOON + 7200)
    form = fact_form(session.definition, session.view, "creatinine", NOON + 7200, session.events)
    said = [line.plain for line in form.about]
    assert "last: 90 umol/L, 12:00, 2 h ago, ms; it does not count any more" in said


def test_what_would_not_be_taken_says_so_while_it_is_typed_and_stays_in_its_field() -> None:
    session = laboratory()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter")
        await write(pilot, "1.5 g")
        assert "not yet: creatinine is not entered in" in flat(shown(pilot))
        await press(pilot, "enter")
        assert "Not recorded: creatinine is not entered in" in flat(shown(pilot))
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "field-0"

    at_the_screen(session, scene)
    assert session.kinds() == ["case_opened"]


@SIZES
def test_unknown_asks_why_by_number_and_no_reason_is_taken_for_granted(size: tuple[int, int]) -> None:
    session = laboratory()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter", "u")
        assert "Enter asks why" in shown(pilot)
        await press(pilot, "enter")
        text = flat(shown(pilot))
        for words in ("1 not asked", "2 asked, and unknown", "3 refused", "4 pending"):
            assert words in text
        await press(pilot, "enter")
        assert "Say why it is not known" in shown(pilot)
        assert session.kinds() == ["case_opened"]
        await press(pilot, "4")
        assert "UNKNOWN from now on (pending)" in flat(shown(pilot))
        await press(pilot, "enter")

    at_the_screen(session, scene, size)
    retracted = session.events[-1]
    assert isinstance(retracted, FactRetracted)
    assert retracted.reason == "pending"


def test_in_a_long_list_letters_narrow_and_numbers_pick(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        assert "A number, then Enter. Letters narrow the list." in shown(pilot)
        await press(pilot, "2")
        assert ">  2 " in shown(pilot)
        await write(pilot, "count")
        assert ">" not in panel_of_picks(pilot)
        await press(pilot, "1", "enter")
        assert "a number in 10*9/L" in shown(pilot)

    at_the_screen(session, scene)


def panel_of_picks(pilot: Pilot[None]) -> str:
    region = pilot.app.screen.query_one("#picks").region
    return "\n".join(shown(pilot).splitlines()[region.y : region.bottom])


def test_names_that_begin_with_the_letters_come_first(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        await write(pilot, "e")
        assert panel_of_picks(pilot).lstrip("│ ").startswith("1 etiology")

    at_the_screen(session, scene)


def test_a_fast_typist_gets_the_row_of_the_narrowed_list(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await pilot.press("r", *"platelet", "1", "enter", *"130", "enter", "enter")
        await settled(pilot)

    at_the_screen(session, scene)
    assert [fact.fact for fact in session.view.facts if fact.value == "130"] == ["platelet_count"]


def test_a_patient_who_has_changed_gets_a_new_value_and_the_entry_stays(session: EngineSession) -> None:
    session.enter(facts={"platelet_count": "130"})

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "u")
        text = flat(shown(pilot))
        assert "takes back: platelet_count = 130" in text
        assert "1 Entered wrongly: take this entry back" in text
        assert "2 The patient has changed: record the new value of platelet_count" in text
        await press(pilot, "2", "enter")
        await write(pilot, "30")
        await press(pilot, "enter", "enter")

    at_the_screen(session, scene, now=[NOON + 60])
    assert session.kinds().count("fact_recorded") == 2
    assert "undone" not in session.kinds()


def test_a_correction_first_names_the_steps_that_rested_on_the_old_value() -> None:
    session = in_the_workup()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "c")
        await write(pilot, "suspected")
        await press(pilot, "1", "enter")
        text = flat(shown(pilot))
        assert "1 later step rested on this value" in text
        assert "Care moved to 2. Workup" in text
        assert "Decisions already taken stay taken" in text or "The part above goes on" in text
        await press(pilot, "escape")

    at_the_screen(session, scene)
    assert "BASIS" not in "".join(session.kinds())


def a_flag(name: str, seen: str | None = None) -> WarningView:
    words = f"{name} systolic blood pressure 84 mmHg at 10:16, call the senior on duty now and give the bolus"
    return WarningView(name, "high", None, (), words, acknowledged=seen, key=name)


def test_a_flag_nobody_has_seen_has_both_rows_and_a_seen_one_shrinks_to_one() -> None:
    others = tuple(WarningView(f"w{n}", "low", None, (), f"Note {n}") for n in range(3))

    async def unseen(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()[3:5]
        assert "give the bolus" in flat(" ".join(rows))
        assert rows[1].rstrip().endswith("+3 more (!)")

    async def seen(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()[3:5]
        assert rows[0].startswith(" !! WARNING (seen by ms) flag")
        assert rows[1].startswith(" NOTE Note 0")
        assert rows[1].rstrip().endswith("+2 more (!)")

    at_the_screen(ScriptedSession(a_view(warnings=(a_flag("flag"), *others))), unseen)
    at_the_screen(ScriptedSession(a_view(warnings=(a_flag("flag", "ms"), *others))), seen)


def test_two_flags_nobody_has_seen_have_a_row_each() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()[3:5]
        assert [row.split()[2] for row in rows] == ["one", "two"]
        assert "+1 more (!)" in rows[1]

    session = ScriptedSession(a_view(warnings=(a_flag("one"), a_flag("two"), a_flag("three", "ms"))))
    at_the_screen(session, scene)


def test_acknowledging_logs_who_and_when_and_the_flag_stays_until_it_clears() -> None:
    session = ForkableSession()
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    session.enter(facts={"platelet_count": "30"})

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "enter", "1", "enter", "enter")  # punctured against the safeguard
        await write(pilot, "coning")
        await press(pilot, "enter")
        await settled(pilot)
        await press(pilot, "enter")
        await settled(pilot)
        flagged = next((w for w in session.view.warnings if w.severity == "high"), None)
        assert flagged is not None
        await press(pilot, "k", "1", "enter")
        assert "(seen by ms)" in shown(pilot)
        assert flagged.key in [w.key for w in session.view.warnings]

    at_the_screen(session, scene)
    seen = [event for event in session.events if isinstance(event, Acknowledged)]
    assert [(event.by, event.at) for event in seen] == [("ms", NOON)]


def test_the_header_names_both_identifiers_or_says_that_one_is_missing() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert shown(pilot).splitlines()[0].startswith(" (no label)  TEST-014")

    at_the_screen(ScriptedSession(a_view(label=None)), scene)


def test_lanes_that_only_wait_are_folded_into_one_row() -> None:
    first = a_view().tracks[0]
    idle = [
        replace(first, track=f"t{n}", title=f"Lane {n}", number=n, kind="enquiry", phase=None, transitions=())
        for n in range(16)
    ]
    rows = [line.plain for line in track_rows(a_view(tracks=(*idle, first)), 4, "w")]
    assert rows[0].startswith("Care: 2. Workup")
    assert rows[1].startswith("+16 waiting (w): Lane 0: 0")
    assert len(rows) == 2


@SIZES
def test_the_map_is_one_key_away(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "g")
        text = panel_text(pilot, "map")
        assert "here" in text
        assert "Suspected infection" in text

    at_the_screen(in_the_workup(), scene, size)


@SIZES
def test_what_would_open_a_held_action_is_worked_out_and_shown(size: tuple[int, int]) -> None:
    session = in_the_workup()

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "y", "1", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        text = flat(panel_text(pilot, "why"))
        assert "WHAT WOULD CHANGE IT" in text
        assert "platelet_count: at least 40" in text

    at_the_screen(session, scene, size)
    assert session.kinds().count("fact_recorded") == 1


@SIZES
def test_what_is_missing_stands_by_what_it_can_still_change(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await pilot.app.workers.wait_for_complete()
        await press(pilot, "m", "m")
        text = flat(panel_text(pilot, "missing"))
        assert "CAN CHANGE" in text
        assert "(platelet_count)" in text

    at_the_screen(in_the_workup(), scene, size)


def test_the_pathway_can_be_looked_up_and_left_again() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "b")
        assert not isinstance(pilot.app.screen, CaseScreen)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(in_the_workup(), scene)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("near lumbar_puncture", "platelet_count: at least 40"),
        ("near care.finished", "Lumbar puncture: recorded as done"),
        ("near nothing", "This pathway has no action called 'nothing'"),
        ("near care.intake", "No way leads from where care stands now to intake"),
        ("questions", "CAN CHANGE"),
        ("map", "here"),
        ("handover", "DRAFT: not approved for clinical use"),
    ],
)
def test_the_line_mode_has_the_same_intents(typed: str, told: str) -> None:
    output = io.StringIO()
    session = in_the_workup()
    before = list(session.events)
    run_plain(session, lambda: NOON, "ms", io.StringIO(f"{typed}\n"), output)
    assert told in " ".join(output.getvalue().split("help lists them")[1].split())
    assert list(session.events) == before
