"""When an action can be offered: a call is live, and no safeguard stands against it (rules 20, 21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.proofs.breaches import Breach
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal
from pathway.check.proofs.smt import Bool, conj, disj, neg
from pathway.check.proofs.terms import Truth
from pathway.check.proofs.ways import Ways, name_of
from pathway.engine import calls as called_for
from pathway.engine.case import Case
from pathway.language.definition import Do, Safeguard, State


@dataclass(slots=True)
class Offering:
    """Offers of actions as formulas."""

    ways: Ways

    def breaches(self, action: str, beside: Bool, reads: Reads, overridable: bool) -> Iterator[Breach]:
        """For each call for an action: it is offered while something else holds `beside`.

        A safeguard that a clinician may override is no obstacle, unless `overridable` says that the claim
        allows for overrides (rule 22). A call outlasts its state: the case has only to have been there.
        """
        definition = self.ways.definition
        if not definition.actions[action].orderable:
            return
        for state, do in self.calls(action):
            live, call_reads = self.live(do, f"{name_of(state)}+")
            clear, clear_reads = self.cleared(action, overridable)
            yield Breach(
                conj((live, clear, beside)),
                Reads.of((reads, call_reads, clear_reads)),
                tuple(self._goals(state, do, beside, reads, True)),
                () if overridable else tuple(self._goals(state, do, beside, reads, False)),
                visit=(state.track, state.name),
                said=tuple(("done", name) for name in sorted(reads.deeds)),
            )

    def offered(self, action: str) -> list[Goal]:
        """Goals for a case in which the action is offered."""
        return [self._staying(state, do, True, Reads(), True) for state, do in self.calls(action)]

    def _goals(self, state: State, do: Do, beside: Bool, reads: Reads, overridable: bool) -> Iterator[Goal]:
        """An offer made in the state that calls for it, as it is left, or after it was left."""
        yield self._staying(state, do, beside, reads, overridable)
        formula, all_reads = self._offer(state, do, beside, reads, overridable)
        leaving = Reads.of((all_reads, self.ways.reads(state)))
        for way in state.next:
            after = self.ways.symbols.moved(formula, state.track, way.to)
            yield Goal(conj((self.ways.fires(way), after)), leaving, {state.track: state.name}, (way,))
        yield Goal(formula, all_reads)

    def _staying(self, state: State, do: Do, beside: Bool, reads: Reads, overridable: bool) -> Goal:
        formula, all_reads = self._offer(state, do, beside, reads, overridable)
        staying = Reads.of((all_reads, self.ways.reads(state)))
        return Goal(conj((formula, self.ways.rests(state))), staying, {state.track: state.name})

    def _offer(
        self, state: State, do: Do, beside: Bool, reads: Reads, overridable: bool
    ) -> tuple[Bool, Reads]:
        live, call_reads = self.live(do, name_of(state))
        clear, clear_reads = self.cleared(do.action, overridable)
        once = not do.again and not self.ways.definition.actions[do.action].course
        undone = neg(self.ways.encoding.done(do.action, None).true) if once else True
        all_reads = Reads.of((reads, call_reads, clear_reads, Reads(deeds={do.action})))
        return conj((live, clear, undone, beside)), all_reads

    def live(self, do: Do, scope: str) -> tuple[Bool, Reads]:
        """When a call is wanted and not over; `scope` is what its since-entry conditions count from."""
        encoding, reader = self.ways.encoding, self.ways.reader
        guards = [guard for guard in (do.when, do.until) if guard is not None]
        wanted = True if do.when is None else encoding.guard(do.when, scope).true
        over = False if do.until is None else encoding.guard(do.until, scope).true
        return conj((wanted, neg(over))), Reads.of(reader.guard(guard) for guard in guards)

    def cleared(self, action: str, overridable: bool) -> tuple[Bool, Reads]:
        """When no safeguard blocks or holds the action; those that can be overridden only if they count."""
        encoding, reader = self.ways.encoding, self.ways.reader
        standing = [
            item
            for item in self.ways.definition.safeguards.values()
            if action in item.actions and (overridable or item.override is None)
        ]
        clear = conj(neg(stands_against(item, encoding.guard(item.when))) for item in standing)
        return clear, Reads.of(reader.guard(item.when) for item in standing)

    def calls(self, action: str) -> Iterator[tuple[State, Do]]:
        """The states that call for an action."""
        for track in self.ways.definition.tracks.values():
            for state in track.states.values():
                yield from ((state, do) for do in state.do if do.action == action)


def stands_against(safeguard: Safeguard, when: Truth) -> Bool:
    """When a safeguard blocks or holds its actions (rule 21)."""
    blocks = when.true if safeguard.effect == "block" else False
    holds = conj((neg(when.true), neg(when.false))) if safeguard.unknown == "hold" else False
    return disj((blocks, holds))


def is_offered(case: Case, action: str) -> bool:
    """Whether an action is recommended in the present view."""
    readings = case.readings
    if not readings.compiled.definition.actions[action].orderable or action not in readings.memory.calls:
        return False
    live = called_for.called(action, readings).calls
    return bool(live) and called_for.cleared(action, readings) == "recommended"
