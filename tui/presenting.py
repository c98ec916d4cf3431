"""A case at a glance as plain lines: header, tracks, warnings, deadlines and actions with their doses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathway.engine.view import ActionView, SafeguardView, TrackView, View, WarningView
from pathway.language.definition import Definition
from tui.dose_line import dose_lines, schedule_lines
from tui.lines import Line, Tone, heading
from tui.times import show_clock, show_remaining, show_time

SEVERITIES = ("high", "medium", "low", "info")
KINDS = ("action", "decision", "enquiry", "end")
SIGNAL_WORDS = {"high": "!! WARNING", "medium": "! CAUTION", "low": "NOTE", "info": "INFO"}
_TONES = {"high": Tone.ALARM, "medium": Tone.CAUTION}
_STANDINGS = (
    ("recommended", "RECOMMENDED"),
    ("held", "HELD until more is known"),
    ("blocked", "BLOCKED"),
    ("shown", "FOR INFORMATION, not an order"),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An action with a due time. `at` is the due time in words, `words` how far away it is."""

    title: str
    due: int
    is_late: bool
    at: str
    words: str


def fact_names(definition: Definition) -> dict[str, str]:
    """The short name of each fact, for sentences."""
    return {name: fact.label for name, fact in definition.facts.items()}


def named_fact(label: str, name: str) -> str:
    """A fact by its label, with the name that commands take where that is another."""
    return name if label.casefold().replace(" ", "_") == name else f"{label} ({name})"


def case_title(view: View) -> str:
    return f"{view.case}  {view.label}" if view.label else view.case


def pathway_title(definition: Definition) -> str:
    """Title, version and first digits of the digest: which text this case follows."""
    return f"{definition.title} {definition.version} ({definition.digest[:8]})"


def header_lines(definition: Definition, view: View, now: int) -> list[Line]:
    """What is always on show: whose case, which pathway, its stamp while it is not approved, the time."""
    lines = [
        Line(f"{show_clock(now, view.timezone)} {view.timezone}", case_title(view)),
        Line(pathway_title(definition)),
    ]
    if definition.stamp:
        lines.append(Line(definition.stamp, tone=Tone.STRONG))
    if view.closed:
        lines.append(
            Line("This case is closed: it can be read, and nothing more is entered.", tone=Tone.STRONG)
        )
    return lines


def phase_bar(definition: Definition, view: View) -> str:
    """The phases in order, the present ones in square brackets."""
    present = {track.phase for track in view.tracks}
    parts = [
        f"[{number} {title}]" if phase in present else f"{number} {title}"
        for number, (phase, title) in enumerate(definition.phases.items(), start=1)
    ]
    return "  ".join(parts)


def short_phase_bar(definition: Definition, view: View) -> str:
    """The phases where only the present ones have room for their titles."""
    present = {track.phase for track in view.tracks}
    parts = [
        f"[{number} {title}]" if phase in present else str(number)
        for number, (phase, title) in enumerate(definition.phases.items(), start=1)
    ]
    return "Phase " + " ".join(parts) if parts else ""


def warnings_in_order(view: View) -> list[WarningView]:
    """Highest severity first; of equal severity those nobody has acknowledged yet."""
    return sorted(view.warnings, key=lambda w: (SEVERITIES.index(w.severity), w.acknowledged is not None))


def warning_line(warning: WarningView) -> Line:
    seen = f" (seen by {warning.acknowledged})" if warning.acknowledged else ""
    text = f"{warning.text}{_cited(warning.cites)}{seen}"
    return Line(text, SIGNAL_WORDS[warning.severity], _TONES.get(warning.severity, Tone.PLAIN))


def warning_lines(view: View) -> list[Line]:
    """Every warning in full, with the layer it comes from."""
    if not view.warnings:
        return [Line("No warnings.")]
    lines: list[Line] = []
    for warning in warnings_in_order(view):
        lines.append(warning_line(warning))
        lines.append(Line(f"{warning.id}, {warning.layer or 'the pathway'}", indent=2))
    return lines


def deadlines(view: View, now: int) -> list[Deadline]:
    """Every due time of an action that is not done, earliest first: what is late comes out on top."""
    found = [_deadline(action, action.due, view, now) for action in view.actions if action.due is not None]
    return sorted(found, key=lambda deadline: (deadline.due, deadline.title))


def timer_lines(view: View, now: int) -> list[Line]:
    """Due times in full, and those that cannot be told yet."""
    lines = [
        Line(f"{d.title}, {d.words}", d.at, Tone.STRONG if d.is_late else Tone.PLAIN)
        for d in deadlines(view, now)
    ]
    for action in view.actions:
        if action.due is None and action.due_needs:
            lines.append(Line(f"no due time yet: needs {', '.join(action.due_needs)}", action.title))
    lines += [
        Line(_deed_in_time(view, now, index), deed.title) for index, deed in enumerate(view.done) if deed.due
    ]
    return lines or [Line("No deadlines.")]


