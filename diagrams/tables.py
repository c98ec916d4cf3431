"""The tables beside a chart: everything too long for a box or a line, and what stands behind the boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diagrams.chart import Column, Table
from diagrams.looks import LINE_WIDTH
from diagrams.text import inert, listed, wrapped
from pathway.document.citing import Cited, by_layer
from pathway.language.definition import (
    OTHERWISE,
    Action,
    Definition,
    Fact,
    FormulaRow,
    Guard,
    Notice,
    Safeguard,
)
from pathway.language.english import Names
from pathway.language.english import english as spoken
from pathway.language.expression import Expression, Literal

LINES_IN_A_BOX = 3
NUMBER = Column("No.", 5)
SOURCES = Column("Sources", 20)


class Notes:
    """Texts moved out of the drawing into one numbered table; equal texts share a number."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._numbers: dict[str, str] = {}

    def number(self, text: str) -> str:
        """The number under which the text stands in the table, such as `T3`."""
        return self._numbers.setdefault(inert(text), f"{self._mark}{len(self._numbers) + 1}")

    def short(self, text: str, lines: int) -> str:
        """The text itself if it fits into so many lines of a box, else where to find it."""
        return inert(text) if len(wrapped(text, LINE_WIDTH)) <= lines else f"see {self.number(text)}"

    def table(self, id: str, title: str, heading: str) -> tuple[Table, ...]:
        """The table of what was moved; nothing when all of it found room."""
        rows = tuple((number, text) for text, number in self._numbers.items())
        return (Table(id, title, (NUMBER, Column(heading, 84)), rows),) if rows else ()


def english(guard: Guard) -> str:
    """The guard in English, with `otherwise` said in so many words."""
    return OTHERWISE if guard.is_otherwise else inert(guard.english)


def numbered(names: Iterable[str], mark: str) -> dict[str, str]:
    """Each name with its number, in the order of the definition."""
    return {name: f"{mark}{place}" for place, name in enumerate(names, start=1)}


def cited(cites: Iterable[str], layer: str | None, definition: Definition) -> str:
    """The sources of an element; what is not of the first layer is named with its layer and grade.

    `S90` of the encoded source, `C16 (supplement, grade 1)`, `C2 grade 1, A1 (supplement); S44`.
    """
    return inert("; ".join(map(_group, by_layer(cites, layer, definition))))


def _group(one: Cited) -> str:
    """One layer's sources; an element of a layer that cites nothing of it has the layer named alone."""
    if one.is_encoded:
        return one.ids
    return f"{one.graded} ({one.label})" if one.sources else one.label


def safeguard_table(definition: Definition) -> tuple[Table, ...]:
    """Every safeguard: what it acts on, when, and what TRUE and UNKNOWN do."""
    marks = numbered(definition.safeguards, "G")
    rows = tuple(
        (
            marks[name],
            inert(name),
            _titles(safeguard.actions, definition.actions),
            english(safeguard.when),
            _effect(safeguard),
            inert(safeguard.text),
            cited(safeguard.cites, safeguard.layer, definition),
        )
        for name, safeguard in definition.safeguards.items()
    )
    columns = (
        NUMBER, Column("Safeguard", 28), Column("On", 26), Column("When", 44), Column("Then", 26),
        Column("Text", 44), SOURCES,
    )  # fmt: skip
    return (Table("safeguards", "Safeguards", columns, rows),) if rows else ()


def _effect(safeguard: Safeguard) -> str:
    true = "blocks" if safeguard.effect == "block" else "warns"
    unknown = {"hold": "holds and asks", "warn": "warns and asks", "ask": "asks"}[safeguard.unknown]
    override = f"override: {safeguard.override}" if safeguard.override else "no override"
    words = f"{true}; unknown {unknown}"
    return inert(f"{words}; {override}" if safeguard.effect == "block" else words)


def notice_table(definition: Definition) -> tuple[Table, ...]:
    """Every notice with its severity, when it is shown and what it qualifies."""
    marks = numbered(definition.notices, "N")
    rows = tuple(
        (
            marks[name],
            inert(notice.severity),
            inert(notice.text),
            english(notice.when) if notice.when else "always",
            _qualified(notice, definition),
            cited(notice.cites, notice.layer, definition),
        )
        for name, notice in definition.notices.items()
    )
    columns = (
        NUMBER, Column("Severity", 10), Column("Notice", 66), Column("Shown when", 44), Column("About", 30),
        SOURCES,
    )  # fmt: skip
    return (Table("notices", "Notices", columns, rows),) if rows else ()


def _qualified(notice: Notice, definition: Definition) -> str:
    states = (definition.tracks[track].states[state] for track, state in notice.states)
    words = [*(f"{state.number}. {state.title}" for state in states)]
    actions = _titles(notice.about, definition.actions)
    return inert("; ".join([*words, actions] if actions else words)) or "the whole case"


def derived_table(definition: Definition) -> tuple[Table, ...]:
    """How every derived fact comes about, row by row in the order in which the rows are tried."""
    names = _names(definition)
    rows = tuple(row for fact in definition.facts.values() for row in _derivation(fact, definition, names))
    columns = (Column("Derived fact", 36), Column("Value", 76), Column("When", 60), SOURCES)
    return (Table("derived", "Derived facts", columns, rows),) if rows else ()


def _derivation(fact: Fact, definition: Definition, names: Names) -> list[tuple[str, ...]]:
    """The rows of one fact; its name stands in the first."""
    formula = fact.formula
    if formula is None:
        return []
    told = [(_value(row, names), english(row.when), row.cites or fact.cites) for row in formula.rows]
    if formula.otherwise is not None:
        when = OTHERWISE if formula.rows else "whenever known"
        told.append((_spoken(formula.otherwise, names), when, fact.cites))
    if fact.unknown is not None:
        told.append((fact.unknown, "while undecided (for display)", ()))
    heads = [f"{fact.label} ({fact.name})", *[""] * len(told)]
    return [
        (inert(head), inert(value), when, cited(cites, fact.layer, definition))
        for head, (value, when, cites) in zip(heads, told, strict=False)
    ]


def _value(row: FormulaRow, names: Names) -> str:
    return f"has no value: {row.reason}" if row.value is None else _spoken(row.value, names)


def _spoken(value: Expression, names: Names) -> str:
    """A value in English; a plain truth value answers the fact's question."""
    match value:
        case Literal(value=bool() as truth):
            return "yes" if truth else "no"
        case _:
            return spoken(value, names)


def _names(definition: Definition) -> Names:
    tracks = definition.tracks.values()
    return Names(
        facts={name: fact.label for name, fact in definition.facts.items()},
        codes={name: fact.values for name, fact in definition.facts.items()},
        actions={name: action.title for name, action in definition.actions.items()},
        states={
            (state.track, state.name): state.title for track in tracks for state in track.states.values()
        },
    )


def _titles(names: Iterable[str], actions: Mapping[str, Action]) -> str:
    found = [actions[name].title for name in names]
    return inert(listed(found)) if found else ""
