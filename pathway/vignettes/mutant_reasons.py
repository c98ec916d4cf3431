"""Reads `mutants.yaml` beside a pathway: which mutants may survive, each with the reason."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pathway.language.nodes import Mapping as MappingNode
from pathway.language.nodes import Node, Scalar
from pathway.language.problems import DefinitionError, Place, Problem
from pathway.language.source import read_source
from pathway.vignettes.mutant_campaign import Campaign, Result

MUTANTS_FILE = "mutants.yaml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Why a mutant may survive, and where that is said."""

    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign held against the reasons: survivors without one, those with one, and reasons too many.

    `no_longer` are ids that do not survive, are proven to be equivalent, or name no mutant at all.
    """

    unexplained: tuple[Result, ...]
    accepted: tuple[tuple[Result, Accepted], ...]
    no_longer: tuple[tuple[str, Accepted], ...]


def read_reasons(main_file: Path) -> dict[str, Accepted]:
    """The reasons beside a pathway's main file, by the id of the mutant; none where there is no such file.

    Raises DefinitionError with everything that is wrong in it.
    """
    path = main_file.with_name(MUTANTS_FILE)
    if not os.path.lexists(path):
        return {}
    root = read_source(path)
    problems: list[Problem] = []
    if not isinstance(root, MappingNode):
        fix = "Write lines such as safeguards.inr.when.comparison.0123abcd: The reason"
        raise DefinitionError([Problem(root.place, "This file holds ids of mutants with their reasons", fix)])
    found = {key.text: Accepted(_reason(key, value, problems), key.place) for key, value in root.entries}
    if problems:
        raise DefinitionError(problems)
    return found


def _reason(key: Scalar, value: Node, problems: list[Problem]) -> str:
    reason = value.text if isinstance(value, Scalar) and not value.is_null else ""
    if not any(character.isalpha() for character in reason):
        fix = "Say in one sentence why no case can tell it from the original"
        problems.append(Problem(key.place, f"`{key.text}` may survive without a reason", fix))
    return " ".join(reason.split())


def held_against(found: Campaign, reasons: Mapping[str, Accepted]) -> Standing:
    """Which survivors have a reason, and which reasons are for no survivor.

    Of a mutant that was not run nothing is said, unless there is none with that id.
    """
    survivors = {one.mutant.id: one for one in found.survivors}
    run = frozenset(one.mutant.id for one in found.results)
    return Standing(
        unexplained=tuple(one for name, one in survivors.items() if name not in reasons),
        accepted=tuple((one, reasons[name]) for name, one in survivors.items() if name in reasons),
        no_longer=tuple(
            (name, one)
            for name, one in reasons.items()
            if name not in survivors and (name in run or name not in found.ids)
        ),
    )
