"""Mutants of a definition: each element changed in one small way, enumerated by walking the typed trees."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias

from pathway.language.definition import (
    Action,
    DeedFact,
    Definition,
    Do,
    Dose,
    Fact,
    Formula,
    Guard,
    Notice,
    Period,
    Track,
    Transition,
)
from pathway.language.expression import Declined, Done, Node, Recorded, walk
from pathway.language.problems import Place

DELETION, SINCE_ENTRY, LEFT_OUT = "deletion", "since-entry", "left-out"
WHOLE = ""  # the rules for a part as a whole, beside those for each of its fields


@dataclass(frozen=True, slots=True)
class Change:
    """One small change: what stood there, what stands there now, and the new `part` (None where it is gone).

    `trail` holds every part around it, the changed one first, as it was and as it is now.
    """

    kind: str
    before: str
    after: str
    part: Any
    path: tuple[str, ...] = ()
    place: Place | None = None
    trail: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a part stands in: the definition, the rules, and the parts around it, the nearest last."""

    definition: Definition
    rules: Rules
    parts: tuple[Any, ...] = ()

    @property
    def owner(self) -> Any:
        """The part whose field is being changed."""
        return self.parts[-1]

    def nearest(self, kind: type[Any]) -> Any:
        """The nearest part around of a kind, or None."""
        return next((part for part in reversed(self.parts) if isinstance(part, kind)), None)

    def inside(self, part: Any) -> Around:
        return replace(self, parts=(*self.parts, part))


Parts: TypeAlias = Mapping[str, Any] | tuple[Any, ...]

