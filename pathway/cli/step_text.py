"""A step as readable text: what moved, what is to be done, what waits and for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from pathway.engine.case import Step
from pathway.engine.view import ActionView, DoseView, View
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.definition import Definition

SIGNS = {"high": "!!", "medium": "! ", "low": "- ", "info": "i "}


def banner(definition: Definition, case: str) -> list[str]:
    """Pathway, version, status and case: stands above every text output."""
    lines = [f"{definition.title}  {definition.version}  ({definition.id}, {definition.digest[:12]})"]
    if definition.stamp is not None:
        lines.append(f"*** {definition.stamp} ***")
    return [*lines, f"case {case}", ""]


def step_lines(step: Step, definition: Definition) -> list[str]:
    """One step, in full."""
    zone = parse_zone(step.view.timezone)
    lines = [f"== {format_instant(step.at, zone)}"]
    lines += [f"   {move.track}: {move.source} -> {move.to}{_cited(move.cites)}" for move in step.taken]
    lines += [f"   refused: {refusal.what}: {refusal.why}" for refusal in step.refused]
    lines += [f"   {track.title}: [{track.number}] {track.state_title}" for track in step.view.tracks]
    lines += _actions(step.view, zone)
    lines += _waiting(step.view)
    lines += [f"   {SIGNS[one.severity]} {one.text}{_cited(one.cites)}" for one in step.view.warnings]
    return [*lines, ""]


def _cited(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""


def _actions(view: View, zone: tzinfo) -> Iterator[str]:
    for action in view.actions:
        if action.standing == "blocked":
            against = [guard.text for guard in action.safeguards if guard.standing == "blocks"]
            yield f"   BLOCKED      {action.title}: {'; '.join(against)}"
        elif action.called and action.standing == "held":
            yield f"   HELD         {action.title}: needs {', '.join(action.needs)}"
        elif action.called:
            yield f"   {_word(action):<12} {action.title}{_due(action, zone)}{_note(action)}"
        if action.called and action.dose is not None:
            yield f"                {dose_words(action.dose)}"


def _word(action: ActionView) -> str:
    if action.standing == "shown":
        return "NOT AN ORDER"
    return "GO ON WITH" if action.started else "DO"


def _due(action: ActionView, zone: tzinfo) -> str:
    if action.due is None:
        return f" (due time needs {', '.join(action.due_needs)})" if action.due_needs else ""
    words = {"ok": "", "soon": ", soon", "late": ", LATE"}[action.urgency or "ok"]
    return f", due {format_instant(action.due, zone)}{words}"


def _note(action: ActionView) -> str:
    marks = [
        word for word, on in (("outstanding", action.outstanding), ("overridden", action.overridden)) if on
    ]
    marks += [action.text] if action.text else []
    return f" ({'; '.join(marks)})" if marks else ""


def dose_words(dose: DoseView) -> str:
    """A dose in words, or what it waits for."""
    if dose.amount is None:
        return f"DOSE not computed: needs {', '.join(dose.needs)}"
    parts = " or ".join(f"{part.amount} {part.unit} every {part.every}" for part in dose.divided)
    capped = " (capped)" if dose.capped else ""
    return f"DOSE {dose.amount} {dose.unit}{capped} {dose.route or ''}".rstrip() + (
        f", as {parts}" if parts else ""
    )


def _waiting(view: View) -> Iterator[str]:
    for track in view.tracks:
        for way in track.transitions:
            if way.standing == "waiting":
                yield f"   WAITS        {way.to_title}: needs {', '.join(way.needs)}"
            elif way.standing == "conflict":
                yield f"   CONFLICT     {way.to_title}: {way.reason.english}"
