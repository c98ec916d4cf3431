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
from textual.widgets import Static
from textual.worker import get_current_worker

from tui.entry_screen import boxed_title
from tui.keymap import key_at
from tui.lines import Line
from tui.replaying import telling
from tui.replaying.compared_panel import ComparedPanel
from tui.replaying.comparing import Comparison, compared, comparison_lines
from tui.replaying.judging import WORKING, Judgement, judged
from tui.replaying.layout import KEYS, PANELS, STYLES
from tui.replaying.playing import Playing
from tui.replaying.position_screen import PositionScreen
from tui.replaying.recording import Recording, version_words
from tui.replaying.showing import Made, nothing_made, panels_made, track_lines
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar, LineView
from tui.widgets.panel import Panel
from tui.window import HEIGHT, WIDTH, is_too_small


class ReplayScreen(PositionScreen):
    """One log, judged and compared. `beat` is the seconds between two looks at the clock of `pace`."""

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
        super().__init__(recording, pace)
        self.judgement: Judgement | None = None
        self.comparison: Comparison | None = None
        self._beat = beat
        self._shown = "changed"
        self._said = ""

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
                        for name, title, binding in panels:
                            yield Panel(name, title, binding)
            if self.recording.against is not None:
                words = version_words(self.recording.against.definition)
                yield ComparedPanel("other", f"Against {words}", "replay.other")
        yield LineView(id="message")
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        self._show_panel(self._shown)
        self.show_position()
        self._judge(self.key("nonconforming"))
        if self.recording.against is not None:
            self._compare()
        self.set_interval(self._beat, self.beat)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show a case answers to leaving alone; another version has a panel."""
        if action == "panel" and parameters == ("other",) and self.recording.against is None:
            return False
        return not is_too_small(self.app)

    def on_resize(self, event: Resize) -> None:
        here = f"{event.size.width}x{event.size.height}"
        needed = f"A replay needs {WIDTH}x{HEIGHT} or more"
        mend = f"Enlarge it, or leave ({key_at(self, 'app.leave')}) and replay without --screen"
        text = f"This window is {here}. {needed}. {mend}."
        self.query_one("#small", Static).update(text)
        self.call_after_refresh(self.show_position)

    # --- slow work ----------------------------------------------------------------------------------
    @work(thread=True)
    def _judge(self, key: str) -> None:
        self.post_message(self.Judged(judged(self.recording, key)))

    @work(thread=True)
    def _compare(self) -> None:
        worker = get_current_worker()
        for comparison in compared(self.recording, lambda: not worker.is_cancelled):
            self.post_message(self.Compared(comparison))

    def on_replay_screen_judged(self, message: Judged) -> None:
        self.judgement = message.judgement
        self.show_position()

    def on_replay_screen_compared(self, message: Compared) -> None:
        self.comparison = message.comparison
        self.show_position()

    def action_diverge(self) -> None:
        """To the first event at which the versions differ; without another one, at which the log fails."""
        if self.recording.against is None:
            self.action_nonconforming()
        elif self.comparison is None:
            self.say("The versions are still being compared.")
        elif self.comparison.first is None:
            self.say("The two versions do not differ in this log.")
        else:
            self._show_panel("other")
            self.go(self.comparison.first)

    def action_nonconforming(self) -> None:
        if self.judgement is None:
            self.say("Whether the log conforms is still being worked out.")
        elif self.judgement.divergence is None:
            self.say("No event of this log diverges: each follows from the facts.")
        else:
            self._show_panel("reasons")
            self.go(self.judgement.divergence.seq)

    # --- showing ------------------------------------------------------------------------------------
    def action_panel(self, name: str) -> None:
        """Show a panel; in a small window the same key again gives it the room of the event, and back."""
        body = self.query_one("#replay-body")
        body.set_class(name == self._shown and not body.has_class("-full"), "-full")
        self._show_panel(name)
        self.show_position()
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

    def say(self, words: str) -> None:
        self._said = words
        self.query_one("#message", LineView).show([Line(words)] if words else [])

    def show_top(self) -> None:
        for panel in self.query(".panel"):
            panel.scroll_home(animate=False)

    def show_position(self) -> None:
        self._show_head()
        self.say(self._said)
        if self.playing is None:
            self.query_one("#replay-event-lines", LineView).show([Line(telling.EMPTY)])
            self._show_panels(nothing_made())
        else:
            self._show_frame(self.playing)

    def _show_head(self) -> None:
        playing, recording = self.playing, self.recording
        now = playing.now if playing is not None else None
        self.query_one("#replay-banner", Bar).show(*_spaced(telling.banner(recording)))
        self.query_one("#replay-case", Bar).show(*_spaced(telling.case_row(recording, now)))
        self.query_one("#replay-pathway", Bar).show(f" {telling.pathway_row(recording)}")
        self.query_one("#replay-position", Bar).show(*_spaced(telling.position_row(recording, playing)))
        lines = self.judgement.lines if self.judgement is not None else (WORKING,)
        self.query_one("#replay-judgement", LineView).show(lines)

    def _show_frame(self, playing: Playing) -> None:
        recording, more = self.recording, self.key("states")
        frame = recording.frames.frame(playing.number, playing.now)
        self.query_one("#replay-event").border_title = boxed_title(telling.event_title(recording, frame))
        self.query_one("#replay-event-lines", LineView).show(telling.event_lines(recording, frame))
        self.query_one("#replay-tracks", LineView).show(track_lines(frame.view, self.size.width - 4, more))
        row = telling.panel_row(frame.view, playing.now, recording.against is not None, self.key)
        self.query_one("#replay-panels", Bar).show(f" {row}")
        is_wide = self.has_class("-wide")
        self._show_panels(panels_made(recording, frame, playing.now, self.judgement, is_wide, more))
        if recording.against is not None:
            self._show_other(playing.number)

    def _show_other(self, number: int) -> None:
        recording, comparison, key = self.recording, self.comparison, self.key("diverge")
        self.query_one("#panel-other", ComparedPanel).show(
            lambda width: comparison_lines(recording, number, comparison, width, key)
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
