"""Guards and formulas as formulas of the solver: each with what makes it TRUE and what makes it FALSE.

Mirrors pathway.language.evaluate node by node. What the solver cannot reckon (calendar months, local dates)
is bounded from both sides, so that an answer `there is none` holds for every patient; a patient it does
find is believed only once the engine has been run on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pathway.check.proofs.smt import Bool, Number, at_least, conj, disj, implies, neg
from pathway.check.proofs.symbols import DAY, Symbols, equal
from pathway.check.proofs.terms import (
    ALWAYS,
    MIRRORED,
    NEVER,
    UNKNOWN,
    Amount,
    Codes,
    Collection,
    Term,
    Truth,
    all_of,
    any_of,
    by_cases,
    compared,
    minus,
    ordered,
    plus,
    settled,
    sure,
    times,
)
from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.expression import Expression, Kind

Scope = str | None  # the state since entering which deeds are counted
EPOCH = 719_163
MOST_MONTHS = 12 * 1_700  # from any date of a case that leads to no year before 1 or after 9999


@dataclass(slots=True)
class Encoding:
    """The formulas of a definition's guards, each made once."""

    definition: Definition
    symbols: Symbols
    _facts: dict[str, Term] = field(default_factory=dict[str, Term])
    _guards: dict[tuple[int, Scope], Truth] = field(default_factory=dict[tuple[int, Scope], Truth])
    _fresh: int = 0

    def guard(self, guard: Guard, scope: Scope = None) -> Truth:
        """When a guard is TRUE and when FALSE. `otherwise` has no formula of its own."""
        assert guard.expression is not None
        key = (id(guard), scope if guard.reads_entry else None)
        if key not in self._guards:
            self._guards[key] = self.truth(guard.expression, scope)
        return self._guards[key]

    def truth(self, node: Expression, scope: Scope = None) -> Truth:
        """When a condition is TRUE and when FALSE."""
        found = CONDITIONS[type(node)](self, node, scope)
        return found

    def term(self, node: Expression, scope: Scope = None) -> Term:
        """The value of an expression."""
        make = VALUES.get(type(node))
        return self.truth(node, scope) if make is None else make(self, node, scope)

    def amount(self, node: Expression, scope: Scope) -> Amount:
        """The value of an expression that is a number, a date or an instant."""
        found = self.term(node, scope)
        assert isinstance(found, Amount), f"{node.text} is no amount"
        return found

    # --- facts ----------------------------------------------------------------------------------
    def fact(self, name: str) -> Term:
        """The current value of a fact: what is recorded, or what its formula says."""
        if name not in self._facts:
            fact = self.definition.facts[name]
            if fact.formula is None:
                self._facts[name] = self.symbols.fact(name)
            elif not fact.recordable:
                self._facts[name] = self._formula(fact)
            else:
                recorded = self.symbols.fact(name)
                rows: list[tuple[Bool, Term | None]] = [
                    (recorded.known, recorded),
                    (neg(recorded.known), self._formula(fact)),
                ]
                self._facts[name] = by_cases(rows, lambda: recorded)
        return self._facts[name]

    def _formula(self, fact: Fact) -> Term:
        """Rule 6: the first TRUE row whose predecessors are all FALSE, else UNKNOWN."""
        formula = fact.formula
        assert formula is not None
        rows: list[tuple[Bool, Term | None]] = []
        before: list[Bool] = []
        for row in formula.rows:
            when = self.guard(row.when)
            rows.append((conj((*before, when.true)), None if row.value is None else self.term(row.value)))
            before.append(when.false)
        if formula.otherwise is not None:
            rows.append((conj(before), self.term(formula.otherwise)))
        return by_cases(rows, lambda: _unknown(fact))

    def chosen_rows(self, fact: Fact) -> list[Bool]:
        """For each row of a formula by cases, when it decides."""
        assert fact.formula is not None
        found: list[Bool] = []
        before: list[Bool] = []
        for row in fact.formula.rows:
            when = self.guard(row.when)
            found.append(conj((*before, when.true)))
            before.append(when.false)
        return found

    def fresh(self, name: str, make: Callable[[str], Any]) -> Any:
        """A variable of its own."""
        self._fresh += 1
        return make(f"{name}#{self._fresh}")

    def done(self, action: str, scope: Scope) -> Truth:
        """Deeds on record; from the start of the case, evidence counts too."""
        deed = self.symbols.done(action, scope)
        evidence = self.definition.actions[action].evidence
        if scope is not None or evidence is None:
            return sure(deed)
        return sure(disj((deed, self.guard(evidence).true)))


