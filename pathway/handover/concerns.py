"""What worries and what is missing: open warnings, acknowledged or not, and facts that are waited for."""

from __future__ import annotations

from pathway.engine import events as ev
from pathway.engine.event_words import unknown_because
from pathway.engine.view import Need, WarningView
from pathway.handover.content import Row, Section
from pathway.handover.reading import Reading, lines, sentence

_SEVERITIES = ("high", "medium", "low", "info")
_SIGNALS = {"high": "!! WARNING", "medium": "! CAUTION", "low": "NOTE", "info": "INFO"}


def warnings_section(reading: Reading) -> Section:
    """The gravest first, of equal gravity those that nobody has acknowledged."""
    seen = {one.alert: one for one in reading.counting if isinstance(one, ev.Acknowledged)}
    order = sorted(
        reading.view.warnings, key=lambda one: (_SEVERITIES.index(one.severity), one.acknowledged is not None)
    )
    return Section(
        "warnings",
        "Open warnings",
        ("Warning", "Sources", "Acknowledged"),
        tuple(_warning_row(reading, one, seen) for one in order),
        "No warning is open.",
    )


def _warning_row(reading: Reading, one: WarningView, seen: dict[str, ev.Acknowledged]) -> Row:
    by = "NOT acknowledged"
    if one.acknowledged is not None:
        event = seen.get(one.key)
        by = f"by {one.acknowledged}" + (f", {reading.time(event.at)}" if event is not None else "")
    sources = reading.sources(one.cites, one.layer) or (one.layer or "of the case itself")
    return Row(((one.text,), (sources,), (by,)), _SIGNALS[one.severity], one.severity == "high")


def missing_section(reading: Reading) -> Section:
    """The facts that could change something now, those that most waits for first."""
    asked = {one.fact for track in reading.view.tracks for one in track.questions if not one.known}
    return Section(
        "missing",
        "What is missing",
        ("Fact", "Waiting for it", "Why it is not known"),
        tuple(_need_row(reading, need) for need in reading.view.needs),
        "Nothing is missing for what is open now.",
        closing=lines(_further(reading, asked)),
    )


def _further(reading: Reading, asked: set[str]) -> str:
    waited = {need.fact for need in reading.view.needs}
    rest = [name for name in reading.definition.facts if name in asked - waited]
    return (
        f"Also asked where the case stands, and nothing waits for it: {reading.facts(rest)}." if rest else ""
    )


def _need_row(reading: Reading, need: Need) -> Row:
    waiting = tuple(_waiting(reading, name) for name in need.needed_for) or ("asked here",)
    return Row(((sentence(need.ask, f"({need.fact})"),), waiting, lines(_why_unknown(reading, need.fact))))


def _waiting(reading: Reading, name: str) -> str:
    """What waits for a fact: an action by its title, a way on by the state that it leads to."""
    if name in reading.definition.actions:
        return reading.action(name)
    track, _, state = name.partition(".")
    return f"going on in {reading.track(track)} to {reading.state(track, state)}"


def _why_unknown(reading: Reading, fact: str) -> str:
    said = [
        one for one in reading.counting
        if isinstance(one, ev.FactRetracted | ev.FactRecorded) and one.fact == fact
    ]  # fmt: skip
    if not said:
        return "not recorded"
    last = said[-1]
    if isinstance(last, ev.FactRetracted):
        return f"{unknown_because(last)}, {last.by}, {reading.time(last.at)}"
    return f"the record of {reading.time(last.at)} does not settle it any more"
