"""What several commands share: loading a pathway, and stepping a timeline through it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pathway.cli.faults import UsageError, sentence
from pathway.engine.case import Case, Step, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.entries import EntryError
from pathway.engine.timeline import Timeline, TimelineEntry
from pathway.engine.view import Taken
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError, Problem, nearest

CONFIRM = "timeline"


def add_layers(parser: argparse.ArgumentParser) -> None:
    """The option that switches layers off."""
    parser.add_argument(
        "--layers", metavar="LAYER,...", help="only these layers, such as article; safety warnings stay"
    )


def load(name: str) -> Definition:
    """Load a pathway by name or path."""
    return load_definition(find_pathway(name))


def compiled_for(name: str, layers: str | None) -> CompiledPathway:
    """Load and compile a pathway with the chosen layers."""
    definition = load(name)
    return compile_pathway(definition, _without(definition, layers))


def _without(definition: Definition, layers: str | None) -> frozenset[str]:
    if layers is None:
        return frozenset()
    chosen = [word.strip() for word in layers.split(",")]
    for word in chosen:
        if word not in definition.layers:
            close = nearest(word, definition.layers)
            fix = f"Did you mean {close}?" if close else f"It has: {', '.join(definition.layers) or 'none'}."
            raise UsageError(f"--layers: {definition.id} has no layer `{word}`. {fix}")
    return frozenset(definition.layers) - frozenset(chosen)


@dataclass(frozen=True, slots=True)
class Ran:
    """A step of a timeline, with the entry that caused it."""

    entry: TimelineEntry
    step: Step
    case: Case


def step_timeline(compiled: CompiledPathway, timeline: Timeline) -> Iterator[Ran]:
    """Step a timeline entry by entry. Raises DefinitionError naming the line of bad input."""
    wanted = timeline.pathway
    if wanted is not None and wanted != compiled.definition.id:
        text = f"{timeline.name}: this timeline is for `{wanted}`, not for `{compiled.definition.id}`"
        raise DefinitionError([Problem(None, text, "Name the pathway it is for")])
    case: Case | None = None
    for entry in timeline.entries:
        batch = entry.batch
        opening: tuple[Taken, ...] = ()
        try:
            if case is None:
                case, first = open_case(
                    compiled,
                    timeline.case,
                    batch.at,
                    batch.by,
                    batch.recorded_at,
                    timeline.timezone,
                    timeline.label,
                )
                opening = first.taken
            step = case.commit(batch, confirm=CONFIRM)
        except EntryError as error:
            raise _placed(error, entry) from None
        yield Ran(entry, replace(step, taken=(*opening, *step.taken)), case)


def _placed(error: EntryError, entry: TimelineEntry) -> DefinitionError:
    return DefinitionError(
        [
            Problem(entry.places.get(problem.about, entry.place), sentence(problem.text))
            for problem in error.problems
        ]
    )


def existing(path: str) -> Path:
    """A path that has to be there."""
    found = Path(path)
    if not found.exists():
        raise UsageError(f"{path}: there is no such file. Check the name.")
    return found
