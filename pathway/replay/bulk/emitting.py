"""Expressions as operations: each node of a guard pushes what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor

from pathway.language import expression as ex
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.replay.bulk import codes as op
from pathway.replay.bulk.scales import EPOCH_DAY, NotInBulkError, scale_of
from pathway.replay.bulk.words import Words, WordTest

Step = tuple[int, int, int, int]
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_REACHED = {"<": ceil, ">=": ceil, "<=": floor, ">": floor}


@dataclass(slots=True)
class Emitter:
    """The steps so far; `started` are the formulas that were called, in order."""

    definition: Definition
    words: Words
    steps: list[Step] = field(default_factory=list[Step])
    numbers: list[Fraction] = field(default_factory=list[Fraction])
    tests: list[WordTest] = field(default_factory=list[WordTest])
    started: dict[str, int] = field(default_factory=dict[str, int])
    fact_number: dict[str, int] = field(init=False)
    action_number: dict[str, int] = field(init=False)
    track_number: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.fact_number = {name: number for number, name in enumerate(self.definition.facts)}
        self.action_number = {name: number for number, name in enumerate(self.definition.actions)}
        self.track_number = {name: number for number, name in enumerate(self.definition.tracks)}

    def step(self, code: int, first: int = 0, second: int = 0, third: int = 0) -> int:
        """Add an operation; its place."""
        self.steps.append((code, first, second, third))
        return len(self.steps) - 1

    def test(self, test: WordTest) -> int:
        """The number of a question about words."""
        if test not in self.tests:
            self.tests.append(test)
        return self.tests.index(test)

    def _number(self, value: Fraction) -> int:
        if abs(value.numerator) >= op.MOST or value.denominator >= op.MOST:
            raise NotInBulkError("a number in it has more digits than 64 bits hold")
        if value not in self.numbers:
            self.numbers.append(value)
        return self.numbers.index(value)

    # --- nodes --------------------------------------------------------------------------------------
    def emit(self, node: ex.Expression) -> None:
        """Add the operations of an expression."""
        match node:
            case ex.Literal():
                self._literal(node)
            case ex.FactRef(name=name):
                self._fact(self.definition.facts[name])
            case ex.And() | ex.Or() | ex.Not() | ex.Implies() | ex.AtLeast():
                self._connective(node)
            case ex.Compare():
                self._compare(node)
            case ex.OneOf() | ex.Includes() | ex.Empty() | ex.Between() | ex.Known():
                self._atom(node)
            case ex.Done() | ex.Declined() | ex.Recorded() | ex.InState():
                self._said(node)
            case ex.Arithmetic() | ex.Extreme() | ex.Interval():
                self._reckoning(node)
            case ex.Clock() | ex.Since() | ex.DateOf() | ex.Shift():
                self._time(node)

    def _literal(self, node: ex.Literal) -> None:
        value = node.value
        if isinstance(value, bool):
            self.step(op.VERDICT, op.YES if value else op.NO)
        else:
            self.step(op.NUMBER, self._number(self._whole(value)))

    def _whole(self, value: ex.Value) -> Fraction:
        if isinstance(value, date):
            return Fraction(value.toordinal() - EPOCH_DAY)
        if isinstance(value, tuple):
            raise NotInBulkError("a guard of it holds a whole list")
        return Fraction(self.words.number(value) if isinstance(value, str) else value)

    def _fact(self, fact: Fact) -> None:
        if fact.formula is not None:
            self.started.setdefault(fact.name, len(self.started))
            self.step(op.CALL, list(self.started).index(fact.name))
            return
        kinds = {Kind.BOOLEAN: op.FACT_TRUTH, Kind.NUMBER: op.FACT_NUMBER}
        self.step(kinds.get(fact.type.kind, op.FACT_WHOLE), self.fact_number[fact.name])

    def _connective(self, node: ex.And | ex.Or | ex.Not | ex.Implies | ex.AtLeast) -> None:
        if isinstance(node, ex.Implies):
            self.emit(node.premise)
            self.step(op.NOT)
            self.emit(node.conclusion)
            self.step(op.ANY, 2)
            return
        match node:
            case ex.Not(operand=operand):
                self.emit(operand)
                self.step(op.NOT)
            case ex.And(items=items):
                self._several(items, op.ALL, op.NO)
            case ex.Or(items=items):
                self._several(items, op.ANY, op.YES)
            case ex.AtLeast(count=count, items=items):
                for item in items:
                    self.emit(item)
                self.step(op.AT_LEAST, len(items), count)

    def _several(self, items: tuple[ex.Expression, ...], code: int, decides: int) -> None:
        """`and` and `or`: what is decided needs no further atoms, unless the lines behind it are gathered."""
        tests: list[int] = []
        for number, item in enumerate(items):
            self.emit(item)
            if number + 1 < len(items):
                tests.append(self.step(op.ENOUGH, 0, decides, number))
        self.step(code, len(items))
        for test in tests:
            _, _, second, third = self.steps[test]
            self.steps[test] = (op.ENOUGH, len(self.steps), second, third)

    def _compare(self, node: ex.Compare) -> None:
        left, right, sign = node.left, node.right, node.operator
        if isinstance(left, ex.Literal):
            left, right, sign = right, left, _FLIPPED[sign]
        if isinstance(right, ex.Literal) and self._against(left, sign, right):
            return
        self.emit(left)
        self.emit(right)
        if is_truth(left.type.kind):
            self.step(op.SAME_TRUTH, int(sign == "!="))
        else:
            self.step(op.COMPARE, op.SIGNS[sign])

    def _against(self, left: ex.Expression, sign: str, right: ex.Literal) -> bool:
        """A recorded number beside a written one, or a recorded code: by far the most frequent atoms."""
        fact = self.definition.facts[left.name] if isinstance(left, ex.FactRef) else None
        if fact is None or fact.formula is not None:
            return False
        number = self.fact_number[fact.name]
        if isinstance(right.value, Fraction) and fact.type.kind is Kind.NUMBER:
            steps = scale_of(fact).steps(fact, right.value)
            reached = Fraction(_REACHED[sign](steps)) if sign in _REACHED else steps
            if reached.denominator != 1:  # no recorded value is equal to it
                return False
            self.step(op.FACT_AGAINST, number, op.SIGNS[sign], self._number(reached))
            return True
        if isinstance(right.value, str) and fact.type.kind is Kind.CODE:
            question = "among" if sign == "=" else "not among"
            self.step(op.FACT_AMONG, number, self.test(WordTest(question, (right.value,))))
            return True
        return False

    def _known(self, node: ex.Known) -> bool:
        """Whether a recorded fact is known: in one step."""
        fact = self.definition.facts[node.operand.name]
        if fact.formula is None:
            self.step(op.FACT_KNOWN, self.fact_number[fact.name], int(node.expected))
        return fact.formula is None

    def _atom(self, node: ex.OneOf | ex.Includes | ex.Empty | ex.Between | ex.Known) -> None:
        if isinstance(node, ex.Known) and self._known(node):
            return
        for child in ex.children(node):
            self.emit(child)
        match node:
            case ex.Between():
                self.step(op.WITHIN)
            case ex.Known(operand=operand, expected=expected):
                self.step(op.IS_KNOWN, int(expected), int(is_truth(operand.type.kind)))
            case ex.OneOf(values=values):
                self.step(op.AMONG, 0, self.test(WordTest("among", values)))
            case ex.Includes(operand=operand, values=values):
                self.step(op.AMONG, 0, self.test(WordTest("includes", values, self._list(operand))))
            case ex.Empty():
                self.step(op.AMONG, 0, self.test(WordTest("empty", ())))

    def _list(self, operand: ex.Expression) -> Fact:
        if not isinstance(operand, ex.FactRef):
            raise NotInBulkError("a guard of it looks into a list that is not a fact")
        return self.definition.facts[operand.name]

    def _said(self, node: ex.Done | ex.Declined | ex.Recorded | ex.InState) -> None:
        match node:
            case ex.Done(action=name, since_entry=since):
                evidence = self.definition.actions[name].evidence
                if evidence is not None and evidence.expression is not None:
                    self.emit(evidence.expression)
                self.step(op.WAS_DONE, self.action_number[name], int(since), int(evidence is not None))
            case ex.Declined(action=name, since_entry=since):
                self.step(op.WAS_DECLINED, self.action_number[name], int(since))
            case ex.Recorded(fact=name, since_entry=since):
                self.step(op.WAS_RECORDED, self.fact_number[name], int(since))
            case ex.InState(track=track, state=state):
                place = list(self.definition.tracks[track].states).index(state)
                self.step(op.STANDS_IN, self.track_number[track], place)

    def _reckoning(self, node: ex.Arithmetic | ex.Extreme | ex.Interval) -> None:
        for child in ex.children(node):
            self.emit(child)
        match node:
            case ex.Arithmetic(operator=sign):
                self.step({"+": op.PLUS, "-": op.MINUS, "*": op.TIMES, "/": op.OVER}[sign])
            case ex.Extreme(operator=word, items=items):
                self.step(op.LEAST if word == "min" else op.GREATEST, len(items))
            case ex.Interval(later=later):
                self.step(op.MINUS if later.type.kind is Kind.INSTANT else op.BETWEEN_DATES)

    def _time(self, node: ex.Clock | ex.Since | ex.DateOf | ex.Shift) -> None:
        for child in ex.children(node):
            self.emit(child)
        match node:
            case ex.Clock(operator=word):
                self.step(op.NOW if word == "now" else op.TODAY)
            case ex.Since(operator=word):
                self.step({"time": op.SINCE, "days": op.DAYS_SINCE}.get(word, op.MONTHS_SINCE))
            case ex.DateOf():
                self.step(op.DATE_OF)
            case ex.Shift(operator=sign, amount=amount):
                self.step(_shift(node, amount), 1 if sign == "+" else -1)


def _shift(node: ex.Shift, amount: ex.Expression) -> int:
    if node.type.kind is Kind.INSTANT:
        return op.LATER_SECONDS
    unit = amount.type.unit
    in_months = unit is not None and any(base == "mo" for base, _ in unit.dims)
    return op.LATER_MONTHS if in_months else op.LATER_DAYS


def is_truth(kind: Kind) -> bool:
    """Whether a value of this kind is a verdict."""
    return kind is Kind.BOOLEAN
