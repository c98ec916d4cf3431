"""The chart in words: an ordered outline for screen readers and for diffs.

States, ways, actions, safeguards and notices are named, and numbers stand on a line of their own element
only: an element put between others changes its own lines and the numbers after it, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagrams.chart import Column, Row, Table
from diagrams.deeds import Deeds
from diagrams.tables import Notes, cited, derived_table, english, notice_table, safeguard_table
from diagrams.text import inert
from diagrams.ways import ways_back
from diagrams.written.entries import Entry, entry, markdown, plain_text
from diagrams.written.title_block import title_block
from pathway.language.definition import Definition, Source, State, Track, Transition

_READING = "How to read it"
_RULES = (
    "A way is taken only when its condition is TRUE and those of all other ways of its state are FALSE",
    "Where the clinician chooses, every way that is TRUE is offered",
    "A missing fact opens nothing: the case waits and asks for it",
    "Otherwise means that the conditions of all other ways of the state are FALSE",
)


def outline_text(definition: Definition) -> str:
    """The outline as plain text, one statement a line."""
    return plain_text(title_block(definition), chapters(definition))


def outline_markdown(definition: Definition) -> str:
    """The outline as Markdown, with headings by which a screen reader can move."""
    return markdown(title_block(definition), chapters(definition))


def chapters(definition: Definition) -> tuple[Entry, ...]:
    """The tracks in written order, then what stands in the tables of the chart, then the sources."""
    deeds = _InFull(definition)
    tracks = (_track(track, definition, deeds) for track in definition.tracks.values())
    tables = (
        _chapter(safeguard_table(definition), definition.safeguards),
        _chapter(notice_table(definition), definition.notices),
        _uncalled(deeds.uncalled()),
        _derived(derived_table(definition)),
    )
    return (
        entry(_READING, _RULES),
        *tracks,
        *(one for found in tables for one in found),
        *_sources(definition),
    )


class _InPlace(Notes):
    """Nothing moves into a table: an outline has room for every text where it belongs."""

    def short(self, text: str, lines: int) -> str:
        return inert(text)


class _InFull(Deeds):
    """Actions in words, with safeguards and notices by name instead of number."""

    def __init__(self, definition: Definition) -> None:
        super().__init__(definition, _InPlace("T"), _InPlace("R"))
        self._safeguards = {name: name for name in definition.safeguards}
        self._notices = {name: name for name in definition.notices}


# --- tracks ---------------------------------------------------------------------------------------
def _track(track: Track, definition: Definition, deeds: Deeds) -> Entry:
    start = _named(track.states[track.start])
    heading = inert(f"Track: {track.title} [{track.name}], starts at {start}")
    returns = ways_back(track)
    return entry(heading, (_state(one, definition, deeds, returns) for one in track.states.values()))


def _state(state: State, definition: Definition, deeds: Deeds, returns: frozenset[tuple[str, int]]) -> Entry:
    heading = inert(f"{state.number}. {state.title} [{state.track}.{state.name}], {state.kind}")
    ways = (_way(way, state, definition, returns) for way in state.next)
    return entry(heading, (*_about(state, definition), *_actions(state, definition, deeds), *ways))


def _named(state: State) -> str:
    return f"{state.title} [{state.track}.{state.name}]"


def _about(state: State, definition: Definition) -> Iterator[str]:
    """What is said of a state itself."""
    if state.phase is not None:
        yield inert(f"phase: {definition.phases.get(state.phase, state.phase)}")
    if state.text:
        yield inert(f"text: {state.text}")
    for name in state.asks:
        yield inert(f"asks: {definition.facts[name].label} ({name})")
    for name, notice in definition.notices.items():
        if (state.track, state.name) in notice.states:
            yield f"notice: {name}"
    yield from _sources_line(cited(state.cites, None, definition))


def _actions(state: State, definition: Definition, deeds: Deeds) -> Iterator[Entry]:
    for do in state.do:
        word = "action" if definition.actions[do.action].orderable else "shown, not an order"
        row = deeds.row(do)
        yield entry(f"{word}: {row.title} [{do.action}]", _row(row))


def _row(row: Row) -> Iterator[str]:
    if row.deadline:
        yield row.deadline
    yield from row.lines
    yield from _sources_line(row.sources)


def _way(way: Transition, state: State, definition: Definition, returns: frozenset[tuple[str, int]]) -> Entry:
    target = definition.tracks[way.track].states[way.to]
    back = "back to" if (way.source, way.index) in returns else "to"
    return entry(inert(f"way {way.index + 1}: {back} {_named(target)}"), _told(way, state, definition))


def _told(way: Transition, state: State, definition: Definition) -> Iterator[str]:
    yield f"when: {english(way.when)}"
    if way.text:
        yield inert(f"text: {way.text}")
    yield f"taken: {taken(way, state)}"
    yield from _sources_line(cited(way.cites, None, definition))


def taken(way: Transition, state: State) -> str:
    """Who takes a way once its condition is TRUE and all others of the state are FALSE."""
    if state.choice:
        return "chosen by the clinician"
    return "automatically" if way.auto or state.kind == "decision" else "confirmed by the clinician"


def _sources_line(sources: str) -> Iterator[str]:
    if sources:
        yield f"sources: {sources}"


# --- what stands in the tables of the chart ---------------------------------------------------------
def _chapter(tables: tuple[Table, ...], names: Iterable[str]) -> Iterator[Entry]:
    """A table as a chapter: an entry a row under the row's name, a line a cell."""
    for table in tables:
        rows = zip(names, table.rows, strict=True)
        yield entry(table.title, (entry(name, _cells(table.columns, row, name)) for name, row in rows))


def _cells(columns: tuple[Column, ...], row: tuple[str, ...], name: str) -> Iterator[str]:
    for column, cell in zip(columns, row, strict=True):
        if cell and cell != name:
            title = "number on the chart" if column.title == "No." else column.title.lower()
            yield f"{title}: {cell}"


def _uncalled(tables: tuple[Table, ...]) -> Iterator[Entry]:
    for table in tables:
        rows = (entry(row[0], _cells(table.columns, row, row[0])) for row in table.rows)
        yield entry(table.title, rows)


def _derived(tables: tuple[Table, ...]) -> Iterator[Entry]:
    """Each derived fact once, its values in the order in which they are tried."""
    for table in tables:
        facts: list[tuple[str, list[Entry]]] = []
        for head, *cells in table.rows:
            if head:
                facts.append((head, []))
            value, when, sources = cells
            facts[-1][1].append(entry(f"value: {value}", (f"when: {when}", *_sources_line(sources))))
        yield entry(table.title, (entry(head, rows) for head, rows in facts))


def _sources(definition: Definition) -> Iterator[Entry]:
    if definition.sources:
        yield entry("Sources", (_source(one) for one in definition.sources.values()))


def _source(source: Source) -> Entry:
    grade = "" if source.grade is None else f", grade {source.grade}"
    reference = f", reference {', '.join(source.ref)}" if source.ref else ""
    problem = (inert(f"known problem: {source.problem}"),) if source.problem else ()
    return entry(inert(f"{source.id} ({source.layer}{grade}{reference}): {source.text}"), problem)
