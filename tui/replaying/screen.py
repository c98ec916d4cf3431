"""The screen of a replay: a log gone through, played, judged and compared; read only."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from tui.entry_screen import boxed_title
from tui.lines import Line
from tui.replaying import telling
from tui.replaying.compared_panel import ComparedPanel
from tui.replaying.comparing import Comparison, compared, comparison_lines
from tui.replaying.going import FORMS, found, read_moment
from tui.replaying.judging import WORKING, Judgement, judged
from tui.replaying.layout import KEYS, PANELS, STYLES
from tui.replaying.playing import Playing, advanced
from tui.replaying.prompt_screen import PromptScreen
from tui.replaying.recording import Recording, version_words
from tui.replaying.showing import Made, nothing_made, panels_made, track_lines
from tui.times import TimeError, show_time
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar, LineView
from tui.widgets.panel import Panel
from tui.window import HEIGHT, WIDTH, is_too_small


class ReplayScreen(Screen[None]):
    """One log. `pace` gives milliseconds of a steady clock, `beat` the seconds between two looks."""

    CSS = STYLES
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    class Judged(Message):
        """Whether the log conforms has been worked out."""

        def __init__(self, judgement: Judgement) -> None:
            super().__init__()
            self.judgement = judgement

    class Compared(Message):
        """The other version has been stepped, up to the first difference or to the end."""

        def __init__(self, comparison: Comparison) -> None:
            super().__init__()
            self.comparison = comparison

    def __init__(self, recording: Recording, pace: Callable[[], int], beat: float = 0.2) -> None:
        super().__init__()
        self.recording = recording
        self.judgement: Judgement | None = None
        self.comparison: Comparison | None = None
        frames = recording.frames
        self.playing = Playing(1, frames.instants[0] * 1000) if len(frames) else None
        self._pace, self._beat = pace, beat
        self._last_beat = 0
        self._shown = "changed"
        self._words = ""
        self._said = ""
        self._told: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="replay-head"):
            yield Bar(id="replay-banner")
            yield Bar(id="replay-case")
            yield Bar(id="replay-pathway")
            yield Bar(id="replay-position")
        yield LineView(id="replay-judgement")
        with Vertical(id="replay-body"):
            with Vertical(id="replay-event"):
                yield LineView(id="replay-event-lines")
            yield LineView(id="replay-tracks")
            yield Bar(id="replay-panels")
            with Horizontal(id="replay-columns"):
                for column, panels in PANELS:
                    with Vertical(id=f"replay-{column}", classes="column"):
                        for name, title, key in panels:
                            yield Panel(name, title, key)
            if self.recording.against is not None:
                words = version_words(self.recording.against.definition)
                yield ComparedPanel("other", f"Against {words} (o)")
        yield LineView(id="message")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        self._show_panel(self._shown)
        self._show_all()
        self._judge()
        if self.recording.against is not None:
            self._compare()
        self.set_interval(self._beat, self.beat)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show a case answers to leaving alone; `o` is there with another version."""
        if action == "panel" and parameters == ("other",) and self.recording.against is None:
            return False
        return not is_too_small(self.app)

    def on_resize(self, event: Resize) -> None:
        here = f"{event.size.width}x{event.size.height}"
        needed = f"A replay needs {WIDTH}x{HEIGHT} or more"
        text = f"This window is {here}. {needed}. Enlarge it, or leave (q) and replay without --screen."
        self.query_one("#small", Static).update(text)
        self.call_after_refresh(self._show_all)

    # --- slow work ----------------------------------------------------------------------------------
    @work(thread=True)
    def _judge(self) -> None:
        self.post_message(self.Judged(judged(self.recording)))

    @work(thread=True)
    def _compare(self) -> None:
        worker = get_current_worker()
        for comparison in compared(self.recording, lambda: not worker.is_cancelled):
            self.post_message(self.Compared(comparison))

    def on_replay_screen_judged(self, message: Judged) -> None:
        self.judgement = message.judgement
        self._show_all()

    def on_replay_screen_compared(self, message: Compared) -> None:
        self.comparison = message.comparison
        self._show_all()

    # --- going about --------------------------------------------------------------------------------
    def action_event(self, step: int) -> None:
        if self.playing is not None:
            self._go(self.playing.number + step)

    def action_decision(self, step: int) -> None:
        if self.playing is not None:
            frames, number = self.recording.frames, self.playing.number
            self._go(frames.next_decision(number) if step > 0 else frames.previous_decision(number))

    def action_first(self) -> None:
        self._go(1)

    def action_last(self) -> None:
        self._go(len(self.recording.frames))

    def action_diverge(self) -> None:
        """To the first event at which the versions differ; without another one, at which the log fails."""
        if self.recording.against is None:
            self.action_nonconforming()
        elif self.comparison is None:
            self._say("The versions are still being compared.")
        elif self.comparison.first is None:
            self._say("The two versions do not differ in this log.")
        else:
            self._show_panel("other")
            self._go(self.comparison.first)

    def action_nonconforming(self) -> None:
        if self.judgement is None:
            self._say("Whether the log conforms is still being worked out.")
        elif self.judgement.divergence is None:
            self._say("No event of this log diverges: each follows from the facts.")
        else:
            self._show_panel("reasons")
            self._go(self.judgement.divergence.seq)

    async def action_go(self) -> None:
        if self.playing is not None:
            self._pause()
            await self.app.push_screen(PromptScreen("Go to a time", FORMS, self._go_to_time))

    async def action_find(self) -> None:
        if self.playing is not None:
            self._pause()
            forms = "Words of an event, as platelet or OVERRIDE; n finds the next one, p the one before"
            await self.app.push_screen(PromptScreen("Find in the events", forms, self._find))

    def action_again(self, step: int) -> None:
        if not self._words:
            self._say("Nothing was looked for yet: / finds words in the events.")
        elif not self._found(step):
            self._say(f"No event {'after' if step > 0 else 'before'} this one has {self._words!r}.")

    def _go(self, number: int, moment: int | None = None) -> None:
        """To an event, at its own time or at a later one before the next event; playing pauses."""
        if self.playing is None:
            return
        frames = self.recording.frames
        number = min(max(1, number), len(frames))
        at = frames.instants[number - 1] if moment is None else max(moment, frames.instants[number - 1])
        self.playing = Playing(number, at * 1000, self.playing.speed)
        self._said = ""
        self._show_all()
        for panel in self.query(".panel"):
            panel.scroll_home(animate=False)

    def _go_to_time(self, typed: str) -> str | None:
        """Go to the time typed; why it cannot be gone to, if so."""
        assert self.playing is not None
        frames = self.recording.frames
        try:
            moment = read_moment(typed, self.playing.now, frames.timezone)
        except TimeError as error:
            return str(error)
        first, last = frames.instants[0], frames.instants[-1]
        self._go(frames.at_or_before(moment), min(moment, last))
        if not first <= moment <= last:
            end, at = ("ends", last) if moment > last else ("begins", first)
            self._say(f"The log {end} at {show_time(at, moment, frames.timezone)}.")
        return None

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
            self._go(place)
            self._say(f"Event {place} has {self._words!r}; n finds the next one.")
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
            self._say("This is the last event. Home goes to the first one.")
        else:
            self._last_beat = self._pace()
            self.playing = Playing(self.playing.number, self.playing.moment, self.playing.speed, True)
            self._said = ""
            self._show_all()

    def action_speed(self, speed: int) -> None:
        if self.playing is not None:
            self.beat()
            self.playing = Playing(self.playing.number, self.playing.moment, speed, self.playing.is_running)
            self._show_all()

    def _pause(self) -> None:
        assert self.playing is not None
        self.playing = Playing(self.playing.number, self.playing.moment, self.playing.speed)
        self._show_all()

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
            self._show_all()

    # --- showing ------------------------------------------------------------------------------------
    def action_panel(self, name: str) -> None:
        """Show a panel; in a small window the same key again gives it the room of the event, and back."""
        body = self.query_one("#replay-body")
        body.set_class(name == self._shown and not body.has_class("-full"), "-full")
        self._show_panel(name)
        self._show_all()
        if self.has_class("-wide"):
            self.query_one(f"#panel-{name}").focus()

    def action_page(self, direction: int) -> None:
        panel = self.query_one(f"#panel-{self._shown}")
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)

    def _show_panel(self, name: str) -> None:
        self._shown = name
        for column, panels in PANELS:
            names = [panel for panel, _, _ in panels]
            self.query_one(f"#replay-{column}").set_class(name in names, "-shown")
        for panel in self.query(".panel"):
            panel.set_class(panel.id == f"panel-{name}", "-shown")
        self.query_one("#replay-columns").set_class(name == "other", "-hidden")

    def _say(self, words: str) -> None:
        self._said = words
        self.query_one("#message", LineView).show([Line(words)] if words else [])

    def _show_all(self) -> None:
        """Show the present position."""
        playing, recording = self.playing, self.recording
        self.query_one("#replay-banner", Bar).show(*_spaced(telling.banner(recording)))
        now = playing.now if playing is not None else None
        self.query_one("#replay-case", Bar).show(*_spaced(telling.case_row(recording, now)))
        self.query_one("#replay-pathway", Bar).show(f" {telling.pathway_row(recording)}")
        self.query_one("#replay-position", Bar).show(*_spaced(telling.position_row(recording, playing)))
        lines = self.judgement.lines if self.judgement is not None else (WORKING,)
        self.query_one("#replay-judgement", LineView).show(lines)
        self._say(self._said)
        if playing is None:
            self.query_one("#replay-event-lines", LineView).show([Line(telling.EMPTY)])
            self._show_panels(nothing_made())
            return
        frame = recording.frames.frame(playing.number, playing.now)
        self.query_one("#replay-event").border_title = boxed_title(telling.event_title(recording, frame))
        self.query_one("#replay-event-lines", LineView).show(telling.event_lines(recording, frame))
        self.query_one("#replay-tracks", LineView).show(track_lines(frame.view, self.size.width - 4))
        row = telling.panel_row(frame.view, playing.now, recording.against is not None)
        self.query_one("#replay-panels", Bar).show(f" {row}")
        is_wide = self.has_class("-wide")
        self._show_panels(panels_made(recording, frame, playing.now, self.judgement, is_wide))
        if recording.against is not None:
            number, comparison = playing.number, self.comparison
            self.query_one("#panel-other", ComparedPanel).show(
                lambda width: comparison_lines(recording, number, comparison, width)
            )

    def _show_panels(self, made: dict[str, Made]) -> None:
        """A small window shows one panel, and only that one is made."""
        for name, lines in made.items():
            if self.has_class("-wide") or name == self._shown:
                self.query_one(f"#panel-{name}", Panel).show(lines())


def _spaced(row: tuple[str, str]) -> tuple[str, str]:
    """A margin of one column on both sides."""
    left, right = row
    return f" {left}", f"{right} " if right else ""
