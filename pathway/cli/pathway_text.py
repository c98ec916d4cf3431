"""A definition as readable text: what it asks, when it moves, what it orders and forbids, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathway.language.ask import spoken
from pathway.language.calendar import format_duration
from pathway.language.definition import (
    Action,
    Claim,
    Definition,
    Do,
    Dose,
    Fact,
    Notice,
    Safeguard,
    Source,
    State,
    Track,
    Transition,
)
from pathway.language.numbers import format_number

CLAIMS = {
    "only": "is offered or done only when",
    "never": "never",
    "always": "always",
    "before": "come in this order",
    "within": "is done in time",
}


def definition_lines(definition: Definition) -> list[str]:
    """The whole document, without markup."""
    parts = [
        head_lines(definition),
        *(list(_track(track, definition)) for track in definition.tracks.values()),
        _section("ACTIONS", (_action(one, definition) for one in definition.actions.values())),
        _section("SAFEGUARDS", (_safeguard(one, definition) for one in definition.safeguards.values())),
        _section("NOTICES", (_notice(one) for one in definition.notices.values())),
        _section("FACTS", (_fact(one, definition) for one in definition.facts.values())),
        _section("CLAIMS", (_claim(one, definition) for one in definition.claims.values())),
        _section("SOURCES", (_source(one) for one in definition.sources.values())),
    ]
    return [line for part in parts if part for line in (*part, "")]


def head_lines(definition: Definition) -> list[str]:
    """Title, version, digest, status stamp, and what the status rests on."""
    lines = [definition.title, f"{definition.id} {definition.version}, digest {definition.digest}"]
    if definition.stamp is not None:
        lines.append(f"*** {definition.stamp} ***")
    lines += [text for text in (definition.review, definition.disclaimer) if text]
    lines += [f"layer {name}: {title}" for name, title in definition.layers.items()]
    return lines


def _section(title: str, entries: Iterable[Iterable[str]]) -> list[str]:
    lines = [line for entry in entries for line in entry]
    return [f"== {title}", *lines] if lines else []


def _cited(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""


# --- tracks -------------------------------------------------------------------------------------
def _track(track: Track, definition: Definition) -> Iterator[str]:
    yield f"== TRACK {track.title} ({track.name}), starts in {track.states[track.start].title}"
    phase: str | None = None
    for state in track.states.values():
        if state.phase is not None and state.phase != phase:
            yield f"-- {definition.phases[state.phase]}"
        phase = state.phase
        yield from _state(state, track, definition)


def _state(state: State, track: Track, definition: Definition) -> Iterator[str]:
    choice = ", the clinician chooses" if state.choice else ""
    yield f"[{state.number}] {state.title} ({state.name}, {state.kind}{choice}){_cited(state.cites)}"
    if state.text:
        yield f"      {state.text}"
    yield from (f"      asks {definition.facts[name].ask} ({name})" for name in state.asks)
    yield from (f"      calls for {_do(do, definition)}" for do in state.do)
    yield from (f"      -> {_way(way, track)}" for way in state.next)


def _do(do: Do, definition: Definition) -> str:
    words = [definition.actions[do.action].title]
    if do.within is not None:
        start = f" of {definition.facts[do.of].label}" if do.of is not None else ""
        words.append(f"within {format_duration(do.within)}{start}")
    if do.when is not None:
        words.append(f"when {do.when.english}")
    if do.until is not None:
        words.append(f"until {do.until.english}")
    if do.again:
        words.append("again")
    return ", ".join(words) + _cited(do.cites)


def _way(way: Transition, track: Track) -> str:
    how = "" if way.auto else ", confirmed"
    to = track.states[way.to]
    return f"[{to.number}] {to.title}: {way.when.english}{how}{_cited(way.cites)}"


# --- actions ------------------------------------------------------------------------------------
def _action(action: Action, definition: Definition) -> Iterator[str]:
    marks = (", course" if action.course else "") + ("" if action.orderable else ", never an order")
    yield f"{action.title} ({action.name}, {action.type}{marks}){_cited(action.cites)}"
    if action.text:
        yield f"      {action.text}"
    yield from (f"      {dose_words(dose, definition)}" for dose in action.doses)
    if action.schedule is not None:
        periods = "; ".join(period.text for period in action.schedule.periods)
        yield f"      schedule {periods}{_cited(action.schedule.cites)}"
    for deed in action.records:
        yield f"      done when {deed.fact}{f' = {deed.value}' if deed.value is not None else ''} is recorded"


def dose_words(dose: Dose, definition: Definition) -> str:
    """A dose as the source gives it: never computed here."""
    times = f" x {definition.facts[dose.times].label}" if dose.times is not None else ""
    cap = f", at most {dose.cap_text}" if dose.cap_text is not None else ""
    divided = " or ".join(f"every {format_duration(every)}" for every in dose.divided)
    parts = [f"dose {dose.amount_text}{times}{cap}"]
    parts += [dose.route] if dose.route is not None else []
    parts += [f"divided {divided}"] if divided else []
    parts += [f"when {dose.when.english}"] if dose.when is not None else []
    return ", ".join(parts) + _cited(dose.cites)


def _safeguard(item: Safeguard, definition: Definition) -> Iterator[str]:
    titles = ", ".join(definition.actions[name].title for name in item.actions)
    unknown = {"hold": "unknown holds", "ask": "unknown asks", "warn": "unknown warns"}[item.unknown]
    lifted = f"override: {item.override}" if item.override is not None else "no override"
    rest = f"({item.name}; {unknown}; {lifted}){_cited(item.cites)}"
    yield f"{titles}: {item.effect} when {item.when.english} {rest}"


def _notice(notice: Notice) -> Iterator[str]:
    when = f" when {notice.when.english}" if notice.when is not None else ""
    yield f"{notice.severity}: {notice.text} ({notice.name}{when}){_cited(notice.cites)}"


def _claim(claim: Claim, definition: Definition) -> Iterator[str]:
    names = ", ".join(definition.actions[name].title for name in claim.actions)
    guard = claim.guard.english if claim.guard is not None else ""
    limit = format_duration(claim.limit) if claim.limit is not None else ""
    overridden = "unless overridden" if claim.unless_overridden else ""
    words = " ".join(part for part in (names, CLAIMS[claim.form], guard, limit, overridden) if part)
    yield f"{claim.name}: {words}{_cited(claim.cites)}"


# --- facts and sources --------------------------------------------------------------------------
def _fact(fact: Fact, definition: Definition) -> Iterator[str]:
    yield f"{fact.label} ({fact.name}): {', '.join(_fact_words(fact))}{_cited(fact.cites)}"
    formula = fact.formula
    if formula is None:
        return
    for row in formula.rows:
        value = spoken(definition, row.value) if row.value is not None else f"does not apply: {row.reason}"
        yield f"      {value} when {row.when.english}{_cited(row.cites)}"
    if formula.otherwise is not None:
        yield f"      {'otherwise ' if formula.rows else '= '}{spoken(definition, formula.otherwise)}"


def _fact_words(fact: Fact) -> Iterator[str]:
    yield fact.written_type if fact.unit is None else f"{fact.written_type} in {fact.unit.text}"
    if fact.low is not None and fact.high is not None:
        yield f"{format_number(fact.low)} to {format_number(fact.high)}"
    if fact.step is not None:
        yield f"step {format_number(fact.step)}"
    if fact.values:
        yield "one of " + ", ".join(fact.values)
    if fact.valid_for is not None:
        yield f"valid for {format_duration(fact.valid_for)}"
    if fact.is_derived:
        yield "computed, or recorded" if fact.recordable else "computed"
    yield from (f"{system} {code}" for system, code in fact.code.items())


def _source(source: Source) -> Iterator[str]:
    problem = f" PROBLEM: {source.problem}" if source.problem else ""
    yield f"{source.id} ({source.layer}): {source.text}{problem}"
