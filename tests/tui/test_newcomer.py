"""What a newcomer needs to see at 80 columns: whose case it is, how it ends, and what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pathway.engine.batch import Batch, DeedEntry
from pathway.engine.case import Step
from pathway.engine.view import PathStep, Taken, View
from pathway.language.load import definition_from_text
from pathway.language.verdict import Verdict
from tests.tui.scenes import at_the_screen, flat, panel_text, press, settled, shown, write
from tests.tui.support import (
    NOON,
    EngineSession,
    ScriptedSession,
    a_view,
    action,
    demo,
    held_puncture,
    late_antibiotic,
    reason,
    workup,
)
from tui.acts import acts, waited_for
from tui.case_layout import (
    LEAST_CHOICES,
    LEAST_MESSAGE,
    LEAST_PANEL,
    message_lines,
    nothing,
    question,
    shares,
)
from tui.changes import change_lines, step_lines
from tui.entry_screen import _option_lines
from tui.forms import OVERRIDE_CODES, Field
from tui.lines import Line, all_wrapped, columns, cut_middle, ways_on
from tui.presenting import ending, ending_lines, is_ended, short_case_title, track_line

LONG = "spinal-leptomeningeal-infection-20260301-12007f3a"


def at_the_end(**other: object) -> View:
    """Care has come to its end; another track asks where it began."""
    ended = replace(workup(), kind="end", phase="after", state_title="Follow-up ended", questions=())
    waits = replace(workup(), track="alarm", title="Alarm", state="calm", kind="enquiry", phase=None)
    return a_view(tracks=(ended, waits), actions=(), **other)


# --- whose case -----------------------------------------------------------------------------------
def test_both_identifiers_are_recognised_where_there_is_little_room() -> None:
    title = short_case_title(a_view(case=LONG, label="bed 3 t2"), 42)
    assert columns(title) <= 42
    assert title.startswith("bed 3 t2  spinal-")
    assert title.endswith("7f3a")
    long_label = short_case_title(a_view(case=LONG, label="x" * 60), 42)
    assert columns(long_label) <= 42
    assert long_label.endswith("7f3a")
    assert short_case_title(a_view(label=None), 42) == "(no label)  TEST-014"


def test_what_is_cut_in_its_middle_keeps_its_end() -> None:
    assert cut_middle(LONG, 11) == "spina…07f3a"
    assert cut_middle("short", 11) == "short"
    assert columns(cut_middle("一" * 20, 10)) <= 10


# --- how it ends ----------------------------------------------------------------------------------
def test_a_case_has_ended_when_what_was_in_use_has_ended_and_the_rest_waits_where_it_began() -> None:
    assert is_ended(at_the_end())
    moved = PathStep(9, NOON, "alarm", "red", "calm", "auto", "x", "ms", False, None, ())
    assert not is_ended(at_the_end(path=(moved,)))
    assert not is_ended(a_view())


def test_the_end_names_the_key_that_closes_and_denies_nothing_that_is_asked() -> None:
    def told(view: View) -> list[str]:
        return [line.plain for line in ending_lines(demo(), view, "e")]

    assert told(at_the_end()) == ["The pathway has ended. e closes the case; what else is asked stays open."]
    assert "nothing is outstanding" in told(at_the_end(needs=()))[0]
    assert (
        "what is still to be done stays open" in told(replace(at_the_end(), actions=(late_antibiotic(),)))[0]
    )
    assert told(at_the_end(closed=True)) == told(a_view()) == []


AGAIN = """
pathway: again
version: 1.0.0
title: Again
status: draft
facts:
  worse: {ask: "Worse?", type: boolean}
actions: {walk: {title: Walk, type: procedure}}
tracks:
  care:
    start: ward
    states:
      ward: {kind: action, do: [{action: walk}], next: [{to: over, when: done(walk) since entry}]}
      over: {title: Follow-up ended, kind: enquiry, asks: [worse], next: [{to: ward, when: worse}]}
  sign: {start: calm, states: {calm: {kind: action, next: [{to: up, when: worse}]}, up: {kind: end}}}
