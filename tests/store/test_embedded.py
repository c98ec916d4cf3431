"""Cases in a store of one's own: kept, found again, private, never half a step and never changed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.engine.events import CaseClosed, Event, NoteAdded, Undone
from pathway.logs.chain import Header
from pathway.store.places import open_store, store_place
from pathway.store.port import CaseEntry, Conflict, Store, StoredCase, StoreError
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify
from tests.damaging import asked, change_lines

if sys.platform == "win32":
    pytest.skip("rights, limits and signals of POSIX", allow_module_level=True)

ROOT = Path(__file__).parents[2]
Events = tuple[Event, ...]


@pytest.fixture
def kept(store: TabledStore, header: Header, events: Events) -> TabledStore:
    """A store with one case of three events."""
    store.create(header, events[:3])
    return store


def folder(store: TabledStore) -> Path:
    return Path(store.place).parent


def test_the_file_is_a_store(store: TabledStore) -> None:
    port: Store = store
    assert (port.cases(), port.entries(), port.exists("V-demo")) == ([], [], False)
    assert not folder(store).exists(), "looking makes nothing"


def test_a_case_comes_back_as_it_was_kept(kept: TabledStore, header: Header, events: Events) -> None:
    head = kept.append("V-demo", events[3:], expected_seq=3)
    again = open_store(kept.place)
    log = again.load("V-demo")
    assert (log.header, log.events, log.head, log.problem) == (header, events, head, None)
    assert (again.length("V-demo"), again.head_of("V-demo").label) == (5, "Ann in bed 4")
    assert len(again.lines("V-demo").splitlines()) == 6


def test_a_new_case_does_not_replace_one(kept: TabledStore, header: Header, events: Events) -> None:
    with pytest.raises(Conflict, match="already a case 'V-demo'"):
        kept.create(header, events)
    assert kept.load("V-demo").events == events[:3]


def test_a_case_that_is_not_there_is_said_plainly(kept: TabledStore, events: Events) -> None:
    asks: list[Callable[[], object]] = [
        lambda: kept.load("other"), lambda: kept.append("other", events, 0), lambda: kept.length("other"),
        lambda: kept.head_of("other"), lambda: kept.lines("other"), lambda: kept.courses("other"),
    ]  # fmt: skip
    for ask in asks:
        with pytest.raises(StoreError, match="There is no case 'other'"):
            ask()


def test_of_two_who_record_at_once_the_second_is_told(kept: TabledStore, events: Events) -> None:
    open_store(kept.place).append("V-demo", events[3:4], expected_seq=3)
    with pytest.raises(Conflict, match="4 events by now, not 3"):
        kept.append("V-demo", events[3:4], expected_seq=3)
    assert kept.load("V-demo").events == events[:4]


def test_of_many_who_record_at_once_exactly_one_succeeds(kept: TabledStore, events: Events) -> None:
    outcomes, start = list[str](), threading.Barrier(8)

    def record(by: str) -> None:
        start.wait()
        try:
            kept.append("V-demo", [replace(events[3], by=by)], expected_seq=3)
            outcomes.append(by)
        except Conflict:
            outcomes.append("")

    writers = [threading.Thread(target=record, args=(f"dr{number}",)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (winner,) = filter(None, outcomes)
    assert len(outcomes) == 8
    assert [event.by for event in kept.load("V-demo").events[3:]] == [winner]


def test_an_older_copy_that_took_the_place_of_a_store_is_noticed(kept: TabledStore, events: Events) -> None:
    with pytest.raises(StoreError, match="only 3 of the 4 events"):
        kept.append("V-demo", events[4:], expected_seq=4)


def test_an_event_that_cannot_follow_is_refused_with_its_whole_step(
    kept: TabledStore, events: Events
) -> None:
    with pytest.raises(StoreError, match="Nothing was recorded: seq 3 stands where 5 belongs"):
        kept.append("V-demo", (events[3], events[2]), expected_seq=3)
    assert kept.load("V-demo").events == events[:3]
    kept.append("V-demo", events[3:], 3)


def test_folder_and_files_are_for_their_owner_alone_and_name_nobody(
    kept: TabledStore, events: Events
) -> None:
    kept.append("V-demo", events[3:], expected_seq=3)
    assert stat.S_IMODE(folder(kept).stat().st_mode) == 0o700
    files = sorted(folder(kept).iterdir())
    assert [file.name for file in files] == ["cases.sqlite", "cases.sqlite-shm", "cases.sqlite-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1)


@given(ids=st.lists(TEXTS | st.sampled_from(["../up", "CON", "a/b", "V", "v", "ß"]), unique=True, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_any_text_is_a_case_id_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, header: Header, events: Events, ids: list[str]
) -> None:
    store = open_store(tmp_path_factory.mktemp("ids"), heads=False)
    for case_id in ids:
        store.create(replace(header, case=case_id), events)
    assert [one.case for one in store.entries()] == sorted(ids)
    assert [store.load(case_id).header.case for case_id in ids] == ids
    assert verify(store.tables) == []


@pytest.mark.parametrize("case_id", ["", "\ud800", "a\0b"])
def test_an_id_that_is_no_text_is_refused(kept: TabledStore, header: Header, case_id: str) -> None:
    for ask in (lambda: kept.exists(case_id), lambda: kept.create(replace(header, case=case_id), ())):
        with pytest.raises(StoreError, match="id"):
            ask()


def test_the_list_says_what_each_case_is(kept: TabledStore, header: Header, events: Events) -> None:
    kept.create(replace(header, case="A"), ())
    assert kept.cases() == [
        StoredCase("A", "demo", "1.0.0", "d" * 64),
        StoredCase("V-demo", "demo", "1.0.0", "d" * 64, "Ann in bed 4", 3, events[2].at),
    ]
    assert kept.entries() == [CaseEntry("A", 0, 2), CaseEntry("V-demo", events[2].recorded_at, 1)]
    kept.append("V-demo", events[3:], 3)
    assert kept.entries()[1] == CaseEntry("V-demo", events[4].recorded_at, 3)


def test_a_closed_case_is_listed_as_closed_unless_that_was_undone(kept: TabledStore, events: Events) -> None:
    every = {"at": events[4].at, "recorded_at": 0, "by": "a"}
    kept.append("V-demo", [CaseClosed(seq=4, batch=4, reason="discharged", **every)], 3)
    assert kept.cases()[0].closed
    kept.append("V-demo", [Undone(seq=5, batch=5, undone=4, **every)], 4)
    assert not kept.cases()[0].closed


# --- what is kept is never changed ---


def test_the_database_itself_refuses_to_change_remove_or_replace_what_is_kept(kept: TabledStore) -> None:
    connection = apsw.Connection(kept.place)
    tables = ("course", "line", "step")
    before = [list(connection.execute(f"SELECT * FROM {table}")) for table in tables]
    for sql in (
        "UPDATE line SET line = 'x'", "UPDATE step SET seal = ''", "UPDATE course SET case_id = 'x'",
        "DELETE FROM line", "DELETE FROM step", "DELETE FROM course", "DELETE FROM definition",
        "INSERT OR REPLACE INTO line VALUES (1, 2, 'x')",
        "INSERT OR REPLACE INTO course (case_id, ordinal) VALUES ('V-demo', 1)",
        "REPLACE INTO step SELECT * FROM step",
    ):  # fmt: skip
        if "definition" in sql:
            connection.execute("INSERT OR IGNORE INTO definition VALUES ('d', 't')")
        with pytest.raises(apsw.ConstraintError, match="what is kept is never changed"):
            connection.execute(sql)
    assert [list(connection.execute(f"SELECT * FROM {table}")) for table in tables] == before


def _other(old: str, new: str) -> Callable[[TabledStore], None]:
    return lambda store: change_lines(store.place, "V-demo", lambda line: line.replace(old, new))


def _sql(text: str) -> Callable[[TabledStore], None]:
    def damage(store: TabledStore) -> None:
        for part in text.split(";"):
            asked(store.place, part)

    return damage


DAMAGES = {
    "a changed event": (_other("note 3", "note 9"), ":4: The chain breaks here"),
    "a changed header": (_other("V-demo", "X-demo"), ":1: The chain breaks here"),
    "an event cut off": (_sql("DELETE FROM line WHERE seq = 3 AND course = 1"), "2 events where 3 were"),
    "an event in the midst": (_sql("DELETE FROM line WHERE seq = 2 AND course = 1"), ":3: "),
    "all lines": (_sql("DELETE FROM line WHERE course = 1"), ":1: The file is empty"),
    "two events that changed places": (
        _sql(";".join(f"UPDATE line SET seq = {to} WHERE seq = {of}" for of, to in ((2, 9), (3, 2), (9, 3)))),
        ":3: ",
    ),
    "the log of another case": (_sql("UPDATE course SET case_id = 'W' WHERE number = 1"), "that of the case"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_case_is_listed_verified_and_refused_and_hides_no_other(
    kept: TabledStore, header: Header, damage: Callable[[TabledStore], None], message: str
) -> None:
    kept.create(replace(header, case="other"), ())
    damage(kept)
    spoilt = next(one for one in kept.cases() if one.case != "other")
    assert message in str(spoilt.problem)
    assert kept.load("other").problem is None
    with pytest.raises(StoreError, match="cannot be loaded"):
        kept.load(spoilt.case)
    assert any(finding.case == spoilt.case for finding in verify(kept.tables))


def test_a_case_whose_last_event_was_changed_takes_nothing(kept: TabledStore, events: Events) -> None:
    change_lines(kept.place, "V-demo", lambda line: line.replace('"seq":3', '"seq":4'))
    asked(kept.place, "UPDATE line SET line = '{}' WHERE seq = 3")
    with pytest.raises(StoreError, match="not the one that was recorded"):
        kept.append("V-demo", events[3:], 3)


def test_a_file_with_a_broken_page_is_read_as_far_as_it_can_be_and_written_no_more(
    store: TabledStore, header: Header, events: Events
) -> None:
    for number in range(40):
        store.create(replace(header, case=f"case {number}"), events)
    store.tables.close()
    file = Path(store.place)
    content, page = bytearray(file.read_bytes()), 4096
    broken = [at for at in range(0, len(content), page) if b"note 3" in content[at : at + page]][-2]
    content[broken : broken + page] = b"\x5a" * page
    file.write_bytes(content)
    again = open_store(file, heads=False)
    damaged = [one.case for one in again.cases() if one.problem is not None]
    assert 0 < len(damaged) < 40
    whole = next(one.case for one in again.cases() if one.problem is None)
    assert again.load(whole).events == events
    assert {finding.case for finding in verify(again.tables)} >= set(damaged)
    for other in (again, open_store(file, heads=False)):
        with pytest.raises(StoreError, match="is damaged: nothing was recorded"):
            other.append(whole, [replace(events[4], seq=6, batch=6)], 5)


CUTS = {
    "the last step and its lines": (
        "DELETE FROM step WHERE number = 2; DELETE FROM line WHERE seq > 3",
        "The end of the store is missing",
    ),
    "a step in the midst": ("DELETE FROM step WHERE number = 1", "Step 1 is missing"),
    "a whole case": (
        "DELETE FROM line; DELETE FROM step; DELETE FROM course", "Another store is in its place",
    ),
    "a changed step": ("UPDATE step SET recorded_at = 1 WHERE number = 1", "Step 1 was changed"),
    "lines of nobody": ("INSERT INTO line VALUES (9, 1, 'x')", "Lines belong to no case"),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), CUTS.values(), ids=CUTS)
def test_a_shortened_or_mended_store_is_found_by_the_heads_noted_outside(
    kept: TabledStore, events: Events, sql: str, message: str
) -> None:
    kept.append("V-demo", events[3:], 3)
    assert kept.heads is not None
    assert not Path(kept.heads.file).is_relative_to(folder(kept))
    assert verify(kept.tables, kept.heads.noted()) == []
    for part in sql.split(";"):
        asked(kept.place, part)
    assert message in " ".join(finding.text for finding in verify(kept.tables, kept.heads.noted()))


def test_noted_heads_hold_no_word_of_a_case_and_stay_few(kept: TabledStore, events: Events) -> None:
    assert kept.heads is not None
    kept.heads.file.write_bytes(kept.heads.file.read_bytes() * 9000 + b'{"torn')
    kept.append("V-demo", events[3:], 3)
    noted = kept.heads.file.read_text("utf-8")
    assert len(noted.splitlines()) == 2
    assert "demo" not in noted
    assert [one.step for one in kept.heads.noted()] == [2]


def test_an_entry_whose_head_cannot_be_noted_is_kept_and_that_is_said(
    kept: TabledStore, events: Events
) -> None:
    assert kept.heads is not None
    kept.heads.file.unlink()
    kept.heads.file.mkdir()
    kept.append("V-demo", events[3:], 3)
    assert "not noted" in str(kept.caution)
    kept.heads.file.rmdir()
    kept.append("V-demo", [replace(events[4], seq=6, batch=6)], 5)
    assert kept.caution is None


# --- where cases live, and when the disk refuses ---


def test_where_cases_live(tmp_path: Path, a_home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATHWAY_STORE", raising=False)
    usual = store_place()
    assert isinstance(usual, Path)
    assert usual.is_relative_to(a_home_of_its_own)
    assert "clinical-pathway" in usual.parts
    monkeypatch.setenv("PATHWAY_STORE", str(tmp_path / "named"))
    assert store_place() == tmp_path / "named" / "cases.sqlite"
    assert store_place(tmp_path / "chosen.sqlite") == tmp_path / "chosen.sqlite"
    assert store_place("postgresql://ward@db/cases") == "postgresql://ward@db/cases"
    with pytest.raises(StoreError, match="This store is not known"):
        store_place("mysql://ward@db/cases")


def test_another_program_s_file_is_not_touched(tmp_path: Path, header: Header) -> None:
    foreign = tmp_path / "theirs.sqlite"
    connection = apsw.Connection(str(foreign))
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    text = tmp_path / "text.sqlite"
    text.write_text("not a database " * 500)
    for file, message in ((foreign, "is no case store"), (text, "it is no case store")):
        before = file.read_bytes()
        for ask in (open_store(file).cases, lambda: open_store(file).create(header, ())):  # noqa: B023
            with pytest.raises(StoreError, match=message):
                ask()
        assert file.read_bytes() == before


def long_note(seq: int, at: int) -> NoteAdded:
    return NoteAdded(seq=seq, batch=seq, at=at, recorded_at=at, by="a", text="x" * 8000)


def fill(store: TabledStore, events: Events) -> None:
    for known in range(len(events), 500):
        store.append("V-demo", [long_note(known + 1, events[-1].at)], known)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk_leaves_the_case_as_it_was(tmp_path: Path, header: Header, events: Events) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let us mount")
    store = open_store(tmp_path / "cases", heads=False)
    try:
        store.create(header, events)
        with pytest.raises(StoreError, match="the disk is full"):
            fill(store, events)
        known = len(store.load("V-demo").events)
        assert known > len(events)
        subprocess.run(["mount", "-o", "remount,size=4m", str(tmp_path)], check=True)
        store.append("V-demo", [long_note(known + 1, events[-1].at)], known)
        assert len(store.load("V-demo").events) == known + 1
        assert verify(store.tables) == []
    finally:
        store.tables.close()
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_place_that_cannot_be_a_folder_is_said_plainly(tmp_path: Path, header: Header) -> None:
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "below"):
        store = open_store(root)
        with pytest.raises(StoreError, match="cannot be written"):
            store.create(header, ())
        with pytest.raises(StoreError, match="cannot be read"):
            store.cases()


def test_a_place_without_rights_is_said_plainly(kept: TabledStore) -> None:
    attempt = f"""
