"""Whatever an author writes comes out of every format as text: no element, link, script or formula of it."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from html.parser import HTMLParser
from shutil import which
from xml.etree import ElementTree as Tree

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from markdown_it import MarkdownIt

from diagrams.census.counting import missing_or_twice
from diagrams.census.formats import Counted, in_drawing, in_writing, on_paper
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError
from diagrams.svg_text import SVG
from diagrams.text import inert
from diagrams.web.page import page
from diagrams.written.writers import written
from pathway.language.definition import Definition
from tests.diagrams.hostile_pathway import small
from tests.diagrams.reading_mermaid import Drawing, drawing

LONGEST = 120
EVIL = [
    '"]; evil [label="x', "}| {a|<p> b}", "<p>|<q> c", "<b onload=alert(1)>bold</b>", "a\\l\\N\\G\\E\\T\\H\\",
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "]]><x/>", "--><!-- x", "-- -->",
    "javascript:alert(1)", "[x](javascript:alert(1))", "![x](x.png)", "https://user@example.org/<x>",
    "&lt;i&gt; &amp; &#60; &#x3c;", "left \u202eright\u202c \u200b", "\u2028\u2029 \x85", "{{7*7}} ${x} `x`",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "end", "click a call alert()", "%%{init: {}}%%",
    "1. a", "- b", "# c", "> d", "| e | f |", "***", "graph TD; a-->b", ":::x", "#quot; #60;", "'", '"', "\\",
    "\\\\\"", "<svg/onload=alert(1)>", "</style><style>", "</title>", "x" * 400, "ﬂ°lt¶ß", "fa:fa-user",
]  # fmt: skip


def texts() -> SearchStrategy[str]:
    """What an author could write to break out of a label, alone and in pieces between other words."""
    letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
    pieces = st.lists(st.sampled_from(EVIL) | letters, min_size=1, max_size=4)
    return pieces.map(" ".join)


@cache
def plain() -> Definition:
    return small("y", True)


CAMPAIGN = settings().max_examples > 100
ENGINES: tuple[Engine, ...] = ("wasm", "dot") if CAMPAIGN and which("dot") is not None else ("wasm",)
hostile = given(texts(), st.booleans())
SOME = settings(max_examples=settings().max_examples // 4)
FEW = settings(max_examples=max(2, settings().max_examples // 50))  # what needs layouts


def the_worst(test: object) -> object:
    """Every one of the texts on record, at the front; two are enough for what needs a layout."""
    for text in EVIL:
        test = example(text, True)(test)  # type: ignore[arg-type]
    return test


# --- as text ----------------------------------------------------------------------------------------
@the_worst
@SOME
@hostile
def test_every_written_format_shows_it_as_text(text: str, before: bool) -> None:
    for name, elements, reading in in_writing(small(text, before)):
        assert [str(fault) for fault in missing_or_twice(elements, reading)] == [], name


@example('"]; x="<p>|{a} \\l\\N</script><script>alert(1)</script> & &amp; \u202e', True)
@example("=cmd]]>--> javascript:alert(1) %%{init: {}}%% {{7*7}} \\", False)
@FEW
@hostile
def test_every_drawing_shows_it_as_text(text: str, before: bool) -> None:
    assume(_can_be_laid_out(text))
    definition = small(text, before)
    for engine in ENGINES:
        counted = [*in_drawing(definition, engine), *printed(definition, engine)]
        for name, elements, reading in counted:
            assert [str(fault) for fault in missing_or_twice(elements, reading)] == [], name


def _can_be_laid_out(text: str) -> bool:
    """Graphviz as WebAssembly gives up on words of many hundred letters, and says so."""
    return all(len(word) <= LONGEST for word in inert(text).split())


def printed(definition: Definition, engine: Engine) -> list[Counted]:
    """The pages; a word so long that no type is large enough is refused with what to do about it."""
    try:
        return list(on_paper(definition, engine, "A3"))
    except RenderError as error:
        if "shorten the texts" in error.hint:
            return []
        raise


# --- and as nothing else --------------------------------------------------------------------------
@the_worst
@SOME
@hostile
def test_nothing_of_it_is_read_as_a_statement(text: str, before: bool) -> None:
    definition = small(text, before)
    assert _shape_of_dot(definition) == _shape_of_dot(plain())
    drawn, calm = drawing(written(definition, ".mmd")), drawing(written(plain(), ".mmd"))
    assert _boxes(drawn) == _boxes(calm)
    assert _lines(drawn) == _lines(calm)


def _boxes(drawn: Drawing) -> dict[str, tuple[str, ...]]:
    return {box: frames for box, frames in drawn.inside.items() if "-row-" not in box}


def _lines(drawn: Drawing) -> list[tuple[str, str, str]]:
    return [(line.source, line.arrow, line.target) for line in drawn.lines if line.arrow != "~~~"]


def _shape_of_dot(definition: Definition) -> list[str]:
    """The statements of the tracks without their words; tables stand below them as long as needed."""
    dot = dot_of(chart_of(definition))
    dot = re.sub(r'"(?:\\.|[^"\\])*"', lambda word: word[0] if _is_id(word[0]) else '""', dot)
    return dot[dot.index("subgraph") : dot.index('subgraph "cluster-legend"')].split("\n")


def _is_id(word: str) -> bool:
    return re.fullmatch(r'"[a-z-]+"', word) is not None


@the_worst
@SOME
@hostile
def test_nothing_of_it_is_an_element_or_an_attribute_of_a_document(text: str, before: bool) -> None:
    definition = small(text, before)
    assert _xml(written(definition, ".scxml")) == _xml(written(plain(), ".scxml"))
    tables = written(definition, ".html", tables=True)
    assert _tags(tables) == _tags(written(plain(), ".html", tables=True))
    for suffix, of_tables in ((".md", False), (".md", True)):
        assert _marks(written(definition, suffix, of_tables)) == _marks(written(plain(), suffix, of_tables))


def _xml(text: str) -> list[tuple[str, list[str]]]:
    return [(str(element.tag), sorted(element.keys())) for element in Tree.fromstring(text).iter()]


class _Tags(HTMLParser):
    """What a page is made of: elements with their attributes, and the texts of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.scripts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href")]
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", (data,)))


