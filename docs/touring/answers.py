"""What a clinician types for a value of a case file: the number of a listed answer, or the value itself."""

from __future__ import annotations

from pathway.engine.batch import FactEntry, Retraction
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.definition import Fact
from tui.entering import options_of, unknown_reasons
from tui.times import local

UNKNOWN = "unknown"
TRUTHS = {"true": "yes", "false": "no"}
UNASKED = "asked_unknown"  # the reason of a bare `unknown` in a case file


def value_keys(fact: Fact, entered: str | tuple[str, ...], now: int, timezone: str) -> str:
    """The text for the field of a value; a time of today as it stands on the clock."""
    if not isinstance(entered, str):
        return ", ".join(_listed(fact, item) for item in entered) or "none"
    if fact.written_type == "dateTime":
        return _on_the_clock(entered, now, timezone)
    return _listed(fact, entered)


def unknown_keys(fact: Fact) -> str:
    """The text that says that a value is not known."""
    return _listed(fact, UNKNOWN) if options_of(fact) else "u"


def reason_keys(entry: FactEntry | Retraction) -> str:
    """The number of the reason why it is not known."""
    reasons = [option.value for option in unknown_reasons(corrects=False)]
    return str(reasons.index(entry.reason if isinstance(entry, Retraction) else UNASKED) + 1)


def is_unknown(fact: Fact, entry: FactEntry | Retraction) -> bool:
    """Whether an entry says that the value is not known."""
    return isinstance(entry, Retraction) or (entry.entered == UNKNOWN and UNKNOWN not in fact.values)


def _listed(fact: Fact, value: str) -> str:
    codes = [option.value for option in options_of(fact)]
    word = TRUTHS.get(value, value)
    return str(codes.index(word) + 1) if word in codes else value


def _on_the_clock(entered: str, now: int, timezone: str) -> str:
    moment = local(parse_instant(entered, parse_zone(timezone)), timezone)
    is_today = moment.date() == local(now, timezone).date()
    return f"{moment:%H:%M}" if is_today else entered