def _unknown(fact: Fact) -> Term:
    match fact.type.kind:
        case Kind.BOOLEAN:
            return UNKNOWN
        case Kind.CODE | Kind.TEXT:
            return Codes(False, {})
        case Kind.LIST:
            return Collection(False, {})
        case _:
            return Amount(False, 0)


# --- values -------------------------------------------------------------------------------------
def _literal(of: Encoding, node: ex.Literal, scope: Scope) -> Term:
    value = node.value
    if isinstance(value, bool):
        return ALWAYS if value else NEVER
    if isinstance(value, str):
        return Codes(True, {value: True})
    if isinstance(value, (int, Fraction)):
        return Amount(True, value)
    if isinstance(value, tuple):
        return Collection(True, {str(member): True for member in value})
    return Amount(True, value.toordinal() - EPOCH)


def _fact(of: Encoding, node: ex.FactRef, scope: Scope) -> Term:
    return of.fact(node.name)


def _arithmetic(of: Encoding, node: ex.Arithmetic, scope: Scope) -> Amount:
    left, right = of.amount(node.left, scope), of.amount(node.right, scope)
    known = conj(
        (
            left.known,
            right.known,
            *(ordered("!=", one.over, 0) for one in (left, right) if one.over is not None),
        )
    )
    a, b = left.value, 1 if left.over is None else left.over
    c, d = right.value, 1 if right.over is None else right.over
    if node.operator == "*":
        return Amount(known, times(a, c), _over(left, right, times(b, d)))
    if node.operator == "/":
        return _quotient(conj((known, ordered("!=", c, 0))), times(a, d), times(b, c))
    sign = 1 if node.operator == "+" else -1
    return Amount(known, plus(times(a, d), times(sign, times(c, b))), _over(left, right, times(b, d)))


def _quotient(known: Bool, above: Number, below: Number) -> Amount:
    if isinstance(below, (int, Fraction)) and below != 0:
        return Amount(known, times(Fraction(1) / below, above))
    return Amount(known, above, below)


def _over(left: Amount, right: Amount, product: Number) -> Number:
    return None if left.over is None and right.over is None else product


def _extreme(of: Encoding, node: ex.Extreme, scope: Scope) -> Amount:
    parts = [_plain(of, of.amount(item, scope)) for item in node.items]
    free = of.symbols.free
    value = of.fresh(node.operator, free.real if node.type.kind is Kind.NUMBER else free.integer)
    operator = "<=" if node.operator == "min" else ">="
    of.symbols.tell(conj(ordered(operator, value, part.value) for part in parts))
    of.symbols.tell(disj(ordered("=", value, part.value) for part in parts))
    return Amount(conj(part.known for part in parts), value)


def _plain(of: Encoding, amount: Amount) -> Amount:
    """The amount as one number, where it was a quotient."""
    if amount.over is None:
        return amount
    value = of.fresh("quotient", of.symbols.free.real)
    of.symbols.tell(
        implies(ordered("!=", amount.over, 0), ordered("=", times(value, amount.over), amount.value))
    )
    return Amount(conj((amount.known, ordered("!=", amount.over, 0))), value)


def _shift(of: Encoding, node: ex.Shift, scope: Scope) -> Amount:
    moment, amount = of.amount(node.moment, scope), _plain(of, of.amount(node.amount, scope))
    known = conj((moment.known, amount.known))
    sign = 1 if node.operator == "+" else -1
    unit = node.amount.type.unit
    if node.type.kind is Kind.INSTANT:
        instant = plus(moment.value, times(sign, _floored(of, amount.value, Fraction(1))))
        return Amount(conj((known, _in_calendar(instant, amount, DAY))), instant)
    if unit is not None and any(base == "mo" for base, _ in unit.dims):
        far = not isinstance(amount.value, (int, Fraction)) or abs(amount.value) > MOST_MONTHS
        known = conj((known, of.fresh("calendar", of.symbols.free.boolean))) if far else known
        if isinstance(amount.value, (int, Fraction)):
            return Amount(known, of.symbols.later_by_months(moment.value, sign * int(amount.value)))
        return Amount(known, of.fresh("months", of.symbols.free.integer))
    day = plus(moment.value, times(sign, _floored(of, amount.value, Fraction(DAY))))
    return Amount(conj((known, _in_calendar(day, amount, 1))), day)


