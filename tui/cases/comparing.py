"""A case on two versions of its pathway: what differs in states, actions, doses and warnings, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pathway.engine.view import ActionView
from tui.acting import standing_words
from tui.dose_line import dose_lines
from tui.lines import Line, Tone, gap, heading
from tui.presenting import SIGNAL_WORDS, urgency_words
from tui.session import Comparison, Side
from tui.times import show_time

NOTHING = "nothing"


def comparison_lines(found: Comparison, now: int) -> list[Line]:
    """What the installed version would say differently, and which entries it does not take."""
    if found.begun is None:
        return [*_alone_lines(found, now), *_left_out_lines(found)]
    names = side_names(found)
    parts = [
        _section("States", names, _states(found.begun), _states(found.installed)),
        _section("Actions", names, _actions(found.begun, now), _actions(found.installed, now)),
        _section("Doses", names, _doses(found.begun), _doses(found.installed)),
        _section("Warnings", names, _warnings(found.begun), _warnings(found.installed)),
        _left_out_lines(found),
    ]
    lines = [line for part in parts if part for line in (*part, gap())]
    same = "Both say the same of this case: states, actions, doses and warnings."
    return lines[:-1] or [Line(same, tone=Tone.STRONG)]


def side_names(found: Comparison) -> tuple[str, str]:
    """`1.0.0` and `1.1.0`, with the first digits of their texts where the versions have one number."""
    if found.begun is None:
        return found.begun_on, found.installed.definition.version
    before, after = found.begun.definition, found.installed.definition
    if before.version != after.version or before.digest == after.digest:
        return before.version, after.version
    return f"{before.version} ({before.digest[:8]})", f"{after.version} ({after.digest[:8]})"


def _section(
    title: str, names: tuple[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> list[Line]:
    """Each thing that is told differently, once as each version tells it."""
    every = [*before, *(name for name in after if name not in before)]
    differing = [name for name in every if before.get(name) != after.get(name)]
    lines: list[Line] = []
    for name in differing:
        lines.append(Line(name, tone=Tone.STRONG, indent=1))
        lines.append(Line(before.get(name, NOTHING), f"{names[0]}:", indent=3))
        lines.append(Line(after.get(name, NOTHING), f"{names[1]}:", indent=3))
    count = "1 difference" if len(differing) == 1 else f"{len(differing)} differences"
    return [heading(f"{title}: {count}"), *lines] if lines else []


def _alone_lines(found: Comparison, now: int) -> list[Line]:
    before, after = side_names(found)
    why = f"{before} is not here: only what {after} would say can be shown."
    side = found.installed
    parts = [("States", _states(side)), ("Actions", _actions(side, now)), ("Doses", _doses(side))]
    parts.append(("Warnings", _warnings(side)))
    lines = [Line(why, tone=Tone.STRONG)]
    for title, told in parts:
        lines += [gap(), heading(title), *(Line(text, f"{name}:", indent=1) for name, text in told.items())]
    return lines


def _left_out_lines(found: Comparison) -> list[Line]:
    if not found.left_out:
        return []
    title = f"Entries that {side_names(found)[1]} does not take: {len(found.left_out)}"
    return [heading(title), *(Line(words, indent=1) for words in found.left_out)]


def _states(side: Side) -> dict[str, str]:
    return {track.title: f"{track.number}. {track.state_title}" for track in side.view.tracks}


def _actions(side: Side, now: int) -> dict[str, str]:
    return {action.title: _action_words(side, action, now) for action in _listed(side)}


def _action_words(side: Side, action: ActionView, now: int) -> str:
    words = [standing_words(side.definition, action)]
    if not action.called:
        words.append("not called for")
    if action.due is not None:
        at = show_time(action.due, now, side.view.timezone)
        words.append(f"due {at}, {urgency_words(action, now)}")
    words += [f"{one.standing}: {one.text}" for one in action.safeguards if one.standing != "clear"]
    return "; ".join(words)


def _doses(side: Side) -> dict[str, str]:
    found: dict[str, str] = {}
    for action in _listed(side):
        if action.dose is not None:
            found[action.title] = _joined(line.plain.strip() for line in dose_lines(action.dose))
    return found


def _listed(side: Side) -> Sequence[ActionView]:
    return [one for one in side.view.actions if one.called or one.standing == "blocked"]


def _warnings(side: Side) -> dict[str, str]:
    return {one.text: SIGNAL_WORDS[one.severity] for one in side.view.warnings}


def _joined(words: Iterable[str]) -> str:
    return "; ".join(word for word in words if word)
