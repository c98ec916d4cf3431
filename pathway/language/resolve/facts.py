"""Resolving facts: their types, ranges, admitted units, and the formulas of derived ones."""

from __future__ import annotations

import re
from fractions import Fraction

from pathway.language import written
from pathway.language.definition import Admitted, Fact
from pathway.language.english import in_words
from pathway.language.expression import Kind, ValueType
from pathway.language.numbers import parse_decimal
from pathway.language.resolve.context import Context, DataPath
from pathway.language.resolve.formulas import resolve_formulas
from pathway.language.syntax import RESERVED
from pathway.language.typed import BOOLEAN, DATE, INSTANT, ONE, TEXT
from pathway.language.units import Unit, UnitError, parse_unit, same_dimension

__all__ = ["fact_types", "resolve_fact", "resolve_formulas"]

SIMPLE = {"boolean": BOOLEAN, "date": DATE, "dateTime": INSTANT, "text": TEXT}
BELONGS = {
    "unit": ("quantity", "integer"),
    "range": ("quantity", "integer"),
    "step": ("quantity", "integer"),
    "also": ("quantity",),
    "values": ("code", "list"),
    "open": ("code", "list"),
    "of": ("list",),
}
CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+-]{0,79}")


def fact_types(context: Context) -> None:
    """Give every fact its type, before any guard is read."""
    for name, fact in context.written.facts.items():
        path: DataPath = ("facts", name)
        if name in RESERVED:
            context.refuse(
                path, f"`{name}` is a word of the guard language", "Give the fact another name.", key=True
            )
        for key, types in BELONGS.items():
            if key in fact.model_fields_set and fact.type not in types:
                context.refuse(
                    (*path, key), f"`{key}` does not belong to a {fact.type} fact", "Leave it out.", key=True
                )
        context.fact_types[name] = _type(context, path, fact)
    shown = (name for name, fact in context.written.facts.items() if fact.unknown is not None)
    context.display_only = frozenset(shown)


def _type(context: Context, path: DataPath, fact: written.Fact) -> ValueType:
    if fact.type in SIMPLE:
        return SIMPLE[fact.type]
    if fact.type in ("quantity", "integer"):
        if fact.type == "quantity" and fact.unit is None:
            context.refuse(path, "A quantity needs its unit", "Write unit: 1 for a plain number.", key=True)
        unit = context.unit((*path, "unit"), fact.unit) if fact.unit is not None else None
        return ValueType(Kind.NUMBER, unit or ONE, True, factors=_factors(fact))
    codes = tuple(fact.values or ())
    _check_codes(context, path, codes)
    if not codes and not fact.open and fact.of in (None, "code"):
        context.refuse(
            path,
            f"A {fact.type} fact needs its codes",
            "List them under values:, or write open: true.",
            key=True,
        )
    if "unknown" in codes:
        context.refuse(
            (*path, "values"), "`unknown` is never a code: recording it always means UNKNOWN", "Leave it out."
        )
    if fact.type == "code":
        return ValueType(Kind.CODE, codes=codes, open=fact.open)
    element = {"date": Kind.DATE, "integer": Kind.NUMBER}.get(fact.of or "code", Kind.CODE)
    return ValueType(Kind.LIST, codes=codes, open=fact.open, element=element)


def _check_codes(context: Context, path: DataPath, codes: tuple[str, ...]) -> None:
    for code in dict.fromkeys(codes):
        if not CODE.fullmatch(code):
            fix = "Write letters, digits, _ . : + and -; the words for people stand after it: {code: words}."
            context.refuse((*path, "values"), f"`{code}` cannot be a code", fix)
        if codes.count(code) > 1:
            context.refuse((*path, "values"), f"The code `{code}` is listed twice", "Keep one of them.")


def _factors(fact: written.Fact) -> tuple[tuple[Unit, Fraction], ...]:
    """The admitted units of another dimension, for guards; what is wrong with them is said by `_also`."""
    found: list[tuple[Unit, Fraction]] = []
    for text, conversion in fact.also.items() if isinstance(fact.also, dict) else ():
        try:
            found.append((parse_unit(text), parse_decimal(conversion.factor)))
        except (UnitError, ValueError):
            continue
    return tuple(found)


def resolve_fact(context: Context, name: str, fact: written.Fact) -> Fact:
    """The checked fact."""
    path: DataPath = ("facts", name)
    derived = fact.formula is not None or fact.cases is not None
    low, high, step = _range(context, path, fact)
    if derived and not fact.recordable and fact.valid_for is not None:
        context.refuse((*path, "valid_for"), "A derived fact has no shelf life of its own", "Leave it out.")
    if fact.recordable and not derived:
        context.refuse(
            (*path, "recordable"), "Every fact without a formula is recordable", "Leave it out.", key=True
        )
    codes = fact.values or {}
    label = fact.label or in_words(name)
    return Fact(
        name=name,
        label=label,
        ask=fact.ask or label[:1].upper() + label[1:],
        written_type=fact.type,
        type=context.fact_types[name],
        unit=context.fact_types[name].unit,
        low=low,
        high=high,
        step=step,
        also=_also(context, path, fact),
        values=codes if isinstance(codes, dict) else {code: in_words(code) for code in codes},
        code={str(system): code for system, code in fact.code.items()},
        valid_for=context.duration((*path, "valid_for"), fact.valid_for),
        formula=context.formulas.get(name),
        unknown=fact.unknown,
        recordable=not derived or fact.recordable,
        cites=context.cited(path, fact.cites),
        layer=context.layer(path, fact),
        place=context.place(path, key=True),
    )


def _range(
    context: Context, path: DataPath, fact: written.Fact
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    if fact.range is None:
        low = high = None
    else:
        low, high = (context.number((*path, "range", index), text) for index, text in enumerate(fact.range))
        if low is not None and high is not None and low > high:
            context.refuse((*path, "range"), "The range runs backwards", "Write the lower value first.")
    step = Fraction(1) if fact.type == "integer" else None
    if fact.step is not None:
        step = context.number((*path, "step"), fact.step)
    if step is not None and step <= 0:
        context.refuse((*path, "step"), "The step has to be more than zero")
        step = None
    return low, high, step


def _also(context: Context, path: DataPath, fact: written.Fact) -> dict[str, Admitted]:
    admitted: dict[str, Admitted] = {}
    if fact.unit is None:
        return admitted
    conversions = fact.also if isinstance(fact.also, dict) else dict.fromkeys(fact.also)
    for index, (text, conversion) in enumerate(conversions.items()):
        where: DataPath = (*path, "also", text if isinstance(fact.also, dict) else index)
        unit = context.unit(where, text)
        if unit is None:
            continue
        factor = None
        if conversion is not None:
            context.cited(where, conversion.cites)
            factor = context.number((*where, "factor"), conversion.factor)
            if factor is None:
                continue
        _check_admitted(context, where, fact.unit, text, factor)
        admitted[text] = Admitted(unit, factor)
    return admitted


def _check_admitted(
    context: Context, where: DataPath, declared: str, text: str, factor: Fraction | None
) -> None:
    try:
        alike = same_dimension(parse_unit(declared), parse_unit(text))
    except UnitError:  # told where it is declared
        return
    if factor is None and not alike:
        fix = f"Write also: {{{text}: {{factor: F, cites: [..]}}}} with 1 {text} = F {declared}."
        context.refuse(where, f"`{text}` and `{declared}` are of different dimensions", fix)
    if factor is not None and (alike or factor <= 0):
        context.refuse(where, f"`{text}` needs no such factor to become `{declared}`", "Write also: [UNIT].")
