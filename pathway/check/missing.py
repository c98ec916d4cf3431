"""For every fact that can be recorded: what happens if it never arrives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.reading import facts_read, states_of
from pathway.check.without import FALSE, TRUE, UNKNOWN, Some, Verdicts, Without
from pathway.language.definition import Action, Claim, Definition, Do, Guard, Safeguard, State


@dataclass(frozen=True, slots=True)
class Wait:
    """A state that waits for the fact, its shortest deadline in seconds, and where a case may go on to."""

    state: str
    deadline: int | None
    goes_on_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """A way that stays closed without the fact, though nothing waits for it."""

    state: str
    to: str


@dataclass(frozen=True, slots=True)
class Against:
    """An action and the safeguard on it that stays UNKNOWN."""

    action: str
    safeguard: str


@dataclass(frozen=True, slots=True)
class Call:
    """An action in a state that calls for it."""

    state: str
    action: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens if a fact never arrives while everything else may be on record.

    `waits` and `closed` are ways; `holds`, `warns` and `asks` what UNKNOWN safeguards do; `calls` those not
    known to be made; `doses` the actions without a dose; `deadlines` the calls without a due time; `evidence`
    the actions that nothing on record shows to be done; then the notices not shown, the derived facts that
    stay unknown, `unless` those are recorded themselves, and the claims that it decides. `computed_from` says
    what a formula takes instead, and `is_read` whether anything reads the fact at all.
    """

    waits: tuple[Wait, ...] = ()
    closed: tuple[Closed, ...] = ()
    calls: tuple[Call, ...] = ()
    holds: tuple[Against, ...] = ()
    warns: tuple[Against, ...] = ()
    asks: tuple[Against, ...] = ()
    doses: tuple[str, ...] = ()
    deadlines: tuple[Call, ...] = ()
    evidence: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    computed_from: tuple[str, ...] = ()
    is_read: bool = True


def missing_facts(definition: Definition) -> dict[str, Missing]:
    """What happens without each fact that can be recorded, in the order of the definition.

    Guards are looked at one by one, without asking which cases there are: a state may be listed that no case
    comes to without the fact.
    """
    states = tuple((one, _read_by(one)) for one in states_of(definition))
    calls = tuple((state, do) for state, _ in states for do in state.do if do.when or do.of)
    found = _Consequences(definition, Without(definition), facts_read(definition), states, calls)
    return {name: found.of(name) for name, fact in definition.facts.items() if fact.recordable}


def _read_by(state: State) -> frozenset[str]:
    """The facts that the ways out of a state rest on."""
    return frozenset[str]().union(*(way.when.facts for way in state.next))


@dataclass(slots=True)
class _Consequences:
    """What is read where, found once for all facts."""

    definition: Definition
    everything: Without
    read: frozenset[str]
    states: tuple[tuple[State, frozenset[str]], ...]
    calls: tuple[tuple[State, Do], ...]

    def of(self, name: str) -> Missing:
        """What happens without one fact."""
        without, formula = self.everything.one(name), self.definition.facts[name].formula
        derived = tuple(self._derived(without))
        against = [one for one in self.definition.safeguards.values() if _open(without, one.when)]
        return Missing(
            waits=tuple(self._waits(without)),
            closed=tuple(self._closed(without)),
            calls=tuple(_call(state, do) for state, do in self.calls if _open(without, do.when)),
            holds=_standing(against, "hold"),
            warns=_standing(against, "warn"),
            asks=_standing(against, "ask"),
            doses=tuple(one.name for one in self.definition.actions.values() if _no_dose(without, one)),
            deadlines=tuple(_call(state, do) for state, do in self.calls if _no_due_time(without, do)),
            evidence=tuple(
                one.name for one in self.definition.actions.values() if self._shut(without, one.evidence)
            ),
            notices=tuple(one.name for one in self.definition.notices.values() if _open(without, one.when)),
            derived=derived,
            unless=tuple(one for one in derived if self.definition.facts[one].recordable),
            claims=tuple(one.name for one in self.definition.claims.values() if _open_claim(without, one)),
            computed_from=() if formula is None else self._in_order(formula.facts - {name}),
            is_read=name in self.read,
        )

    def _in_order(self, names: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in self.definition.facts if name in names)

    # --- ways -----------------------------------------------------------------------------------
    def _states(self, without: Without) -> Iterator[State]:
        """The states whose ways out rest on the fact."""
        yield from (state for state, facts in self.states if without.missing in facts)

    def _waits(self, without: Without) -> Iterator[Wait]:
        for state in self._states(without):
            verdicts = without.ways(state)
            if any(UNKNOWN in one for one in verdicts):
                limits = [do.within for do in state.do if do.within is not None]
                yield Wait(_name(state), min(limits, default=None), tuple(_goes_on(state, verdicts)))

    def _closed(self, without: Without) -> Iterator[Closed]:
        for state in self._states(without):
            pairs = zip(state.next, without.ways(state), self.everything.ways(state), strict=True)
            for way, verdicts, usual in pairs:
                if verdicts <= {FALSE} and TRUE in usual:
                    yield Closed(_name(state), way.to)

    # --- everything else ------------------------------------------------------------------------
    def _derived(self, without: Without) -> Iterator[str]:
        for fact in self.definition.facts.values():
            rests = fact.formula is not None and without.missing in fact.formula.facts
            if rests and fact.name != without.missing and _unknown(without, fact.name):
                yield fact.name

    def _shut(self, without: Without, guard: Guard | None) -> bool:
        """Whether a condition can be TRUE with the fact, and not without it."""
        if guard is None or not _reads(without, guard):
            return False
        return TRUE in self.everything.guard(guard) and TRUE not in without.guard(guard)


def _name(state: State) -> str:
    return f"{state.track}.{state.name}"


def _call(state: State, do: Do) -> Call:
    return Call(_name(state), do.action)


def _reads(without: Without, guard: Guard) -> bool:
    return without.missing in guard.facts


def _open(without: Without, guard: Guard | None) -> bool:
    """Whether a condition can be UNKNOWN for want of the fact."""
    return guard is not None and _reads(without, guard) and UNKNOWN in without.guard(guard)


def _unknown(without: Without, name: str) -> bool:
    return Some.UNKNOWN in without.fact(name)


def _standing(safeguards: list[Safeguard], unknown: str) -> tuple[Against, ...]:
    """The actions of those safeguards that do this while they are UNKNOWN."""
    return tuple(
        Against(action, one.name) for one in safeguards if one.unknown == unknown for action in one.actions
    )


def _goes_on(state: State, verdicts: list[Verdicts]) -> Iterator[str]:
    """Where a way may fire all the same (rule 12); in a choice, where one may be taken."""
    for number, (way, own) in enumerate(zip(state.next, verdicts, strict=True)):
        siblings = (one for other, one in enumerate(verdicts) if other != number)
        if TRUE in own and (state.choice or all(FALSE in one for one in siblings)):
            yield way.to


def _no_dose(without: Without, action: Action) -> bool:
    """Whether which row applies, or the amount of one that may apply, is not known."""
    for dose in action.doses:
        if _open(without, dose.when) or (dose.times is not None and _unknown(without, dose.times)):
            return True
        if dose.when is None:
            return False
    return False


def _no_due_time(without: Without, do: Do) -> bool:
    return do.within is not None and do.of is not None and _unknown(without, do.of)


def _open_claim(without: Without, claim: Claim) -> bool:
    if claim.form == "within":
        return _unknown(without, claim.actions[1])
    return _open(without, claim.guard)