"""


def test_a_last_place_that_could_only_begin_again_says_how_the_case_is_closed() -> None:
    session = EngineSession(definition_from_text(AGAIN))
    assert ending(session.definition, session.view) == ""
    session.commit(Batch(NOON, "ms", NOON, done=(DeedEntry("walk", NOON),)))
    session.enter(take=("care", "over"))
    assert not is_ended(session.view)
    assert [line.plain for line in ending_lines(session.definition, session.view, "e")] == [
        "No action is called for. e closes the case; what else is asked stays open."
    ]
    session.enter(facts={"worse": "true"})
    assert ending(session.definition, session.view) == ""  # the ways on are open again


def test_the_end_is_told_once_as_news() -> None:
    step = Step(NOON, (), (), (), at_the_end())
    told = [line.plain for line in change_lines(demo(), a_view(actions=()), step)]
    assert told == ["The pathway has come to its end. The case may be closed."]
    assert change_lines(demo(), at_the_end(), step) == []


def test_a_closed_case_is_not_asked_what_now() -> None:
    assert "What now" not in question(at_the_end(closed=True), "Enter")
    assert "nothing more is entered" in nothing(at_the_end(closed=True), str)


def test_at_the_end_the_case_and_the_last_row_say_how_to_close_it() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()
        assert "e closes the case; what else is asked stays open." in "\n".join(rows)
        assert "e Close" in rows[-1]
        assert "bed 3 t2  spinal-" in rows[0]
        assert "7f3a" in rows[0]

    at_the_screen(ScriptedSession(at_the_end(case=LONG, label="bed 3 t2")), scene)


# --- what to do next ------------------------------------------------------------------------------
def test_the_box_of_a_held_action_begins_with_the_answers_it_waits_for() -> None:
    offered = acts(demo(), a_view(), "lumbar_puncture", NOON)
    assert [one.words for one in offered][:2] == ["Answer: Platelet count", "Done (asks when)"]
    assert offered[0].form.title == "Platelet count"
    assert acts(demo(), a_view(), "ceftriaxone_child", NOON)[0].name == "done"


def test_the_fact_that_everything_waits_for_is_asked_first() -> None:
    guard = held_puncture().safeguards[0]
    both = replace(reason(Verdict.UNKNOWN), needs=("weight_kg", "platelet_count"))
    held = replace(held_puncture(), safeguards=(replace(guard, reason=both), guard), needs=("suspected",))
    assert waited_for(demo(), held) == ["platelet_count", "weight_kg", "suspected"]
    many = replace(held, needs=("suspected", "etiology", "remark", "current_drugs"))
    offered = acts(demo(), a_view(actions=(many,)), "lumbar_puncture", NOON)
    assert [one.name for one in offered][3:5] == ["answer etiology", "done"]
    assert offered[3].words == "Answer: Cause (and 2 more after these)"


def test_a_way_of_several_moves_tells_where_it_led() -> None:
    moves = (
        Taken("care", "intake", "workup", "clinician", ()),
        Taken("care", "workup", "finished", "auto", ()),
    )
    told = step_lines(demo(), Step(NOON, (), moves, (), a_view()))
    assert [line.plain for line in told] == [
        "Care is now at 4. Finished, automatically, by way of 2. Workup (as chosen)."
    ]


@pytest.mark.parametrize("left", range(9, 20))
def test_a_message_leaves_room_for_the_panel(left: int) -> None:
    found = shares(left)
    panel = left - found.choices - found.message
    assert panel >= LEAST_PANEL or (found.choices, found.message) == (LEAST_CHOICES, LEAST_MESSAGE)


def test_a_message_counts_what_it_has_no_room_for_beside_what_it_says_last() -> None:
    lines = [Line("Recorded: x"), Line("is now at 3. " + "MRI " * 20, "Care"), Line("more"), Line("more")]
    shown = message_lines(lines, 60, 2, lambda id: id[6])
    assert len(shown) == 2
    assert shown[1].plain.startswith("Care is now at 3. MRI")
    assert shown[1].plain.endswith("+3 more (a, w)")
    assert columns(shown[1].plain) <= 60


def test_what_is_cut_says_in_which_direction_it_goes_on() -> None:
    assert ways_on(0, 0, "PgDn", "PgUp") == ""
    assert ways_on(0, 3, "PgDn", "PgUp") == "further down (PgDn)"
    assert ways_on(3, 3, "PgDn", "PgUp") == "further up (PgUp)"
    assert ways_on(1, 3, "PgDn", "PgUp") == "further down (PgDn) and further up (PgUp)"


def test_enter_says_why_nothing_happens_yet(in_workup: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter", "enter")
        assert "Choose a number first." in shown(pilot)
        await press(pilot, "2")
        assert "Choose a number first." not in shown(pilot)
        await press(pilot, "enter")
        await write(pilot, "why not")
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert "read it, then Enter again" in flat(shown(pilot))
        await settled(pilot)
        assert not in_workup.view.declined
        await press(pilot, "enter")
        assert in_workup.view.declined

    at_the_screen(in_workup, scene)


def test_a_panel_that_is_cut_names_the_key_and_begins_at_its_top_after_a_step() -> None:
    many = tuple(action("lumbar_puncture", f"Deed {n}") for n in range(20))
    session = ScriptedSession(a_view(actions=many), a_view(actions=many[1:]))

    async def scene(pilot: Pilot[None]) -> None:
        assert "Actions (a), goes on further down (PgDn)" in shown(pilot)
        await press(pilot, "pagedown", "pagedown")
        assert "further up (PgUp)" in shown(pilot)
        await press(pilot, "n")
        pilot.app.screen.query_one(Input).value = "seen"
        await press(pilot, "enter")
        assert "Deed 1 " in panel_text(pilot, "actions")

    at_the_screen(session, scene)


def test_options_that_wrap_leave_no_sign_at_the_end_of_a_row() -> None:
    rows = all_wrapped(_option_lines(Field("Kind", options=OVERRIDE_CODES)), 60)
    assert len(rows) > 1
    assert not any("·" in row.plain for row in rows)


def test_where_it_stands_is_said_in_plain_words() -> None:
    assert track_line(replace(workup(), kind="enquiry")).plain == "Care: 2. Workup (questions)"