def _tags(text: str) -> list[tuple[str, tuple[str, ...]]]:
    read = _Tags()
    read.feed(text)
    return read.tags


def _marks(text: str) -> list[str]:
    """The kinds of all marks in a Markdown text, within lines too."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [
        token.type
        for outer in tokens
        for token in (outer, *(outer.children or ()))
        if token.type not in ("text", "text_special", "softbreak")
    ]


@the_worst
@SOME
@hostile
def test_no_cell_of_it_is_a_formula(text: str, before: bool) -> None:
    definition = small(text, before)
    rows, calm = _rows(definition), _rows(plain())
    assert [len(row) for row in rows] == [len(row) for row in calm]
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    title = inert(definition.title)
    assert rows[0][0] in (title, f"'{title}")


def _rows(definition: Definition) -> list[list[str]]:
    text = written(definition, ".csv", tables=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


@example('"]; x="<p>|{a} \\l\\N</script><script>alert(1)</script> & &amp; \u202e', True)
@FEW
@hostile
def test_a_picture_and_its_page_hold_nothing_of_it_but_words(text: str, before: bool) -> None:
    assume(_can_be_laid_out(text))
    definition = small(text, before)
    svg, calm = _picture(definition), _picture(plain())
    assert _elements(svg) == _elements(calm)
    shown = _Tags()
    shown.feed(page(definition, svg, written(definition, ".txt")))
    quiet = _Tags()
    quiet.feed(page(plain(), calm, written(plain(), ".txt")))
    assert shown.scripts[1:] == quiet.scripts[1:]
    assert shown.links == quiet.links
    assert {name for name, _ in shown.tags} == {name for name, _ in quiet.tags}
    assert {names for _, names in shown.tags} == {names for _, names in quiet.tags}


def _picture(definition: Definition) -> str:
    chart = chart_of(definition)
    return picture(chart, dot_of(chart), "wasm")


def _elements(svg: str) -> tuple[set[str], set[str], list[tuple[str, str]]]:
    """Kinds of elements, names of attributes, and which elements stand for what."""
    elements = list(Tree.fromstring(svg).iter())
    groups = [(one.get("id", ""), one.get("class", "")) for one in elements if one.tag == f"{{{SVG}}}g"]
    tags = {str(one.tag).removeprefix(f"{{{SVG}}}") for one in elements}
    drawn = sorted(group for group in groups if group[1] != "node table")
    return tags, {name for one in elements for name in one.keys()}, drawn  # noqa: SIM118
