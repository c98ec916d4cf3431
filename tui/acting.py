"""Actions as plain lines, by standing, with dose, due time and what stands against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pathway.engine.view import ActionView, SafeguardView, View, WarningView
from pathway.language.definition import Definition
from tui.dose_line import dose_lines, schedule_lines
from tui.lines import Line, Tone, heading
from tui.presenting import NOT_AN_ORDER, cited, fact_names, urgency_words, warning_line
from tui.times import show_time

_STANDINGS = (
    ("recommended", "RECOMMENDED"),
    ("held", "HELD until more is known"),
    ("blocked", "BLOCKED"),
    ("shown", NOT_AN_ORDER),
)


def action_lines(definition: Definition, view: View, now: int) -> list[Line]:
    """All actions by standing, with dose, due time and what stands against them."""
    lines: list[Line] = []
    for standing, title in _STANDINGS:
        group = most_urgent_first(action for action in view.actions if action.standing == standing)
        if group:
            lines.append(heading(title))
            lines += [line for action in group for line in action_block(definition, action, view, now)]
    lines += _past_lines(view, now)
    return lines or [Line("No actions are called for now.")]


def action_block(definition: Definition, action: ActionView, view: View, now: int) -> list[Line]:
    """One action: title with marks, dose, schedule, and the safeguards that do not stand clear.

    What is no order says so first, and with it the grave warnings about it.
    """
    names = fact_names(definition)
    lines = [*_heads(definition, action, view, now), *not_asked_lines(definition, action)]
    if action.text:
        lines.append(Line(action.text, indent=3))
    if action.dose is not None:
        lines += dose_lines(action.dose, names, indent=3)
        lines += _added_dose(definition, action)
    if action.schedule is not None:
        lines += schedule_lines(action.schedule, indent=3)
    guards = [guard for guard in action.safeguards if guard.standing != "clear"]
    lines += [_safeguard_line(definition, guard) for guard in guards]
    if action.due_needs:
        lines.append(Line(f"no due time yet: needs {_named(action.due_needs, names)}", indent=3))
    return lines


def not_asked(action: ActionView) -> list[str]:
    """The facts that safeguards still ask for before a recommended action (rule 21: they do not hold it)."""
    asking = [guard.reason.needs for guard in action.safeguards if guard.standing == "asks"]
    needed = dict.fromkeys(need for needs in asking for need in needs)
    return list(needed) if action.standing == "recommended" else []


def not_asked_lines(definition: Definition, action: ActionView) -> list[Line]:
    """What has to be asked before the action is done; none where everything was."""
    missing = not_asked(action)
    words = f"{_named(tuple(missing), fact_names(definition))}. Ask first, then do."
    return [Line(words, "Not asked yet:", Tone.STRONG, 3)] if missing else []


def boxed_block(definition: Definition, action: ActionView, view: View, now: int) -> list[Line]:
    """The block of an action for its own box: what is not asked yet comes first, to be always in sight."""
    first = not_asked_lines(definition, action)
    return [*first, *(line for line in action_block(definition, action, view, now) if line not in first)]


def standing_words(definition: Definition, action: ActionView) -> str:
    """How an action stands, where what is no order is never said without that."""
    if definition.actions[action.action].orderable:
        return action.standing
    return NOT_AN_ORDER if action.standing == "shown" else f"{action.standing}, {NOT_AN_ORDER}"


def grave_notices(definition: Definition, action: str, view: View) -> list[WarningView]:
    """The notices of high severity about an action that are shown now."""
    about = {name for name, one in definition.notices.items() if action in one.about}
    return [one for one in view.warnings if one.severity == "high" and one.id in about]


def most_urgent_first(actions: Iterable[ActionView]) -> list[ActionView]:
    """By due time, then what has a deadline that cannot be told yet, the rest; courses under way last."""
    return sorted(
        actions, key=lambda a: (a.started, a.due is None, a.due or 0, not a.due_needs, a.outstanding)
    )


def _heads(definition: Definition, action: ActionView, view: View, now: int) -> list[Line]:
    head = Line(_marks(definition, action, view, now), action.title, _tone(action, now), indent=1)
    if definition.actions[action.action].orderable:
        return [head]
    caution = Line(f"{NOT_AN_ORDER}: shown as its source prints it", tone=Tone.CAUTION, indent=3)
    grave = grave_notices(definition, action.action, view)
    return [head, caution, *(replace(warning_line(definition, one), indent=3) for one in grave)]


def _added_dose(definition: Definition, action: ActionView) -> list[Line]:
    """The sources of a dose, where they are not all among those of its action."""
    cites = action.dose.cites if action.dose is not None else ()
    layer = definition.actions[action.action].layer
    if set(cites) <= set(action.cites):
        return []
    return [Line(f"sources of the dose:{cited(definition, cites, layer)}", indent=5)]


def _marks(definition: Definition, action: ActionView, view: View, now: int) -> str:
    marks = [f"({action.action}{_course(action)})"]
    if action.due is not None:
        marks.append(f"due {show_time(action.due, now, view.timezone)}, {urgency_words(action, now)}")
    if action.outstanding:
        marks.append("outstanding from an earlier step")
    if action.overridden and action.standing in ("held", "blocked"):
        marks.append(f"OVERRIDDEN in part, {action.standing} still")
    elif action.overridden:
        marks.append("OVERRIDDEN: allowed against its safeguards")
    if not action.called and action.standing == "blocked":
        marks.append("not called for now")
    return "; ".join(marks) + cited(definition, action.cites, definition.actions[action.action].layer)


def _course(action: ActionView) -> str:
    return ", started" if action.started else ""


def _tone(action: ActionView, now: int) -> Tone:
    is_late = action.due is not None and now > action.due
    return Tone.STRONG if is_late or action.standing == "blocked" else Tone.PLAIN


def _safeguard_line(definition: Definition, guard: SafeguardView) -> Line:
    names = fact_names(definition)
    needs = f"; needs {_named(guard.reason.needs, names)}" if guard.reason.needs else ""
    lifted = f"; may be overridden by: {guard.override}" if guard.override else ""
    if guard.standing in ("blocks", "holds") and not guard.override:
        lifted = "; cannot be overridden"
    text = guard.text.rstrip(".") if needs or lifted else guard.text
    sources = cited(definition, guard.cites, guard.layer)
    return Line(f"{text}{needs}{lifted}{sources}", guard.standing, indent=3)


def _past_lines(view: View, now: int) -> list[Line]:
    lines: list[Line] = []
    if view.done:
        lines.append(heading("DONE"))
    for deed in view.done:
        at = show_time(deed.at, now, view.timezone) if deed.at is not None else "at an unknown time"
        against = f", while {deed.judged}" if deed.judged in ("held", "blocked") else ""
        late = ", LATE" if deed.urgency == "late" else ""
        lines.append(Line(f"done {at}{late}{against}", deed.title, indent=1))
    if view.declined:
        lines.append(heading("DECLINED"))
    for decline in view.declined:
        words = f"declined {show_time(decline.at, now, view.timezone)} by {decline.by}: {decline.reason}"
        lines.append(Line(words, decline.title, indent=1))
    return lines


def _named(facts: tuple[str, ...], names: dict[str, str]) -> str:
    return ", ".join(names.get(fact, fact) for fact in facts)
