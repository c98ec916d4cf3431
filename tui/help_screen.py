"""Help: every key of the screen below with what it does, on one page that fits 24 rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from tui.box_screen import BoxScreen
from tui.doings import Doing
from tui.keymap import key_at
from tui.lines import Line, Tone, all_wrapped, columns, heading
from tui.widgets.line_view import LineView

ROWS = 19  # of 24: the frame takes two, and three stay free for whose case it is and its stamp
COLUMN = 37  # of 80, what one of two columns has
MOST_KEYS = 9  # columns for the keys; more keys make their words stand further in
TITLES = {"case": "Entering", "panel": "Looking", "app": "Everywhere", "list": "In a list"}
ENTERING = (
    Line("now, -20 min, 08:35, yesterday 23:50, 2026-03-01T08:35", "Times:"),
    Line("a unit may be typed; unknown is always an answer: unknown pending", "Values:"),
)


class PageScreen(BoxScreen):
    """A page to read in one or two columns; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,space,ctrl+g", "dismiss", "Back", show=False, id="page.back")
    ]
    title_words = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Text(f"{self.title_words}: {key_at(self, 'page.back')} goes back")
            with Horizontal(classes="columns"):
                yield LineView(id="left")
                yield LineView(id="right-column")
            yield LineView(id="below")

    def show(self, left: Sequence[Line], right: Sequence[Line] = (), below: Sequence[Line] = ()) -> None:
        self.query_one("#left", LineView).show(left)
        self.query_one("#right-column", LineView).show(right)
        self.query_one("#right-column", LineView).display = bool(right)
        self.query_one("#below", LineView).show(below)


class HelpScreen(PageScreen):
    """Made from the bindings of the screen below as they are now, so it cannot say what is not so."""

    title_words = "Help"

    def tell(self, found: Sequence[Doing]) -> None:
        """Show what the keys of the screen behind do."""
        below = list(ENTERING) if any(one.group == "case" for one in found) else []
        self.show(*help_columns(found, ROWS - len(below)), below)


class NoticeScreen(PageScreen):
    """What of the user's settings was not taken, and why; read once, before the first screen."""

    title_words = "Settings"

    def tell(self, notices: Sequence[str]) -> None:
        self.show([Line(notice, "! NOTICE", Tone.STRONG) for notice in notices])


def help_columns(found: Sequence[Doing], rows: int = ROWS) -> tuple[list[Line], list[Line]]:
    """The keys by what they are about, in two columns; in few words where there is no room for more."""
    left, right = _halved([_block(group, ones, is_long=True) for group, ones in _groups(found)])
    if max(_height(left), _height(right)) > rows:
        left, right = _halved([_block(group, ones, is_long=False) for group, ones in _groups(found)])
    return left, right


def _groups(found: Sequence[Doing]) -> list[tuple[str, list[Doing]]]:
    """By the first part of their ids; what belongs to the application comes last."""
    ordered = sorted(found, key=lambda one: (_group(one) == "app", _group(one)))
    return [(group, list(ones)) for group, ones in groupby(ordered, _group)]


def _group(one: Doing) -> str:
    return one.group if "." in one.id else "app"


def _block(group: str, found: Sequence[Doing], is_long: bool) -> list[Line]:
    room = min(MOST_KEYS, max(columns(one.keys) for one in found))
    title = TITLES.get(group, group.replace("_", " ").capitalize())
    words = [one.about if is_long and one.about else one.words for one in found]
    keys = [one.keys.ljust(room) for one in found]
    return [heading(title), *(Line(*pair, hang=room + 1) for pair in zip(words, keys, strict=True))]


def _halved(blocks: Sequence[Sequence[Line]]) -> tuple[list[Line], list[Line]]:
    """The lines in two columns of about the same height; no heading stands last in the first."""
    lines = [line for block in blocks for line in block]
    half = (_height(lines) + 1) // 2
    cut = next((index for index in range(len(lines)) if _height(lines[: index + 1]) > half), len(lines))
    while cut and lines[cut - 1].tone is Tone.HEADING:
        cut -= 1
    return lines[:cut], lines[cut:]


def _height(lines: Sequence[Line]) -> int:
    return len(all_wrapped(lines, COLUMN))
