"""Where a replay stands: going through a log by events, times and words, and playing it in its own time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from tui.abstract_screen import AbstractScreen
from tui.kept_ahead import open_box
from tui.keymap import key_at
from tui.replaying import telling
from tui.replaying.going import FORMS, found, read_moment
from tui.replaying.playing import Playing, advanced
from tui.replaying.prompt_screen import PromptScreen
from tui.replaying.recording import Recording
from tui.times import TimeError, show_time


class PositionScreen(AbstractScreen):
    """Goes and plays; a subclass shows. Without an event in the log `playing` is None.

    `pace` gives milliseconds of a steady clock.
    """

    def __init__(self, recording: Recording, pace: Callable[[], int]) -> None:
        super().__init__()
        self.recording = recording
        frames = recording.frames
        self.playing = Playing(1, frames.instants[0] * 1000) if len(frames) else None
        self._pace = pace
        self._last_beat = 0
        self._words = ""
        self._told: list[str] = []

    def key(self, name: str) -> str:
        """The key in force of a binding of the replay, as it is printed."""
        return key_at(self, f"replay.{name}")

    @abstractmethod
    def show_position(self) -> None:
        """Show the present position, and what was said last."""

    @abstractmethod
    def show_top(self) -> None:
        """Show every panel from its beginning."""

    @abstractmethod
    def say(self, words: str) -> None:
        """Tell what happened, near the keys; empty takes back what was said."""

    # --- going about --------------------------------------------------------------------------------
    def action_event(self, step: int) -> None:
        if self.playing is not None:
            self.go(self.playing.number + step)

    def action_decision(self, step: int) -> None:
        if self.playing is not None:
            frames, number = self.recording.frames, self.playing.number
            self.go(frames.next_decision(number) if step > 0 else frames.previous_decision(number))

    def action_first(self) -> None:
        self.go(1)

    def action_last(self) -> None:
        self.go(len(self.recording.frames))

    def go(self, number: int, moment: int | None = None) -> None:
        """To an event, at its own time or at a later one before the next event; playing pauses."""
        if self.playing is None:
            return
        frames = self.recording.frames
        number = min(max(1, number), len(frames))
        at = frames.instants[number - 1] if moment is None else max(moment, frames.instants[number - 1])
        self.playing = Playing(number, at * 1000, self.playing.speed)
        self.say("")
        self.show_position()
        self.show_top()

    async def action_go(self) -> None:
        if self.playing is not None:
            self._pause()
            await open_box(self.app, PromptScreen("Go to a time", FORMS, self._go_to_time))

    def _go_to_time(self, typed: str) -> str | None:
        """Go to the time typed; why it cannot be gone to, if so."""
        assert self.playing is not None
        frames = self.recording.frames
        try:
            moment = read_moment(typed, self.playing.now, frames.timezone)
        except TimeError as error:
            return str(error)
        first, last = frames.instants[0], frames.instants[-1]
        self.go(frames.at_or_before(moment), min(moment, last))
        if not first <= moment <= last:
            end, at = ("ends", last) if moment > last else ("begins", first)
            self.say(f"The log {end} at {show_time(at, moment, frames.timezone)}.")
        return None

    # --- finding ------------------------------------------------------------------------------------
    async def action_find(self) -> None:
        if self.playing is not None:
            self._pause()
            keys = f"{self.key('again')} finds the next one, {self.key('again_back')} the one before"
            forms = f"Words of an event, as platelet or OVERRIDE; {keys}"
            await open_box(self.app, PromptScreen("Find in the events", forms, self._find))

    def action_again(self, step: int) -> None:
        if not self._words:
            self.say(f"Nothing was looked for yet: {self.key('find')} finds words in the events.")
        elif not self._found(step):
            self.say(f"No event {'after' if step > 0 else 'before'} this one has {self._words!r}.")

    def _find(self, typed: str) -> str | None:
        self._words = typed.strip()
        if self._found(1, from_start=True):
            return None
        return f"no event has {self._words!r}"

    def _found(self, step: int, from_start: bool = False) -> bool:
        """Go to the next event with the words; a new search begins again at the top after the last one."""
        assert self.playing is not None
        texts, number = self._texts(), self.playing.number
        place = found(self._words, texts, number, step)
        if place is None and from_start:
            place = found(self._words, texts, 0, 1)
        if place is not None:
            self.go(place)
            self.say(f"Event {place} has {self._words!r}; {self.key('again')} finds the next one.")
        return place is not None

    def _texts(self) -> list[str]:
        """Every event in words, made when something is looked for for the first time."""
        if not self._told:
            frames, definition = self.recording.frames, self.recording.definition
            self._told = [
                f"{event.by} {event.type} {telling.words_of(definition, event, at, frames.timezone)}"
                for event, at in zip(frames.events, frames.instants, strict=True)
            ]
        return self._told

    # --- playing ------------------------------------------------------------------------------------
    def action_play(self) -> None:
        if self.playing is None:
            return
        if self.playing.is_running:
            self._pause()
        elif self.playing.number == len(self.recording.frames):
            self.say(f"This is the last event. {self.key('first')} goes to the first one.")
        else:
            self._last_beat = self._pace()
            self.playing = replace(self.playing, is_running=True)
            self.say("")
            self.show_position()

    def action_speed(self, speed: int) -> None:
        if self.playing is not None:
            self.beat()
            self.playing = replace(self.playing, speed=speed)
            self.show_position()

    def _pause(self) -> None:
        assert self.playing is not None
        self.playing = replace(self.playing, is_running=False)
        self.show_position()

    def beat(self) -> None:
        """Let the log's time go on by what has passed on the clock that paces the playing."""
        if self.playing is None or not self.playing.is_running:
            return
        now = self._pace()
        elapsed, self._last_beat = now - self._last_beat, now
        before, self.playing = self.playing, advanced(self.playing, self.recording.frames.instants, elapsed)
        if (before.number, before.now, before.is_running) != (
            self.playing.number, self.playing.now, self.playing.is_running,
        ):  # fmt: skip
            self.show_position()
