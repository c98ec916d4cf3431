"""Every intent at both sizes: the keys that are pressed, and exactly what is entered for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from textual.pilot import Pilot

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.language.verdict import Verdict
from tests.tui.scenes import at_the_screen, press, settled, write
from tests.tui.support import NOON, ScriptedSession, a_view, action, way, workup

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Intent:
    """Keys in order; a part of several characters is typed, WAIT lets a change settle."""

    name: str
    keys: tuple[str, ...]
    entered: dict[str, Any]


INTENTS = (
    Intent("done now", ("1", "enter", "1", "enter", "enter", WAIT, "enter"),
           {"done": (DeedEntry("ceftriaxone_child", NOON),)}),
    Intent("done earlier", ("1", "enter", "1", "enter", "-20 min", "enter", WAIT, "enter"),
           {"done": (DeedEntry("ceftriaxone_child", NOON - 1200),)}),
    Intent("declined", ("1", "enter", "2", "enter", "allergy", "enter", WAIT, "enter"),
           {"declined": (DeclineEntry("ceftriaxone_child", "allergy"),)}),
    Intent("overridden", ("o", "1", "enter", "3", "enter", "coning", "enter", WAIT, "enter"),
           {"overrides": (OverrideEntry("coning", "emergency", action="lumbar_puncture"),)}),
    Intent("returned", ("o", "2", "enter", "1", "enter", "new findings", "enter", WAIT, "enter"),
           {"overrides": (OverrideEntry("new findings", "clinical_judgement", track="care", to="intake"),)}),
    Intent("taken", ("2", "enter", WAIT, "enter"), {"take": (TakeEntry("care", "finished"),)}),
    Intent("recorded", ("r", "remark", "1", "enter", "ok", "enter", "enter"),
           {"facts": (FactEntry("remark", "ok"),)}),
    Intent("recorded earlier", ("r", "weight", "1", "enter", "45", "enter", "11:30", "enter"),
           {"facts": (FactEntry("weight_kg", "45", NOON - 1800),)}),
    Intent("unknown", ("r", "weight", "1", "enter", "u", "enter", "3", "enter"),
           {"retracted": (Retraction("weight_kg", "refused"),)}),
    Intent("corrected", ("c", "1", "enter", "no", "enter", "enter"),
           {"facts": (FactEntry("suspected", "false", NOON - 600, corrects=True),)}),
    Intent("taken back as wrong", ("c", "1", "enter", "3", "enter", "5", "enter"),
           {"retracted": (Retraction("suspected", "entry_error"),)}),
    Intent("noted", ("n", "seen", "enter"), {"notes": ("seen",)}),
    Intent("undone", ("u", "1", "enter", WAIT, "enter"), {"undo": True}),
    Intent("acknowledged", ("k", "1", "enter"), {"acknowledged": ("half",)}),
    Intent("closed", ("e", "moved", "enter", WAIT, "enter"), {"close": "moved"}),
)  # fmt: skip


def a_case() -> ScriptedSession:
    view = a_view()
    warnings = tuple(replace(warning, key=warning.id) for warning in view.warnings)
    tracks = (workup(way("finished", "Finished", "open", Verdict.TRUE)),)
    antibiotic = action("ceftriaxone_child", "Ceftriaxone, child", type="medication")
    return ScriptedSession(
        a_view(warnings=warnings, tracks=tracks, actions=(antibiotic, view.actions[1]), needs=())
    )


@SIZES
@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name.replace(" ", "-"))
def test_an_intent_enters_exactly_this(intent: Intent, size: tuple[int, int]) -> None:
    session = a_case()

    async def scene(pilot: Pilot[None]) -> None:
        for part in intent.keys:
            if part == WAIT:
                await settled(pilot)
            elif len(part) > 1 and part != "enter":
                await write(pilot, part)
            else:
                await press(pilot, part)

    at_the_screen(session, scene, size)
    assert session.batches == [replace(Batch(at=NOON, by="ms", recorded_at=NOON), **intent.entered)]


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name.replace(" ", "-"))
def test_an_intent_left_before_its_last_key_enters_nothing(intent: Intent) -> None:
    session = a_case()

    async def scene(pilot: Pilot[None]) -> None:
        for part in intent.keys[:-1]:
            if part == WAIT:
                continue
            await (write if len(part) > 1 and part != "enter" else press)(pilot, part)
        await press(pilot, "escape", "escape")

    at_the_screen(session, scene)
    assert session.batches == []
