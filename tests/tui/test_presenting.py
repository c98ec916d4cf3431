"""What both front ends say about a case, and that it can be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathway.engine.events import FactRecorded, NoteAdded, TransitionTaken, Undone
from pathway.engine.view import WarningView
from tests.tui.support import NOON, EngineSession, a_view, action, demo, held_puncture, late_antibiotic
from tui.acting import action_lines
from tui.changes import difference_lines
from tui.choices import choices
from tui.explaining import fact_value, missing_lines, why_action, why_now
from tui.history import last_entry, log_lines
from tui.lines import Tone
from tui.presenting import deadlines, header_lines, timer_lines, track_rows, warnings_in_order
from tui.widgets.line_view import ALARM, BAR, CHOSEN


def said(lines: object) -> str:
    return "\n".join(line.plain for line in lines)  # pyright: ignore[reportGeneralTypeIssues]


def test_an_approved_pathway_has_no_stamp_and_any_other_has_one() -> None:
    draft = demo()
    assert "DRAFT: not approved for clinical use" in said(header_lines(draft, a_view(), NOON))
    for status in ("under-review", "retired"):
        assert status.upper() in said(header_lines(replace(draft, status=status), a_view(), NOON))
    assert "approved" not in said(header_lines(replace(draft, status="approved"), a_view(), NOON)).lower()


def test_warnings_stand_by_severity_and_unseen_before_seen() -> None:
    def warning(name: str, severity: str, seen: str | None = None) -> WarningView:
        return WarningView(name, severity, None, (), name, acknowledged=seen)

    view = a_view(
        warnings=(
            warning("a", "info"),
            warning("b", "high", "ms"),
            warning("c", "high"),
            warning("d", "medium"),
        )
    )
    assert [one.id for one in warnings_in_order(view)] == ["c", "b", "d", "a"]


def test_deadlines_stand_by_due_time_and_say_late_by_the_clock_even_before_the_case_moves() -> None:
    found = deadlines(a_view(), NOON + 5 * 3600)
    assert [(one.title, one.is_late) for one in found] == [
        ("Ceftriaxone, child", True),
        ("Lumbar puncture (held)", True),
    ]
    assert found[1].words == "LATE by 1 h"


def test_a_deadline_without_its_starting_time_asks_for_it() -> None:
    view = a_view(actions=(action("lumbar_puncture", "Lumbar puncture", due_needs=("suspected",)),))
    assert "no due time yet: needs suspected" in said(timer_lines(view, NOON))


def test_each_action_stands_under_its_standing_with_its_dose_and_what_holds_it() -> None:
    text = said(action_lines(demo(), a_view(), NOON))
    recommended, held = text.split("HELD until more is known")
    assert "DOSE 4,000 mg per day IV" in recommended
    assert "needs platelet count; may be overridden by: specialist" in held


def test_a_safeguard_that_nobody_may_override_says_so() -> None:
    puncture = held_puncture()
    guard = replace(puncture.safeguards[0], override=None, standing="blocks")
    view = a_view(actions=(replace(puncture, standing="blocked", safeguards=(guard,)),))
    assert "cannot be overridden" in said(action_lines(demo(), view, NOON))


def test_what_is_to_be_done_stands_before_the_questions_and_courses_under_way_after_them() -> None:
    actions = (
        action("prednisone", "Prednisone", started=True),
        action("mri", "MRI"),
        action("antibiotic", "Antibiotic", due_needs=("suspected",)),
        late_antibiotic(),
    )
    found = choices(demo(), a_view(actions=actions), NOON)
    assert [choice.subject for choice in found] == [
        "ceftriaxone_child", "antibiotic", "mri", "weight_kg", "prednisone", "platelet_count",
    ]  # fmt: skip


def test_tracks_that_have_no_room_are_counted_and_named() -> None:
    tracks = tuple(replace(a_view().tracks[0], title=f"Track {n}", number=n, kind=kind)
                   for n, kind in enumerate(("end", "enquiry", "enquiry", "enquiry", "action")))  # fmt: skip
    rows = track_rows(a_view(tracks=tracks), 4, "w")
    assert rows[0].plain.startswith("Track 4: 4. Workup (action)")
    assert rows[-1].plain == "+1 waiting, 1 ended (w): Track 3: 3, Track 0: 0"


def test_answers_stand_in_order_of_use() -> None:
    found = choices(demo(), a_view(actions=(held_puncture(), late_antibiotic())), NOON)
    assert [choice.lead for choice in found] == ["Do:", "HELD:", "Answer:", "Missing:"]


def test_a_closed_case_offers_nothing() -> None:
    assert choices(demo(), a_view(closed=True), NOON) == ()


def test_why_shows_each_condition_with_its_verdict_what_it_read_and_the_source() -> None:
    session = EngineSession()
    session.enter(facts={"suspected": "true"})
    session.enter(take=("care", "workup"))
    session.enter(facts={"platelet_count": "39"})
    puncture = next(one for one in session.view.actions if one.action == "lumbar_puncture")
    text = said(why_action(demo(), session.view, puncture, NOON))
    for words in (
        "TRUE platelet_count < 40",
        "platelet_count = 39 x10^9/L, 12:00, ms",
        "No LP below 40 platelets",
    ):
        assert words in text


def test_why_now_shows_the_ways_that_wait_and_what_they_need() -> None:
    text = said(why_now(demo(), EngineSession().view, NOON))
    assert "To Workup: waits for what is not known" in text
    assert "suspected: UNKNOWN, not recorded" in text


def test_missing_facts_say_what_waits_for_them_in_words() -> None:
    text = said(missing_lines(demo(), EngineSession().view))
    assert "going on to Workup" in text
    assert "care.workup" not in text


@pytest.mark.parametrize(
    ("fact", "value", "unit", "shown"),
    [
        ("suspected", "true", None, "yes"),
        ("suspected", "false", None, "no"),
        ("etiology", "tb", None, "tb (Tuberculosis)"),
        ("platelet_count", "39", "10*9/L", "39 x10^9/L"),
        ("current_drugs", (), None, "none (a complete, empty list)"),
        ("current_drugs", ("a", "b"), None, "a, b"),
    ],
)
def test_values_are_shown_in_words_with_their_unit(
    fact: str, value: str, unit: str | None, shown: str
) -> None:
    assert fact_value(demo(), fact, value, unit) == shown


def recorded(seq: int, batch: int) -> FactRecorded:
    return FactRecorded(
        seq=seq,
        at=NOON,
        recorded_at=NOON,
        by="ms",
        batch=batch,
        fact="suspected",
        value="true",
        unit=None,
        entered="yes",
    )


def test_undo_speaks_of_the_last_human_entry_that_still_stands() -> None:
    moved = TransitionTaken(
        seq=3,
        at=NOON,
        recorded_at=NOON,
        by="ms",
        batch=2,
        track="care",
        source="intake",
        to="workup",
        cause="auto",
        guard="suspected",
        basis=(2,),
        round=1,
    )
    note = NoteAdded(seq=4, at=NOON, recorded_at=NOON, by="ms", batch=3, text="seen")
    undone = Undone(seq=5, at=NOON, recorded_at=NOON, by="ms", batch=4, undone=3)
    assert last_entry([]) == ()
    assert last_entry([recorded(2, 2), moved, note]) == (note,)
    assert last_entry([recorded(2, 2), moved, note, undone]) == (recorded(2, 2),)


def test_the_log_says_when_a_thing_was_true_and_when_it_was_written() -> None:
    late = replace(recorded(2, 2), at=NOON - 1200)
    text = said(log_lines(demo(), a_view(), [late], NOON))
    assert "12:00 ms: suspected = yes, at 11:40" in text


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("style", [ALARM, BAR, CHOSEN])
def test_the_fixed_colours_of_warnings_and_choices_can_be_read(style: str) -> None:
    text, _, ground = style.removeprefix("bold ").partition(" on ")
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_meaning_is_carried_by_colour_alone() -> None:
    for line in action_lines(demo(), a_view(), NOON):
        if line.tone in (Tone.ALARM, Tone.STRONG):
            assert "LATE" in line.plain or "BLOCKED" in line.plain or line.lead


def test_an_override_that_lifts_only_a_part_never_says_that_the_action_is_allowed() -> None:
    lifted = replace(held_puncture(), standing="blocked", overridden=True)
    text = said(difference_lines(demo(), a_view(), a_view(actions=(late_antibiotic(), lifted))))
    assert "blocked still: the override lifts only a part of what stands against it" in text
    assert "allowed" not in text + said(action_lines(demo(), a_view(actions=(lifted,)), NOON))