def _in_calendar(moment: Number, amount: Amount, scale: int) -> Bool:
    """Beyond the years 1 to 9999 a moment is UNKNOWN; a constant of less than thousands of years is not."""
    if isinstance(amount.value, (int, Fraction)) and abs(amount.value) < 600_000 * DAY:
        return True
    first, last = (1 - EPOCH + 1) * scale, (3_652_059 - EPOCH - 1) * scale
    return conj((ordered(">=", moment, first), ordered("<=", moment, last)))


def _floored(of: Encoding, value: Number, size: Fraction) -> Number:
    """How many whole sizes a value holds; of a term of the solver, one that the solver may choose near it."""
    if isinstance(value, (int, Fraction)):
        return int(value // size) if size == 1 else int(value / size)
    whole = of.fresh("whole", of.symbols.free.integer)
    of.symbols.tell(
        conj(
            (
                ordered("<=", times(size, minus(whole, 1)), value),
                ordered("<=", value, times(size, plus(whole, 1))),
            )
        )
    )
    return whole


def _interval(of: Encoding, node: ex.Interval, scope: Scope) -> Amount:
    later, earlier = of.amount(node.later, scope), of.amount(node.earlier, scope)
    size = 1 if node.later.type.kind is Kind.INSTANT else DAY
    return Amount(conj((later.known, earlier.known)), times(size, minus(later.value, earlier.value)))


def _clock(of: Encoding, node: ex.Clock, scope: Scope) -> Amount:
    now = of.symbols.now()
    return Amount(True, now if node.operator == "now" else of.symbols.day_of(now))


def _since(of: Encoding, node: ex.Since, scope: Scope) -> Amount:
    moment = of.amount(node.moment, scope)
    now = of.symbols.now()
    if node.operator == "time":
        return Amount(moment.known, minus(now, moment.value))
    today = of.symbols.day_of(now)
    if node.operator == "days":
        return Amount(moment.known, times(DAY, minus(today, moment.value)))
    months = of.fresh("months since", of.symbols.free.integer)
    of.symbols.tell(months_apart(months, moment.value, today))
    return Amount(moment.known, months)


def months_apart(months: Number, day: Number, today: Number) -> Bool:
    """About so many completed months: 30.4 days each, give or take what calendars do."""
    days, slack = minus(today, day), 6
    long = Fraction(146_097, 4_800)
    return conj(
        (
            ordered("<=", times(long, months), plus(days, slack)),
            ordered("<=", days, plus(times(long, plus(months, 1)), slack)),
        )
    )


def _date_of(of: Encoding, node: ex.DateOf, scope: Scope) -> Amount:
    moment = of.amount(node.moment, scope)
    return Amount(moment.known, of.symbols.day_of(moment.value))


VALUES: dict[type[ex.Node], Callable[[Encoding, Any, Scope], Term]] = {
    ex.Literal: _literal,
    ex.FactRef: _fact,
    ex.Arithmetic: _arithmetic,
    ex.Extreme: _extreme,
    ex.Shift: _shift,
    ex.Interval: _interval,
    ex.Clock: _clock,
    ex.Since: _since,
    ex.DateOf: _date_of,
}


# --- conditions ---------------------------------------------------------------------------------
def _compare(of: Encoding, node: ex.Compare, scope: Scope) -> Truth:
    months = _months_compared(of, node, scope)
    if months is not None:
        return months
    left, right = of.term(node.left, scope), of.term(node.right, scope)
    if isinstance(left, Amount) and isinstance(right, Amount):
        return compared(node.operator, left, right)
    alike = settled(conj((left.known, right.known)), _alike(of, left, right))
    return alike if node.operator == "=" else alike.negated


def _alike(of: Encoding, left: Term, right: Term) -> Bool:
    """Equal codes; two codes or texts that nobody names may be the same or not."""
    found = equal(left, right)
    others = [one.other for one in (left, right) if isinstance(one, (Codes, Collection))]
    if any(other is False for other in others) or len(others) < 2:
        return found
    return conj((found, disj((neg(others[0]), of.fresh("same", of.symbols.free.boolean)))))


def _months_compared(of: Encoding, node: ex.Compare, scope: Scope) -> Truth | None:
    """`months since D >= n` is `today` on or after D + n months: the same months as those added elsewhere."""
    left, operator, right = node.left, node.operator, node.right
    if isinstance(left, ex.Literal):
        left, operator, right = right, MIRRORED[operator], left
    if not (isinstance(left, ex.Since) and left.operator == "months" and isinstance(right, ex.Literal)):
        return None
    limit = right.value
    if not isinstance(limit, Fraction):
        return None
    day = of.amount(left.moment, scope)
    today = of.symbols.day_of(of.symbols.now())

    def reached(months: Fraction | int) -> Bool:
        whole = int(-(-months // 1))
        return ordered(">=", today, of.symbols.later_by_months(day.value, whole))

    after = limit // 1 + 1
    if operator in (">=", "<"):
        found = reached(limit)
    elif operator in (">", "<="):
        found = reached(after)
    else:
        exact = limit.denominator == 1
        found = conj((reached(limit), neg(reached(after)))) if exact else False
    answer = settled(day.known, found)
    return answer if operator in (">=", ">", "=") else answer.negated


def _between(of: Encoding, node: ex.Between, scope: Scope) -> Truth:
    operand, low, high = (of.amount(part, scope) for part in (node.operand, node.low, node.high))
    return all_of((compared(">=", operand, low), compared("<=", operand, high)))


def _one_of(of: Encoding, node: ex.OneOf, scope: Scope) -> Truth:
    operand = of.term(node.operand, scope)
    assert isinstance(operand, Codes)
    return settled(operand.known, disj(operand.member(code) for code in node.values))


def _is_known(of: Encoding, node: ex.Known, scope: Scope) -> Truth:
    operand = of.term(node.operand, scope)
    known = operand.known
    if isinstance(operand, Amount) and operand.over is not None:
        known = conj((known, ordered("!=", operand.over, 0)))
    return sure(known if node.expected else neg(known))


def _includes(of: Encoding, node: ex.Includes, scope: Scope) -> Truth:
    operand = of.term(node.operand, scope)
    assert isinstance(operand, Collection)
    return settled(operand.known, disj(operand.member(str(value)) for value in node.values))


def _empty(of: Encoding, node: ex.Empty, scope: Scope) -> Truth:
    operand = of.term(node.operand, scope)
    assert isinstance(operand, Collection)
    return settled(operand.known, neg(disj((*operand.members.values(), operand.other))))


def _condition(of: Encoding, node: Expression, scope: Scope) -> Truth:
    found = of.term(node, scope)
    assert isinstance(found, Truth)
    return found


def _done(of: Encoding, node: ex.Done, scope: Scope) -> Truth:
    return of.done(node.action, scope if node.since_entry else None)


def _declined(of: Encoding, node: ex.Declined, scope: Scope) -> Truth:
    return sure(of.symbols.declined(node.action, scope if node.since_entry else None))


def _recorded(of: Encoding, node: ex.Recorded, scope: Scope) -> Truth:
    return sure(of.symbols.was_recorded(node.fact, scope if node.since_entry else None))


def _in_state(of: Encoding, node: ex.InState, scope: Scope) -> Truth:
    return sure(of.symbols.stands_in(node.track, node.state))


def _not(of: Encoding, node: ex.Not, scope: Scope) -> Truth:
    return of.truth(node.operand, scope).negated


def _and(of: Encoding, node: ex.And, scope: Scope) -> Truth:
    return all_of(of.truth(item, scope) for item in node.items)


def _or(of: Encoding, node: ex.Or, scope: Scope) -> Truth:
    return any_of(of.truth(item, scope) for item in node.items)


def _implies(of: Encoding, node: ex.Implies, scope: Scope) -> Truth:
    return any_of((of.truth(node.premise, scope).negated, of.truth(node.conclusion, scope)))


def _at_least(of: Encoding, node: ex.AtLeast, scope: Scope) -> Truth:
    parts = [of.truth(item, scope) for item in node.items]
    too_few = len(parts) - node.count + 1
    return Truth(
        at_least(node.count, [one.true for one in parts]), at_least(too_few, [one.false for one in parts])
    )


CONDITIONS: dict[type[ex.Node], Callable[[Encoding, Any, Scope], Truth]] = {
    ex.Compare: _compare,
    ex.Between: _between,
    ex.OneOf: _one_of,
    ex.Known: _is_known,
    ex.Includes: _includes,
    ex.Empty: _empty,
    ex.Done: _done,
    ex.Declined: _declined,
    ex.Recorded: _recorded,
    ex.InState: _in_state,
    ex.FactRef: _condition,
    ex.Literal: _condition,
    ex.Not: _not,
    ex.And: _and,
    ex.Or: _or,
    ex.Implies: _implies,
    ex.AtLeast: _at_least,
}
