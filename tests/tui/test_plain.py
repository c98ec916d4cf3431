"""The line mode: a whole case in typed lines, and everything that can be typed wrong."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest

from pathway.engine.batch import Batch
from pathway.engine.case import Step
from pathway.engine.events import FactRetracted
from pathway.engine.view import View
from pathway.store.port import StoreError
from tests.tui.support import HOSTILE, NOON, EngineSession, ScriptedSession, a_view, late_antibiotic
from tests.tui.supposing import ForkableSession, in_the_workup
from tui.commands import COMMANDS
from tui.plain import run_plain
from tui.session import CaseSession


def talk(session: CaseSession, *typed: str, now: int = NOON) -> str:
    """What the line mode prints for these lines."""
    output = io.StringIO()
    assert (
        run_plain(session, lambda: now, "ms", io.StringIO("".join(f"{line}\n" for line in typed)), output)
        == 0
    )
    return output.getvalue()


def test_a_case_is_stepped_from_the_first_question_to_its_end(session: EngineSession) -> None:
    printed = talk(
        session, "1", "yes", "", "1", "yes", "fact weight_kg 45", "fact platelet_count 130",
        "done lumbar_puncture !", "done ceftriaxone_child !", "take finished !", "close treatment finished !",
    )  # fmt: skip
    assert "Ceftriaxone, child: DOSE 4,000 mg per day IV" in printed
    assert "Lumbar puncture: recommended" in printed
    assert "Care is now at 4. Finished" in printed
    assert session.view.closed
    assert session.kinds()[-1] == "case_closed"


def test_the_stamp_of_a_draft_is_printed_at_the_start_and_with_every_state(session: EngineSession) -> None:
    assert talk(session, "", "state").count("DRAFT: not approved for clinical use") == 3


def test_what_has_to_be_known_of_a_case_is_printed_with_every_state() -> None:
    class OfAnOlderVersion(ScriptedSession):
        remark = "begun on 1.0.0; 1.1.0 is installed."

    assert talk(OfAnOlderVersion(), "").count("begun on 1.0.0; 1.1.0 is installed.") == 2


def test_the_end_of_the_input_leaves_with_everything_kept(session: EngineSession) -> None:
    printed = talk(session, "fact suspected yes")
    assert printed.rstrip().endswith("Case TEST-014: everything recorded is kept.")
    assert "fact_recorded" in session.kinds()


def test_the_end_of_the_input_inside_a_form_records_nothing_of_it(session: EngineSession) -> None:
    talk(session, "1", "yes")
    assert session.kinds() == ["case_opened"]


def test_the_end_of_the_input_before_the_second_enter_records_nothing(in_workup: EngineSession) -> None:
    talk(in_workup, "1", "1", "now")
    assert "action_done" not in in_workup.kinds()


def test_a_deed_from_the_menu_is_shown_exactly_and_asked_again(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "1", "1", "-5 min", "no")
    assert "Will be recorded 12:00 ms: Ceftriaxone, child DONE at 11:55" in printed
    assert "nothing was recorded" in printed
    assert "action_done" not in in_workup.kinds()
    talk(in_workup, "1", "1", "now", "yes")
    assert in_workup.view.done[0].action == "ceftriaxone_child"


def test_declining_needs_a_reason_and_asks_for_it(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "decline lumbar_puncture", "", "patient refuses", "yes")
    assert "Not recorded: A reason is needed" in printed
    assert in_workup.view.declined[0].reason == "patient refuses"


def test_an_override_is_recorded_with_its_reason_and_undone(in_workup: EngineSession) -> None:
    in_workup.enter(facts={"platelet_count": "30"})
    printed = talk(in_workup, "override lumbar_puncture 2 neurosurgical advice !", "undo !")
    assert "Lumbar puncture: allowed by override" in printed
    assert (
        "takes back: OVERRIDE of lp_platelets for lumbar_puncture: neurosurgical advice"
        in printed.replace("\n  ", " ")
    )
    assert {action.action: action.standing for action in in_workup.view.actions}[
        "lumbar_puncture"
    ] == "blocked"


def test_a_correction_keeps_the_time_of_the_wrong_record(in_workup: EngineSession) -> None:
    talk(in_workup, "fact platelet_count 30 @ -20 min")
    talk(in_workup, "correct platelet_count 130", now=NOON + 600)
    fact = next(fact for fact in in_workup.view.facts if fact.fact == "platelet_count")
    assert (fact.value, fact.at) == ("130", NOON - 1200)


def test_unknown_is_recorded_with_its_reason(in_workup: EngineSession) -> None:
    talk(in_workup, "fact platelet_count 130", "unknown platelet_count pending")
    assert "platelet_count" not in [fact.fact for fact in in_workup.view.facts]
    assert in_workup.kinds()[-1] == "fact_retracted"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("fcat suspected yes", "Did you mean fact?"),
        ("fact platelet 39", "Did you mean platelet_count?"),
        ("fact platelet_count 4000", "3000"),
        ("fact platelet_count 39.55", "0.1"),
        ("fact platelet_count 39 mg", "mg"),
        ("fact platelet_count 39 @ 23:50", "yesterday 23:50"),
        ("fact suspected maybe", "yes, no or unknown"),
        ("fact etiology tbc", "tb"),
        ("unknown suspected lost", "not_asked, asked_unknown"),
        ("fact suspected unknown", "Why is suspected not known?"),
        ("fact suspected 3", "Why is suspected not known?"),
        ("done lumbar_punctur", "Did you mean lumbar_puncture?"),
        ("done lumbar_puncture 23:50", "still to come"),
        ("override lumbar_puncture because", "Nothing stands against"),
        ("take nowhere", "no state called"),
        ("undo", "nothing to undo"),
        ("ack half", "no warning"),
        ("99", "There is no line 99"),
        ("fact", "Which fact?"),
    ],
)
def test_a_mistake_gets_one_message_and_records_nothing(
    session: EngineSession, typed: str, told: str
) -> None:
    printed = talk(session, typed)
    assert "Not recorded: " in printed
    assert told in printed.replace("\n  ", " ")
    assert session.kinds() == ["case_opened"]


DEED = "This has no way back, and there is no terminal here to confirm it at."


@pytest.mark.parametrize(
    "typed",
    [
        "done lumbar_puncture",
        "decline lumbar_puncture patient refuses",
        "override lumbar_puncture emergency coning",
        "undo",
        "close transferred",
    ],
)
def test_from_a_pipe_what_has_no_way_back_is_shown_and_recorded_only_with_an_exclamation_mark(
    in_workup: EngineSession, typed: str
) -> None:
    before = in_workup.kinds()
    printed = talk(in_workup, typed).replace("\n  ", " ")
    assert "Will be recorded 12:00 ms:" in printed
    assert DEED in printed
    assert "with ! at its end" in printed
    assert in_workup.kinds() == before
    assert "Recorded:" in talk(in_workup, f"{typed} !")
    assert len(in_workup.kinds()) > len(before)


class Typed(io.StringIO):
    """Lines typed at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "is_recorded"), [("yes", True), ("y", True), ("", False), ("done", False)]
)
def test_at_a_terminal_it_asks_for_a_yes(in_workup: EngineSession, answer: str, is_recorded: bool) -> None:
    output = io.StringIO()
    run_plain(in_workup, lambda: NOON, "ms", Typed(f"done lumbar_puncture\n{answer}\n"), output)
    assert "Will be recorded 12:00 ms: Lumbar puncture DONE at 12:00" in " ".join(output.getvalue().split())
    assert ("action_done" in in_workup.kinds()) is is_recorded


