"""Choosing one of many: a numbered list in a box, narrowed by typing where it is long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input

from tui.box_screen import BoxScreen
from tui.entry_screen import TITLE_MARGIN, boxed_title, long_title, more_above, scroll_about
from tui.keymap import key_at
from tui.lines import Line, Tone
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row
from tui.window import drained, is_too_small

DIGITS = "0123456789"
PAGE = 8  # rows that the page keys move by

Then: TypeAlias = Callable[[Any], Awaitable[None]]


class _Letters(Input):
    """Takes letters; digits go to the screen, where they pick a row."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key not in DIGITS and super().check_consume_key(key, character)


async def _nothing(_: Any) -> None:
    """What a box does that nothing was put into yet."""


class PickScreen(BoxScreen):
    """Closes, then hands the key of the chosen row on; Esc closes without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "dismiss", "Back", show=False, priority=True, id="pick.back"),
        Binding("enter", "choose", "Choose", show=False, priority=True, id="pick.choose"),
        Binding("up", "move(-1)", "Up", show=False, priority=True, id="pick.up"),
        Binding("down", "move(1)", "Down", show=False, priority=True, id="pick.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True, id="pick.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True, id="pick.page_down"),
        *(
            Binding(
                digit,
                f"digit('{digit}')",
                f"Row {digit}",
                show=False,
                priority=True,
                id=f"pick.digit_{digit}",
            )
            for digit in DIGITS
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._then: Then = _nothing
        self._has_filter = False
        self._list = Numbered(id="picks")
        self._how = Line()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="about", can_focus=False):
                yield LineView(id="about")
            yield _Letters(placeholder="letters narrow the list, a number picks a row", compact=True)
            yield self._list
            yield LineView(id="how")

    def ask(
        self,
        title: str,
        rows: Sequence[Row],
        then: Then,
        about: Sequence[Line] = (),
        has_filter: bool = False,
    ) -> None:
        """Put the rows into the box; `then` is called with the key of the one that is chosen."""
        self._rows, self._then, self._has_filter = tuple(rows), then, has_filter
        self.query_one(".box", Vertical).border_title = boxed_title(title)
        whole = long_title(title, self.app.size.width - TITLE_MARGIN)
        self.query_one("#about", LineView).show([*whole, *about])
        self.query_one(Input).display = has_filter
        narrows = " Letters narrow the list." if self._has_filter else ""
        how = f"A number, then {self._key('choose')}.{narrows} {self._key('back')} leaves."
        self._how = Line(how)
        self._say_how()
        self._list.show(self._rows, "Nothing to choose from.")
        self.set_focus(self.query_one(Input) if self._has_filter else self._list)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small takes only Esc. Digits always pick a row, also where letters are typed."""
        return action == "dismiss" or not is_too_small(self.app)

    @on(Input.Changed)
    def _narrow(self) -> None:
        words = self.query_one(Input).value.lower().split()
        found = [row for row in self._rows if all(word in row.line.plain.lower() for word in words)]
        first = words[0] if words else ""
        rows = tuple(sorted(found, key=lambda row: not row.line.plain.lower().startswith(first)))
        if rows != self._list.rows:
            self._list.show(rows, "No name contains that.")

    async def action_choose(self) -> None:
        """Commit the highlighted row, or the only one that is left."""
        if self._has_filter:
            await drained(self.query_one(Input))
            self._narrow()
        if self._has_filter and self._list.highlighted is None and len(self._list.rows) == 1:
            self._list.action_move(1)
        key = self._list.take_highlighted()
        if key is not None:
            self.app.pop_screen()
            await self._then(key)
        elif self._list.rows:
            first = f"{self._list.trouble}. " if self._list.trouble else ""
            words = f"{first}Choose a number first. {self._key('back')} leaves."
            self._say_how(Line(words, tone=Tone.STRONG))

    async def action_digit(self, digit: str) -> None:
        """A number means the list as the letters typed so far have narrowed it."""
        if self._has_filter:
            await drained(self.query_one(Input))
            self._narrow()
        self._list.press_digit(digit)

    def action_move(self, step: int) -> None:
        self._list.action_move(step)

    def action_page(self, direction: int) -> None:
        """Scroll what is said above a short list; move through a long one."""
        about = self.query_one(".about", VerticalScroll)
        if about.max_scroll_y and len(self._rows) <= PAGE:
            scroll_about(about, direction)
            self._say_how()
        else:
            self._list.action_move(direction * PAGE)

    @on(Numbered.Highlighted)
    def _say_what_next(self) -> None:
        """The keys, with the number typed so far; one that is no row stands out."""
        typed = self._list.typed_words
        tone = Tone.STRONG if self._list.trouble else Tone.PLAIN
        self._say_how(Line(f"{typed}. {self._how.text}", tone=tone) if typed else None)

    def _say_how(self, instead: Line | None = None) -> None:
        """The keys, or what has to be said in their place; where to read on is known once it is laid out."""
        how = self._how if instead is None else instead
        self.query_one("#how", LineView).show([how])
        self.call_after_refresh(self._say_more, how)

    def _say_more(self, said: Line) -> None:
        about, how = self.query_one(".about", VerticalScroll), self.query_one("#how", LineView)
        more = more_above(about, self._key("page_down"), self._key("page_up"))
        how.show([said, *(more if len(self._rows) <= PAGE else [])])

    def _key(self, name: str) -> str:
        return key_at(self, f"pick.{name}")
