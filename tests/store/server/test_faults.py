"""What happens to cases when the server, its disk or the way to it fails; and what nobody gets to see."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from pathway.engine.events import CaseOpened, Event, NoteAdded
from pathway.logs.chain import Header
from pathway.store.port import StoreError
from pathway.store.server import server_store as store_at
from pathway.store.server import tables
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify
from tests.store.server.postgres import DATABASE, PASSWORD, Postgres

pytestmark = pytest.mark.xdist_group("postgres")
# The last word of a server that ends a connection may arrive or not.
GONE = "(the connection to the server was lost|the server is being stopped|it took too long)"
Events = tuple[Event, ...]


def record_until_it_fails(store: TabledStore, case: str, kept: list[int]) -> None:
    """Add events one at a time; `kept` is how many the store said to have."""
    at = 1_772_352_000
    try:
        for seq in range(kept[0] + 1, 100_000):
            event = NoteAdded(seq=seq, batch=seq, at=at, recorded_at=at, by="a", text="seen")
            store.append(case, [event], expected_seq=kept[0])
            kept[0] = seq
    except StoreError:
        return


def killed_while_recording(postgres: Postgres, store: TabledStore, header: Header, times: int) -> None:
    """Two people record without a pause while the server is killed; then it is started and looked at."""
    opened = CaseOpened(seq=1, batch=1, at=0, recorded_at=0, by="a", timezone="UTC", label=None)
    for time_number in range(times):
        kept: dict[str, list[int]] = {f"V-{time_number}-{person}": [1] for person in range(2)}
        for case in kept:
            store.create(replace(header, case=case), [opened])
        writers = [threading.Thread(target=record_until_it_fails, args=(store, *one)) for one in kept.items()]
        for writer in writers:
            writer.start()
        while min(acknowledged[0] for acknowledged in kept.values()) < 3:
            time.sleep(0.01)
        time.sleep(0.017 * (time_number % 7))
        postgres.kill()
        for writer in writers:
            writer.join()
        postgres.start()
        for case, acknowledged in kept.items():
            assert store.length(case) - acknowledged[0] in (0, 1), "one may be kept and not acknowledged"
    assert verify(store.tables) == []


def test_a_killed_server_loses_nothing_it_acknowledged(
    postgres: Postgres, server_store: TabledStore, header: Header
) -> None:
    """Even where its administrator has it acknowledge before it has written, as the control shows."""
    postgres.administer("postgres", f"ALTER DATABASE {DATABASE} SET synchronous_commit = off")
    try:
        killed_while_recording(postgres, server_store, header, times=3)
        postgres.administer(DATABASE, "INSERT INTO pathway_cases.definition VALUES ('control', 'kept')")
        postgres.kill()
        postgres.start()
        assert server_store.definition("control") is None, "the control should have been lost"
    finally:
        postgres.administer("postgres", f"ALTER DATABASE {DATABASE} RESET synchronous_commit")


@pytest.mark.campaign
def test_thirty_kills_lose_nothing(postgres: Postgres, server_store: TabledStore, header: Header) -> None:
    killed_while_recording(postgres, server_store, header, times=30)


@pytest.mark.parametrize("arrives", [True, False])
def test_when_the_answer_to_a_commit_is_lost_nobody_claims_to_know(
    arrives: bool, kept: TabledStore, postgres: Postgres, events: Events
) -> None:
    with cut_at_commit(postgres, arrives=arrives) as address:
        store = store_at(postgres.url("writer").replace(str(postgres.folder), str(address)))
        with pytest.raises(StoreError, match="It is not known whether this was recorded") as told:
            store.append("V-demo", events[3:4], expected_seq=3)
        assert "Look at the case again" in told.value.fix
        assert store.length("V-demo") == (4 if arrives else 3), "the next call waits until it is known"
        assert verify(store.tables) == []


def test_a_connection_that_was_lost_meanwhile_is_made_anew(
    kept: TabledStore, postgres: Postgres, events: Events
) -> None:
    postgres.cut_connections()
    kept.append("V-demo", events[3:4], expected_seq=3)
    with pytest.raises(StoreError, match=rf"cannot be read\. Reason: {GONE}"):
        look_while(postgres.cut_connections, kept)
    with pytest.raises(StoreError, match=rf"nothing was recorded\. Reason: {GONE}"):
        write_while(postgres.cut_connections, kept)
    assert kept.load("V-demo").events == events[:4]


def test_a_writer_who_sleeps_does_not_hold_up_the_others_for_good(
    kept: TabledStore, postgres: Postgres, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "TERMS", tables.terms(patience=1))

    def sleep() -> None:
        with pytest.raises(StoreError, match="another program holds it and does not let go"):
            kept.append("V-demo", events[3:4], expected_seq=3)
        time.sleep(1.5)
        kept.append("V-demo", events[3:4], expected_seq=3)

    with pytest.raises(StoreError, match=rf"nothing was recorded\. Reason: {GONE}"):
        write_while(sleep, store_at(postgres.url("writer")))
    assert (kept.length("V-demo"), kept.definition("text")) == (4, None)


def look_while(something: Callable[[], None], store: TabledStore) -> None:
    with store.tables.reading() as rows:
        something()
        rows.last_step()


def write_while(something: Callable[[], None], store: TabledStore) -> None:
    with store.tables.writing() as rows:
        something()
        rows.add_definition("text", "text")


def test_a_server_that_does_not_wait_for_its_disk_is_given_nothing(
    kept: TabledStore, postgres: Postgres, events: Events
) -> None:
    try:
        set_fsync(postgres, "off")
        with pytest.raises(StoreError, match="This server does not wait for its disk"):
            kept.append("V-demo", events[3:4], expected_seq=3)
        assert kept.load("V-demo").events == events[:3]
    finally:
        set_fsync(postgres, "on")
    kept.append("V-demo", events[3:4], expected_seq=3)


def test_a_password_is_never_told(postgres: Postgres) -> None:
    """Neither a right nor a wrong one, not even where it was not encoded and falls to pieces."""
    good = postgres.url("writer")
    assert store_at(good).place == f"postgresql:///{DATABASE}?host={postgres.folder}"
    addresses = [
        good.replace("w0rd", "w0rd-secret"),
        good.replace("w0rd@", "w0rd-secret@").replace("%40", "@"),
        good.replace("p%40ss%2Fw0rd", "12/34-secret"),
        good.replace("p%40ss%2Fw0rd", "ab/cd-secret"),
        good.replace("p%40ss%2Fw0rd", "%zz-secret"),
        f"postgresql://writer@/{DATABASE}?host={postgres.folder}&password=secret",
        f"postgresql://writer@/{DATABASE}?host={postgres.folder}&passwort=secret",
        good.replace("writer:p%40ss%2Fw0rd", "secret:secret"),
        "postgresql://writer:secret@127.0.0.1:1/cases?connect_timeout=2",
    ]
    for address in addresses:
        with pytest.raises(StoreError) as told:
            store_at(address).cases()
        said = "".join(traceback.format_exception(told.value)) + repr(told.value)
        assert "secret" not in said.replace("test_a_password", "")
        assert PASSWORD not in said
    shown = store_at(good)
    assert PASSWORD not in f"{shown.place} {shown.tables!r} {vars(shown.tables)!r}"


def test_what_was_entered_is_not_in_a_message(server_store: TabledStore, header: Header) -> None:
    """Not even where the server itself would say it: a key that is there twice, an id too long for a key."""
    long = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(4000))
    with pytest.raises(StoreError, match="it is too long for the server") as too_long:
        server_store.create(replace(header, case=long), [])
    with pytest.raises(StoreError, match="rows were added past this program") as twice:
        add_twice(server_store, "Ann Smith")
    for told in (too_long, twice):
        said = "".join(traceback.format_exception(told.value))
        assert "Key (" not in said
        assert long[:20] not in said


def add_twice(store: TabledStore, case_id: str) -> None:
    with store.tables.writing() as rows:
        rows.add_course(case_id, 1)
        rows.add_course(case_id, 1)


def set_fsync(postgres: Postgres, value: str) -> None:
    """Change it in the running server, and wait until it has heard."""
    postgres.administer("postgres", f"ALTER SYSTEM SET fsync = {value}", "SELECT pg_reload_conf()")
    for _ in range(200):
        with psycopg.connect(postgres.url()) as connection:
            if connection.execute("SHOW fsync").fetchone() == (value,):
                return
        time.sleep(0.02)
    pytest.fail("the server does not reload its settings")


@contextmanager
def cut_at_commit(postgres: Postgres, *, arrives: bool) -> Generator[Path]:
    """A way to the server that breaks once at a commit, which arrives later, or never."""
    folder = postgres.folder / "way"
    folder.mkdir(exist_ok=True)
    (folder / ".s.PGSQL.5432").unlink(missing_ok=True)
    gate = socket.socket(socket.AF_UNIX)
    gate.bind(str(folder / ".s.PGSQL.5432"))
    gate.listen()
    threading.Thread(target=_let_through, args=(gate, postgres, arrives), daemon=True).start()
    try:
        yield folder
    finally:
        gate.close()


def _let_through(gate: socket.socket, postgres: Postgres, arrives: bool) -> None:
    was_cut = threading.Event()
    with suppress(OSError):
        while True:
            client, _ = gate.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(postgres.folder / ".s.PGSQL.5432"))
            way = _Way(client, server, was_cut, arrives)
            for carry in (way.ask, way.answer):
                threading.Thread(target=carry, daemon=True).start()


class _Way:
    """One connection through the gate; the first of all to commit is cut."""

    def __init__(
        self, client: socket.socket, server: socket.socket, was_cut: threading.Event, arrives: bool
    ) -> None:
        self.client, self.server = client, server
        self.was_cut, self.arrives = was_cut, arrives
        self.is_last = False

    def ask(self) -> None:
        with suppress(OSError):
            while data := self.client.recv(65536):
                is_commit = b"COMMIT" in data.replace(b"READ COMMITTED", b"")
                self.is_last = is_commit and not self.was_cut.is_set()
                if self.is_last:
                    self.was_cut.set()
                    self.client.shutdown(socket.SHUT_RDWR)
                    if not self.arrives:
                        break
                    time.sleep(0.3)  # the program asks again meanwhile
                self.server.sendall(data)
        self.end()

    def answer(self) -> None:
        with suppress(OSError):
            while (data := self.server.recv(65536)) and not self.is_last:
                self.client.sendall(data)
        self.end()

    def end(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
