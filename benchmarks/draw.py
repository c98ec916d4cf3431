"""Drawing as an author waits for it: the flagship beside a bare `dot` run, a large pathway, an overlay.

Run `python benchmarks/draw.py` where Graphviz is installed. Bars: the flagship from the start of the
process to the file in at most 1.3 times a bare `dot` run on the same DOT plus 0.3 s, a pathway of 500 states
in 3 s, and an overlay on the flagship's finished chart in 50 ms. Each is the median of several rounds; bare
runs and whole processes take turns, so that a slow minute of the machine meets both.

The program's modules and the definition stand compiled on the disk, as from the second run on; what the
flagship takes when its definition is read from its YAML is printed beside it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.generated import generated_pathway
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.overlays.overlaid import overlaid
from diagrams.overlays.path_taken import path_taken
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition

FLAGSHIP = "spinal-leptomeningeal-infection"
CASE = "demo.yaml"
LARGE = 500
ROUNDS = 5
RATIO, EXTRA, BAR_LARGE, BAR_OVERLAY = 1.3, 0.3, 3.0, 0.050
ROOT = Path(__file__).resolve().parent.parent


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def process(*command: str | Path, cache: str | Path = "off") -> Callable[[], object]:
    words = [str(word) for word in command]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(ROOT), "PATHWAY_CACHE": str(cache)}
    return lambda: subprocess.run(words, check=True, capture_output=True, env=environment)


def drawn(pathway: str | Path, folder: Path, keep: bool = True) -> Callable[[], object]:
    """A whole process of `pathway draw`, laid out by the installed dot; `keep` what was read."""
    command = (sys.executable, "-m", "pathway", "draw", pathway, "--engine", "dot")
    return process(*command, "-o", folder / "chart.svg", cache=folder / "cache" if keep else "off")


def in_turns(bare: Callable[[], object], whole: Callable[[], object]) -> tuple[float, float]:
    """Medians of the seconds of both; the first run of each, which fills caches, does not count."""
    bare()
    whole()
    pairs = [(seconds(bare), seconds(whole)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def flagship(folder: Path) -> None:
    definition = load_definition(find_pathway(FLAGSHIP))
    file = folder / "bare.dot"
    file.write_text(dot_of(chart_of(definition)), "utf-8")
    bare, whole = in_turns(process("dot", "-Tsvg", "-o", folder / "bare.svg", file), drawn(FLAGSHIP, folder))
    print(row("flagship", bare, whole, RATIO * bare + EXTRA))
    bare, whole = in_turns(
        process("dot", "-Tsvg", "-o", folder / "bare.svg", file), drawn(FLAGSHIP, folder, False)
    )
    print(row("flagship, read from its YAML", bare, whole, RATIO * bare + EXTRA))


def large(folder: Path) -> None:
    file = folder / "large.yaml"
    file.write_text(generated_pathway(LARGE), "utf-8")
    definition = load_definition(file)
    dot = folder / "large.dot"
    dot.write_text(dot_of(chart_of(definition)), "utf-8")
    bare, whole = in_turns(process("dot", "-Tsvg", "-o", folder / "large.svg", dot), drawn(file, folder))
    print(row(f"{LARGE} states", bare, whole, BAR_LARGE))


def overlay() -> None:
    place = find_pathway(FLAGSHIP)
    compiled = compile_pathway(load_definition(place))
    folder = place if place.is_dir() else place.parent
    case = list(step_timeline(compiled, read_timeline(folder / "cases" / CASE)))[-1].case
    chart = chart_of(compiled.definition)
    svg = picture(chart, dot_of(chart), "dot")
    path = path_taken(compiled.definition, case.events)
    overlaid(svg, path)
    took = statistics.median(seconds(lambda: overlaid(svg, path)) for _ in range(ROUNDS))
    print(row(f"overlay of {len(path.moves)} moves", None, took, BAR_OVERLAY))


def row(what: str, bare: float | None, found: float, bar: float) -> str:
    floor = "" if bare is None else f"{bare:.3f}"
    return f"| {what} | {floor} | {found:.3f} | {bar:.3f} | {'held' if found <= bar else 'NOT HELD'} |"


def main() -> None:
    if shutil.which("dot") is None:
        sys.exit("There is no dot here to measure against: apt install graphviz")
    print("| what | bare dot s | s | bar s | |\n|---|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        flagship(Path(folder))
        large(Path(folder))
    overlay()


if __name__ == "__main__":
    main()
