"""A short log with every type of event, and where tests keep it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pathway.engine import events as ev
from pathway.logs.chain import Header
from pathway.logs.jsonl import write_log

OPENED = 1_772_352_000  # 2026-03-01 08:00 UTC
HEADER = Header(pathway="demo", version="1.0.0", digest="d" * 64, case="V-demo")


def line(seq: int, batch: int, at: int = OPENED) -> dict[str, Any]:
    return {"seq": seq, "batch": batch, "at": at, "recorded_at": at + 60, "by": "Dr Ærø"}


EVENTS: tuple[ev.Event, ...] = (
    ev.CaseOpened(**line(1, 1), timezone="Europe/Berlin", label="bed 4"),
    ev.FactRecorded(**line(2, 2, OPENED - 3600), fact="inr", value="1.10", unit="1", entered="1.10"),
    ev.FactRecorded(**line(3, 2), fact="drugs", value=("x", "y"), unit=None, entered="x, y", corrects=2),
    ev.FactRetracted(**line(4, 3), fact="inr", reason="pending"),
    ev.TransitionTaken(
        **line(5, 3),
        track="care",
        source="intake",
        to="lp",
        cause="auto",
        guard="inr > 1.4",
        basis=(2, 3),
        round=1,
    ),
    ev.ActionDone(
        **line(6, 4), action="lumbar_puncture", judged="held", done_at=OPENED - 60, via=3, reason="urgent"
    ),
    ev.ActionDeclined(**line(7, 4), action="mri", judged="recommended", reason="refuses"),
    ev.Overridden(
        **line(8, 5), code="advice", reason="called", action="lumbar_puncture", safeguards=("lp_inr",)
    ),
    ev.Overridden(**line(9, 5), code="advice", reason="called", track="care", to="intake"),
    ev.Acknowledged(**line(10, 6), alert="dose"),
    ev.TimePassed(**line(11, 7), to=OPENED + 7200),
    ev.Undone(**line(12, 8, OPENED + 7200), undone=6),
    ev.NoteAdded(**line(13, 9, OPENED + 7200), text="two\nlines, \u2028 and a \x1f"),
    ev.CaseClosed(**line(14, 10, OPENED + 7200), reason="discharged"),
)


@pytest.fixture
def header() -> Header:
    return HEADER


@pytest.fixture
def events() -> tuple[ev.Event, ...]:
    return EVENTS


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.jsonl"
    write_log(path, HEADER, EVENTS)
    return path