def test_an_override_without_a_kind_of_reason_is_refused_with_the_kinds(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "override lumbar_puncture because I say so !").replace("\n  ", " ")
    assert "'because' is not a kind of reason" in printed
    assert "clinical_judgement, specialist_advice" in printed
    assert "overridden" not in in_workup.kinds()


def test_unknown_asks_for_its_reason_by_number_and_takes_none_for_granted(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "fact platelet_count 130", "unknown platelet_count", "", "4")
    for words in ("1 not asked", "2 asked, and unknown", "3 refused", "4 pending: asked for, no result yet"):
        assert words in " ".join(printed.split())
    assert "Say why it is not known: a number." in printed
    retracted = in_workup.events[-1]
    assert isinstance(retracted, FactRetracted)
    assert retracted.reason == "pending"


def test_unknown_in_a_question_leads_to_the_reasons(session: EngineSession) -> None:
    talk(session, "1", "3", "refused")
    retracted = session.events[-1]
    assert isinstance(retracted, FactRetracted)
    assert retracted.reason == "refused"


def test_undo_says_that_a_changed_patient_needs_a_new_value_instead(session: EngineSession) -> None:
    printed = " ".join(talk(session, "fact platelet_count 39", "undo").split())
    assert "takes back: platelet_count = 39" in printed
    assert "Has the patient changed? Record the new value instead" in printed


def test_what_if_tells_the_difference_and_leaves_no_trace() -> None:
    in_workup = in_the_workup()
    before = list(in_workup.events)
    printed = talk(in_workup, "whatif platelet_count 30; weight_kg 45").replace("\n  ", " ")
    assert "== WHAT IF: nothing is recorded ==" in printed
    assert "supposed: platelet_count = 30 x10^9/L" in printed
    assert "Lumbar puncture: blocked" in printed
    assert "Ceftriaxone, child: DOSE 4,000 mg per day IV" in printed
    assert "the case stands as before" in printed
    assert list(in_workup.events) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("whatif", "Suppose what?"),
        ("whatif suspected", "Which value of suspected?"),
        ("whatif platelet_count 4000", "3000"),
        ("whatif platelets 40", "Did you mean platelet_count?"),
    ],
)
def test_a_supposition_that_cannot_be_read_gets_one_message(typed: str, told: str) -> None:
    printed = talk(ForkableSession(), typed).replace("\n  ", " ")
    assert told in printed


