"""The document as one HTML page that needs nothing else: no request, no font, no script of others."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from pathway.document.content import Cell, Document, Line, Picture
from pathway.document.picture import inlined
from pathway.document.policy import css_text, policy_of
from pathway.language.problems import visible

Item = tuple[Line, tuple[Line, ...]]


def page_of(document: Document) -> str:
    """The page. The same document gives the same bytes. Raises PictureError for a chart that is not inert."""
    # Both are ours; the stamp inside the style was made harmless by `css_text`.
    style, script = _style(document), _page_file("page.js")
    template = _environment().get_template("page.html")
    return template.render(
        document=document,
        style=Markup(style),  # nosec B704 (our own style sheet)
        script=Markup(script),  # nosec B704 (our own script)
        policy=policy_of(style, script),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"page.html": _page_file("page.html")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    filters: dict[str, Any] = environment.filters  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    filters.update({"shown": visible, "items": items, "drawn": _drawn})
    return environment


def items(cell: Cell) -> tuple[Item, ...]:
    """The lines of a cell, each of depth zero with the deeper ones that follow it."""
    found: list[tuple[Line, list[Line]]] = []
    for line in cell:
        if line.depth and found:
            found[-1][1].append(line)
        else:
            found.append((line, []))
    return tuple((head, tuple(below)) for head, below in found)


def _drawn(picture: Picture, prefix: str) -> Markup:
    """Shapes and texts only, which `inlined` ascertains."""
    return Markup(inlined(picture.svg, prefix))  # nosec B704 (shapes and texts only)


def _page_file(name: str) -> str:
    return (files("pathway.document") / "page" / name).read_text("utf-8")


# --- what the page may do -------------------------------------------------------------------------
def _style(document: Document) -> str:
    """The stylesheet with the line that every printed page carries."""
    line = f"{document.id} {document.version}, digest {document.digest[:12]}"
    stamp = document.stamp or "approved"
    return (
        (_page_file("palette.css") + _page_file("page.css"))
        .replace("STAMP-OF-THE-PAGE", css_text(stamp))
        .replace("NAME-OF-THE-PAGE", css_text(line))
    )
