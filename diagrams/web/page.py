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
    try:
        drawn = inlined(svg, PREFIX)
    except PictureError as error:
        raise RenderError(str(error), _NOT_INERT) from None
    name = inert(f"{definition.title} {definition.version}")
    title = name if definition.stamp is None else f"{inert(definition.stamp)} · {name}"
    printed = (definition.stamp or "approved", _identity(definition)) if live is None else _PREVIEW
    told = _head(definition), drawn, _about(definition), twin_html(outline), _data(definition)
    return _filled(title, _style(*printed), _Parts(*told), live)


def page_without_chart(name: str, live: Live) -> str:
    """The page of a preview before anything could be drawn."""
    head = f"<h1>{html.escape(inert(name))}</h1>"
    parts = _Parts(head, _NO_CHART, "", "<p>There is no chart yet.</p>", "{}")
    return _filled(inert(name), _style(*_PREVIEW), parts, live)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of a page is about its definition: markup of ours, the words in it made inert."""

    head: str
    chart: str
    about: str
    outline: str
    data: str


def _filled(title: str, style: str, parts: _Parts, live: Live | None) -> str:
    scripts = [_file(name) for name in (*_SCRIPTS, *([] if live is None else ["live.js"]))]
    return Template(_file("page.html")).substitute(
        asdict(parts),
        policy=html.escape(policy_of(style, *scripts, asks_its_server=live is not None)),
        title=html.escape(title),
        style=style,
        watch="" if live is None else watch_html(live),
        drawing=hashlib.sha256(parts.chart.encode()).hexdigest()[:16],
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
