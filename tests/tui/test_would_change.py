"""What would change it, the next best question and what a correction touches, in words."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.engine.batch import Batch, DeedEntry, FactEntry
from pathway.engine.case import Case
from pathway.supposing.dependents import rests_on
from pathway.supposing.nearest import Nearest, nearest_changes
from pathway.supposing.needed import Change, FactNeeded
from pathway.supposing.questions import QuestionRank, Weight, questions
from pathway.supposing.subjects import Offer, WayOn
from tests.tui.support import HOSTILE, NOON, EngineSession
from tui.lines import Line, all_wrapped, columns
from tui.would_change import dependence_lines, nearest_lines, question_lines


def said(lines: Iterable[Line]) -> str:
    return "\n".join(line.plain for line in lines)


def in_workup(**facts: str) -> Case:
    session = EngineSession()
    session.enter({"suspected": "true", **facts}, ("care", "workup"))
    return session.case


def nearest(case: Case, subject: Offer | WayOn, most: int = 600) -> str:
    found = nearest_changes(case, subject, most)
    return said(nearest_lines(case.compiled.definition, found, case.view, case.now))


def test_the_value_needed_stands_beside_the_present_one_with_its_unit() -> None:
    words = nearest(in_workup(platelet_count="39"), Offer("lumbar_puncture"))
    assert "It would open if this were recorded:" in words
    assert "platelet_count: at least 40 x10^9/L (now 39 x10^9/L)" in words
    assert "Record only what was measured, seen or done." in words


def test_an_unknown_value_says_so() -> None:
    assert "at least 40 x10^9/L (now UNKNOWN)" in nearest(in_workup(), Offer("lumbar_puncture"))


def test_a_deed_is_told_as_a_record_and_not_as_an_order() -> None:
    words = nearest(in_workup(platelet_count="39"), WayOn("care", "finished"))
    assert "if both of these were recorded:" in words
    assert "Lumbar puncture: recorded as done" in words


def test_where_only_time_stands_against_it_the_clock_is_told_and_nothing_is_to_be_recorded() -> None:
    case = in_workup()
    found = Nearest(Offer("lumbar_puncture"), "found", (Change((), (), NOON + 35 * 60),), 3)
    words = said(nearest_lines(case.compiled.definition, found, case.view, NOON))
    assert "Only time stands against it: it opens from 12:35 on, if nothing else changes." in words
    assert "Record only" not in words


def test_it_is_honest_where_nothing_was_found() -> None:
    case = in_workup(platelet_count="39")
    assert "Not found in 1 tries" in nearest(case, Offer("lumbar_puncture"), most=1)
    assert "No single entry opens it" in nearest(case, WayOn("care", "nowhere"))
    assert "It is open already." in nearest(in_workup(platelet_count="40"), Offer("lumbar_puncture"))


def test_times_are_told_as_times_and_several_values_as_a_choice() -> None:
    case = in_workup()
    time = FactNeeded("lmwh_last_dose_time", None, "2026-03-01T08:35:00+00:00", "at_most")
    cause = FactNeeded("etiology", "tb", "bacterial", "value", others=("tb",))
    found = Nearest(Offer("lumbar_puncture"), "found", (Change((time, cause), ()),), 3)
    words = said(nearest_lines(case.compiled.definition, found, case.view, NOON))
    assert "at the latest 08:35 (now UNKNOWN)" in words
    assert "bacterial (Bacterial) or tb (Tuberculosis) (now tb (Tuberculosis))" in words


def test_questions_stand_under_what_their_answers_can_change() -> None:
    case = in_workup()
    words = said(question_lines(case.compiled.definition, questions(case)))
    course, figures = words.index("CAN CHANGE THE NEXT STEP"), words.index("CAN CHANGE A DOSE")
    assert course < words.index("(platelet_count)") < figures < words.index("(weight_kg)")


def test_a_question_that_makes_no_difference_and_one_that_was_not_tried_say_so() -> None:
    definition = in_workup().compiled.definition
    silent = QuestionRank("remark", "Remark", Weight.NOTHING, (), (), True, True)
    untried = QuestionRank("etiology", "Cause", Weight.WITH_OTHERS, (), (), True, False)
    words = said(question_lines(definition, [untried, silent]))
    assert words.index("not tried out") < words.index("MAKES NO DIFFERENCE AS THINGS STAND")
    assert "Nothing is missing" in said(question_lines(definition, []))


def test_a_correction_names_the_later_steps_that_rest_on_the_value() -> None:
    case = in_workup(platelet_count="50")
    case.commit(Batch(NOON + 60, "ms", NOON + 60, done=(DeedEntry("lumbar_puncture"),)))
    definition = case.compiled.definition
    words = said(dependence_lines(definition, rests_on(case, "platelet_count"), case.view, case.now))
    assert "1 later step rested on this value" in words
    assert "12:01 Lumbar puncture done while recommended" in words
    moved = said(dependence_lines(definition, rests_on(case, "suspected"), case.view, case.now))
    assert "Care moved to 2. Workup, chosen by a clinician; it will be marked BASIS CHANGED" in moved
    assert "never recorded" in said(
        dependence_lines(definition, rests_on(case, "weight_kg"), case.view, case.now)
    )


def test_every_line_fits_eighty_columns_and_nothing_in_a_value_acts_on_the_terminal() -> None:
    case = in_workup(platelet_count="39")
    case.commit(Batch(NOON, "ms", NOON, facts=(FactEntry("remark", "[/b] [red]x"),)))
    definition = case.compiled.definition
    hostile = FactNeeded("remark", HOSTILE, HOSTILE, "value")
    found = Nearest(Offer("lumbar_puncture"), "found", (Change((hostile,), ()),), 1)
    lines = [
        *nearest_lines(definition, found, case.view, NOON),
        *question_lines(definition, questions(case)),
        *dependence_lines(definition, rests_on(case, "suspected"), case.view, NOON),
    ]
    wrapped = [line.plain for line in all_wrapped(lines, 78)]
    assert max(columns(line) for line in wrapped) <= 78
    assert all("\x1b" not in line and "\u202e" not in line for line in wrapped)
