"""A way to the disk that tells everything it was asked to do, for power cuts to be imagined afterwards.

SQLite works on real files through it, with its own locks and shared memory, so all is as in production.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import apsw

WAL_OR_JOURNAL = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL


@dataclass(frozen=True, slots=True)
class Named:
    """A file got a name in the folder; None: the name was taken away."""

    name: str
    file: int | None


@dataclass(frozen=True, slots=True)
class Written:
    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Shortened:
    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The disk was told to keep a file (None: no file), with `folder` also the names in the folder."""

    file: int | None
    folder: bool


@dataclass(frozen=True, slots=True)
class NotSynced:
    """The disk could not keep a file. The program still reads what it wrote; the disk has forgotten it."""

    file: int


@dataclass(frozen=True, slots=True)
class Told:
    """A call returned: so many steps are in the store, as the user was told."""

    steps: int
    seal: str


Happening = Named | Written | Shortened | Synced | NotSynced | Told


@dataclass(slots=True)
class Trace:
    """What happened to the files in one folder, in order; `began` is what they held before."""

    folder: Path
    began: dict[str, bytes] = field(default_factory=dict[str, bytes])
    happened: list[Happening] = field(default_factory=list[Happening])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    files: int = 0

    def ask(self, what: str, name: str) -> None:
        """The disk is about to be asked for this. A subclass raises apsw.Error where it fails."""

    def begin(self) -> None:
        """What is in the folder now is on the disk for good."""
        for path in sorted(self.folder.iterdir()):
            self.began[path.name] = path.read_bytes()
            self.numbers[path.name] = self.files
            self.files += 1

    def number(self, name: str) -> int:
        """The file of this name now; a new one where there was none."""
        if name not in self.numbers:
            self.numbers[name] = self.files
            self.happened.append(Named(name, self.files))
            self.files += 1
        return self.numbers[name]

    def named_too(self, old: str, new: str) -> None:
        """A file got a second name."""
        self.numbers[new] = self.numbers[old]
        self.happened.append(Named(new, self.numbers[new]))

    def taken_away(self, name: str, folder: bool) -> None:
        if self.numbers.pop(name, None) is not None:
            self.happened.append(Named(name, None))
        if folder:
            self.happened.append(Synced(None, True))


class _File(apsw.VFSFile):
    def __init__(self, base: str, trace: Trace, name: Any, flags: list[int]) -> None:
        self._name = Path(name if isinstance(name, str) else name.filename()).name
        trace.ask("open", self._name)
        super().__init__(base, name, flags)
        self._trace = trace
        self._number = trace.number(self._name)
        # SQLite syncs the folder with the first sync of a log that it may have made.
        self._with_folder = bool(flags[0] & WAL_OR_JOURNAL)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._trace.ask("read", self._name)
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._trace.ask("write", self._name)
        super().xWrite(data, offset)
        self._trace.happened.append(Written(self._number, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._trace.ask("truncate", self._name)
        super().xTruncate(newsize)
        self._trace.happened.append(Shortened(self._number, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        try:
            self._trace.ask("sync", self._name)
        except apsw.Error:
            self._trace.happened.append(NotSynced(self._number))
            raise
        super().xSync(flags)
        self._trace.happened.append(Synced(self._number, self._with_folder))
        self._with_folder = False


class RecordingDisk(apsw.VFS):
    """Registered under `name` until `unregister` is called; all use it if it is the `usual` one."""

    def __init__(self, name: str, trace: Trace, *, usual: bool = False) -> None:
        self._base = apsw.vfs_names()[0]
        super().__init__(name, self._base, usual)
        self._trace = trace

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        if name is None:  # a file of SQLite's own that is never read again
            return cast(apsw.VFSFile, super().xOpen(name, flags))
        return _File(self._base, self._trace, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._trace.ask("delete", Path(filename).name)
        super().xDelete(filename, syncdir)
        self._trace.taken_away(Path(filename).name, syncdir)
