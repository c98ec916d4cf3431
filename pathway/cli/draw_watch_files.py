"""Notices that the files of a definition were saved, by looking at their times and sizes now and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathway.check.coverage_file import coverage_path
from pathway.language.definition import Definition
from pathway.language.problems import Problem

Clock = Callable[[], int]  # nanoseconds that only ever grow
Stamp = tuple[int, int, int] | None  # time of the last change, size and inode; None while there is no file
QUIET = 60_000_000  # nanoseconds without a change after which a file counts as saved, not as being written
MOST_BESIDE = 200  # files of a folder that are looked at while a definition cannot be read


def files_of(main: Path, definition: Definition | None, problems: Iterable[Problem] = ()) -> frozenset[Path]:
    """The files on which a preview rests: what was read, what is complained of, and the coverage beside it.

    While there are problems any other file of the folder may be the one that mends them.
    """
    return frozenset((main, *_read(main, definition), *_complained_of(main, tuple(problems))))


def _read(main: Path, definition: Definition | None) -> Iterator[Path]:
    coverage = coverage_path(main)
    if coverage is not None:
        yield coverage
    if definition is not None:
        yield from map(Path, definition.files)


def _complained_of(main: Path, problems: tuple[Problem, ...]) -> Iterator[Path]:
    yield from (Path(problem.place.file) for problem in problems if problem.place is not None)
    if problems:
        yield from sorted(main.parent.glob("*.y*ml"))[:MOST_BESIDE]


@dataclass(slots=True)
class Saves:
    """Knows the files as they were when last drawn, and says when they have changed and come to rest."""

    clock: Clock
    _drawn: dict[Path, Stamp] = field(default_factory=dict[Path, Stamp])
    _seen: dict[Path, Stamp] = field(default_factory=dict[Path, Stamp])
    _since: int = 0

    def follow(self, files: frozenset[Path]) -> None:
        """Look at these files from now on; those already followed stay as they were when last looked at."""
        self._seen = {file: self._seen[file] if file in self._seen else stamp(file) for file in files}
        self._drawn = dict(self._seen)

    def are_due(self) -> bool:
        """Whether a file differs from what was last followed, and none has changed for a moment."""
        now = {file: stamp(file) for file in self._seen}
        if now != self._seen:
            self._seen, self._since = now, self.clock()
        return self._seen != self._drawn and self.clock() - self._since >= QUIET


def stamp(file: Path) -> Stamp:
    """What changes with every save of a file; editors that replace the file change its inode."""
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_size, known.st_ino
