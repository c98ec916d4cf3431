"""In which order a book is printed, and what starts a new sheet of paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

from diagrams.chart import Table
from diagrams.pages.book import LEGEND, OVERVIEW, Book, Page
from diagrams.pages.cited import is_appendix
from diagrams.pages.print_check import PaperSide

CITED = "every statement that is cited, in our words, by layer; the grades; the references"


@dataclass(frozen=True, slots=True)
class Run:
    """What is printed from one new page on: drawings, then remarks, then tables that may flow on.

    `shows` says it for the contents; the tables flow in so many `columns`.
    """

    name: str
    side: PaperSide
    shows: str = ""
    pages: Sequence[Page] = ()
    remarks: Sequence[str] = ()
    tables: Sequence[Table] = ()
    columns: int = 1


def runs_of(book: Book) -> Iterator[Run]:
    """The front, then each sheet with what can stop its actions, each phase's tables, and the rest."""
    upright = PaperSide(book.paper, landscape=False)
    across = PaperSide(book.paper, landscape=True)
    front = [page for page in book.pages if page.name in (OVERVIEW, LEGEND)]
    if front:
        tables = [table for page in front for table in page.tables]
        shows = "the phases, the contents, where each action and track is, the legend"
        yield Run("overview", front[0].fit.side, shows, front, book.whole.remarks, tables)
    for _, pages in groupby((page for page in book.pages if page not in front), lambda page: page.section):
        for page in pages:
            title = page.heading.partition(". ")[2] or page.heading
            yield Run(f"page {page.name}", page.fit.side, _shown(page, title), (page,), tables=page.tables)
            if page.after:
                number = page.name.rstrip(ascii_lowercase)
                yield Run(f"tables to page {number}", upright, _titles(page.after), tables=page.after)
    if not front:
        yield Run("remarks", upright, "remarks", remarks=book.whole.remarks)
    rest = [table for table in book.tables if not is_appendix(table)]
    appendix = [table for table in book.tables if is_appendix(table)]
    if rest:
        yield Run("tables of the whole", across, _titles(rest), tables=rest)
    if appendix:
        yield Run("what is cited", upright, CITED, tables=appendix, columns=2)


def _shown(page: Page, title: str) -> str:
    tracks = ", ".join(lane.title for lane in page.chart.lanes)
    return f"{title}: {tracks}" if tracks else title


def _titles(tables: Sequence[Table]) -> str:
    return "; ".join(table.title for table in tables)
