"""How an element names its sources: those of each layer under its name, with their grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway.language.definition import Definition, Source


@dataclass(frozen=True, slots=True)
class Cited:
    """The sources of one layer that an element cites."""

    layer: str
    is_encoded: bool
    sources: tuple[Source, ...]

    @property
    def grade(self) -> int | None:
        """The grade that all of them share; None where they differ or have none."""
        grades = {source.grade for source in self.sources}
        return grades.pop() if len(grades) == 1 else None

    @property
    def label(self) -> str:
        """The layer with the grade that its sources share: `supplement, grade 2`."""
        return self.layer if self.grade is None else f"{self.layer}, grade {self.grade}"

    @property
    def ids(self) -> str:
        """The sources without any grade: `S44, S45`."""
        return ", ".join(source.id for source in self.sources)

    @property
    def graded(self) -> str:
        """The sources, each with a grade of its own unless the label says it for all: `C2 grade 1, A1`."""
        shared = self.grade
        return ", ".join(
            one.id if one.grade in (None, shared) else f"{one.id} grade {one.grade}" for one in self.sources
        )


def encoded_layer(definition: Definition) -> str | None:
    """The layer of the encoded source: the one that is declared first."""
    return next(iter(definition.layers), None)


def is_added(layer: str | None, definition: Definition) -> bool:
    """Whether an element of this layer says something that the encoded source does not."""
    return layer is not None and layer != encoded_layer(definition)


def by_layer(cites: Iterable[str], layer: str | None, definition: Definition) -> Iterator[Cited]:
    """The sources of an element by their layers; that of an added element comes first, even without one."""
    ids, added = tuple(dict.fromkeys(cites)), is_added(layer, definition)
    first = (layer,) if layer is not None and added else ()
    for name in dict.fromkeys((*first, *definition.layers)):
        own = tuple(definition.sources[one] for one in ids if definition.sources[one].layer == name)
        if own or name in first:
            yield Cited(name, name == encoded_layer(definition), own)


def cited_words(cites: Iterable[str], layer: str | None, definition: Definition) -> str:
    """The sources in one phrase, in which everything that is not of the encoded source names its layer.

    `S90` of the encoded source, `supplement, grade 2: C1`, `supplement: C2 grade 1, A1; article: S44`.
    """
    added = is_added(layer, definition)
    groups = by_layer(cites, layer, definition)
    return "; ".join(_phrase(group, named=added or not group.is_encoded) for group in groups)


def weakest_grade(cites: Iterable[str], layer: str | None, definition: Definition) -> int | None:
    """The grade of least trust among the sources of a layer, None where none of them has one."""
    sources = (definition.sources[one] for one in cites)
    grades = [one.grade for one in sources if one.layer == layer and one.grade is not None]
    return max(grades, default=None)


def _phrase(group: Cited, named: bool) -> str:
    if not named:
        return group.ids
    return f"{group.label}: {group.graded}" if group.sources else group.label
