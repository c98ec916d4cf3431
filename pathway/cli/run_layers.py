"""The layers that are on in a run: those of `--layers`, else those that the case file names, else all."""

from __future__ import annotations

from pathway.engine.timeline import Timeline
from pathway.language.definition import Definition
from pathway.language.nodes import Node, Scalar, Sequence
from pathway.language.problems import DefinitionError, Problem, nearest


def layers_of(timeline: Timeline, definition: Definition) -> frozenset[str]:
    """The layers that a case file wants on. Raises DefinitionError for what is no layer of the pathway."""
    node = timeline.beside.get("layers")
    if node is None:
        return frozenset(definition.layers)
    items = node.items if isinstance(node, Sequence) else (node,)
    faults = [fault for item in items if (fault := _fault(item, definition)) is not None]
    if not items:
        faults = [Problem(node.place, "`layers:` names no layer", _fix("", definition), "timeline")]
    if faults:
        raise DefinitionError(faults)
    return frozenset(item.text for item in items if isinstance(item, Scalar))


def _fault(item: Node, definition: Definition) -> Problem | None:
    name = item.text if isinstance(item, Scalar) and not item.is_null else ""
    if name in definition.layers:
        return None
    what = f"{definition.id} has no layer `{name}`" if name else "`layers:` takes a list of layers"
    return Problem(item.place, what, _fix(name, definition), "timeline")


def _fix(name: str, definition: Definition) -> str:
    close = nearest(name, definition.layers)
    return f"Did you mean `{close}`?" if close else f"It has: {', '.join(definition.layers) or 'none'}"
