"""The elements of a definition that have to say which statements they rest on, each by name and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pathway.language import written
from pathway.language.gather import Gathered, Places
from pathway.language.problems import Place
from pathway.language.refusals import DataPath


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its dotted name, the ids it cites, where it stands, and the `track.state` it is part of."""

    name: str
    cites: frozenset[str]
    place: Place
    state: str | None = None


def elements(gathered: Gathered) -> tuple[Element, ...]:
    """Every element, in the order of the definition.

    Rows of a formula and factors of a unit rest on what they cite themselves, else on what their fact
    cites; everything else cites for itself. What stands in a list is counted from 1.
    """
    pathway, places = gathered.pathway, gathered.places
    named = (
        ("safeguards", pathway.safeguards),
        ("notices", pathway.notices),
        ("claims", pathway.claims),
    )
    return tuple(
        chain(
            chain.from_iterable(_of_fact(places, *item) for item in pathway.facts.items()),
            chain.from_iterable(_of_action(places, *item) for item in pathway.actions.items()),
            chain.from_iterable(_of_section(places, *section) for section in named),
            chain.from_iterable(_of_track(places, *item) for item in pathway.tracks.items()),
        )
    )


def cited_by(found: Iterable[Element]) -> dict[str, tuple[str, ...]]:
    """The names of the elements that cite each cited statement."""
    names: dict[str, list[str]] = {}
    for element in found:
        for source in element.cites:
            names.setdefault(source, []).append(element.name)
    return {source: tuple(in_order(citing)) for source, citing in names.items()}


def in_order(names: Iterable[str]) -> list[str]:
    """Names sorted as people count, whatever order they come in.

    >>> in_order(["S10", "S2", "S1"])
    ['S1', 'S2', 'S10']
    """
    return sorted(names, key=_counted)


def _counted(name: str) -> tuple[list[str | int], str]:
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if part.isdigit() else part for part in parts], name


def _of_fact(places: Places, name: str, fact: written.Fact) -> Iterator[Element]:
    path: DataPath = ("facts", name)
    yield _element(places, path, fact.cites)
    conversions = fact.also if isinstance(fact.also, dict) else {}
    for unit, conversion in conversions.items():
        yield _element(places, (*path, "also", unit), conversion.cites or fact.cites)
    for index, row in enumerate(fact.cases or []):
        yield _element(places, (*path, "cases", index), row.cites or fact.cites)


def _of_action(places: Places, name: str, action: written.Action) -> Iterator[Element]:
    path: DataPath = ("actions", name)
    yield _element(places, path, action.cites)
    for index, dose in enumerate(action.dose):
        yield _element(places, (*path, "dose", index), dose.cites)
    if action.schedule is not None:
        yield _element(places, (*path, "schedule"), action.schedule.cites)


def _of_section(places: Places, section: str, items: Mapping[str, written.Cited]) -> Iterator[Element]:
    for name, item in items.items():
        yield _element(places, (section, name), item.cites)


def _of_track(places: Places, name: str, track: written.Track) -> Iterator[Element]:
    for state_name, state in track.states.items():
        path: DataPath = ("tracks", name, "states", state_name)
        base, where = f"tracks.{name}.{state_name}", f"{name}.{state_name}"
        parts = [replace(_element(places, path, state.cites), name=base)]
        for index, called in enumerate(_told_apart([do.action for do in state.do])):
            part = _element(places, (*path, "do", index), state.do[index].cites)
            parts.append(replace(part, name=f"{base}.do.{called}"))
        for index, target in enumerate(_told_apart([way.to for way in state.next])):
            part = _element(places, (*path, "next", index), state.next[index].cites)
            parts.append(replace(part, name=f"{base}.next.{target}"))
        yield from (replace(part, state=where) for part in parts)


def _element(places: Places, path: DataPath, cites: Iterable[str]) -> Element:
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Element(name, frozenset(cites), places.of(path, key=True))


def _told_apart(names: Sequence[str]) -> Iterator[str]:
    """The names; those that come more than once are counted from 1."""
    total, met = Counter(names), Counter[str]()
    for name in names:
        met[name] += 1
        yield name if total[name] == 1 else f"{name}.{met[name]}"
