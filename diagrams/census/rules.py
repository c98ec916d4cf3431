"""Safeguards, notices and derived facts of a definition: what each of them says, and when."""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.census.elements import Element, Kind, heading, phrase, said, sources
from diagrams.text import inert
from pathway.language.ask import names_of
from pathway.language.definition import OTHERWISE, Definition, Fact, Formula, Safeguard
from pathway.language.english import Names, english
from pathway.language.expression import Expression, Literal

_UNKNOWN = {"hold": "holds and asks", "warn": "warns and asks", "ask": "asks"}


def safeguards(definition: Definition) -> Iterator[Element]:
    """Every safeguard: its name, what it acts on, its condition, what TRUE and UNKNOWN do, its words."""
    for number, one in enumerate(definition.safeguards.values(), start=1):
        titles = [definition.actions[name].title for name in one.actions]
        words = (f"G{number}", one.name, phrase(titles), said(one.when), _effect(one), one.text)
        place = f"safeguard-G{number}"
        yield from (Element(Kind.SAFEGUARD, place, inert(text)) for text in words)
        yield Element(Kind.SOURCES, place, sources(one.cites, one.layer, definition))


def _effect(one: Safeguard) -> str:
    if one.effect != "block":
        return f"warns; unknown {_UNKNOWN[one.unknown]}"
    override = f"override: {one.override}" if one.override else "no override"
    return f"blocks; unknown {_UNKNOWN[one.unknown]}; {override}"


def notices(definition: Definition) -> Iterator[Element]:
    """Every notice: its severity, its words, when it is shown and what it is about."""
    for number, one in enumerate(definition.notices.values(), start=1):
        states = [heading(definition.tracks[track].states[name]) for track, name in one.states]
        titles = [definition.actions[name].title for name in one.about]
        about = "; ".join([*states, *([phrase(titles)] if titles else [])]) or "the whole case"
        when = "always" if one.when is None else said(one.when)
        place = f"notice-N{number}"
        for text in (f"N{number}", one.severity, one.text, when):
            yield Element(Kind.NOTICE, place, inert(text))
        yield Element(Kind.ABOUT, place, inert(about))
        yield Element(Kind.SOURCES, place, sources(one.cites, one.layer, definition))


def derived(definition: Definition) -> Iterator[Element]:
    """Every derived fact: its rows, each with its condition and its value."""
    names = names_of(definition)
    for fact in definition.facts.values():
        if fact.formula is not None:
            yield from _derived(fact, fact.formula, names, definition)


def _derived(fact: Fact, formula: Formula, names: Names, definition: Definition) -> Iterator[Element]:
    place = f"derived-{fact.name}"
    yield Element(Kind.DERIVED, place, inert(f"{fact.label} ({fact.name})"))
    for row in formula.rows:
        value = f"has no value: {row.reason}" if row.value is None else _spoken(row.value, names)
        yield from (Element(Kind.DERIVED, place, inert(text)) for text in (value, said(row.when)))
        yield Element(Kind.SOURCES, place, sources(row.cites or fact.cites, fact.layer, definition))
    if formula.otherwise is not None:
        when = OTHERWISE if formula.rows else "whenever known"
        value = _spoken(formula.otherwise, names)
        yield from (Element(Kind.DERIVED, place, inert(text)) for text in (value, when))
        yield Element(Kind.SOURCES, place, sources(fact.cites, fact.layer, definition))
    if fact.unknown is not None:
        for text in (fact.unknown, "while undecided (for display)"):
            yield Element(Kind.DERIVED, place, inert(text))
        yield Element(Kind.SOURCES, place, sources((), fact.layer, definition))


def _spoken(value: Expression, names: Names) -> str:
    if isinstance(value, Literal) and isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return english(value, names)
