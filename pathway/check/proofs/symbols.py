"""The free variables of a snapshot: what any patient may have on record, have had done, and stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pathway.check.proofs.smt import (
    Bool,
    Number,
    Variables,
    at_most_one,
    conj,
    disj,
    exactly_one,
    implies,
    neg,
    same,
    substituted_truths,
)
from pathway.check.proofs.terms import Amount, Codes, Collection, Term, Truth, ordered, plus, times
from pathway.language import expression as ex
from pathway.language.calendar import EARLIEST, LATEST
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind

DAY = 86400
EPOCH = 719_163  # date.toordinal() of 1970-01-01
FIRST_DAY, LAST_DAY = EARLIEST.toordinal() - EPOCH, LATEST.toordinal() - EPOCH
FIRST_INSTANT, LAST_INSTANT = (FIRST_DAY - 1) * DAY, (LAST_DAY + 2) * DAY  # in any zone
FAR = 15 * 3600  # no clock is further from UTC
CALENDAR_SLACK = 5  # days by which n months may differ from n average months
MONTH = Fraction(146_097, 4_800)  # days, on average

Assert = Callable[[Bool], None]


@dataclass(slots=True)
class Symbols:
    """Makes each variable once, and tells the solver what it can be as soon as it is used."""

    definition: Definition
    tell: Assert
    free: Variables
    recorded: dict[str, Term] = field(default_factory=dict[str, Term])
    truths: dict[tuple[str, ...], Bool] = field(default_factory=dict[tuple[str, ...], Bool])
    stands: dict[str, dict[str, Bool]] = field(default_factory=dict[str, dict[str, Bool]])
    places: frozenset[tuple[str, str]] = frozenset()
    days: dict[Number, Number] = field(default_factory=dict[Number, Number])
    shifted: list[tuple[Number, int, Number]] = field(default_factory=list[tuple[Number, int, Number]])
    named: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    _others: dict[str, tuple[Term, list[tuple[Bool, Bool]]]] = field(
        default_factory=dict[str, tuple[Term, list[tuple[Bool, Bool]]]]
    )
    _earlier: dict[str, list[tuple[Bool, Bool]]] = field(default_factory=dict[str, list[tuple[Bool, Bool]]])
    clock: Number = None
    utc: Bool = None

    # --- the clock ------------------------------------------------------------------------------
    def now(self) -> Number:
        """The instant, in seconds since 1970 UTC."""
        if self.clock is None:
            self.clock = self.free.integer("now")
            self.tell(conj((self.clock >= FIRST_INSTANT, self.clock <= LAST_INSTANT)))
        return self.clock

    def day_of(self, instant: Number) -> Number:
        """The local date of an instant, in any zone; in UTC where `in_utc` is supposed."""
        key = instant if isinstance(instant, int) else instant.get_id()
        if key not in self.days:
            number = len(self.days)
            day, offset = self.free.integer(f"day#{number}"), self.free.integer(f"offset#{number}")
            self.tell(conj((offset >= -FAR, offset <= FAR)))
            local = plus(instant, offset)
            self.tell(conj((day * DAY <= local, local < day * DAY + DAY)))
            self.tell(implies(self.in_utc(), offset == 0))
            self.days[key] = day
        return self.days[key]

    def in_utc(self) -> Bool:
        """Suppose that the case's clock shows UTC."""
        if self.utc is None:
            self.utc = self.free.boolean("utc")
        return self.utc

    def later_by_months(self, day: Number, months: int) -> Number:
        """The same day so many calendar months on: a day that lies about there, the later the later."""
        for known, count, found in self.shifted:
            if count == months and (
                known is day or (not isinstance(day, int) and not isinstance(known, int) and known.eq(day))
            ):
                return found
        found = self.free.integer(f"later#{len(self.shifted)}")
        average = months * MONTH
        least, most = int(average // 1) - CALENDAR_SLACK, int(average // 1) + 1 + CALENDAR_SLACK
        self.tell(conj((ordered(">=", found, plus(day, least)), ordered("<=", found, plus(day, most)))))
        for known, count, other in self.shifted:
            if count == months:
                self.tell(implies(ordered("<=", known, day), other <= found))
                self.tell(implies(ordered("<=", day, known), found <= other))
        self.shifted.append((day, months, found))
        return found

    # --- what was done and recorded -------------------------------------------------------------
    def _truth(self, *key: str) -> Bool:
        if key not in self.truths:
            self.truths[key] = self.free.boolean(":".join(key))
        return self.truths[key]

    def done(self, action: str, scope: str | None) -> Bool:
        """Whether a deed is on record, ever or since entering a state."""
        return self._said("done", action, scope)

    def declined(self, action: str, scope: str | None) -> Bool:
        return self._said("declined", action, scope)

    def was_recorded(self, fact: str, scope: str | None) -> Bool:
        return self._said("recorded", fact, scope)

    def _said(self, what: str, name: str, scope: str | None) -> Bool:
        fresh = (what, name) not in self.truths
        ever = self._truth(what, name)
        if fresh and what == "recorded":
            self.tell(implies(self.known(name), ever))
        if scope is None:
            return ever
        fresh = (what, name, scope) not in self.truths
        since = self._truth(what, name, scope)
        if fresh:
            self.tell(implies(since, ever))
        return since

    # --- where tracks stand ---------------------------------------------------------------------
    def stands_in(self, track: str, state: str) -> Bool:
        """Whether a track stands in a state: it always stands in exactly one."""
        if track not in self.stands:
            states = {
                name: self.free.boolean(f"in:{track}.{name}") for name in self.definition.tracks[track].states
            }
            self.tell(exactly_one(list(states.values())))
            self.stands[track] = states
        return self.stands[track][state]

    def moved(self, formula: Bool, track: str, to: str) -> Bool:
        """A formula as it will be once a track has moved; the same one where it says nothing of the track."""
        if isinstance(formula, bool) or track not in self.stands:
            return formula
        places = [
            (truth, state == to)
            for state, truth in self.stands[track].items()
            if (track, state) in self.places
        ]
        found = substituted_truths(formula, places)
        return formula if found.eq(formula) else found

    # --- what is on record ----------------------------------------------------------------------
    def known(self, name: str) -> Bool:
        """Whether a recorded value of a fact is valid."""
        return self.fact(name).known

    def fact(self, name: str) -> Term:
        """The recorded value of a fact, whatever its formula says."""
        if name not in self.recorded:
            self.recorded[name] = self._record(self.definition.facts[name])
            self._said_by(self.definition.facts[name])
        return self.recorded[name]

    def with_another(self, formula: Bool, name: str) -> tuple[Bool, Bool]:
        """A formula with another value in the place of a fact's, and when that other value is known."""
        if name not in self._others:
            other = self._record(replace(self.definition.facts[name], name=f"{name}'"))
            self._others[name] = other, _pairs(self.fact(name), other)
        other, pairs = self._others[name]
        return substituted_truths(formula, pairs), other.known

    def before(self, formula: Bool, facts: set[str], said: set[str]) -> Bool:
        """A formula as it was one entry before: other values of facts, and less that was done or recorded."""
        pairs = [
            (truth, self.free.boolean(f"{':'.join(key)} before"))
            for key, truth in self.truths.items()
            if key[1] in said
        ]
        for name in sorted(facts):
            if name in self.recorded:
                if name not in self._earlier:
                    other = self._record(replace(self.definition.facts[name], name=f"{name} before"))
                    self._earlier[name] = _pairs(self.fact(name), other)
                pairs += self._earlier[name]
        return substituted_truths(formula, pairs)

    def _record(self, fact: Fact) -> Term:
        match fact.type.kind:
            case Kind.BOOLEAN:
                truth = Truth(self.free.boolean(f"{fact.name}=yes"), self.free.boolean(f"{fact.name}=no"))
                self.tell(neg(conj((truth.true, truth.false))))
                return truth
            case Kind.CODE | Kind.TEXT:
                return self._codes(fact)
            case Kind.LIST:
                return self._list(fact)
            case Kind.NUMBER:
                return self._number(fact)
            case _:
                return self._moment(fact)

    def _codes(self, fact: Fact) -> Codes:
        members = {code: self.free.boolean(f"{fact.name}={code}") for code in self._codes_of(fact)}
        is_open = fact.type.open or fact.type.kind is Kind.TEXT
        other: Bool = self.free.boolean(f"{fact.name} other") if is_open else False
        values = [*members.values(), *([other] if is_open else [])]
        self.tell(at_most_one(values))
        return Codes(disj(values), members, other)

    def _list(self, fact: Fact) -> Collection:
        known = self.free.boolean(f"{fact.name} known")
        members = {code: self.free.boolean(f"{fact.name} with {code}") for code in self._codes_of(fact)}
        closed = fact.type.codes and not fact.type.open
        other: Bool = False if closed else self.free.boolean(f"{fact.name} others")
        self.tell(conj(implies(one, known) for one in (*members.values(), other)))
        return Collection(known, members, other)

    def _codes_of(self, fact: Fact) -> tuple[str, ...]:
        named = self.named.get(fact.name.removesuffix("'").removesuffix(" before"), ())
        closed = fact.type.codes and not fact.type.open
        return fact.type.codes if closed else tuple(dict.fromkeys((*fact.type.codes, *named)))

    def _number(self, fact: Fact) -> Amount:
        known = self.free.boolean(f"{fact.name} known")
        zero = fact.unit.to_base(Fraction(0)) if fact.unit is not None else Fraction(0)
        factor = fact.unit.to_base(Fraction(1)) - zero if fact.unit is not None else Fraction(1)
        if fact.step is None or fact.also:
            value = self.free.real(fact.name)
            self._bound(value, fact, factor, zero)
            return Amount(known, value)
        count = self.free.integer(f"{fact.name} steps")
        self._bound_steps(count, fact, fact.step)
        size = fact.step * factor
        value = plus(times(size, count), zero)
        return Amount(known, value, steps=(count, size) if zero == 0 else None)

    def _bound(self, value: Number, fact: Fact, factor: Fraction, zero: Fraction) -> None:
        for operator, limit in ((">=", fact.low), ("<=", fact.high)):
            if limit is not None:
                self.tell(ordered(operator, value, limit * factor + zero))

    def _bound_steps(self, count: Number, fact: Fact, step: Fraction) -> None:
        if fact.low is not None:
            self.tell(count >= int(-(-fact.low // step)))
        if fact.high is not None:
            self.tell(count <= int(fact.high // step))

    def _moment(self, fact: Fact) -> Amount:
        known, value = self.free.boolean(f"{fact.name} known"), self.free.integer(fact.name)
        instant = fact.type.kind is Kind.INSTANT
        first, last = (FIRST_INSTANT, LAST_INSTANT) if instant else (FIRST_DAY, LAST_DAY)
        self.tell(conj((value >= first, value <= last)))
        return Amount(known, value)

    def _said_by(self, fact: Fact) -> None:
        """A fact that says by itself that an action was done: then it was, and not in the future."""
        rows = [
            (action.name, row)
            for action in self.definition.actions.values()
            for row in action.records
            if row.fact == fact.name
        ]
        if not rows or any(row.when is not None for _, row in rows):
            return
        done = disj(self.done(name, None) for name, _ in rows)
        term = self.recorded[fact.name]
        for value in dict.fromkeys(row.value for _, row in rows):
            says = term.known if value is None else term.member(value) if isinstance(term, Codes) else False
            self.tell(implies(says, done))
        if isinstance(term, Amount) and fact.type.kind is Kind.INSTANT:
            self.tell(implies(term.known, term.value <= self.now()))


def named_codes(definition: Definition, expressions: Iterable[ex.Expression]) -> dict[str, tuple[str, ...]]:
    """The codes and texts that matter for each fact: those named beside it, or beside any fact that it flows
    into or is compared with, and all that those facts can hold."""
    pools: dict[str, dict[str, None]] = {
        name: dict.fromkeys(fact.type.codes) for name, fact in definition.facts.items() if _is_coded(fact)
    }
    for fact in definition.facts.values():
        for value in _values_of(fact):
            _name(pools, fact.name, value)
    for expression in expressions:
        for node in ex.walk(expression):
            match node:
                case (
                    ex.Compare(left=ex.FactRef(name=name), right=other)
                    | ex.Compare(left=other, right=ex.FactRef(name=name))
                ):
                    _name(pools, name, other)
                case (
                    ex.OneOf(operand=ex.FactRef(name=name), values=codes)
                    | ex.Includes(operand=ex.FactRef(name=name), values=codes)
                ):
                    pools.get(name, {}).update(dict.fromkeys(map(str, codes)))
                case _:
                    pass
    return {name: tuple(pool) for name, pool in pools.items()}


def _is_coded(fact: Fact) -> bool:
    return fact.type.kind in (Kind.CODE, Kind.TEXT, Kind.LIST)


def _values_of(fact: Fact) -> list[ex.Expression]:
    if fact.formula is None:
        return []
    values = [row.value for row in fact.formula.rows] + [fact.formula.otherwise]
    return [value for value in values if value is not None]


def _name(pools: dict[str, dict[str, None]], name: str, other: ex.Expression) -> None:
    """A fact beside a literal, or beside another fact: those share one pool of names from then on."""
    if name not in pools:
        return
    if isinstance(other, ex.Literal):
        values = other.value if isinstance(other.value, tuple) else (other.value,)
        pools[name].update(dict.fromkeys(str(value) for value in values))
    elif isinstance(other, ex.FactRef) and other.name in pools and pools[other.name] is not pools[name]:
        shared, joined = pools[name], pools[other.name]
        shared.update(joined)
        for fact, pool in pools.items():
            if pool is joined:
                pools[fact] = shared


def _pairs(term: Term, other: Term) -> list[tuple[Bool, Bool]]:
    """The variables of a recorded fact beside those of another record of it."""
    if isinstance(term, Truth) and isinstance(other, Truth):
        return [(term.true, other.true), (term.false, other.false)]
    if isinstance(term, Amount) and isinstance(other, Amount):
        values = (term.steps[0], other.steps[0]) if term.steps and other.steps else (term.value, other.value)
        return [(term.known, other.known), values]
    assert isinstance(term, (Codes, Collection))
    assert isinstance(other, (Codes, Collection))
    pairs = [(term.members[code], other.members[code]) for code in term.members]
    pairs += [(term.other, other.other)] if term.other is not False else []
    return [*pairs, (term.known, other.known)] if isinstance(term, Collection) else pairs


def equal(left: Term, right: Term) -> Bool:
    """Whether two terms are known and the same."""
    if isinstance(left, Truth) and isinstance(right, Truth):
        return disj((conj((left.true, right.true)), conj((left.false, right.false))))
    if isinstance(left, Amount) and isinstance(right, Amount):
        return conj((left.known, right.known, ordered("=", left.value, right.value)))
    assert isinstance(left, (Codes, Collection))
    assert isinstance(right, (Codes, Collection))
    names = dict.fromkeys((*left.members, *right.members))
    alike = [same(left.member(name), right.member(name)) for name in names]
    return conj((left.known, right.known, *alike, same(left.other, right.other)))
