"""Where cases are kept: a file of one's own, a file that is named, or a server."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path, user_state_path

from pathway.store.embedded.tables import SqliteTables
from pathway.store.heads import Heads
from pathway.store.port import StoreError
from pathway.store.tabled import TabledStore

FILE = "cases.sqlite"
_SERVER = ("postgresql://", "postgres://")
_SUFFIXES = (".sqlite", ".sqlite3", ".db")


def store_place(chosen: str | Path | None = None) -> str | Path:
    """The URL of a server or the file: of the chosen place, else $PATHWAY_STORE, else the user's data folder.

    A folder holds `cases.sqlite`. Raises StoreError for a URL of another kind.
    """
    named = os.environ.get("PATHWAY_STORE", "") if chosen is None else str(chosen)
    if named == "":
        return user_data_path("clinical-pathway", appauthor=False) / "cases" / FILE
    if named.startswith(_SERVER):
        return named
    if "://" in named:
        what = "This store is not known"
        fix = "Name a folder, a file, or postgresql://USER@HOST/DATABASE."
        raise StoreError(what, "Its address begins with neither a path nor postgresql://", fix)
    path = Path(named)
    return path if path.suffix in _SUFFIXES and not os.path.isdir(path) else path / FILE


def open_store(chosen: str | Path | None = None, *, heads: bool = True) -> TabledStore:
    """The store at a place; nothing is made before something is kept. Raises StoreError.

    With `heads`, the head of every recorded step is noted in the user's state folder too.
    """
    place = store_place(chosen)
    if isinstance(place, str):
        from pathway.store.server import server_store  # only who asks for a server needs its libraries

        return server_store(place, heads_of if heads else None)
    return TabledStore(SqliteTables(place), heads_of(os.path.realpath(place)) if heads else None)


def heads_of(place: str) -> Heads:
    """The noted heads of the store at a place."""
    chosen = os.environ.get("PATHWAY_HEADS", "")
    folder = Path(chosen) if chosen else user_state_path("clinical-pathway", appauthor=False) / "heads"
    return Heads(folder, place)
