"""From a patient that the solver found to the next entry of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from fractions import Fraction

from pathway.check.proofs.oracle import Found
from pathway.check.proofs.smt import Bool, conj, disj, implies, neg
from pathway.check.proofs.symbols import DAY, EPOCH, FIRST_DAY, LAST_DAY, Symbols, equal
from pathway.check.proofs.terms import Amount, Codes, Collection, Term, Truth, ordered
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, Retraction
from pathway.engine.case import Case
from pathway.language import expression as ex
from pathway.language.calendar import format_instant
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.expression import Kind, Value
from pathway.language.numbers import exact_text
from pathway.language.values import ValueRefused, in_declared, read_value

ANOTHER = "another"  # a code or text that no expression names
LATER = 300  # seconds from one entry to the next, unless a guard wants more
REASON = "not wanted"


@dataclass(slots=True)
class Reads:
    """What formulas read of a case: of this a patient is made, everything else stays as it is.

    `needed` are the facts without which something is UNKNOWN: those of which more is read than whether they
    are known.
    """

    facts: set[str] = field(default_factory=set[str])
    deeds: set[str] = field(default_factory=set[str])
    recorded: set[str] = field(default_factory=set[str])
    tracks: set[str] = field(default_factory=set[str])
    places: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    needed: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, parts: Iterable[Reads]) -> Reads:
        """All that any of them reads."""
        found = cls()
        for part in parts:
            found.add(part)
        return found

    def add(self, other: Reads) -> None:
        """Read that too."""
        self.facts |= other.facts
        self.deeds |= other.deeds
        self.recorded |= other.recorded
        self.tracks |= other.tracks
        self.places |= other.places
        self.needed |= other.needed


@dataclass(slots=True)
class Reader:
    """What guards read, derived facts and evidence followed down; each found once."""

    definition: Definition
    _facts: dict[str, Reads] = field(default_factory=dict[str, Reads])
    _guards: dict[int, Reads] = field(default_factory=dict[int, Reads])

    def guard(self, guard: Guard) -> Reads:
        """What a guard reads."""
        if id(guard) not in self._guards:
            found = self._guards[id(guard)] = Reads()
            if guard.expression is not None:
                self._into(found, guard.expression)
        return self._guards[id(guard)]

    def expression(self, node: ex.Expression) -> Reads:
        """What an expression reads."""
        found = Reads()
        self._into(found, node)
        return found

    def fact(self, name: str) -> Reads:
        """What a fact rests on, itself included where it can be recorded."""
        if name not in self._facts:
            found = self._facts[name] = Reads()
            fact = self.definition.facts[name]
            if fact.recordable:
                found.facts.add(name)
                found.needed.add(name)
            for node in expressions_of(fact):
                self._into(found, node)
        return self._facts[name]

    def _into(self, found: Reads, expression: ex.Expression) -> None:
        match expression:
            case ex.Known(operand=operand):
                found.add(replace(self.fact(operand.name), needed=set()))
            case ex.FactRef(name=name):
                found.add(self.fact(name))
            case ex.Done(action=action):
                found.deeds.add(action)
                evidence = self.definition.actions[action].evidence
                if evidence is not None:
                    found.add(replace(self.guard(evidence), needed=set()))
            case ex.Declined(action=action):
                found.deeds.add(action)
            case ex.Recorded(fact=fact):
                found.recorded.add(fact)
                found.facts.add(fact)
            case ex.InState(track=track, state=state):
                found.tracks.add(track)
                found.places.add((track, state))
            case _:
                for child in ex.children(expression):
                    self._into(found, child)


def expressions_of(fact: Fact) -> list[ex.Expression]:
    """The conditions and values of a derived fact's formula."""
    if fact.formula is None:
        return []
    rows = [part for row in fact.formula.rows for part in (row.when.expression, row.value)]
    return [part for part in (*rows, fact.formula.otherwise) if part is not None]


# --- what a case fixes --------------------------------------------------------------------------
def context(case: Case, reads: Reads, symbols: Symbols, scopes: dict[str, int]) -> list[Bool]:
    """What holds of this case whatever is entered next; `scopes` are the log lines from which each counts."""
    found = [
        symbols.stands_in(track, case.memory.stands[track].state)
        for track in sorted(reads.tracks)
        if track in symbols.stands
    ]
    for key, truth in symbols.truths.items():
        if key[1] in (reads.recorded if key[0] == "recorded" else reads.deeds):
            found += _said(case, key, truth, symbols, scopes)
    return found


