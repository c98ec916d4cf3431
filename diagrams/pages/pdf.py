"""Pages as a PDF: vector drawings, text that can be selected, the same bytes for the same day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

from diagrams.layout import RenderError
from diagrams.pages.book import Book, Page
from diagrams.pages.listings import Listings, sheet_anchor
from diagrams.pages.print_check import FOOT, HEAD, SIDE, PaperSide, size
from diagrams.pages.runs import Run, runs_of

_FAMILIES = ("Liberation Sans", "Arial", "Helvetica", "Arimo")
_NO_TYPST = "pip install 'clinical-pathway[print]', or ask for .svg"
_NO_FONT = "Install Liberation Sans or Arial (apt install fonts-liberation), or ask for .svg"
_LARGE = 8.0  # points of type to which a drawing is shrunk so that its tables stand on the same page
_ONE_LINE = 90  # characters of the head beside the stamp
_TEMPLATE = Path(__file__).with_name("print.typ")


def pdf_of(book: Book, printed: date) -> bytes:
    """The pages as PDF. `printed` stands in every footer. Raises RenderError without typst or a font."""
    try:
        import typst
    except ImportError:
        raise RenderError("PDF needs the package typst", _NO_TYPST) from None
    fonts = _fonts(typst.Fonts().families())
    data = {
        "title": book.whole.title,
        "version": book.whole.subtitle,
        "stamp": book.whole.stamp,
        "printed": printed.isoformat(),
        "fonts": fonts,
        "side": SIDE, "head": HEAD, "foot": FOOT,
        "sheets": _sheets(book),
    }  # fmt: skip
    stamp = int(datetime(printed.year, printed.month, printed.day, tzinfo=UTC).timestamp())
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        content = typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, timestamp=stamp)
    except typst.TypstError as error:
        raise RenderError(
            f"The pages could not be set: {error.message}", "Ask for .svg, and report it"
        ) from None
    if not isinstance(content, bytes):
        raise RenderError("The pages came out as no single PDF", "Ask for .svg, and report it")
    return content


def _fonts(families: Iterable[str]) -> list[str]:
    known = {family.casefold() for family in families}
    found = [family for family in _FAMILIES if family.casefold() in known]
    if not found:
        raise RenderError("This machine has no font for a PDF, so words would overrun their boxes", _NO_FONT)
    return found


def _sheets(book: Book) -> list[dict[str, Any]]:
    runs = list(runs_of(book))
    listings = Listings(runs)
    return [_sheet(run, sheet_anchor(place), listings.of_run(run)) for place, run in enumerate(runs)]


def _sheet(run: Run, anchor: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    width, height = run.side.size
    return {
        "name": run.name,
        "shows": run.shows if _is_sheet(run) and len(run.shows) <= _ONE_LINE else "",
        "anchor": anchor,
        "columns": run.columns,
        "key": "; ".join(dict.fromkeys(sign for page in run.pages for sign in page.key)),
        "width": width,
        "height": height,
        "drawings": [_drawing(page, run.side) for page in run.pages],
        "least": max((min(_LARGE / page.fit.points, 1.0) for page in run.pages), default=1.0),
        "remarks": list(run.remarks),
        "tables": tables,
    }


def _is_sheet(run: Run) -> bool:
    return any(page.states for page in run.pages)


def _drawing(page: Page, side: PaperSide) -> dict[str, Any]:
    across, down = size(Tree.fromstring(page.svg))
    width = min(across * page.fit.factor, side.room[0])
    return {"svg": page.svg, "alt": page.heading, "width": width, "height": down * width / across}
