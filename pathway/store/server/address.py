"""The address of a store on a server, and what of it may be shown: neither the user nor the password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pathway.store.port import StoreError

PATIENCE = 10  # seconds to wait for the server, for another writer, for a connection of our own
DEFAULTS = {
    "application_name": "pathway",
    "connect_timeout": str(PATIENCE),
    # A network that swallows everything is noticed within half a minute, not within hours.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
# A password that is not encoded spills over into these parts; nothing with an @ in it is ever shown.
_HOST = re.compile(r"[^\s@?#\"']*")
_PORT = re.compile(r"[0-9,]*")
_NAME = re.compile(r"[^\s@/?#:\"']*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. `place` names it for messages, the same for every user of it."""

    place: str
    conninfo: str = field(repr=False)
    password: str = field(repr=False)

    def tells(self, text: str) -> bool:
        """Whether a text has the password in it."""
        return bool(self.password) and self.password in text


def read_address(url: str) -> Address:
    """The address in a URL. Raises StoreError, with nothing of the URL in it."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise _unreadable() from None  # what libpq says of it may have the password in it
    options = {name: str(value) for name, value in given.items() if value is not None}
    host, port = options.get("host", ""), options.get("port", "")
    database = options.get("dbname", options.get("user", ""))
    service = options.get("service", "")
    names = (_NAME.fullmatch(name) for name in (database, service))
    if not (_HOST.fullmatch(host) and _PORT.fullmatch(port) and all(names)):
        raise _unreadable()
    conninfo = make_conninfo(**{**DEFAULTS, **options, "client_encoding": "UTF8"})
    return Address(_place(host, port, database, service), conninfo, options.get("password", ""))


def _place(host: str, port: str, database: str, service: str) -> str:
    at_port = "" if port in ("", "5432") else f":{port}"
    is_socket = host.startswith("/")
    shown = "" if is_socket else host
    asked = [f"host={host}"] if is_socket else []
    asked += [f"service={service}"] if service else []
    return f"postgresql://{shown}{at_port}/{quote(database)}" + ("?" if asked else "") + "&".join(asked)


def _unreadable() -> StoreError:
    fix = (
        "Write postgresql://USER@HOST/DATABASE and keep the password in ~/.pgpass. In an address, "
        "every sign of it that is neither a letter nor a digit is written as %XX (@ is %40, / is %2F)."
    )
    why = "It is none of a PostgreSQL database; it is not repeated here, for there may be a password in it"
    return StoreError("The address of the store cannot be read", why, fix)
