"""Small forms between a choice and its entry: deeds, refusals, overrides, undo, notes, the end of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    OverrideEntry,
    TakeEntry,
)
from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.acting import boxed_block
from tui.choices import beyond_override, find_action, lifted_by_override, may_be_overridden
from tui.entering import Option, Pen, chosen, past_time
from tui.history import event_words, last_entry
from tui.lines import Line, Tone
from tui.session import entry_error
from tui.times import FORMS

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
    """What is asked for one entry. `asks_again` shows what will be recorded and waits for a second Enter.

    `instead` gives another form in place of this one, judged by the first answer; None goes on.
    `check` raises EntryError for a first answer that no other answer can mend.
    """

    title: str
    build: Callable[[Sequence[str], Pen], Batch]
    fields: tuple[Field, ...] = ()
    about: tuple[Line, ...] = ()
    asks_again: bool = False
    instead: Callable[[Sequence[str]], Form | None] | None = None
    check: Callable[[str, Pen], None] | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What may be said of an action: the answer it waits for, done, declined, or overridden first."""

    name: str
    words: str
    form: Form = field(compare=False)


def deeds(definition: Definition, view: View, name: str, now: int) -> tuple[Act, ...]:
    """What may have become of the action, in the order of use."""
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
    about = tuple(undone_lines(definition, view, events, now))
    return Form("Undo the last entry", lambda _typed, pen: pen.batch(undo=True), (), about, asks_again=True)


def undone_lines(definition: Definition, view: View, events: Sequence[ev.Event], now: int) -> list[Line]:
    """What undo would take back, in words."""
    words = [event_words(definition, event, now, view.timezone) for event in last_entry(events)]
    return [Line(text, "takes back:") for text in words]


def facts_of_last_entry(events: Sequence[ev.Event]) -> list[str]:
    """The facts that the last entry spoke of: where the patient has changed, they get a newer value."""
    spoken = (event for event in last_entry(events) if isinstance(event, ev.FactRecorded | ev.FactRetracted))
    return list(dict.fromkeys(event.fact for event in spoken))


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


def take_form(definition: Definition, track: str, to: str) -> Form:
    """Take a way on, in words; it leaves the present state for good."""
    there = definition.tracks[track].states[to]
    about = (Line(there.text),) if there.text else ()
    title = f"{definition.tracks[track].title}: go on to {there.title}"

    def build(typed: Sequence[str], pen: Pen) -> Batch:
        return pen.batch(take=(TakeEntry(track, to),))

    return Form(title, build, (), about, asks_again=True)


def acknowledge_batch(warning: str, pen: Pen) -> Batch:
    return pen.batch(acknowledged=(warning,))


def _about_action(definition: Definition, view: View, name: str, now: int) -> list[Line]:
    """The action as it stands, or a word that nothing calls for it."""
    action = find_action(view, name)
    if action is None:
        return [Line("Not called for in the present state.", f"{definition.actions[name].title}:")]
    return boxed_block(definition, action, view, now)


def _override_fields() -> tuple[Field, ...]:
    return (
        Field("Kind of reason", "a number", options=OVERRIDE_CODES),
        Field("Reason", "in your words, needed"),
    )


def _reason(typed: str) -> str:
    if not typed.strip():
        raise entry_error("A reason is needed. It is kept in the log with your name.")
    return typed.strip()
