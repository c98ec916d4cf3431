"""Lines drawn one by one look as the whole block does, and nothing that was drawn outlives its words."""

from __future__ import annotations

import asyncio

from rich.style import Style
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui.lines import Line, Tone, columns, heading, wrapped
from tui.widgets.by_line import ByLine
from tui.widgets.line_view import LineView
from tui.widgets.numbered import Numbered, Row

LINES = (
    heading("Why"),
    Line("a text that is long enough to be broken over more than one line of a narrow widget", "lead:"),
    Line("[/b] [red]x", "!!", Tone.ALARM, indent=2),
    Line(""),
    Line("500\N{NO-BREAK SPACE}mg \N{DEGREE SIGN} 漢字", tone=Tone.CAUTION),
)


class Block(App[None]):
    """A block of lines, and a list."""

    CSS = "LineView, _Body { width: 40; height: auto; color: white; background: black; }"

    def compose(self) -> ComposeResult:
        yield LineView()
        yield Numbered([Row(number, line) for number, line in enumerate(LINES)])


def rows(widget: ByLine, *, as_a_whole: bool) -> list[list[str]]:
    """The rows of a widget, character by character, each as a terminal gets it."""
    draw = Widget.render_line if as_a_whole else ByLine.render_line
    strips = (draw(widget, y).adjust_cell_length(widget.size.width) for y in range(widget.size.height))
    return [[(style or Style()).render(one) for text, style, _ in strip for one in text] for strip in strips]


def test_every_line_looks_as_in_the_whole_block_also_after_it_changed() -> None:
    async def scene() -> None:
        app = Block()
        async with app.run_test(size=(60, 30)) as pilot:
            block, numbered = app.query_one(LineView), app.query_one(Numbered)
            for lines in (LINES, LINES[:3], (*LINES[1:], Line("other words"))):
                block.show(lines)
                numbered.press_digit(str(len(lines) - 1))
                await pilot.pause()
                for widget in app.query(ByLine):
                    assert widget.size.height > 2
                    assert rows(widget, as_a_whole=False) == rows(widget, as_a_whole=True)

    asyncio.run(scene())


def test_wide_characters_are_broken_by_the_columns_they_take() -> None:
    pieces = wrapped(Line("漢" * 30), 20)
    assert "".join(piece.text for piece in pieces).replace(" ", "") == "漢" * 30
    assert all(columns(piece.plain) <= 20 for piece in pieces)
