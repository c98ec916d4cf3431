"""Pages as files: one PDF, or one picture for each page and each phase's tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from string import ascii_lowercase

from diagrams.chart import Chart, Table
from diagrams.dot import dot_of
from diagrams.draw import pixels, saved
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError
from diagrams.pages.book import Book, Page, book_of, drawn, whole_on_one_sheet
from diagrams.pages.leading import pointer_table
from diagrams.pages.notes import on_one_line
from diagrams.pages.pdf import pdf_of
from diagrams.pages.print_check import PaperName
from diagrams.shelves import paged
from pathway.language.definition import Definition

SUFFIXES = (".pdf", ".svg", ".png", ".dot")


@dataclass(frozen=True, slots=True)
class Printing:
    """How pages are wanted. Without `pages` or a `phase` the whole chart is tried on one sheet first.

    `printed` is the day that stands in every footer.
    """

    printed: date
    paper: PaperName = "A4"
    pages: bool = False
    phase: str | None = None


def draw_pages(
    definition: Definition, output: Path, printing: Printing, engine: Engine = "auto"
) -> list[Path]:
    """Write the pages; returns the files written. Raises RenderError.

    A name ending in .pdf gets one file, any other one file a page: `chart.svg` becomes `chart-2a.svg`. The
    DOT of the whole chart is always written beside them.
    """
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise RenderError(f"Cannot draw {output.name!r}", f"End the file's name with {', '.join(SUFFIXES)}")
    beside = saved(output.with_suffix(".dot"), dot_of(chart_of(definition)).encode())
    if suffix == ".pdf":
        return [saved(output, pdf_of(_book(definition, printing, engine), printing.printed)), beside]
    book = book_of(definition, printing.paper, engine, printing.phase, stamped=True)
    files = [saved(_named(output, name), content) for name, content in _pictures(book, suffix, engine)]
    return [*files, beside]


def _book(definition: Definition, printing: Printing, engine: Engine) -> Book:
    if not printing.pages and printing.phase is None:
        whole = whole_on_one_sheet(definition, printing.paper, engine)
        if whole is not None:
            return whole
    return book_of(definition, printing.paper, engine, printing.phase)


def _named(output: Path, name: str) -> Path:
    return output.with_name(f"{output.stem}-{name}{output.suffix}")


def _pictures(book: Book, suffix: str, engine: Engine) -> Iterator[tuple[str, bytes]]:
    """Each page by its name, then the tables of each phase, then those of the whole."""
    charts = [(page.name, page.chart) for page in book.pages]
    for _, pages in groupby(book.pages, lambda page: page.section):
        own = list(pages)
        tables = [table for page in own for table in _behind(page)]
        if tables:
            number = own[-1].name.rstrip(ascii_lowercase) or own[-1].name
            title = f"Tables: {own[-1].heading.partition('. ')[2] or own[-1].heading}"
            charts.append((f"{number}-tables", _tables(book.whole, title, tuple(tables))))
    if book.tables:
        charts.append(("tables", _tables(book.whole, "Tables", book.tables)))
    for name, chart in charts:
        yield name, _content(chart, suffix, engine)


def _behind(page: Page) -> tuple[Table, ...]:
    return (*page.tables, *pointer_table(page.name, page.pointers), *page.after)


def _tables(whole: Chart, title: str, tables: tuple[Table, ...]) -> Chart:
    """A chart of tables alone, under version and status."""
    subtitle = f"{whole.title}, {whole.subtitle}"
    flat = paged(on_one_line(tables))
    return replace(whole, title=title, subtitle=subtitle, remarks=(), lanes=(), tables=flat)


def _content(chart: Chart, suffix: str, engine: Engine) -> bytes:
    if suffix == ".dot":
        return dot_of(chart).encode()
    svg = drawn(chart, engine)
    return svg.encode() if suffix == ".svg" else pixels(svg)
