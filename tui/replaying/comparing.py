"""A log beside the same entries on another version: where the two differ, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pathway.engine.view import ActionView, View, WarningView
from pathway.language.definition import Definition
from pathway.replay.again import Again, entered_again
from pathway.replay.frames import Frames
from tui.acting import standing_words
from tui.dose_line import dose_lines
from tui.lines import Line, Tone, columns, heading, wrapped
from tui.presenting import SIGNAL_WORDS, fact_names
from tui.replaying.recording import Recording, version_words
from tui.times import show_time

SIDE_BY_SIDE = 100  # columns from which the two stand beside one another
NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing as the log has it, and as the other version has it."""

    what: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The other version after each batch of the log so far, and the first event at which the two differ.

    `of` is how many batches there are to compare in all.
    """

    others: tuple[Again, ...]
    first: int | None
    of: int

    @property
    def is_complete(self) -> bool:
        return len(self.others) == self.of


def compared(recording: Recording, is_wanted: Callable[[], bool]) -> Iterator[Comparison]:
    """Enter the log's entries on the other version; told once at the first difference, and at the end.

    `is_wanted` is asked now and then; when it says no, the work is left.
    """
    if recording.against is None:
        return
    log = recording.log
    frames = Frames(recording.compiled, log.header.case, log.events)  # of this thread alone
    others: list[Again] = []
    first: int | None = None
    for other in entered_again(recording.against, log.header.case, log.events):
        if not is_wanted():
            return
        others.append(other)
        last = frames.last_of(len(others) - 1)
        if first is None and differences_at(replace(recording, frames=frames), last, other):
            first = last
            yield Comparison(tuple(others), first, len(frames.batches))
    yield Comparison(tuple(others), first, len(others))


def differences_at(recording: Recording, number: int, other: Again) -> tuple[Difference, ...]:
    """How the case after an event differs from the other version after the same entry."""
    view, against = recording.frames.view(number), recording.against
    refused = tuple(Difference(one.what, "recorded", f"not recorded: {one.why}") for one in other.refused)
    if view is None or against is None:
        return refused
    return (*refused, *differences(recording.definition, view, against.definition, other.view))


def differences(definition: Definition, here: View, other: Definition, there: View) -> tuple[Difference, ...]:
    """States, standing of actions, doses, due times and warnings that are not the same."""
    pairs = (
        (_states(here), _states(there)),
        (_standings(definition, here), _standings(other, there)),
        (_doses(definition, here), _doses(other, there)),
        (_due_times(here), _due_times(there)),
        (_warnings(here), _warnings(there)),
    )
    return tuple(difference for left, right in pairs for difference in _apart(left, right))


def comparison_lines(
    recording: Recording, number: int, comparison: Comparison | None, width: int, key: str
) -> list[Line]:
    """The differences at a position, in two columns where there is room; `key` goes to the first one."""
    against = recording.against
    if against is None:
        return []
    batch = recording.frames.batch_of(number)
    if comparison is None or batch >= len(comparison.others):
        return [_not_yet(comparison)]
    found = differences_at(recording, recording.frames.last_of(batch), comparison.others[batch])
    names = _names(recording.definition, against.definition)
    titles = f"log, {names[0]}", f"on {names[1]}"
    lines = [_first_words(comparison, key), Line(f"after the whole entry {batch + 1}:")]
    if not found:
        return [*lines, Line("No difference: states, actions, doses, due times and warnings are the same.")]
    shown = _beside(found, titles, width) if width >= SIDE_BY_SIDE else _below(found, titles)
    return [*lines, *shown]


def _names(here: Definition, there: Definition) -> tuple[str, str]:
    """How the two versions are told apart, as shortly as that can be done."""
    if here.id != there.id:
        return version_words(here), version_words(there)
    if here.version != there.version:
        return here.version, there.version
    return f"{here.version} ({here.digest[:8]})", f"{there.version} ({there.digest[:8]})"


def _not_yet(comparison: Comparison | None) -> Line:
    if comparison is not None and comparison.is_complete:
        return Line("The other version could not open this case: there is nothing to compare.")
    return Line("being worked out ...", "Comparison:")


def _first_words(comparison: Comparison, key: str) -> Line:
    if comparison.first is not None:
        where = f"event {comparison.first} ({key} goes there)"
        return Line(f"they differ for the first time at {where}.", tone=Tone.STRONG)
    if comparison.is_complete:
        return Line("they never differ in this log.", tone=Tone.STRONG)
    return Line("no difference so far; the rest is being worked out ...")


def _apart(left: dict[str, str], right: dict[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*left, *right)):
        here, there = left.get(name, NOT_SHOWN), right.get(name, NOT_SHOWN)
        if here != there:
            yield Difference(name, here, there)


def _states(view: View) -> dict[str, str]:
    return {f"{track.title} (track)": f"{track.state_title} ({track.state})" for track in view.tracks}


def _standings(definition: Definition, view: View) -> dict[str, str]:
    return {f"{one.title} (action)": _standing(definition, one) for one in view.actions}


def _standing(definition: Definition, action: ActionView) -> str:
    against = [guard.safeguard for guard in action.safeguards if guard.standing in ("blocks", "holds")]
    by = f" by {', '.join(against)}" if against else ""
    parts = [f"{standing_words(definition, action)}{by}"]
    parts += [] if action.called else ["not called for"]
    parts += ["allowed by override"] if action.overridden else []
    return "; ".join(parts)


def _doses(definition: Definition, view: View) -> dict[str, str]:
    names = fact_names(definition)
    return {
        f"{one.title} (dose)": "; ".join(line.plain.strip() for line in dose_lines(one.dose, names, indent=0))
        for one in view.actions
        if one.dose is not None
    }


def _due_times(view: View) -> dict[str, str]:
    return {
        f"{one.title} (due)": show_time(one.due, view.at, view.timezone)
        for one in view.actions
        if one.due is not None
    }


def _warnings(view: View) -> dict[str, str]:
    return {f"{one.key or one.id} (warning)": _warning(one) for one in view.warnings}


def _warning(warning: WarningView) -> str:
    return f"{SIGNAL_WORDS[warning.severity]}: {warning.text}"


def _below(found: tuple[Difference, ...], titles: tuple[str, str]) -> list[Line]:
    lines: list[Line] = []
    for one in found:
        lines.append(Line(one.what, tone=Tone.STRONG))
        lines.append(Line(one.here, f"{titles[0]}:", indent=2))
        lines.append(Line(one.there, f"{titles[1]}:", indent=2))
    return lines


def _beside(found: tuple[Difference, ...], titles: tuple[str, str], width: int) -> list[Line]:
    room = (width - 3) // 2
    lines = [heading(_row(*titles, room))]
    for one in found:
        lines.append(Line(one.what, tone=Tone.STRONG))
        left, right = (_column(text, room) for text in (one.here, one.there))
        for index in range(max(len(left), len(right))):
            pair = (left[index : index + 1] or [""])[0], (right[index : index + 1] or [""])[0]
            lines.append(Line(_row(*pair, room)))
    return lines


def _column(text: str, room: int) -> list[str]:
    return [line.plain for line in wrapped(Line(text, indent=2), room)]


def _row(left: str, right: str, room: int) -> str:
    return f"{left}{' ' * max(0, room - columns(left))} | {right}"
