"""The page of a fact: the question, its values and limits, how it is computed, and where it is used."""

from __future__ import annotations

from pathway.language.ask import names_of
from pathway.language.calendar import format_duration
from pathway.language.definition import Fact, Formula, FormulaRow, Guard
from pathway.language.english import english
from pathway.language.expression import Expression, Literal
from pathway.language.numbers import format_number
from pathway.language.units import display
from pathway.language.uses import Element, Sort, named_in
from tui.browsing.book import Book, PageRow, plain_rows, section
from tui.explaining import why_fact
from tui.lines import Line


def fact_page(book: Book, element: Element) -> list[PageRow]:
    """A fact in full, with its present value where a case is at hand."""
    fact = book.definition.facts[element.name]
    guards: list[Guard | None] = [row.when for row in fact.formula.rows] if fact.formula is not None else []
    cites = [*fact.cites, *(cite for row in _rows(fact) for cite in row.cites)]
    return [
        *plain_rows(_asked(fact)),
        *section("In this case", _now(book, fact)),
        *section("Values and limits", plain_rows(_limits(fact))),
        *section("How it is computed", _formula(book, fact.formula)),
        *_computed_from(book, fact, guards),
        *book.sources(cites),
        *book.used(element),
    ]


def _rows(fact: Fact) -> tuple[FormulaRow, ...]:
    return fact.formula.rows if fact.formula is not None else ()


def _asked(fact: Fact) -> list[Line]:
    if fact.is_derived and not fact.recordable:
        return [Line("computed; it cannot be recorded", indent=1)]
    also = [Line("computed, and may be recorded too; what is recorded goes before", indent=1)]
    return [Line(fact.ask, "asks:", indent=1), *(also if fact.is_derived else [])]


def _now(book: Book, fact: Fact) -> list[PageRow]:
    if book.view is None:
        return []
    said = why_fact(book.definition, book.view, fact.name, book.view.at)
    return plain_rows(line for line in said[1:] if not line.lead.startswith(("source", "value", "now")))


def _limits(fact: Fact) -> list[Line]:
    unit = display(fact.unit) if fact.unit is not None else ""
    lines = [Line(f"{fact.written_type}{f' in {unit}' if unit else ''}", "type", indent=1)]
    if fact.low is not None and fact.high is not None:
        bounds = f"{format_number(fact.low)} to {format_number(fact.high)} {unit}".rstrip()
        lines.append(Line(bounds, "range", indent=1))
    if fact.step is not None:
        lines.append(Line(f"{format_number(fact.step)} {unit}".rstrip(), "step", indent=1))
    lines += [Line(_admitted(name, fact), "also in", indent=1) for name in fact.also]
    lines += [Line(f"{words} ({code})" if words != code else code, "value", indent=1)
              for code, words in fact.values.items()]  # fmt: skip
    if fact.valid_for is not None:
        lines.append(Line(format_duration(fact.valid_for), "valid for", indent=1))
    if fact.unknown is not None:
        words = f"{fact.unknown}, for display only; no guard reads it"
        lines.append(Line(words, "while undecided shown as", indent=1))
    return lines + [Line(code, system.upper(), indent=1) for system, code in fact.code.items()]


def _admitted(name: str, fact: Fact) -> str:
    factor = fact.also[name].factor
    if factor is None or fact.unit is None:
        return name
    return f"{name}: 1 {name} is {format_number(factor)} {fact.unit.text}"


def _formula(book: Book, formula: Formula | None) -> list[PageRow]:
    if formula is None:
        return []
    rows: list[PageRow] = []
    for number, row in enumerate(formula.rows, 1):
        rows += _value(book, row.value, f"row {number}:", f"has no value: {row.reason or ''}")
        rows += book.guard(row.when, "when")
    if formula.otherwise is not None:
        rows += _value(book, formula.otherwise, "otherwise" if formula.rows else "is", "")
    if formula.rows:
        how = "The first row that is TRUE decides, if all above it are FALSE; else the fact is UNKNOWN."
        rows.append(PageRow(Line(how, indent=1)))
    return rows


def _value(book: Book, value: Expression | None, lead: str, absent: str) -> list[PageRow]:
    if value is None:
        return plain_rows([Line(absent, lead, indent=1)])
    words = english(value, names_of(book.definition))
    if isinstance(value, Literal):
        words = {True: "yes", False: "no"}.get(value.value is True, words) if _is_truth(value) else words
        return plain_rows([Line(words, lead, indent=1)])
    written = [Line(value.text, "written", indent=3)] if value.text != words else []
    return plain_rows([Line(words, lead, indent=1), *written])


def _is_truth(value: Literal) -> bool:
    return isinstance(value.value, bool)


def _computed_from(book: Book, fact: Fact, guards: list[Guard | None]) -> list[PageRow]:
    """What the formula names, in conditions and values, each once."""
    named: dict[Element, None] = {}
    values = [row.value for row in _rows(fact)]
    values += [fact.formula.otherwise] if fact.formula is not None else []
    expressions = [guard.expression for guard in guards if guard is not None] + values
    for expression in expressions:
        if expression is not None:
            named.update(dict.fromkeys(named_in(expression)))
    rests = [book.link(element) for element in named]
    records = [
        book.link(Element(Sort.ACTION, name), "recording this fact says that it was done")
        for name, action in book.definition.actions.items()
        if any(deed.fact == fact.name for deed in action.records)
    ]
    return [*section("Reads", rests), *section("Stands for a deed", records)]
