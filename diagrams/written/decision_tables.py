"""Every state with more than one way out as a table in the manner of DMN, for those who read tables.

Columns are what the conditions ask of, rows the ways in written order. A row whose condition is a conjunction
of comparisons of one fact each stands split over the columns; any other stands whole in a column of its own.
Below them stands, for each fact, what happens while it is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagrams.tables import cited, english
from diagrams.text import inert, listed
from diagrams.written.cells import ANY, Cell, Input, heading, split
from pathway.language import expression as ex
from pathway.language.ask import names_of
from pathway.language.definition import Definition, State, Transition
from pathway.language.english import Names
from pathway.language.expression import walk

UNKNOWN = "UNKNOWN"
IN_COLUMNS, IN_WORDS = "as in the columns", "see whole condition"
CONDITION = "Whole condition"
MOST_NAMED = 5
_UNIQUE = (
    "U (unique): a row is taken only when it is TRUE and every other row is FALSE. "
    "Two TRUE rows are a conflict: the case stays here and shows both"
)
_COLLECT = "C (collect): every TRUE row is offered, and the clinician chooses one"

_COMPARED = (ex.Compare, ex.Between, ex.OneOf, ex.Includes, ex.Empty)
_SETTLED = (ex.Known, ex.Done, ex.Declined, ex.Recorded, ex.InState, ex.AtLeast)  # TRUE or FALSE without it


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a way with its number in written order, or (without a number) a fact that is missing."""

    number: int | None
    cells: tuple[str, ...]
    then: str
    taken: str
    sources: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The ways out of one state. `rules` are the ways, `missing` the rows of what is UNKNOWN."""

    id: str
    title: str
    policy: str
    columns: tuple[str, ...]
    rules: tuple[Rule, ...]
    missing: tuple[Rule, ...]


def decision_tables(definition: Definition) -> tuple[DecisionTable, ...]:
    """The tables of all states at which something is decided, in the order of their numbers."""
    states = (state for track in definition.tracks.values() for state in track.states.values())
    decided = (state for state in states if len(state.next) > 1 or (state.next and state.kind == "decision"))
    return tuple(_Deciding(state, definition).table() for state in decided)


class _Deciding:
    """One state with its conditions taken apart."""

    def __init__(self, state: State, definition: Definition) -> None:
        self._state = state
        self._definition = definition
        self._names: Names = names_of(definition)
        self._parts = [split(way.when.expression, self._names) for way in state.next]
        self._inputs = tuple(dict.fromkeys(cell.input for cells in self._parts for cell in cells or ()))
        whole = [way for way, cells in zip(state.next, self._parts, strict=True) if cells is None]
        self._has_whole = any(not way.when.is_otherwise for way in whole)

    def table(self) -> DecisionTable:
        state = self._state
        columns = heading(self._inputs, self._names)
        return DecisionTable(
            id=f"decision-{state.track}-{state.name}",
            title=inert(f"{state.number}. {state.title} [{state.track}.{state.name}]"),
            policy=_COLLECT if state.choice else _UNIQUE,
            columns=(*columns, CONDITION) if self._has_whole else columns,
            rules=tuple(self._rule(way) for way in state.next),
            missing=tuple(self._missing(fact) for fact in self._facts()),
        )

    def _rule(self, way: Transition) -> Rule:
        target = self._definition.tracks[way.track].states[way.to]
        words = f": {way.text}" if way.text else ""
        then = inert(f"go to {target.number}. {target.title} [{target.track}.{target.name}]{words}")
        sources = cited(way.cites, None, self._definition)
        return Rule(way.index + 1, tuple(self._cells(way)), then, self._taken(way), sources)

    def _taken(self, way: Transition) -> str:
        if self._state.choice:
            return "the clinician chooses"
        automatic = way.auto or self._state.kind == "decision"
        return "automatic" if automatic else "the clinician confirms"

    def _cells(self, way: Transition) -> Iterator[str]:
        cells, condition = self._parts[way.index], english(way.when)
        if way.when.is_otherwise:
            yield from (condition for _ in range(len(self._inputs) + self._has_whole))
        elif cells is None:
            yield from (IN_WORDS for _ in self._inputs)
            yield condition
        else:
            for column in self._inputs:
                yield inert(listed(_asked(column, cells))) if _asked(column, cells) else ANY
            yield from ([IN_COLUMNS] if self._has_whole else [])

    # --- what is missing ----------------------------------------------------------------------------
    def _facts(self) -> list[str]:
        """The facts that the conditions name, in written order."""
        reads = (name for way in self._state.next for name in way.when.reads)
        return list(dict.fromkeys(reads))

    def _missing(self, fact: str) -> Rule:
        cells = [UNKNOWN if column.fact == fact else ANY for column in self._inputs]
        label = self._definition.facts[fact].label
        if self._has_whole:
            cells.append(inert(f"{label} is {UNKNOWN}"))
        elif UNKNOWN not in cells:
            cells = [inert(f"{label} is {UNKNOWN}"), *cells[1:]]
        return Rule(None, tuple(cells), self._waiting(fact), "waits", "")

    def _waiting(self, fact: str) -> str:
        """What an UNKNOWN fact leaves possible; nothing is said to be possible without its condition."""
        asked = f"stay here and ask for {self._needed(fact)}"
        left = [way.index + 1 for way in self._state.next if self._may_be_taken(way, fact)]
        if not left:
            return inert(asked)
        row = f"row {listed(map(str, left), 'or')}"
        if self._state.choice:
            return inert(f"{asked}; {row} is still offered where it is TRUE without it")
        return inert(f"{asked}, unless without it {row} is TRUE and every other row FALSE")

    def _needed(self, fact: str) -> str:
        """The fact, or what a derived one is derived from."""
        found = self._definition.facts[fact]
        if found.formula is None or not found.formula.facts:
            return found.label
        base = [self._definition.facts[name].label for name in sorted(found.formula.facts)]
        told = listed(base) if len(base) <= MOST_NAMED else f"{len(base)} facts"
        return f"{found.label} (derived from {told})"

    def _may_be_taken(self, way: Transition, fact: str) -> bool:
        others = [other for other in self._state.next if other.index != way.index]
        held = not self._state.choice and any(_rests_on(other, fact) for other in others)
        cells = self._parts[way.index]
        undecided = any(cell.input.fact == fact and not cell.tells_of_record for cell in cells or ())
        return not held and not undecided and not _rests_on(way, fact)


def _asked(column: Input, cells: tuple[Cell, ...]) -> list[str]:
    return [cell.words for cell in cells if cell.input == column]


def _rests_on(way: Transition, fact: str) -> bool:
    """Whether the condition is UNKNOWN whatever else holds: every part of it reads this fact and no other."""
    if way.when.expression is None or set(way.when.reads) != {fact}:
        return False
    nodes = walk(way.when.expression)
    compared = (node for node in nodes if isinstance(node, _COMPARED))
    return not any(isinstance(node, _SETTLED) for node in nodes) and all(
        any(isinstance(part, ex.FactRef) for part in walk(node)) for node in compared
    )