def _said(
    case: Case, key: tuple[str, ...], truth: Bool, symbols: Symbols, scopes: dict[str, int]
) -> list[Bool]:
    """What was done, declined or recorded stays so; what is entered next counts from now and from entry."""
    what, name = key[0], key[1]
    since = scopes.get(key[2]) if len(key) > 2 else 0
    if since is None:
        return []
    if has_said(case, what, name, since):
        return [truth]
    if what == "recorded":
        return [] if name not in symbols.recorded else [_recorded_only_anew(case, name, truth, symbols)]
    found = _deed_says_another_time(case, name, truth, symbols) if what == "done" else []
    ever = symbols.truths.get((what, name))
    never_before = ever is not None and not has_said(case, what, name, 0)
    return [*found, implies(ever, truth)] if never_before and len(key) > 2 else found


def _deed_says_another_time(case: Case, name: str, truth: Bool, symbols: Symbols) -> list[Bool]:
    """A new deed has its own time: the fact that holds it is recorded anew."""
    found: list[Bool] = []
    for row in case.compiled.definition.actions[name].records:
        term, present = symbols.recorded.get(row.fact), case.readings.valid_record(row.fact)
        if (
            row.value is None
            and isinstance(term, Amount)
            and present is not None
            and present.value is not None
        ):
            kept = equal(term, constant(term, present.value))
            found.append(implies(truth, neg(kept)))
    return found


def has_said(case: Case, what: str, name: str, since: int) -> bool:
    """Whether a deed, a refusal or a record is on record after a log line."""
    if what == "done":
        return any(deed.counts > since for deed in case.memory.deeds.get(name, ()))
    return case.readings.declined(name, since) if what == "declined" else case.readings.recorded(name, since)


def _recorded_only_anew(case: Case, name: str, truth: Bool, symbols: Symbols) -> Bool:
    """Another value than the present one has to be recorded; and what is recorded has a value."""
    term = symbols.recorded[name]
    present = case.readings.valid_record(name)
    if present is None or present.value is None:
        return conj((implies(term.known, truth), implies(truth, term.known)))
    kept = equal(term, constant(term, present.value))
    return conj((implies(conj((term.known, neg(kept))), truth), implies(truth, term.known)))


def constant(term: Term, value: Value) -> Term:
    """A value as a term of the same kind."""
    if isinstance(term, Truth):
        return Truth(value is True, value is False)
    if isinstance(term, Codes):
        named = isinstance(value, str) and value in term.members
        return Codes(True, {str(value): True} if named else {}, not named)
    if isinstance(term, Collection):
        members = [str(member) for member in value] if isinstance(value, tuple) else []
        others = any(member not in term.members for member in members)
        return Collection(True, {member: True for member in members if member in term.members}, others)
    assert not isinstance(value, (str, tuple))
    return Amount(True, value.toordinal() - EPOCH if isinstance(value, date) else value)


def wishes(case: Case, reads: Reads, symbols: Symbols) -> list[Bool]:
    """What should stay as it is, if it can: facts on record, what was not done, and the time."""
    found = [
        as_it_is(case, name, symbols.recorded[name])
        for name in sorted(reads.facts)
        if name in symbols.recorded
    ]
    for key, truth in symbols.truths.items():
        if key[1] in (reads.recorded if key[0] == "recorded" else reads.deeds):
            found.append(neg(truth))
    if symbols.clock is not None:
        found.append(symbols.clock == case.now + LATER)
    return found


def as_it_is(case: Case, name: str, term: Term) -> Bool:
    """When a fact is as this case has it on record, or is still not known."""
    record = case.readings.valid_record(name)
    if record is None or record.value is None:
        return neg(term.known)
    value = constant(term, record.value)
    if isinstance(term, Codes) and isinstance(value, Codes):
        return next((term.member(code) for code in value.members), term.other)
    return equal(term, value)


def rounded(found: Found, reads: Reads, symbols: Symbols, definition: Definition, parts: int) -> list[Bool]:
    """For each number that this patient has between two of so many parts of a step: one of these two.

    Only numbers that are admitted in several units are free to lie anywhere; few could be typed exactly.
    """
    wanted: list[Bool] = []
    for name in sorted(reads.facts & symbols.recorded.keys()):
        fact, term = definition.facts[name], symbols.recorded[name]
        if fact.type.kind is not Kind.NUMBER or not isinstance(term, Amount) or term.steps is not None:
            continue
        value = in_declared(fact.unit, found.amount(term.value))
        size = (fact.step or 1) / Fraction(parts)
        below = value // size
        if found.holds(term.known) and below * size != value:
            nearest = [count * size for count in (below, below + 1)]
            bases = nearest if fact.unit is None else list(map(fact.unit.to_base, nearest))
            wanted.append(disj(ordered("=", term.value, base) for base in bases))
    return wanted


