"""Reading a vignette: its timeline, title and citations, and what each of its steps shall show."""

from __future__ import annotations

from pathlib import Path

from pathway.engine.playing import other_pathway
from pathway.engine.timeline import Timeline, timeline_and_problems
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition
from pathway.language.nodes import Node, Scalar, Sequence
from pathway.language.problems import DefinitionError, Problem
from pathway.vignettes.expecting import ExpectReader
from pathway.vignettes.names import LAYER, SOURCE, Names
from pathway.vignettes.vignette import Vignette


def read_vignette(path: Path, definition: Definition, names: Names | None = None) -> Vignette:
    """Read a vignette and check every name and value in it against the definition, before anything runs.

    `names` may be given where many vignettes of one definition are read. Raises DefinitionError with
    everything that is wrong in the file.
    """
    timeline, problems = timeline_and_problems(path)
    reader = ExpectReader(definition, names or Names(definition), parse_zone(timeline.timezone), problems)
    wrong = other_pathway(definition.id, timeline)
    if wrong is not None:
        problems.append(wrong)
    expected = tuple(() if entry.expect is None else reader.entry(entry.expect) for entry in timeline.entries)
    vignette = Vignette(
        timeline=timeline,
        title=_title(reader, timeline),
        cites=_listed(reader, timeline.beside.get("cites"), SOURCE),
        without_layers=_without(reader, timeline.beside.get("layers")),
        expected=expected,
    )
    _say_what_for(reader, vignette)
    if problems:
        raise DefinitionError(problems)
    return vignette


def _title(reader: ExpectReader, timeline: Timeline) -> str:
    node = timeline.beside.get("title")
    if node is None:
        return ""
    title = reader.text(node, "title")
    if title is not None and not title.strip():
        reader.refuse(node, "The title is empty", "Write in one sentence what this case shows")
    return title or ""


def _listed(reader: ExpectReader, node: Node | None, kind: str) -> tuple[str, ...]:
    """The names of a list, each known."""
    if node is None:
        return ()
    items = node.items if isinstance(node, Sequence) else (node,)
    found = [item for item in items if isinstance(item, Scalar) and not item.is_null]
    if not found or len(found) < len(items):
        reader.refuse(node, f"This takes a list with the ids of each {kind}", "Write [ID, ...]")
    for item in found:
        fault = reader.names.fault(item.text, (kind,))
        if fault is not None:
            reader.refuse(item, *fault)
    return tuple(item.text for item in found)


def _without(reader: ExpectReader, node: Node | None) -> frozenset[str]:
    if node is None:
        return frozenset()
    return frozenset(reader.definition.layers) - frozenset(_listed(reader, node, LAYER))


def _say_what_for(reader: ExpectReader, vignette: Vignette) -> None:
    """Where anything is expected, the case says what it shows and from which statements."""
    timeline = vignette.timeline
    if all(entry.expect is None for entry in timeline.entries):
        return
    for key, example in (
        ("title", "title: Unknown platelets hold the lumbar puncture"),
        ("cites", "cites: [S90]"),
    ):
        if key not in timeline.beside:
            text = f"A case with expectations needs `{key}`"
            reader.problems.append(Problem(timeline.place, text, f"Add {example}", "vignette"))