# How the value of a field is changed; a text instead says why it is not.
Rule: TypeAlias = Callable[[Any, Around], Iterator[Change]]
Rules: TypeAlias = Mapping[type[Any], Mapping[str, tuple[Rule, ...] | str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A definition with one small change. `element` is the dotted path of what was changed."""

    id: str
    kind: str
    element: str
    place: Place | None
    before: str
    after: str
    trail: tuple[tuple[Any, Any], ...]
    section: str
    name: str
    original: Definition

    @property
    def group(self) -> str:
        """The fact, action, safeguard, notice or track it belongs to."""
        return f"{self.section}.{self.name}"

    @property
    def parts(self) -> tuple[tuple[Any, Any], ...]:
        """The changed part that is no expression, and those around it: each as it was and as it is now."""
        return tuple(pair for pair in self.trail if not isinstance(pair[0], Node))

    @property
    def fact(self) -> tuple[Fact, Fact] | None:
        """The fact whose formula is another, as it was and as it is now."""
        old, new = self.trail[-1]
        return (old, new) if isinstance(old, Fact) and old.formula is not new.formula else None

    @property
    def only_truth_counts(self) -> bool:
        """Whether nobody asks of the changed guard more than whether it is TRUE, nor what it needs."""
        (old, _), *around = self.parts
        if not isinstance(old, Guard) or self.fact is not None:
            return False
        owner = around[0][0]
        return isinstance(owner, (Notice, DeedFact, Action)) or (isinstance(owner, Do) and owner.until is old)

    @property
    def definition(self) -> Definition:
        """The mutated definition. Guards keep the readers of the original: reading too often is harmless."""
        members = dict(getattr(self.original, self.section))
        whole = self.trail[-1][1]
        if whole is None:
            del members[self.name]
        else:
            members[self.name] = whole
        return replace(self.original, **{self.section: members})


# --- the walk -----------------------------------------------------------------------------------
def changes(part: Any, around: Around) -> Iterator[Change]:
    """Every change of a part and of what is in it. Raises KeyError for a type without rules."""
    rules = around.rules[type(part)]
    for rule in _rules_of(rules, WHOLE):
        for change in rule(part, around):
            yield replace(change, trail=((part, change.part),), place=_place_of(part))
    for field in fields(part):
        value = getattr(part, field.name)
        for rule in _rules_of(rules, field.name):
            for change in rule(value, around.inside(part)):
                yield _lifted(change, part, field.name)


def _rules_of(rules: Mapping[str, tuple[Rule, ...] | str], name: str) -> tuple[Rule, ...]:
    found = rules.get(name, ()) if name == WHOLE else rules[name]
    return () if isinstance(found, str) else found


def _lifted(change: Change, part: Any, name: str) -> Change:
    """The change of a field as a change of its part."""
    whole = replace(part, **{name: change.part})
    if isinstance(whole, Guard):
        whole = replace(whole, reads_entry=whole.reads_entry or _reads_entry(whole))
    path = () if isinstance(part, (Node, Guard)) else (*_step(part, name), *change.path)
    place = change.place or _place_of(part)
    return replace(change, part=whole, path=path, place=place, trail=(*change.trail, (part, whole)))


def _reads_entry(guard: Guard) -> bool:
    nodes = walk(guard.expression) if guard.expression is not None else []
    return any(isinstance(node, (Done, Declined, Recorded)) and node.since_entry for node in nodes)


# As definitions and `pathway check` name them.
NAMES = {(Action, "doses"): "dose", (Formula, "rows"): "cases", (Fact, "formula"): "", (Track, "states"): ""}


def _step(part: Any, name: str) -> tuple[str, ...]:
    if isinstance(part, Formula) and name == "otherwise" and not part.rows:
        return ("formula",)
    named = (word for (kind, field), word in NAMES.items() if field == name and isinstance(part, kind))
    word = next(named, name)
    return (word,) if word else ()


def _place_of(part: Any) -> Place | None:
    """Where a part stands: its own place, or that of its first guard."""
    if isinstance(part, Node):
        return None
    place = getattr(part, "place", None)
    if place is not None:
        return place
    guards = (getattr(part, field.name) for field in fields(part)) if is_dataclass(part) else ()
    return next((guard.place for guard in guards if isinstance(guard, Guard)), None)


# --- rules that walk on -------------------------------------------------------------------------
def inside(part: Any, around: Around) -> Iterator[Change]:
    """What is in a part is changed; a part that is absent has nothing in it."""
    if part is not None:
        yield from changes(part, around)


def members(parts: Parts, around: Around) -> Iterator[Change]:
    """What is in each member is changed."""
    for key, part in _named(parts):
        for change in changes(part, around):
            yield replace(
                change, part=_with(parts, key, change.part), path=(_label(parts, key), *change.path)
            )


def deletions(parts: Parts, around: Around) -> Iterator[Change]:
    """Each member is taken out."""
    for key, part in _named(parts):
        place, label = _place_of(part), _label(parts, key)
        rest = _with(parts, key, None)
        yield Change(DELETION, _said(part) or label, "nothing", rest, (label,), place, ((part, None),))


def _said(part: Any) -> str | None:
    """The words by which a part of a list is known."""
    if isinstance(part, (Dose, Period)):
        return part.amount_text if isinstance(part, Dose) else part.text
    when = getattr(part, "when", None)
    return when.text if isinstance(when, Guard) else None


def neighbours_swapped(parts: tuple[Any, ...], around: Around) -> Iterator[Change]:
    """Two members that follow each other change places: the first that applies decides."""
    for index in range(len(parts) - 1):
        first, second = parts[index], parts[index + 1]
        turned = (*parts[:index], second, first, *parts[index + 2 :])
        words = f"{index + 1}, {index + 2}", f"{index + 2}, {index + 1}"
        yield Change("order", *words, turned, (str(index + 1),), _place_of(first))


def _named(parts: Parts) -> Iterator[tuple[Any, Any]]:
    if isinstance(parts, tuple):
        return enumerate(parts)
    return iter(parts.items())


def _with(parts: Parts, key: Any, part: Any) -> Parts:
    """The members with one of them put in the place of the old one, or with None left out."""
    if not isinstance(parts, tuple):
        return {
            name: part if name == key else old
            for name, old in parts.items()
            if part is not None or name != key
        }
    new = () if part is None else (part,)
    return (*parts[:key], *new, *parts[key + 1 :])


def _label(parts: Parts, key: Any) -> str:
    """The name of a member; what leads or calls somewhere is named so, and counted where it comes twice."""
    if not isinstance(parts, tuple):
        return str(key)
    if not isinstance(parts[key], (Do, Transition)):
        return str(key + 1)
    names = [part.action if isinstance(part, Do) else part.to for part in parts]
    count = names[: key + 1].count(names[key])
    return names[key] if names.count(names[key]) == 1 else f"{names[key]}.{count}"


# --- mutants ------------------------------------------------------------------------------------
def enumerated(definition: Definition, rules: Rules) -> Iterator[Mutant]:
    """Every mutant of a definition by the rules, in written order, each with an id of its own.

    An id holds the element, the kind and a short digest of the change: another change is another id.
    """
    met: Counter[str] = Counter()
    for change in changes(definition, Around(definition, rules)):
        section, name = change.path[:2]
        element = ".".join(change.path)
        said = f"{element} {change.kind}: {change.before} -> {change.after}"
        met[said] += 1
        digest = hashlib.sha256(f"{said} {met[said]}".encode()).hexdigest()[:8]
        yield Mutant(
            id=f"{element}.{change.kind}.{digest}",
            kind=change.kind,
            element=element,
            place=change.place,
            before=change.before,
            after=change.after,
            trail=change.trail[:-1],
            section=section,
            name=name,
            original=definition,
        )
