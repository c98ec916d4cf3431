"""How the elements of a definition are mutated, field by field; what is left as it is says why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from pathway.language import definition as d
from pathway.language.calendar import format_duration
from pathway.language.numbers import exact_text
from pathway.vignettes.mutant_conditions import EXPRESSION_RULES
from pathway.vignettes.mutant_steps import last_digit, last_digit_of_amount, with_number
from pathway.vignettes.mutating import (
    DELETION,
    LEFT_OUT,
    Around,
    Change,
    Mutant,
    Rules,
    deletions,
    enumerated,
    inside,
    members,
    neighbours_swapped,
)


# --- fields -------------------------------------------------------------------------------------
def left_out(value: Any, around: Around) -> Iterator[Change]:
    """What may be absent is left out."""
    if value is not None:
        yield Change(LEFT_OUT, _words(value), "nothing", None)


def _words(value: Any) -> str:
    return value.text if isinstance(value, (d.Guard, *EXPRESSION_RULES)) else str(value)


def taken_out(value: Any, around: Around) -> Iterator[Change]:
    """An element of its own that may be absent is taken out."""
    if value is not None:
        yield Change(DELETION, _words(value) if isinstance(value, d.Guard) else "all of it", "nothing", None)


def seconds(value: int | None, around: Around) -> Iterator[Change]:
    """One second shorter and one second longer."""
    for other in () if value is None else (value - 1, value + 1):
        assert value is not None
        yield Change("duration", format_duration(value), format_duration(other), other)


def length_of_time(value: int | None, around: Around) -> Iterator[Change]:
    """One second shorter and longer, and none at all."""
    yield from seconds(value, around)
    if value is not None:
        yield Change(LEFT_OUT, format_duration(value), "nothing", None)


def one_of_several(parts: tuple[Any, ...], around: Around) -> Iterator[Change]:
    """One part of several is taken out; where there is only one, all of it is."""
    if len(parts) > 1:
        yield from deletions(parts, around)


def window(value: int | None, around: Around) -> Iterator[Change]:
    """A window of a schedule one second shorter and longer; where it has an end, one window more and less."""
    lasts = around.owner.lasts
    if value is None or lasts is None:
        yield from seconds(value, around)
        return
    for count in (lasts // value + 1, lasts // value - 1):
        if count and lasts % count == 0:
            yield Change("duration", format_duration(value), format_duration(lasts // count), lasts // count)


def stretch(value: int | None, around: Around) -> Iterator[Change]:
    """A stretch of a schedule one window shorter and longer, and the last one without an end."""
    period: d.Period = around.owner
    if value is None or period.per is None:
        return
    for other in (value - period.per, value + period.per):
        if other:
            yield Change("duration", format_duration(value), format_duration(other), other)
    schedule: d.Schedule = around.parts[-2]
    if schedule.periods[-1] is period:
        yield Change(LEFT_OUT, format_duration(value), "nothing", None)


def whole(value: int | None, around: Around) -> Iterator[Change]:
    """One less and one more, at least one."""
    for other in () if value is None else (value - 1, value + 1):
        if other > 0:
            yield Change("schedule", str(value), str(other), other)


def turned(value: bool, around: Around) -> Iterator[Change]:
    """Yes for no, and the reverse."""
    yield Change("flag", str(value).lower(), str(not value).lower(), not value)


def one_left_out(values: tuple[Any, ...], around: Around) -> Iterator[Change]:
    """One of several is left out; the last one only where nothing at all then stands for something else."""
    for index, value in enumerate(values):
        rest = (*values[:index], *values[index + 1 :])
        if rest or not isinstance(around.owner, d.Safeguard):
            words = value if isinstance(value, str) else ".".join(value)
            yield Change("member", words, "nothing", rest)


# --- facts --------------------------------------------------------------------------------------
def factor(value: Fraction | None, around: Around) -> Iterator[Change]:
    """The factor of a unit, its last digit one less and one more."""
    if value is not None:
        step = last_digit(exact_text(value), None)
        for other in (value - step, value + step):
            yield Change("literal", exact_text(value), exact_text(other), other)


def no_longer_recordable(value: bool, around: Around) -> Iterator[Change]:
    """A derived fact that may be recorded too can only be derived."""
    if value and around.owner.formula is not None:
        yield Change("flag", "true", "false", False)


# --- layers -------------------------------------------------------------------------------------
def goes_with_its_layer(value: bool, around: Around) -> Iterator[Change]:
    """What shall stay when its layer is switched off goes with it; to stay all the same harms nobody."""
    if value and around.owner.layer is not None:
        yield Change("safety", "true", "false", False)


# --- doses --------------------------------------------------------------------------------------
def amount(value: Fraction, around: Around) -> Iterator[Change]:
    """The last printed digit of an amount one less and one more."""
    yield from _amounts("dose", value, around.owner.amount_text)


def cap(value: Fraction | None, around: Around) -> Iterator[Change]:
    """The last printed digit of a cap one less and one more, and no cap at all."""
    if value is not None:
        yield from _amounts("cap", value, around.owner.cap_text)
        yield Change("cap", around.owner.cap_text, "nothing", None)


def _amounts(kind: str, value: Fraction, text: str) -> Iterator[Change]:
    step = last_digit_of_amount(value, text)
    for other in (value - step, value + step):
        if other > 0:
            yield Change(kind, text, with_number(text, other / value), other)


INTERVALS = (21600, 28800, 43200, 86400)


def divided_otherwise(values: tuple[int, ...], around: Around) -> Iterator[Change]:
    """A daily amount divided at another interval, and not at this one."""
    for index, every in enumerate(values):
        other = next(item for item in INTERVALS if item not in values)
        rest = (*values[:index], *values[index + 1 :])
        yield Change("dose", format_duration(every), "nothing", rest)
        yield Change("dose", format_duration(every), format_duration(other), (*rest, other))


def another_value(value: str | None, around: Around) -> Iterator[Change]:
    """Another code of the fact says that the action was done."""
    codes = around.definition.facts[around.owner.fact].type.codes
    other = next((code for code in codes if code != value), None)
    if value is not None and other is not None:
        yield Change("code", value, other, other)


# --- safeguards and notices ---------------------------------------------------------------------
def other_effect(value: str, around: Around) -> Iterator[Change]:
    """A warning for a block, and the reverse."""
    other = "warn" if value == "block" else "block"
    yield Change("effect", value, other, other)


def other_while_unknown(value: str, around: Around) -> Iterator[Change]:
    """What is held is only asked for, what is asked for is held, or warned of where nothing can hold."""
    held = "hold" if around.owner.effect == "block" else "warn"
    other = held if value == "ask" else "ask"
    yield Change("unknown", value, other, other)


def other_override(value: str | None, around: Around) -> Iterator[Change]:
    """Nobody may override what somebody may, and the reverse."""
    if around.owner.effect == "block":
        other = None if value else "anyone"
        yield Change("override", value or "nobody", other or "nobody", other)


SEVERITIES = {"high": "medium", "medium": "high", "low": "medium", "info": "low"}


def other_severity(value: str, around: Around) -> Iterator[Change]:
    """The severity next to it; that of a safeguard which never warns is never shown."""
    owner = around.owner
    if isinstance(owner, d.Notice) or "warn" in (owner.effect, owner.unknown):
        yield Change("severity", value, SEVERITIES[value], SEVERITIES[value])


# --- states -------------------------------------------------------------------------------------
def other_choice(value: bool, around: Around) -> Iterator[Change]:
    """Whether the clinician chooses among ways out; where there is no way out, nothing changes."""
    if around.owner.next:
        yield from turned(value, around)


# --- the table ----------------------------------------------------------------------------------
NAME = "a name; what rests on one that is gone is refused on loading"
WORDS = "words for people: reviewed, not judged by cases"
CITES = "where it comes from: held by coverage.yaml"
FOLLOWS = "follows from the expression"
PLACE = "says where it stands"
TYPE = "another type or unit is refused where the fact is compared, or is another question"
ENTRY = "bounds of typing: a slip is refused at entry, no care follows from them"
ELSEWHERE = "leading elsewhere is another pathway, no slip of a value: charts and `pathway check` show it"
PROVER = "for the prover; no case runs it"

ELEMENT_RULES: Rules = {
    d.Guard: {
        "text": WORDS, "english": WORDS, "expression": (inside,), "reads": FOLLOWS, "facts": FOLLOWS,
        "deeds": FOLLOWS, "tracks": FOLLOWS, "reads_clock": FOLLOWS, "reads_entry": FOLLOWS, "place": PLACE,
    },
    d.Admitted: {"unit": TYPE, "factor": (factor,)},
    d.FormulaRow: {"when": (inside,), "value": (inside,), "reason": WORDS, "cites": CITES},
    d.Formula: {
        "rows": (deletions, neighbours_swapped, members), "otherwise": (inside,), "facts": FOLLOWS,
        "deeds": FOLLOWS, "tracks": FOLLOWS, "reads_clock": FOLLOWS, "drift": FOLLOWS,
    },
    d.Fact: {
        "name": NAME, "label": WORDS, "ask": WORDS, "written_type": TYPE, "type": TYPE, "unit": TYPE,
        "low": ENTRY, "high": ENTRY, "step": ENTRY, "also": (deletions, members), "values": WORDS,
        "code": CITES, "valid_for": (length_of_time,), "formula": (inside,), "unknown": (left_out,),
        "recordable": (no_longer_recordable,), "cites": CITES, "layer": CITES, "place": PLACE,
    },
    d.DeedFact: {"fact": NAME, "value": (another_value,), "when": (left_out, inside)},
    d.Dose: {
        "amount_text": WORDS, "amount": (amount,), "times": (left_out,), "cap": (cap,), "cap_text": WORDS,
        "unit": TYPE, "route": NAME, "divided": (divided_otherwise,), "when": (left_out, inside),
        "note": WORDS, "cites": CITES,
    },
    d.Period: {
        "times": (whole,), "per": (window,), "per_months": (whole,), "lasts": (stretch,),
        "text": WORDS,
    },
    d.Schedule: {"periods": (one_of_several, members), "note": WORDS, "cites": CITES},
    d.Action: {
        "name": NAME, "title": WORDS, "type": WORDS, "text": WORDS, "course": (turned,),
        "orderable": (turned,), "records": (deletions, members), "evidence": (taken_out, inside),
        "doses": (deletions, neighbours_swapped, members), "schedule": (taken_out, inside), "takes": PROVER,
        "cites": CITES, "layer": CITES, "safety": (goes_with_its_layer,), "place": PLACE,
    },
    d.Safeguard: {
        "name": NAME, "actions": (one_left_out,), "when": (inside,), "effect": (other_effect,),
        "unknown": (other_while_unknown,), "override": (other_override,), "severity": (other_severity,),
        "text": WORDS, "cites": CITES, "layer": CITES, "safety": (goes_with_its_layer,), "place": PLACE,
    },
    d.Notice: {
        "name": NAME, "text": WORDS, "severity": (other_severity,), "when": (left_out, inside),
        "about": (one_left_out,), "states": (one_left_out,), "cites": CITES, "layer": CITES,
        "safety": (goes_with_its_layer,), "place": PLACE,
    },
    d.Do: {
        "action": NAME, "when": (left_out, inside), "until": (left_out, inside), "within": (length_of_time,),
        "of": (left_out,), "soon": (length_of_time,), "again": (turned,), "text": WORDS, "cites": CITES,
    },
    d.Transition: {
        "track": NAME, "source": NAME, "index": PLACE, "to": ELSEWHERE, "when": (inside,),
        "auto": "a timeline confirms every transition that fires, so that only a person is asked or not",
        "text": WORDS, "cites": CITES,
    },
    d.State: {
        "track": NAME, "name": NAME, "number": PLACE, "title": WORDS, "phase": "a heading", "text": WORDS,
        "kind": "its colour, and whether its ways out are automatic: see there", "asks": WORDS,
        "do": (deletions, members), "choice": (other_choice,), "next": (deletions, members), "cites": CITES,
        "place": PLACE,
    },
    d.Track: {"name": NAME, "title": WORDS, "start": ELSEWHERE, "states": (members,)},
    d.Definition: {
        "id": NAME, "version": WORDS, "title": WORDS, "status": WORDS, "review": WORDS, "disclaimer": WORDS,
        "digest": FOLLOWS, "layers": NAME, "phases": NAME, "sources": WORDS, "facts": (members,),
        "actions": (members,), "safeguards": (deletions, members), "notices": (deletions, members),
        "tracks": (members,), "claims": PROVER, "grades": WORDS,
        "references": WORDS, "files": PLACE, "written": FOLLOWS,
    },
}  # fmt: skip

RULES: Rules = {**EXPRESSION_RULES, **ELEMENT_RULES}


def mutants(definition: d.Definition) -> Iterator[Mutant]:
    """Every mutant of a definition, in written order. Claims are left out: no case runs them."""
    return enumerated(definition, RULES)