# --- the next entry -----------------------------------------------------------------------------
def entry(case: Case, found: Found, reads: Reads, symbols: Symbols, definition: Definition) -> Batch:
    """The entry that makes this case the patient that was found."""
    at = case.now + LATER if symbols.clock is None else int(found.amount(symbols.clock))
    facts: list[FactEntry] = []
    retracted: list[Retraction] = []
    for name in sorted(reads.facts):
        if name not in symbols.recorded:
            continue
        term = symbols.recorded[name]
        text = entered(definition.facts[name], term, found)
        wanted = _recorded_anew(case, found, symbols, reads, name)
        if text is None and _known(case, name):
            retracted.append(Retraction(name))
        elif text is not None and (wanted or not _stands(case, definition.facts[name], text, term, found)):
            facts.append(FactEntry(name, text))
    said = [(key, truth) for key, truth in symbols.truths.items() if key[1] in reads.deeds]
    done = {key[1] for key, truth in said if key[0] == "done" and _newly(case, found, key, truth)}
    declined = {key[1] for key, truth in said if key[0] == "declined" and _newly(case, found, key, truth)}
    return Batch(
        at,
        "check",
        at,
        facts=tuple(facts),
        retracted=tuple(retracted),
        done=tuple(DeedEntry(name) for name in sorted(done)),
        declined=tuple(DeclineEntry(name, REASON) for name in sorted(declined)),
    )


def _newly(case: Case, found: Found, key: tuple[str, ...], truth: Bool) -> bool:
    """Whether it has to be done now: it is not on record, or not since the present state was entered."""
    if not found.holds(truth):
        return False
    since = 0
    if len(key) == 3:
        track, _, state = key[2].partition(".")
        stand = case.memory.stands[track]
        if stand.state != state:
            return False
        since = stand.entered_seq
    return not has_said(case, key[0], key[1], since)


def _recorded_anew(case: Case, found: Found, symbols: Symbols, reads: Reads, name: str) -> bool:
    """Whether the patient has a fact recorded since entering a present state in which it is not yet."""
    if name not in reads.recorded:
        return False
    return any(
        len(key) > 2 and _newly(case, found, key, truth)
        for key, truth in symbols.truths.items()
        if key[0] == "recorded" and key[1] == name
    )


def _known(case: Case, name: str) -> bool:
    record = case.readings.valid_record(name)
    return record is not None and record.value is not None


def _stands(case: Case, fact: Fact, text: str | tuple[str, ...], term: Term, found: Found) -> bool:
    """Whether just this is on record, and stays so while time passes."""
    record = case.readings.valid_record(fact.name)
    if record is None or record.value is None or fact.valid_for is not None:
        return False
    if found.holds(as_it_is(case, fact.name, term)):
        return True
    try:
        return read_value(fact, text, UTC).value == record.value
    except ValueRefused:
        return False


def entered(fact: Fact, term: Term, found: Found) -> str | tuple[str, ...] | None:
    """What to enter for a fact, or None where it is not known."""
    if not found.holds(term.known):
        return None
    if isinstance(term, Truth):
        return "true" if found.holds(term.true) else "false"
    if isinstance(term, (Codes, Collection)):
        codes = tuple(code for code, truth in term.members.items() if found.holds(truth))
        codes += (ANOTHER,) if found.holds(term.other) else ()
        return codes if isinstance(term, Collection) else codes[0]
    value = found.amount(term.value)
    if fact.type.kind is Kind.NUMBER:
        return _typed(fact, in_declared(fact.unit, value))
    if fact.type.kind is Kind.DATE:
        return date.fromordinal(int(value) + EPOCH).isoformat()
    return format_instant(int(value), UTC)


def _typed(fact: Fact, value: Fraction) -> str:
    """A number as it is typed: in the declared unit where it is on its step, else in another admitted one."""
    if fact.step is None or (value / fact.step).denominator == 1 or fact.unit is None:
        return _decimal(value)
    for text, admitted in fact.also.items():
        if admitted.factor is not None:
            return f"{_decimal(value / admitted.factor)} {text}"
        return f"{_decimal(admitted.unit.from_base(fact.unit.to_base(value)))} {text}"
    return _decimal(value)


def _decimal(value: Fraction) -> str:
    """A number as it can be typed: the nearest one with nine decimals where it has no end."""
    text = exact_text(value)
    return exact_text(Fraction(round(value * 10**9), 10**9)) if "/" in text else text


def at_or_after(symbols: Symbols, instant: int) -> Bool:
    """The clock has reached an instant."""
    return ordered(">=", symbols.now(), instant)


def enterable(reads: Reads, symbols: Symbols, definition: Definition) -> list[Bool]:
    """Instants as they can be entered in UTC: elsewhere the calendar begins and ends up to a day apart."""
    instants = [name for name in sorted(reads.facts) if definition.facts[name].type.kind is Kind.INSTANT]
    terms = [symbols.recorded[name] for name in instants if name in symbols.recorded]
    return [
        conj((ordered(">=", term.value, FIRST_DAY * DAY), ordered("<", term.value, (LAST_DAY + 1) * DAY)))
        for term in terms
        if isinstance(term, Amount)
    ]
