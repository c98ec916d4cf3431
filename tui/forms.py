"""Small forms between a choice and its entry: what is asked, and the batch the answers make."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.view import FactView, TransitionView, View
from pathway.language.definition import Definition
from tui.acting import action_block
from tui.choices import beyond_override, find_action, lifted_by_override, may_be_overridden
from tui.entering import Option, Pen, chosen, hints, options_of, past_time, read_fact
from tui.explaining import fact_value
from tui.history import event_words, last_entry
from tui.lines import Line, Tone
from tui.presenting import named_fact
from tui.session import entry_error
from tui.times import FORMS, iso_time, show_time

OVERRIDE_CODES = (
    Option("clinical_judgement", "clinical judgement"),
    Option("specialist_advice", "specialist advice"),
    Option("emergency", "emergency: delay is the greater harm"),
    Option("patient_wish", "the patient's wish"),
    Option("not_applicable_here", "the rule does not apply to this patient"),
    Option("data_wrong", "the data behind the rule are wrong"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked. An empty answer means `default`; `options` can be answered by number."""

    label: str
    hint: str = ""
    default: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for one entry. `asks_again` shows what will be recorded and waits for a second Enter."""

    title: str
    build: Callable[[Sequence[str], Pen], Batch]
    fields: tuple[Field, ...] = ()
    about: tuple[Line, ...] = ()
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What may be said of an action: done, declined, or overridden first."""

    name: str
    words: str
    form: Form = field(compare=False)


def fact_form(definition: Definition, view: View, name: str, now: int) -> Form:
    """Record what a fact is now; a known fact gets a newer value."""
    fact = definition.facts[name]
    known = _known(view, name)
    about = (Line(f"now: {_present(definition, known, view, now)}"),) if known else ()

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        return _fact_batch(read_fact(fact, typed[0], typed[1], pen), pen)

    return Form(fact.ask, build, (_value_field(definition, name), Field("When", FORMS, "now")), about)


def correction_form(definition: Definition, view: View, name: str, now: int) -> Form:
    """Replace a wrong record, keeping the time it was true unless another is typed; or take it back."""
    fact = definition.facts[name]
    known = _known(view, name)
    if known is None or known.at is None:
        return fact_form(definition, view, name, now)
    recorded = iso_time(known.at, view.timezone)
    about = (
        Line(f"recorded: {_present(definition, known, view, now)}"),
        Line("The wrong record stays in the log. Decisions already taken stay taken and are marked."),
    )

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        when = typed[1] if typed[1].strip() else recorded
        return _fact_batch(read_fact(fact, typed[0], when, pen, corrects=True), pen)

    when = Field("When it was true", FORMS, f"as recorded, {show_time(known.at, now, view.timezone)}")
    return Form(f"Correct: {fact.label}", build, (_value_field(definition, name), when), about)


def acts(definition: Definition, view: View, name: str, now: int) -> tuple[Act, ...]:
    """What may be said of the action, in the order of use."""
    found = [
        Act("done", "Done (asks when)", done_form(definition, view, name, now)),
        Act("decline", "Not done: declined (needs a reason)", decline_form(definition, view, name, now)),
    ]
    action = find_action(view, name)
    if action is not None and may_be_overridden(action):
        form = override_form(definition, view, name, now)
        found.append(Act("override", "Override what stands against it (needs a reason)", form))
    return tuple(found)


def done_form(definition: Definition, view: View, name: str, now: int) -> Form:
    """The action was carried out. Against a safeguard, or uncalled for, it is accepted too: it happened."""
    action = find_action(view, name)
    fields = [Field("When", FORMS, "now")]
    about = _about_action(definition, view, name, now)
    if action is not None and action.standing in ("held", "blocked"):
        fields.append(Field("Why it was done all the same", "may be left empty"))
        about.append(Line(f"This action is {action.standing.upper()}.", "!!", Tone.ALARM))

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        reason = typed[1].strip() if len(typed) > 1 else ""
        return pen.batch(done=(DeedEntry(name, past_time(typed[0], pen), reason or None),))

    return Form(
        f"{definition.actions[name].title}: done", build, tuple(fields), tuple(about), asks_again=True
    )


def decline_form(definition: Definition, view: View, name: str, now: int) -> Form:
    """The action is not carried out; the reason is kept."""

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        return pen.batch(declined=(DeclineEntry(name, _reason(typed[0])),))

    about = tuple(_about_action(definition, view, name, now))
    title = f"{definition.actions[name].title}: declined"
    return Form(title, build, (Field("Reason", "needed"),), about, asks_again=True)


def override_form(definition: Definition, view: View, name: str, now: int) -> Form:
    """Lift the safeguards that may be overridden; those that may not are named."""
    action = find_action(view, name)
    if action is None or action.standing not in ("held", "blocked"):
        raise entry_error(
            f"Nothing stands against {definition.actions[name].title} now: no override is needed."
        )
    about = [
        Line(f"{g.text} (override: {g.override})", "lifts", indent=1) for g in lifted_by_override(action)
    ]
    about += [
        Line(f"{g.text}: cannot be overridden", "stays", Tone.STRONG, 1) for g in beyond_override(action)
    ]

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        code = chosen(OVERRIDE_CODES, typed[0], "a kind of reason")
        return pen.batch(overrides=(OverrideEntry(_reason(typed[1]), code, action=name),))

    title = f"Override for {action.title}"
    return Form(title, build, _override_fields(), tuple(about), asks_again=True)


