"""Guards beside those of ways: calls, safeguards, notices, doses and rows of formulas that never can hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.findings import ERROR, WARNING, Finding, Undecided
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import NotDecidedError, Oracle
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal, Seeker
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.ways import Ways, name_of
from pathway.check.witness import Witness
from pathway.engine.case import Case
from pathway.language.definition import Definition, Fact, Guard
from pathway.language.problems import Place

GAVE_UP = "The solver gave up"
NO_CASE = "A patient is conceivable, but no case was found that shows it"
CORRECT = "Correct the guard, or remove it"


@dataclass(frozen=True, slots=True)
class Element:
    """Something with a guard: where it stands, when it holds, and what follows if it never or always does."""

    name: str
    guard: Guard
    holds: Bool
    never: str
    place: Place | None
    state: str | None = None
    always: str | None = None


@dataclass(slots=True)
class Elements:
    """Asks of every other guard whether it can hold, and of safeguards whether they always do."""

    explorer: Explorer
    seeker: Seeker

    @property
    def ways(self) -> Ways:
        return self.explorer.ways

    @property
    def oracle(self) -> Oracle:
        return self.explorer.oracle

    @property
    def definition(self) -> Definition:
        return self.ways.definition

    def findings(self) -> Iterator[Finding | Undecided]:
        """Guards that nothing makes TRUE, and safeguards that always stand against their actions."""
        yield from self._gaps()
        for element in self._all():
            try:
                yield from self._of(element)
            except NotDecidedError:
                about = f"whether `{element.guard.text}` can be TRUE"
                yield Undecided("dead-guard", about, GAVE_UP, element.place, element.state)

    def _of(self, element: Element) -> Iterator[Finding]:
        if not self.oracle.possible(element.holds):
            text = f"nothing makes `{element.guard.text}` TRUE, so {element.never}"
            yield Finding("dead-guard", ERROR, text, CORRECT, element.place, element.state)
        elif element.always is not None and not self.oracle.possible(neg(element.holds)):
            text = f"`{element.guard.text}` is TRUE whatever is on record, so {element.always}"
            yield Finding("always-true", WARNING, text, CORRECT, element.place, element.state)

    def _gaps(self) -> Iterator[Finding | Undecided]:
        """Formulas by cases of which no case applies although everything they read is known."""
        for fact in self.definition.facts.values():
            formula = fact.formula
            if formula is None or formula.otherwise is not None or not formula.rows:
                continue
            none = conj(self.ways.encoding.guard(row.when).false for row in formula.rows)
            about = f"whether some case of {fact.name} always applies"
            try:
                if not self.oracle.possible(none):
                    continue
            except NotDecidedError:
                yield Undecided("gap", about, GAVE_UP, fact.place)
                continue
            yield self._no_case(fact, none) or Undecided("gap", about, NO_CASE, fact.place)

    def _no_case(self, fact: Fact, none: Bool) -> Finding | None:
        """The finding with a case that the engine was run on; None where none was found."""

        def shown(case: Case) -> bool:
            reading = case.readings.fact(fact.name)
            return reading.value is None and not reading.needs

        reads = Reads.of((self.ways.reader.fact(fact.name),))
        node = self.seeker.seek([Goal(conj((none, *self._unrecorded(fact))), reads)], shown)
        if node is None:
            return None
        witness = Witness(
            self.definition.id, node.entries, f"{fact.name} is UNKNOWN, and nothing is asked for it"
        )
        text = f"no case of {fact.name} applies to some patients, although everything is known"
        fix = "Add a case, or `otherwise`, or say that it does not apply to them"
        return Finding("gap", ERROR, text, fix, fact.place, None, witness)

    def _unrecorded(self, fact: Fact) -> list[Bool]:
        return [neg(self.ways.symbols.known(fact.name))] if fact.recordable else []

    def _all(self) -> Iterator[Element]:
        yield from self._calls()
        yield from self._safeguards()
        yield from self._notices()
        yield from self._doses()
        yield from self._rows()

    def _element(self, name: str, guard: Guard, never: str, place: Place | None) -> Element:
        return Element(name, guard, self.ways.encoding.guard(guard).true, never, guard.place or place)

    def _calls(self) -> Iterator[Element]:
        for track in self.definition.tracks.values():
            for state in track.states.values():
                scope = name_of(state)
                for do in state.do:
                    for guard, never in (
                        (do.when, "is never called for"),
                        (do.until, "is never released from the call"),
                    ):
                        if guard is None:
                            continue
                        holds = self.ways.encoding.guard(guard, scope).true
                        text = f"{do.action} {never} in {state.name}"
                        yield Element(do.action, guard, holds, text, guard.place or state.place, scope)

    def _safeguards(self) -> Iterator[Element]:
        for item in self.definition.safeguards.values():
            holds = self.ways.encoding.guard(item.when).true
            never = f"safeguard {item.name} never stands against anything"
            verb = "blocked" if item.effect == "block" else "warned of"
            always = f"{', '.join(item.actions)} is always {verb}"
            yield Element(item.name, item.when, holds, never, item.when.place or item.place, None, always)

    def _notices(self) -> Iterator[Element]:
        for item in self.definition.notices.values():
            if item.when is not None:
                yield self._element(item.name, item.when, f"notice {item.name} is never shown", item.place)

    def _doses(self) -> Iterator[Element]:
        for action in self.definition.actions.values():
            for dose in action.doses:
                if dose.when is not None:
                    never = f"this dose of {action.name} is never given"
                    yield self._element(action.name, dose.when, never, action.place)
            for row in action.records:
                if row.when is not None:
                    never = f"{row.fact} never says that {action.name} was done"
                    yield self._element(action.name, row.when, never, action.place)
            if action.evidence is not None:
                never = f"nothing ever shows that {action.name} was done"
                yield self._element(action.name, action.evidence, never, action.place)

    def _rows(self) -> Iterator[Element]:
        for fact in self.definition.facts.values():
            if fact.formula is None:
                continue
            chosen = self.ways.encoding.chosen_rows(fact)
            for row, holds in zip(fact.formula.rows, chosen, strict=True):
                never = f"this row of {fact.name} never decides"
                yield Element(fact.name, row.when, holds, never, row.when.place or fact.place)
