"""The store on a PostgreSQL server, for a team: the same rows and rules as in a file of one's own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pathway.store.heads import Heads
from pathway.store.port import StoreError
from pathway.store.tabled import TabledStore

if TYPE_CHECKING:
    from pathway.store.server.setting_up import Prepared


def server_store(url: str, heads: Callable[[str], Heads] | None = None) -> TabledStore:
    """The store in the database that a URL names (postgresql://USER@HOST/DATABASE); connected on first use.

    `heads` gives the noted heads of a place. Raises StoreError for a URL that cannot be read, and where the
    libraries for it are missing.
    """
    with _libraries():
        from pathway.store.server.tables import ServerTables
    tables = ServerTables(url)
    return TabledStore(tables, None if heads is None else heads(tables.place))


def prepare_database(url: str, writer: str | None = None, reader: str | None = None) -> Prepared:
    """Make a database ready for cases, as its administrator: see `prepare`. Raises StoreError."""
    with _libraries():
        from pathway.store.server.setting_up import prepare
    return prepare(url, writer, reader)


@contextmanager
def _libraries() -> Generator[None]:
    """SQLAlchemy and psycopg are loaded only here, and need not be installed elsewhere."""
    try:
        yield
    except ImportError as error:
        why = f"SQLAlchemy or psycopg is not installed ({error})"
        fix = "Install both: pip install 'clinical-pathway[server]'"
        raise StoreError("A store on a server cannot be used here", why, fix) from error
