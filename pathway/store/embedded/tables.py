"""The rows of a store in one SQLite file (WAL, every commit synced), for any number of programs at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from pathway.logs.durable import PRIVATE, UNFINISHED, sync_folder
from pathway.store.embedded.asking import number, run
from pathway.store.embedded.rows import NoRows, SqliteRows
from pathway.store.embedded.schema import APPLICATION, VERSION, statements
from pathway.store.embedded.troubles import FROM_BACKUP, told
from pathway.store.port import StoreError
from pathway.store.rows import Reading, Step, Writing

_OF_THE_PARENT: list[apsw.Connection] = []  # never closed here: SQLite's files do not survive a fork
UNCERTAIN = "may have recorded the entry or not: look at the case before entering it again"
PATIENCE = 10_000  # milliseconds to wait for another writer


class SqliteTables:
    """`Tables` in a file that only its owner may read.

    `synchronous` FULL is what an acknowledgement rests on: with less, a power cut takes acknowledged steps
    back. `vfs` names another way to the disk. Both are there for the tests that show this.
    """

    def __init__(self, file: Path, *, vfs: str | None = None, synchronous: str = "FULL") -> None:
        self.file = file
        self._vfs = vfs
        self._synchronous = synchronous
        self._open = threading.local()

    @property
    def place(self) -> str:
        return str(self.file)

    @contextmanager
    def reading(self) -> Generator[Reading]:
        """A consistent look; an empty one where there is no file."""
        with told("cannot be read", self.file):
            if not self._is_there():
                yield NoRows()
                return
            connection = self._connection()
            rows = SqliteRows(connection, self.file)
            with self._marking(rows), self._transaction(connection, "BEGIN"):
                yield rows
                run(connection, "ROLLBACK")

    @contextmanager
    def writing(self) -> Generator[Writing]:
        """Alone until it ends; then all that was added is on the disk, or nothing with a StoreError."""
        with told("cannot be written: nothing was recorded", self.file):
            self._refuse_damaged()
            self._make()
            connection = self._connection()
            rows = SqliteRows(connection, self.file)
            with self._marking(rows), self._transaction(connection, "BEGIN IMMEDIATE"):
                yield rows
                self._commit(connection, rows.added)

    def backup(self, file: Path) -> None:
        """A copy of everything in a new file, while others go on recording. Raises StoreError."""
        with told("cannot be copied", self.file):
            if not self._is_there():
                raise StoreError(
                    f"The store {self.file} is not there", "Nothing was kept yet", "Name another."
                )
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
        with told("could not be written", file):
            target = apsw.Connection(str(file))
            try:
                with target.backup("main", self._connection(), "main") as copying:
                    copying.step()
            finally:
                target.close()
            sync_folder(file.absolute().parent)

    def close(self) -> None:
        """Let go of this thread's connection; the next use opens another."""
        held: apsw.Connection | None = getattr(self._open, "connection", None)
        self._open.connection = None
        if held is not None and self._open.process == os.getpid():
            held.close()

    @contextmanager
    def _transaction(self, connection: apsw.Connection, begin: str) -> Generator[None]:
        try:
            run(connection, begin)
            yield
        except BaseException as error:
            cause = error if isinstance(error, apsw.Error) else error.__cause__  # else told by the rows
            # On a full disk the connection is sound, and a new one would ask for room to begin with.
            if isinstance(cause, apsw.Error) and not isinstance(cause, apsw.FullError):
                self._forget(connection)
            elif connection.in_transaction:
                run(connection, "ROLLBACK")
            raise

    def _commit(self, connection: apsw.Connection, added: Step | None) -> None:
        """Commit; where the disk reports a fault, look whether the step is kept all the same."""
        try:
            run(connection, "COMMIT")
        except apsw.FullError:
            raise
        except apsw.Error:
            self._forget(connection)
            if added is None or not self._is_kept(added):
                raise

    def _is_kept(self, step: Step) -> bool:
        with told(UNCERTAIN, self.file):
            return SqliteRows(self._connection(), self.file).step(step.number) == step

    @property
    def _mark(self) -> Path:
        """A file beside the store that says that a part of it could not be read."""
        return self.file.with_name(self.file.name + ".damaged")

    @contextmanager
    def _marking(self, rows: SqliteRows) -> Generator[None]:
        """Once something was unreadable no program writes any more: what is left must not get less."""
        try:
            yield
        finally:
            if rows.damaged and self._vfs is None:
                with suppress(OSError):
                    os.close(os.open(self._mark, os.O_CREAT | os.O_RDWR, PRIVATE))

    def _refuse_damaged(self) -> None:
        if self._vfs is None and self._mark.exists():
            what = f"The store {self.file} is damaged: nothing was recorded"
            why = f"A part of it could not be read; {self._mark.name} beside it says so to every program"
            raise StoreError(what, why, FROM_BACKUP)

    def _forget(self, connection: apsw.Connection) -> None:
        """After a fault of the disk nothing that the connection remembers is relied upon."""
        if connection is getattr(self._open, "connection", None):
            self._open.connection = None
        with suppress(apsw.Error):
            connection.close(force=True)

    def _connection(self) -> apsw.Connection:
        """The connection of this thread."""
        held: apsw.Connection | None = getattr(self._open, "connection", None)
        if held is not None and self._open.process != os.getpid():
            _OF_THE_PARENT.append(held)
            held = None
        if held is None:
            held = self._opened()
            self._open.connection, self._open.process = held, os.getpid()
        return held

    def _opened(self) -> apsw.Connection:
        connection = apsw.Connection(str(self.file), vfs=self._vfs)
        try:
            connection.set_busy_timeout(PATIENCE)
            for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON"):
                run(connection, f"PRAGMA {pragma}")
            self._recognise(connection)
            run(connection, f"PRAGMA synchronous = {self._synchronous}")
            run(connection, "PRAGMA fullfsync = ON")  # macOS: past the disk's own memory too
            _carry_over(connection)
        except BaseException:
            connection.close(force=True)
            raise
        return connection

    def _recognise(self, connection: apsw.Connection) -> None:
        """Refuse another program's file and a later version's; make an empty file a store."""
        if number(connection, "SELECT count(*) FROM sqlite_schema") == 0:
            _begin(connection)
        if number(connection, "PRAGMA application_id") != APPLICATION:
            why = "It is another program's database"
            raise StoreError(f"{self.file} is no case store", why, "Name another file or folder.")
        version = number(connection, "PRAGMA user_version")
        if version > VERSION:
            what = f"The store {self.file} is of version {version}"
            raise StoreError(what, f"This program knows version {VERSION}", "Use the newer program.")

    def _is_there(self) -> bool:
        try:
            return self._vfs is not None or self.file.stat().st_mode > 0
        except FileNotFoundError:
            return False

    def _make(self) -> None:
        """Put a whole, empty store there, for its owner alone; SQLite's other files get the same rights."""
        if self._is_there():
            return
        absent = [folder for folder in self.file.parents if not folder.exists()]
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}-{threading.get_ident()}{UNFINISHED}")
        _remove(fresh)  # what a program of the same number left when the power went
        try:
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
            connection = apsw.Connection(str(fresh))
            _begin(connection)
            connection.close()
            with suppress(FileExistsError):  # another program was quicker
                os.link(fresh, self.file)
        finally:
            _remove(fresh)
        for folder in (self.file, *absent):
            sync_folder(folder.parent)


def _remove(file: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _carry_over(connection: apsw.Connection) -> None:
    """Bring into the file what a killed program or a failed sync left in SQLite's log.

    The disk may not have it yet, though it can be read; nobody is shown it, or adds to it, before it has.
    """
    with suppress(apsw.ReadOnlyError):
        run(connection, "PRAGMA wal_checkpoint(PASSIVE)")


def _begin(connection: apsw.Connection) -> None:
    run(connection, "PRAGMA journal_mode = WAL")
    run(connection, "BEGIN IMMEDIATE")
    run(connection, statements())
    run(connection, f"PRAGMA application_id = {APPLICATION}")
    run(connection, f"PRAGMA user_version = {VERSION}")
    run(connection, "COMMIT")
