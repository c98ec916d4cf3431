"""Watches one check: says when its time is used up, and shows a bar once a person has waited for a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Clock = Callable[[], int]  # nanoseconds that only ever grow
SECOND = 1_000_000_000
PATIENCE = SECOND  # a check that is done by then shows no bar


@dataclass(slots=True)
class Watch:
    """Reads the clock whenever it is asked; `timeout` in nanoseconds, None for as long as it takes."""

    clock: Clock
    timeout: int | None = None
    _started: int = field(init=False)
    _said: tuple[str, int] = ("", 0)
    _bar: Any = None
    _task: Any = None

    def __post_init__(self) -> None:
        self._started = self.clock()

    def out_of_time(self) -> bool:
        """Whether the time is used up. It is asked often, so that the bar comes up in the midst of a step."""
        passed = self._passed()
        return self.timeout is not None and passed >= self.timeout

    def progress(self, name: str, percent: int) -> None:
        """What is under way, and how much of it all is done."""
        self._said = (name, percent)
        self._passed()
        if self._bar is not None:
            self._bar.update(self._task, description=name, completed=percent)

    def cases(self, done: int, of: int) -> None:
        """How many boundaries have been looked at."""
        self.progress("boundary cases", done * 100 // of if of else 100)

    def _passed(self) -> int:
        passed = self.clock() - self._started
        if self._bar is None and passed >= PATIENCE and sys.stderr.isatty():
            self._show()
        return passed

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        name, percent = self._said
        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(name, total=100, completed=percent)
        self._bar.start()

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def watching(clock: Clock, timeout: int | None) -> Generator[Watch, None, None]:
    """A watch for one check; whatever happens, no bar is left behind."""
    watch = Watch(clock, timeout)
    try:
        yield watch
    finally:
        watch.close()
