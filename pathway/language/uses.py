"""Where each fact, action, state and source of a definition is used: by what, in which words."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from pathway.language import expression as ex
from pathway.language.ask import names_of
from pathway.language.definition import Action, Claim, Definition, Do, Fact, Guard, State
from pathway.language.english import Names, english
from pathway.language.expression import Expression
from pathway.language.problems import Place


class Sort(Enum):
    """What sort of element of a definition it is."""

    PHASE = "phase"
    TRACK = "track"
    STATE = "state"
    FACT = "fact"
    ACTION = "action"
    SAFEGUARD = "safeguard"
    NOTICE = "notice"
    CLAIM = "claim"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a definition by its name; a state as `track.state`."""

    sort: Sort
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """One place where `what` is used: within `by`, `where` says in which part of it.

    `text` is the guard or formula as written and `english` its words; both are empty where a name simply
    stands. `through` are the derived facts between the two, nearest to what is used first.
    """

    what: Element
    by: Element
    where: str
    text: str = ""
    english: str = ""
    through: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


def state_element(track: str, state: str) -> Element:
    return Element(Sort.STATE, f"{track}.{state}")


class Uses:
    """All uses within a definition, read once."""

    def __init__(self, definition: Definition) -> None:
        self._direct: dict[Element, dict[Use, None]] = {}
        for use in _every_use(definition):
            self._direct.setdefault(use.what, {}).setdefault(use)

    def every(self) -> Iterator[Use]:
        """Every use, each where the name itself stands."""
        return (use for uses in self._direct.values() for use in uses)

    def direct(self, what: Element) -> tuple[Use, ...]:
        """Where it is named, in the order of the definition: tracks first, then facts and the rest."""
        return tuple(self._direct.get(what, ()))

    def everywhere(self, what: Element) -> tuple[Use, ...]:
        """Where it is named, and then where a derived fact is that is computed from it, the nearest first.

        Each use is given once, by the shortest way.
        """
        found = list(self.direct(what))
        left: deque[tuple[Element, tuple[str, ...]]] = deque([(what, ())])
        met = {what}
        while left:
            element, through = left.popleft()
            for derived in _computed_from(self.direct(element)):
                if derived not in met:
                    met.add(derived)
                    chain = (*through, derived.name)
                    found += [replace(use, through=chain) for use in self.direct(derived)]
                    left.append((derived, chain))
        return tuple(found)


def _computed_from(uses: Iterable[Use]) -> Iterator[Element]:
    """The derived facts among the users."""
    return (use.by for use in uses if use.by.sort is Sort.FACT and use.what.sort is not Sort.SOURCE)


def _every_use(definition: Definition) -> Iterator[Use]:
    names = names_of(definition)
    for track in definition.tracks.values():
        for state in track.states.values():
            yield from _in_state(definition, state)
    for fact in definition.facts.values():
        yield from _in_fact(fact, names)
    for action in definition.actions.values():
        yield from _in_action(action)
    yield from _in_rules(definition)
    for claim in definition.claims.values():
        yield from _in_claim(claim)


# --- tracks -----------------------------------------------------------------------------------------
def _in_state(definition: Definition, state: State) -> Iterator[Use]:
    by = state_element(state.track, state.name)
    for fact in state.asks:
        yield Use(Element(Sort.FACT, fact), by, "asked for here", place=state.place)
    for do in state.do:
        yield from _in_call(definition, by, do, state.place)
    for way in state.next:
        target = definition.tracks[way.track].states[way.to]
        where = f"the way to {target.number}. {target.title}"
        place = way.when.place or state.place
        yield Use(state_element(way.track, way.to), by, where, way.when.text, way.when.english, (), place)
        yield from _in_guard(by, where, way.when)
        yield from _cited(by, where, way.cites, place)
    yield from _cited(by, "the state", state.cites, state.place)


def _in_call(definition: Definition, by: Element, do: Do, place: Place | None) -> Iterator[Use]:
    title, is_order = definition.actions[do.action].title, definition.actions[do.action].orderable
    how = "called for here" if is_order else "shown here, not as an order"
    yield Use(Element(Sort.ACTION, do.action), by, how, place=place)
    if do.of is not None:
        yield Use(Element(Sort.FACT, do.of), by, f"the deadline of {title} counts from it", place=place)
    verb = "called for" if is_order else "shown"
    yield from _in_guard(by, f"{title} is {verb} when", do.when)
    yield from _in_guard(by, f"{title} is {verb} until", do.until)
    yield from _cited(by, f"{title} being {verb}", do.cites, place)


