"""The side view for supposing: a fork of the case, what is supposed on it, and what would be different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from pathway.engine.batch import Batch
from tui.acting import action_lines
from tui.case_entries import CaseEntries
from tui.changes import refused_lines
from tui.entry_screen import SUPPOSING
from tui.lines import Line, Tone, columns, cut
from tui.panels import why_lines
from tui.presenting import case_title
from tui.sitting import Sitting
from tui.what_if.supposed import BANNER, SupposedCase
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row
from tui.widgets.panel import Panel
from tui.window import is_too_small

STRIPE = "bold #000000 on #FFD400"  # 14.6:1; no other screen has this stripe
SHOWN = ("difference", "supposed-actions", "supposed-why")
KEYS = "r Suppose  c Correct  u Take back  d Difference  a Actions  w Why  x Leave"


def _key(key: str, action: str, description: str, id: str) -> Binding:
    return Binding(key, action, description, show=False, id=id, priority=True)


class Stripe(Widget):
    """One row that says that nothing here is real."""

    DEFAULT_CSS = "Stripe { height: 1; }"

    def __init__(self, words: str, right: str = "") -> None:
        super().__init__()
        self._words, self._right = words, right

    def render(self) -> Content:
        width = self.size.width
        right = f" {self._right} " if self._right else ""
        left = cut(f" {self._words}", max(1, width - columns(right)))
        return Content.assemble((left + " " * max(0, width - columns(left + right)) + right, STRIPE))


class WhatIfScreen(CaseEntries):
    """Suppose facts and deeds; everything is forgotten on leaving."""

    CSS = """
    WhatIfScreen #supposed { height: auto; max-height: 4; padding: 0 1; }
    WhatIfScreen .panel { display: none; }
    WhatIfScreen .panel.-shown { display: block; height: 1fr; }
    WhatIfScreen #supposing { height: 1fr; }
    WhatIfScreen #choices { max-height: 7; }
    WhatIfScreen.-wide #choices { max-height: 20; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("d", "panel('difference')", "Difference", "what_if.difference"),
        _key("a", "panel('supposed-actions')", "Actions", "what_if.actions"),
        _key("w", "panel('supposed-why')", "Why", "what_if.why"),
        _key("pageup", "page(-1)", "Page up", "what_if.up"),
        _key("pagedown", "page(1)", "Page down", "what_if.down"),
        _key("r", "record", "Suppose a fact", "what_if.suppose"),
        _key("c", "correct", "Suppose a correction", "what_if.correct"),
        _key("u", "take_back", "Take back", "what_if.take_back"),
        _key("enter", "commit", "Commit", "what_if.commit"),
        _key("backspace", "clear", "Clear", "what_if.clear"),
        _key("x,q,escape,ctrl+g", "leave", "Leave", "what_if.leave"),
        *(
            _key(digit, f"digit('{digit}')", f"Answer {digit}", f"what_if.digit_{digit}")
            for digit in "0123456789"
        ),
    ]
    wording = SUPPOSING

    def __init__(self, real: Sitting) -> None:
        self._case = SupposedCase(real.session)
        super().__init__(Sitting(self._case, real.clock, real.by))
        self._shown = "difference"

    def compose(self) -> ComposeResult:
        definition = self._sitting.definition
        yield Stripe(BANNER, definition.stamp or "")
        yield Stripe(case_title(self.view), "")
        yield Stripe(definition.title, definition.version)
        yield LineView(id="supposed")
        with Vertical(id="supposing"):
            answers = Numbered(id="choices")
            answers.border_title = "Suppose what? A number, then Enter; r supposes any fact"
            yield answers
            yield Panel("difference", "WHAT IF: different from the real case", "d")
            yield Panel("supposed-actions", "WHAT IF: actions", "a")
            yield Panel("supposed-why", "WHAT IF: why", "w")
        yield LineView(id="message")
        yield Stripe(KEYS)

    def on_mount(self) -> None:
        self.refresh_case()
        self.action_panel(self._shown)
        self.set_focus(self.query_one("#choices", Numbered))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small takes only the key that leaves."""
        return action == "leave" or not is_too_small(self.app)

    def refresh_case(self) -> None:
        """Show the supposed case and what is different in it."""
        supposed = self._case.supposed_lines() or [Line("Nothing is supposed yet.")]
        self.query_one("#supposed", LineView).show(_newest(supposed))
        rows = [Row(choice.key, choice.line) for choice in self.choices()]
        self.query_one("#choices", Numbered).show(rows, "Nothing waits for an answer. r supposes any fact.")
        different = self._case.difference() if self._case.batches else [Line("Nothing yet.")]
        self.query_one("#panel-difference", Panel).show(different)
        actions = action_lines(self._sitting.definition, self.view, self._sitting.now)
        self.query_one("#panel-supposed-actions", Panel).show(actions)
        self._highlight_changed()

    def say(self, lines: Sequence[Line]) -> None:
        self.query_one("#message", LineView).show(lines)

    def record(self, batch: Batch) -> None:
        """Suppose a batch on the fork; the real case, its log and its store are not touched."""
        step = self._sitting.record(batch)
        self.say(refused_lines(step))
        self.refresh_case()
        self.action_panel("difference")
        self.unsettle()

    def action_panel(self, name: str) -> None:
        self._shown = name
        for one in SHOWN:
            self.query_one(f"#panel-{one}", Panel).set_class(one == name, "-shown")

    def action_page(self, direction: int) -> None:
        panel = self.query_one(f"#panel-{self._shown}", Panel)
        panel.scroll_relative(y=direction * max(1, panel.size.height - 1), animate=False)

    def action_take_back(self) -> None:
        """Drop the last supposition."""
        took = self._case.take_back()
        self.say([] if took else [Line("Nothing is supposed yet, so nothing can be taken back.")])
        self.refresh_case()

    def action_leave(self) -> None:
        self.app.pop_screen()

    async def action_commit(self) -> None:
        await self.commit_highlighted()

    def action_digit(self, digit: str) -> None:
        if self.is_settled:
            self.query_one("#choices", Numbered).press_digit(digit)

    def action_clear(self) -> None:
        self.query_one("#choices", Numbered).clear_highlight()

    @on(Numbered.Highlighted)
    def _highlight_changed(self) -> None:
        chosen = self.query_one("#choices", Numbered).highlighted_key
        self.query_one("#panel-supposed-why", Panel).show(why_lines(self._sitting, chosen))


def _newest(lines: list[Line]) -> list[Line]:
    """The last few suppositions; earlier ones are counted."""
    if len(lines) <= 4:
        return lines
    return [Line(f"+{len(lines) - 3} earlier", tone=Tone.STRONG), *lines[-3:]]
