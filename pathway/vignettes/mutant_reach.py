"""Which mutants a vignette can tell from the original at all: those that it reaches with another answer.

A step of a mutant is that of the original for as long as whatever was changed gives the same answers on the
same snapshots. So each vignette is stepped once, unchanged, and every guard and formula that it reads is read
in all its mutated forms as well. Verdict, value and needs are compared: nothing else of an answer is judged,
but for the log lines it rests on, by which an undo works; a vignette with an undo reaches everything. What
moves with the clock is reached as soon as a fact it rests on is recorded, for the instants at which it will
change count as well. Other elements are reached with the state, action, fact or verdict they belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pathway.engine import events as ev
from pathway.engine import readings
from pathway.engine.compiled import CompiledPathway
from pathway.engine.playing import Ran, play_timeline
from pathway.language import definition as d
from pathway.language import expression as ex
from pathway.language.evaluate import Outcome, Snapshot, derived, explained, judge
from pathway.language.expression import Expression
from pathway.language.verdict import Reason, Verdict
from pathway.vignettes.judging import judge as judge_vignette
from pathway.vignettes.mutating import LEFT_OUT, SINCE_ENTRY, Mutant
from pathway.vignettes.vignette import Vignette


@dataclass(slots=True)
class Trace:
    """What a vignette came by on the original."""

    holds: bool = False
    undoes: bool = False
    without_layers: frozenset[str] = frozenset()
    verdicts: dict[int, set[Verdict]] = field(default_factory=lambda: defaultdict[int, set[Verdict]](set))
    states: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    facts: set[str] = field(default_factory=set[str])
    actions: set[str] = field(default_factory=set[str])
    done: set[str] = field(default_factory=set[str])
    overridden: set[str] = field(default_factory=set[str])
    differing: set[int] = field(default_factory=set[int])

    def saw(self, guard: d.Guard | None, *verdicts: Verdict) -> bool:
        """Whether a guard was read with one of these verdicts; one that is absent always holds."""
        return guard is None or not self.verdicts[id(guard)].isdisjoint(verdicts)


# --- what is read -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Reads:
    """What expressions read of a snapshot."""

    facts: tuple[str, ...]
    deeds: tuple[str, ...]
    recorded: tuple[str, ...]
    states: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, expressions: Iterable[Expression]) -> _Reads:
        nodes = [node for expression in expressions for node in ex.walk(expression)]
        return cls(
            tuple(dict.fromkeys(node.name for node in nodes if isinstance(node, ex.FactRef))),
            tuple(dict.fromkeys(node.action for node in nodes if isinstance(node, (ex.Done, ex.Declined)))),
            tuple(dict.fromkeys(node.fact for node in nodes if isinstance(node, ex.Recorded))),
            tuple(dict.fromkeys((node.track, node.state) for node in nodes if isinstance(node, ex.InState))),
        )

    def on(self, at: Snapshot, entry: int) -> tuple[Any, ...]:
        """All of it on a snapshot: where this is equal, every form of the expressions says the same."""
        found = [at.fact(name) for name in self.facts]
        answers = [(answer, since) for answer in (at.done, at.declined) for since in (0, entry)]
        return (
            tuple((reading.value, reading.needs) for reading in found),
            tuple(answer(name, since) for name in self.deeds for answer, since in answers),
            tuple(at.recorded(name, since) for name in self.recorded for since in (0, entry)),
            tuple(at.in_state(*state) for state in self.states),
            at.zone,
        )


def _of_formula(formula: d.Formula) -> list[Expression]:
    rows = [part for row in formula.rows for part in (row.when.expression, row.value)]
    return [part for part in (*rows, formula.otherwise) if part is not None]


@dataclass(slots=True)
class _Forms:
    """The mutated forms of one guard or formula, by the number of their mutant."""

    reads: _Reads
    only_truth: bool = False
    forms: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    known: dict[Any, frozenset[int]] = field(default_factory=dict[Any, frozenset[int]])

    def differing(self, at: Snapshot, entry: int, differs: Callable[[Any], bool]) -> frozenset[int]:
        """The mutants whose form gives another answer on a snapshot."""
        key = self.reads.on(at, entry)
        if key not in self.known:
            self.known[key] = frozenset(number for number, form in self.forms if differs(form))
        return self.known[key]


class Reach:
    """Steps vignettes on the original, and tells for each which mutants it reaches."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self._guards: dict[int, _Forms] = {}
        self._formulas: dict[str, _Forms] = {}
        self._rules: list[Callable[[Trace], bool]] = []
        for number, mutant in enumerate(mutants):
            self._rules.append(self._rule(number, mutant))

    def reached(self, compiled: CompiledPathway, vignette: Vignette) -> tuple[bool, frozenset[int]]:
        """Whether a vignette holds on the original, and the numbers of the mutants it reaches."""
        trace = Trace(without_layers=vignette.without_layers)
        with self._watching(trace):
            trace.holds = judge_vignette(compiled, vignette, first_miss_only=True).hold
            _step(compiled, vignette, trace)
        found = (number for number, rule in enumerate(self._rules) if trace.undoes or rule(trace))
        return trace.holds, frozenset(found)

    # --- what belongs to a mutant ---------------------------------------------------------------
    def _rule(self, number: int, mutant: Mutant) -> Callable[[Trace], bool]:
        if mutant.fact is not None:
            return self._formula(number, *mutant.fact)
        old, new = mutant.parts[0]
        # What is newly counted from entering a state was remembered longer than that in the original.
        if isinstance(old, d.Guard) and mutant.kind != SINCE_ENTRY:
            return self._guard(number, old, new, mutant.only_truth_counts)
        return _beside(mutant)

    def _guard(self, number: int, old: d.Guard, new: d.Guard, only_truth: bool) -> Callable[[Trace], bool]:
        assert old.expression is not None
        forms = self._guards.setdefault(id(old), _Forms(_Reads.of([old.expression]), only_truth))
        forms.forms.append((number, new.expression))
        return _differs(number, old.reads_clock, old.facts)

    def _formula(self, number: int, old: d.Fact, new: d.Fact) -> Callable[[Trace], bool]:
        assert old.formula is not None
        forms = self._formulas.setdefault(old.name, _Forms(_Reads.of(_of_formula(old.formula))))
        forms.forms.append((number, new))
        return _differs(number, old.formula.reads_clock, old.formula.facts)

    # --- watching -------------------------------------------------------------------------------
    @contextmanager
    def _watching(self, trace: Trace) -> Generator[None, None, None]:
        """Read every guard and formula that the engine reads in its mutated forms too."""

        def reason(guard: d.Guard, at: Snapshot, entry: int = 0) -> Reason:
            found = explained(guard, at, entry)
            trace.verdicts[id(guard)].add(found.verdict)
            forms = self._guards.get(id(guard))
            if forms is not None:
                compared = _true_otherwise if forms.only_truth else _rules_otherwise
                trace.differing |= forms.differing(at, entry, lambda form: compared(form, at, entry, found))
            return found

        def outcome(fact: d.Fact, at: Snapshot) -> Outcome:
            found = derived(fact, at)
            forms = self._formulas.get(fact.name)
            if forms is not None:
                trace.differing |= forms.differing(at, 0, lambda form: _gives_otherwise(form, at, found))
            return found

        readings.explained, readings.derived = reason, outcome
        try:
            yield
        finally:
            readings.explained, readings.derived = explained, derived


