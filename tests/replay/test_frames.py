"""Frames of a log: the case after each of its events, gone to in any order, and on another version."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pathway.engine.batch import Batch, FactEntry, OverrideEntry
from pathway.engine.case import Case, case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import CaseOpened, Event, FactRecorded, TransitionTaken
from pathway.engine.memory import Memory, fold
from pathway.engine.playing import Ran, play_timeline
from pathway.engine.readings import Readings
from pathway.engine.timeline import read_timeline
from pathway.engine.view import View
from pathway.engine.viewing import Viewer
from pathway.language.bundled import bundled_pathways
from pathway.language.load import load_definition
from pathway.replay.again import entered_again
from pathway.replay.frames import SPACING, Frames
from tests.replay.plays import HERE, Play, numbered, with_field

RUN = """\
  - {at: 2026-03-01T08:00, facts: {suspected: true}}
  - {at: 2026-03-01T08:20, facts: {platelet_count: 39}}
  - {at: 2026-03-01T09:00, undo: true, facts: {platelet_count: 250}}
  - {at: 2026-03-01T10:00, done: [lumbar_puncture]}
"""
BUNDLED = [
    pytest.param(main, case, id=f"{main.parent.name}-{case.stem}")
    for main in bundled_pathways()
    for case in sorted((main.parent / "cases").glob("*.yaml"))[::60]
]


def from_scratch(compiled: CompiledPathway, events: list[Event], number: int, at: int) -> View:
    """The view after an event by folding everything before it, without any checkpoint."""
    case = case_from_events(compiled, "T-1", events[:number])
    memory = fold(compiled.definition, events[:number])
    return Viewer(Readings(compiled, memory, at, case.zone)).view("T-1")


@cache
def bundled(main: Path) -> CompiledPathway:
    return compile_pathway(load_definition(main))


def with_undos(play: Play, entries: int) -> Case:
    """A long case in which people record, correct and take back."""
    case = play.case("  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    chance = random.Random(7)
    for number in range(entries):
        now = case.now + chance.randint(0, 4000)
        if chance.random() < 0.3:
            case.commit(Batch(now, "ms", now, undo=True))
            continue
        value = FactEntry("platelet_count", str(chance.randint(1, 400)), corrects=number % 5 == 4)
        if value.corrects and "platelet_count" not in case.memory.current:
            value = replace(value, corrects=False)
        case.commit(Batch(now, "ms", now, facts=(value,)))
    return case


def test_each_frame_is_the_fold_of_the_events_up_to_it(demo: Play) -> None:
    events = demo.events(RUN)
    frames = Frames(demo.compiled, "T-1", events)
    assert len(frames) == len(events)
    for number in range(1, len(events) + 1):
        frame = frames.frame(number)
        assert frame.event is events[number - 1]
        assert frame.view == from_scratch(demo.compiled, events, number, frame.at)


def test_frames_after_undos_and_corrections_are_the_fold_too_in_any_order(demo: Play) -> None:
    case = with_undos(demo, 150)
    events = list(case.events)
    assert sum(event.type == "undone" for event in events) > 20
    assert len(events) > 2 * SPACING
    frames = Frames(demo.compiled, "T-1", events)
    order = list(range(1, len(events) + 1))
    random.Random(3).shuffle(order)
    for number in order:
        assert frames.view(number) == from_scratch(demo.compiled, events, number, frames.instants[number - 1])


@pytest.mark.parametrize(("main", "case"), BUNDLED)
def test_the_same_log_and_definition_give_the_same_frames(main: Path, case: Path) -> None:
    compiled = bundled(main)
    ran = [one for one in play_timeline(compiled, read_timeline(case)) if isinstance(one, Ran)]
    events = ran[-1].case.events
    one, other = Frames(compiled, "T-1", events), Frames(compiled, "T-1", events)
    forwards = [one.frame(number) for number in range(1, len(events) + 1)]
    backwards = [other.frame(number) for number in range(len(events), 0, -1)]
    assert forwards == backwards[::-1]
    last = ran[-1].step.view
    assert forwards[-1].view is not None
    assert forwards[-1].view.tracks == last.tracks
    assert forwards[-1].view.actions == last.actions


def test_an_entry_of_a_person_is_one_decision_with_all_that_it_brought(demo: Play) -> None:
    frames = Frames(demo.compiled, "T-1", demo.events(RUN))
    assert frames.decisions == 4
    assert frames.frame(1).decision == 0
    first = frames.frame(frames.next_decision(1))
    assert (first.decision, first.number) == (1, first.last)
    assert first.view is not None
    assert first.view.tracks[0].state == "workup"
    assert frames.next_decision(len(frames)) == len(frames)
    assert frames.previous_decision(first.number) == 1


def test_a_time_is_that_of_the_last_event_entered_by_then(demo: Play) -> None:
    frames = Frames(demo.compiled, "T-1", demo.events(RUN))
    first = frames.instants[0]
    assert frames.at_or_before(first - 1) == 0
    assert frames.frame(frames.at_or_before(first + 20 * 60)).decision == 2
    assert frames.at_or_before(first + 10**6) == len(frames)


def test_an_empty_log_has_no_frames(demo: Play) -> None:
    frames = Frames(demo.compiled, "T-1", [])
    assert (len(frames), frames.decisions) == (0, 0)
    assert (frames.next_decision(0), frames.previous_decision(0)) == (0, 0)
    assert frames.view(0) is None
    with pytest.raises(IndexError, match="events 1 to 0"):
        frames.frame(1)


def test_a_log_of_one_event_has_one_frame(demo: Play) -> None:
    frames = Frames(demo.compiled, "T-1", demo.events(RUN)[:1])
    frame = frames.frame(1)
    assert (len(frames), frame.decision, frame.first, frame.last) == (1, 0, 1, 1)
    assert frame.view is not None
    assert frame.view.tracks[0].state == "intake"


def test_what_cannot_be_folded_is_told_and_the_last_that_can_stays_in_view(demo: Play) -> None:
    events = demo.events(RUN)
    place = next(event.seq for event in events if isinstance(event, TransitionTaken))
    forged = with_field(events, place, source="finished")
    frames = Frames(demo.compiled, "T-1", forged)
    assert frames.frame(place - 1).fault is None
    broken = frames.frame(place)
    assert broken.fault is not None
    assert "care is in intake, not in finished" in broken.fault.why
    assert broken.view == frames.view(place - 1)
    assert frames.frame(len(frames)).view == frames.view(place - 1)


def test_a_log_that_does_not_open_a_case_or_names_no_time_zone_has_events_but_no_view(demo: Play) -> None:
    events = demo.events(RUN)
    headless = Frames(demo.compiled, "T-1", numbered(events[1:]))
    assert headless.frame(1).view is None
    assert headless.frame(2).fault is not None
    nowhere = Frames(demo.compiled, "T-1", [replace(events[0], timezone="Mars/Olympus"), *events[1:]])
    assert isinstance(nowhere.frame(1).event, CaseOpened)
    assert nowhere.frame(1).view is None
    assert nowhere.timezone == "UTC"


def test_entered_again_on_the_same_pathway_it_comes_to_the_same_case(demo: Play) -> None:
    events = demo.events(RUN)
    frames = Frames(demo.compiled, "T-1", events)
    again = list(entered_again(demo.compiled, "T-1", events))
    assert len(again) == len(frames.batches)
    for index, other in enumerate(again):
        view = frames.view(frames.last_of(index))
        assert view is not None
        assert other.refused == ()
        assert other.view.tracks == view.tracks
        assert [(a.action, a.standing, a.due) for a in other.view.actions] == [
            (a.action, a.standing, a.due) for a in view.actions
        ]


@pytest.mark.parametrize(("main", "case"), BUNDLED)
def test_a_bundled_case_entered_again_comes_to_the_same_states(main: Path, case: Path) -> None:
    compiled = bundled(main)
    ran = [one for one in play_timeline(compiled, read_timeline(case)) if isinstance(one, Ran)]
    last = ran[-1].case
    again = list(entered_again(compiled, last.id, last.events))[-1]
    assert [track.state for track in again.view.tracks] == [track.state for track in last.view.tracks]
    assert [(a.action, a.standing, a.dose, a.due) for a in again.view.actions] == [
        (a.action, a.standing, a.dose, a.due) for a in last.view.actions
    ]
    assert [(deed.action, deed.at) for deed in again.view.done] == [
        (deed.action, deed.at) for deed in last.view.done
    ]


def edited(play: Play, old: str, new: str) -> CompiledPathway:
    """The demonstration pathway as its next version has it."""
    text = (HERE / "demo.yaml").read_text("utf-8")
    assert old in text
    file = play.folder / "next.yaml"
    file.write_text(text.replace(old, new).replace("1.0.0", "1.1.0"), "utf-8")
    return compile_pathway(load_definition(file))


def test_a_stricter_version_blocks_what_the_log_allowed(demo: Play) -> None:
    stricter = edited(demo, "platelet_count < 40", "platelet_count < 300")
    again = list(entered_again(stricter, "T-1", demo.events(RUN)))
    standing = {action.action: action.standing for action in again[-2].view.actions}
    assert standing == {"lumbar_puncture": "blocked"}


def test_a_bare_number_keeps_the_unit_it_was_entered_in(demo: Play) -> None:
    other = edited(
        demo,
        "unit: 10*9/L, range: [0, 3000], step: 0.1",
        "unit: 10*6/L, also: [10*9/L], range: [0, 3000000], step: 1",
    )
    again = list(entered_again(other, "T-1", demo.events(RUN)))
    values = {fact.fact: (fact.value, fact.unit) for fact in again[2].view.facts}
    assert values["platelet_count"] == ("39000", "10*6/L")


def test_what_the_other_version_does_not_know_is_told_and_the_rest_is_entered(demo: Play) -> None:
    text = "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"
    other = edited(demo, "lmwh_last_dose_time", "enoxaparin_time")
    again = list(entered_again(other, "T-1", demo.events(text)))[-1]
    assert [refusal.what for refusal in again.refused] == ["lmwh_last_dose_time"]
    assert again.view.tracks[0].state == "workup"


def test_an_undo_never_takes_back_another_entry_than_in_the_log(demo: Play) -> None:
    text = (
        "  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n"
        "  - {at: 2026-03-01T08:10, facts: {lmwh_last_dose_time: 2026-03-01T06:30}}\n"
        "  - {at: 2026-03-01T08:20, undo: true}\n"
    )
    other = edited(demo, "lmwh_last_dose_time", "enoxaparin_time")
    again = list(entered_again(other, "T-1", demo.events(text)))[-1]
    assert [refusal.what for refusal in again.refused] == ["undo"]
    assert again.view.tracks[0].state == "workup"


def test_choices_overrides_and_notes_are_entered_again(rich: Play) -> None:
    case = rich.case("  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    now = case.now + 60
    case.commit(Batch(now, "ms", now, notes=("seen",)))
    back = OverrideEntry("wrong turn", track="care", to="intake")
    case.commit(Batch(now + 60, "ms", now + 60, overrides=(back,)))
    assert case.events[-1].type == "transition_taken"
    again = list(entered_again(rich.compiled, "T-1", case.events))[-1]
    assert again.refused == ()
    assert [track.state for track in again.view.tracks] == [track.state for track in case.view.tracks]


def test_a_recorded_value_is_found_in_the_frame_of_its_event(demo: Play) -> None:
    events = demo.events(RUN)
    frames = Frames(demo.compiled, "T-1", events)
    for event in events:
        if isinstance(event, FactRecorded):
            view = frames.view(event.seq)
            assert view is not None
            assert event.seq in {fact.seq for fact in view.facts}


def test_going_anywhere_in_a_long_log_folds_no_more_than_from_the_checkpoint_before(
    demo: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = list(with_undos(demo, 400).events)
    frames = Frames(demo.compiled, "T-1", events)
    applied: list[Event] = []
    apply = Memory.apply

    def counted(memory: Memory, event: Event) -> None:
        applied.append(event)
        apply(memory, event)

    monkeypatch.setattr(Memory, "apply", counted)
    for number in (len(events), 1, len(events) // 2, SPACING, SPACING - 1, len(events) - 1):
        applied.clear()
        frames.view(number)
        assert len(applied) < SPACING


def test_looked_at_later_a_value_is_no_longer_valid_although_no_line_says_so(demo: Play) -> None:
    text = "  - {at: 2026-03-01T08:00, facts: {suspected: true, platelet_count: 250}}\n"
    frames = Frames(demo.compiled, "T-1", demo.events(text))
    last, at = len(frames), frames.instants[-1]
    for now, standing, known in ((at, "recommended", True), (at + 25 * 3600, "held", False)):
        view = frames.frame(last, now).view
        assert view is not None
        assert view.at == now
        assert [action.standing for action in view.actions] == [standing]
        assert ("platelet_count" in {fact.fact for fact in view.facts}) is known
