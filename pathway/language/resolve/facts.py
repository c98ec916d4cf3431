"""Resolving facts: their types, ranges, admitted units, and the formulas of derived ones."""

from __future__ import annotations

from fractions import Fraction

from pathway.language import expression as ex
from pathway.language import written
from pathway.language.clockwork import Drift, both, drift
from pathway.language.definition import Admitted, Fact, Formula, FormulaRow, Guard
from pathway.language.english import in_words
from pathway.language.expression import Kind, ValueType
from pathway.language.numbers import parse_decimal
from pathway.language.resolve.context import Context, DataPath
from pathway.language.syntax import RESERVED
from pathway.language.typed import BOOLEAN, DATE, INSTANT, ONE, TEXT, described
from pathway.language.units import parse_unit, same_dimension

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


def fact_types(context: Context) -> None:
    """Give every fact its type, before any guard is read."""
    for name, fact in context.written.facts.items():
        path: DataPath = ("facts", name)
        if name in RESERVED:
            context.refuse(path, f"`{name}` is a word of the guard language", "Give the fact another name.", key=True)
        for key, types in BELONGS.items():
            if key in fact.model_fields_set and fact.type not in types:
                context.refuse((*path, key), f"`{key}` does not belong to a {fact.type} fact", "Leave it out.", key=True)
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
        return ValueType(Kind.NUMBER, unit or ONE, True)
    codes = tuple(fact.values or ())
    if not codes and not fact.open and fact.of in (None, "code"):
        context.refuse(path, f"A {fact.type} fact needs its codes", "List them under values:, or write open: true.", key=True)
    if "unknown" in codes:
        context.refuse((*path, "values"), "`unknown` is never a code: recording it always means UNKNOWN", "Leave it out.")
    if fact.type == "code":
        return ValueType(Kind.CODE, codes=codes, open=fact.open)
    element = {"date": Kind.DATE, "integer": Kind.NUMBER}.get(fact.of or "code", Kind.CODE)
    return ValueType(Kind.LIST, codes=codes, open=fact.open, element=element)


def resolve_formulas(context: Context) -> None:
    """Resolve derived facts in the order of their dependence; a cycle is a problem."""
    active: list[str] = []

    def resolve(name: str) -> None:
        fact = context.written.facts[name]
        if name in context.formulas or (fact.formula is None and fact.cases is None):
            return
        if name in active:
            cycle = " -> ".join([*active[active.index(name) :], name])
            context.refuse(("facts", name), f"This fact is computed from itself: {cycle}", "Break the cycle.", key=True)
            context.formulas[name] = Formula((), None)
            return
        active.append(name)
        for other in _names_read(context, fact):
            resolve(other)
        active.pop()
        if name not in context.formulas:
            formula = _formula(context, ("facts", name), name, fact)
            context.formulas[name], context.drifts[name] = formula, formula.drift

    for name in context.written.facts:
        resolve(name)


def _names_read(context: Context, fact: written.Fact) -> list[str]:
    """Words of a formula that are facts: enough to order resolving, before anything is typed."""
    texts = [fact.formula, fact.otherwise, *(t for c in fact.cases or [] for t in (c.when, c.value))]
    words = "".join(char if char.isalnum() or char == "_" else " " for text in texts if text for char in text + " ")
    return [word for word in dict.fromkeys(words.split()) if word in context.written.facts]


def _formula(context: Context, path: DataPath, name: str, fact: written.Fact) -> Formula:
    if fact.formula is not None and (fact.cases is not None or fact.otherwise is not None):
        context.refuse(path, "A derived fact has either formula: or cases:", "Leave one of them out.", key=True)
    if fact.unknown is not None and fact.type != "code":
        context.refuse((*path, "unknown"), "`unknown:` names a code to display", "Make the fact a code, or leave it out.")
    rows = tuple(_row(context, (*path, "cases", index), name, row) for index, row in enumerate(fact.cases or []))
    last = fact.formula if fact.formula is not None else fact.otherwise
    key = "formula" if fact.formula is not None else "otherwise"
    otherwise = None if last is None else _value(context, (*path, key), name, last)
    guards = [row.when for row in rows]
    values = [row.value for row in rows if row.value is not None] + ([otherwise] if otherwise is not None else [])
    return _formula_of(context, rows, otherwise, guards, values)


