"""The actions of a pathway: doses and schedules as the source gives them, and what counts as done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathway.document.content import Chapter, Column, Line, Row, Span, Table
from pathway.document.reading import Reading, code, joined, line, mark, quiet, strong
from pathway.language import written
from pathway.language.amounts import PRINTED
from pathway.language.definition import Action, DeedFact, Dose, State

COLUMNS = (
    Column("Action", width="26%"),
    Column("Text, dose and schedule", width="37%"),
    Column("Called for, guarded and recorded"),
)


def actions_chapter(reading: Reading) -> Chapter:
    """Every action; doses stand as the source gives them and are never computed here."""
    called = _called_for(reading)
    rows = tuple(_action(reading, one, called) for one in reading.definition.actions.values())
    opening = line(
        "Doses stand as the source gives them. An amount per kg or m² is multiplied by the fact named."
    )
    tables = (Table("Actions", COLUMNS, rows),) if rows else ()
    return Chapter("actions", "Actions", (opening,), (), tables)


def _called_for(reading: Reading) -> Mapping[str, dict[str, State]]:
    """The states that call for each action, each once, in written order."""
    called: dict[str, dict[str, State]] = {}
    for track in reading.definition.tracks.values():
        for state in track.states.values():
            for do in state.do:
                called.setdefault(do.action, {})[f"{state.track}.{state.name}"] = state
    return called


def _action(reading: Reading, action: Action, called: Mapping[str, dict[str, State]]) -> Row:
    said = reading.written.actions[action.name]
    says = (*([line(action.text)] if action.text else []), *_doses(reading, action, said))
    cells = (
        tuple(_head(reading, action)),
        (*says, *_schedule(reading, said)),
        (*_ties(reading, action, called), *_deeds(reading, action, said)),
    )
    return Row(f"action-{action.name}", cells, action.layer)


def _head(reading: Reading, action: Action) -> Iterator[Line]:
    yield line(strong(action.title))
    yield line(*reading.belongs(action.layer), code(action.name), f", {action.type}")
    if action.course:
        yield line("a course: stays recommended after its start for as long as it is called for")
    if not action.orderable:
        yield line(mark("NOT AN ORDER", "high"), " shown with its dose and warnings, never an order")
        yield from reading.grave_notices(action.name)
    yield from reading.sources(action.cites)


# --- doses and schedules --------------------------------------------------------------------------
def _doses(reading: Reading, action: Action, said: written.Action) -> Iterator[Line]:
    for dose, spoken in zip(action.doses, said.dose, strict=True):
        yield line(*_amount(reading, dose, spoken, action.orderable))
        if dose.when is not None:
            yield from reading.guard(dose.when, "when ", depth=1)
        if dose.note:
            yield line(dose.note, depth=1)
        yield from reading.sources(dose.cites, depth=1)


def _amount(reading: Reading, dose: Dose, said: written.Dose, is_order: bool) -> Iterator[Span | str]:
    """The amount as written; what is no order does not stand out like one."""
    figure = strong if is_order else Span
    yield quiet("dose " if is_order else f"{PRINTED} ")
    yield figure(said.amount)
    if dose.times is not None:
        yield " × "
        yield reading.fact(dose.times)
    if said.cap is not None:
        yield ", "
        yield figure(f"at most {said.cap}")
    yield ", "
    yield quiet("given in ")
    yield said.unit
    if said.route is not None:
        yield f", {said.route}"
    if said.divided:
        yield ", divided "
        yield figure(" or ".join(f"every {division.every}" for division in said.divided))


def _schedule(reading: Reading, said: written.Action) -> Iterator[Line]:
    schedule = said.schedule
    if schedule is None:
        return
    yield line(quiet("schedule, counted from the first dose:"))
    yield from (line(_period(period), depth=1) for period in schedule.periods)
    if schedule.note:
        yield line(schedule.note, depth=1)
    yield from reading.sources(schedule.cites, depth=1)


def _period(period: written.Period) -> str:
    length = f"for {period.for_}" if period.for_ is not None else "until reviewed"
    return f"{period.times} in every {period.per}, {length}"


# --- what an action is tied to --------------------------------------------------------------------
def _ties(reading: Reading, action: Action, called: Mapping[str, dict[str, State]]) -> Iterator[Line]:
    definition, states = reading.definition, called.get(action.name, {}).values()
    guards = [name for name, one in definition.safeguards.items() if action.name in one.actions]
    notices = [name for name, one in definition.notices.items() if action.name in one.about]
    yield line(
        quiet("called for by " if action.orderable else "shown, not as an order, by "),
        *joined([[reading.state(state)] for state in states] or [[quiet("no state")]]),
    )
    if guards:
        yield line(quiet("safeguards: "), *joined([[reading.safeguard(name)] for name in guards]))
    if notices:
        yield line(quiet("notices: "), *joined([[reading.notice(name)] for name in notices]))


def _deeds(reading: Reading, action: Action, said: written.Action) -> Iterator[Line]:
    for deed in action.records:
        yield line(quiet("recording "), *_deed(reading, deed), " counts as done, and the reverse")
        if deed.when is not None:
            yield from reading.guard(deed.when, "only while ", depth=1)
    if action.evidence is not None:
        yield from reading.guard(action.evidence, "counts as done at an unknown time while ")
    if said.takes is not None:
        yield line(quiet("takes at most "), said.takes)


def _deed(reading: Reading, deed: DeedFact) -> tuple[Span, ...]:
    if deed.value is None:
        return (reading.fact(deed.fact), quiet(" (its time)"))
    words = reading.definition.facts[deed.fact].values.get(deed.value, deed.value)
    return (reading.fact(deed.fact), Span(f" = {words} "), code(deed.value))
