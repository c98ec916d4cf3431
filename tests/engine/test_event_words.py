"""Every event of a log has one wording, and the log of the screen and the hand-over both use it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from pathway.engine import events as ev
from pathway.engine.event_words import event_words
from pathway.handover.amended import words
from pathway.handover.reading import DoseWords, Reading
from tests.handover.ward import EIGHT, busy, opened, ward
from tui.history import event_words as words_of_the_log

LINE: dict[str, Any] = {"seq": 1, "at": EIGHT, "recorded_at": EIGHT, "by": "ms", "batch": 1}


@dataclass(frozen=True)
class Marked:
    """Names that show who named what."""

    def fact(self, name: str) -> str:
        return f"<fact {name}>"

    def action(self, name: str) -> str:
        return f"<action {name}>"

    def track(self, name: str) -> str:
        return f"<track {name}>"

    def state(self, track: str, state: str) -> str:
        return f"<state {state}>"

    def safeguard(self, name: str) -> str:
        return f"<safeguard {name}>"

    def recorded(self, event: ev.FactRecorded) -> str:
        return f"<{event.value}>"

    def time(self, at: int) -> str:
        return f"<{at - EIGHT} s>"


SAID: list[tuple[ev.Event, str]] = [
    (ev.CaseOpened(**LINE, timezone="UTC", label="bed 7"), "case opened (bed 7), times in UTC"),
    (ev.FactRecorded(**LINE, fact="a", value="3", unit="kg", entered="3"), "<fact a> = <3>"),
    (
        ev.FactRecorded(**LINE, fact="a", value="3", unit="kg", entered="3", corrects=1),
        "<fact a> = <3> (corrects an earlier record)",
    ),
    (
        ev.FactRetracted(**LINE, fact="a", reason="asked_unknown"),
        "<fact a> is UNKNOWN from then on: asked, and not known",
    ),
    (
        ev.TransitionTaken(
            **LINE, track="t", source="s", to="u", cause="override", guard="", basis=(), round=0, reason="so"
        ),
        "<track t> moved from <state s> to <state u>, OVERRIDE: so",
    ),
    (ev.ActionDone(**LINE, action="b", judged="recommended", done_at=EIGHT), "<action b> done <0 s>"),
    (
        ev.ActionDone(**LINE, action="b", judged="held", done_at=EIGHT, reason="so"),
        "<action b> done <0 s> while held: so",
    ),
    (
        ev.ActionDeclined(**LINE, action="b", judged="blocked", reason="so"),
        "<action b> declined (blocked): so",
    ),
    (
        ev.Overridden(**LINE, code="patient_wish", reason="so", action="b", safeguards=("g", "h")),
        "OVERRIDE of <safeguard g>, <safeguard h> for <action b>: so (patient wish)",
    ),
    (
        ev.Overridden(**LINE, code="data_wrong", reason="so", track="t", to="s"),
        "OVERRIDE returns <track t> to <state s>: so (data wrong)",
    ),
    (ev.Acknowledged(**LINE, alert="n"), "n acknowledged"),
    (ev.TimePassed(**LINE, to=EIGHT + 60), "the clock reached <60 s>"),
    (ev.Undone(**LINE, undone=3), "UNDONE: entry 3 taken back"),
    (ev.NoteAdded(**LINE, text="seen"), "note: seen"),
    (ev.CaseClosed(**LINE, reason="home"), "case closed: home"),
]


@pytest.mark.parametrize(("event", "said"), SAID)
def test_an_event_is_told_in_one_sentence(event: ev.Event, said: str) -> None:
    assert event_words(event, Marked()) == said


def test_every_kind_of_event_has_words_of_its_own() -> None:
    assert {type(event) for event, _ in SAID} == set(get_args(ev.Event))


def test_log_and_hand_over_tell_an_event_in_the_same_sentence() -> None:
    """What stands between the names is the same: only names and times differ."""
    case = busy(opened())
    reading = Reading(ward(), case.view, tuple(case.events), case.now, DoseWords())
    verbs = re.compile(
        r"case opened|clock reached|moved from| = |UNKNOWN|done|declined|OVERRIDE|note|UNDONE|acknowledged"
    )
    for event in case.events:
        logged = words_of_the_log(ward(), event, case.now, "UTC")
        assert verbs.findall(logged) == verbs.findall(words(reading, event)) != [], logged