def _row(context: Context, path: DataPath, name: str, row: written.FormulaCase) -> FormulaRow:
    when = context.guard((*path, "when"), row.when)
    value = None if row.value is None else _value(context, (*path, "value"), name, row.value)
    return FormulaRow(when, value, row.not_applicable, context.cited(path, row.cites))


def _value(context: Context, path: DataPath, name: str, text: str) -> ex.Expression | None:
    """An expression of the fact's own type; a bare code or number is read as one of its own."""
    wanted = context.fact_types[name]
    if wanted.kind is Kind.CODE and text not in context.fact_types:
        if text not in wanted.codes and not wanted.open:
            context.named(path, text, wanted.codes, "code")
        return ex.Literal(wanted, ex.Span(0, len(text)), text, text)
    node = context.expression(path, text)
    if node is None:
        return None
    return _fitted(context, path, wanted, node)


def _fitted(context: Context, path: DataPath, wanted: ValueType, node: ex.Expression) -> ex.Expression | None:
    given = node.type
    if isinstance(node, ex.Literal) and isinstance(node.value, Fraction) and given.natural and wanted.unit is not None:
        return ex.Literal(wanted, node.span, node.text, wanted.unit.to_base(node.value))
    fits = given.kind is wanted.kind
    if fits and wanted.kind is Kind.NUMBER and wanted.unit is not None and given.unit is not None:
        fits = same_dimension(given.unit, wanted.unit)
    if not fits:
        context.refuse(path, f"This is a {described(given)}, the fact is a {described(wanted)}", "Make them agree.")
        return None
    return node


def _formula_of(
    context: Context,
    rows: tuple[FormulaRow, ...],
    otherwise: ex.Expression | None,
    guards: list[Guard],
    values: list[ex.Expression],
) -> Formula:
    parts = guards + [context.described(value.text, value, None) for value in values]
    return Formula(
        rows,
        otherwise,
        facts=frozenset[str]().union(*(part.facts for part in parts)),
        deeds=frozenset[str]().union(*(part.deeds for part in parts)),
        tracks=frozenset[str]().union(*(part.tracks for part in parts)),
        reads_clock=any(part.reads_clock for part in parts),
        drift=_drift(context, guards, values),
    )


def _drift(context: Context, guards: list[Guard], values: list[ex.Expression]) -> Drift:
    moving = [drift(value, context.fact_drift) for value in values]
    found = Drift.FIXED
    for one in moving:
        found = both(found, one)
    if found is not Drift.FIXED and any(guard.reads_clock for guard in guards):
        return Drift.MIXED
    return found


def resolve_fact(context: Context, name: str, fact: written.Fact) -> Fact:
    """The checked fact."""
    path: DataPath = ("facts", name)
    derived = fact.formula is not None or fact.cases is not None
    low, high, step = _range(context, path, fact)
    if derived and not fact.recordable and fact.valid_for is not None:
        context.refuse((*path, "valid_for"), "A derived fact has no shelf life of its own", "Leave it out.")
    if fact.recordable and not derived:
        context.refuse((*path, "recordable"), "Every fact without a formula is recordable", "Leave it out.", key=True)
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
        code=dict(fact.code),
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
        low, high = parse_decimal(fact.range[0]), parse_decimal(fact.range[1])
        if low > high:
            context.refuse((*path, "range"), "The range runs backwards", "Write the lower value first.")
    step = parse_decimal(fact.step) if fact.step is not None else (Fraction(1) if fact.type == "integer" else None)
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
        factor = parse_decimal(conversion.factor) if conversion is not None else None
        if conversion is not None:
            context.cited(where, conversion.cites)
        _check_admitted(context, where, fact.unit, text, factor)
        admitted[text] = Admitted(unit, factor)
    return admitted


def _check_admitted(context: Context, where: DataPath, declared: str, text: str, factor: Fraction | None) -> None:
    alike = same_dimension(parse_unit(declared), parse_unit(text)) if context.unit(where, declared) else True
    if factor is None and not alike:
        context.refuse(where, f"`{text}` and `{declared}` are of different dimensions",
                       f"Write also: {{{text}: {{factor: F, cites: [..]}}}} with 1 {text} = F {declared}.")  # fmt: skip
    if factor is not None and (alike or factor <= 0):
        context.refuse(where, f"`{text}` needs no such factor to become `{declared}`", "Write also: [UNIT].")
