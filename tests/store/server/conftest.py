"""One PostgreSQL server for all tests here, and a fresh store on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.store.heads import Heads
from pathway.store.server import server_store as store_at
from pathway.store.tabled import TabledStore

if sys.platform == "win32":  # PostgreSQL is run there in another way
    collect_ignore_glob = ["*.py"]
else:
    from tests.store.server.postgres import DATABASE, PASSWORD, Postgres, programs, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server with a database for cases and the roles `writer` and `reader`.

    PATHWAY_POSTGRES is `required` where one has to be there, `none` where one is not to be looked for.
    """
    wanted = os.environ.get("PATHWAY_POSTGRES", "")
    found = None if wanted == "none" else programs()
    if found is None:
        missing = "PostgreSQL is not wanted or not installed here (on Debian: apt-get install postgresql)"
        assert wanted != "required", missing
        pytest.skip(missing)
    with running(found) as server:
        roles = [f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'" for role in ("writer", "reader")]
        # In a language that does not sort as a file of one's own does.
        language = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de'"
        server.administer("postgres", *roles, f"CREATE DATABASE {DATABASE} {language}")
        yield server


@pytest.fixture
def server_store(postgres: Postgres, tmp_path: Path) -> TabledStore:
    """An empty store on it, as the application's role has it."""
    postgres.empty()
    return store_at(postgres.url("writer"), lambda place: Heads(tmp_path / "heads", place))


@pytest.fixture
def kept(server_store: TabledStore, header: Header, events: tuple[Event, ...]) -> TabledStore:
    """The store with one case of three events."""
    server_store.create(header, events[:3])
    return server_store
