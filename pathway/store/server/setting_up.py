"""Making a database ready for cases: its tables, and who may do what with them. An administrator does it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from pathway.store.port import StoreError
from pathway.store.server.address import read_address
from pathway.store.server.schema import LOCK, METADATA, OLDEST, SCHEMA, VERSION, protection, version_in
from pathway.store.server.tables import FOUND, engine_for
from pathway.store.server.troubles import told

_MISTRUST = {
    "fsync": "fsync is off: nothing will be recorded before it is on.",
    "full_page_writes": "full_page_writes is off: a power cut can tear pages where the file system lets it.",
    "data_checksums": "data_checksums is off: the server will not see that its disk changed something.",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database that is ready. `made`: its tables are new. `cautions` are of the server's settings."""

    place: str
    made: bool
    cautions: tuple[str, ...]


def prepare(url: str, writer: str | None = None, reader: str | None = None) -> Prepared:
    """Make the tables where there are none yet, and give two roles their rights: all of it or nothing.

    The user of `url` becomes the owner of the tables. `writer` may read and add, `reader` read, no one else
    anything. Both roles have to be there. Raises StoreError.
    """
    address = read_address(url)
    engine = engine_for(address)
    try:
        with told("cannot be made ready: nothing was changed", address), engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            _refuse_server(connection)
            made = _make(connection, address.place)
            for role, rights in ((writer, "SELECT, INSERT"), (reader, "SELECT")):
                if role is not None:
                    _grant(connection, role, rights)
            return Prepared(address.place, made, tuple(_cautions(connection)))
    finally:
        engine.dispose()


def _refuse_server(connection: Connection) -> None:
    found = connection.execute(
        text("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
    )
    version, encoding = found.one()
    if version < OLDEST:
        why = f"It runs PostgreSQL {version}"
        raise StoreError("This server cannot keep cases", why, f"PostgreSQL {OLDEST} or newer is needed.")
    if encoding != "UTF8":
        fix = "Make a database with ENCODING 'UTF8' and name that one."
        raise StoreError("This database cannot keep cases", f"Its encoding is {encoding}", fix)


def _make(connection: Connection, place: str) -> bool:
    """Make the tables; False where they are there."""
    is_there, note = connection.execute(text(FOUND)).one()
    if is_there:
        if version_in(note) != VERSION:
            why = f"There is a schema {SCHEMA} already, of another program or another version of this one"
            raise StoreError(f"{place} was not made ready", why, "Name another database.")
        return False
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    METADATA.create_all(connection, checkfirst=False)
    for statement in protection():
        connection.execute(text(statement))
    for what in ("SCHEMA", "ALL TABLES IN SCHEMA", "ALL FUNCTIONS IN SCHEMA"):
        connection.execute(text(f"REVOKE ALL ON {what} {SCHEMA} FROM PUBLIC"))
    return True


def _grant(connection: Connection, role: str, rights: str) -> None:
    """Give a role these rights and take all others."""
    what = f"The role {role!r} was given no rights, and nothing was changed"
    asked = text(
        "SELECT pg_has_role(oid, current_user, 'MEMBER') FROM pg_catalog.pg_roles WHERE rolname = :role"
    )
    is_owner = connection.execute(asked.bindparams(role=role)).scalar_one_or_none()
    if is_owner is None:
        fix = f"Make it first, such as: CREATE ROLE {role} LOGIN. Then run this again."
        raise StoreError(what, "The server has no such role", fix)
    if is_owner:
        why = "It may do whatever the owner of the tables may, or is a superuser"
        raise StoreError(what, why, "Name a role of its own that is neither.")
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    for statement in (
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {quoted}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {quoted}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted}",
        f"GRANT {rights} ON ALL TABLES IN SCHEMA {SCHEMA} TO {quoted}",
    ):
        connection.exec_driver_sql(statement)


def _cautions(connection: Connection) -> Generator[str]:
    for setting, caution in _MISTRUST.items():
        asked = text("SELECT current_setting(:setting)").bindparams(setting=setting)
        if connection.execute(asked).scalar_one() != "on":
            yield caution
