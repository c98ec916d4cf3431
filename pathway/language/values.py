"""Values of facts as people type them and as they are kept: read by type, exact, in range, on step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from fractions import Fraction

from pathway.language.calendar import format_instant, parse_date, parse_instant
from pathway.language.characters import JUNK
from pathway.language.definition import Fact
from pathway.language.expression import Kind, Value
from pathway.language.numbers import exact_text, format_number, parse_decimal, parse_exact
from pathway.language.problems import nearest, visible
from pathway.language.units import Unit, UnitError, parse_unit

TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+.*")
NUMBER_AND_UNIT = re.compile(r"([-+]?[0-9.,]+) *([^ ].*)?")
LONGEST_TEXT = 2000
LONGEST_WORD = 200  # of a number with its unit, a code, a date


class ValueRefused(ValueError):  # noqa: N818 (it is an answer to the person who typed, not a fault)
    """A value that a fact cannot hold: what is wrong, why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A value read for a fact: as the engine reckons with it, as the log keeps it, and as it was typed."""

    value: Value
    text: str | tuple[str, ...]
    unit: str | None
    entered: str


def read_value(fact: Fact, entered: str | tuple[str, ...], zone: tzinfo) -> Entered:
    """Read what was typed for a fact. Raises ValueRefused."""
    typed = "|".join(entered) if isinstance(entered, tuple) else entered
    if fact.type.kind is Kind.LIST:
        return _read_list(fact, entered, typed)
    if isinstance(entered, tuple):
        raise ValueRefused(f"{fact.name} takes one value, not a list")
    text = entered.strip()
    if not text:
        raise ValueRefused(f"{fact.name} has no value. Write one, or `unknown`")
    _bounded(fact, text, LONGEST_TEXT if fact.type.kind is Kind.TEXT else LONGEST_WORD)
    if fact.type.kind is Kind.NUMBER:
        return _read_number(fact, text, typed)
    value = _read_plain(fact, text, zone)
    return Entered(value, kept_text(fact, value), None, typed)


def _read_plain(fact: Fact, text: str, zone: tzinfo) -> Value:
    kind = fact.type.kind
    try:
        if kind is Kind.BOOLEAN:
            return _read_truth(fact, text)
        if kind is Kind.DATE:
            return parse_date(text)
        if kind is Kind.INSTANT:
            return parse_instant(text, zone)
    except ValueError as error:
        raise ValueRefused(f"{fact.name}: {error}") from None
    return _read_code(fact, text) if kind is Kind.CODE else _read_text(fact, text)


def _read_truth(fact: Fact, text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise ValueRefused(f"{fact.name} takes yes or no (true or false), not `{visible(text)}`")
    return TRUTHS[text.lower()]


def _bounded(fact: Fact, text: str, longest: int) -> None:
    if len(text) > longest:
        words = f"this has {len(text)} characters, more than {longest}"
        raise ValueRefused(f"{fact.name}: {words}. Shorten it")


def _read_text(fact: Fact, text: str) -> str:
    if JUNK.search(text):
        raise ValueRefused(f"{fact.name}: `{visible(text)}` holds an invisible character. Type it anew")
    return text


def _read_code(fact: Fact, text: str) -> str:
    if text == "unknown":
        raise ValueRefused(f"{fact.name}: `unknown` stands alone; it is never one of several codes")
    if text in fact.type.codes:
        return text
    if fact.type.open and re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", text):
        return text
    close = nearest(text, fact.type.codes)
    fix = f"Did you mean `{close}`?" if close else f"It takes: {', '.join((*fact.type.codes, 'unknown'))}"
    if fact.type.open and close is None:
        fix = "Codes are lower-case words such as `rifampin`"
    raise ValueRefused(f"{fact.name} has no code `{visible(text)}`. {fix}")


def _read_list(fact: Fact, entered: str | tuple[str, ...], typed: str) -> Entered:
    if isinstance(entered, str):
        text = entered.strip()
        if not text:
            raise ValueRefused(f"{fact.name} has no value. Write a|b, [] for none, or `unknown`")
        entered = () if text == "[]" else tuple(part.strip() for part in text.split("|"))
    items = tuple(_element_text(fact, item.strip()) for item in entered)
    if len(set(items)) != len(items):
        raise ValueRefused(f"{fact.name} names something twice. Write each once")
    return Entered(list_value(fact, items), items, None, typed or "[]")


def _element_text(fact: Fact, item: str) -> str:
    _bounded(fact, item, LONGEST_WORD)
    try:
        if fact.type.element is Kind.DATE:
            return parse_date(item).isoformat()
        number = parse_decimal(item) if fact.type.element is Kind.NUMBER else None
    except ValueError as error:
        raise ValueRefused(f"{fact.name}: {error}") from None
    if number is None:
        return _read_code(fact, item)
    if number.denominator != 1:
        raise ValueRefused(f"{fact.name}: {visible(item)} is not a whole number. It takes whole numbers")
    return exact_text(number)


def list_value(fact: Fact, items: tuple[str, ...]) -> Value:
    """The members of a list fact as values."""
    if fact.type.element is Kind.DATE:
        return tuple(date.fromisoformat(item) for item in items)
    if fact.type.element is Kind.NUMBER:
        return tuple(parse_exact(item) for item in items)
    return items


def _read_number(fact: Fact, text: str, typed: str) -> Entered:
    found = NUMBER_AND_UNIT.fullmatch(" ".join(text.split()))
    if EXPONENT.fullmatch(text):
        raise ValueRefused(f"{fact.name}: {visible(text)} has an exponent. Write all digits")
    if found is None:
        raise ValueRefused(f"{fact.name} takes a number{_in_unit(fact)}, not `{visible(text)}`")
    try:
        number = parse_decimal(found[1])
    except ValueError as error:
        raise ValueRefused(f"{fact.name}: {error}") from None
    declared, exact = _in_declared(fact, number, found[2] or "")
    _in_range(fact, declared, text)
    if exact:
        _on_step(fact, declared, text)
    unit = fact.unit
    base = unit.to_base(declared) if unit is not None else declared
    return Entered(base, exact_text(declared), _unit_text(fact), typed)


def _unit_text(fact: Fact) -> str | None:
    return None if fact.unit is None or fact.unit.text == "1" else fact.unit.text


def _in_unit(fact: Fact) -> str:
    return f" in {_unit_text(fact)}" if _unit_text(fact) else ""


def _in_declared(fact: Fact, number: Fraction, unit_text: str) -> tuple[Fraction, bool]:
    """The number in the declared unit, and whether it was entered in it."""
    if not unit_text or (fact.unit is not None and unit_text == fact.unit.text):
        return number, True
    admitted = fact.also.get(unit_text)
    if admitted is None or fact.unit is None:
        raise ValueRefused(_other_unit(fact, unit_text))
    if admitted.factor is not None:
        return number * admitted.factor, False
    return fact.unit.from_base(admitted.unit.to_base(number)), False


def _other_unit(fact: Fact, unit_text: str) -> str:
    units = [unit for unit in (_unit_text(fact), *fact.also) if unit]
    takes = f"It takes {' or '.join(units)}" if units else "It takes a plain number"
    try:
        parse_unit(unit_text)
    except UnitError as error:
        return f"{fact.name}: {error}. {takes}"
    return f"{fact.name} is not entered in `{visible(unit_text)}`. {takes}"


def _in_range(fact: Fact, number: Fraction, text: str) -> None:
    if (fact.low is not None and number < fact.low) or (fact.high is not None and number > fact.high):
        assert fact.low is not None
        assert fact.high is not None
        bounds = f"{format_number(fact.low)} to {format_number(fact.high)} {_unit_text(fact) or ''}".rstrip()
        raise ValueRefused(f"{fact.name}: {visible(text)} is outside {bounds}. Check the value and its unit")


def _on_step(fact: Fact, number: Fraction, text: str) -> None:
    if fact.step is not None and (number / fact.step).denominator != 1:
        steps = f"{format_number(fact.step)} {_unit_text(fact) or ''}".rstrip()
        raise ValueRefused(
            f"{fact.name}: {visible(text)} is not on its step. It is given in steps of {steps}"
        )


def kept_text(fact: Fact, value: Value) -> str:
    """A value as the log keeps it: instants in UTC, numbers exact in the declared unit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return exact_text(in_declared(fact.unit, value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return format_instant(value, UTC)
    return str(value)


def in_declared(unit: Unit | None, base: Fraction) -> Fraction:
    """A number in base units, in the declared unit."""
    return base if unit is None else unit.from_base(base)


def kept_value(fact: Fact, text: str | tuple[str, ...], zone: tzinfo) -> Value:
    """The inverse of what the log keeps. Raises ValueError on text that no log of this fact holds."""
    if isinstance(text, tuple):
        return list_value(fact, text)
    kind = fact.type.kind
    if kind is Kind.BOOLEAN:
        return _read_truth(fact, text)
    if kind is Kind.NUMBER:
        number = parse_exact(text)
        return fact.unit.to_base(number) if fact.unit is not None else number
    if kind is Kind.DATE:
        return parse_date(text)
    return parse_instant(text, zone) if kind is Kind.INSTANT else text


def kept_fault(fact: Fact, text: str | tuple[str, ...], unit: str | None) -> str | None:
    """Why no entry can have put this into a log, or None: another unit, out of range, or no such code."""
    if unit != _unit_text(fact):
        return f"{fact.name} is kept in {_unit_text(fact) or 'no unit'}, not in {unit or 'no unit'}"
    members = text if isinstance(text, tuple) else (text,)
    if fact.type.codes and not fact.type.open and not set(members) <= set(fact.type.codes):
        return f"{fact.name} has no such code"
    if fact.type.kind is not Kind.NUMBER or isinstance(text, tuple):
        return None
    try:
        _in_range(fact, parse_exact(text), text)
    except ValueError as error:
        return str(error)
    return None


def shown(fact: Fact, value: Value, zone: tzinfo) -> tuple[str | tuple[str, ...], str | None]:
    """A value for people: text (texts for a list) and its unit; instants in the case's zone."""
    if isinstance(value, tuple):
        return tuple(_shown_member(member) for member in value), None
    if isinstance(value, Fraction):
        return format_number(in_declared(fact.unit, value)), fact.unit.text if fact.unit is not None else None
    if isinstance(value, int) and not isinstance(value, bool):
        return format_instant(value, zone), None
    return kept_text(fact, value), None


def _shown_member(member: str | date | Fraction) -> str:
    if isinstance(member, Fraction):
        return format_number(member)
    return member.isoformat() if isinstance(member, date) else member
