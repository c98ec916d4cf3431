"""A case at a glance as plain lines: header, tracks, warnings, deadlines and actions with their doses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathway.document.citing import cited_words, weakest_grade
from pathway.engine.view import ActionView, TrackView, View, WarningView
from pathway.language.definition import Definition
from tui.lines import Line, Tone, columns, cut, cut_middle
from tui.times import show_clock, show_remaining, show_time

SEVERITIES = ("high", "medium", "low", "info")
KINDS = ("action", "decision", "enquiry", "end")
KIND_WORDS = {"enquiry": "questions"}
SIGNAL_WORDS = {"high": "!! WARNING", "medium": "! CAUTION", "low": "NOTE", "info": "INFO"}
LEAST_ID = 16  # columns that an id keeps beside a label
_TONES = {"high": Tone.ALARM, "medium": Tone.CAUTION}
NOT_AN_ORDER = "NOT AN ORDER"


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
    """Both identifiers of a case, the one that people use first; it is said to be missing where it is."""
    return f"{view.label or '(no label)'}  {view.case}"


def short_case_title(view: View, room: int) -> str:
    """Both identifiers in at most `room` columns: the label before the id, which is cut in its middle."""
    label = view.label or "(no label)"
    label = cut(label, room - 2 - min(LEAST_ID, columns(view.case)))
    return f"{label}  {cut_middle(view.case, room - 2 - columns(label))}"


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


def warning_line(definition: Definition, warning: WarningView) -> Line:
    """A warning with its sources; what the encoded source does not say names its layer and grade."""
    seen = f" (seen by {warning.acknowledged})" if warning.acknowledged else ""
    text = f"{warning.text}{cited(definition, warning.cites, warning.layer)}"
    tone = _TONES.get(warning.severity, Tone.PLAIN)
    return Line(text, f"{SIGNAL_WORDS[warning.severity]}{seen}", tone)


def warning_lines(definition: Definition, view: View) -> list[Line]:
    """Every warning in full, with the layer it comes from and the weakest grade of its sources there."""
    if not view.warnings:
        return [Line("No warnings.")]
    lines: list[Line] = []
    for warning in warnings_in_order(view):
        grade = weakest_grade(warning.cites, warning.layer, definition)
        words = f"{warning.id}, {warning.layer or 'the pathway'}"
        lines.append(warning_line(definition, warning))
        lines.append(Line(words if grade is None else f"{words}, grade {grade}", indent=2))
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
    kind = KIND_WORDS.get(track.kind, track.kind)
    return Line(f"{track.number}. {track.state_title} ({kind})", f"{track.title}:")


def is_idle(view: View, track: TrackView) -> bool:
    """Whether a track has nothing of its own to show: it waits where it began, or has come to an end."""
    if track.phase is not None or any(way.standing in ("open", "conflict") for way in track.transitions):
        return False
    return track.kind == "end" or _waits_at_its_start(view, track)


def folded_line(tracks: Iterable[TrackView], more: str) -> list[Line]:
    """The tracks that are not told one by one, counted by what they do and named; none without any.

    `more` is the key or the command that tells of them.
    """
    folded = list(tracks)
    if not folded:
        return []
    ended = [track for track in folded if track.kind == "end"]
    waiting = [track for track in folded if track.kind == "enquiry"]
    others = len(folded) - len(ended) - len(waiting)
    counted = [(others, "more"), (len(waiting), "waiting"), (len(ended), "ended")]
    lead = ", ".join(f"{count} {word}" for count, word in counted if count)
    names = ", ".join(f"{track.title}: {track.number}" for track in folded)
    return [Line(names, f"+{lead} ({more}):")]


def in_order(view: View) -> list[TrackView]:
    """The tracks, those in a phase first, then where something is to be done; what only waits comes last."""
    return sorted(
        view.tracks,
        key=lambda track: (is_idle(view, track), track.phase is None, KINDS.index(track.kind)),
    )


def track_rows(view: View, most: int, more: str) -> list[Line]:
    """The tracks one to a row: those in a phase first, then where something is to be done.

    Others are counted; `more` tells of them.
    """
    tracks = in_order(view)
    told = [track for track in tracks if not is_idle(view, track)]
    if len(tracks) <= most and len(tracks) - len(told) <= 1:
        return [track_line(track) for track in tracks]
    told = told[: most - 1]
    rest = [track for track in tracks if track not in told]
    return [*(track_line(track) for track in told), *folded_line(rest, more)]


def state_lines(view: View, more: str) -> list[Line]:
    """The present state of each track with what it says; what it asks is among the choices.

    Tracks that only wait where they began, or have ended, are counted and named in one line; `more` tells
    of them.
    """
    idle = [track for track in view.tracks if is_idle(view, track)]
    idle = idle if len(idle) > 1 else []
    lines: list[Line] = []
    for track in view.tracks:
        if track in idle:
            continue
        lines.append(track_line(track))
        lines += [Line(track.text, indent=2)] if track.text else []
    return [*lines, *folded_line(idle, more)]


def is_ended(view: View) -> bool:
    """Whether every track that was in use has come to an end state; others wait where they began."""
    ended = [track for track in view.tracks if track.kind == "end"]
    return bool(ended) and all(_waits_at_its_start(view, one) for one in view.tracks if one not in ended)


def ending(definition: Definition, view: View) -> str:
    """Why the case may be closed now, in words; empty where it goes on, or is closed already.

    It may where every track has ended, and where the first one has come to its last place, from which ways
    only lead back, while nowhere an action is called for or a way on is open.
    """
    if view.closed:
        return ""
    if is_ended(view):
        return "The pathway has ended."
    is_last = is_at_rest(view) and _is_last_place(definition, view.tracks[0])
    return "No action is called for." if is_last else ""


def is_at_rest(view: View) -> bool:
    """Whether no action is called for and no way on is open."""
    ways = [way for track in view.tracks for way in track.transitions]
    return not _is_called(view) and not any(way.standing in ("open", "conflict") for way in ways)


def ending_lines(definition: Definition, view: View, close: str) -> list[Line]:
    """That the case may be closed, with the key or command; what is still open is never denied."""
    why = ending(definition, view)
    is_asked = bool(view.needs) or any(not q.known for track in view.tracks for q in track.questions)
    left = "what else is asked stays open" if is_asked else "nothing is outstanding"
    left = "what is still to be done stays open" if _is_called(view) else left
    return [Line(f"{close} closes the case; {left}.", why, Tone.STRONG)] if why else []


def _is_called(view: View) -> bool:
    return any(one.called and one.standing != "shown" for one in view.actions)


def _is_last_place(definition: Definition, track: TrackView) -> bool:
    """Whether a track stands at its end, or where nothing is done after which it could only begin again."""
    states = definition.tracks[track.track].states
    here = states[track.state]
    is_last = here.number == max(state.number for state in states.values())
    return track.kind == "end" or (
        is_last
        and track.kind == "enquiry"
        and here.name != definition.tracks[track.track].start
        and not here.do
        and all(states[way.to].number < here.number for way in here.next)
    )


def _waits_at_its_start(view: View, track: TrackView) -> bool:
    """Whether a track only asks where it began: it has never moved, and no way is open to it."""
    is_open = any(way.standing in ("open", "conflict") for way in track.transitions)
    has_moved = any(step.track == track.track for step in view.path)
    return track.kind == "enquiry" and not has_moved and not is_open


def cited(definition: Definition, cites: Iterable[str], layer: str | None) -> str:
    """Sources in square brackets, those beyond the encoded source with layer and grade; empty without any."""
    words = cited_words(cites, layer, definition)
    return f" [{words}]" if words else ""


def urgency_words(action: ActionView, now: int) -> str:
    """`LATE by 5 min`, `soon, 10 min left`, `ok, 2 h left`; empty without a deadline."""
    if action.due is None:
        return ""
    remaining = show_remaining(action.due, now)
    return remaining if now > action.due else f"{action.urgency or 'ok'}, {remaining}"


def _deadline(action: ActionView, due: int, view: View, now: int) -> Deadline:
    standing = NOT_AN_ORDER if action.standing == "shown" else action.standing
    mark = f" ({standing})" if standing != "recommended" else ""
    at = show_time(due, now, view.timezone)
    return Deadline(f"{action.title}{mark}", due, now > due, at, urgency_words(action, now))


def _deed_in_time(view: View, now: int, index: int) -> str:
    deed = view.done[index]
    done = show_time(deed.at, now, view.timezone) if deed.at is not None else "at an unknown time"
    due = show_time(deed.due, now, view.timezone) if deed.due is not None else "no time"
    return (
        f"done {done}, was due {due}: {'in time' if deed.urgency == 'met' else deed.urgency or 'not judged'}"
    )
