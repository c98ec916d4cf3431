"""The terminal as a user waits for it: first paint, and key to paint, in a real pseudo-terminal.

Run `python benchmarks/tui.py` on a quiet machine. First paint runs from the start of the process to the first
answer, or case of the list, on the screen; key to paint from a key to the last byte of what it draws. Bars:
first paint under 1.0 s, key to paint under 50 ms at the 95th percentile on a case with 5,000 events, and no
growth with the number of stored cases. It prints what it measures, good or bad. The processor's own seconds
stand beside them: on a busy machine they are what the program can be blamed for.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.load import definition_from_text, load_definition
from pathway.store.places import open_store
from pathway.store.session import header_of
from tui.choices import choices

FLAGSHIP = "spinal-leptomeningeal-infection"
SMALL_PATHWAY = """
pathway: fever
version: 1.0.0
title: Fever
status: draft
facts: {suspected: {ask: "Infection suspected?", type: boolean}}
tracks:
  care:
    start: intake
    states:
      intake: {title: Intake, kind: enquiry, asks: [suspected], next: [{to: home, when: not suspected}]}
      home: {title: Home, kind: end}
"""
SIZES = ((80, 24), (160, 50))
LONG = 5_000  # events of the long case
STORED = (10, 1_000, 10_000)
ROUNDS = 5  # starts that are timed for each first paint
KEYS = 221
BAR_PAINT, BAR_KEY = 1.0, 0.050
# Seconds without a byte after which a painting is over.
QUIET = 0.15
CONTROLS = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
# Answers highlighted, panels switched, a form opened and left; each is one key to one painting.
ROUND_OF_KEYS = ("1", "2", "1", "w", "m", "f", "l", "t", "a", "2", "1", "\r", "\x07")
KEYS_OF_LIST = ("\x1b[B", "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~")  # down, up, pages
CASE = "bench"
UNSET = ("LINES", "COLUMNS", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Measured:
    """Seconds to the first paint, fastest of several starts and their median; seconds of each key.

    `paint_cpu` and `key_cpu` are seconds of the processor: least of the starts, and mean of a key.
    """

    name: str
    paint: float
    median: float
    paint_cpu: float
    keys: tuple[float, ...]
    key_cpu: float

    def percentile(self, share: int) -> float:
        """The key that `share` of a hundred are not slower than."""
        return sorted(self.keys)[max(0, -(-len(self.keys) * share // 100) - 1)]


class Terminal:
    """A child process in a pseudo-terminal of a size."""

    def __init__(self, command: Sequence[str], columns: int, rows: int, home: Path) -> None:
        self.started = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            environment = {name: value for name, value in os.environ.items() if name not in UNSET}
            environment |= {"TERM": "xterm-256color", "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
            # Modules stand compiled on the disk, as where the program is installed.
            environment["PYTHONPYCACHEPREFIX"] = str(home.parent / "compiled")
            os.execvpe(command[0], list(command), environment)

    def read(self, wait: float) -> bytes:
        """What arrives within `wait` seconds; empty for nothing."""
        if not select.select([self.descriptor], [], [], wait)[0]:
            return b""
        try:
            return os.read(self.descriptor, 1 << 16)
        except OSError:  # Linux says so when the child has gone
            raise SystemExit("The terminal's process ended before its time.") from None

    def until(self, words: str, patience: float = 60.0) -> float:
        """Seconds from the start of the process until the words are on the screen."""
        seen, end = b"", time.perf_counter() + patience
        while words.encode() not in CONTROLS.sub(b"", seen):
            if time.perf_counter() > end:
                raise SystemExit(f"{words!r} did not appear; shown: {CONTROLS.sub(b'', seen)[-800:]!r}")
            seen += self.read(0.5)
        return time.perf_counter() - self.started

    def drained(self, quiet: float = 0.5) -> None:
        """Read until nothing comes any more."""
        while self.read(quiet):
            pass

    def key(self, key: str) -> float | None:
        """Seconds from a key to the last byte of what it paints; None where it paints nothing."""
        before = time.perf_counter()
        last: float | None = None
        os.write(self.descriptor, key.encode())
        while self.read(1.0 if last is None else QUIET):
            last = time.perf_counter()
        return None if last is None else last - before

    def end(self) -> float:
        """Kill the process; the processor's seconds that it has had."""
        os.kill(self.pid, signal.SIGKILL)
        used = os.wait4(self.pid, 0)[2]
        os.close(self.descriptor)
        return used.ru_utime + used.ru_stime


def start(store: Path, size: tuple[int, int], *arguments: str) -> Terminal:
    """`pathway step` on a store."""
    command = [sys.executable, "-m", "pathway", "step", "--store", str(store), "--by", "bench", *arguments]
    return Terminal(command, *size, store.parent)


