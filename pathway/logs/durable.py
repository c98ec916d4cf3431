"""Files that are on the disk, not only in memory, when a call returns."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from itertools import chain, count
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PRIVATE = 0o600  # a log is a patient's record
UNFINISHED = ".new"  # ends the name of a file that a crash left half written; safe to remove


def replace_file(path: Path, data: bytes) -> None:
    """Write a whole file so that after a crash either the old or the new content is there, never a mixture.

    A device or pipe is written to directly. Raises OSError; the old content then still stands.
    """
    real = Path(os.path.realpath(path))
    if real.exists() and not stat.S_ISREG(real.stat().st_mode):
        real.write_bytes(data)
        return
    fresh = real.with_name(f".{real.name}.{os.getpid()}{UNFINISHED}")
    try:
        _write_new(fresh, data)
        os.replace(fresh, real)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(real.parent)


def free_name(path: Path) -> Path:
    """`path`, or the first of `path.2`, `path.3`, ... that is not taken."""
    names = (path.with_name(f"{path.name}.{number}") for number in count(2))
    return next(name for name in chain((path,), names) if not name.exists())


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes and wait until the disk has them. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def open_for_append(path: Path, *, new: bool) -> int:
    """A descriptor whose writes all go to the end; `new` refuses an existing file. Raises OSError."""
    flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | (os.O_CREAT | os.O_EXCL if new else 0), PRIVATE)


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` durable; Windows has no such call. Raises OSError."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Whether this process now holds the file alone; the lock ends when the descriptor is closed."""
    with contextlib.suppress(BlockingIOError, PermissionError):
        if sys.platform == "win32":
            os.lseek(descriptor, 1 << 40, os.SEEK_SET)  # beyond the content: Windows locks keep readers out
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _write_new(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, PRIVATE)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)
