"""A pathway made ready for its vignettes: names gathered once, compiled once for each choice of layers."""

from __future__ import annotations

from pathlib import Path

from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.vignettes.judging import compile_for, judge
from pathway.vignettes.names import Names
from pathway.vignettes.reading import read_vignette
from pathway.vignettes.vignette import Verdicts, Vignette


class Bench:
    """Where the vignettes of one definition are read and judged."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._names = Names(definition)
        self._compiled: dict[frozenset[str], CompiledPathway] = {}

    def read(self, path: Path) -> Vignette:
        """Read a vignette. Raises DefinitionError with everything that is wrong in it."""
        return read_vignette(path, self.definition, self._names)

    def judge(self, vignette: Vignette) -> Verdicts:
        """Judge a vignette with the layers it wants. Raises DefinitionError where these cannot be stepped."""
        layers = vignette.without_layers
        if layers not in self._compiled:
            self._compiled[layers] = compile_for(self.definition, vignette)
        return judge(self._compiled[layers], vignette)


def bench_of(main_file: Path) -> Bench:
    """The bench of the pathway in a file or folder. Raises DefinitionError."""
    return Bench(load_definition(main_file))
