"""No change of a definition is overlooked: of every mutant, of every field, in either direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pathway.comparing.comparing import differences
from pathway.comparing.difference import Difference, Kind, Weight
from pathway.language import definition as d
from pathway.language import expression as ex
from pathway.language.definition import Definition
from pathway.language.units import Unit, parse_unit
from pathway.vignettes.mutant_elements import mutants
from tests.comparing.versions import version

SAMPLE = version()
MUTANTS = [mutant.definition for mutant in mutants(SAMPLE)]
TURNED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}


def _kinds(found: tuple[Difference, ...]) -> Counter[tuple[Kind, Weight, str]]:
    return Counter((one.kind, one.weight, one.what) for one in found)


def _turned(found: tuple[Difference, ...]) -> Counter[tuple[Kind, Weight, str]]:
    return Counter((TURNED.get(one.kind, one.kind), one.weight, one.what) for one in found)


def test_a_pathway_does_not_differ_from_itself() -> None:
    assert differences(SAMPLE, SAMPLE) == differences(SAMPLE, replace(SAMPLE)) == ()


def test_every_mutant_differs_clinically_in_both_directions() -> None:
    assert len(MUTANTS) > 200
    for mutant in MUTANTS:
        found = differences(SAMPLE, mutant)
        assert found
        assert found[0].weight is Weight.CLINICAL
        assert all(one.old != one.new for one in found)
        assert _kinds(differences(mutant, SAMPLE)) == _turned(found)


@given(st.sampled_from(MUTANTS), st.sampled_from(MUTANTS))
def test_turned_round_what_was_added_is_removed(old: Definition, new: Definition) -> None:
    found = differences(old, new)
    assert bool(found) is (old is not new)
    assert _kinds(differences(new, old)) == _turned(found)


# --- every field --------------------------------------------------------------------------------
FOLLOWS = "follows from the parts compared"
PLACE = "where it stands, or how it was written"
ID = "its own id, compared as the key under which it stands"
LEFT_OUT: Mapping[type[Any], Mapping[str, str]] = {
    d.Guard: dict.fromkeys(
        ("text", "english", "reads", "facts", "deeds", "tracks", "reads_clock", "reads_entry"), FOLLOWS
    ),
    d.Formula: dict.fromkeys(("facts", "deeds", "tracks", "reads_clock", "drift"), FOLLOWS),
    d.Fact: {"name": ID},
    d.Action: {"name": ID},
    d.Safeguard: {"name": ID},
    d.Notice: {"name": ID},
    d.Claim: {"name": ID},
    d.Source: {"id": ID},
    d.Track: {"name": ID},
    d.State: {"name": ID, "track": ID, "number": PLACE},
    d.Transition: {"track": ID, "source": ID, "index": PLACE},
    d.Period: {"text": FOLLOWS},
    d.Admitted: {"unit": "the unit of its key"},
    d.Definition: {"digest": FOLLOWS},
    ex.ValueType: dict.fromkeys(("kind", "unit", "natural", "factors"), "follows from type, unit and also"),
}
TURNS = {
    "=": "!=", "<": "<=", ">": ">=", "<=": "<", ">=": ">", "!=": "=", "+": "-", "-": "+", "*": "/",
    "max": "min", "min": "max", "now": "today", "time": "days", "days": "months",
}  # fmt: skip


Trail = tuple[tuple[type[Any], str], ...]


def _changes(part: Any) -> Iterator[tuple[Trail, Any]]:
    """The part with one field of it, or of what is in it, changed; and the fields that lead there."""
    for field in _compared(type(part)):
        for trail, value in _values(getattr(part, field)):
            yield (*trail, (type(part), field)), replace(part, **{field: value})


def _compared(part: type[Any]) -> list[str]:
    left_out = {*LEFT_OUT.get(part, {}), *(("type",) if issubclass(part, ex.Node) else ())}
    return [field.name for field in fields(part) if field.compare and field.name not in left_out]


def _values(value: Any) -> Iterator[tuple[Trail, Any]]:
    if isinstance(value, Mapping):
        items = list(value.items())
        yield from (((), dict(items[:-1])) for _ in items[:1])
        yield from ((trail, dict(changed)) for trail, changed in _members(items))
    elif isinstance(value, tuple):
        yield from (((), value[:-1]) for one in value[-1:] if not isinstance(one, ex.Node))
        changed = _members(list(enumerate(value)))
        yield from ((trail, tuple(one for _, one in items)) for trail, items in changed)
    elif isinstance(value, Unit):
        yield (), parse_unit("kg" if value.text != "kg" else "g")
    elif is_dataclass(value):
        yield from _changes(value)
    elif value is not None:
        yield (), _other(value)


def _members(items: list[tuple[Any, Any]]) -> Iterator[tuple[Trail, list[tuple[Any, Any]]]]:
    for place, (key, one) in enumerate(items):
        for trail, value in _values(one):
            yield trail, [*items[:place], (key, value), *items[place + 1 :]]


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return {"block": "warn", "warn": "block", "hold": "ask", "ask": "warn"}.get(value) or TURNS.get(
            value, f"x{value}"
        )
    if isinstance(value, (int, Fraction)):
        return value + 1
    return ex.Kind.DATE if isinstance(value, ex.Kind) else date(2020, 1, 1)


def test_a_change_of_any_field_is_told() -> None:
    reached: set[tuple[type[Any], str]] = set()
    for trail, changed in _changes(SAMPLE):
        found = differences(SAMPLE, changed)
        assert found, trail
        assert all(one.text.isprintable() for one in found)
        reached.update(trail)
    named = (part for part in vars(d).values() if isinstance(part, type) and part.__module__ == d.__name__)
    parts = [*(part for part in named if is_dataclass(part)), *ex.NODES]
    assert {(part, field) for part in parts for field in _compared(part)} - reached == set()
