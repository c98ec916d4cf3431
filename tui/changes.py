"""What an entry changed, in words: moves, warnings that came or went, actions that now stand otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathway.engine.batch import Batch
from pathway.engine.dose_words import dose_phrase
from pathway.engine.view import ActionView, DoseView, Taken, View
from pathway.language.definition import Definition
from tui.acting import standing_words
from tui.in_words import in_words
from tui.lines import Line, Tone
from tui.presenting import NOT_AN_ORDER, ending, is_ended, warning_line
from tui.session import EntryError, Step
from tui.times import show_time

_CAUSES = {"auto": "automatically", "clinician": "as chosen", "override": "by OVERRIDE"}


def step_lines(definition: Definition, step: Step) -> list[Line]:
    """Where each track that moved is now, by way of what it passed; and the refusals of a step."""
    moved = dict.fromkeys(move.track for move in step.taken)
    tracks = [[move for move in step.taken if move.track == track] for track in moved]
    return [Line(_moved(definition, moves)) for moves in tracks] + refused_lines(step)


def _moved(definition: Definition, moves: Sequence[Taken]) -> str:
    """The last place first; a place that was passed says how it was come to where that was not the same."""
    track, last = definition.tracks[moves[0].track], moves[-1]
    words = [f"{track.states[move.to].number}. {track.states[move.to].title}" for move in moves]
    causes = [_CAUSES.get(move.cause, move.cause) for move in moves]
    passed = [
        place if move.cause == last.cause else f"{place} ({cause})"
        for place, cause, move in zip(words, causes, moves[:-1], strict=False)
    ]
    by_way = f", by way of {', '.join(passed)}" if passed else ""
    return f"{track.title} is now at {words[-1]}, {causes[-1]}{by_way}."


def refused_lines(step: Step) -> list[Line]:
    """What of an entry was not done, and why."""
    return [Line(f"{refusal.what}: {refusal.why}", "REFUSED", Tone.ALARM) for refusal in step.refused]


def refusal_lines(error: EntryError) -> list[Line]:
    """Why nothing of an entry was recorded, one line a reason."""
    return [Line(problem, "Not recorded:", Tone.ALARM) for problem in str(error).splitlines()]


def recorded_lines(definition: Definition, batch: Batch, step: Step, timezone: str) -> list[Line]:
    """What was recorded of a batch; moves are told by `change_lines`, refusals too."""
    if step.refused:
        return []
    told = replace(batch, take=())
    return [Line(words, "Recorded:") for words in in_words(definition, told, timezone)]


def change_lines(definition: Definition, before: View, step: Step) -> list[Line]:
    """Everything a step changed that a clinician would want said."""
    return (
        step_lines(definition, step)
        + _endings(definition, before, step.view)
        + _warnings(definition, before, step.view)
        + _actions(definition, before, step.view)
    )


def difference_lines(definition: Definition, real: View, supposed: View) -> list[Line]:
    """How a supposed case differs from the real one at the same instant; says so when it does not."""
    lines = [
        *_places(real, supposed),
        *_warnings(definition, real, supposed),
        *_otherwise(definition, real, supposed),
        *_due_times(real, supposed),
        *_endings(definition, real, supposed),
    ]
    return lines or [Line("Nothing would change: no state, action, dose, due time or warning.")]


def _otherwise(definition: Definition, real: View, supposed: View) -> list[Line]:
    """Actions that would stand otherwise, each with how it really stands."""
    lines = _actions(definition, real, supposed)
    really = {f"{one.title}:": standing_words(definition, one) for one in real.actions}
    told = {f"{one.title}:" for one in supposed.actions}
    return [
        replace(line, text=f"{line.text} (really {really[line.lead]})")
        if line.lead in told and line.lead in really
        else line
        for line in lines
    ]


def _places(real: View, supposed: View) -> list[Line]:
    """Where each track would stand, and ways that would open or close there."""
    before = {track.track: track for track in real.tracks}
    lines: list[Line] = []
    for track in supposed.tracks:
        old = before[track.track]
        if old.state != track.state:
            was = f"(really {old.number}. {old.state_title})"
            lines.append(Line(f"{track.number}. {track.state_title} {was}", f"{track.title} at", Tone.STRONG))
            continue
        ways = {way.to: way.standing for way in old.transitions}
        lines += [
            Line(f"{way.standing} (really {ways[way.to]})", f"{track.title}, to {way.to_title}:")
            for way in track.transitions
            if way.standing != ways.get(way.to, way.standing)
        ]
    return lines


def _due_times(real: View, supposed: View) -> list[Line]:
    """Due times that came, went or moved."""
    old = {action.action: action for action in real.actions}
    lines: list[Line] = []
    for action in supposed.actions:
        due = old[action.action].due if action.action in old else None
        if action.due == due:
            continue
        was = f" (really {_due(due, real)})" if action.action in old else ""
        lines.append(Line(f"{_due(action.due, supposed)}{was}", f"{action.title}:"))
    return lines


def _due(due: int | None, view: View) -> str:
    return f"due {show_time(due, view.at, view.timezone)}" if due is not None else "no due time"


def _warnings(definition: Definition, before: View, after: View) -> list[Line]:
    old, new = {w.key for w in before.warnings}, {w.key for w in after.warnings}
    came = [warning_line(definition, warning) for warning in after.warnings if warning.key not in old]
    return came + [Line(f"{w.text}", "no longer warned:") for w in before.warnings if w.key not in new]


def _actions(definition: Definition, before: View, after: View) -> list[Line]:
    old = {action.action: action for action in before.actions}
    new = {action.action for action in after.actions}
    changed = [_changed(definition, old.get(action.action), action) for action in after.actions]
    lines = [line for lines in changed for line in lines]
    closed = {deed.action for deed in after.done} | {decline.action for decline in after.declined}
    gone = [action for action in before.actions if action.action not in new and action.action not in closed]
    return lines + [Line("no longer listed", f"{action.title}:") for action in gone]


def _changed(definition: Definition, old: ActionView | None, new: ActionView) -> list[Line]:
    lines: list[Line] = []
    if old is None or (old.standing, old.called, old.overridden) != (
        new.standing,
        new.called,
        new.overridden,
    ):
        lines.append(Line(_how(definition, new), f"{new.title}:", Tone.STRONG))
    is_order = definition.actions[new.action].orderable
    return lines + _changed_dose(old.dose if old is not None else None, new, is_order)


def _changed_dose(old: DoseView | None, new: ActionView, is_order: bool) -> list[Line]:
    """A dose that came, went or changed; a figure that is no order is not set like one."""
    before, dose = dose_phrase(old), dose_phrase(new.dose)
    was = f"(was {before})" if before else ""
    if dose and before != dose and is_order:
        return [Line(was, f"{new.title}: {dose}", Tone.STRONG)]
    if dose and before != dose:
        return [Line(f"{dose} {was}".rstrip(), f"{new.title}, {NOT_AN_ORDER}:")]
    if before and not dose:
        word = "DOSE" if is_order else "figure"
        return [Line(was, f"{new.title}: {word} no longer computed", Tone.STRONG)]
    return []


def _how(definition: Definition, action: ActionView) -> str:
    words = standing_words(definition, action)
    if not action.called:
        return f"{words}, not called for"
    if not action.overridden:
        return words
    if action.standing in ("held", "blocked"):
        return f"{words} still: the override lifts only a part of what stands against it"
    return "allowed by override" if NOT_AN_ORDER not in words else f"allowed by override, {NOT_AN_ORDER}"


def _endings(definition: Definition, before: View, after: View) -> list[Line]:
    """That the case was closed, or may be closed since just now."""
    if after.closed:
        return [Line("The case is closed.", tone=Tone.STRONG)]
    if not ending(definition, after) or ending(definition, before):
        return []
    words = "The pathway has come to its end." if is_ended(after) else "No action is called for any more."
    return [Line(f"{words} The case may be closed.", tone=Tone.STRONG)]
