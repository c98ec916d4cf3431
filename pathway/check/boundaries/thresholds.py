"""Cases below, at and above every threshold that a guard or formula compares with, one step apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from pathway.check.boundaries.dials import ClockDial, Dial, dials, reads_calendar
from pathway.check.boundaries.drafts import Draft, Drafts, WithoutCase
from pathway.check.boundaries.holders import Holder, Setting
from pathway.check.boundaries.showing import Entries, Expect
from pathway.check.proofs.exploring import Node
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal
from pathway.check.proofs.smt import Bool, conj, disj, neg, same
from pathway.check.proofs.symbols import DAY
from pathway.engine.case import Case
from pathway.engine.entries import EntryError
from pathway.language import expression as ex
from pathway.language.evaluate import judge
from pathway.language.expression import Kind, ValueType
from pathway.language.verdict import Verdict
from pathway.replay.coverage.thresholds import ABOVE, AT, BELOW, SIDES, compared_amounts

FARTHEST = 64  # steps to where an amount that goes by months or bands is another
NO_PATIENT = "No patient has exactly this value"
NO_CASE = "No case was found that comes to this value"
BESIDE = (
    "No value beside it can be entered: it lies at the end of the declared range, or time had to run back"
)
NO_MATTER = "In every case found, what is shown is the same below, at and above it"


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount and what a condition compares it with."""

    holder: Holder
    amount: ex.Expression
    limit: ex.Expression

    @property
    def words(self) -> tuple[str, str]:
        return " ".join(self.amount.text.split()), " ".join(self.limit.text.split())

    def is_at(self, operator: str = "=") -> ex.Compare:
        """The condition that the amount is just this."""
        text = f"{self.amount.text} {operator} {self.limit.text}"
        return ex.Compare(ValueType(Kind.BOOLEAN), self.amount.span, text, operator, self.amount, self.limit)


def thresholds(holder: Holder) -> Iterator[Threshold]:
    """The thresholds of one guard or formula, each once."""
    seen: set[tuple[str, str]] = set()
    for node in ex.walk(holder.expression):
        for amount, limit in compared_amounts(node):
            found = Threshold(holder, amount, limit)
            if found.words not in seen:
                seen.add(found.words)
                yield found


