"""Decision tables as Markdown, as one self-contained HTML page, and as CSV that a spreadsheet cannot run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from diagrams.written.decision_tables import UNKNOWN, DecisionTable, Rule
from diagrams.written.title_block import title_block
from pathway.handover.markdown import escaped, opening
from pathway.language.definition import Definition

Tables = Sequence[DecisionTable]
HOW_TO_READ = (
    "Every condition is TRUE, FALSE or UNKNOWN; UNKNOWN never chooses.",
    "The rows stand in the order in which the ways are written, which decides nothing.",
    "The last rows of a table say what happens while a fact is missing.",
)
NOTHING = "No step of this pathway has more than one way out."
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = (
    "body{font-family:Arial,Helvetica,sans-serif;color:#111827;background:#fff;margin:2em;line-height:1.4}"
    "table{border-collapse:collapse;margin:0 0 2.5em;max-width:100%}caption{text-align:left;padding:.4em 0}"
    "th,td{border:1px solid #4b5563;padding:.3em .6em;text-align:left;vertical-align:top;max-width:26em}"
    "thead th{background:#e3f0fa}.missing{background:#f3f4f6}.stamp{color:#a83200;font-weight:700}"
    ".policy{font-weight:400}@media print{tr{break-inside:avoid}}"
)


def _headings(table: DecisionTable) -> tuple[str, ...]:
    return ("Row", *table.columns, "Then", "Taken", "Sources")


def _row(rule: Rule) -> tuple[str, ...]:
    number = UNKNOWN if rule.number is None else str(rule.number)
    return (number, *rule.cells, rule.then, rule.taken, rule.sources)


def _rules(table: DecisionTable) -> tuple[Rule, ...]:
    return (*table.rules, *table.missing)


# --- Markdown -------------------------------------------------------------------------------------
def tables_markdown(definition: Definition, tables: Tables) -> str:
    """The tables as Markdown with tables in the manner of GitHub; nothing written is read as markup."""
    head = title_block(definition)
    lines = [f"# {escaped(head.title)}: decision tables", "", f"**{escaped(head.status)}**", ""]
    lines += [f"- {opening(text)}" for text in head.lines if text not in (head.title, head.status)]
    lines += ["", *(f"- {text}" for text in HOW_TO_READ), ""]
    for table in tables:
        lines += _markdown(table)
    return "\n".join(lines if tables else [*lines, NOTHING]).rstrip("\n") + "\n"


def _markdown(table: DecisionTable) -> Iterator[str]:
    yield from (f"## {escaped(table.title)}", "", f"Hit policy {escaped(table.policy)}.", "")
    yield _piped(map(escaped, _headings(table)))
    yield _piped("---" for _ in _headings(table))
    yield from (_piped(map(escaped, _row(rule))) for rule in _rules(table))
    yield ""


def _piped(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# --- HTML -----------------------------------------------------------------------------------------
def tables_html(definition: Definition, tables: Tables) -> str:
    """One page that needs nothing from elsewhere: captions, and headings that name row and column."""
    head = title_block(definition)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(head.title)}: decision tables, {escape(head.status)}</title>",
        f"<style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(head.title)}: decision tables</h1>",
        f'<p class="stamp">{escape(head.status)}</p>',
        *_list(text for text in head.lines if text not in (head.title, head.status)),
        *_list(HOW_TO_READ),
        *(line for table in tables for line in _html(table)),
        *([] if tables else [f"<p>{NOTHING}</p>"]),
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _list(texts: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(text)}</li>" for text in texts)
    yield "</ul>"


def _html(table: DecisionTable) -> Iterator[str]:
    yield f'<table id="{escape(table.id)}"><caption><strong>{escape(table.title)}</strong><br>'
    yield f'<span class="policy">Hit policy {escape(table.policy)}.</span></caption>'
    headings = "".join(f'<th scope="col">{escape(title)}</th>' for title in _headings(table))
    yield f"<thead><tr>{headings}</tr></thead><tbody>"
    for rule in _rules(table):
        number, *cells = _row(rule)
        look = ' class="missing"' if rule.number is None else ""
        rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr{look}><th scope="row">{escape(number)}</th>{rest}</tr>'
    yield "</tbody></table>"


# --- CSV ------------------------------------------------------------------------------------------
def tables_csv(definition: Definition, tables: Tables) -> str:
    """The tables one below the other; a cell that a spreadsheet would run as a formula begins with '.

    The text begins with a byte order mark, without which spreadsheets take × and ≥ for other characters.
    """
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows(map(_guarded, _blocks(definition, tables)))
    return "\ufeff" + file.getvalue()


def _blocks(definition: Definition, tables: Tables) -> Iterator[Iterable[str]]:
    yield from ([line] for line in (*title_block(definition).lines, *HOW_TO_READ))
    if not tables:
        yield [NOTHING]
    for table in tables:
        yield []
        yield [table.title]
        yield [f"Hit policy {table.policy}"]
        yield _headings(table)
        yield from map(_row, _rules(table))


def _guarded(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
