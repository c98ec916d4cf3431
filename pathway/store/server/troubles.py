"""What PostgreSQL and the way to it report, in words: what, why and what to do; no word of any case."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from pathway.store.port import StoreError
from pathway.store.server.address import Address

READ = "cannot be read"
WRITTEN = "cannot be written: nothing was recorded"
SET_UP = "Ask its administrator to run `pathway cases server-setup`"
AGAIN = "Check the server and the network, then try again."

# By SQLSTATE, or by its first two signs, which are its class.
_CAUSES: dict[str, tuple[str, str]] = {
    "25006": ("it may only be read", "Ask its administrator for the right to write, or use the main server."),
    "25P02": ("an earlier part of the same look at it failed", "See there."),
    "25P03": ("it took too long, and the server let others write", "Try again."),
    "3D000": ("there is no such database", "Check its name."),
    "3F000": ("there is no case store in this database", f"{SET_UP}."),
    "42P01": ("there is no case store in this database", f"{SET_UP}."),
    "53100": ("the disk of the server is full", "Have space made there and try again."),
    "53200": ("the server has not enough memory", "Try again, and tell its administrator."),
    "53300": ("the server has no connection left", "Try again, and tell its administrator."),
    "54000": ("it is too long for the server (an id may have 2,000 signs)", "Choose a shorter one."),
    "55P03": ("another program holds it and does not let go", "End that program, then try again."),
    "57014": ("the server was told to stop this", "Try again."),
    "08": ("the connection to the server was lost", AGAIN),
    "23": (
        "rows were added past this program",
        "Find out who writes there; `pathway cases verify` says more.",
    ),
    "28": ("the server does not let this user in", "Check the user and the password."),
    "57": ("the server is being stopped or started", AGAIN),
    "58": ("the server's disk reports an error", "Tell its administrator before going on."),
    "XX": (
        "the server finds its own data damaged",
        "Tell its administrator; take a backup of what is there.",
    ),
}


@contextmanager
def told(doing: str, address: Address) -> Generator[None]:
    """Every fault of the server, and of the way to it, becomes a StoreError. `doing` such as `READ`."""
    try:
        yield
    except NoneFree:
        why = "Reason: this program uses all its connections already"
        raise StoreError(f"The store {address.place} {doing}", why, "Try again.") from None
    except DBAPIError as error:
        raise _error(doing, address, error) from None  # its text may have what was entered in it
    except SQLAlchemyError as error:
        why = f"Reason: SQLAlchemy reports {type(error).__name__}"
        raise StoreError(f"The store {address.place} {doing}", why, AGAIN) from None


def unknown(address: Address) -> StoreError:
    """The connection was lost after the commit was sent and before it was answered."""
    what = f"It is not known whether this was recorded in {address.place}"
    why = "The connection to the server was lost while it was recording"
    return StoreError(what, why, "Look at the case again before you enter it again.")


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone with this fault."""
    state = _state(error)
    return error.connection_invalidated or state is None or state.startswith(("08", "57P"))


def _error(doing: str, address: Address, error: DBAPIError) -> StoreError:
    what, state = f"The store {address.place} {doing}", _state(error)
    if state is None:
        return _way(what, address, error)
    if state == "42501":
        return _right(what, doing)
    found = _CAUSES.get(state, _CAUSES.get(state[:2]))
    if found is None:
        return StoreError(what, f"PostgreSQL reports {state} ({type(error.orig).__name__})", AGAIN)
    return StoreError(what, f"Reason: {found[0]}", found[1])


def _state(error: DBAPIError) -> str | None:
    return error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None


def _right(what: str, doing: str) -> StoreError:
    if doing == READ:
        why = "Reason: this user has no right to read it"
        return StoreError(what, why, f"{SET_UP} with --reader or --writer for this user.")
    if doing != WRITTEN:
        why = "Reason: this user has no right to do that"
        return StoreError(what, why, "Give the address with an administrator's name, or that of its owner.")
    return may_only_be_read(what)


def may_only_be_read(what: str) -> StoreError:
    """A user with no right to write, or a server that takes no entries."""
    return StoreError(what, "Reason: it may only be read", f"{SET_UP} with --writer for this user.")


def _way(what: str, address: Address, error: DBAPIError) -> StoreError:
    """Without a SQLSTATE there was no answer of the server: it was not reached, let us not in, or went."""
    if error.connection_invalidated:
        return StoreError(what, "Reason: the connection to the server was lost", AGAIN)
    said = " ".join(str(error.orig).split()).rstrip(".?")
    if said == "" or address.tells(said):
        said = "there is no connection to the server"
    fix = "Check the server, its address, the user and the password (~/.pgpass)."
    return StoreError(what, f"Reason: {said}", fix)
