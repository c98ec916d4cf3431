"""What is typed becomes entries: values by the fact's type, times, reasons. Anything unclear is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pathway.engine.batch import Batch, FactEntry, Retraction
from pathway.engine.events import RETRACTION_REASONS
from pathway.language.amounts import unit_text
from pathway.language.definition import Fact
from pathway.language.numbers import format_number
from pathway.language.problems import nearest
from tui.session import entry_error
from tui.times import TimeError, iso_time, local, read_past_time, read_time

_YES, _NO = ("y", "yes", "true"), ("n", "no", "false")
UNKNOWN_WORDS = ("unknown", "u", "?")
_REASONS = ", ".join(RETRACTION_REASONS)
_REASON_WORDS = {
    "not_asked": "not asked",
    "asked_unknown": "asked, and unknown",
    "refused": "refused",
    "pending": "pending: asked for, no result yet",
    "entry_error": "what was recorded was entered wrongly",
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes, when: `now` is the case's time, `recorded_at` what the computer's clock says."""

    now: int
    recorded_at: int
    by: str
    timezone: str

    def batch(self, **entries: Any) -> Batch:
        return Batch(at=self.now, by=self.by, recorded_at=self.recorded_at, **entries)


@dataclass(frozen=True, slots=True)
class Option:
    """A numbered answer to a field: the value entered, and its meaning."""

    value: str
    words: str


def options_of(fact: Fact) -> tuple[Option, ...]:
    """The answers a fact admits, where they can be listed; `unknown` is always the last."""
    if fact.written_type == "boolean":
        return (Option("yes", "yes"), Option("no", "no"), Option("unknown", "unknown"))
    if fact.values and fact.written_type in ("code", "list"):
        listed = (Option(code, title) for code, title in fact.values.items())
        return (*listed, Option("unknown", "unknown"))
    return ()


def unknown_reasons(corrects: bool) -> tuple[Option, ...]:
    """Why a fact is not known, as numbered answers; a wrong entry can only be said of a recorded fact."""
    reasons = [name for name in RETRACTION_REASONS if corrects or name != "entry_error"]
    return tuple(Option(name, _REASON_WORDS.get(name, name.replace("_", " "))) for name in reasons)


def asks_reason(fact: Fact, typed: str) -> bool:
    """Whether what was typed says `unknown` and not why."""
    option = _numbered(options_of(fact), typed)
    word = (option.value if option else typed).strip().lower()
    if word in fact.values or (fact.written_type == "text" and word != "unknown"):
        return False
    return word in UNKNOWN_WORDS


def read_fact(fact: Fact, typed: str, when: str, pen: Pen, corrects: bool = False) -> FactEntry | Retraction:
    """What was typed for a fact, as an entry. Raises EntryError for what cannot be read here."""
    typed = typed.strip()
    if not typed:
        raise entry_error(f"Nothing was typed for {fact.label}. Type a value, or `unknown`.")
    retraction = read_unknown(fact, typed)
    if retraction is not None:
        return retraction
    value = _value(fact, typed, pen)
    at = past_time(when, pen)
    return FactEntry(fact.name, value, None if at == pen.now else at, corrects)


def read_unknown(fact: Fact, typed: str) -> Retraction | None:
    """`unknown pending` or `? refused` as a retraction with its reason; None for anything else.

    Raises EntryError where the reason is missing: nobody is said to have been asked by default.
    """
    option = _numbered(options_of(fact), typed)
    first, *rest = (option.value if option else typed).lower().split()
    if first not in UNKNOWN_WORDS or typed in fact.values:
        return None
    if fact.written_type == "text" and first != "unknown":
        return None
    reason = "_".join(rest).replace("-", "_")
    if reason in RETRACTION_REASONS:
        return Retraction(fact.name, reason)
    if not rest:
        raise entry_error(f"Why is {fact.label} not known? Write unknown and one of: {_REASONS}.")
    if fact.written_type == "text":
        return None
    raise entry_error(f"{' '.join(rest)!r} is not a reason here. Write one of: {_REASONS}.")


def past_time(typed: str, pen: Pen) -> int:
    """A typed time that has already been. Raises EntryError."""
    try:
        return read_past_time(typed, pen.now, pen.timezone)
    except TimeError as error:
        raise entry_error(f"{error}.") from None


