"""Mutation testing: mutants of a definition are run through its vignettes until one of them fails."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.problems import DefinitionError
from pathway.vignettes.bench import Bench
from pathway.vignettes.judging import compile_for, judge
from pathway.vignettes.mutant_elements import mutants
from pathway.vignettes.mutant_proof import is_equivalent
from pathway.vignettes.mutant_reach import Reach
from pathway.vignettes.mutating import Mutant

CHECK = "check"  # stands for a vignette where a mutant cannot even be compiled
ALL_LAYERS = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mutants to run: below a dotted path, of one kind, a sample drawn by a seed."""

    only: str = ""
    kind: str = ""
    sample: int | None = None
    seed: int = 0

    def of(self, found: Iterable[Mutant]) -> list[Mutant]:
        """The chosen ones, in written order."""
        chosen = [one for one in found if self._wants(one)]
        if self.sample is None or self.sample >= len(chosen):
            return chosen
        drawn = frozenset(one.id for one in sorted(chosen, key=self._lot)[: self.sample])
        return [one for one in chosen if one.id in drawn]

    def _wants(self, one: Mutant) -> bool:
        below = not self.only or f"{one.element}.".startswith(f"{self.only}.")
        return below and self.kind in ("", one.kind)

    def _lot(self, one: Mutant) -> str:
        return hashlib.sha256(f"{self.seed} {one.id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a vignette holds on the original, and the numbers of the mutants that it can tell from it."""

    holds: bool
    mutants: frozenset[int]


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, by its number, and the vignettes to run it through, the likeliest to fail first."""

    mutant: int
    vignettes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: the vignette that fails with it, or CHECK; None where it survives.

    `tried` counts the vignettes run, `reached` those that could have told it from the original. `equivalent`
    is a survivor that is proven to be no other pathway for any patient.
    """

    mutant: int
    killer: str | None
    tried: int
    reached: int
    equivalent: bool = False


class Workshop:
    """The vignettes and the chosen mutants of one definition, and what was made of them so far."""

    def __init__(self, bench: Bench, files: Sequence[Path], choice: Choice) -> None:
        self.vignettes = [bench.read(file) for file in files]
        self.definition = bench.definition
        every = list(mutants(bench.definition))
        self.ids = frozenset(one.id for one in every)
        self.mutants = choice.of(every)
        self._reach = Reach(self.mutants)
        self._compiled: dict[frozenset[str], CompiledPathway] = {}

    def reached(self, number: int) -> Reached:
        """Step a vignette on the original."""
        vignette = self.vignettes[number]
        layers = vignette.without_layers
        if layers not in self._compiled:
            self._compiled[layers] = compile_for(self.definition, vignette)
        return Reached(*self._reach.reached(self._compiled[layers], vignette))

    def tried(self, trials: Sequence[Trial]) -> list[Fate]:
        """Run mutants of one element; the vignette that failed with the last is tried first on the next."""
        memory: list[int] = []
        fates: list[Fate] = []
        for trial in trials:
            order = [*(one for one in memory if one in trial.vignettes)]
            order += [one for one in trial.vignettes if one not in memory]
            fate, killer = self._fate(trial, order)
            fates.append(fate)
            if killer is not None:
                memory = [killer, *(one for one in memory if one != killer)]
        return fates

    def _fate(self, trial: Trial, order: list[int]) -> tuple[Fate, int | None]:
        reached = len(order)
        try:
            for tried, number in enumerate(self._failing(trial.mutant, order), 1):
                if number is not None:
                    name = Path(self.vignettes[number].file).stem
                    return Fate(trial.mutant, name, tried, reached), number
        except DefinitionError:
            return Fate(trial.mutant, CHECK, 0, reached), None
        equivalent = is_equivalent(self.mutants[trial.mutant])
        return Fate(trial.mutant, None, reached, reached, equivalent), None

    def _failing(self, mutant: int, order: list[int]) -> Iterable[int | None]:
        """For each vignette its number if it fails. Raises DefinitionError where nothing can be stepped."""
        definition = self.mutants[mutant].definition
        compiled = {ALL_LAYERS: compile_pathway(definition)}
        for number in order:
            vignette = self.vignettes[number]
            layers = vignette.without_layers
            if layers not in compiled:
                compiled[layers] = compile_for(definition, vignette)
            holds = judge(compiled[layers], vignette, first_miss_only=True).hold
            yield None if holds else number