def track_line(track: TrackView) -> Line:
    """Where a track stands: its box number and title as on the chart."""
    return Line(f"{track.number}. {track.state_title} ({track.kind})", f"{track.title}:")


def track_rows(view: View, most: int) -> list[Line]:
    """The tracks one to a row: those in a phase first, then where something is to be done; the rest counted."""
    tracks = sorted(view.tracks, key=lambda track: (track.phase is None, KINDS.index(track.kind)))
    if len(tracks) <= most:
        return [track_line(track) for track in tracks]
    rest = ", ".join(f"{track.title}: {track.number}" for track in tracks[most - 1 :])
    more = Line(f"{rest} (w)", f"+{len(tracks) - most + 1} more:")
    return [*(track_line(track) for track in tracks[: most - 1]), more]


def state_lines(view: View) -> list[Line]:
    """The present state of each track with what it says; what it asks is among the choices."""
    lines: list[Line] = []
    for track in view.tracks:
        lines.append(track_line(track))
        lines += [Line(track.text, indent=2)] if track.text else []
    return lines


def is_ended(view: View) -> bool:
    """Whether every track has come to an end state."""
    return all(track.kind == "end" for track in view.tracks)


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
    """One action: title with marks, dose, schedule, and the safeguards that do not stand clear."""
    names = fact_names(definition)
    lines = [Line(_marks(action, view, now), action.title, _tone(action, now), indent=1)]
    if action.text:
        lines.append(Line(action.text, indent=3))
    if action.dose is not None:
        lines += dose_lines(action.dose, names, indent=3)
    if action.schedule is not None:
        lines += schedule_lines(action.schedule, indent=3)
    lines += [_safeguard_line(guard, names) for guard in action.safeguards if guard.standing != "clear"]
    if action.due_needs:
        lines.append(Line(f"no due time yet: needs {_named(action.due_needs, names)}", indent=3))
    return lines


def most_urgent_first(actions: Iterable[ActionView]) -> list[ActionView]:
    """By due time, then what has a deadline that cannot be told yet, the rest; courses under way last."""
    return sorted(
        actions, key=lambda a: (a.started, a.due is None, a.due or 0, not a.due_needs, a.outstanding)
    )


def urgency_words(action: ActionView, now: int) -> str:
    """`LATE by 5 min`, `soon, 10 min left`, `ok, 2 h left`; empty without a deadline."""
    if action.due is None:
        return ""
    remaining = show_remaining(action.due, now)
    return remaining if now > action.due else f"{action.urgency or 'ok'}, {remaining}"


def _deadline(action: ActionView, due: int, view: View, now: int) -> Deadline:
    mark = f" ({action.standing})" if action.standing != "recommended" else ""
    at = show_time(due, now, view.timezone)
    return Deadline(f"{action.title}{mark}", due, now > due, at, urgency_words(action, now))


def _deed_in_time(view: View, now: int, index: int) -> str:
    deed = view.done[index]
    done = show_time(deed.at, now, view.timezone) if deed.at is not None else "at an unknown time"
    due = show_time(deed.due, now, view.timezone) if deed.due is not None else "no time"
    return (
        f"done {done}, was due {due}: {'in time' if deed.urgency == 'met' else deed.urgency or 'not judged'}"
    )


def _marks(action: ActionView, view: View, now: int) -> str:
    marks = [f"({action.action}{_course(action)})"]
    if action.due is not None:
        marks.append(f"due {show_time(action.due, now, view.timezone)}, {urgency_words(action, now)}")
    if action.outstanding:
        marks.append("outstanding from an earlier step")
    if action.overridden:
        marks.append("OVERRIDDEN: allowed against its safeguards")
    if not action.called and action.standing == "blocked":
        marks.append("not called for now")
    return "; ".join(marks) + _cited(action.cites)


def _course(action: ActionView) -> str:
    return ", started" if action.started else ""


def _tone(action: ActionView, now: int) -> Tone:
    is_late = action.due is not None and now > action.due
    return Tone.STRONG if is_late or action.standing == "blocked" else Tone.PLAIN


def _safeguard_line(guard: SafeguardView, names: dict[str, str]) -> Line:
    needs = f"; needs {_named(guard.reason.needs, names)}" if guard.reason.needs else ""
    lifted = f"; may be overridden by: {guard.override}" if guard.override else ""
    if guard.standing in ("blocks", "holds") and not guard.override:
        lifted = "; cannot be overridden"
    text = guard.text.rstrip(".") if needs or lifted else guard.text
    return Line(f"{text}{needs}{lifted}{_cited(guard.cites)}", guard.standing, indent=3)


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


def _cited(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""
