"""What a batch will record, in words: the same sentences before it is entered and after."""

from __future__ import annotations

from pathway.engine.batch import Batch, FactEntry, OverrideEntry, Retraction
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition, Fact
from pathway.language.values import NUMBER_AND_UNIT, ValueRefused, read_value
from tui.explaining import fact_value
from tui.presenting import named_fact
from tui.times import show_length, show_time


def in_words(definition: Definition, batch: Batch, timezone: str) -> list[str]:
    """Exactly what a batch will record, one sentence an entry."""
    title = {name: action.title for name, action in definition.actions.items()}
    when = {d: f"at {show_time(d.at, batch.at, timezone)}" for d in batch.done if d.at is not None}
    said = ["The last entry is taken back." if batch.undo else ""]
    said += [_unknown_sentence(definition, entry) for entry in batch.retracted]
    said += [_fact_sentence(definition, entry, batch, timezone) for entry in batch.facts]
    said += [f"{title[d.action]} DONE {when.get(d, 'now')}{_because(d.reason)}" for d in batch.done]
    said += [f"{title[d.action]} DECLINED{_because(d.reason)}" for d in batch.declined]
    said += [_override_sentence(entry, title) for entry in batch.overrides]
    said += [f"{take.track} goes on to {take.to}" for take in batch.take]
    said += [f"{warning} acknowledged" for warning in batch.acknowledged]
    said += [f"Note: {text}" for text in batch.notes]
    said += [f"CASE CLOSED{_because(batch.close)}" if batch.close else ""]
    return [sentence for sentence in said if sentence]


def _unknown_sentence(definition: Definition, entry: Retraction) -> str:
    label = definition.facts[entry.fact].label
    return f"{named_fact(label, entry.fact)} is UNKNOWN from now on ({entry.reason.replace('_', ' ')})"


def _fact_sentence(definition: Definition, entry: FactEntry, batch: Batch, timezone: str) -> str:
    fact = definition.facts[entry.fact]
    when = f", true at {show_time(entry.at, batch.at, timezone)}" if entry.at is not None else ""
    verb = "corrected to" if entry.corrects else "="
    lapsed = _lapsed(fact, entry, batch, timezone)
    return f"{named_fact(fact.label, fact.name)} {verb} {_value(definition, entry, timezone)}{when}{lapsed}"


def _lapsed(fact: Fact, entry: FactEntry, batch: Batch, timezone: str) -> str:
    """That a value is past its shelf life already when it is recorded (rule 18)."""
    at = batch.at if entry.at is None else entry.at
    if fact.valid_for is None or at + fact.valid_for >= batch.at:
        return ""
    valid = f"valid for {show_length(fact.valid_for)} from {show_time(at, batch.at, timezone)}"
    return f"; COUNTS NO MORE: {valid}"


def _value(definition: Definition, entry: FactEntry, timezone: str) -> str:
    """The value as the log will keep it; one in another unit is shown converted, with what was typed."""
    fact = definition.facts[entry.fact]
    try:
        read = read_value(fact, entry.entered, parse_zone(timezone))
    except ValueRefused:
        return fact_value(definition, entry.fact, entry.entered, None)
    value = fact_value(definition, entry.fact, read.text, read.unit)
    typed = " ".join(read.entered.split())
    found = NUMBER_AND_UNIT.fullmatch(typed) if fact.unit is not None else None
    if found is None or fact.unit is None or found[2] in (None, fact.unit.text):
        return value
    return f"{value} (typed {typed})"


def _override_sentence(entry: OverrideEntry, title: dict[str, str]) -> str:
    if entry.action is not None:
        return f"OVERRIDE for {title[entry.action]} ({entry.code.replace('_', ' ')}): {entry.reason}"
    return f"OVERRIDE: {entry.track} returns to {entry.to} ({entry.code.replace('_', ' ')}): {entry.reason}"


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""
