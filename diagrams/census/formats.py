"""Every format of a pathway counted at once: what is drawn, what is printed, what is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagrams.census import from_html, from_pages, from_written
from diagrams.census.counting import Fault, Reading, missing_or_twice
from diagrams.census.elements import Element
from diagrams.census.from_dot import read_dot
from diagrams.census.from_mermaid import read_mermaid
from diagrams.census.from_outline import read_markdown, read_outline
from diagrams.census.from_svg import read_svg
from diagrams.census.model import census
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from diagrams.pages.book import book_of
from diagrams.pages.print_check import PaperName
from diagrams.web.page import page
from diagrams.written.writers import written
from pathway.language.definition import Definition

Counted = tuple[str, Iterable[Element], Reading]
TABLES = {
    ".csv": from_written.read_csv,
    ".md": from_written.read_markdown_tables,
    ".html": from_written.read_html_tables,
}


def in_every_format(
    definition: Definition, engine: Engine, paper: PaperName | None = "A4"
) -> dict[str, tuple[Fault, ...]]:
    """What each format does not carry exactly once, by its name. Pages are left out without a paper.

    Raises RenderError where nothing can be drawn.
    """
    counted = [*in_writing(definition), *in_drawing(definition, engine)]
    counted += on_paper(definition, engine, paper) if paper is not None else ()
    return {name: missing_or_twice(elements, reading) for name, elements, reading in counted}


def in_writing(definition: Definition) -> Iterator[Counted]:
    """The formats that need no layout."""
    elements = census(definition)
    decided = from_written.decided(elements, definition)
    yield "dot", elements, read_dot(dot_of(chart_of(definition)))
    yield "mermaid", elements, read_mermaid(written(definition, ".mmd"))
    yield "outline", elements, read_outline(written(definition, ".txt"))
    yield "outline in Markdown", elements, read_markdown(written(definition, ".md"))
    for suffix, read in TABLES.items():
        yield f"decision tables {suffix}", decided, read(written(definition, suffix, tables=True))
    yield "scxml", elements, from_written.read_scxml(written(definition, ".scxml"))


def in_drawing(definition: Definition, engine: Engine) -> Iterator[Counted]:
    """The picture, and the page around it."""
    elements, chart = census(definition), chart_of(definition)
    svg = picture(chart, dot_of(chart), engine)
    html = page(definition, svg, written(definition, ".txt"))
    yield "svg", elements, read_svg(svg)
    yield "picture of the page", elements, from_html.read_picture(html)
    yield "twin of the page", elements, from_html.read_twin(html)
    yield "told by the page", from_html.told(elements, definition), from_html.read_told(html)


def on_paper(definition: Definition, engine: Engine, paper: PaperName) -> Iterator[Counted]:
    """The sheets of every phase and the tables behind them."""
    elements, book = census(definition), book_of(definition, paper, engine, stamped=True)
    yield "sheets", elements, from_pages.read_sheets(book)
    yield "tables of the sheets", elements, from_pages.read_tables(book)
