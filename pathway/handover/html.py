"""The hand-over as one HTML page that needs nothing else: no request, no script, no font of others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from pathway.document.picture import inlined
from pathway.handover.content import NO_LABEL, Chart, Handover
from pathway.handover.markdown import flat


def page_of(handover: Handover, charts: Sequence[Chart] = ()) -> str:
    """The page. Equal hand-overs give equal bytes. Raises PictureError for a chart that is not inert."""
    style = _style(handover)
    return (
        _environment()
        .get_template("page.html")
        .render(
            handover=handover,
            charts={chart.track: chart for chart in charts},
            identity=dict(handover.identity),
            style=Markup(style),  # nosec B704 (our own style sheet)
            policy=_policy(style),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"page.html": _page_file("page.html")}),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    filters: dict[str, Any] = environment.filters  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    filters.update({"told": flat, "drawn": _drawn})
    return environment


def _drawn(chart: Chart) -> Markup:
    """Shapes and texts only, which `inlined` ascertains."""
    return Markup(inlined(chart.svg, f"chart-{chart.track}-"))  # nosec B704 (shapes and texts only)


def _page_file(name: str) -> str:
    return (files("pathway.handover") / "page" / name).read_text("utf-8")


def _style(handover: Handover) -> str:
    """The stylesheet with the lines that every printed page carries: whose case, which pathway, the stamp."""
    identity: Mapping[str, str] = dict(handover.identity)
    told = (identity.get(name, "") for name in ("Case", "Label", "Pseudonym"))
    who = ", ".join(one for one in told if one not in ("", NO_LABEL))
    line = f"{identity['Pathway']}, digest {identity['Digest'][:12]}"
    return (
        _page_file("page.css")
        .replace("STAMP-OF-THE-PAGE", _css_text(handover.stamp or "approved"))
        .replace("CASE-OF-THE-PAGE", _css_text(flat(f"Case {who}, as of {identity['As of']}")))
        .replace("NAME-OF-THE-PAGE", _css_text(line))
    )


def _css_text(text: str) -> str:
    """A text inside quotes of a stylesheet, every unusual character as its number."""
    plain = (
        one if one.isascii() and (one.isalnum() or one in " .,:-") else f"\\{ord(one):x} " for one in text
    )
    return "".join(plain)


def _policy(style: str) -> str:
    """The content security policy: this very style, and nothing else, from nowhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
