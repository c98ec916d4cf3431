"""What is told of each box and each line of a chart: the whole guards, the actions, what may stop them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagrams.chart import Table
from diagrams.deeds import Deeds
from diagrams.tables import Notes, english, notice_table, numbered, safeguard_table
from diagrams.text import inert
from diagrams.ways import state_id
from diagrams.written.outline import taken
from pathway.language.definition import Definition, Do, Guard, State, Track, Transition


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is told. `written` is a guard as its author put it; `leads` the id of what it is about.

    `cites` are the ids of the statements it rests on.
    """

    text: str
    lines: tuple[str, ...] = ()
    written: str = ""
    leads: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is told of a box or a line; `kind` says what it is and where it stands."""

    heading: str
    kind: str
    parts: tuple[Part, ...]
    cites: tuple[str, ...] = ()


class _Whole(Notes):
    """Leaves every text where it stands: a page has room for all of them."""

    def short(self, text: str, lines: int) -> str:
        return inert(text)


def details_of(definition: Definition) -> dict[str, Detail]:
    """What is told of every box and line of the chart, by its id in the picture."""
    telling = _Telling(definition)
    found: dict[str, Detail] = {}
    for track in definition.tracks.values():
        start = telling.start(track)
        found |= {f"start-{track.name}": start, f"entry-{track.name}": start}
        for state in track.states.values():
            found |= telling.around(track, state)
    return found


class _Telling:
    """Speaks of the elements of one definition."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._deeds = Deeds(definition, _Whole("T"), _Whole("R"))
        self._safeguards = _rows(definition.safeguards, safeguard_table(definition))
        self._notices = _rows(definition.notices, notice_table(definition))

    def start(self, track: Track) -> Detail:
        """Where a track begins."""
        first = track.states[track.start]
        leads = Part("Leads to", (Entry(_named(first), leads=state_id(first)),))
        return Detail(inert(f"Start: {track.title}"), "start of a track", (leads,))

    def around(self, track: Track, state: State) -> dict[str, Detail]:
        """A state, the boxes beside it that hold its actions, and the ways out of it."""
        own = self.state(track, state)
        beside = _beside(state)
        found = dict.fromkeys((state_id(state), *beside, *(f"to-{box}" for box in beside)), own)
        for way in state.next:
            detail, key = self.way(track, state, way), f"{track.name}-{state.name}-{way.index}"
            found |= {f"way-{key}": detail, f"link-{key}": detail}
        return found

    def state(self, track: Track, state: State) -> Detail:
        phase = self._definition.phases.get(state.phase, state.phase) if state.phase is not None else None
        where = inert(", ".join(filter(None, (track.title, phase))))
        parts = (
            Part("Remark", (Entry(inert(state.text)),) if state.text else ()),
            Part("Asks", tuple(self._asked(name) for name in state.asks)),
            Part("Actions", tuple(self._deed(do) for do in state.do)),
            Part("Safeguards", tuple(self._safeguarded(state))),
            Part("Notices", tuple(self._noticed(state))),
            Part(_ways_title(state), tuple(self._on(track, state, way) for way in state.next)),
        )
        told = tuple(part for part in parts if part.entries)
        return Detail(_named(state), f"{state.kind} in {where}", told, state.cites)

    def way(self, track: Track, state: State, way: Transition) -> Detail:
        target = track.states[way.to]
        parts = (
            Part("Condition", (Entry(english(way.when), written=_written(way.when)),)),
            Part("Words on the line", (Entry(inert(way.text)),) if way.text else ()),
            Part("From", (Entry(_named(state), leads=state_id(state)),)),
            Part("To", (Entry(_named(target), leads=state_id(target)),)),
        )
        told = tuple(part for part in parts if part.entries)
        kind = f"way {way.index + 1} of {len(state.next)}, taken: {taken(way, state)}"
        return Detail(f"{_named(state)} → {_named(target)}", kind, told, way.cites)

    def _asked(self, name: str) -> Entry:
        fact = self._definition.facts[name]
        return Entry(inert(fact.ask or fact.label), cites=fact.cites)

    def _deed(self, do: Do) -> Entry:
        row, action = self._deeds.row(do), self._definition.actions[do.action]
        doses = ((inert(f"dose of {dose.amount_text} when"), dose.when) for dose in action.doses)
        guards = (("when", do.when), ("until", do.until), *doses)
        written = "; ".join(f"{words} {_written(guard)}" for words, guard in guards if guard is not None)
        further = [dose.cites for dose in action.doses]
        further += [action.schedule.cites] if action.schedule is not None else []
        cites = (*do.cites, *action.cites, *(cite for each in further for cite in each))
        lines = tuple(line for line in (row.deadline, *row.lines) if line)
        return Entry(row.title, lines, written, cites=tuple(dict.fromkeys(cites)))

    def _safeguarded(self, state: State) -> Iterator[Entry]:
        called = {do.action for do in state.do}
        for name, one in self._definition.safeguards.items():
            if called & set(one.actions):
                mark, _, on, when, then, text, _ = self._safeguards[name]
                lines = tuple(line for line in (f"on {on}", f"when: {when}", then, text) if line)
                yield Entry(f"{mark} {inert(name)}", lines, _written(one.when), cites=one.cites)

    def _noticed(self, state: State) -> Iterator[Entry]:
        called = {do.action for do in state.do}
        for name, one in self._definition.notices.items():
            if called & set(one.about) or (state.track, state.name) in one.states:
                mark, severity, text, when, _, _ = self._notices[name]
                written = _written(one.when) if one.when is not None else ""
                yield Entry(f"{mark} ({severity}): {text}", (f"shown: {when}",), written, cites=one.cites)

    def _on(self, track: Track, state: State, way: Transition) -> Entry:
        words = f"to {_named(track.states[way.to])}: {english(way.when)}"
        return Entry(words, leads=f"way-{track.name}-{state.name}-{way.index}", cites=way.cites)


def _rows(names: Mapping[str, object], tables: tuple[Table, ...]) -> dict[str, tuple[str, ...]]:
    """The rows of a table by the names they are about, which stand in the same order."""
    rows = [row for table in tables for row in table.rows]
    return dict(zip(numbered(names, ""), rows, strict=True))


def _beside(state: State) -> tuple[str, str]:
    return f"calls-{state_id(state)}", f"shown-{state_id(state)}"


def _ways_title(state: State) -> str:
    return (
        "Ways on, of which the clinician chooses" if state.choice else "Ways on, in the order of the pathway"
    )


def _named(state: State) -> str:
    return inert(f"{state.number}. {state.title}")


def _written(guard: Guard) -> str:
    return inert(guard.text)