def measure(
    name: str, store: Path, size: tuple[int, int], expected: str, keys: Sequence[str], *arguments: str
) -> Measured:
    """Start several times, then press keys in one more. The first start, which compiles, is not counted."""
    first = start(store, size, *arguments)
    first.until(expected)
    first.end()
    paints: list[float] = []
    costs: list[float] = []
    for _ in range(ROUNDS):
        terminal = start(store, size, *arguments)
        paints.append(terminal.until(expected))
        costs.append(terminal.end())
    terminal = start(store, size, *arguments)
    terminal.until(expected)
    terminal.drained()
    took = tuple(pressed(terminal, keys))
    of_keys = max(0.0, terminal.end() - statistics.median(costs)) / len(took)
    return Measured(name, min(paints), statistics.median(paints), min(costs), took, of_keys)


def pressed(terminal: Terminal, keys: Sequence[str]) -> Iterator[float]:
    """The time of each key that paints something."""
    for number in range(KEYS):
        painted = terminal.key(keys[number % len(keys)])
        if painted is not None:
            yield painted


def long_case(compiled: CompiledPathway, now: int) -> Case:
    """A course with the flagship's laboratory values recorded every half hour, up to its 5,000th event."""
    case, _ = open_case(compiled, CASE, now - LONG * 1800, "bench", now - LONG * 1800, label="bed 7")
    first = {"leptomeningitis_suspected": "true", "severe_sepsis_signs": "false", "weight_kg": "70"}
    case.commit(Batch(case.now, "bench", case.now, facts=tuple(FactEntry(*one) for one in first.items())))
    values = (("inr", "1.1", "1.2"), ("platelet_count", "210", "190"), ("weight_kg", "70", "71"))
    number = 0
    while len(case.events) < LONG:
        number += 1
        at = case.now + 1800
        fact, one, other = values[number % len(values)]
        case.commit(Batch(at, "bench", at, facts=(FactEntry(fact, one if number % 2 else other),)))
    return case


def kept(store: Path, compiled: CompiledPathway, case: Case) -> str:
    """Store a case; returns the beginning of the first answer that its screen will show."""
    open_store(store, heads=False).create(header_of(compiled, case.id), case.events)
    first = choices(compiled.definition, case.view, case.now)[0]
    return " ".join(first.text.split()[:2])


def fill(store: Path, count: int, now: int) -> None:
    """Small real logs of as many other cases."""
    compiled = compile_pathway(definition_from_text(SMALL_PATHWAY))
    kept = open_store(store, heads=False)
    for number in range(count):
        case, _ = open_case(compiled, f"other-{number}", now - 60, "bench", now - 60)
        kept.create(header_of(compiled, case.id), case.events)


def main() -> None:
    """Measure and print."""
    now = int(time.time())
    compiled = compile_pathway(load_definition(find_pathway(FLAGSHIP)))
    fresh, _ = open_case(compiled, CASE, now - 60, "bench", now - 60, label="bed 7")
    long = long_case(compiled, now)
    heading()
    with tempfile.TemporaryDirectory() as folder:
        for name, case in (("fresh case", fresh), (f"{len(long.events)} events", long)):
            store = Path(folder) / name.replace(" ", "-") / "store"
            words = kept(store, compiled, case)
            for size in SIZES:
                title = f"{name}, {size[0]}x{size[1]}"
                show(measure(title, store, size, words, ROUND_OF_KEYS, "--case", CASE))
        least: dict[str, Measured] = {}
        for count in STORED:
            store = Path(folder) / str(count) / "store"
            fill(store, count, now)
            words = kept(store, compiled, fresh)
            title = f"{count} stored cases, 80x24"
            found = measure(title, store, SIZES[0], words, ROUND_OF_KEYS, "--case", CASE)
            show(found, least.setdefault("case", found))
            found = measure(f"list of {count}, 80x24", store, SIZES[0], "other-", KEYS_OF_LIST)
            show(found, least.setdefault("list", found))


def heading() -> None:
    print(f"bars: first paint under {BAR_PAINT:.1f} s, key p95 under {BAR_KEY * 1000:.0f} ms, no growth")
    print(
        f"{'case':<26}{'paint s':>8}{'median':>8}{'cpu s':>7}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}"
        f"{'keys':>6}{'x paint':>9}{'x p95':>7}{'x cpu':>7}  bars"
    )


def show(found: Measured, least: Measured | None = None) -> None:
    """One row; the ratios are to the smallest store of the same run."""
    p50, p95 = found.percentile(50), found.percentile(95)
    missed = [f"paint {found.median:.2f} s"] if found.median >= BAR_PAINT else []
    missed += [f"p95 {p95 * 1000:.0f} ms"] if p95 >= BAR_KEY else []
    ratios = f"{'':>23}"
    if least is not None:
        paint, key = found.median / least.median, p95 / least.percentile(95)
        ratios = f"{paint:>9.2f}{key:>7.2f}{found.paint_cpu / least.paint_cpu:>7.2f}"
    print(
        f"{found.name:<26}{found.paint:>8.2f}{found.median:>8.2f}{found.paint_cpu:>7.2f}"
        f"{p50 * 1000:>8.1f}{p95 * 1000:>8.1f}{found.key_cpu * 1000:>8.1f}{len(found.keys):>6}{ratios}"
        f"  {'MISSED: ' + ', '.join(missed) if missed else 'met'}",
        flush=True,
    )
