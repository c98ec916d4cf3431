"""A guard as a function of its conditions, and which of them alone decided it (masking MC/DC, three-valued).

A *condition* is an atom of the guard; the same atom written twice is one condition, and a written `true`
or `false` is none. An *evaluation* gives each condition TRUE, FALSE or UNKNOWN, and the guard its Kleene
outcome.

A condition *decides* an evaluation when it is TRUE or FALSE there, the outcome is TRUE or FALSE, and with
this condition alone turned round the outcome would be the other one; the other conditions may be anything,
UNKNOWN included. A condition is *shown* when it decides one evaluation in which it is TRUE and another in
which it is FALSE, and their outcomes differ: masking modified condition/decision coverage (J. J. Chilenski,
DOT/FAA/AR-01/18). UNKNOWN never stands in for TRUE or FALSE, with one exception: `is known` and `is unknown`
are written to keep UNKNOWN out, so these decide also where, turned round, they would let it in.

Apart from that, a condition *holds up* an evaluation when it is UNKNOWN, so is the outcome, and knowing this
condition alone would decide: TRUE one way, FALSE the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pathway.language import expression as ex
from pathway.language.evaluate import all_of, any_of, at_least, negated, truth
from pathway.language.expression import Expression
from pathway.language.verdict import Verdict

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
TWO_VALUED = (ex.Known, ex.Done, ex.Declined, ex.Recorded, ex.InState)

Verdicts = tuple[Verdict, ...]
Rule = Callable[[Sequence[Verdict]], Verdict]
Effect = tuple[int, Verdict, Verdict]  # which condition, its verdict, and the outcome that it alone decided


@dataclass(frozen=True, slots=True)
class Decision:
    """A guard read once: its distinct conditions in written order, and its outcome from their verdicts.

    `places` says for each atom, as explanations list them, which condition it is; None for a literal.
    """

    conditions: tuple[Expression, ...]
    places: tuple[int | None, ...]
    rule: Rule

    def outcome(self, verdicts: Sequence[Verdict]) -> Verdict:
        """The Kleene outcome, given one verdict for each condition."""
        return self.rule(verdicts)

    def of_atoms(self, atoms: Iterable[Verdict]) -> Verdicts:
        """The verdict of each condition, from those of all atoms."""
        found = [UNKNOWN] * len(self.conditions)
        for place, verdict in zip(self.places, atoms, strict=True):
            if place is not None:
                found[place] = verdict
        return tuple(found)

    def effects(self, verdicts: Verdicts) -> Iterator[Effect]:
        """The conditions that alone decided an evaluation, or alone held it up."""
        outcome = self.rule(verdicts)
        for index, verdict in enumerate(verdicts):
            if (verdict is UNKNOWN) is not (outcome is UNKNOWN):
                continue
            ends = {self._with(verdicts, index, TRUE), self._with(verdicts, index, FALSE)}
            if len(ends) == 2 and (UNKNOWN not in ends or isinstance(self.conditions[index], ex.Known)):
                yield index, verdict, outcome

    def _with(self, verdicts: Verdicts, index: int, verdict: Verdict) -> Verdict:
        """The outcome with one condition supposed."""
        return self.rule((*verdicts[:index], verdict, *verdicts[index + 1 :]))

    def can_hold_up(self, index: int) -> bool:
        """Whether a condition can be UNKNOWN, and the outcome with it: then `is known` of its fact is FALSE.

        Where the outcome is settled although nothing else is known, it always is (Kleene logic is monotone).
        """
        condition = self.conditions[index]
        if not can_be_unknown(condition):
            return False
        named = {node.name for node in ex.walk(condition) if isinstance(node, ex.FactRef)}
        if len(named) > 1 or any(isinstance(node, ex.Arithmetic | ex.Shift) for node in ex.walk(condition)):
            return True  # it can be UNKNOWN although each of its facts, taken alone, is known
        return self.rule([_while_unknown(one, named) for one in self.conditions]) is UNKNOWN


def _while_unknown(condition: Expression, facts: set[str]) -> Verdict:
    """What is certain of a condition while none of these facts is known."""
    if isinstance(condition, ex.Known) and condition.operand.name in facts:
        return truth(not condition.expected)
    return UNKNOWN


def is_shown(effects: Iterable[Effect], condition: int) -> bool:
    """Whether two evaluations show that the condition alone changes the outcome."""
    mine = [(verdict, outcome) for index, verdict, outcome in effects if index == condition]
    ends = [outcome for verdict, outcome in mine if verdict is TRUE]
    return any(verdict is FALSE and negated(outcome) in ends for verdict, outcome in mine)


def holds_up(effects: Iterable[Effect], condition: int) -> bool:
    """Whether an evaluation shows that the condition alone, being UNKNOWN, keeps the guard UNKNOWN."""
    return any(index == condition and verdict is UNKNOWN for index, verdict, _ in effects)


def can_be_unknown(condition: Expression) -> bool:
    """Whether a condition reads a value that may be missing; what only asks the record is TRUE or FALSE."""
    if isinstance(condition, (*TWO_VALUED, ex.Literal)):
        return False
    return any(isinstance(node, ex.FactRef) for node in ex.walk(condition))


def decision_of(expression: Expression) -> Decision:
    """Read a guard's tree."""
    places: list[int | None] = []
    conditions: dict[Expression, int] = {}
    rule = _rule(expression, conditions, places)
    return Decision(tuple(conditions), tuple(places), rule)


def _rule(node: Expression, conditions: dict[Expression, int], places: list[int | None]) -> Rule:
    """The outcome of a part as a function of all conditions; its atoms are entered on the way."""
    if not isinstance(node, ex.CONNECTIVES):
        return _leaf(node, conditions, places)
    parts = [_rule(child, conditions, places) for child in ex.children(node)]
    match node:
        case ex.Not():
            return lambda verdicts: negated(parts[0](verdicts))
        case ex.And():
            return lambda verdicts: all_of(part(verdicts) for part in parts)
        case ex.Or():
            return lambda verdicts: any_of(part(verdicts) for part in parts)
        case ex.AtLeast(count=count):
            return lambda verdicts: at_least(count, (part(verdicts) for part in parts))
        case _:
            return lambda verdicts: any_of((negated(parts[0](verdicts)), parts[1](verdicts)))


def _leaf(node: Expression, conditions: dict[Expression, int], places: list[int | None]) -> Rule:
    if isinstance(node, ex.Literal):
        places.append(None)
        verdict = truth(node.value is True)
        return lambda _: verdict
    index = conditions.setdefault(node, len(conditions))
    places.append(index)
    return lambda verdicts: verdicts[index]
