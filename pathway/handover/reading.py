"""A case as the hand-over reads it: its names, times and values in words, each in one way everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from pathway.document.citing import cited_words
from pathway.engine import events as ev
from pathway.engine.dose_words import dose_lines, schedule_lines
from pathway.engine.memory import effective
from pathway.engine.view import DoseView, ScheduleView, View
from pathway.language.calendar import format_duration, format_instant, parse_instant, parse_zone
from pathway.language.definition import Definition
from pathway.language.units import display, parse_unit
from pathway.language.values import kept_value, shown

NOT_AN_ORDER = "NOT AN ORDER"


@dataclass(frozen=True, slots=True)
class DoseWords:
    """Doses and courses in the words of the screens; no line can break between a figure and its unit."""

    def dose(self, dose: DoseView, asked: Mapping[str, str]) -> tuple[str, ...]:
        """The dose or what is needed to compute it; `asked` names facts in words."""
        return tuple(line.whole for line in dose_lines(dose, asked))

    def schedule(self, schedule: ScheduleView) -> tuple[str, ...]:
        """Where a course of repeated doses stands."""
        return tuple(line.whole for line in schedule_lines(schedule))


@dataclass(frozen=True)
class Reading:
    """A case at `now` (seconds since 1970 UTC, not before the view) with the whole log behind its view."""

    definition: Definition
    view: View
    events: tuple[ev.Event, ...]
    now: int
    amounts: DoseWords

    @cached_property
    def counting(self) -> tuple[ev.Event, ...]:
        """The events that count: without what was undone and the moves that rested on it."""
        return tuple(effective(self.events))

    # --- times ------------------------------------------------------------------------------------
    @property
    def zone(self) -> tzinfo:
        return parse_zone(self.view.timezone)

    @property
    def offset(self) -> str:
        """The offset of the case's zone now, which every time has unless it says another."""
        return _parts(self.now, self.zone)[1]

    def time(self, at: int) -> str:
        """`2026-03-01 08:35`, with its offset where the clocks have been changed since or will be."""
        text, offset = _parts(at, self.zone)
        return text if offset == self.offset else f"{text} {offset}"

    def due(self, due: int, urgency: str | None) -> str:
        """A due time with how far it is away: met at exactly `due`, late after it (rule 18)."""
        if self.now > due:
            return f"due {self.time(due)}, LATE by {_length(self.now - due)}"
        left = "due now" if due == self.now else f"{_length(due - self.now)} left"
        return f"due {self.time(due)}, {urgency or 'ok'}, {left}"

    # --- names ------------------------------------------------------------------------------------
    def fact(self, name: str) -> str:
        """A fact by its label."""
        return self.definition.facts[name].label if name in self.definition.facts else name

    def facts(self, names: Iterable[str]) -> str:
        return ", ".join(self.fact(name) for name in names)

    def action(self, name: str) -> str:
        """An action by its title; what is no order is never named without saying so."""
        action = self.definition.actions[name]
        return action.title if action.orderable else f"{action.title} ({NOT_AN_ORDER})"

    def state(self, track: str, state: str) -> str:
        """A state by its box number and title, as on the flowchart."""
        found = self.definition.tracks[track].states[state]
        return f"{found.number}. {found.title}"

    def track(self, name: str) -> str:
        return self.definition.tracks[name].title

    def safeguard(self, name: str) -> str:
        """A safeguard with its words and sources."""
        found = self.definition.safeguards.get(name)
        if found is None:
            return name
        return sentence(f"{name}: {found.text}", self.sources(found.cites, found.layer))

    def sources(self, cites: Iterable[str], layer: str | None) -> str:
        """What an element rests on; what the encoded source does not say names its layer and grade."""
        words = cited_words(cites, layer, self.definition)
        return f"[{words}]" if words else ""

    @property
    def asked(self) -> dict[str, str]:
        return {name: fact.label for name, fact in self.definition.facts.items()}

    # --- values -----------------------------------------------------------------------------------
    def value(self, name: str, value: str | tuple[str, ...], unit: str | None) -> str:
        """A value of the view in words: yes and no, codes with their meaning, the unit after the number."""
        if isinstance(value, tuple):
            return ", ".join(self.value(name, one, unit) for one in value) or "none (a complete, empty list)"
        fact = self.definition.facts[name]
        if fact.written_type == "boolean":
            return {"true": "yes", "false": "no"}.get(value, value)
        if fact.written_type == "dateTime":
            return self.time(parse_instant(value, self.zone))
        meaning = fact.values.get(value, value)
        text = value if meaning == value else f"{meaning} ({value})"
        return f"{text} {display(parse_unit(unit))}".strip() if unit is not None else text

    def recorded(self, event: ev.FactRecorded) -> str:
        """A value of the log in words."""
        fact = self.definition.facts[event.fact]
        return self.value(event.fact, *shown(fact, kept_value(fact, event.value, self.zone), self.zone))


def signed(by: str, reading: Reading, event: ev.Event) -> str:
    """Who wrote an entry, and when where that was later than what it tells of."""
    late = event.recorded_at != event.at
    return f"{by}, written {reading.time(event.recorded_at)}" if late else by


def sentence(*parts: str) -> str:
    """The parts that say something, with blanks between."""
    return " ".join(part for part in parts if part)


def lines(*parts: str) -> tuple[str, ...]:
    """The parts that say something, each on a line of its own."""
    return tuple(part for part in parts if part)


def _parts(at: int, zone: tzinfo) -> tuple[str, str]:
    """Local date and time without needless seconds, and the offset."""
    text = format_instant(at, zone)
    day, clock, offset = text[:10], text[11:19], text[19:]
    return f"{day} {clock.removesuffix(':00') if clock.count(':') == 2 else clock}", offset


def _length(seconds: int) -> str:
    """A length of time, rounded down to minutes from one minute on."""
    return format_duration(seconds - seconds % 60 if seconds >= 60 else seconds)