def return_form(track: str, to: str, title: str) -> Form:
    """Bring a track back to a state it has been in; no guard is opened by this (rule 23)."""

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        code = chosen(OVERRIDE_CODES, typed[0], "a kind of reason")
        return pen.batch(overrides=(OverrideEntry(_reason(typed[1]), code, track=track, to=to),))

    return Form(f"Override: return {track} to {title}", build, _override_fields(), asks_again=True)


def undo_form(definition: Definition, view: View, events: Sequence[ev.Event], now: int) -> Form:
    """Take back the last entry, shown in words."""
    words = [event_words(definition, event, now, view.timezone) for event in last_entry(events)]
    about = tuple(Line(text, "takes back:") for text in words)
    return Form("Undo the last entry", lambda _typed, pen: pen.batch(undo=True), (), about, asks_again=True)


def note_form() -> Form:
    def build(typed: Sequence[str], pen: Pen) -> Batch:
        if not typed[0].strip():
            raise entry_error("The note is empty. Type its text.")
        return pen.batch(notes=(typed[0].strip(),))

    return Form("Note", build, (Field("Text", "kept in the log; decides nothing"),))


def close_form(view: View) -> Form:
    """End the case for good: nothing more is entered afterwards."""
    return Form(
        "Close the case",
        lambda typed, pen: pen.batch(close=_reason(typed[0])),
        (Field("Reason", "such as: treatment finished, transferred"),),
        tuple(_left_open(view)),
        asks_again=True,
    )


def _left_open(view: View) -> list[Line]:
    """What closing leaves undone: nobody should end a case without having read it."""
    lines = [
        Line(f"{action.title}: {action.standing}", "still open", Tone.STRONG, 1)
        for action in view.actions
        if action.called and action.standing in ("recommended", "held", "blocked")
    ]
    return [Line("A closed case can be read, and nothing more is entered."), *lines]


def take_batch(way: TransitionView, pen: Pen) -> Batch:
    return pen.batch(take=(TakeEntry(way.track, way.to),))


def acknowledge_batch(warning: str, pen: Pen) -> Batch:
    return pen.batch(acknowledged=(warning,))


def in_words(definition: Definition, batch: Batch, timezone: str) -> list[str]:
    """Exactly what a batch will record, one sentence an entry."""
    title = {name: action.title for name, action in definition.actions.items()}
    at = {entry: show_time(entry.at, batch.at, timezone) for entry in batch.done if entry.at is not None}
    said = ["The last entry is taken back." if batch.undo else ""]
    said += [
        f"{entry.fact} is UNKNOWN from now on ({entry.reason.replace('_', ' ')})" for entry in batch.retracted
    ]
    said += [_fact_sentence(definition, entry, batch, timezone) for entry in batch.facts]
    said += [f"{title[d.action]} DONE at {at.get(d, 'now')}{_because(d.reason)}" for d in batch.done]
    said += [f"{title[d.action]} DECLINED{_because(d.reason)}" for d in batch.declined]
    said += [_override_sentence(entry, title) for entry in batch.overrides]
    said += [f"{take.track} goes on to {take.to}" for take in batch.take]
    said += [f"{warning} acknowledged" for warning in batch.acknowledged]
    said += [f"Note: {text}" for text in batch.notes]
    said += [f"CASE CLOSED{_because(batch.close)}" if batch.close else ""]
    return [sentence for sentence in said if sentence]


def _fact_sentence(definition: Definition, entry: FactEntry, batch: Batch, timezone: str) -> str:
    fact = definition.facts[entry.fact]
    is_bare = isinstance(entry.entered, str) and re.fullmatch(r"-?\d+(\.\d+)?", entry.entered) is not None
    unit = fact.unit.text if is_bare and fact.unit is not None else None
    when = f", true at {show_time(entry.at, batch.at, timezone)}" if entry.at is not None else ""
    verb = "corrected to" if entry.corrects else "="
    value = fact_value(definition, entry.fact, entry.entered, unit)
    return f"{named_fact(fact.label, fact.name)} {verb} {value}{when}"


def _override_sentence(entry: OverrideEntry, title: dict[str, str]) -> str:
    if entry.action is not None:
        return f"OVERRIDE for {title[entry.action]} ({entry.code.replace('_', ' ')}): {entry.reason}"
    return f"OVERRIDE: {entry.track} returns to {entry.to} ({entry.code.replace('_', ' ')}): {entry.reason}"


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def _about_action(definition: Definition, view: View, name: str, now: int) -> list[Line]:
    """The action as it stands, or a word that nothing calls for it."""
    action = find_action(view, name)
    if action is None:
        return [Line("Not called for in the present state.", f"{definition.actions[name].title}:")]
    return action_block(definition, action, view, now)


def _value_field(definition: Definition, name: str) -> Field:
    fact = definition.facts[name]
    return Field("Value", hints(fact), options=options_of(fact))


def _override_fields() -> tuple[Field, ...]:
    return (
        Field("Kind of reason", "a number", options=OVERRIDE_CODES),
        Field("Reason", "in your words, needed"),
    )


def _fact_batch(entry: FactEntry | Retraction, pen: Pen) -> Batch:
    return pen.batch(retracted=(entry,)) if isinstance(entry, Retraction) else pen.batch(facts=(entry,))


def _reason(typed: str) -> str:
    if not typed.strip():
        raise entry_error("A reason is needed. It is kept in the log with your name.")
    return typed.strip()


def _known(view: View, name: str) -> FactView | None:
    return next((fact for fact in view.facts if fact.fact == name), None)


def _present(definition: Definition, known: FactView, view: View, now: int) -> str:
    value = fact_value(definition, known.fact, known.value, known.unit)
    when = f", {show_time(known.at, now, view.timezone)}" if known.at is not None else ", computed"
    return f"{value}{when}{f', {known.by}' if known.by else ''}"
