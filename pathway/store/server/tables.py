"""The rows of a store in a PostgreSQL database, for any number of people and programs at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, QueuePool, TextClause, create_engine, text
from sqlalchemy.exc import DBAPIError

from pathway.store.port import StoreError
from pathway.store.rows import Reading, Writing
from pathway.store.server.address import PATIENCE, Address, read_address
from pathway.store.server.rows import ServerRows
from pathway.store.server.schema import LOCK, SCHEMA, VERSION, version_in
from pathway.store.server.troubles import READ, SET_UP, WRITTEN, is_lost, may_only_be_read, told, unknown

MOST = 8  # connections of one program; one is kept, the others are let go after use
FOUND = (
    f"SELECT to_regnamespace('{SCHEMA}') IS NOT NULL, "
    f"obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')"
)
_TURN = text(f"SELECT pg_advisory_xact_lock({LOCK})")


def terms(patience: int) -> TextClause:
    """Asks on what terms one may write, and sets for how long a writer is waited for, in seconds.

    One who is gone or asleep in the middle of it is cut off by the server after twice that.
    """
    return text(
        f"SELECT set_config('lock_timeout', '{patience}s', true), "
        f"set_config('idle_in_transaction_session_timeout', '{2 * patience}s', true), "
        "set_config('synchronous_commit', CASE current_setting('synchronous_commit') "
        "WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true) AS commit, "
        "current_setting('fsync') AS fsync, "
        f"has_schema_privilege('{SCHEMA}', 'USAGE') AND has_table_privilege('{SCHEMA}.step', 'INSERT') AS may"
    )


TERMS = terms(PATIENCE)


class ServerTables:
    """`Tables` in a database that an administrator made ready (`prepare`)."""

    def __init__(self, url: str) -> None:
        """Nothing is connected yet. Raises StoreError for a URL that cannot be read."""
        self._address = read_address(url)
        self._engine = engine_for(self._address, self._recognise)
        self._process = os.getpid()
        self._in_doubt = False

    @property
    def place(self) -> str:
        """The database, without user and password."""
        return self._address.place

    @contextmanager
    def reading(self) -> Generator[Reading]:
        """A consistent look: whatever is recorded meanwhile, all that is asked is of one moment."""
        with told(READ, self._address):
            self._settle()
            with self._connection("REPEATABLE READ", postgresql_readonly=True) as connection:
                yield ServerRows(connection, self._address, READ)

    @contextmanager
    def writing(self) -> Generator[Writing]:
        """Alone until it ends; then everything added is on the server's disk, or nothing with a StoreError.

        Where the connection is lost at the very end, the error says that it is not known which.
        """
        with told(WRITTEN, self._address), self._connection("READ COMMITTED") as connection:
            self._take_turn(connection)
            yield ServerRows(connection, self._address, WRITTEN)
            self._commit(connection)

    def close(self) -> None:
        """Let go of the connections; the next use opens others."""
        self._engine.dispose(close=self._process == os.getpid())

    def _take_turn(self, connection: Connection) -> None:
        """Wait until no one else writes. What another one commits before is seen then (READ COMMITTED)."""
        found = connection.execute(TERMS).one()
        what = f"The store {self.place} {WRITTEN}"
        if not found.may:
            raise may_only_be_read(what)
        if found.fsync != "on" or found.commit not in ("on", "remote_apply"):
            why = "This server does not wait for its disk (fsync is off): a power cut would take entries back"
            raise StoreError(what, why, "Have its administrator set fsync = on.")
        connection.execute(_TURN)

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except BaseException as error:
            self._in_doubt = True
            if isinstance(error, DBAPIError) and is_lost(error):
                raise unknown(self._address) from None
            raise

    def _settle(self) -> None:
        """After a commit whose answer was lost: wait until the server is through with it, either way."""
        if not self._in_doubt:
            return
        self._in_doubt = False
        try:
            with self._connection("READ COMMITTED") as connection:
                connection.execute(TERMS)
                connection.execute(_TURN)
        except BaseException:
            self._in_doubt = True
            raise

    @contextmanager
    def _connection(self, isolation: Any, **options: Any) -> Generator[Connection]:
        if self._process != os.getpid():  # a fork: the connections are the parent's
            self._engine.dispose(close=False)
            self._process = os.getpid()
        with self._engine.connect() as connection:
            yield connection.execution_options(isolation_level=isolation, **options)

    def _recognise(self, connection: psycopg.Connection) -> None:
        """Refuse a database with no store, with another's schema, and with a later version's tables."""
        is_there, note = connection.execute(FOUND).fetchone() or (False, None)
        what = f"There is no case store in {self.place}"
        if not is_there:
            raise StoreError(what, "Its tables were not made yet", f"{SET_UP} for it.")
        version = version_in(note)
        if version is None:
            raise StoreError(what, f"Its schema {SCHEMA} is another program's", "Name another database.")
        if version > VERSION:
            what = f"The store {self.place} is of version {version}"
            raise StoreError(what, f"This program knows version {VERSION}", "Use the newer program.")


def engine_for(address: Address, check: Callable[[psycopg.Connection], None] | None = None) -> Engine:
    """An engine whose connections are checked when they are made, and again before each use."""

    def connected() -> psycopg.Connection:
        connection = psycopg.connect(address.conninfo, autocommit=True)
        try:
            if check is not None:
                check(connection)
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    return create_engine(
        "postgresql+psycopg://",
        creator=connected,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=MOST - 1,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        hide_parameters=True,
        use_native_hstore=False,
    )
