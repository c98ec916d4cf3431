"""Logs as files of JSON lines: read strictly, written whole or event by event, durable when acknowledged."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from pathway.engine.events import Event
from pathway.logs.chain import Chain, Header, Log, log_lines
from pathway.logs.durable import free_name, open_for_append, replace_file, sync_folder, try_lock, write_all
from pathway.logs.problems import LogError, disk_error
from pathway.logs.reading import read_lines
from pathway.logs.wire import parsed


def write_log(path: Path, header: Header, events: Iterable[Event]) -> str:
    """Write a whole log, replacing what stood there; returns its head hash. Raises LogError.

    After a crash either the old or the new file is there, never a part of one.
    """
    try:
        lines = tuple(log_lines(header, events))
        replace_file(path, b"".join(lines))
    except LogError as error:
        raise error.located(path, None) from None
    except OSError as error:
        raise disk_error("cannot be written", path, error) from error
    return str(parsed(lines[-1])["hash"])


def read_log(path: Path, *, repair: bool = False) -> Log:
    """The log in a file, every line checked. Raises LogError naming the line, what, why and what to do.

    With `repair` a problem after the header is returned in the log, with the good lines before it.
    """
    try:
        with path.open("rb") as file:
            reading = read_lines(path, file)
    except OSError as error:
        raise disk_error("cannot be read", path, error) from error
    if reading.problem is not None and not repair:
        raise reading.problem
    return reading.log


class LogWriter:
    """Appends events to a log file; what `append` returned from is on the disk. One writer a file.

    `head` is the hash of the last line, `set_aside` the file that holds a torn line found on opening.
    """

    def __init__(self, path: Path, descriptor: int, chain: Chain, size: int) -> None:
        self.path = path
        self.set_aside: Path | None = None
        self._descriptor = descriptor
        self._chain = chain
        self._size = size
        self._open = True

    @classmethod
    def create(cls, path: Path, header: Header) -> LogWriter:
        """Begin a new log; an existing file is refused. Raises LogError."""
        chain = Chain.start(header)
        try:
            return cls(path, open_for_append(path, new=True), chain, 0)._begun()
        except FileExistsError:
            what, fix = "There is already a file of this name", "Name another file, or continue that log."
            raise LogError(what, "A new log never replaces one", fix, path=path) from None
        except OSError as error:
            raise disk_error("cannot be begun", path, error) from error

    @classmethod
    def resume(cls, path: Path, *, repair: bool = False) -> LogWriter:
        """Continue a log. Raises LogError if any line is damaged.

        With `repair` a last line torn by a crash is moved to the file `set_aside`: it was never
        acknowledged, and nothing is lost.
        """
        try:
            return cls(path, open_for_append(path, new=False), Chain("", b""), 0)._resumed(repair)
        except OSError as error:
            raise disk_error("cannot be continued", path, error) from error

    @property
    def head(self) -> str:
        return self._chain.head

    def append(self, events: Iterable[Event]) -> None:
        """Append events and wait until the disk has them. Raises LogError; then none is in the log."""
        chain, lines = self._chain, list[bytes]()
        try:
            for event in events:
                chain = chain.then(event)
                lines.append(chain.line)
            self._write(b"".join(lines), chain)
        except LogError as error:
            raise error.located(self.path, None) from None
        except OSError as error:
            raise disk_error("could not be written to", self.path, error) from error

    def close(self) -> None:
        if self._open:
            self._open = False
            os.close(self._descriptor)

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begun(self) -> LogWriter:
        with ExitStack() as failed:
            failed.callback(self.path.unlink)
            failed.callback(self.close)
            self._lock()
            self._write(self._chain.line, self._chain)
            sync_folder(self.path.parent)
            failed.pop_all()
        return self

    def _resumed(self, repair: bool) -> LogWriter:
        with ExitStack() as failed:
            failed.callback(self.close)
            self._lock()
            with self.path.open("rb") as file:
                reading = read_lines(self.path, file)
            self._chain, self._size = reading.chain, reading.size
            if reading.problem is not None:
                self._set_tail_aside(reading.problem, repair)
            failed.pop_all()
        return self

    def _lock(self) -> None:
        if not try_lock(self._descriptor):
            what, why = "Another program is writing this log", "Lines of two writers would mix"
            raise LogError(what, why, "End that program first.", path=self.path)

    def _set_tail_aside(self, problem: LogError, repair: bool) -> None:
        if not (repair and problem.torn):
            raise problem
        self.set_aside = free_name(self.path.with_name(self.path.name + ".torn"))
        replace_file(self.set_aside, self.path.read_bytes()[self._size :])
        self._cut_to_size()

    def _write(self, data: bytes, chain: Chain) -> None:
        if not self._open:
            raise LogError("This log is closed", "Nothing can be added to it here", "Open it again.")
        if os.fstat(self._descriptor).st_size != self._size:
            why = "Its length is not what this program wrote, so the chain would break"
            raise LogError("Another program changed this log", why, "Close it and open it again.")
        kept = False
        try:
            write_all(self._descriptor, data)
            self._chain, self._size = chain, self._size + len(data)
            kept = True
        finally:
            if not kept:
                self._take_back()

    def _take_back(self) -> None:
        """Cut off what was not acknowledged; where even that fails, the log takes nothing more."""
        try:
            self._cut_to_size()
        except OSError:
            self.close()

    def _cut_to_size(self) -> None:
        os.ftruncate(self._descriptor, self._size)
        os.fsync(self._descriptor)
