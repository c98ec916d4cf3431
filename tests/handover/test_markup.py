"""Whatever people type comes out as that text: never as Markdown, never as HTML, never as a broken line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pathway.engine.batch import DeclineEntry, FactEntry, OverrideEntry, TakeEntry
from pathway.handover.content import Handover
from pathway.handover.html import page_of
from pathway.handover.markdown import escaped, flat, markdown_of, opening
from tests.handover.ward import enter, handed, opened

HOSTILE = (
    "a | b `c` ``d``", "<script>alert(1)</script>", "[x](http://evil) ![y](z)", "**bold** _it_ ~~gone~~",
    "1. one\n2. two", "# head\n\n- item\n> quote\n```\ncode\n```", "&lt;b&gt; &#60;", "\\", "a\\", "---",
    "===",
    "+ plus", "\x1b[31mred \u202egnol", "</style></p><img src=x onerror=alert(1)>", "{{ 7*7 }} {% raw %}",
    "<!-- a", "*", "_", "**", "  lead and trail  ", "\u00a0", "[a]: http://evil", "http://evil.example",
    "12)", "-", "1.", "2026-03-01", "0.5 g", "\u2028next",
)  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40) | st.sampled_from(HOSTILE)
MARKDOWN = MarkdownIt("commonmark")
RENDERED = {
    "heading_open", "heading_close", "inline", "bullet_list_open", "bullet_list_close", "list_item_open",
    "list_item_close", "paragraph_open", "paragraph_close",
}  # fmt: skip
INSIDE = {"text", "strong_open", "strong_close", "text_special"}


def typed_everywhere(text: str) -> Handover:
    """A case in which somebody typed this text wherever one can type."""
    case = opened(label=text)
    reason = text if text.strip() else "x"
    enter(case, 5, facts=(FactEntry("infected", "true"),), take=(TakeEntry("care", "work"),))
    enter(case, 6, facts=(FactEntry("platelets", "35"), FactEntry("remark", flat(reason) or "x")), by=reason)
    enter(case, 7, overrides=(OverrideEntry(reason, action="puncture"),))
    enter(case, 8, declined=(DeclineEntry("scan", reason),))
    enter(case, 9, notes=(reason,))
    return handed(case)


def tokens(markdown: str) -> Iterator[Token]:
    for token in MARKDOWN.parse(markdown):
        yield token
        yield from token.children or ()


def words_of(markdown: str) -> str:
    """What a reader of the rendered Markdown meets, on one line."""
    lines = (token.children or () for token in MARKDOWN.parse(markdown) if token.type == "inline")
    return "\n".join("".join(child.content for child in line) for line in lines)


@given(TEXTS)
@example("**")
@example("1.\u00a0x")
def test_escaped_text_is_read_back_as_itself(text: str) -> None:
    assert words_of(f"before {escaped(text)}") == f"before {flat(text)}".strip()
    if flat(text):
        assert words_of(opening(text)) == flat(text)
        assert words_of(f"- {opening(text)}") == flat(text)
        assert words_of(f"- **{escaped(text)}**: x") == f"{flat(text)}: x"


@pytest.mark.parametrize(
    "figure", ["0.5 g", "14.5 h", "2026-03-01 08:00", "4,000 mg per day", "-1.5", "10^9/L"]
)
def test_figures_are_written_without_any_sign_between_their_digits(figure: str) -> None:
    assert opening(figure) == escaped(figure) == figure


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_markdown_holds_headings_lists_and_text_and_nothing_that_was_typed_becomes_more(text: str) -> None:
    markdown = markdown_of(typed_everywhere(text))
    kinds = {token.type for token in tokens(markdown)}
    assert kinds <= RENDERED | INSIDE
    assert flat(text if text.strip() else "x") in words_of(markdown)
    if flat(text):
        assert shape_of(markdown) == shape_of(markdown_of(typed_plainly()))


@cache
def typed_plainly() -> Handover:
    return typed_everywhere("plain")


def shape_of(markdown: str) -> list[tuple[str, int]]:
    return [(token.type, token.level) for token in MARKDOWN.parse(markdown)]


class Read(HTMLParser):
    """The tags of a page, and its words without style."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(page: str) -> Read:
    found = Read()
    found.feed(page)
    found.close()
    return found


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_the_page_holds_the_text_and_no_element_or_attribute_of_it(text: str) -> None:
    said = text if flat(text) else "x"
    found, plain = read(page_of(typed_everywhere(said))), read(page_of(typed_plainly()))
    assert found.tags == plain.tags
    assert [name for name, _ in found.attributes] == [name for name, _ in plain.attributes]
    assert flat(said) in found.words


def test_the_stylesheet_cannot_be_left_from_inside_a_label() -> None:
    page = page_of(handed(opened("</style><script>x</script>", '"; } body { display: none } @import "')))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert "@import" not in style[1]
    assert "display: none }" not in style[1].split("@top-right")[1].split("@bottom-left")[0]
    assert page.count("<script") == 0
