"""Lines: nothing of a text is lost, and nothing of it acts on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.support import HOSTILE
from tui.lines import Line, columns, cut, inert, wrapped

WORDS = st.lists(st.text(alphabet="abcdefgh0123<>=[]/-", min_size=1, max_size=30), max_size=20).map(" ".join)


@given(WORDS, WORDS, st.integers(20, 120), st.integers(0, 8))
def test_wrapping_loses_nothing_and_keeps_the_width(lead: str, text: str, width: int, indent: int) -> None:
    parts = wrapped(Line(text, lead, indent=indent), width)
    assert all(columns(part.plain) <= max(width, indent + 14) for part in parts)
    said = "".join(part.plain for part in parts).replace(" ", "")
    assert said == f"{lead}{text}".replace(" ", "")


@given(st.text())
def test_nothing_shown_can_act_on_a_terminal(text: str) -> None:
    assert inert(text).isprintable()
    assert all(part.plain.isprintable() for part in wrapped(Line(text, text), 40))


def test_escapes_and_text_direction_are_shown_as_text() -> None:
    shown = inert(HOSTILE)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[/b] [red]x" in shown


@given(st.text(alphabet="ab \u4e00e\u0301", max_size=80), st.integers(2, 40))
def test_what_is_cut_says_so(text: str, width: int) -> None:
    shown = cut(text, width)
    assert columns(shown) <= width
    assert shown == inert(text) or shown.endswith("…")
