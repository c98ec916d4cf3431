"""Cases on a server: the same rules as in a file, for many people at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pathway.engine.events import CaseOpened, Event, NoteAdded
from pathway.logs.chain import Header
from pathway.store.port import Conflict, Store, StoreError
from pathway.store.server import server_store as store_at
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify
from tests.store.server.postgres import Postgres

pytestmark = pytest.mark.xdist_group("postgres")
ROOT = Path(__file__).parents[3]
OPENED = 1_772_352_000
OURS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'writer'"  # connections of the application
Events = tuple[Event, ...]


def opened(case: int = 1) -> CaseOpened:
    return CaseOpened(
        seq=1, batch=1, at=OPENED, recorded_at=OPENED + case, by="a", timezone="UTC", label=None
    )


def note(seq: int, text: str) -> NoteAdded:
    return NoteAdded(seq=seq, batch=seq, at=OPENED + seq, recorded_at=OPENED + seq, by="a", text=text)


def outcome(work: Callable[[TabledStore], object], store: TabledStore) -> object:
    """What came of it: what was returned, or the error with no word of the place."""
    try:
        return work(store)
    except StoreError as error:
        return type(error), str(error).replace(store.place, "PLACE")


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
ids = st.text(alphabet="aäB_ %\"'\\:é", min_size=0, max_size=2)
works = st.lists(
    st.tuples(st.sampled_from(["create", "append", "append", "move"]), ids, st.lists(texts, max_size=3)),
    min_size=3,
    max_size=12,
)


# The stores remember what was tried, so that nothing can be tried again to make it smaller.
@settings(
    max_examples=8, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(works=works, misjudged=st.integers(-1, 1) | st.just(0))
def test_a_server_and_a_file_keep_the_same_lines_steps_and_seals(
    works: list[tuple[str, str, list[str]]],
    misjudged: int,
    store: TabledStore,
    server_store: TabledStore,
    run: Iterator[int],
) -> None:
    """Every call has the same outcome on both, whatever was recorded before."""
    example = next(run)
    for what, name, said in works:
        case = f"{name}{example}" if name else ""
        work = partial(done, what=what, case=case, said=said, misjudged=misjudged)
        assert outcome(work, store) == outcome(work, server_store)
    assert kept_in(store) == kept_in(server_store)
    assert verify(server_store.tables) == []


@pytest.fixture
def run() -> Iterator[int]:
    return count(1)


def done(store: TabledStore, *, what: str, case: str, said: list[str], misjudged: int) -> object:
    header = Header(pathway="demo", version="1.0.0", digest="d" * 64, case=case)
    if what == "create":
        return store.create(header, [opened(), *(note(seq, text) for seq, text in enumerate(said, 2))])
    known = store.length(case) if store.exists(case) else 0
    fresh = [note(known + place, text) for place, text in enumerate(said, 1)]
    if what == "append":
        return store.append(case, fresh, known + misjudged)
    return store.move(case, fresh, known + misjudged, replace(header, version="2.0.0"), [opened()])


def kept_in(store: TabledStore) -> list[object]:
    """Everything a store tells of what it keeps."""
    with store.tables.reading() as rows:
        steps: list[object] = [step.seal for _, step in rows.steps()]
        courses = [(course, rows.lines(course.number, 0, 99)) for course in rows.all_courses()]
    named = [one.case for one in store.cases()]
    heads = [(store.lines(case), store.length(case), store.head_of(case)) for case in named]
    return [steps, courses, named, store.entries(), heads, [len(store.courses(case)) for case in named]]


def test_the_definition_of_a_case_is_kept_with_it(server_store: TabledStore, header: Header) -> None:
    port: Store = server_store
    with pytest.raises(StoreError, match="not the one its header names"):
        port.create(header, [opened()], "another text")
    assert (port.exists("V-demo"), port.definition(header.digest), port.cases()) == (False, None, [])


def test_of_many_who_record_at_once_exactly_one_succeeds(
    kept: TabledStore, postgres: Postgres, events: Events
) -> None:
    colleagues = [store_at(postgres.url("writer")) for _ in range(7)]
    outcomes, start = list[str](), threading.Barrier(8)

    def record(store: TabledStore, by: str) -> None:
        start.wait(10)
        try:
            store.append("V-demo", [replace(events[3], by=by)], expected_seq=3)
            outcomes.append(by)
        except Conflict:
            outcomes.append("")

    together(lambda store, number: record(store, f"dr{number}"), [kept, *colleagues])
    (winner,) = filter(None, outcomes)
    assert len(outcomes) == 8
    assert [event.by for event in kept.load("V-demo").events[3:]] == [winner]


@pytest.mark.usefixtures("server_store")
def test_eight_writers_number_and_seal_their_steps_without_a_gap(postgres: Postgres, header: Header) -> None:
    """Half of them share one store, as the threads of one program do."""
    shared = store_at(postgres.url("writer"))
    stores = [shared] * 4 + [store_at(postgres.url("writer")) for _ in range(4)]

    def record(store: TabledStore, number: int) -> None:
        store.create(replace(header, case=f"V-{number}"), [opened(number)])
        for seq in range(2, 8):
            store.append(f"V-{number}", [note(seq, "seen")], expected_seq=seq - 1)

    together(record, stores)
    assert verify(shared.tables) == []
    with shared.tables.reading() as rows:
        assert [step.number for _, step in rows.steps()] == list(range(1, 8 * 7 + 1))
    assert [len(shared.load(f"V-{number}").events) for number in range(8)] == [7] * 8


def test_a_program_keeps_one_connection_however_many_threads_it_has(
    kept: TabledStore, postgres: Postgres
) -> None:
    together(lambda store, _: [store.cases() for _ in range(3)], [kept] * 12)
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        for _ in range(500):  # those let go take a moment to go
            if connection.execute(OURS).fetchone() == (1,):
                return
            time.sleep(0.01)
    pytest.fail("there are other connections than one")


def test_a_look_is_of_one_moment(kept: TabledStore, events: Events) -> None:
    with kept.tables.reading() as rows:
        before = rows.last_step()
        other = threading.Thread(target=kept.append, args=("V-demo", events[3:4], 3))
        other.start()
        other.join()
        assert rows.last_step() == before
        assert rows.lines(1, 4, 4) == []
    assert kept.length("V-demo") == 4


def test_a_fork_has_a_connection_of_its_own(kept: TabledStore, postgres: Postgres, events: Events) -> None:
    ends, end = os.pipe()
    says, say = os.pipe()
    child = os.fork()
    if child == 0:  # nothing here may return into pytest
        try:
            os.close(end)
            kept.append("V-demo", events[3:4], expected_seq=3)
            os.write(say, b"recorded")
            os.read(ends, 1)
        finally:
            os._exit(0)
    os.close(say)
    try:
        assert os.read(says, 8) == b"recorded"
        kept.append("V-demo", events[4:], expected_seq=4)
        with psycopg.connect(postgres.url()) as connection:
            assert connection.execute(OURS).fetchone() == (2,)
    finally:
        os.close(end)
        os.waitpid(child, 0)
    assert kept.load("V-demo").events == events


def test_the_libraries_of_a_server_are_loaded_only_for_one(tmp_path: Path) -> None:
    """Where they are missing, whoever names a server is told how to have them."""
    script = """
import json, sys
from pathway.store.places import open_store
open_store(sys.argv[1]).cases()
loaded = sorted({name.split(".")[0] for name in sys.modules} & {"sqlalchemy", "psycopg"})
sys.modules["sqlalchemy"] = None
try:
    open_store("postgresql://somewhere/cases")
except Exception as error:
    print(json.dumps([loaded, type(error).__name__, str(error)]))
"""
    asked = [sys.executable, "-c", script, str(tmp_path / "cases")]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    loaded, kind, message = json.loads(said)
    assert (loaded, kind) == ([], "StoreError")
    assert "pip install 'clinical-pathway[server]'" in message


def together(work: Callable[[TabledStore, int], Any], stores: list[TabledStore]) -> None:
    """Do the work for all stores at the same time; a fault in one of them is a fault here."""
    faults = list[BaseException]()

    def guarded(store: TabledStore, number: int) -> None:
        try:
            work(store, number)
        except BaseException as fault:  # told to the one who waits
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(one, number)) for number, one in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
