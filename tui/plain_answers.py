"""What each command of the line mode does, given the conversation and the rest of the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from pathway.handover.handover import handover_of
from pathway.handover.markdown import markdown_of
from tui import offers
from tui.acting import action_lines
from tui.asking import near_lines, ranked_lines
from tui.choices import find_action, find_way
from tui.commands import action_named, fact_named, first_word, place_named, value_and_time
from tui.entering import chosen, hints
from tui.explaining import fact_lines, missing_lines, why_action, why_fact, why_now, why_transition
from tui.fact_forms import fact_form, unknown_form
from tui.forms import (
    OVERRIDE_CODES,
    Act,
    Form,
    acknowledge_batch,
    close_form,
    decline_form,
    done_form,
    note_form,
    override_form,
    return_form,
    take_form,
    undo_form,
)  # fmt: skip
from tui.history import log_lines
from tui.lines import Line, heading
from tui.minimap import minimap_lines
from tui.plain_talk import PlainTalk
from tui.presenting import timer_lines, warning_lines
from tui.session import entry_error
from tui.what_if.asking import what_if_lines

MAP_ROWS = 60
CHANGED_INSTEAD = "Has the patient changed? Record the new value instead: fact NAME VALUE."
Answer: TypeAlias = Callable[[PlainTalk, str], None]


def choose_act(talk: PlainTalk, offered: tuple[Act, ...], title: str, about: Sequence[Line] = ()) -> None:
    """Ask which of the acts is meant, by number or name, then fill its form."""
    talk.say(
        [heading(title), *about, *(Line(act.words, f"{number:>3} ") for number, act in enumerate(offered, 1))]
    )
    typed = talk.read("Which? A number; Enter leaves it: ").strip().lower()
    by_name = {key: act for number, act in enumerate(offered, 1) for key in (str(number), act.name)}
    if typed in by_name:
        talk.fill(by_name[typed].form)
    elif typed:
        raise entry_error(f"{typed!r} is none of the numbers above.")
    else:
        talk.say([Line("Left: nothing was recorded.")])


def _fact(talk: PlainTalk, rest: str) -> None:
    _record_fact(talk, rest, corrects=False)


def _correct(talk: PlainTalk, rest: str) -> None:
    _record_fact(talk, rest, corrects=True)


def _record_fact(talk: PlainTalk, rest: str, corrects: bool) -> None:
    word, value = first_word(rest, "fact", "correct NAME VALUE" if corrects else "fact NAME VALUE")
    sitting = talk.sitting
    name = fact_named(sitting.definition, word)
    form = offers.correction(sitting, name) if corrects else offers.recording(sitting, name)
    if not value:
        talk.fill(form)
    else:
        typed, when = value_and_time(value)
        talk.say(offers.resting_lines(sitting, name) if corrects else [])
        _fill_in(talk, form, typed, "" if corrects and when == "now" else when)


def _unknown(talk: PlainTalk, rest: str) -> None:
    word, reason = first_word(rest, "fact", "unknown NAME [REASON]")
    name = fact_named(talk.sitting.definition, word)
    form = fact_form(talk.sitting.definition, talk.sitting.view, name, talk.sitting.now)
    if reason:
        _fill_in(talk, form, f"unknown {reason}", "now")
    else:
        talk.fill(unknown_form(talk.sitting.definition, name))


def _done(talk: PlainTalk, rest: str) -> None:
    name, when = _action(talk, rest, "done ACTION [TIME]")
    form = done_form(talk.sitting.definition, talk.sitting.view, name, talk.sitting.now)
    _fill_in(talk, form, when.removeprefix("@").removeprefix("at ").strip() or "now", "")


def _decline(talk: PlainTalk, rest: str) -> None:
    name, reason = _action(talk, rest, "decline ACTION REASON")
    form = decline_form(talk.sitting.definition, talk.sitting.view, name, talk.sitting.now)
    _fill_in(talk, form, reason) if reason else talk.fill(form)


def _override(talk: PlainTalk, rest: str) -> None:
    name, said = _action(talk, rest, "override ACTION CODE REASON")
    form = override_form(talk.sitting.definition, talk.sitting.view, name, talk.sitting.now)
    _fill_in(talk, form, *_coded(said)) if said else talk.fill(form)


def _return(talk: PlainTalk, rest: str) -> None:
    track, rest = first_word(rest, "track", "return TRACK STATE CODE REASON")
    state, said = first_word(rest, "state", "return TRACK STATE CODE REASON")
    track, state = place_named(talk.sitting.definition, f"{track}.{state}")
    form = return_form(track, state, talk.sitting.definition.tracks[track].states[state].title)
    _fill_in(talk, form, *_coded(said)) if said else talk.fill(form)


def _coded(said: str) -> tuple[str, str]:
    """The kind of reason and the reason in words; an override needs both. Raises EntryError."""
    code, _, reason = said.partition(" ")
    return chosen(OVERRIDE_CODES, code, "a kind of reason, which comes before your own words"), reason


def _take(talk: PlainTalk, rest: str) -> None:
    word, _ = first_word(rest, "state", "take TRACK.STATE")
    track, state = place_named(talk.sitting.definition, word)
    _fill_in(talk, take_form(talk.sitting.definition, track, state))


def _why(talk: PlainTalk, rest: str) -> None:
    definition, view, now = talk.sitting.definition, talk.sitting.view, talk.sitting.now
    action, way = find_action(view, rest), find_way(view, rest)
    if not rest:
        talk.say(why_now(definition, view, now))
    elif action is not None:
        talk.say(why_action(definition, view, action, now))
    elif way is not None:
        talk.say(why_transition(definition, view, way, now))
    elif rest in definition.actions:
        talk.say(_not_listed(talk, rest))
    else:
        talk.say(why_fact(definition, view, fact_named(definition, rest), now))


def _not_listed(talk: PlainTalk, name: str) -> list[Line]:
    title, view = talk.sitting.definition.actions[name].title, talk.sitting.view
    if any(deed.action == name for deed in view.done):
        return [Line(f"{title} is done; nothing calls for it now.")]
    if any(decline.action == name for decline in view.declined):
        return [Line(f"{title} was declined; nothing calls for it now.")]
    return [Line(f"{title} is not called for in the present state, and no safeguard blocks it.")]


def _what_if(talk: PlainTalk, rest: str) -> None:
    talk.say(what_if_lines(talk.sitting, rest))


def _near(talk: PlainTalk, rest: str) -> None:
    word, _ = first_word(rest, "action or state", "near ACTION, or near TRACK.STATE")
    talk.say(near_lines(talk.sitting, word))


def _questions(talk: PlainTalk, rest: str) -> None:
    talk.say([heading("What is missing, the weightiest first"), *ranked_lines(talk.sitting)])


def _map(talk: PlainTalk, rest: str) -> None:
    definition, view = talk.sitting.definition, talk.sitting.view
    is_ascii = not (talk.output.encoding or "utf-8").lower().startswith("utf")
    talk.say(minimap_lines(definition, view, talk.width, MAP_ROWS, is_ascii))


def _handover(talk: PlainTalk, rest: str) -> None:
    sitting = talk.sitting
    events, now = sitting.session.events, sitting.now
    handover = handover_of(sitting.definition, sitting.view, events, now, sitting.by)
    talk.say(Line(line) for line in markdown_of(handover).splitlines())


def _missing(talk: PlainTalk, rest: str) -> None:
    talk.say([heading("What is missing"), *missing_lines(talk.sitting.definition, talk.sitting.view)])


def _facts(talk: PlainTalk, rest: str) -> None:
    talk.say(fact_lines(talk.sitting.definition, talk.sitting.view, talk.sitting.now, rest))


def _askable(talk: PlainTalk, rest: str) -> None:
    facts = [fact for fact in talk.sitting.definition.facts.values() if fact.recordable]
    shown = [fact for fact in facts if rest.lower() in f"{fact.name} {fact.label}".lower()]
    lines = [Line(f"{fact.ask} ({hints(fact)})", fact.name) for fact in shown]
    talk.say(lines or [Line(f"No fact is called {rest!r}.")])


def _actions(talk: PlainTalk, rest: str) -> None:
    talk.say(action_lines(talk.sitting.definition, talk.sitting.view, talk.sitting.now))


def _timers(talk: PlainTalk, rest: str) -> None:
    talk.say(timer_lines(talk.sitting.view, talk.sitting.now))


def _warnings(talk: PlainTalk, rest: str) -> None:
    talk.say(warning_lines(talk.sitting.definition, talk.sitting.view))


def _ack(talk: PlainTalk, rest: str) -> None:
    warnings = talk.sitting.view.warnings
    listed = [warning.key for warning in warnings]
    meant = [warning.key for warning in warnings if rest in (warning.key, warning.id)]
    if len(meant) != 1:
        raise entry_error(
            f"Write ack and one of: {', '.join(listed)}." if listed else "There is no warning now."
        )
    talk.record(acknowledge_batch(meant[0], talk.sitting.pen()))


def _log(talk: PlainTalk, rest: str) -> None:
    sitting = talk.sitting
    talk.say(log_lines(sitting.definition, sitting.view, sitting.session.events, sitting.now))


def _note(talk: PlainTalk, rest: str) -> None:
    _fill_in(talk, note_form(), rest) if rest else talk.fill(note_form())


def _undo(talk: PlainTalk, rest: str) -> None:
    sitting = talk.sitting
    if not sitting.view.can_undo:
        raise entry_error("There is nothing to undo.")
    form = undo_form(sitting.definition, sitting.view, sitting.session.events, sitting.now)
    talk.say([*form.about, Line(CHANGED_INSTEAD)])
    _fill_in(talk, form)


def _close(talk: PlainTalk, rest: str) -> None:
    form = close_form(talk.sitting.view)
    _fill_in(talk, form, rest) if rest else talk.fill(form)


def _fill_in(talk: PlainTalk, form: Form, *typed: str) -> None:
    """Record a form whose answers were all in the command, after a yes where there is no way back."""
    answers = [*typed, *[""] * (len(form.fields) - len(typed))]
    talk.record_command(form, form.build(answers, talk.sitting.pen()))


def _action(talk: PlainTalk, rest: str, form: str) -> tuple[str, str]:
    """The name of the action and the remainder. Raises EntryError."""
    word, remainder = first_word(rest, "action", form)
    return action_named(talk.sitting.definition, word), remainder


ANSWERS: dict[str, Answer] = {
    "fact": _fact, "correct": _correct, "unknown": _unknown, "done": _done, "decline": _decline,
    "override": _override, "return": _return, "take": _take, "why": _why, "missing": _missing,
    "whatif": _what_if,
    "near": _near,
    "questions": _questions,
    "map": _map,
    "handover": _handover,
    "facts": _facts, "askable": _askable, "actions": _actions, "timers": _timers, "warnings": _warnings,
    "ack": _ack, "log": _log, "note": _note, "undo": _undo, "close": _close,
}  # fmt: skip
