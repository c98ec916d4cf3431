"""The page around a flowchart: one HTML file that asks nobody for anything and runs nothing but its own."""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from string import Template

from diagrams.layout import RenderError
from diagrams.text import inert
from diagrams.web.details import Detail, details_of
from diagrams.web.live import Live, findings_html, watch_html
from diagrams.web.statements import statements_of
from diagrams.web.twin import twin_html
from pathway.document.picture import PictureError, inlined
from pathway.document.policy import css_text, policy_of
from pathway.language.definition import Definition

PREFIX = "c-"  # before every id of the chart, which otherwise might be one of the page
_SCRIPTS = ("view.js", "telling.js", "search.js", "page.js")
_NOT_INERT = "Nothing was written; please report it: a chart may hold shapes and texts only"
# On paper; a preview keeps its style whatever becomes of the definition: it names neither version nor status.
_PREVIEW = ("PREVIEW: not approved for clinical use", "live preview")
_NO_CHART = '<p class="empty">There is no chart yet.</p>'


def page(definition: Definition, svg: str, outline: str, live: Live | None = None) -> str:
    """The page of a chart, its picture and its text twin; the same arguments give the same page.

    With `live` it is that of a preview: it asks the server it came from for newer ones. Raises RenderError
    for a picture with anything in it but shapes and texts.
    """
    return page_of(told_of(definition, outline), pictured(svg), live)


def page_without_chart(name: str, live: Live) -> str:
    """The page of a preview before anything could be drawn."""
    head = f"<h1>{html.escape(inert(name))}</h1>"
    nothing = Told(inert(name), _PREVIEW, head, "", "<p>There is no chart yet.</p>", "{}")
    return page_of(nothing, Pictured(_NO_CHART, "none"), live)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells of its definition: markup of ours, the words in it made inert.

    `printed` are the two lines at the foot of every printed page: status and identity.
    """

    title: str
    printed: tuple[str, str]
    head: str
    about: str
    outline: str
    data: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture as part of a page; `drawing` is the same only for the very same picture."""

    chart: str
    drawing: str


def told_of(definition: Definition, outline: str) -> Told:
    """All of a page but its picture and the state of a preview."""
    name = inert(f"{definition.title} {definition.version}")
    title = name if definition.stamp is None else f"{inert(definition.stamp)} · {name}"
    printed = definition.stamp or "approved", _identity(definition)
    about, data = _about(definition), _data(definition)
    return Told(title, printed, _head(definition), about, twin_html(outline), data)


def pictured(svg: str) -> Pictured:
    """The picture for a page. Raises RenderError for anything in it but shapes and texts."""
    try:
        chart = inlined(svg, PREFIX)
    except PictureError as error:
        raise RenderError(str(error), _NOT_INERT) from None
    return Pictured(chart, hashlib.sha256(chart.encode()).hexdigest()[:16])


def page_of(told: Told, picture: Pictured, live: Live | None = None) -> str:
    """The page from its parts, which a preview keeps while only its findings change."""
    scripts = [_file(name) for name in (*_SCRIPTS, *([] if live is None else ["live.js"]))]
    style = _style(*(told.printed if live is None else _PREVIEW))
    return Template(_file("page.html")).substitute(
        head=told.head,
        chart=picture.chart,
        drawing=picture.drawing,
        about=told.about,
        outline=told.outline,
        data=told.data,
        policy=html.escape(policy_of(style, *scripts, asks_its_server=live is not None)),
        title=html.escape(told.title),
        style=style,
        watch="" if live is None else watch_html(live),
        findings="" if live is None else findings_html(live),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _style(stamp: str, name: str) -> str:
    """The stylesheet with the two lines that every printed page carries."""
    return (
        (_file("palette.css") + _file("page.css"))
        .replace("STAMP-OF-THE-PAGE", css_text(inert(stamp)))
        .replace("NAME-OF-THE-PAGE", css_text(inert(name)))
    )


def _head(definition: Definition) -> str:
    stamp = "" if definition.stamp is None else f'<p class="stamp banner">{_said(definition.stamp)}</p>'
    return f'{stamp}<h1>{_said(definition.title)}</h1><p class="identity">{_said(_identity(definition))}</p>'


def _identity(definition: Definition) -> str:
    return f"{definition.id} {definition.version}, digest {definition.digest[:12]}, {definition.status}"


def _about(definition: Definition) -> str:
    """Review, disclaimer, layers and the whole digest: the title block for those who read the page."""
    told = (
        ("Review", definition.review),
        ("Disclaimer", definition.disclaimer),
        ("Digest", definition.digest),
    )
    rows = "".join(f"<dt>{what}</dt><dd>{_said(text)}</dd>" for what, text in told if text)
    counts = {
        layer: sum(one.layer == layer for one in definition.sources.values()) for layer in definition.layers
    }
    layers = "".join(
        f'<dt><span class="layer layer-{place}">{_said(layer)}</span></dt>'
        f"<dd>{_said(title)} ({counts[layer]} statements)</dd>"
        for place, (layer, title) in enumerate(definition.layers.items(), start=1)
    )
    return f"<h2>About this pathway</h2><dl>{rows}{layers}</dl>"


def _said(text: str) -> str:
    return html.escape(inert(text))


def _data(definition: Definition) -> str:
    """What the page tells of boxes and lines, as data that no reader of HTML mistakes for markup."""
    details = details_of(definition)
    told = list({id(detail): detail for detail in details.values()}.values())
    places = {id(detail): place for place, detail in enumerate(told)}
    data = {
        "elements": {name: places[id(detail)] for name, detail in details.items()},
        "told": [_as_data(detail) for detail in told],
        "statements": {name: asdict(one) for name, one in statements_of(definition).items()},
    }
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _as_data(detail: Detail) -> dict[str, object]:
    return asdict(detail)


def _file(name: str) -> str:
    folder = files("pathway.document") / "page" if name == "palette.css" else files("diagrams.web") / "page"
    return (folder / name).read_text("utf-8")