def _rules_otherwise(form: Expression, at: Snapshot, entry: int, found: Reason) -> bool:
    ruling = judge(form, at, entry)
    return (ruling.verdict, ruling.needs) != (found.verdict, found.needs)


def _true_otherwise(form: Expression, at: Snapshot, entry: int, found: Reason) -> bool:
    return (judge(form, at, entry).verdict is Verdict.TRUE) is not (found.verdict is Verdict.TRUE)


def _gives_otherwise(form: d.Fact, at: Snapshot, found: Outcome) -> bool:
    outcome = derived(form, at)
    return (outcome.value, outcome.needs) != (found.value, found.needs)


def _step(compiled: CompiledPathway, vignette: Vignette, trace: Trace) -> None:
    """Note the states entered, the facts recorded and the actions that anything was said of."""
    tracks = compiled.definition.tracks
    trace.states |= {(track.name, track.start) for track in tracks.values()}
    for played in play_timeline(compiled, vignette.timeline):
        trace.undoes |= played.entry.batch.undo
        for event in played.step.events if isinstance(played, Ran) else ():
            if isinstance(event, ev.TransitionTaken):
                trace.states.add((event.track, event.to))
            elif isinstance(event, ev.FactRecorded):
                trace.facts.add(event.fact)
            elif isinstance(event, ev.ActionDone):
                trace.done.add(event.action)
        # What was refused counts as well: it may not be refused by a mutant.
        batch = played.entry.batch
        trace.facts |= {entry.fact for entry in batch.facts}
        trace.done |= {entry.action for entry in batch.done}
        trace.overridden |= {entry.action for entry in batch.overrides if entry.action is not None}
        trace.actions |= {entry.action for entry in batch.declined}
    for name, state in trace.states:
        trace.actions |= {do.action for do in tracks[name].states[state].do}
    trace.actions |= trace.done | trace.overridden


