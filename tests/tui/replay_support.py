"""A log on the demo pathway and its next version, looked at as lines, at a position and on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from pathway.engine.batch import Batch, DeclineEntry, FactEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event
from pathway.language.load import definition_from_text
from pathway.logs.chain import Header
from pathway.logs.jsonl import read_log, write_log
from tests.tui.scenes import SMALL, Scene, flat, played, shown
from tests.tui.support import DEMO, NOON, EngineSession, demo
from tui.lines import Line
from tui.replaying.app import ReplayApp
from tui.replaying.comparing import Comparison, compared, comparison_lines
from tui.replaying.judging import Judgement, judged
from tui.replaying.position_screen import PositionScreen
from tui.replaying.recording import Recording, recording_of
from tui.replaying.screen import ReplayScreen
from tui.replaying.showing import panels_made

MINUTE, HOUR = 60, 3600


def a_session(label: str | None = "bed 7") -> EngineSession:
    """Suspected at noon, in the workup at once; platelets after 20 minutes, a weight after an hour."""
    session = EngineSession(label=label)
    session.enter(facts={"suspected": "true"}, take=("care", "workup"))
    for after, fact, value in ((20 * MINUTE, "platelet_count", "39"), (HOUR, "weight_kg", "12")):
        at = NOON + after
        session.commit(Batch(at, "ms", at, facts=(FactEntry(fact, value),)))
    at = NOON + 2 * HOUR
    session.commit(Batch(at, "kr", at, declined=(DeclineEntry("lumbar_puncture", "platelets"),)))
    return session


def written(folder: Path, events: Sequence[Event], **header: object) -> Path:
    """The events as a log file of the demo pathway."""
    definition = demo()
    base = Header(
        pathway=definition.id, version=definition.version, digest=definition.digest, case="TEST-014"
    )
    path = folder / "case.jsonl"
    write_log(path, replace(base, **header), events)
    return path


def next_version(old: str = "platelet_count < 40", new: str = "platelet_count < 30") -> CompiledPathway:
    """The demo pathway as its next version has it."""
    assert old in DEMO
    return compile_pathway(definition_from_text(DEMO.replace(old, new).replace("1.0.0", "1.1.0")))


def replayed(path: Path, against: CompiledPathway | None = None) -> Recording:
    return recording_of(read_log(path, repair=True), compile_pathway(demo()), against)


# --- as lines ---------------------------------------------------------------------------------------
def said(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(line.plain for line in lines).split())


def judgement_of(recording: Recording) -> Judgement:
    return judged(recording, "d")


def told(recording: Recording, number: int, panel: str, now: int | None = None) -> str:
    """What a panel says after an event, at its time or at a later one."""
    frame = recording.frames.frame(number, *([now] if now is not None else []))
    at = frame.at if now is None else now
    return said(panels_made(recording, frame, at, judgement_of(recording), False, "s")[panel]())


def comparison_of(recording: Recording) -> Comparison:
    """The whole comparison with the other version."""
    return list(compared(recording, lambda: True))[-1]


def told_beside(recording: Recording, number: int, width: int = 80) -> list[str]:
    """What the panel of the other version says after an event."""
    lines = comparison_lines(recording, number, comparison_of(recording), width, "x")
    return [line.plain for line in lines]


# --- at a position ----------------------------------------------------------------------------------
class Standing(PositionScreen):
    """Goes about in a log without a screen, and keeps what it says. `pace` holds milliseconds."""

    def __init__(self, recording: Recording) -> None:
        self.pace = [0]
        super().__init__(recording, lambda: self.pace[0])
        self.said = ""

    def key(self, name: str) -> str:
        return f"<{name}>"

    def show_position(self) -> None:
        """Nothing to show it on."""

    def show_top(self) -> None:
        """Nothing to show it on."""

    def say(self, words: str) -> None:
        self.said = words

    @property
    def at(self) -> tuple[int, int]:
        """The event, and the seconds since noon."""
        assert self.playing is not None
        return self.playing.number, self.playing.now - NOON

    def wait(self, seconds: int) -> None:
        """Let the clock that paces the playing go on."""
        self.pace[0] += seconds * 1000
        self.beat()


# --- on the screen ----------------------------------------------------------------------------------
def at_the_replay(recording: Recording, scene: Scene, size: tuple[int, int] = SMALL) -> ReplayApp:
    """Play a scene on the screen of a log; the clock that paces the playing stands still."""
    return played(ReplayApp(recording, lambda: 0, beat=3600.0), scene, size)


def screen(pilot: Pilot[None]) -> ReplayScreen:
    found = pilot.app.screen_stack[1]
    assert isinstance(found, ReplayScreen)
    return found


async def enter(pilot: Pilot[None], text: str) -> None:
    """Type a line and enter it."""
    names = {" ": "space", "+": "plus", ":": "colon", "-": "minus"}
    await pilot.press(*(names.get(character, character) for character in text), "enter")
    await pilot.pause()


def words(pilot: Pilot[None]) -> str:
    """The words on the screen without its line ends."""
    return flat(shown(pilot))
