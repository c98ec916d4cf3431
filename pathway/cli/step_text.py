"""A step as readable text: what moved, what is to be done, what waits and for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from pathway.document.citing import cited_words, is_added
from pathway.engine.case import Step
from pathway.engine.dose_words import dose_lines
from pathway.engine.view import ActionView, DoseView, View
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.definition import Definition
from pathway.language.problems import visible

SIGNS = {"high": "!!", "medium": "! ", "low": "- ", "info": "i "}


def banner(definition: Definition, case: str) -> list[str]:
    """Pathway, version, status and case: stands above every text output."""
    lines = [f"{definition.title}  {definition.version}  ({definition.id}, {definition.digest[:12]})"]
    if definition.stamp is not None:
        lines.append(f"*** {definition.stamp} ***")
    return [visible(line) for line in (*lines, f"case {case}", "")]


def step_lines(step: Step, definition: Definition, shown: set[str] | None = None) -> list[str]:
    """One step: what changed since those before it, whose warnings are in `shown`, and what is to be done.

    Warnings seen before are only counted, except the severe ones; tracks that did not move are left out.
    """
    zone, shown = parse_zone(step.view.timezone), set[str]() if shown is None else shown
    lines = [f"== {format_instant(step.at, zone)}"]
    for move in step.taken:
        lines.append(f"   {move.track}: {move.source} -> {move.to}{_cited(move.cites, None, definition)}")
    lines += [f"   refused: {refusal.what}: {refusal.why}" for refusal in step.refused]
    moved = {move.track for move in step.taken}
    here = [track for track in step.view.tracks if track.track in moved or not shown]
    lines += [f"   {track.title}: [{track.number}] {track.state_title}" for track in here]
    lines += _actions(step.view, definition, zone)
    lines += _waiting(step.view)
    lines += _warnings(step.view, definition, shown)
    # A title of several lines is one line here: nobody adds a line of his own to what the program says.
    return [visible(line) for line in (*lines, "")]


def _warnings(view: View, definition: Definition, shown: set[str]) -> list[str]:
    """Warnings not shown yet, and grave ones always; what the encoded source does not say names its layer."""
    fresh = [one for one in view.warnings if one.id not in shown or one.severity == "high"]
    lines = [
        f"   {SIGNS[one.severity]} {one.text}{_cited(one.cites, one.layer, definition)}" for one in fresh
    ]
    again = len(view.warnings) - len(fresh)
    shown.update(one.id for one in view.warnings)
    return [*lines, f"   ({again} earlier notice{'s' if again > 1 else ''} still hold)"] if again else lines


def _cited(cites: tuple[str, ...], layer: str | None, definition: Definition) -> str:
    words = cited_words(cites, layer, definition)
    return f" [{words}]" if words else ""


def _actions(view: View, definition: Definition, zone: tzinfo) -> Iterator[str]:
    for action in view.actions:
        layer = definition.actions[action.action].layer
        if action.standing == "blocked":
            mark = "" if definition.actions[action.action].orderable else " (NOT AN ORDER)"
            yield f"   BLOCKED      {action.title}{mark}: {_against(action, 'blocks', definition)}"
        elif action.called and action.standing == "held":
            yield f"   HELD         {action.title}: {_holding(action, definition)}"
        elif action.called:
            added = _cited(action.cites, layer, definition) if is_added(layer, definition) else ""
            yield f"   {_word(action):<12} {action.title}{_due(action, zone)}{_note(action)}{added}"
        if action.called and action.dose is not None:
            yield from _dose(action.dose, layer, definition)


def _against(action: ActionView, standing: str, definition: Definition) -> str:
    """What the safeguards that stand against an action say, each with its sources."""
    guards = [guard for guard in action.safeguards if guard.standing == standing]
    return "; ".join(f"{guard.text}{_cited(guard.cites, guard.layer, definition)}" for guard in guards)


def _holding(action: ActionView, definition: Definition) -> str:
    """The facts that an action waits for, and where what holds it is not of the encoded source."""
    guards = [guard for guard in action.safeguards if guard.standing == "holds"]
    needs = dict.fromkeys(need for guard in guards for need in guard.reason.needs)
    if not needs:
        return _against(action, "holds", definition)
    added = (_cited(one.cites, one.layer, definition) for one in guards if is_added(one.layer, definition))
    return f"needs {', '.join(needs)}{''.join(added)}"


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


def _dose(dose: DoseView, layer: str | None, definition: Definition) -> Iterator[str]:
    """A dose as the screens write it, its sources at the end of the first line."""
    cited = _cited(dose.cites, layer, definition)
    for line in dose_lines(dose):
        yield f"{' ' * (16 + 2 * line.depth)}{line.plain}{cited}"
        cited = ""


def _waiting(view: View) -> Iterator[str]:
    for track in view.tracks:
        waits: dict[tuple[str, ...], list[str]] = {}
        for way in track.transitions:
            if way.standing == "waiting":
                waits.setdefault(way.needs, []).append(way.to_title)
            elif way.standing == "conflict":
                yield f"   CONFLICT     {way.to_title}: {way.reason.english}"
        for needs, titles in waits.items():
            yield f"   WAITS        needs {', '.join(needs)}, for: {'; '.join(titles)}"
