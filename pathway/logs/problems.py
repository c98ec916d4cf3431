"""The one error of this room: what is wrong with a log, on which line, why it matters, what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from pathway.language.problems import Fault, shortened

RESTORE = "Take the log from a copy or a backup, or keep the good part before this line."


class LogError(Fault):
    """A log cannot be read or written. `line` counts from 1, the header; None concerns the whole file.

    `torn` marks a last line without its line end, as a crash in mid-write leaves it.
    """

    def __init__(
        self,
        what: str,
        why: str,
        fix: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        torn: bool = False,
    ) -> None:
        self.what = shortened(what)
        self.why = shortened(why)
        self.fix = fix
        self.path = path
        self.line = line
        self.torn = torn
        super().__init__(f"{self.place}{self.what}. {self.why}. {fix}")

    def located(self, path: Path, line: int | None) -> LogError:
        """The same problem with its place."""
        return LogError(self.what, self.why, self.fix, path=path, line=line, torn=self.torn)

    @property
    def place(self) -> str:
        """`file:line: ` as far as known, ready to stand before a message."""
        parts = [str(part) for part in (self.path, self.line) if part is not None]
        return ":".join(parts) + ": " if parts else ""


_CAUSES = {
    errno.ENOSPC: ("the disk is full", "Free some space and try again."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space and try again."),
    errno.EFBIG: ("the file may not grow any further", "Raise the limit on file sizes (ulimit -f)."),
    errno.EACCES: ("permission denied", "Ask for the right to use this place, or name another one."),
    errno.EPERM: ("permission denied", "Ask for the right to use this place, or name another one."),
    errno.EROFS: ("the disk is read-only", "Name a place that can be written."),
    errno.ENOENT: ("there is no such file or folder", "Check the name."),
    errno.EEXIST: ("a file of that name is in the way", "Name another place."),
    errno.EISDIR: ("it is a folder", "Name a file."),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", "Check the name."),
    errno.EIO: ("the disk reports an error", "Check the disk before going on."),
}


def disk_cause(error: OSError) -> tuple[str, str]:
    """Why the disk refused, and what to do, in plain words."""
    known = _CAUSES.get(error.errno or 0)
    return known or (error.strerror or str(error), "Check the disk and the name of the file.")


def disk_error(doing: str, path: Path, error: OSError) -> LogError:
    """`doing` such as `cannot be read`."""
    cause, fix = disk_cause(error)
    return LogError(f"This log {doing}", f"Reason: {cause}", fix, path=path)
