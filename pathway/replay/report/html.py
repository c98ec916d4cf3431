"""The report as one HTML page that needs nothing else: no request, no script, no font of others.

Every text goes into the page as the text of an element, never as a part of its markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element, SubElement, tostring

from pathway.document.picture import inlined
from pathway.document.policy import policy_of
from pathway.language.calendar import format_duration
from pathway.language.problems import visible
from pathway.replay.report.as_csv import use_words
from pathway.replay.report.counting import counted
from pathway.replay.report.findings import Finding, GuardRead
from pathway.replay.report.gathering import OfPathway, Report
from pathway.replay.report.passed_over import passed_over_lines
from pathway.replay.report.text import place_words

TITLE = "Replay report"
SHOWN = 500  # findings of a pathway that a page tells; a table of more is what --csv is for
_STYLE = """
body { margin: 0 auto; padding: 1rem 2rem 3rem; max-width: 90rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 "Liberation Sans", Arial, sans-serif; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 4.5rem; }
thead th { background: var(--soft); white-space: nowrap; min-width: 0; }
.stamp { color: var(--stamp); background: var(--stamp-paper); padding: 0.4rem 0.8rem; font-weight: bold; }
.quiet { color: var(--quiet); }
.chart { overflow: auto; max-height: 90vh; border: 1px solid var(--line); background: #ffffff; }
@media print { .chart { max-height: none; } }
"""


def page_of(report: Report, flows: Mapping[tuple[str, str], str]) -> str:
    """The page; `flows` are the charts of the pathways as SVG. The same report gives the same bytes.

    Raises PictureError for a chart that is not inert.
    """
    style = (files("pathway.document") / "page" / "palette.css").read_text("utf-8") + _STYLE
    parts = ['<!doctype html>\n<html lang="en">\n', _head(style), "<body>\n<main>\n"]
    parts += [_markup(element) for element in _opening(report)]
    for number, (key, of) in enumerate(report.pathways.items(), 1):
        parts += [_markup(element) for element in _of_pathway(of)]
        if key in flows:
            parts += _chart(flows[key], f"flow-{number}-")
        parts += [_markup(element) for element in _tables(of, report)]
    return "".join([*parts, "</main>\n</body>\n</html>\n"])


def _head(style: str) -> str:
    """The head; its style is ours alone, and the policy lets in nothing else."""
    head = Element("head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy_of(style)})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "title").text = TITLE
    SubElement(head, "style").text = style
    return _markup(head)


def _markup(element: Element) -> str:
    return f"{tostring(element, encoding='unicode', method='html')}\n"


def _text(tag: str, text: str, kind: str = "") -> Element:
    element = Element(tag, {"class": kind} if kind else {})
    element.text = visible(text)
    return element


def _chart(svg: str, prefix: str) -> Iterator[str]:
    """The chart: shapes and texts only, which `inlined` ascertains."""
    yield '<figure><div class="chart" tabindex="0" role="region" aria-label="Flow of the cases">'
    yield inlined(svg, prefix)
    yield "</div></figure>\n"


# --- what stands in it ----------------------------------------------------------------------------
def _opening(report: Report) -> Iterator[Element]:
    logs, conforming = len(report.replayed), sum(one.conforms for one in report.replayed)
    events = counted(sum(one.events for one in report.replayed), "event")
    yield _text("h1", TITLE)
    yield _text(
        "p", f"{counted(logs, 'log')}, {events}: {conforming} conforming, {logs - conforming} divergent."
    )
    faults = [(one.origin.words, one.findings[0].class_, one.fault) for one in report.replayed if one.fault]
    yield from _table("Logs that could not be replayed", ("log", "class", "why"), faults)
    yield from (_text("p", line, "quiet") for line in passed_over_lines(report.notes))


def _of_pathway(of: OfPathway) -> Iterator[Element]:
    definition, fitness = of.definition, of.fitness
    yield _text("h2", f"{definition.title} {definition.version}")
    if definition.stamp is not None:
        yield _text("p", definition.stamp, "stamp")
    yield _text("p", f"{definition.id}, status {definition.status}, digest {definition.digest}", "quiet")
    words = f"{counted(of.logs, 'log')}: {of.conforming} conforming, {of.logs - of.conforming} divergent"
    told = f"; fitness {fitness.share} ({fitness.followed} of {counted(fitness.events, 'event')} follow)"
    yield _text("p", words + (told if fitness.share is not None else "") + ".")


def _tables(of: OfPathway, report: Report) -> Iterator[Element]:
    found = [one for log in report.replayed if log.pathway is of.definition for one in log.findings]
    deviations = (
        (place_words(one.at), str(one.times), str(one.cases), one.example.origin.named)
        for one in of.deviations
    )
    yield from _table("Deviations by guard and state", ("what", "times", "cases", "such as"), deviations)
    deadlines = (
        (one.action, str(one.met), str(one.late), str(one.never), str(of.overdue[one.action]))
        for one in of.tally.kept
    )
    columns = ("action", "met", "late", "never", "of these overdue when the log ended")
    yield from _table("Deadlines", columns, deadlines)
    stays = (
        (
            f"{stay.track}.{stay.state}", str(stay.count),
            *map(_duration, (stay.least, stay.median, stay.p90, stay.most)), str(stay.still),
        )
        for stay in of.stays
    )  # fmt: skip
    yield from _table(
        "Time in state", ("state", "stays", "min", "median", "p90", "max", "still there"), stays
    )
    title = "Findings" if len(found) <= SHOWN else f"The first {SHOWN} of {len(found)} findings"
    yield from _table(
        title,
        ("log", "case", "where", "class", "expected", "logged", "guard", "values", "why"),
        map(_finding, found[:SHOWN]),
    )


def _finding(one: Finding) -> Sequence[str]:
    origin = one.origin
    return (
        origin.words, origin.case, one.where, one.class_, one.expected, one.logged,
        *_guard(one.spot.guard), one.why,
    )  # fmt: skip


def _guard(guard: GuardRead | None) -> tuple[str, str]:
    if guard is None:
        return "", ""
    name = "" if guard.name is None else f"{guard.name}: "
    return f"{name}{guard.text} is {guard.verdict}", "; ".join(map(use_words, guard.uses))


def _duration(seconds: int | None) -> str:
    return "" if seconds is None else format_duration(seconds)


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Element]:
    """A table, unless it would have no rows."""
    told = list(rows)
    if not told:
        return
    table = Element("table")
    table.append(_text("caption", caption))
    head = SubElement(SubElement(table, "thead"), "tr")
    head.extend(_text("th", column) for column in columns)
    body = SubElement(table, "tbody")
    for row in told:
        SubElement(body, "tr").extend(_text("td", cell) for cell in row)
    yield table
