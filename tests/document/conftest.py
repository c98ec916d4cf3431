"""Documents of three pathways: the bundled one, one with every way of writing, and one that is hostile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pathway.document.content import Document, Row
from pathway.document.document import document_of
from pathway.document.html import page_of
from pathway.document.text import document_lines
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.gather import Gathered, gather
from pathway.language.load import load_definition

HERE = Path(__file__).parent
EVERYTHING, HOSTILE = HERE / "everything.yaml", HERE / "hostile.yaml"
FLAGSHIP = "spinal-leptomeningeal-infection"


@dataclass(frozen=True)
class Printed:
    """A pathway in all its forms."""

    definition: Definition
    gathered: Gathered
    document: Document
    text: str
    page: str

    @property
    def data(self) -> dict[str, Any]:
        return self.gathered.data


@cache
def printed(name: str) -> Printed:
    """The pathway with this name or path, without charts."""
    main = find_pathway(name)
    definition, gathered = load_definition(main), gather(main)
    document = document_of(definition, gathered.pathway, set_aside={"S0": "It says <b>nothing</b>."})
    return Printed(definition, gathered, document, "\n".join(document_lines(document)), page_of(document))


def rows_of(document: Document) -> dict[str, Row]:
    """Every row of a document by its anchor."""
    parts = [part for chapter in document.chapters for part in chapter.walk()]
    return {row.anchor: row for part in parts for table in part.tables for row in table.rows}


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class _Rows(HTMLParser):
    """The text of every table row of a page by its id, and every id and target of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._row: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if (found.get("href") or "").startswith("#"):
            self.targets.add(str(found["href"])[1:])
        if tag == "tr":
            self._row = found.get("id")
        if tag in ("p", "td", "th") and self._row is not None:
            self.rows.setdefault(self._row, []).append(" ")

    def handle_data(self, data: str) -> None:
        if self._row is not None:
            self.rows.setdefault(self._row, []).append(data)


@cache
def parsed(page: str) -> _Rows:
    parser = _Rows()
    parser.feed(page)
    return parser


def page_rows(page: str) -> dict[str, str]:
    """What stands in each row of a page."""
    return {anchor: flat("".join(texts)) for anchor, texts in parsed(page).rows.items()}
