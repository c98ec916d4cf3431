"""What could harm a patient is told before it counts: a wrong line, an open question, a grave alert."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.view import SafeguardView
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.verdict import Verdict
from tests.tui.scenes import at_the_screen, flat, press, shown
from tests.tui.support import DEMO, NOON, EngineSession, ScriptedSession, a_view, action, demo, reason
from tests.tui.supposing import in_the_workup
from tui.acting import action_block
from tui.choices import Kind, choices
from tui.entering import Pen, read_fact
from tui.foreseen import foreseen_lines
from tui.forms import done_form, take_form
from tui.in_words import in_words
from tui.session import EntryError
from tui.sitting import Sitting
from tui.widgets.numbered import Numbered

HOUR = 3600
PEN = Pen(NOON, NOON, "ms", "UTC")
AGAIN = DEMO.replace(
    "{to: finished, when: done(lumbar_puncture)}",
    "{to: finished, when: suspected recorded since entry and suspected}",
)


def asking(*needs: str) -> SafeguardView:
    """A safeguard whose facts are to be asked for before the action."""
    why = replace(reason(Verdict.UNKNOWN), needs=needs)
    return SafeguardView("lp_signs", "warn", "asks", why, None, "Image first", ("S90",), None, "high")


# --- a number that is no line -----------------------------------------------------------------------
def test_a_number_that_is_no_line_chooses_nothing(in_workup: EngineSession) -> None:
    """54 is not line 5, and not line 4: Enter says so and does nothing."""
    kinds = in_workup.kinds()

    async def scene(pilot: Pilot[None]) -> None:
        answers = pilot.app.screen.query_one("#choices", Numbered)
        await press(pilot, "1")
        assert answers.highlighted == 0
        assert "What now? A number, then Enter: 1━" in shown(pilot)
        await press(pilot, "4")
        assert answers.highlighted is None
        assert "What now? A number, then Enter: There is no line 14" in shown(pilot)
        await press(pilot, "enter")
        assert "There is no line 14. Nothing is chosen." in shown(pilot)
        await press(pilot, "r", "9", "9", "enter")
        assert "There is no line 99. Choose a number first." in flat(shown(pilot))

    at_the_screen(in_workup, scene)
    assert in_workup.kinds() == kinds


@pytest.mark.parametrize("fact", ["suspected", "etiology", "current_drugs"])
@pytest.mark.parametrize("typed", ["54", "0", "9"])
def test_a_number_that_is_no_answer_of_a_field_is_refused(fact: str, typed: str) -> None:
    with pytest.raises(EntryError, match=f"There is no line {typed}: type 1 to"):
        read_fact(demo().facts[fact], typed, "now", PEN)


def test_the_end_of_a_number_for_other_rows_chooses_nothing() -> None:
    """The rows change between the two digits of 12: its 2 does not mean the new second row."""

    async def scene(pilot: Pilot[None]) -> None:
        answers = pilot.app.screen.query_one("#choices", Numbered)
        answers.press_digit("1")
        answers.show(list(reversed(answers.rows)), "", keep=True)
        answers.press_digit("2")
        assert answers.highlighted is None
        assert answers.trouble == "Too soon, the lines are new: not taken, 12"

    at_the_screen(ScriptedSession(), scene)


def test_a_way_on_asks_once_more() -> None:
    form = take_form(demo(), "care", "finished")
    assert form.asks_again
    assert form.title == "Care: go on to Finished"
    assert form.build((), PEN).take[0].to == "finished"


def test_a_panel_that_has_all_the_room_gives_it_back(in_workup: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for keys in (("w", "w", "escape"), ("w", "w", "w"), ("g", "escape"), ("g", "g")):
            await press(pilot, *keys)
            assert "What now?" in shown(pilot), keys
            await press(pilot, "f", "f")
            assert "What now?" not in shown(pilot), keys
            await press(pilot, "escape")

    at_the_screen(in_workup, scene)


# --- an open question -------------------------------------------------------------------------------
def test_what_is_to_be_asked_first_is_told_before_the_action_is_to_be_done() -> None:
    puncture = action("lumbar_puncture", "Lumbar puncture", safeguards=(asking("platelet_count", "remark"),))
    view = a_view(actions=(puncture, action("ceftriaxone_child", "Ceftriaxone, child")))
    first, second, *_ = choices(demo(), view, NOON)
    assert first.line.plain == "Ask first, then do: Lumbar puncture  asks platelet count, remark"
    assert second.lead == "Do:"
    about = action_block(demo(), puncture, view, NOON)
    assert about[1].plain.strip() == "Not asked yet: platelet count, remark. Ask first, then do."
    assert about[1] == done_form(demo(), view, "lumbar_puncture", NOON).about[0]


def test_a_known_fact_that_a_way_wants_anew_is_asked_again() -> None:
    session = EngineSession(definition_from_text(AGAIN))
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    again = [one for one in choices(session.definition, session.view, NOON) if one.lead == "Answer again:"]
    assert [(one.kind, one.subject) for one in again] == [(Kind.RECORD, "suspected")]
    session.pass_time(NOON + 60)
    session.enter(facts={"suspected": "true"})
    assert not [one for one in choices(session.definition, session.view, NOON) if "again" in one.lead]


# --- a grave alert, and a value that is too old -----------------------------------------------------
def test_the_alert_that_an_entry_would_raise_is_told_before_it_is_entered() -> None:
    session = in_the_workup()
    form = done_form(session.definition, session.view, "lumbar_puncture", NOON)
    sitting, before = Sitting(session, lambda: NOON, "ms"), session.kinds()
    [line] = foreseen_lines(sitting, form.build(["now", ""], PEN))
    assert line.lead.startswith("THIS RAISES !! WARNING")
    assert line.text == "Lumbar puncture was done while it was held."
    assert session.kinds() == before
    assert foreseen_lines(sitting, PEN.batch(facts=(FactEntry("platelet_count", "130"),))) == []


def test_the_alert_stands_above_the_line_that_will_be_recorded() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        rows = pilot.app.screen.query_one("#choices", Numbered).rows
        held = [row.line.lead for row in rows].index("HELD:") + 1
        await press(pilot, str(held), "enter")
        picks = pilot.app.screen.query_one("#picks", Numbered).rows
        done = next(n for n, row in enumerate(picks, 1) if row.line.text.startswith("Done"))
        await press(pilot, str(done), "enter", "enter", "enter")
        text = flat(shown(pilot))
        assert text.index("THIS RAISES !! WARNING") < text.index("WILL BE RECORDED")

    at_the_screen(in_the_workup(), scene)


def lasting(kind: str) -> Definition:
    return definition_from_text(DEMO.replace('?", type: boolean}', f'?", type: {kind}, valid_for: 24 h}}'))


@pytest.mark.parametrize(("fact", "value"), [("platelet_count", "240"), ("suspected", "true")])
def test_a_value_past_its_shelf_life_is_said_to_count_no_more(fact: str, value: str) -> None:
    def words(age: int) -> str:
        entry = FactEntry(fact, value, NOON - age)
        return in_words(lasting("boolean"), Batch(NOON, "ms", NOON, facts=(entry,)), "UTC")[0]

    assert words(25 * HOUR).endswith("; COUNTS NO MORE: valid for 24 h from 28 Feb 11:00")
    assert "COUNTS" not in words(24 * HOUR)
