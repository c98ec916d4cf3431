"""The appendix: every statement that is cited, in our words, by layer; their grades and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from diagrams.chart import Chart, Column, Table
from diagrams.text import inert
from pathway.language.definition import Definition, Source

GRADES, REFERENCES, STATEMENTS = "grades", "references", "cited"
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def cited_tables(printed: Iterable[str], definition: Definition) -> tuple[Table, ...]:
    """A table for each layer of the statements named in these texts, then grades and references.

    A statement that the words of a cited one name is cited too.
    """
    found = _named(printed, definition.sources)
    if not found:
        return ()
    own = [source for id, source in definition.sources.items() if id in found]
    layers = (_layer(name, title, own) for name, title in definition.layers.items())
    tables = (*layers, _grades(own, definition), _references(own, definition))
    return tuple(table for table in tables if table.rows)


def texts_of(chart: Chart) -> Iterator[str]:
    """Where a chart names its sources: above it, in boxes, at their actions, at lines, and in tables."""
    yield from chart.remarks
    for lane in chart.lanes:
        for box in lane.boxes:
            yield box.sources
            yield from (text for row in box.rows for text in (*row.lines, row.sources))
        yield from (edge.sources for edge in lane.edges)
    yield from texts_in(chart.tables)


def texts_in(tables: Iterable[Table]) -> Iterator[str]:
    """Every cell of the tables."""
    return (cell for table in tables for row in table.rows for cell in row)


def is_appendix(table: Table) -> bool:
    """Whether a table belongs to the appendix."""
    return table.id.partition("-")[0] in (STATEMENTS, GRADES, REFERENCES)


def _named(printed: Iterable[str], sources: Mapping[str, Source]) -> set[str]:
    found: set[str] = set()
    left = list(printed)
    while left:
        text = left.pop()
        words = {word.rstrip(".-") for word in _WORD.findall(text)}
        new = {word for word in words if word in sources} - found
        found |= new
        left += [said for id in new for said in (sources[id].text, sources[id].problem or "")]
    return found


def _layer(name: str, title: str, sources: Iterable[Source]) -> Table:
    """The statements of one layer; the grade and the references have columns only where there are any."""
    own = [source for source in sources if source.layer == name]
    columns = [Column("No.", 5), Column("What it says, in our words", 66)]
    rows = [[inert(source.id), _words(source)] for source in own]
    further = (
        (Column("Grade", 6), [str(source.grade or "") for source in own]),
        (Column("Ref.", 7), [inert(", ".join(source.ref)) for source in own]),
    )
    for column, cells in further:
        if any(cells):
            columns.append(column)
            rows = [[*row, cell] for row, cell in zip(rows, cells, strict=True)]
    heading = inert(f"What is cited, {name}: {title}")
    return Table(f"{STATEMENTS}-{name}", heading, tuple(columns), tuple(map(tuple, rows)))


def _words(source: Source) -> str:
    problem = f"\nProblem: {inert(source.problem)}" if source.problem else ""
    return f"{inert(source.text)}{problem}"


def _grades(sources: Iterable[Source], definition: Definition) -> Table:
    used = {source.grade for source in sources}
    rows = tuple((str(grade), inert(text)) for grade, text in definition.grades.items() if grade in used)
    columns = (Column("Grade", 6), Column("What it means", 72))
    return Table(GRADES, "What the grades mean", columns, rows)


def _references(sources: Iterable[Source], definition: Definition) -> Table:
    """Those of the definition's references on which a cited statement rests."""
    used = {ref for source in sources for ref in source.ref}
    rows = tuple((inert(ref), inert(text)) for ref, text in definition.references.items() if ref in used)
    columns = (Column("Ref.", 6), Column("Reference", 72))
    return Table(REFERENCES, "References of the statements", columns, rows)