def hints(fact: Fact) -> str:
    """What may be typed for a fact: kind, unit, range, step, other units."""
    parts = [_kind_words(fact)]
    if fact.low is not None and fact.high is not None:
        parts.append(f"{format_number(fact.low)} to {format_number(fact.high)}")
    if fact.step is not None:
        parts.append(f"in steps of {format_number(fact.step)}")
    if fact.also:
        parts.append(f"also in {', '.join(fact.also)}")
    if fact.valid_for is not None:
        parts.append(f"valid for {fact.valid_for // 3600} h")
    return ", ".join(parts)


def chosen(options: tuple[Option, ...], typed: str, what: str) -> str:
    """The value of a listed answer, by number or by name. Raises EntryError."""
    option = _meant(options, typed)
    if option is not None:
        return option.value
    listed = ", ".join(option.value for option in options)
    close = nearest(typed, [option.value for option in options])
    meant = f" Did you mean {close}?" if close else ""
    raise entry_error(f"{typed.strip()!r} is not {what}.{meant} Write a number or one of: {listed}.")


def _value(fact: Fact, typed: str, pen: Pen) -> str | tuple[str, ...]:
    match fact.written_type:
        case "boolean":
            return _truth(fact, typed)
        case "code":
            return _code(fact, typed)
        case "list":
            return _items(fact, typed)
        case "dateTime":
            return _moment(typed, pen)
        case "date":
            return _day(typed, pen)
        case _:
            return typed


def _truth(fact: Fact, typed: str) -> str:
    option = _meant(options_of(fact), typed)
    word = option.value if option else typed.lower()
    if word in _YES:
        return "true"
    if word in _NO:
        return "false"
    raise entry_error(f"{typed!r} does not answer {fact.ask!r}. Write yes, no or unknown.")


def _code(fact: Fact, typed: str) -> str:
    if typed in fact.values:
        return typed
    option = _meant(options_of(fact), typed)
    return option.value if option else typed


def _items(fact: Fact, typed: str) -> tuple[str, ...]:
    if typed == "[]" or (typed.lower() in ("none", "empty") and typed not in fact.values):
        return ()
    parts = (part.strip() for part in re.split(r"[,|]", typed.strip("[]")))
    return tuple(_code(fact, part) for part in parts if part)


def _moment(typed: str, pen: Pen) -> str:
    try:
        return iso_time(read_time(typed, pen.now, pen.timezone), pen.timezone)
    except TimeError as error:
        raise entry_error(f"{error}.") from None


def _day(typed: str, pen: Pen) -> str:
    days = {"today": 0, "now": 0, "yesterday": 1}
    if typed.lower() not in days:
        return typed
    return (local(pen.now, pen.timezone).date() - timedelta(days=days[typed.lower()])).isoformat()


def _numbered(options: tuple[Option, ...], typed: str) -> Option | None:
    if not re.fullmatch(r"\d{1,3}", typed.strip()) or any(
        option.value == typed.strip() for option in options
    ):
        return None
    index = int(typed) - 1
    return options[index] if 0 <= index < len(options) else None


def _meant(options: tuple[Option, ...], typed: str) -> Option | None:
    """The answer meant by number or in words. Raises EntryError for a number that is none of the lines."""
    option = _numbered(options, typed) or _named(options, typed)
    if option is None and options and re.fullmatch(r"\d{1,3}", typed.strip()):
        raise entry_error(f"There is no line {typed.strip()}: type 1 to {len(options)}, or the words.")
    return option


def _named(options: tuple[Option, ...], typed: str) -> Option | None:
    word = typed.strip().lower()
    return next((option for option in options if word in (option.value.lower(), option.words.lower())), None)


def _kind_words(fact: Fact) -> str:
    match fact.written_type:
        case "quantity":
            return (
                f"a number in {fact.unit.text}"
                if fact.unit is not None and unit_text(fact.unit.text) not in ("", "1")
                else "a number"
            )
        case "integer":
            return "a whole number"
        case "boolean":
            return "yes, no or unknown"
        case "code":
            return "one of the list" + (", or another code" if fact.type.open else "")
        case "list":
            return "separated by commas; none for an empty list"
        case "date":
            return "a date: 2026-03-01, today or yesterday"
        case "dateTime":
            return "a time: now, -20 min, 08:35 or 2026-03-01T08:35"
        case _:
            return "free text"
