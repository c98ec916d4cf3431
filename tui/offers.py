"""The rows and forms behind the keys of the case screen."""

from __future__ import annotations

from collections.abc import Hashable

from pathway.engine.batch import Batch
from pathway.engine.view import View
from pathway.language.definition import Definition
from tui.acting import boxed_block
from tui.choices import find_action, may_be_overridden
from tui.explaining import fact_value
from tui.fact_forms import correction_form, fact_form
from tui.forms import (
    Form,
    acknowledge_batch,
    close_form,
    facts_of_last_entry,
    note_form,
    override_form,
    return_form,
    undo_form,
    undone_lines,
)  # fmt: skip
from tui.lines import Line
from tui.presenting import named_fact, warning_line, warnings_in_order
from tui.sitting import Sitting
from tui.times import show_time
from tui.what_if.supposed import Forkable
from tui.widgets.row import Row


def recordable_rows(definition: Definition, view: View) -> list[Row]:
    """Every fact that may be recorded, those asked for now first, known ones with their value."""
    known = {fact.fact: fact for fact in view.facts}
    asked = [question.fact for track in view.tracks for question in track.questions if not question.known]
    asked += [need.fact for need in view.needs]
    rows: list[Row] = []
    for name in dict.fromkeys([*asked, *definition.facts]):
        fact = definition.facts[name]
        if fact.is_derived and not fact.recordable:
            continue
        value = (
            f" = {fact_value(definition, name, known[name].value, known[name].unit)}" if name in known else ""
        )
        rows.append(Row(name, Line(f"{named_fact(fact.label, name)}{value}")))
    return rows


def correctable_rows(definition: Definition, view: View, now: int) -> list[Row]:
    """The recorded facts that are known now."""
    rows: list[Row] = []
    for fact in view.facts:
        if fact.at is None or fact.seq is None:
            continue
        value = fact_value(definition, fact.fact, fact.value, fact.unit)
        words = f"= {value}, {show_time(fact.at, now, view.timezone)}"
        rows.append(Row(fact.fact, Line(words, named_fact(fact.label, fact.fact))))
    return rows


def override_rows(view: View) -> list[Row]:
    """Actions whose safeguards may be lifted, and the earlier states a track may be returned to."""
    rows = [
        Row(("action", action.action), Line(f"{action.title}: {action.standing}", "Lift what stands against"))
        for action in view.actions
        if may_be_overridden(action)
    ]
    present = {(track.track, track.state) for track in view.tracks}
    been = {(step.track, step.source) for step in view.path} | {(step.track, step.to) for step in view.path}
    back = sorted(been - present)
    return rows + [
        Row(("track", track, state), Line(f"{track} to {state}", "Return")) for track, state in back
    ]


def warning_rows(definition: Definition, view: View) -> list[Row]:
    """The warnings that nobody has acknowledged yet."""
    unseen = [one for one in warnings_in_order(view) if one.acknowledged is None]
    return [Row(one.key, warning_line(definition, one)) for one in unseen]


def recording(sitting: Sitting, name: str) -> Form:
    """The form that records a fact, with its last value."""
    return fact_form(sitting.definition, sitting.view, name, sitting.now, sitting.session.events)


def correction(sitting: Sitting, name: str) -> Form:
    """The form that corrects a fact, with the later steps that depended on the old value."""
    events = sitting.session.events
    rests = resting_lines(sitting, name)
    return correction_form(sitting.definition, sitting.view, name, sitting.now, events, rests)


def resting_lines(sitting: Sitting, name: str) -> list[Line]:
    """The later steps that depended on the present record of a fact; empty where that cannot be tried."""
    if not isinstance(sitting.session, Forkable):
        return []
    # Read in when a fact is corrected: the first paint of a case does not wait for it.
    from pathway.supposing.dependents import rests_on
    from tui.would_change import dependence_lines

    found = rests_on(sitting.session.fork(), name)
    return dependence_lines(sitting.definition, found, sitting.view, sitting.now)


def override(sitting: Sitting, key: Hashable) -> Form:
    """The form for a row of `override_rows`."""
    match key:
        case ("track", str(track), str(state)):
            return return_form(track, state, sitting.definition.tracks[track].states[state].title)
        case (_, str(action)):
            return override_form(sitting.definition, sitting.view, action, sitting.now)
        case _:
            raise TypeError(f"{key!r} is no row of the override list")


def undo_rows(sitting: Sitting) -> list[Row]:
    """Undo is for what was entered wrongly; a patient who has changed gets a newer value instead."""
    labels = {name: fact.label for name, fact in sitting.definition.facts.items()}
    changed = [
        Row(
            ("changed", name),
            Line(f"record the new value of {named_fact(labels[name], name)}", "The patient has changed:"),
        )
        for name in facts_of_last_entry(sitting.session.events)
    ]
    return [Row(("wrong",), Line("take this entry back", "Entered wrongly:")), *changed]


def about_undo(sitting: Sitting) -> list[Line]:
    """The entry that undo would take back."""
    return undone_lines(sitting.definition, sitting.view, sitting.session.events, sitting.now)


def undo(sitting: Sitting) -> Form:
    return undo_form(sitting.definition, sitting.view, sitting.session.events, sitting.now)


def note() -> Form:
    return note_form()


def close(view: View) -> Form:
    return close_form(view)


def acknowledgement(sitting: Sitting, warning: str) -> Batch:
    return acknowledge_batch(warning, sitting.pen())


def about_action(definition: Definition, view: View, name: str, now: int) -> list[Line]:
    action = find_action(view, name)
    return boxed_block(definition, action, view, now) if action is not None else []
