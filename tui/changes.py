"""What an entry changed, in words: moves, warnings that came or went, actions that now stand otherwise."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine.batch import Batch
from pathway.engine.view import ActionView, DoseView, View
from pathway.language.definition import Definition
from tui.acting import standing_words
from tui.dose_line import dose_phrase
from tui.forms import in_words
from tui.lines import Line, Tone
from tui.presenting import NOT_AN_ORDER, warning_line
from tui.session import EntryError, Step

_CAUSES = {"auto": "by itself", "clinician": "as chosen", "override": "by OVERRIDE"}


def step_lines(definition: Definition, step: Step) -> list[Line]:
    """The moves and refusals of a step."""
    lines: list[Line] = []
    for move in step.taken:
        track = definition.tracks[move.track]
        to = track.states[move.to]
        lines.append(
            Line(f"{track.title} is now at {to.number}. {to.title}, {_CAUSES.get(move.cause, move.cause)}.")
        )
    lines += [Line(f"{refusal.what}: {refusal.why}", "REFUSED", Tone.ALARM) for refusal in step.refused]
    return lines


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
        + _warnings(definition, before, step.view)
        + _actions(definition, before, step.view)
        + _endings(step.view)
    )


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
    if action.overridden:
        return "allowed by override" if NOT_AN_ORDER not in words else f"allowed by override, {NOT_AN_ORDER}"
    return words if action.called else f"{words}, not called for"


def _endings(after: View) -> list[Line]:
    if after.closed:
        return [Line("The case is closed.", tone=Tone.STRONG)]
    if all(track.kind == "end" for track in after.tracks):
        return [
            Line(
                "The pathway has come to its end. Close the case when nothing is outstanding.",
                tone=Tone.STRONG,
            )
        ]
    return []