import os
from pathway.logs.chain import Header
from pathway.store.places import open_store
from pathway.store.port import StoreError
if os.geteuid() == 0:
    os.setuid(65534)
store = open_store({kept.place!r}, heads=False)
header = Header(pathway="demo", version="1", digest="d", case="new")
for ask in (store.cases, lambda: store.load("V-demo"), lambda: store.create(header, ())):
    try:
        print("done", ask())
    except StoreError as error:
        print(error)
"""
    folder(kept).chmod(0)
    try:
        shown = subprocess.run(
            [sys.executable, "-c", attempt], capture_output=True, text=True, cwd=ROOT, check=True
        )
    finally:
        folder(kept).chmod(0o700)
    said = shown.stdout.splitlines()
    assert len(said) == 3
    assert all("ermission denied" in line for line in said)


# --- when others write at the same time ---

WRITER = """
import sys
from pathway.engine.events import NoteAdded
from pathway.store.places import open_store
store, seq = open_store(sys.argv[1], heads=False), int(sys.argv[2])
while True:
    every = {"batch": seq, "at": 2_000_000_000, "recorded_at": 0, "by": "a", "text": "x" * 2000}
    store.append("V-demo", [NoteAdded(seq=seq + number, **every) for number in range(1, 6)], seq)
    seq += 5
    print(seq, flush=True)
"""


def test_a_reader_meets_whole_steps_only(store: TabledStore, header: Header, events: Events) -> None:
    store.create(header, events)
    command = [sys.executable, "-c", WRITER, store.place, str(len(events))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
        assert writer.stdout is not None
        lengths = [len(store.load("V-demo").events) for _ in islice(writer.stdout, 30)]
        writer.kill()
    assert all(length % 5 == 0 for length in lengths)
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]
    assert verify(store.tables) == []
