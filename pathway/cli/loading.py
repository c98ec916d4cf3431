"""What several commands share: loading a pathway with the layers wanted, and paths that have to be there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.cli.faults import UsageError
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.definition_cache import DefinitionCache
from pathway.language.problems import nearest

if TYPE_CHECKING:
    from pathway.engine.compiled import CompiledPathway


def add_layers(parser: argparse.ArgumentParser) -> None:
    """The option that switches layers off."""
    parser.add_argument(
        "--layers", metavar="LAYER,...", help="only these layers, such as article; safety warnings stay"
    )


def definition_cache() -> DefinitionCache:
    """Definitions read before, in the user's own cache; PATHWAY_CACHE names another folder, or is `off`."""
    chosen = os.environ.get("PATHWAY_CACHE", "")
    if chosen == "off":
        return DefinitionCache(None)
    if chosen:
        return DefinitionCache(Path(chosen))
    from platformdirs import user_cache_path

    return DefinitionCache(user_cache_path("clinical-pathway", appauthor=False) / "definitions")


def load(name: str) -> Definition:
    """Load a pathway by name or path."""
    return definition_cache().definition(find_pathway(name))


def compiled_for(name: str, layers: str | None) -> CompiledPathway:
    """Load and compile a pathway with the chosen layers."""
    from pathway.engine.compiling import compile_pathway  # what only reads a definition needs no engine

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


def existing(path: str) -> Path:
    """A path that has to be there."""
    found = Path(path)
    if not found.exists():
        raise UsageError(f"{path}: there is no such file. Check the name.")
    return found
