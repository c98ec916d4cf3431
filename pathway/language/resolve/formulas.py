"""Resolving derived facts: their formulas in order of dependence, within bounds, without cycles."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language import written
from pathway.language.clockwork import Drift, both, drift
from pathway.language.definition import Formula, FormulaRow, Guard
from pathway.language.expression import Kind, ValueType
from pathway.language.resolve.bounds import DEEPEST, Extent, extent_of
from pathway.language.resolve.context import Context, DataPath
from pathway.language.syntax import GuardError, parse
from pathway.language.typed import described
from pathway.language.units import same_dimension


def resolve_formulas(context: Context) -> None:
    """Resolve derived facts in the order of their dependence; a cycle is a problem."""
    active: list[str] = []
    extents: dict[str, Extent] = {}

    def resolve(name: str) -> None:
        fact = context.written.facts[name]
        if name in context.formulas or (fact.formula is None and fact.cases is None):
            return
        if name in active:
            cycle = " -> ".join([*active[active.index(name) :], name])
            context.refuse(
                ("facts", name), f"This fact is computed from itself: {cycle}", "Break the cycle.", key=True
            )
            context.formulas[name] = Formula((), None)
            return
        if len(active) > DEEPEST:
            _refuse_extent(context, name, f"this fact is computed through more than {DEEPEST} others")
            return
        active.append(name)
        facts, actions = _read_by(context, fact)
        for other in facts:
            resolve(other)
        active.pop()
        if name not in context.formulas:
            for action in actions:
                context.evidence_of(action)
            formula = _formula(context, ("facts", name), name, fact)
            extents[name] = extent_of(_expressions(formula), extents)
            excess = extents[name].excess
            if excess is not None:
                _refuse_extent(context, name, excess)
                extents[name] = Extent()
                return
            context.formulas[name], context.drifts[name] = formula, formula.drift

    for name in context.written.facts:
        resolve(name)


def _expressions(formula: Formula) -> list[ex.Expression]:
    found = [row.when.expression for row in formula.rows] + [row.value for row in formula.rows]
    return [expression for expression in (*found, formula.otherwise) if expression is not None]


def _refuse_extent(context: Context, name: str, what: str) -> None:
    context.refuse(("facts", name), f"{what[:1].upper()}{what[1:]}", "Compute it from fewer facts.", key=True)
    context.formulas[name] = Formula((), None)


def _read_by(context: Context, fact: written.Fact) -> tuple[list[str], list[str]]:
    """The facts and actions that a formula reads, before anything is typed: enough to order resolving.

    `done(A)` rests on the evidence of A, and so on the facts that this reads.
    """
    texts = [fact.formula, fact.otherwise, *(t for c in fact.cases or [] for t in (c.when, c.value))]
    facts, actions = _names_in(texts)
    with_evidence = [name for name in actions if name in context.written.actions]
    facts |= _names_in([context.written.actions[name].evidence for name in with_evidence])[0]
    return [name for name in facts if name in context.written.facts], with_evidence


def _names_in(texts: Iterable[str | None]) -> tuple[dict[str, None], dict[str, None]]:
    facts: dict[str, None] = {}
    actions: dict[str, None] = {}
    for text in texts:
        try:
            nodes = list(parse(text).iter_subtrees_topdown()) if text else []
        except GuardError:  # told when it is typed
            continue
        named = ("name", "recorded", "recorded_since_entry")
        facts |= {str(node.children[0]): None for node in nodes if node.data in named}
        actions |= {
            str(node.children[0]): None for node in nodes if node.data in ("done", "done_since_entry")
        }
    return facts, actions


def _formula(context: Context, path: DataPath, name: str, fact: written.Fact) -> Formula:
    if fact.formula is not None and (fact.cases is not None or fact.otherwise is not None):
        context.refuse(
            path, "A derived fact has either formula: or cases:", "Leave one of them out.", key=True
        )
    if fact.unknown is not None and fact.type != "code":
        context.refuse(
            (*path, "unknown"), "`unknown:` names a code to display", "Make the fact a code, or leave it out."
        )
    rows = tuple(
        _row(context, (*path, "cases", index), name, row) for index, row in enumerate(fact.cases or [])
    )
    last = fact.formula if fact.formula is not None else fact.otherwise
    key = "formula" if fact.formula is not None else "otherwise"
    otherwise = None if last is None else _value(context, (*path, key), name, last)
    guards = [row.when for row in rows]
    values = [row.value for row in rows if row.value is not None] + (
        [otherwise] if otherwise is not None else []
    )
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
    if (
        isinstance(node, ex.Literal)
        and isinstance(node.value, Fraction)
        and given.natural
        and wanted.unit is not None
    ):
        return ex.Literal(wanted, node.span, node.text, wanted.unit.to_base(node.value))
    fits = given.kind is wanted.kind
    if fits and wanted.kind is Kind.NUMBER and wanted.unit is not None and given.unit is not None:
        fits = same_dimension(given.unit, wanted.unit)
    if not fits:
        words = f"This is {described(given)}, the fact is {described(wanted)}"
        context.refuse(path, words, "Make them agree.")
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
