"""The keys of the case screen, on one page that fits 24 rows."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.lines import Line, heading
from tui.widgets.line_view import LineView

HELP = (
    heading("Answering"),
    Line("and arrows highlight an answer; Enter commits it; Backspace drops it", "0-9"),
    Line("record any fact          ", "r"),
    Line("correct a fact, or say that it is not known", "c"),
    Line("override a safeguard, or return a track to an earlier state", "o"),
    Line("undo the last entry      ", "u"),
    Line("note for the log         ", "n"),
    Line("acknowledge a warning    ", "k"),
    Line("end (close) the case     ", "e"),
    heading("Looking"),
    Line("why: the highlighted answer, else the present states", "w"),
    Line("actions with doses and safeguards", "a"),
    Line("what is missing       f  facts       t  due times", "m"),
    Line("all warnings          l  path so far and log", "!"),
    Line("scroll the panel; its letter again enlarges it; Tab goes round", "PgUp PgDn"),
    heading("Times and values"),
    Line("now, -20 min, 08:35, yesterday 23:50, 2026-03-01T08:35; units may be typed"),
    Line("unknown is always an answer: unknown pending, unknown refused"),
    Line("leaves; everything recorded is kept   ?  this page   Esc  goes back", "q"),
)


class HelpScreen(ModalScreen[None]):
    """Closed by any of the usual keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,space,ctrl+g", "dismiss", "Back", show=False)
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Help: Enter or Esc goes back"
            yield LineView()

    def on_mount(self) -> None:
        self.query_one(LineView).show(HELP)
