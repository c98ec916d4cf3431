"""The actions of a definition: deadline, doses, schedule, conditions, and what can stop them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from diagrams.census.elements import Element, Kind, phrase, place_of, said, sources
from diagrams.text import inert, span
from pathway.document.citing import cited_words
from pathway.language.amounts import interval_text, quantity_text
from pathway.language.definition import Action, Definition, Do, Dose, State


def called(state: State, definition: Definition) -> Iterator[Element]:
    """The actions that a state orders or shows, each at a place of its own."""
    numbers = {True: count(1), False: count(1)}
    for do in state.do:
        action = definition.actions[do.action]
        mark = "o" if action.orderable else "s"
        place = f"do-{place_of(state)}-{mark}{next(numbers[action.orderable])}"
        yield from _titled(action, place)
        yield from _asked_for(do, place, definition)
        yield from _action(action, place, definition)
        cites = (*do.cites, *_cites(action))
        yield Element(Kind.SOURCES, place, sources(cites, action.layer, definition))


def uncalled(definition: Definition) -> Iterator[Element]:
    """The actions that no state calls for."""
    tracks = definition.tracks.values()
    names = {do.action for track in tracks for state in track.states.values() for do in state.do}
    left = [action for name, action in definition.actions.items() if name not in names]
    for number, action in enumerate(left, start=1):
        place = f"uncalled-{number}"
        yield from _titled(action, place)
        yield from _action(action, place, definition)
        yield Element(Kind.SOURCES, place, sources(_cites(action), action.layer, definition))


def _titled(action: Action, place: str) -> Iterator[Element]:
    yield Element(Kind.ACTION, place, inert(action.title))
    if not action.orderable:
        yield Element(Kind.NOT_AN_ORDER, place, "NOT AN ORDER")


def _asked_for(do: Do, place: str, definition: Definition) -> Iterator[Element]:
    if do.within is not None:
        since = f" of {definition.facts[do.of].label}" if do.of else ""
        yield Element(Kind.DEADLINE, place, inert(f"within {span(do.within)}{since}"))
    yield Element(Kind.REMARK, place, inert(do.text or ""))
    for word, guard in (("when", do.when), ("until", do.until)):
        if guard is not None:
            yield Element(Kind.BOUND, place, f"{word}: {said(guard)}")
    yield Element(Kind.BOUND, place, "again at each entry" if do.again else "")


def _action(action: Action, place: str, definition: Definition) -> Iterator[Element]:
    """What holds of an action whoever calls for it."""
    yield Element(Kind.REMARK, place, inert(action.text or ""))
    for dose in action.doses:
        yield from _dose(dose, action, place, definition)
    if action.schedule is not None:
        periods = "; then ".join(period.text for period in action.schedule.periods)
        yield Element(Kind.SCHEDULE, place, inert(f"Schedule: {periods}"))
        yield Element(Kind.REMARK, place, inert(action.schedule.note or ""))
    yield Element(Kind.SCHEDULE, place, "a course: goes on after its start" if action.course else "")
    yield from _marks(action, place, definition)


def _dose(dose: Dose, action: Action, place: str, definition: Definition) -> Iterator[Element]:
    words = "DOSE " if action.orderable else "the source prints: "
    words += quantity_text(dose.amount_text)
    words += f" × {definition.facts[dose.times].label}" if dose.times else ""
    words += f", at most {quantity_text(dose.cap_text)}" if dose.cap_text else ""
    words += f", {dose.route}" if dose.route else ""
    yield Element(Kind.DOSE, place, inert(words))
    parts = [interval_text(span(every)) for every in dose.divided]
    yield Element(Kind.DIVIDED, place, f"divided: {phrase(parts, 'or')}" if parts else "")
    if dose.when is not None:
        yield Element(Kind.BOUND, place, f"this dose: {said(dose.when)}")
    yield Element(Kind.REMARK, place, inert(dose.note or ""))


def _marks(action: Action, place: str, definition: Definition) -> Iterator[Element]:
    """The numbers of safeguards and notices; of what is no order, grave notices in words."""
    held = enumerate(definition.safeguards.values(), start=1)
    guards = [f"G{number}" for number, one in held if action.name in one.actions]
    if guards:
        word = "safeguard" if len(guards) == 1 else "safeguards"
        yield Element(Kind.MARK, place, f"! {len(guards)} {word}: {phrase(guards)}")
    marks: list[str] = []
    for number, one in enumerate(definition.notices.values(), start=1):
        if action.name not in one.about:
            continue
        if action.orderable or one.severity != "high":
            marks.append(f"N{number}")
            continue
        when = f" (while {said(one.when)})" if one.when is not None else ""
        cited = cited_words(one.cites, one.layer, definition)
        yield Element(Kind.NOTICE, place, inert(f"!! N{number}{when}: {one.text} [{cited}]"))
    yield Element(Kind.MARK, place, f"Notice {phrase(marks)}" if marks else "")


def _cites(action: Action) -> tuple[str, ...]:
    own = [*action.cites, *(cite for dose in action.doses for cite in dose.cites)]
    return (*own, *(action.schedule.cites if action.schedule is not None else ()))