# --- facts and actions ------------------------------------------------------------------------------
def _in_fact(fact: Fact, names: Names) -> Iterator[Use]:
    by, formula = Element(Sort.FACT, fact.name), fact.formula
    for number, row in enumerate(formula.rows if formula is not None else (), 1):
        yield from _in_guard(by, f"row {number} of its formula applies when", row.when)
        yield from _in_value(by, f"row {number} of its formula is", row.value, names, row.when.place)
        yield from _cited(by, f"row {number} of its formula", row.cites, row.when.place)
    if formula is not None:
        yield from _in_value(by, "its formula", formula.otherwise, names, fact.place)
    yield from _cited(by, "the fact", fact.cites, fact.place)


def _in_action(action: Action) -> Iterator[Use]:
    by = Element(Sort.ACTION, action.name)
    for deed in action.records:
        value = f" as {deed.value}" if deed.value is not None else ""
        yield Use(
            Element(Sort.FACT, deed.fact), by, f"recorded{value}, it counts as done", place=action.place
        )
        yield from _in_guard(by, f"{deed.fact} counts as done only while", deed.when)
    yield from _in_guard(by, "counts as done, at an unknown time, while", action.evidence)
    for dose in action.doses:
        if dose.times is not None:
            yield Use(Element(Sort.FACT, dose.times), by, f"the dose is {dose.amount_text} times it",
                      place=action.place)  # fmt: skip
        yield from _in_guard(by, f"the dose {dose.amount_text} applies when", dose.when)
        yield from _cited(by, f"the dose {dose.amount_text}", dose.cites, action.place)
    if action.schedule is not None:
        yield from _cited(by, "the schedule", action.schedule.cites, action.place)
    yield from _cited(by, "the action", action.cites, action.place)


# --- safeguards, notices, claims --------------------------------------------------------------------
def _in_rules(definition: Definition) -> Iterator[Use]:
    for guard in definition.safeguards.values():
        by = Element(Sort.SAFEGUARD, guard.name)
        for action in guard.actions:
            yield Use(Element(Sort.ACTION, action), by, f"{guard.effect}s it", place=guard.place)
        yield from _in_guard(by, f"{guard.effect}s when", guard.when)
        yield from _cited(by, "the safeguard", guard.cites, guard.place)
    for notice in definition.notices.values():
        by = Element(Sort.NOTICE, notice.name)
        for action in notice.about:
            yield Use(Element(Sort.ACTION, action), by, "speaks about it", place=notice.place)
        for track, state in notice.states:
            yield Use(state_element(track, state), by, "speaks about it", place=notice.place)
        yield from _in_guard(by, "shown when", notice.when)
        yield from _cited(by, "the notice", notice.cites, notice.place)


def _in_claim(claim: Claim) -> Iterator[Use]:
    by = Element(Sort.CLAIM, claim.name)
    for name in claim.actions[:1] if claim.form == "within" else claim.actions:
        track, dot, state = name.partition(".")
        what = state_element(track, state) if dot else Element(Sort.ACTION, name)
        yield Use(what, by, f"a claim ({claim.form}) about it", place=claim.place)
    if claim.form == "within":
        yield Use(
            Element(Sort.FACT, claim.actions[1]), by, "a limit of time counts from it", place=claim.place
        )
    yield from _in_guard(by, f"the claim ({claim.form})", claim.guard)
    yield from _cited(by, "the claim", claim.cites, claim.place)


# --- guards, values, sources ------------------------------------------------------------------------
def _in_guard(by: Element, where: str, guard: Guard | None) -> Iterator[Use]:
    if guard is not None and guard.expression is not None:
        for what in named_in(guard.expression):
            yield Use(what, by, where, guard.text, guard.english, (), guard.place)


def _in_value(
    by: Element, where: str, value: Expression | None, names: Names, place: Place | None
) -> Iterator[Use]:
    if value is not None:
        for what in named_in(value):
            yield Use(what, by, where, value.text, english(value, names), (), place)


def _cited(by: Element, where: str, cites: Iterable[str], place: Place | None) -> Iterator[Use]:
    return (Use(Element(Sort.SOURCE, cite), by, where, place=place) for cite in cites)


def named_in(expression: Expression) -> tuple[Element, ...]:
    """The facts, actions and states that an expression names, in written order, each once."""
    found: dict[Element, None] = {}
    for node in ex.walk(expression):
        match node:
            case ex.FactRef(name=name) | ex.Recorded(fact=name):
                found[Element(Sort.FACT, name)] = None
            case ex.Done(action=name) | ex.Declined(action=name):
                found[Element(Sort.ACTION, name)] = None
            case ex.InState(track=track, state=state):
                found[state_element(track, state)] = None
            case _:
                pass
    return tuple(found)
