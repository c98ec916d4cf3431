"""Every figure, text and guard of a definition stands in the document, in its own place, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from pathway.document.content import Document
from pathway.document.text import row_lines
from tests.document.conftest import EVERYTHING, FLAGSHIP, flat, page_rows, parsed, printed

PATHWAYS = [str(EVERYTHING), FLAGSHIP]
ROWS = {
    "facts": "fact", "actions": "action", "safeguards": "safeguard", "notices": "notice", "claims": "claim",
    "sources": "source",
}  # fmt: skip
# These name other elements, which the document shows by their titles and links to.
REFERENCES = {"to", "asks", "action", "of", "times", "fact", "about", "states", "start", "only", "before"}
# These are said in words; `test_document.py` holds the words.
IN_WORDS = {
    "open", "recordable", "course", "orderable", "choice", "auto", "again", "safety", "unless_overridden",
}  # fmt: skip

Path = tuple[str, ...]


def scalars(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every scalar of a definition with its path; the place in a list is no part of it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from scalars(value, (*path, key))
    elif isinstance(data, list):
        for value in data:
            yield from scalars(value, path)
    else:
        yield path, str(data)


def row_of(path: Path) -> str | None:
    """The row in which a scalar has to stand; None where any place of the document will do."""
    if path[0] == "tracks":
        return f"state-{path[1]}-{path[3]}" if len(path) > 3 else None
    return f"{ROWS[path[0]]}-{path[1]}" if path[0] in ROWS else None


def is_reference(path: Path) -> bool:
    named = path[-1] in REFERENCES or path[-2:] in {("within", "action"), ("within", "of")}
    return named and not (path[0] == "facts" and path[-1] == "of") and "schedule" not in path


def printed_scalars(data: Any) -> Iterator[tuple[str | None, str]]:
    for path, text in scalars(data):
        said = path[-1] in IN_WORDS or (path[0] == "safeguards" and path[-1] == "unknown")
        if not said and not is_reference(path):
            yield row_of(path), flat(text)


def text_rows(document: Document) -> dict[str, str]:
    """Each row as the text form prints it."""
    parts = [part for chapter in document.chapters for part in chapter.walk()]
    tables = [table for part in parts for table in part.tables]
    return {row.anchor: flat("\n".join(row_lines(row, table))) for table in tables for row in table.rows}


def stands_in(text: str, where: str) -> bool:
    """Whether a text stands there as itself, not as part of a longer word or figure."""
    return re.search(rf"(?<![\w.]){re.escape(text)}(?![\w]|\.\d)", where) is not None


def plain(page: str) -> str:
    """A page without its markup."""
    return flat(unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_scalar_of_the_definition_stands_in_its_row_of_the_page(name: str) -> None:
    pathway = printed(name)
    rows, whole = page_rows(pathway.page), plain(pathway.page)
    wanted = list(printed_scalars(pathway.data))
    assert len(wanted) > 100
    lost = [
        (row, text)
        for row, text in wanted
        if not (stands_in(text, rows.get(row, "")) if row is not None else text in whole)
    ]
    assert lost == []


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_scalar_of_the_definition_stands_in_its_row_of_the_text(name: str) -> None:
    pathway = printed(name)
    rows, whole = text_rows(pathway.document), flat(pathway.text)
    lost = [
        (row, text)
        for row, text in printed_scalars(pathway.data)
        if not (stands_in(text, rows.get(row, "")) if row is not None else text in whole)
    ]
    assert lost == []
    assert [row for row, text in rows.items() if text not in whole] == []


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_number_of_the_definition_stands_in_both_forms(name: str) -> None:
    pathway = printed(name)
    page = plain(pathway.page)
    written = {text for path, text in scalars(pathway.data) if not is_reference(path)}
    figures = {one for text in written for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w|\.\d)", text)}
    assert len(figures) > 30
    for form in (page, flat(pathway.text)):
        assert sorted(one for one in figures if not stands_in(one, form)) == []


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_reference_between_elements_is_a_link_in_the_row(name: str) -> None:
    pathway = printed(name)
    links = _links(pathway.page)
    for track, body in pathway.data["tracks"].items():
        for state, said in body["states"].items():
            row = links[f"state-{track}-{state}"]
            wanted = {f"fact-{fact}" for fact in said.get("asks", [])}
            wanted |= {f"action-{do['action']}" for do in said.get("do", [])}
            wanted |= {f"state-{track}-{way['to']}" for way in said.get("next", [])}
            assert wanted <= row, (track, state)
    for path, text in scalars(pathway.data):
        if path[0] in ("safeguards", "notices") and path[-1] in ("action", "about"):
            assert f"action-{text}" in links[f"{ROWS[path[0]]}-{path[1]}"]
        if path[0] == "actions" and path[-1] in ("times", "fact") and "schedule" not in path:
            assert f"fact-{text}" in links[f"action-{path[1]}"]


def _links(page: str) -> dict[str, set[str]]:
    """Where the links of each row lead."""
    found: dict[str, set[str]] = {}
    row = ""
    for tag, attributes in parsed(page).tags:
        row = str(attributes.get("id", "")) if tag == "tr" else row
        if tag == "a" and row:
            found.setdefault(row, set()).add(str(attributes.get("href"))[1:])
        found.setdefault(row, set())
    return found


@pytest.mark.parametrize("name", PATHWAYS)
def test_elements_and_sources_are_linked_both_ways(name: str) -> None:
    pathway = printed(name)
    links = _links(pathway.page)
    for path, cited in scalars(pathway.data):
        if "cites" in path:
            row = str(row_of(path))
            assert f"source-{cited}" in links[row]
            assert row in links[f"source-{cited}"]
