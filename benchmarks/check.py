"""Seconds that `pathway check` takes: the flagship, and correct generated pathways of 35 to 500 states.

Run `python benchmarks/check.py`, or with `--rounds 1` for a quick look. Every figure is the best of several
rounds. `process` is the whole command as a user waits for it; `load` and `prove` are two parts of it, taken
inside this process once everything is imported. Nothing is wrong with the generated pathways: what is found
on them, or left undecided, is a defect of the prover, and the exit code is 1. A missed bar is only told.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.layered import layered_pathway
from pathway.check.proving import prove
from pathway.check.reading import states_of
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.vignettes.finding import case_files

FLAGSHIP = "spinal-leptomeningeal-infection"
SIZES = ((35, 26), (70, 41), (140, 61), (250, 81), (500, 101))
SEED, ROUNDS = 0, 3
PATIENCE = 300
BARS = {FLAGSHIP: 2, "layered-500-101-0": 10}


@dataclass(frozen=True)
class Answer:
    """What the command said: how many claims it proved, errors and warnings it found, questions it left."""

    proved: int
    findings: int
    undecided: int


@dataclass(frozen=True)
class Measured:
    """Seconds, each the best of all rounds; `answer` is None where the command did not finish in time."""

    name: str
    states: int
    facts: int
    claims: int
    process: float
    load: float
    prove: float
    answer: Answer | None

    @property
    def is_silent(self) -> bool:
        """Whether all was decided and nothing found, as it has to be on a correct pathway."""
        return self.answer is not None and not self.answer.findings and not self.answer.undecided


def measure(name: str, rounds: int) -> Measured:
    """Check one pathway, by name or file, several times over."""
    process, answer = _whole(name, rounds)
    parts = [_parts(find_pathway(name)) for _ in range(rounds if answer is not None else 0)]
    definition = load_definition(find_pathway(name))
    states = sum(1 for _ in states_of(definition))
    load = min((seconds for seconds, _ in parts), default=PATIENCE)
    proof = min((seconds for _, seconds in parts), default=PATIENCE)
    facts, claims = len(definition.facts), len(definition.claims)
    return Measured(definition.id, states, facts, claims, process, load, proof, answer)


def _whole(name: str, rounds: int) -> tuple[float, Answer | None]:
    """The best wall time of the whole command, and what it said."""
    command = [sys.executable, "-m", "pathway", "check", name, "--json"]
    best, answer = float(PATIENCE), None
    # Modules stand compiled on the disk, as where the program is installed: one round more compiles them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(rounds + 1):
        before = time.perf_counter()
        try:
            ran = subprocess.run(
                command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment
            )
        except subprocess.TimeoutExpired:
            return PATIENCE, None
        best = min(best, time.perf_counter() - before)
        if ran.returncode not in (0, 1):
            raise SystemExit(f"{name} was not checked at all: {ran.stderr}")
        answer = _answer(ran.stdout)
    return best, answer


def _answer(text: str) -> Answer:
    said = json.loads(text)
    grave = [one for one in said["findings"] if one["severity"] in ("error", "warning")]
    return Answer(len(said["proved"]), len(grave), len(said["undecided"]))


def _parts(main: Path) -> tuple[float, float]:
    """Seconds to load a definition, and to prove it."""
    before = time.perf_counter()
    definition: Definition = load_definition(main)
    loaded = time.perf_counter()
    prove(definition, case_files=case_files(main))  # as the command does
    return loaded - before, time.perf_counter() - loaded


# --- the table ----------------------------------------------------------------------------------
WIDTHS = {"pathway": 34, "states": 7, "facts": 6, "process s": 10, "load s": 8, "prove s": 9}
WIDTHS |= {"x flagship": 11, "x 35": 7, "proved": 9, "found": 6, "open": 5}


def table(results: list[Measured]) -> Iterator[str]:
    """The figures; the whole process also as a multiple of the flagship's and of that at 35 states."""
    yield _line(WIDTHS)
    for one in results:
        said = one.answer
        told = (f"{said.proved}/{one.claims}", said.findings, said.undecided) if said else ("-", "-", "-")
        yield _line((
            one.name, one.states, one.facts, f"{one.process:.2f}", f"{one.load:.2f}", f"{one.prove:.2f}",
            f"{one.process / results[0].process:.2f}", f"{one.process / results[1].process:.2f}", *told,
        ))  # fmt: skip


def _line(cells: Iterable[object]) -> str:
    name, *others = zip(cells, WIDTHS.values(), strict=True)
    return f"{name[0]:<{name[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others)


def bars(results: list[Measured]) -> Iterator[str]:
    """Whether each bar holds; what is quick because it gave up does not."""
    for one in results:
        if one.name not in BARS:
            continue
        took, limit = f"{one.process:.2f} s", BARS[one.name]
        verdict = "holds" if one.process <= limit else "MISSED"
        if one.answer is None:
            took, verdict = f"not finished in {PATIENCE} s", "MISSED"
        elif one.answer.undecided:
            took, verdict = f"{took}, but {one.answer.undecided} left undecided", "MISSED"
        yield f"bar of {limit} s {verdict}: {one.name}, {one.states} states, {one.facts} facts: {took}"


def main() -> int:
    """Measure and print: 1 where something is found or left open on a pathway in which nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is checked")
    rounds = max(1, parser.parse_args().rounds)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"layered-{states}.yaml" for states, _ in SIZES]
        for file, (states, facts) in zip(files, SIZES, strict=True):
            file.write_text(layered_pathway(states, facts, SEED), "utf-8")
        results = [measure(name, rounds) for name in (FLAGSHIP, *map(str, files))]
    print("\n".join([*table(results), "", *bars(results)]))
    wrong = [one.name for one in results[1:] if not one.is_silent]
    if wrong:
        print(f"nothing is wrong with {', '.join(wrong)}, yet something was found or left undecided")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
