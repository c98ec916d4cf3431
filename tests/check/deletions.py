"""Definitions as plain data, and each of their elements taken out in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pathway.check.coverage_file import CoverageFile, coverage_from_text
from pathway.check.coverage_writing import HEAD, matrix_of, rendered
from pathway.language import written
from pathway.language.gather import Gathered, Places
from pathway.language.problems import Place

Spot = tuple[Any, str | int]  # a dict or list of the data, and the key or index of one element in it
TOP = Place("pathway.yaml", 1, 1)


def gathered_from(data: dict[str, Any], main: str = "pathway.yaml") -> Gathered:
    """Plain data as a gathered definition; everything in it stands on its first line."""
    pathway = written.Pathway.model_validate(data, by_alias=True, by_name=False)
    return Gathered(pathway, "", Places({(): (TOP, TOP)}), (Path(main),), data)


def freshly_written(gathered: Gathered) -> CoverageFile:
    """The coverage file of a definition as it is written for it."""
    return coverage_from_text(HEAD + rendered(matrix_of(gathered)), "coverage.yaml")


def spots(data: dict[str, Any]) -> Iterator[Spot]:
    """Where every element stands in the data."""
    for section in ("facts", "actions", "safeguards", "notices", "claims"):
        yield from _entries(data.get(section, {}))
    for fact in data.get("facts", {}).values():
        yield from _entries(fact.get("cases", []))
        yield from _entries(fact["also"]) if isinstance(fact.get("also"), dict) else ()
    for action in data.get("actions", {}).values():
        yield from _entries(action.get("dose", [])) if isinstance(action.get("dose"), list) else ()
        yield from ((action, key) for key in ("dose", "schedule") if isinstance(action.get(key), dict))
    for track in data["tracks"].values():
        yield from _entries(track["states"])
        for state in track["states"].values():
            yield from _entries(state.get("do", []))
            yield from _entries(state.get("next", []))


def _entries(container: dict[str, Any] | list[Any]) -> Iterator[Spot]:
    keys = container if isinstance(container, dict) else range(len(container))
    yield from ((container, key) for key in keys)


@contextmanager
def without(spot: Spot) -> Iterator[None]:
    """The data without one element; afterwards everything is back in its place."""
    container, key = spot
    before = container.copy()
    del container[key]
    try:
        yield
    finally:
        if isinstance(container, list):
            container[:] = before
        else:
            container.clear()
            container.update(before)
