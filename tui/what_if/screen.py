"""The side view for supposing: a fork of the case, what is supposed on it, and what would be different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from pathway.engine.batch import Batch
from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.acting import action_lines
from tui.case_entries import CaseEntries
from tui.changes import refused_lines
from tui.entry_screen import SUPPOSING
from tui.lines import Line, Tone, columns, cut, gap, heading
from tui.panels import why_lines
from tui.presenting import case_title, state_lines
from tui.sitting import Sitting
from tui.what_if.supposed import BANNER, SupposedCase
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered
from tui.widgets.panel import Panel
from tui.window import is_too_small

STRIPE = "bold #000000 on #FFD400"  # 14.6:1; no other screen has this stripe
SHOWN = ("difference", "supposed-actions", "supposed-why")
KEYS = (
    ("suppose", "Suppose"), ("correct", "Correct"), ("take_back", "Take back"), ("difference", "Difference"),
    ("actions", "Actions"), ("why", "Why"), ("leave", "Leave"),
)  # fmt: skip
PAGES = ("what_if.down", "what_if.up")
TICK = 1.0  # seconds between two looks at the clock


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
    """Suppose facts and deeds; everything is forgotten on leaving.

    A wide window has the case as it is on the left and as supposed on the right, a small one a panel of the
    supposed case at a time.
    """

    CSS = """
    WhatIfScreen #supposed { height: auto; max-height: 4; padding: 0 1; }
    WhatIfScreen #choices { max-height: 7; }
    WhatIfScreen #sides { height: 1fr; layout: vertical; }
    WhatIfScreen #as-it-is { display: none; width: 1fr; height: 1fr; }
    WhatIfScreen #as-supposed { width: 1fr; height: 1fr; }
    WhatIfScreen .panel { display: none; }
    WhatIfScreen .panel.-shown { display: block; height: 1fr; }
    WhatIfScreen.-wide #choices { max-height: 12; }
    WhatIfScreen.-wide #sides { layout: horizontal; }
    WhatIfScreen.-wide #as-it-is { display: block; }
    WhatIfScreen.-wide #as-supposed { border-left: solid $rule; }
    WhatIfScreen.-wide .panel { display: block; height: auto; min-height: 3; max-height: 35%; }
    WhatIfScreen.-wide #panel-as-it-is, WhatIfScreen.-wide #panel-supposed-actions {
        height: 1fr; max-height: 100%;
    }
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
        yield Numbered(id="choices")
        with Horizontal(id="sides"):
            with Vertical(id="as-it-is"):
                yield Panel("as-it-is", "The case as it is: recorded, and not supposed")
            with Vertical(id="as-supposed"):
                title = "WHAT IF: different from the real case"
                yield Panel("difference", title, "what_if.difference", pages=PAGES)
                yield Panel("supposed-actions", "WHAT IF: as supposed", "what_if.actions", pages=PAGES)
                yield Panel("supposed-why", "WHAT IF: why", "what_if.why", pages=PAGES)
        yield LineView(id="message")
        yield Stripe("  ".join(f"{self.key(f'what_if.{id}')} {words}" for id, words in KEYS))

    def on_mount(self) -> None:
        suppose = f"{self.key('what_if.suppose')} supposes any fact"
        answers = self.query_one("#choices", Numbered)
        how = f"A number, then {self.key('what_if.commit')}; {suppose}"
        answers.ask(f"Suppose what? {how}")
        self.refresh_case()
        self.action_panel(self._shown)
        self.set_focus(answers)
        self.set_interval(TICK, self.tick)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small takes only the key that leaves."""
        return action == "leave" or not is_too_small(self.app)

    def refresh_case(self) -> None:
        """Show the supposed case and what is different in it."""
        supposed = self._case.supposed_lines() or [Line("Nothing is supposed yet.")]
        self.query_one("#supposed", LineView).show(_newest(supposed))
        nothing = f"Nothing waits for an answer. {self.key('what_if.suppose')} supposes any fact."
        self.query_one("#choices", Numbered).show(self.choice_rows(), nothing)
        self._show_panels()

    def reword(self) -> None:
        self.query_one("#choices", Numbered).reword(self.choice_rows())
        self._show_panels()

    def _show_panels(self) -> None:
        definition, now, more = self._sitting.definition, self._sitting.now, self.key("what_if.why")
        different = self._case.difference() if self._case.batches else [Line("Nothing yet.")]
        self.query_one("#panel-difference", Panel).show(different)
        for name, view in (("as-it-is", self._case.real_view), ("supposed-actions", self.view)):
            self.query_one(f"#panel-{name}", Panel).show(side_lines(definition, view, now, more))
        self._show_why()

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
            panel = self.query_one(f"#panel-{one}", Panel)
            panel.set_class(one == name, "-shown")
            panel.tell_more()

    def action_page(self, direction: int) -> None:
        """Scroll the panel that was asked for last, and the case as it is along with its counterpart."""
        names = (self._shown, "as-it-is") if self._shown == "supposed-actions" else (self._shown,)
        for name in names:
            panel = self.query_one(f"#panel-{name}", Panel)
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
        self.query_one("#choices", Numbered).press_digit(digit, is_early=not self.is_settled)

    def action_clear(self) -> None:
        self.query_one("#choices", Numbered).clear_highlight()

    @on(Numbered.Highlighted)
    def _show_why(self) -> None:
        chosen = self.query_one("#choices", Numbered).highlighted_key
        self.query_one("#panel-supposed-why", Panel).show(why_lines(self._sitting, chosen))


def side_lines(definition: Definition, view: View, now: int, more: str) -> list[Line]:
    """Where a case stands and its actions: the same for the real case and for the supposed one.

    `more` is the key that tells of the tracks that are only named.
    """
    where = [heading("Where the case stands"), *state_lines(view, more)]
    return [*where, gap(), heading("Actions"), *action_lines(definition, view, now)]


def _newest(lines: list[Line]) -> list[Line]:
    """The last few suppositions; earlier ones are counted."""
    if len(lines) <= 4:
        return lines
    return [Line(f"+{len(lines) - 3} earlier", tone=Tone.STRONG), *lines[-3:]]
