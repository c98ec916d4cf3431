"""What the page says of a definition that is being written: errors, the age of the chart, findings."""

from __future__ import annotations

import html
from dataclasses import dataclass

from pathway.language.problems import visible


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: how grave it is, what it says, and the id of the box it is about, if any."""

    severity: str
    text: str
    box: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """The state of a preview. `problems` are why the definition cannot be drawn as it is now.

    While there are any, the chart is the last good one. `revision` grows with every change of the page.
    """

    revision: int
    said: str
    problems: tuple[str, ...] = ()
    has_chart: bool = True
    checked: str = ""
    remarks: tuple[Remark, ...] = ()


def watch_html(live: Live) -> str:
    """The strip above the chart: what was drawn, or why it could not be."""
    if not live.problems:
        return _strip(live, "good", f'<p role="status">{_shown(live.said)}</p>')
    count = f"{len(live.problems)} problem{'s' if len(live.problems) > 1 else ''}"
    kept = (
        "LAST GOOD CHART: what is drawn below is older than the file."
        if live.has_chart
        else "There is no chart yet: it comes as soon as the definition can be read."
    )
    told = "".join(f"<li><pre>{_shown(one)}</pre></li>" for one in live.problems)
    said = f"<p><strong>{kept}</strong> {_shown(live.said)}</p>"
    words = f"<h2>Cannot be drawn as it is now: {count}</h2>{said}"
    return _strip(live, "broken", f'<div role="alert">{words}</div><ol tabindex="0">{told}</ol>')


def _strip(live: Live, look: str, content: str) -> str:
    marks = f'class="{look}" data-revision="{live.revision}" aria-label="Preview"'
    return f'<section id="watch" {marks}>{content}</section>'


def findings_html(live: Live) -> str:
    """The findings of the check; each leads to the box that it is about."""
    items = "".join(_item(remark) for remark in live.remarks)
    listed = f"<ul>{items}</ul>" if items else ""
    return f'<h2>Findings of the check</h2><p role="status">{_shown(live.checked)}</p>{listed}'


def _item(remark: Remark) -> str:
    severity, text, box = map(_shown, (remark.severity, remark.text, remark.box))
    mark = f'<strong class="mark mark-{_look(remark.severity)}">{severity}</strong>'
    leads = f'<button type="button" class="go" data-go="{box}">Show the box</button>' if box else ""
    return f"<li>{mark} <span>{text}</span> {leads}</li>"


def _look(severity: str) -> str:
    return {"error": "high", "warning": "medium"}.get(severity, "low")


def _shown(text: str) -> str:
    """Inert, but in as many lines as it was given: an error points at a place in the line above it."""
    return html.escape("\n".join(visible(line) for line in text.split("\n")))
