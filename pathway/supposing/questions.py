"""The next best question: what is missing, ordered by what its answer can still change at the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from pathway.engine.case import Case
from pathway.language.definition import Guard
from pathway.language.expression import Kind
from pathway.language.verdict import Verdict
from pathway.supposing.comparisons import all_guards
from pathway.supposing.differences import Difference, difference
from pathway.supposing.levers import Levers
from pathway.supposing.trying import Lever, Setting, Trials

MOST = 250


class Weight(IntEnum):
    """What an answer can change: the course, a figure, nothing by itself, nothing at present."""

    COURSE = 1
    FIGURES = 2
    WITH_OTHERS = 3
    NOTHING = 4


@dataclass(frozen=True, slots=True)
class QuestionRank:
    """A missing fact and the most that an answer to it can change.

    `changes` names what it was seen to change (ways as `track.state`, actions, warnings, computed facts);
    `waiting` what waits for it, possibly together with other facts; `asked` whether a present state asks it.
    `tried` is false where the forks ran out first: the weight is then only what is known without them.
    """

    fact: str
    ask: str
    weight: Weight
    changes: tuple[str, ...]
    waiting: tuple[str, ...]
    asked: bool
    tried: bool


def questions(case: Case, most: int = MOST) -> tuple[QuestionRank, ...]:
    """Every missing fact that is asked or needed, the weightiest first; at most `most` forks.

    The case is only read. A value that changes the course ends the trying of its fact.
    """
    trials = Trials(case, most)
    levers = Levers(trials.base, all_guards(case.compiled.definition))
    unsettled = _unsettled(trials)
    ranks = [_ranked(name, trials, levers, unsettled) for name in _missing(trials)]
    return tuple(sorted(ranks, key=lambda rank: (rank.weight, -len(rank.waiting), not rank.asked)))


def no_longer_matters(case: Case, most: int = MOST) -> tuple[str, ...]:
    """The missing facts that a present state asks for and no answer to which changes anything at present."""
    return silent(questions(case, most))


def silent(ranks: Iterable[QuestionRank]) -> tuple[str, ...]:
    """Of ranked questions, the facts that make no difference at present."""
    return tuple(rank.fact for rank in ranks if rank.weight is Weight.NOTHING)


def _missing(trials: Trials) -> list[str]:
    """What is needed, most useful first, then what present states ask; of a closed case nothing."""
    if trials.view.closed:
        return []
    facts = trials.base.compiled.definition.facts
    needed = [need.fact for need in trials.view.needs]
    asked = [one.fact for track in trials.view.tracks for one in track.questions if not one.known]
    return [name for name in dict.fromkeys((*needed, *asked)) if facts[name].recordable]


def _ranked(name: str, trials: Trials, levers: Levers, unsettled: frozenset[str]) -> QuestionRank:
    fact = trials.base.compiled.definition.facts[name]
    seen = list(_seen(name, trials, levers))
    courses = {one for found in seen for one in found.course}
    figures = {one for found in seen for one in found.figures}
    waiting = next((need.needed_for for need in trials.view.needs if need.fact == name), ())
    with_others = bool(waiting) or any(found.parts for found in seen) or name in unsettled
    tried = not trials.spent
    weight = Weight.WITH_OTHERS if with_others or not tried or not seen else Weight.NOTHING
    weight = Weight.COURSE if courses else Weight.FIGURES if figures - {name} else weight
    return QuestionRank(
        fact=name,
        ask=fact.ask,
        weight=weight,
        changes=tuple(sorted(courses or figures - {name})),
        waiting=waiting,
        asked=any(one.fact == name for track in trials.view.tracks for one in track.questions),
        tried=tried or bool(courses),
    )


def _seen(name: str, trials: Trials, levers: Levers) -> Iterator[Difference]:
    """What each value worth trying changes, up to the first that changes the course."""
    for setting in _spread(levers, name):
        trial = trials.enter((setting,))
        if trial is None:
            continue
        found = difference(trials.view, trial.case.view)
        yield found
        if found.course:
            return


def _spread(levers: Levers, name: str) -> Iterator[Setting]:
    """The values to try, the ends of an ordered fact first."""
    settings = levers.settings(Lever("fact", name))
    if levers.definition.facts[name].type.kind in (Kind.BOOLEAN, Kind.CODE, Kind.LIST):
        yield from settings
        return
    places = range(len(settings))
    ends = (place for pair in zip(places, reversed(places), strict=True) for place in pair)
    yield from (settings[place] for place in dict.fromkeys(ends))


def _unsettled(trials: Trials) -> frozenset[str]:
    """The facts that anything undecided of the present situation reads: with others they may still matter."""
    readings = trials.base.readings
    found: set[str] = set()
    for guard, entry in _present_guards(trials.base):
        if not guard.is_otherwise and readings.reason(guard, entry).verdict is Verdict.UNKNOWN:
            found |= guard.facts
    for fact in readings.compiled.definition.facts.values():
        if fact.formula is not None and readings.fact(fact.name).value is None:
            found |= fact.formula.facts
    return frozenset(found)


def _present_guards(case: Case) -> Iterator[tuple[Guard, int]]:
    """Guards that are read now: of present ways, of calls, and what stands beside actions and states."""
    compiled, memory = case.compiled, case.memory
    definition = compiled.definition
    for track, stand in memory.stands.items():
        yield from ((way.when, stand.entered_seq) for way in compiled.state(track, stand.state).next)
    for action, calls in memory.calls.items():
        for call in calls:
            yield from ((guard, call.seq) for guard in (call.do.when, call.do.until) if guard is not None)
        yield from ((one.when, 0) for one in compiled.safeguards[action])
        yield from ((dose.when, 0) for dose in definition.actions[action].doses if dose.when is not None)
    yield from ((one.when, 0) for one in definition.notices.values() if one.when is not None)