# --- elements beside guards and formulas --------------------------------------------------------
def _differs(number: int, reads_clock: bool, facts: frozenset[str]) -> Callable[[Trace], bool]:
    if not reads_clock:
        return lambda trace: number in trace.differing
    return lambda trace: number in trace.differing or not facts or not facts.isdisjoint(trace.facts)


def _beside(mutant: Mutant) -> Callable[[Trace], bool]:
    """The rule for a change that is in no guard or formula: that of the nearest part around it with one."""
    if mutant.kind == "safety":
        return lambda trace: bool(trace.without_layers)
    for part, _ in mutant.parts:
        for kind, rule in RULES.items():
            if isinstance(part, kind):
                return partial(rule, part, mutant)
    return lambda trace: True


def _safeguard(part: d.Safeguard, mutant: Mutant, trace: Trace) -> bool:
    """While FALSE it stands against nothing, while UNKNOWN against nothing that nobody speaks of."""
    if mutant.kind == "override":
        return not trace.overridden.isdisjoint(part.actions)
    if mutant.kind == "effect":
        return trace.saw(part.when, Verdict.TRUE)
    spoken_of = not trace.actions.isdisjoint(part.actions)
    return trace.saw(part.when, Verdict.TRUE) or (spoken_of and trace.saw(part.when, Verdict.UNKNOWN))


def _notice(part: d.Notice, mutant: Mutant, trace: Trace) -> bool:
    """It is read where it is concerned; without its guard it shows where that was not TRUE."""
    if mutant.kind == LEFT_OUT:
        return trace.saw(part.when, Verdict.FALSE, Verdict.UNKNOWN)
    return mutant.kind == "member" or trace.saw(part.when, Verdict.TRUE)


def _state(part: d.State, mutant: Mutant, trace: Trace) -> bool:
    return (part.track, part.name) in trace.states


def _do(part: d.Do, mutant: Mutant, trace: Trace) -> bool:
    """Which deeds count for a call matters only where there are any."""
    state: d.State = next(pair[0] for pair in mutant.parts if isinstance(pair[0], d.State))
    deeds = mutant.kind != "flag" or _done(mutant.original.actions[part.action], trace)
    return deeds and _state(state, mutant, trace)


def _done(action: d.Action, trace: Trace) -> bool:
    evident = action.evidence is not None and trace.saw(action.evidence, Verdict.TRUE)
    return evident or action.name in trace.done


def _action(part: d.Action, mutant: Mutant, trace: Trace) -> bool:
    if mutant.element.endswith(".course"):
        return _done(part, trace)
    said = part.name in trace.actions or any(row.fact in trace.facts for row in part.records)
    return said or _done(part, trace)


def _fact(part: d.Fact, mutant: Mutant, trace: Trace) -> bool:
    return part.unknown is not None or part.name in trace.facts


RULES: dict[type[Any], Callable[[Any, Mutant, Trace], bool]] = {
    d.Safeguard: _safeguard,
    d.Notice: _notice,
    d.Do: _do,
    d.State: _state,
    d.Action: _action,
    d.Fact: _fact,
}
