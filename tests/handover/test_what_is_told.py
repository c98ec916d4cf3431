"""What a hand-over tells, in the order in which a colleague needs it."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine.batch import DeedEntry, FactEntry, OverrideEntry, Retraction, TakeEntry
from pathway.engine.case import Case
from pathway.engine.view import DoseView
from pathway.handover.content import Handover
from pathway.handover.handover import handover_of
from pathway.handover.html import page_of
from pathway.handover.markdown import markdown_of
from pathway.handover.reading import DoseWords
from tests.handover.ward import EIGHT, HOUR, MINUTE, busy, enter, handed, opened, section, told, ward

AT_WORK = {"facts": (FactEntry("infected", "true"),), "take": (TakeEntry("care", "work"),)}


def at_work() -> Case:
    case = opened()
    enter(case, 5, **AT_WORK)
    return case


# --- the head -------------------------------------------------------------------------------------
def test_the_head_says_whose_case_on_which_pathway_how_it_is_approved_when_and_by_whom() -> None:
    handover = handed(opened(timezone="Europe/Berlin"), EIGHT)
    head = dict(handover.identity)
    assert (head["Case"], head["Label"]) == ("TEST-014", "bed 7")
    assert head["Pathway"] == "ward@2.1.0"
    assert len(head["Digest"]) == 64
    assert head["Status"] == handover.stamp == "DRAFT: not approved for clinical use"
    assert head["As of"] == "2026-03-01 09:00 (Europe/Berlin, +01:00; all times here)"
    assert head["Made by"] == "dr"


def test_a_time_before_the_clocks_changed_has_its_own_offset() -> None:
    case = opened(timezone="Europe/Berlin")
    summer = EIGHT + 40 * 24 * HOUR
    assert dict(handed(case, summer).identity)["Opened"] == "2026-03-01 09:00 +01:00"


def test_the_order_is_situation_concerns_background() -> None:
    assert [one.anchor for one in handed(opened()).sections] == [
        "stands", "due", "against", "printed", "warnings", "missing", "done", "declined", "overrides",
        "facts", "path", "amended", "notes",
    ]  # fmt: skip


def test_nothing_there_is_said_and_not_left_empty() -> None:
    handover = handed(opened())
    empty = [one for one in handover.sections if not one.rows]
    assert len(empty) > 5
    text = markdown_of(handover)
    assert all(one.nothing in text for one in empty)


def test_a_closed_case_says_so_on_top() -> None:
    case = opened()
    enter(case, 5, close="Moved away")
    assert handed(case).closed == "This case is CLOSED since 2026-03-01 08:05: Moved away (ms)"


# --- where it stands and what is due --------------------------------------------------------------
def test_a_track_that_moved_says_where_it_stands_since_when_and_what_may_come() -> None:
    words = told(handed(at_work()), "stands")
    assert "Care 2. Work-up phase First hours Take fluid 2026-03-01 08:05 chosen by a clinician" in words
    assert "to 4. Elsewhere: waits for platelets" in words
    assert "Still where they started: Still, 5. At rest" in words


def test_what_is_late_comes_first_and_stands_on_top_of_the_whole() -> None:
    handover = handed(at_work(), EIGHT + 2 * HOUR)
    first = section(handover, "due").rows[0]
    assert (first.mark, first.cells[0][0]) == ("LATE", "Drug [S2]")
    assert first.cells[1] == ("due 2026-03-01 09:05, LATE by 55 min",)
    assert handover.cautions[0] == "LATE: Drug."


def test_at_its_very_minute_it_is_not_late() -> None:
    assert section(handed(at_work(), EIGHT + 65 * MINUTE), "due").rows[0].cells[1][0].endswith("due now")


def test_a_dose_is_written_by_the_one_formatter() -> None:
    case = at_work()
    enter(case, 6, facts=(FactEntry("weight_kg", "7.5"),))
    told_dose = section(handed(case), "due").rows[0].cells[2]
    dose = next(one.dose for one in case.view.actions if one.action == "drug")
    assert dose is not None
    assert told_dose == DoseWords().dose(dose, {name: one.label for name, one in ward().facts.items()})
    assert told_dose[0].startswith("DOSE\u00a0750\u00a0mg\u00a0per\u00a0day")


def test_a_dose_that_cannot_be_computed_says_what_it_needs() -> None:
    assert "DOSE not computed: needs weight kg" in told(handed(at_work()), "due")


def test_what_is_held_says_for_which_fact_and_what_is_blocked_by_whom_it_may_be_overridden() -> None:
    case = at_work()
    assert "HELD Puncture [S1]" in told(handed(case), "against")
    assert "needs platelets; may be overridden by: specialist [S1]" in told(handed(case), "against")
    enter(case, 6, facts=(FactEntry("platelets", "35"),))
    assert "BLOCKED Puncture [S1]" in told(handed(case), "against")
    assert "BLOCKS: No puncture below 40; may be overridden by: specialist [S1]" in told(
        handed(case), "against"
    )


def test_a_figure_of_the_article_that_is_no_order_keeps_the_words_that_say_so() -> None:
    handover = handed(at_work())
    words = told(handover, "printed")
    assert "NOT AN ORDER Drug as printed [S2] NOT AN ORDER: shown as its source prints it" in words
    assert "!! WARNING Half the dose. Do not order from it [supplement, grade 2: C1]" in words
    assert "the source prints: 2,000 mg per day, IV" in words
    assert "DOSE" not in words
    assert "Drug as printed" not in told(handover, "due")


def test_done_by_mistake_it_still_is_no_order() -> None:
    case = at_work()
    enter(case, 6, done=(DeedEntry("printed"),))
    assert "Drug as printed (NOT AN ORDER)" in told(handed(case), "done")


# --- warnings and what is missing -----------------------------------------------------------------
def test_a_warning_says_who_has_acknowledged_it_and_when_or_that_nobody_has() -> None:
    case = at_work()
    assert "Half the dose. Do not order from it [supplement, grade 2: C1] NOT acknowledged" in told(
        handed(case), "warnings"
    )
    enter(case, 10, by="nurse", acknowledged=("half",))
    assert "[supplement, grade 2: C1] by nurse, 2026-03-01 08:10" in told(handed(case), "warnings")


def test_what_is_missing_says_what_waits_for_it_and_why_it_is_not_known() -> None:
    words = told(handed(busy(opened())), "missing")
    assert "Jaundice? (jaundice)" in words
    assert "pending, ms, 2026-03-01 08:35" in words
    assert "nothing waits for it: seen" in words


# --- what was done --------------------------------------------------------------------------------
def test_deeds_and_refusals_have_their_times_and_reasons() -> None:
    handover = handed(busy(opened()))
    assert "Puncture 2026-03-01 08:20 was due 2026-03-01 12:05: in time ms" in told(handover, "done")
    assert "reason: after the override" in told(handover, "done")
    assert "Scan 2026-03-01 08:25 ms No scanner tonight" in told(handover, "declined")


def test_a_deed_done_while_it_was_blocked_is_marked() -> None:
    case = at_work()
    enter(case, 6, facts=(FactEntry("platelets", "35"),))
    enter(case, 7, done=(DeedEntry("puncture", reason="no time"),))
    row = section(handed(case), "done").rows[0]
    assert (row.mark, row.is_grave) == ("DONE WHILE BLOCKED", True)


def test_an_override_stays_with_its_reason_code_and_the_safeguard_it_lifted() -> None:
    words = told(handed(busy(opened())), "overrides")
    assert "OVERRIDE Puncture allowed against its safeguards low: No puncture below 40 [S1]" in words
    assert "2026-03-01 08:15 chief Bleeding is the lesser evil (clinical judgement)" in words


def test_a_fact_has_value_unit_time_recorder_and_layer() -> None:
    rows = {row.cells[0][0]: row.cells[1:] for row in section(handed(busy(opened())), "facts").rows}
    assert rows["weight kg"] == (("45 kg",), ("2026-03-01 08:05",), ("ms",), ("article [S2]",))
    assert rows["platelets"][1] == ("2026-03-01 08:10", "valid to 2026-03-02 08:10")


def test_the_path_is_told_in_order_with_cause_and_condition() -> None:
    words = told(handed(at_work()), "path")
    assert "Care: 1. Suspicion to 2. Work-up 2026-03-01 08:05 chosen by a clinician, ms infected" in words


def test_corrections_withdrawals_and_undone_entries_stay_visible() -> None:
    rows = section(handed(busy(opened())), "amended").rows
    assert [row.mark for row in rows] == ["CORRECTED", "UNKNOWN", "UNDONE"]
    corrected, _, undone = rows
    assert corrected.cells[0] == ("platelets is 53 x10^9/L",)
    assert corrected.cells[3] == ("platelets = 35 x10^9/L (lab, 2026-03-01 08:10)",)
    assert undone.cells[3] == ("remark = typed in the wrong case (ms, 2026-03-01 08:40)",)


def test_an_undone_move_is_told_among_what_was_undone_and_not_in_the_path() -> None:
    case = at_work()
    enter(case, 6, undo=True)
    handover = handed(case)
    assert section(handover, "path").rows == ()
    assert "Care moved from 1. Suspicion to 2. Work-up" in told(handover, "amended")


def test_the_outline_marks_what_was_passed_and_where_the_case_stands() -> None:
    (outline,) = handed(at_work()).outlines
    assert [(step.title, step.standing) for step in outline.steps] == [
        ("1. Suspicion", "passed"), ("2. Work-up", "here"), ("3. Home", "open"), ("4. Elsewhere", "open"),
    ]  # fmt: skip
    assert [(way.source, way.index, way.words) for way in outline.taken] == [
        ("intake", 0, "taken 2026-03-01 08:05")
    ]


# --- honesty --------------------------------------------------------------------------------------
def test_what_only_the_clock_brought_is_said_not_to_be_in_the_log() -> None:
    quiet, later = handed(at_work()), handed(at_work(), EIGHT + 2 * HOUR)
    assert not any("not in the stored log" in one for one in quiet.cautions)
    assert any("not in the stored log" in one for one in later.cautions)


def test_a_view_that_time_has_overtaken_says_so() -> None:
    case = at_work()
    handover = handover_of(case.compiled.definition, case.view, case.events, EIGHT + 2 * HOUR, "dr")
    assert any("let time pass in the case" in one for one in handover.cautions)


def test_the_name_of_its_files_holds_the_time_and_nothing_of_the_case() -> None:
    assert handed(opened("MRN-7741", "Mrs Example"), EIGHT).file_stem == "handover-20260301-080000"


def test_equal_cases_give_equal_bytes() -> None:
    def both() -> tuple[str, str]:
        handover: Handover = handed(busy(opened()))
        return markdown_of(handover), page_of(handover)

    assert both() == both()


def test_the_formatter_that_is_handed_in_writes_every_dose() -> None:
    class Loud(DoseWords):
        def dose(self, dose: DoseView, asked: object) -> tuple[str, ...]:
            return (f"AMOUNT OF {dose.action}",)

    case = at_work()
    handover = handover_of(case.compiled.definition, case.view, case.events, case.now, "dr", Loud())
    assert "AMOUNT OF drug" in told(handover, "due")
    assert "AMOUNT OF printed" in told(handover, "printed")
    assert replace(handover) == handover


def test_a_track_returned_by_an_override_is_told_with_its_reason_and_goes_along_no_line() -> None:
    case = at_work()
    back = OverrideEntry("Admitted by mistake", track="care", to="intake")
    enter(case, 6, overrides=(back,), by="chief")
    handover = handed(case)
    assert "OVERRIDE Care returned to 1. Suspicion" in told(handover, "overrides")
    last = section(handover, "path").rows[-1]
    assert last.mark == "OVERRIDE"
    assert "Admitted by mistake" in told(handover, "path")
    (outline,) = handover.outlines
    assert [way.source for way in outline.taken] == ["intake"]
    assert [step.standing for step in outline.steps][:2] == ["here", "passed"]


def test_a_withdrawn_value_is_told_and_an_entry_undone_after_another_is_told_by_its_own_undo() -> None:
    case = at_work()
    enter(case, 6, facts=(FactEntry("platelets", "90"),))
    enter(case, 7, notes=("first",))
    enter(case, 8, undo=True)
    enter(case, 9, undo=True)
    enter(case, 10, retracted=(Retraction("infected", "entry_error"),))
    rows = section(handed(case), "amended").rows
    assert [row.mark for row in rows] == ["UNDONE", "UNDONE", "WITHDRAWN"]
    assert rows[0].cells[3] == ("note: first (ms, 2026-03-01 08:07)",)
    assert rows[1].cells[3] == ("platelets = 90 x10^9/L (ms, 2026-03-01 08:06)",)
    assert rows[2].cells[0] == ("infected is UNKNOWN from then on: entered in error",)
    assert rows[2].cells[3] == ("infected = yes (ms, 2026-03-01 08:05)",)