@dataclass(slots=True)
class Thresholds:
    """Finds the cases at the thresholds of holders."""

    drafts: Drafts

    def of(self, holder: Holder) -> Iterator[Draft]:
        """The cases at each threshold of a guard or formula."""
        for threshold in thresholds(holder):
            yield from self._written(threshold, self._found(threshold))

    # --- finding --------------------------------------------------------------------------------
    def _found(self, threshold: Threshold) -> dict[str, tuple[Entries, Expect]] | str:
        """The entries on each side with what they show, or why there are none."""
        why = NO_PATIENT
        explorer = self.drafts.explorer
        if explorer.possible((self._equal(threshold),)) is None:
            return why
        why, best = NO_CASE, dict[str, tuple[Entries, Expect]]()
        for sides in self._tried(threshold):
            shown = [expect for _, expect in sides.values()]
            if all(one == shown[0] for one in shown[1:]):
                why = NO_MATTER if len(shown) > 1 else BESIDE if why == NO_CASE else why
            elif len(sides) > len(best):
                best = sides
            if len(best) == len(SIDES):
                break
        return best or why

    def _tried(self, threshold: Threshold) -> Iterator[dict[str, tuple[Entries, Expect]]]:
        """What is shown around the threshold, whatever is turned and wherever the guard can matter."""
        for dial in dials(self.drafts.explorer.definition, threshold.amount):
            for setting in threshold.holder.settings:
                for goal in self._goals(threshold, setting, dial):
                    node = self._come_to(threshold, goal, dial)
                    if node is not None:
                        yield self._sides(threshold, node, dial)

    def _come_to(self, threshold: Threshold, goal: Goal, dial: Dial) -> Node | None:
        """A case at the threshold; where dates matter, from one that lies near it."""
        seek = self.drafts.seeker.seek
        node = seek([goal], lambda case: self._is(threshold, case, "="))
        if node is not None or not self._reads_calendar(threshold):
            return node
        near = seek([goal], lambda case: any(self._is(threshold, case, one) for one in "<>"))
        turned = (
            None if near is None else dial.turned(near.entries, near.case, steps * direction)
            for steps in range(1, FARTHEST)
            for direction in (-1, 1)
        )
        for entries in turned:
            if entries is not None and self._side(threshold, entries) == AT:
                return Node(self.drafts.replays.case(entries), entries)
        return None

    def _reads_calendar(self, threshold: Threshold) -> bool:
        return reads_calendar(self.drafts.explorer.definition, threshold.amount, threshold.limit)

    def _equal(self, threshold: Threshold) -> Bool:
        return self.drafts.explorer.ways.encoding.truth(threshold.is_at(), threshold.holder.scope).true

    def _goals(self, threshold: Threshold, setting: Setting, dial: Dial) -> Iterator[Goal]:
        """Where turning the dial one way or the other changes the verdict; then where it may."""
        holder, symbols = threshold.holder, self.drafts.explorer.symbols
        reader = self.drafts.explorer.ways.reader
        nodes = map(reader.expression, (threshold.amount, threshold.limit))
        reads = Reads.of((holder.reads, *nodes))
        equal = self._equal(threshold)
        turning = [dial, ClockDial(DAY)] if self._reads_calendar(threshold) else [dial]
        for rails in ([one.true for one in holder.verdicts], [one.false for one in holder.verdicts]):
            changes = product(turning, rails, (-1, 1))
            change = disj(neg(same(rail, one.shifted(rail, symbols, by))) for one, rail, by in changes)
            if change is not False:
                yield setting.goal(conj((equal, change)), reads)
        yield setting.goal(equal, reads)

    # --- beside it ------------------------------------------------------------------------------
    def _sides(self, threshold: Threshold, node: Node, dial: Dial) -> dict[str, tuple[Entries, Expect]]:
        """The case at the threshold, and one step to either side, as far as they can be entered."""
        for down in (-1, 1):
            at = _last_at(self._walk(threshold, node, dial, down), BELOW)
            if at is not None:
                up = self._walk(threshold, node, dial, -down)
                found = {BELOW: at[1], AT: at[0]}
                above = next((entries for side, entries in up if side == ABOVE), None)
                return self._shown(threshold, found if above is None else {**found, ABOVE: above})
        for up in (1, -1):
            at = _last_at(self._walk(threshold, node, dial, up), ABOVE)
            if at is not None:
                return self._shown(threshold, {AT: at[0], ABOVE: at[1]})
        return {}

    def _walk(
        self, threshold: Threshold, node: Node, dial: Dial, direction: int
    ) -> Iterator[tuple[str, Entries]]:
        """Step by step in one direction, up to the first case that is not at the threshold any more."""
        for steps in range(FARTHEST):
            entries = dial.turned(node.entries, node.case, direction * steps) if steps else node.entries
            side = None if entries is None else self._side(threshold, entries)
            if entries is None or side is None:
                return
            yield side, entries
            if side != AT:
                return

    def _side(self, threshold: Threshold, entries: Entries) -> str | None:
        try:
            case = self.drafts.replays.case(entries)
        except EntryError:
            return None
        for operator, side in (("=", AT), ("<", BELOW), (">", ABOVE)):
            if self._is(threshold, case, operator):
                return side
        return None

    def _is(self, threshold: Threshold, case: Case, operator: str) -> bool:
        return judge(threshold.is_at(operator), case.readings).verdict is Verdict.TRUE

    def _shown(self, threshold: Threshold, sides: dict[str, Entries]) -> dict[str, tuple[Entries, Expect]]:
        found: dict[str, tuple[Entries, Expect]] = {}
        for side in SIDES:
            now = self.drafts.replays.present(sides[side]) if side in sides else None
            if now is not None:
                found[side] = sides[side], threshold.holder.show(now)
        return found

    # --- writing --------------------------------------------------------------------------------
    def _written(
        self, threshold: Threshold, found: dict[str, tuple[Entries, Expect]] | str
    ) -> Iterator[Draft]:
        amount, limit = threshold.words
        holder = threshold.holder
        if isinstance(found, str):
            file = self.drafts.name("thresholds", amount, limit, holder.name)
            yield WithoutCase(file, f"Whether {holder.words}, by whether {amount} is {limit}", found)
            return
        for side in SIDES:
            file = self.drafts.name("thresholds", amount, limit, holder.name, side)
            where = f"at {limit}" if side == AT else f"one step {side} {limit}"
            title = f"Whether {holder.words}, with {amount} {where}"
            if side in found:
                self.drafts.found.append(found[side][0])
                yield self.drafts.case(file, title, holder.cites, *found[side])
            else:
                yield WithoutCase(file, title, BESIDE)


def _last_at(walk: Iterator[tuple[str, Entries]], beyond: str) -> tuple[Entries, Entries] | None:
    """The last case at the threshold and the first beyond it, where the walk comes out on that side."""
    steps = list(walk)
    if len(steps) < 2 or steps[-1][0] != beyond:
        return None
    return steps[-2][1], steps[-1][1]
