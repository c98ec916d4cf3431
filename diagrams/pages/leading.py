"""What leads from a sheet to the tables behind it: its notices, marks such as T2, derived facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from diagrams.chart import Box, Chart, Column, Table
from diagrams.pages.brief import marks_in
from diagrams.pages.routes import is_state, owners
from diagrams.tables import numbered
from diagrams.text import inert, listed
from diagrams.ways import state_id
from pathway.language.definition import Definition, Fact, Notice, State
from pathway.language.typed import facts_named


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a table: the one whose first cells are these."""

    words: str
    table: str
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something on a sheet, and where more of it is printed."""

    subject: str
    places: tuple[Place, ...]


POINTER_COLUMNS = (Column("What", 60), Column("Where", 70))


def pointer_title(page: str) -> str:
    """The heading over the pointers of a page."""
    return f"More on what page {page} shows"


def pointer_table(page: str, pointers: Sequence[Pointer]) -> tuple[Table, ...]:
    """The pointers of a page as a table in which the places are named, without any printed page."""
    rows = tuple((one.subject, ", ".join(place.words for place in one.places)) for one in pointers)
    return (Table(f"more-{page}", pointer_title(page), POINTER_COLUMNS, rows),) if rows else ()


class Leads:
    """The pointers of any sheet of a book; `short` is the chart as the sheets show it.

    `derived` tells whether the table of derived facts is printed.
    """

    def __init__(self, short: Chart, definition: Definition, derived: bool) -> None:
        self._short = short
        self._definition = definition
        self._derived = derived
        self._notices = numbered(definition.notices, "N")
        self._safeguards = numbered(definition.safeguards, "G")
        states = (state for track in definition.tracks.values() for state in track.states.values())
        known = _asked_or_tested(states)
        self._direct = {name for name, one in definition.notices.items() if _rests_on(one, known)}

    def of_page(self, section: str, states: frozenset[str]) -> tuple[Pointer, ...]:
        """Its notices, the derived facts that its safeguards read, the marks whose text is elsewhere."""
        boxes = list(self._boxes(states))
        actions = dict.fromkeys(row.action for box in boxes for row in box.rows)
        found = [*self._noticed(boxes, actions), *self._shown_here(states)]
        found += self._read(actions) if self._derived else ()
        places = {place.words: place for place in _noted(boxes, section)}
        ordered = sorted(places.values(), key=lambda one: (one.words[0], int(one.words[1:])))
        if ordered:
            found.append(Pointer(f"In full: {_kinds(places)}", tuple(ordered)))
        return tuple(found)

    def _boxes(self, states: frozenset[str]) -> Iterator[Box]:
        for lane in self._short.lanes:
            owner = owners(lane)
            yield from (box for box in lane.boxes if owner[box.id] in states)

    def _noticed(self, boxes: Iterable[Box], actions: Iterable[str]) -> Iterator[Pointer]:
        """What has the same notices stands in one row."""
        found: dict[tuple[str, ...], list[str]] = {}
        for title, names in (*self._of_states(boxes), *self._of_actions(actions)):
            if names:
                found.setdefault(names, []).append(title)
        for names, titles in found.items():
            places = tuple(Place(name, "notices", (name,)) for name in names)
            yield Pointer(f"Notices about {listed(dict.fromkeys(titles))}", places)

    def _of_states(self, boxes: Iterable[Box]) -> Iterator[tuple[str, tuple[str, ...]]]:
        notices = self._definition.notices.items()
        for box in (box for box in boxes if is_state(box)):
            names = (n for n, one in notices if box.id in self._ids(one))
            yield box.heading, tuple(self._notices[name] for name in names)

    def _ids(self, notice: Notice) -> set[str]:
        return {state_id(self._definition.tracks[track].states[state]) for track, state in notice.states}

    def _of_actions(self, actions: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for action in actions:
            names = (name for name, one in self._definition.notices.items() if action in one.about)
            title = inert(self._definition.actions[action].title)
            yield title, tuple(self._notices[name] for name in names)

    def _shown_here(self, states: frozenset[str]) -> Iterator[Pointer]:
        """The notices about nothing in particular that are shown by a fact asked or tested on the sheet.

        One that no sheet asks or tests itself stands where a fact is tested that is derived from its own.
        """
        tracks = self._definition.tracks.values()
        drawn = [one for track in tracks for one in track.states.values() if state_id(one) in states]
        known = _asked_or_tested(drawn)
        behind = {part for fact in known for part in _parts(self._definition.facts[fact])}
        names = [
            name
            for name, one in self._definition.notices.items()
            if _rests_on(one, known) or (name not in self._direct and _rests_on(one, behind))
        ]
        if names:
            places = tuple(Place(mark, "notices", (mark,)) for mark in map(self._notices.__getitem__, names))
            yield Pointer("Notices that facts asked or tested on this page can show", places)

    def _read(self, actions: Iterable[str]) -> Iterator[Pointer]:
        """The derived facts that the safeguards on these actions read."""
        called, readers = set(actions), dict[str, list[str]]()
        for name, safeguard in self._definition.safeguards.items():
            if called & set(safeguard.actions):
                for fact in dict.fromkeys(safeguard.when.reads):
                    readers.setdefault(fact, []).append(self._safeguards[name])
        found: dict[tuple[str, ...], list[Place]] = {}
        for fact in self._definition.facts.values():
            if fact.formula is not None and fact.name in readers:
                place = Place(inert(fact.label), "derived", (_head(fact),))
                found.setdefault(tuple(readers[fact.name]), []).append(place)
        for marks, places in found.items():
            yield Pointer(f"How what {listed(marks)} {_read_by(marks)} is derived", tuple(places))


def _read_by(marks: Sequence[str]) -> str:
    return "reads" if len(marks) == 1 else "read"


def _asked_or_tested(states: Iterable[State]) -> set[str]:
    """The facts that these states ask and that the guards of their transitions name."""
    found: set[str] = set()
    for state in states:
        found.update(state.asks, *(way.when.reads for way in state.next))
    return found


def _rests_on(notice: Notice, facts: set[str]) -> bool:
    """Whether a notice about nothing in particular is shown by one of these facts."""
    if notice.about or notice.states or notice.when is None:
        return False
    return not facts.isdisjoint(notice.when.reads)


def _parts(fact: Fact) -> tuple[str, ...]:
    """The facts that the formula of a derived fact names."""
    if fact.formula is None:
        return ()
    rows = [part for row in fact.formula.rows for part in (row.when.expression, row.value)]
    return facts_named([part for part in (*rows, fact.formula.otherwise) if part is not None])


def _head(fact: Fact) -> str:
    return inert(f"{fact.label} ({fact.name})")


def _noted(boxes: Iterable[Box], section: str) -> Iterator[Place]:
    """The marks in boxes and at actions, which the tables of the phase write out."""
    for box in boxes:
        for mark in (mark for line in box.lines for mark in marks_in(line)):
            yield Place(mark, f"steps-{section}", (box.heading,))
        for row in box.rows:
            for mark in (mark for line in row.lines for mark in marks_in(line)):
                yield Place(mark, f"actions-{section}", (str(box.number), row.title))


def _kinds(marks: Iterable[str]) -> str:
    kinds = {mark[0] for mark in marks}
    names = {"T": "conditions (T)", "Q": "questions (Q)"}
    return listed(words for kind, words in names.items() if kind in kinds)
