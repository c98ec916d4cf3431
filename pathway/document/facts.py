"""The facts of a pathway: what is asked and recorded, within which limits, and how the rest is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathway.document.content import Chapter, Column, Line, Row, Span, Table
from pathway.document.reading import Reading, code, line, quiet, strong
from pathway.language import written
from pathway.language.definition import Fact, FormulaRow
from pathway.language.units import Unit, display

ASKED = (Column("Fact", width="30%"), Column("Question", width="30%"), Column("Values and limits"))
COMPUTED = (
    Column("Fact", width="30%"),
    Column("How it is computed", width="45%"),
    Column("Values and limits"),
)


def facts_chapter(reading: Reading) -> Chapter:
    """Every fact: first those that people record, then those that are computed."""
    facts = reading.definition.facts.values()
    asked = [_asked(reading, fact) for fact in facts if not fact.is_derived]
    computed = [_computed(reading, fact) for fact in facts if fact.is_derived]
    chapters = (
        *_part(
            "facts-recorded", "Facts that are recorded", ASKED, asked,
            "A fact that was not recorded, or whose shelf life is over, is UNKNOWN: it opens nothing and "
            "clears nothing.",
        ),
        *_part(
            "facts-computed", "Facts that are computed", COMPUTED, computed,
            "The rows are tried from above: the first that is TRUE decides, if all above it are FALSE. "
            "Otherwise the fact is UNKNOWN.",
        ),
    )  # fmt: skip
    return Chapter("facts", "Facts", (), (), (), chapters)


def _part(
    anchor: str, title: str, columns: tuple[Column, ...], rows: Sequence[Row], opening: str
) -> tuple[Chapter, ...]:
    if not rows:
        return ()
    return (Chapter(anchor, title, (line(opening),), (), (Table(title, columns, tuple(rows)),)),)


def _asked(reading: Reading, fact: Fact) -> Row:
    cells = (tuple(_head(reading, fact)), (line(fact.ask),), tuple(_limits(reading, fact)))
    return Row(f"fact-{fact.name}", cells, fact.layer)


def _computed(reading: Reading, fact: Fact) -> Row:
    asked = (line(quiet("question: "), fact.ask),) if reading.written.facts[fact.name].ask is not None else ()
    cells = (
        (*_head(reading, fact), *asked),
        tuple(_formula(reading, fact)),
        tuple(_limits(reading, fact)),
    )
    return Row(f"fact-{fact.name}", cells, fact.layer)


def _head(reading: Reading, fact: Fact) -> Iterator[Line]:
    yield line(strong(fact.label))
    yield line(*reading.belongs(fact.layer), code(fact.name))
    yield from reading.sources(fact.cites)


# --- values and limits ----------------------------------------------------------------------------
def _limits(reading: Reading, fact: Fact) -> Iterator[Line]:
    said = reading.written.facts[fact.name]
    kind = said.type if said.of is None else f"{said.type} of {said.of}"
    yield line(quiet("type "), kind, *_in_unit(said.unit, fact.unit))
    if said.range is not None:
        yield line(quiet("entered from "), f"{said.range[0]} to {said.range[1]}", quiet(" (limit of entry)"))
    if said.step is not None:
        yield line(quiet("in steps of "), said.step)
    yield from _admitted(reading, fact, said)
    yield from _codes(fact, said)
    if said.valid_for is not None:
        yield line(quiet("valid for "), strong(said.valid_for))
    if fact.is_derived and fact.recordable:
        yield line("may be recorded too; what is recorded goes before what is computed")
    if said.unknown is not None:
        yield line(quiet("shown as "), said.unknown, " while undecided; for display only, no guard reads it")
    yield from (line(quiet(f"{system.upper()} "), text) for system, text in said.code.items())


def _in_unit(text: str | None, unit: Unit | None) -> tuple[Span | str, ...]:
    """The unit as written and, where people say it otherwise, in their words."""
    if text is None or unit is None:
        return ()
    shown = display(unit)
    return (" in ", code(text), *([f" ({shown})"] if shown not in ("", text) else []))


def _admitted(reading: Reading, fact: Fact, said: written.Fact) -> Iterator[Line]:
    """The other units admitted on entry; one of another dimension with its factor as written."""
    if isinstance(said.also, list):
        if said.also:
            yield line(quiet("also in "), ", ".join(said.also))
        return
    for unit, conversion in said.also.items():
        yield line(quiet("also in "), f"{unit}: 1 {unit} = {conversion.factor} {said.unit}")
        yield from reading.sources(conversion.cites, depth=1)


def _codes(fact: Fact, said: written.Fact) -> Iterator[Line]:
    further = " or any other" if said.open else ""
    if fact.values:
        yield line(quiet(f"one of{further}:") if fact.written_type == "code" else quiet(f"any of{further}:"))
        yield from (line(words, " ", code(value), depth=1) for value, words in fact.values.items())
    elif said.open:
        yield line("any code")


# --- how a fact is computed -----------------------------------------------------------------------
def _formula(reading: Reading, fact: Fact) -> Iterator[Line]:
    formula, said = fact.formula, reading.written.facts[fact.name]
    if formula is None:
        return
    for place, (row, spoken) in enumerate(zip(formula.rows, said.cases or (), strict=True), start=1):
        yield from _row(reading, f"row {place}: ", row, spoken)
    last = said.formula if said.formula is not None else said.otherwise
    if formula.otherwise is not None and last is not None:
        yield line(quiet("otherwise " if formula.rows else "= "), reading.value(formula.otherwise))
        yield reading.as_written(last, depth=1)


def _row(reading: Reading, place: str, row: FormulaRow, said: written.FormulaCase) -> Iterator[Line]:
    if row.value is None:
        yield line(quiet(f"{place}has no value: "), row.reason or "")
    else:
        yield line(quiet(place), reading.value(row.value))
        yield reading.as_written(said.value or "", depth=1)
    yield from reading.guard(row.when, "when ", depth=1)
    yield from reading.sources(row.cites, depth=1)
