"""The whole hand-over of a case at an instant: what stands in it, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import events as ev
from pathway.engine.view import ActionView, View
from pathway.handover.amended import amended_section
from pathway.handover.concerns import missing_section, warnings_section
from pathway.handover.content import NO_LABEL, Handover
from pathway.handover.outline import outlines
from pathway.handover.reading import DoseWords, Reading, lines, signed
from pathway.handover.record import (
    counting,
    declined_section,
    done_section,
    facts_section,
    notes_section,
    overrides_section,
    path_section,
)
from pathway.handover.standing import against_section, due_section, printed_section, stands_section
from pathway.language.calendar import format_instant
from pathway.language.definition import Definition

SECTIONS = (
    stands_section, due_section, against_section, printed_section, warnings_section, missing_section,
    done_section, declined_section, overrides_section, facts_section, path_section, amended_section,
    notes_section,
)  # fmt: skip
AS_ON_THE_SCREENS = DoseWords()
LEFT_OUT = (
    "ways on that are closed now, and the conditions of each way as they were judged one by one",
    "safeguards that stand clear, and actions that nothing calls for and nothing blocks",
    "when acknowledged warnings were shown, and the passing of the clock where nothing else happened",
    "the log line numbers and the basis of each move: the log of the case has them, with its chain",
)


def handover_of(
    definition: Definition,
    view: View,
    events: Sequence[ev.Event],
    now: int,
    by: str,
    amounts: DoseWords = AS_ON_THE_SCREENS,
    *,
    kept: int | None = None,
) -> Handover:
    """The hand-over at `now` (seconds since 1970 UTC), made by `by`.

    `events` is the whole log that `view` amounts to. Where only the first `kept` of them are stored, the
    rest were brought by the clock, and the hand-over says so.
    """
    reading = Reading(definition, view, tuple(events), max(now, view.at), amounts)
    return Handover(
        title=f"Hand-over: {definition.title}",
        file_stem=f"handover-{_file_time(reading)}",
        stamp=definition.stamp,
        closed=_closed(reading),
        identity=_identity(reading, by),
        cautions=_cautions(reading, kept),
        sections=tuple(section(reading) for section in SECTIONS),
        outlines=outlines(reading),
        disclaimer=definition.disclaimer,
        left_out=LEFT_OUT,
    )


def _file_time(reading: Reading) -> str:
    """`20260301-083500`, local time."""
    text = format_instant(reading.now, reading.zone)
    return f"{text[:10]}-{text[11:19]}".replace(":", "").replace("-", "", 2)


def _identity(reading: Reading, by: str) -> tuple[tuple[str, str], ...]:
    definition, view = reading.definition, reading.view
    opened = reading.events[0].at if reading.events else view.at
    return (
        ("Case", view.case),
        ("Label", view.label or NO_LABEL),
        ("Pathway", f"{definition.id}@{definition.version}"),
        ("Digest", definition.digest),
        ("Status", definition.stamp or "approved"),
        ("As of", f"{reading.time(reading.now)} ({view.timezone}, {reading.offset}; all times here)"),
        ("Opened", reading.time(opened)),
        ("Log", _log(reading)),
        ("Made by", by),
    )


def _log(reading: Reading) -> str:
    if not reading.events:
        return "no entries"
    last = reading.events[-1]
    return f"{len(reading.events)} lines, the last at {reading.time(last.at)} by {last.by}"


def _closed(reading: Reading) -> str | None:
    closed = counting(reading, ev.CaseClosed)
    if not reading.view.closed or not closed:
        return "This case is closed." if reading.view.closed else None
    last = closed[-1]
    return (
        f"This case is CLOSED since {reading.time(last.at)}: {last.reason} ({signed(last.by, reading, last)})"
    )


def _late(reading: Reading, action: ActionView) -> str:
    against = f", {action.standing.upper()}" if action.standing in ("held", "blocked") else ""
    return f"{reading.action(action.action)}{against}"


def _staleness(reading: Reading) -> str:
    """Said where the clock has changed something that the view does not know of yet."""
    change, view = reading.view.next_change_at, reading.view
    if view.closed or change is None or change > reading.now:
        return ""
    return (
        f"This is how the case stood at {reading.time(view.at)}. Something in it changed at "
        f"{reading.time(change)}: let time pass in the case and hand over again."
    )


def _cautions(reading: Reading, kept: int | None) -> tuple[str, ...]:
    new = 0 if kept is None else len(reading.events) - kept
    late = [
        _late(reading, one) for one in reading.view.actions if one.due is not None and reading.now > one.due
    ]
    return lines(
        f"LATE: {'; '.join(late)}." if late else "",
        _staleness(reading),
        f"Log lines that only the clock brought since the last entry: {new}. They were computed for this "
        "hand-over and are not in the stored log." if new else "",
    )  # fmt: skip