def test_a_way_that_is_not_open_is_refused_and_not_said_to_be_recorded(session: EngineSession) -> None:
    printed = talk(session, "take workup !")
    assert "REFUSED" in printed
    assert "Recorded" not in printed
    assert session.view.tracks[0].state == "intake"


def test_a_deed_against_a_safeguard_is_accepted_and_raised(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "done lumbar_puncture !", "actions")
    assert "while held" in printed
    assert in_workup.view.done[0].judged == "held"


def test_a_number_means_the_menu_as_it_was_printed() -> None:
    """Time passes between reading the menu and typing: the number must not mean another answer."""
    after = replace(a_view(), actions=())
    session = ScriptedSession(replace(a_view(), next_change_at=NOON + 60), after)
    times = [NOON]

    class TypedLater(io.StringIO):
        def readline(self, size: int = -1) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
            times.append(NOON + 60)
            return super().readline()

    output = io.StringIO()
    run_plain(session, lambda: times[-1], "ms", TypedLater("1\n"), output)
    assert session.passed == [NOON + 60]
    assert "is not on offer any more" in output.getvalue()
    assert session.batches == []


def test_a_store_that_cannot_write_is_told_loudly_and_the_talk_goes_on() -> None:
    session = EngineSession()
    session.failure = StoreError(
        "The entry was not written", "The disk is full", "Make room and enter it again."
    )
    printed = talk(session, "fact suspected yes", "facts")
    assert "!! NOT WRITTEN." in printed
    assert "The disk is full" in printed
    assert "Recorded" not in printed
    assert "No fact is known yet." in printed


def test_a_store_that_is_lost_ends_the_talk() -> None:
    class Lost(ScriptedSession):
        @property
        def view(self) -> View:
            if self.failure is not None:
                raise self.failure
            return super().view

        def commit(self, batch: Batch) -> Step:
            self.failure = StoreError("Lost", "The folder is gone", "Mount it again.")
            raise self.failure

    output = io.StringIO()
    typed = io.StringIO("fact suspected yes\nfacts\n")
    assert run_plain(Lost(), lambda: NOON, "ms", typed, output) == 1
    assert "cannot be read from its store" in output.getvalue()
    assert "RECORDED" not in output.getvalue()


def test_an_interrupted_talk_returns_130() -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int = -1) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
            raise KeyboardInterrupt

    output = io.StringIO()
    assert run_plain(EngineSession(), lambda: NOON, "ms", Interrupted(), output) == 130
    assert "everything recorded is kept" in output.getvalue()


def test_text_of_the_case_is_never_obeyed_by_the_terminal(session: EngineSession) -> None:
    printed = talk(session, f"note {HOSTILE}", f"fact remark {HOSTILE}", "log", "facts")
    assert "[/b] [red]x" in printed
    assert "\x1b" not in printed
    assert "\u202e" not in printed


def test_characters_the_output_cannot_write_appear_as_escapes() -> None:
    raw = io.BytesIO()
    output = io.TextIOWrapper(raw, encoding="ascii")
    view = a_view(label="Sønder \u2265 40")
    run_plain(ScriptedSession(view), lambda: NOON, "ms", io.StringIO(""), output)
    output.flush()
    assert b"S\\xf8nder \\u2265 40" in raw.getvalue()


def test_empty_places_say_that_they_are_empty(session: EngineSession) -> None:
    session.enter(facts={"suspected": "false"})
    session.enter(take=("care", "not_suspected"))
    printed = talk(session, "missing", "facts nothing_like_it", "warnings", "timers")
    for words in (
        "end and nothing is outstanding",
        "Nothing is missing",
        "No known fact",
        "No warnings",
        "No deadlines",
    ):
        assert words in printed.replace("\n  ", " ")


def test_late_is_a_word() -> None:
    printed = talk(ScriptedSession(a_view(actions=(late_antibiotic(),))))
    assert "11:59 Ceftriaxone, child, LATE by 1 min" in printed


def test_the_clock_never_runs_before_the_case(in_workup: EngineSession) -> None:
    printed = talk(in_workup, "fact weight_kg 45", now=NOON - 3600)
    assert "clock is 1 h behind" in printed.replace("\n  ", " ")
    assert in_workup.case.now == NOON


def test_time_that_passes_is_told(in_workup: EngineSession) -> None:
    printed = talk(in_workup, now=NOON + 3601)
    assert "LATE by" in printed
    assert "time_passed" in in_workup.kinds()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_keep_to_the_width_of_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    printed = talk(ScriptedSession(), "why", "actions", "log")
    assert max(len(line) for line in printed.splitlines() if "> " not in line and "==" not in line) <= width


def test_help_names_every_command(session: EngineSession) -> None:
    printed = talk(session, "help", *(f"help {command.name}" for command in COMMANDS))
    assert all(printed.count(command.form) >= 2 for command in COMMANDS)


def test_every_command_answers_without_its_arguments(in_workup: EngineSession) -> None:
    for command in COMMANDS:
        assert talk(in_workup, command.name, "cancel"), command.name


def test_the_line_mode_needs_no_screen_library() -> None:
    script = (
        "import sys, tui.plain; sys.exit(any(m.split('.')[0] in ('textual', 'rich') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
