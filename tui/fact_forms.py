"""The forms that record a fact, correct it, or say why it is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pathway.engine import events as ev
from pathway.engine.batch import Batch, FactEntry, Retraction
from pathway.engine.view import FactView, View
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition, Fact
from pathway.language.values import ValueRefused, read_value
from tui.entering import Pen, asks_reason, chosen, hints, options_of, read_fact, unknown_reasons
from tui.explaining import fact_value
from tui.forms import Field, Form
from tui.lines import Line
from tui.session import entry_error
from tui.times import FORMS, iso_time, show_length, show_time

WRONG_STAYS = "The wrong record stays in the log. Decisions already taken stay taken and are marked."


def fact_form(
    definition: Definition, view: View, name: str, now: int, events: Sequence[ev.Event] = ()
) -> Form:
    """Record what a fact is now; a known one gets a newer value. `events` tell a value that has lapsed."""
    fact = definition.facts[name]

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        return _fact_batch(read_fact(fact, typed[0], typed[1], pen), pen)

    about = (*_asked(fact), *_last(definition, view, name, now, events))
    fields = (_value_field(fact), Field("When", FORMS, "now"))
    other = _unknown_instead(definition, name, corrects=False)
    return Form(fact.ask, build, fields, about, instead=other, check=_check(fact))


def correction_form(
    definition: Definition,
    view: View,
    name: str,
    now: int,
    events: Sequence[ev.Event] = (),
    rests: Sequence[Line] = (),
) -> Form:
    """Replace a wrong record, keeping the time it was true unless another is typed; or take it back.

    `rests` are the later steps that depended on the old value, told before anything is entered.
    """
    fact = definition.facts[name]
    known = _known(view, name)
    if known is None or known.at is None:
        return fact_form(definition, view, name, now, events)
    recorded = iso_time(known.at, view.timezone)
    present = Line(f"recorded: {_present(definition, known, view, now)}")

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        when = typed[1] if typed[1].strip() else recorded
        return _fact_batch(read_fact(fact, typed[0], when, pen, corrects=True), pen)

    when = Field("When it was true", FORMS, f"as recorded, {show_time(known.at, now, view.timezone)}")
    about = (present, *rests, Line(WRONG_STAYS), *_asked(fact))
    other = _unknown_instead(definition, name, corrects=True)
    return Form(
        f"Correct: {fact.label}", build, (_value_field(fact), when), about, False, other, _check(fact)
    )


def unknown_form(definition: Definition, name: str, corrects: bool = False) -> Form:
    """Say that a fact is not known, and why; no reason is taken for granted."""
    reasons = unknown_reasons(corrects)

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        if not typed[0].strip():
            raise entry_error("Say why it is not known: a number.")
        return pen.batch(retracted=(Retraction(name, chosen(reasons, typed[0], "a reason")),))

    asked = Field("Why is it not known?", "a number", options=reasons)
    return Form(f"{definition.facts[name].label}: unknown", build, (asked,))


def _unknown_instead(
    definition: Definition, name: str, corrects: bool
) -> Callable[[Sequence[str]], Form | None]:
    def instead(typed: Sequence[str]) -> Form | None:
        says = asks_reason(definition.facts[name], typed[0]) if typed else False
        return unknown_form(definition, name, corrects) if says else None

    return instead


def _check(fact: Fact) -> Callable[[str, Pen], None]:
    """Read a value by its type, unit, range and step, before anything else is asked."""

    def check(typed: str, pen: Pen) -> None:
        entry = read_fact(fact, typed, "now", pen)
        if isinstance(entry, FactEntry):
            _read(fact, entry, pen)

    return check


def _read(fact: Fact, entry: FactEntry, pen: Pen) -> None:
    try:
        read_value(fact, entry.entered, parse_zone(pen.timezone))
    except ValueRefused as error:
        raise entry_error(f"{error}.") from None


def _asked(fact: Fact) -> tuple[Line, ...]:
    """Kind, unit, range, step and other units, and that `unknown` is an answer."""
    if options_of(fact):
        several = "one number or several, separated by commas; or none: a complete, empty list"
        return (Line(several, "takes:"),) if fact.written_type == "list" else ()
    word = "unknown" if fact.written_type == "text" else "u"
    return (Line(f"{hints(fact)}; or {word}: it is not known (asks why)", "takes:"),)


def _last(
    definition: Definition, view: View, name: str, now: int, events: Sequence[ev.Event]
) -> tuple[Line, ...]:
    """The value known now with its age; else the last one that was recorded and does not hold any more."""
    known = _known(view, name)
    if known is not None:
        return (Line(f"now: {_present(definition, known, view, now)}"),)
    last = _last_record(name, events)
    if last is None:
        return ()
    value = fact_value(definition, name, last.value, last.unit)
    when = f"{show_time(last.at, now, view.timezone)}, {show_length(now - last.at)} ago, {last.by}"
    return (Line(f"{value}, {when}; it does not count any more", "last:"),)


def _last_record(name: str, events: Sequence[ev.Event]) -> ev.FactRecorded | None:
    """The newest record of a fact that was neither undone nor taken back since."""
    undone = {event.undone for event in events if isinstance(event, ev.Undone)}
    for event in reversed(events):
        if isinstance(event, ev.FactRecorded | ev.FactRetracted) and event.fact == name:
            stands = isinstance(event, ev.FactRecorded) and event.batch not in undone
            return event if isinstance(event, ev.FactRecorded) and stands else None
    return None


def _value_field(fact: Fact) -> Field:
    options = options_of(fact)
    return Field("Value", "a number" if options else "", options=options)


def _fact_batch(entry: FactEntry | Retraction, pen: Pen) -> Batch:
    return pen.batch(retracted=(entry,)) if isinstance(entry, Retraction) else pen.batch(facts=(entry,))


def _known(view: View, name: str) -> FactView | None:
    return next((fact for fact in view.facts if fact.fact == name), None)


def _present(definition: Definition, known: FactView, view: View, now: int) -> str:
    value = fact_value(definition, known.fact, known.value, known.unit)
    if known.at is None:
        return f"{value}, computed"
    age = f" ({show_length(now - known.at)} ago)" if now > known.at else ""
    by = f", {known.by}" if known.by else ""
    return f"{value}, {show_time(known.at, now, view.timezone)}{age}{by}"
