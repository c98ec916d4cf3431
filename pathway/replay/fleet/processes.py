"""Files replayed by processes of this machine, one file at a time each; a killed one costs a retry.

Each process is given its next file only when it is done with the last, so that it is always known which
file one had when it was killed.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from pathway.replay.fleet.work import Outcome, S, Work

TRIES = 3  # a file whose process was killed so often is reported

_FRESH = get_context("spawn")


class _Worker:
    """A process, and the file that it has."""

    def __init__(self, work: Work[Any]) -> None:
        self.connection, theirs = _FRESH.Pipe()
        self.process: SpawnProcess = _FRESH.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()  # so that the end of the process is the end of the connection
        self.file: str | None = None
        self.tries = 0

    def give(self, file: str, tries: int) -> None:
        self.file, self.tries = file, tries
        try:
            self.connection.send(file)
        except OSError:
            return  # it has ended already, which the next look at it tells

    def taken(self) -> Outcome[Any] | None:
        """What became of the file; None where the process was killed."""
        try:
            outcome: Outcome[Any] = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            return None
        return outcome

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def by_processes(
    work: Work[S], files: Sequence[str], workers: int, tries: int = TRIES
) -> Iterator[Outcome[S]]:
    """The outcome of every file, as each is done, by so many processes. Every file has one outcome."""
    todo = deque((file, 1) for file in files)
    with _crew() as crew:
        while todo or any(worker.file is not None for worker in crew):
            _give_out(todo, crew, work, workers)
            busy = {worker.connection: worker for worker in crew if worker.file is not None}
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                yield from _taken(busy[connection], crew, todo, tries)


def _give_out(todo: deque[tuple[str, int]], crew: list[_Worker], work: Work[Any], workers: int) -> None:
    idle = [worker for worker in crew if worker.file is None]
    while todo and (idle or len(crew) < workers):
        if not idle:
            idle.append(_Worker(work))
            crew.append(idle[-1])
        idle.pop().give(*todo.popleft())


def _taken(
    worker: _Worker, crew: list[_Worker], todo: deque[tuple[str, int]], tries: int
) -> Iterator[Outcome[Any]]:
    outcome, file = worker.taken(), worker.file
    assert file is not None
    worker.file = None
    if outcome is not None:
        yield outcome
        return
    crew.remove(worker)
    code = worker.process.exitcode
    worker.end()
    if worker.tries < tries:
        todo.append((file, worker.tries + 1))
    else:
        yield Outcome(file, failure=f"its process ended {tries} times in the midst of it, {_ended(code)}")


def _ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"with exit code {code}: it says above why"
    known = {number.value: number.name for number in signal.Signals}
    return f"killed by {known.get(-code, f'signal {-code}')}: maybe for want of memory"


@contextmanager
def _crew() -> Generator[list[_Worker]]:
    """The processes; whatever happens, none is left behind."""
    crew: list[_Worker] = []
    try:
        yield crew
    finally:
        for worker in crew:
            worker.end()


def _serve(connection: Connection, work: Work[Any]) -> None:
    """Replay one file after the other, until the other side has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is for the process that gives out files
    while True:
        try:
            file: str = connection.recv()
        except EOFError:
            return
        connection.send(work(file))
