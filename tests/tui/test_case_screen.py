"""The case screen by what a clinician does at it, at both sizes, with a clock that stands still."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.binding import Binding
from textual.pilot import Pilot

from pathway.engine.view import Need, TransitionView, View, WarningView
from pathway.language.verdict import Verdict
from pathway.store.port import StoreError
from tests.tui.scenes import (
    SIZES,
    SMALL,
    WIDE,
    at_the_screen,
    flat,
    go_on,
    panel_text,
    press,
    settled,
    shown,
    write,
)
from tests.tui.support import HOSTILE, NOON, EngineSession, ScriptedSession, a_view, action, way, workup
from tui import case_keys
from tui.case_keys import PANELS
from tui.case_screen import CaseScreen
from tui.widgets.numbered import Numbered

KEYS = {one.id: one.key for one in case_keys.KEYS if isinstance(one, Binding)}


@SIZES
def test_a_case_is_stepped_to_its_end_with_numbers_and_enter(
    session: EngineSession, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter", "y", "enter", "enter")  # suspected: yes, now
        await go_on(pilot, "1")  # to the workup
        await press(pilot, "3", "enter")
        await write(pilot, "130")
        await press(pilot, "enter", "enter")
        await press(pilot, "2", "enter", "1", "enter", "enter")  # puncture: done, now
        await settled(pilot)
        await press(pilot, "enter")
        assert session.view.done[0].action == "lumbar_puncture"
        await go_on(pilot, "2")  # to the end
        assert session.view.tracks[0].state == "finished"
        await press(pilot, "e")
        await write(pilot, "treated")
        await press(pilot, "enter")
        await settled(pilot)
        await press(pilot, "enter")
        assert session.view.closed
        assert "The case is closed" in shown(pilot)
        await press(pilot, "q")

    app = at_the_screen(session, scene, size)
    assert app.return_code == 0


@SIZES
def test_the_stamp_case_pathway_version_and_time_are_always_on_show(
    session: EngineSession, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        for keys in ((), ("question_mark",), ("escape", "1", "enter"), ("escape", "c")):
            await press(pilot, *keys)
            for words in (
                "TEST-014",
                "bed 7",
                "Demo 1.0.0",
                "DRAFT: not approved for clinical use",
                "12:00 UTC",
            ):
                assert words in shown(pilot), (keys, words)

    at_the_screen(session, scene, size)


def test_nothing_is_preselected_and_enter_alone_does_nothing(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert pilot.app.screen.query_one("#choices", Numbered).highlighted is None
        await press(pilot, "enter", "enter")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(session, scene)
    assert session.kinds() == ["case_opened"]


def test_a_digit_highlights_and_only_enter_commits(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, CaseScreen)
        assert ">  1 Answer:" in shown(pilot)
        await press(pilot, "backspace", "enter")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(session, scene)


def test_two_digits_reach_answers_past_the_ninth() -> None:
    ways = [way(f"state_{n}", f"State {n}", "open", Verdict.TRUE) for n in range(1, 15)]
    view = a_view(actions=(), needs=(), tracks=(workup(*ways),))

    async def scene(pilot: Pilot[None]) -> None:
        answers = pilot.app.screen.query_one("#choices", Numbered)
        await press(pilot, "1", "2")
        assert answers.highlighted == 11
        await press(pilot, "9")
        assert answers.highlighted is None
        await press(pilot, "backspace", "9")
        assert answers.highlighted == 8

    at_the_screen(ScriptedSession(view), scene)


def test_a_bouncing_enter_key_does_not_confirm_a_deed(in_workup: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter", "1", "enter")
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert "WILL BE RECORDED 12:00 ms: Ceftriaxone, child DONE at 12:00" in shown(pilot)
        assert "action_done" not in in_workup.kinds()
        await settled(pilot)
        await press(pilot, "enter")

    at_the_screen(in_workup, scene)
    assert in_workup.view.done[0].at == NOON


def test_escape_at_the_second_question_records_nothing(in_workup: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "enter", "2", "enter")
        await write(pilot, "allergy")
        await press(pilot, "enter", "escape", "escape")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(in_workup, scene)
    assert "action_declined" not in in_workup.kinds()


def test_a_held_action_may_be_done_all_the_same_and_says_that_it_is_held(in_workup: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "enter", "2", "enter")
        assert "This action is HELD" in shown(pilot)
        await press(pilot, "enter")
        await write(pilot, "coning")
        await press(pilot, "enter")
        await settled(pilot)
        await press(pilot, "enter")

    at_the_screen(in_workup, scene)
    assert in_workup.view.done[0].judged == "held"


def test_an_override_is_confirmed_recorded_and_undone(in_workup: EngineSession) -> None:
    in_workup.enter(facts={"platelet_count": "30"})

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "o", "1", "enter", "2", "enter")
        await write(pilot, "neurosurgeon")
        await press(pilot, "enter")
        words = "WILL BE RECORDED 12:00 ms: OVERRIDE for Lumbar puncture (specialist advice): neurosurgeon"
        assert words in flat(shown(pilot))
        await settled(pilot)
        await press(pilot, "enter")
        assert any(action.overridden for action in in_workup.view.actions)
        await press(pilot, "u")
        assert "takes back: OVERRIDE" in shown(pilot)
        await press(pilot, "1", "enter")
        await settled(pilot)
        await press(pilot, "enter")
        assert not any(action.overridden for action in in_workup.view.actions)

    at_the_screen(in_workup, scene)


def test_a_fact_is_corrected_by_typing_part_of_its_name(in_workup: EngineSession) -> None:
    in_workup.enter(facts={"platelet_count": "30", "weight_kg": "45"})

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "c")
        await write(pilot, "plate")
        await press(pilot, "enter")
        await write(pilot, "130")
        await press(pilot, "enter", "enter")

    at_the_screen(in_workup, scene)
    assert {fact.fact: fact.value for fact in in_workup.view.facts}["platelet_count"] == "130"
    assert in_workup.case.events[-1].type == "fact_recorded"


def test_unknown_with_a_reason_is_always_an_answer(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        await write(pilot, "weight")
        await press(pilot, "enter")
        await write(pilot, "unknown pending")
        await press(pilot, "enter", "enter")

    at_the_screen(session, scene)
    assert session.kinds()[-1] == "fact_retracted"


def test_a_refused_value_stays_in_its_field_with_the_reason(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "r")
        await write(pilot, "platelet")
        await press(pilot, "enter")
        await write(pilot, "4000")
        await press(pilot, "enter", "enter")
        assert "Not recorded:" in shown(pilot)
        assert "4000" in shown(pilot)
        await press(pilot, "escape")

    at_the_screen(session, scene)
    assert session.kinds() == ["case_opened"]


def test_an_entry_that_could_not_be_written_is_told_loudly_and_can_be_tried_again(
    session: EngineSession,
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        session.failure = StoreError("The entry was not written", "The disk is full", "Make room.")
        await press(pilot, "1", "enter", "y", "enter", "enter")
        assert "NOT WRITTEN" in shown(pilot)
        assert "disk is full" in shown(pilot)
        session.failure = None
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CaseScreen)
        assert "NOT WRITTEN" not in shown(pilot)

    at_the_screen(session, scene)
    assert session.kinds().count("fact_recorded") == 1


def test_an_answer_that_could_not_be_written_leaves_a_warning_on_top(session: EngineSession) -> None:
    session.enter(facts={"suspected": "true"})

    async def scene(pilot: Pilot[None]) -> None:
        session.failure = StoreError("The entry was not written", "The disk is full", "Make room.")
        await go_on(pilot, "1")
        assert "NOT WRITTEN: it does not count." in shown(pilot)
        await press(pilot, "escape")
        assert "!! NOT WRITTEN, it does not count: The entry was not written" in shown(pilot)

    at_the_screen(session, scene)
    assert session.view.tracks[0].state == "intake"


def test_the_screen_leaves_when_it_is_unknown_what_is_kept() -> None:
    class Lost(ScriptedSession):
        @property
        def view(self) -> View:
            if self.failure is not None:
                raise self.failure
            return super().view

    session = Lost()

    async def scene(pilot: Pilot[None]) -> None:
        session.failure = StoreError("Lost", "The folder is gone", "Mount it again.")
        await pilot.pause(1.3)

    assert at_the_screen(session, scene).return_code == 1


def test_time_passes_when_something_changes_by_then_and_the_highlight_stays(in_workup: EngineSession) -> None:
    now = [NOON]

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "2")
        now[0] = NOON + 3601
        await pilot.pause(1.3)
        assert "LATE by less than 1 min" in shown(pilot)
        chosen = pilot.app.screen.query_one("#choices", Numbered).highlighted_key
        assert isinstance(chosen, tuple)
        assert chosen[1] == "lumbar_puncture"

    at_the_screen(in_workup, scene, now=now)
    assert "time_passed" in in_workup.kinds()


def test_a_tick_without_a_change_only_moves_the_clock(session: EngineSession) -> None:
    now = [NOON]

    async def scene(pilot: Pilot[None]) -> None:
        now[0] = NOON + 120
        await pilot.pause(1.3)
        assert "12:02 UTC" in shown(pilot)

    at_the_screen(session, scene, now=now)
    assert session.kinds() == ["case_opened"]


@SIZES
def test_the_time_that_is_left_is_told_anew_and_the_highlight_stays(
    in_workup: EngineSession, size: tuple[int, int]
) -> None:
    now = [NOON]

    async def scene(pilot: Pilot[None]) -> None:
        places = flat(shown(pilot)).count("ok, 1 h left")
        assert places >= 3, "on top, among the answers and among the actions"
        await press(pilot, "1")
        now[0] = NOON + 600
        await pilot.pause(1.3)
        assert flat(shown(pilot)).count("ok, 50 min left") >= places
        assert "ok, 1 h left" not in flat(shown(pilot))
        assert ">  1 " in shown(pilot)

    at_the_screen(in_workup, scene, size, now=now)
    assert "time_passed" not in in_workup.kinds()


@SIZES
def test_what_has_to_be_known_of_a_case_stays_on_show(size: tuple[int, int]) -> None:
    class OfAnOlderVersion(ScriptedSession):
        remark = (
            f"begun on 1.0.0; 1.1.0 is here. Compare: pathway replay {'far/' * 20} --against demo {HOSTILE}"
        )

    async def scene(pilot: Pilot[None]) -> None:
        for key in ("w", "w", "l", "1", "enter"):
            await press(pilot, key)
            text = "".join(shown(pilot).split())
            assert "begunon1.0.0;1.1.0ishere.Compare:pathwayreplay" in text
            assert "--againstdemo[/b][red]x" in text
            assert "\x1b" not in text

    at_the_screen(OfAnOlderVersion(), scene, size)


def everything(view: View) -> list[str]:
    """The words of a view that a clinician must be able to reach."""
    return [
        *(action.title for action in view.actions),
        *(warning.text for warning in view.warnings),
        *(fact.label for fact in view.facts),
        *(need.ask for need in view.needs),
        *(deed.title for deed in view.done),
        *(track.state_title for track in view.tracks),
        "4,000 mg per day", "2,000 mg every 12 hours", "specialist", "11:59", "16:00", "12:00",
    ]  # fmt: skip


@SIZES
def test_everything_of_a_view_is_one_key_away_at_either_size(size: tuple[int, int]) -> None:
    view = a_view()

    async def scene(pilot: Pilot[None]) -> None:
        seen = [shown(pilot)]
        for name, binding in [(name, binding) for _, panels in PANELS for name, _, binding in panels]:
            await press(pilot, KEYS[binding])
            seen.append(panel_text(pilot, name))
            await press(pilot, "pagedown")
            seen.append(panel_text(pilot, name))
        text = flat("\n".join(seen))
        assert [words for words in everything(view) if words not in text] == []

    at_the_screen(ScriptedSession(view), scene, size)


def test_a_long_panel_scrolls_with_the_page_keys_whatever_has_the_focus() -> None:
    warnings = tuple(WarningView(f"w{n}", "low", None, (), f"Warning number {n}") for n in range(30))

    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "exclamation_mark")
        assert "Warning number 29" not in shown(pilot)
        await press(pilot, *["pagedown"] * 12)
        assert "Warning number 29" in shown(pilot)

    at_the_screen(ScriptedSession(a_view(warnings=warnings)), scene)


def test_the_letter_of_a_panel_twice_gives_it_the_room_and_hides_nothing_that_can_be_committed() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "w")
        assert "What now?" in shown(pilot)
        await press(pilot, "w")
        assert "What now?" not in shown(pilot)
        assert "DRAFT: not approved for clinical use" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CaseScreen)
        await press(pilot, "1")
        assert "What now?" in shown(pilot)

    at_the_screen(ScriptedSession(), scene)


@SIZES
def test_the_most_severe_warning_stands_on_top_and_the_rest_is_counted(size: tuple[int, int]) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        rows = shown(pilot).splitlines()
        assert rows[3].startswith(" !! WARNING Adult ceftriaxone")
        assert f"+{2 if size == SMALL else 1} more (!)" in rows[4]
        assert "LATE by 1 min" in rows[5]

    at_the_screen(ScriptedSession(), scene, size)


def test_a_conflict_is_shown_first_and_answered_by_number() -> None:
    ways = (
        way("finished", "Finished", "conflict", Verdict.TRUE),
        way("without_csf", "Without", "conflict", Verdict.TRUE),
    )
    session = ScriptedSession(a_view(tracks=(workup(*ways),)))

    async def scene(pilot: Pilot[None]) -> None:
        assert "1 CONFLICT, choose: Finished (Care)" in shown(pilot)
        await go_on(pilot, "2")

    at_the_screen(session, scene)
    assert session.batches[0].take[0].to == "without_csf"


@SIZES
def test_text_of_the_case_is_shown_and_never_read_as_markup(size: tuple[int, int]) -> None:
    open_way: TransitionView = replace(way("finished", HOSTILE, "open", Verdict.TRUE), text=HOSTILE)
    view = a_view(
        label=HOSTILE,
        actions=(action("lumbar_puncture", HOSTILE, text=HOSTILE),),
        warnings=(WarningView("w", "high", None, ("S90",), HOSTILE),),
        needs=(Need("platelet_count", HOSTILE, (HOSTILE,)),),
        facts=(replace(a_view().facts[0], label=HOSTILE, value=HOSTILE, by=HOSTILE),),
        tracks=(workup(open_way),),
    )

    async def scene(pilot: Pilot[None]) -> None:
        for key in ("w", "m", "f", "a", "l", "t", "exclamation_mark", "1", "enter", "c"):
            await press(pilot, key)
            text = shown(pilot)
            assert "[/b] [red]x" in text, key
            assert "\x1b" not in text

    at_the_screen(ScriptedSession(view), scene, size)


def test_a_note_with_markup_is_typed_kept_and_shown_as_it_is(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "n")
        for character in "[/b] [red]x":
            await pilot.press(
                {"[": "left_square_bracket", "]": "right_square_bracket", "/": "slash", " ": "space"}.get(
                    character, character
                )
            )
        await press(pilot, "enter", "l")
        assert "note: [/b] [red]x" in shown(pilot)

    at_the_screen(session, scene)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10), (20, 5)])
def test_a_window_that_is_too_small_says_what_it_needs_and_takes_no_entries(
    session: EngineSession, size: tuple[int, int]
) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        text = " ".join(shown(pilot).split())
        assert f"This window is {size[0]}x{size[1]}" in text
        assert "80x24" in text
        await press(pilot, "1", "enter", "n", "u")
        assert isinstance(pilot.app.screen, CaseScreen)
        await press(pilot, "q")

    assert at_the_screen(session, scene, size).return_code == 0
    assert session.kinds() == ["case_opened"]


def test_a_window_that_grows_shows_the_case_again(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert "Leptomeningeal infection suspected?" in shown(pilot)
        assert "Facts (f)" in shown(pilot)

    at_the_screen(session, scene, (60, 20))


def test_the_help_fits_24_rows(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        text = shown(pilot)
        for words in ("Entering", "Looking", "Correct", "Undo", "What if", "Map"):
            assert words in text, words
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, CaseScreen)

    at_the_screen(session, scene)


def test_the_keys_of_the_small_window_fit_one_row(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        last = shown(pilot).splitlines()[-1]
        assert last.startswith("w Why")
        assert last.rstrip().endswith("q Quit")

    at_the_screen(session, scene)


def test_every_binding_has_its_own_key_and_id() -> None:
    keys = [binding.key for binding in CaseScreen.BINDINGS]  # pyright: ignore[reportAttributeAccessIssue]
    ids = [binding.id for binding in CaseScreen.BINDINGS]  # pyright: ignore[reportAttributeAccessIssue]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)
    assert not {"escape", "ctrl+s", "ctrl+z", "ctrl+a", "ctrl+b"} & set(keys)
    assert {binding for _, panels in PANELS for _, _, binding in panels} <= set(ids)
