"""Cases in a folder: kept, found again, private, and never half a step."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.events import CaseClosed, Event, NoteAdded, Undone
from pathway.logs.chain import Header
from pathway.logs.jsonl import read_log
from pathway.logs.problems import LogError
from pathway.store.folder import CaseStore, store_folder
from pathway.store.names import case_id_of, file_name, is_case_file
from pathway.store.port import Conflict, Store, StoredCase, StoreError

if sys.platform == "win32":
    pytest.skip("rights, limits and signals of POSIX", allow_module_level=True)
import resource

ROOT = Path(__file__).parents[2]
KILLS = 10
Events = tuple[Event, ...]


@pytest.fixture
def kept(store: CaseStore, header: Header, events: Events) -> CaseStore:
    """A store with one case of three events."""
    store.create(header, events[:3])
    return store


def only_file(store: CaseStore) -> Path:
    return next(path for path in store.root.iterdir() if is_case_file(path.name))


def test_the_folder_is_a_store(store: CaseStore) -> None:
    port: Store = store
    assert port.cases() == []


def test_a_case_comes_back_as_it_was_kept(kept: CaseStore, header: Header, events: Events) -> None:
    head = kept.append("V-demo", events[3:], expected_seq=3)
    log = CaseStore(kept.root).load("V-demo")
    assert (log.header, log.events, log.head, log.problem) == (header, events, head, None)


def test_a_new_case_does_not_replace_one(kept: CaseStore, header: Header, events: Events) -> None:
    with pytest.raises(Conflict, match="already a case 'V-demo'"):
        kept.create(header, events)
    assert kept.load("V-demo").events == events[:3]


def test_a_case_that_is_not_there_is_said_plainly(store: CaseStore, events: Events) -> None:
    assert not store.exists("V-demo")
    for ask in (lambda: store.load("V-demo"), lambda: store.append("V-demo", events, 0)):
        with pytest.raises(StoreError, match="There is no case 'V-demo'"):
            ask()


def test_of_two_who_record_at_once_the_second_is_told(kept: CaseStore, events: Events) -> None:
    other = CaseStore(kept.root)
    other.append("V-demo", events[3:4], expected_seq=3)
    with pytest.raises(Conflict, match="4 events by now, not 3"):
        kept.append("V-demo", events[3:4], expected_seq=3)
    assert kept.load("V-demo").events == events[:4]


def test_of_many_who_record_at_once_exactly_one_succeeds(kept: CaseStore, events: Events) -> None:
    outcomes, start = list[str](), threading.Barrier(8)

    def record(by: str) -> None:
        start.wait()
        try:
            CaseStore(kept.root).append("V-demo", [replace(events[3], by=by)], expected_seq=3)
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


def test_an_older_copy_that_took_the_place_of_a_case_is_noticed(kept: CaseStore, events: Events) -> None:
    with pytest.raises(StoreError, match="only 3 of the 4 events"):
        kept.append("V-demo", events[4:], expected_seq=4)


def test_an_event_that_cannot_follow_is_refused_with_its_whole_step(kept: CaseStore, events: Events) -> None:
    with pytest.raises(StoreError, match="Nothing was recorded: seq 3 stands where 5 belongs"):
        kept.append("V-demo", (events[3], events[2]), expected_seq=3)
    assert kept.load("V-demo").events == events[:3]


def test_folder_and_files_are_for_their_owner_alone(kept: CaseStore, events: Events) -> None:
    kept.append("V-demo", events[3:], expected_seq=3)
    assert stat.S_IMODE(kept.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(kept).stat().st_mode) == 0o600


def test_a_label_is_not_in_a_file_name(kept: CaseStore) -> None:
    assert kept.cases()[0].label == "Ann in bed 4"
    assert not any("Ann" in path.name for path in kept.root.iterdir())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_any_text_is_a_case_id_with_a_file_name_of_its_own(case_id: str) -> None:
    name = file_name(case_id)
    assert name.isascii()
    assert name == name.replace("/", "").replace("\\", "").replace("\0", "")
    assert len(name) <= 200
    assert is_case_file(name)
    known = case_id_of(name)
    assert known == case_id or (known.endswith("...") and case_id.startswith(known[:-3].rstrip("\ufffd")))


@given(
    st.lists(
        st.text("aAéÉ./~%_ ", min_size=1, max_size=4) | st.just("x" * 300) | st.just("x" * 301), unique=True
    )
)
def test_no_two_case_ids_share_a_file_even_where_capitals_do_not_count(ids: list[str]) -> None:
    assert len({file_name(case_id).casefold() for case_id in ids}) == len(ids)


@pytest.mark.parametrize(
    "case_id", ["../../etc/passwd", ".", "..", "con", "a/b", "ä ö\n", "x" * 5000, "日本"]
)
def test_strange_ids_stay_inside_the_store(
    store: CaseStore, header: Header, events: Events, case_id: str
) -> None:
    store.create(replace(header, case=case_id), events)
    assert store.exists(case_id)
    assert store.load(case_id).events == events
    assert [stored.case for stored in store.cases()] == [case_id]
    assert only_file(store).parent == store.root


@pytest.mark.parametrize("case_id", ["", "\ud800"])
def test_an_id_that_is_no_text_is_refused(store: CaseStore, case_id: str) -> None:
    with pytest.raises(StoreError, match="id"):
        store.exists(case_id)


def test_the_list_says_what_each_case_is(kept: CaseStore, header: Header, events: Events) -> None:
    kept.create(replace(header, case="A"), ())
    assert kept.cases() == [
        StoredCase("A", "demo", "1.0.0", "d" * 64),
        StoredCase("V-demo", "demo", "1.0.0", "d" * 64, "Ann in bed 4", 3, events[2].at),
    ]


def test_a_closed_case_is_listed_as_closed_unless_that_was_undone(kept: CaseStore, events: Events) -> None:
    every = {"at": events[4].at, "recorded_at": 0, "by": "a"}
    kept.append("V-demo", [CaseClosed(seq=4, batch=4, reason="discharged", **every)], 3)
    assert kept.cases()[0].closed
    kept.append("V-demo", [Undone(seq=5, batch=5, undone=4, **every)], 4)
    assert not kept.cases()[0].closed


@pytest.mark.parametrize(
    ("damage", "events_left", "message"),
    [
        (lambda good: good.replace(b"note 3", b"note 9"), 2, ":4: The chain breaks here"),
        (lambda good: good[:-9], 2, ":4: The last line is cut off"),
        (lambda good: b"", 0, ":1: The file is empty"),
        (lambda good: b"\0" * 99, 0, ":1: "),
        (lambda good: good.replace(b"V-demo", b"X-demo"), 0, ":1: The chain breaks here"),
    ],
)
def test_a_damaged_case_is_listed_with_its_problem_and_hides_no_other(
    kept: CaseStore, header: Header, damage: Callable[[bytes], bytes], events_left: int, message: str
) -> None:
    file = only_file(kept)
    kept.create(replace(header, case="other"), ())
    file.write_bytes(damage(file.read_bytes()))
    spoilt, other = kept.cases()
    assert (spoilt.case, spoilt.events, other.case, other.problem) == ("V-demo", events_left, "other", None)
    assert message in str(spoilt.problem)
    assert kept.exists("V-demo")
    with pytest.raises(StoreError, match="'V-demo' cannot be loaded") as caught:
        kept.load("V-demo")
    assert message in str(caught.value)


def test_a_damaged_case_takes_nothing_and_is_left_as_it_is(kept: CaseStore, events: Events) -> None:
    file = only_file(kept)
    file.write_bytes(file.read_bytes()[:-9])
    before = file.read_bytes()
    with pytest.raises(StoreError, match="cut off"):
        kept.append("V-demo", events[3:], 3)
    assert file.read_bytes() == before


def test_a_case_file_under_another_name_is_noticed(kept: CaseStore) -> None:
    only_file(kept).rename(kept.root / file_name("other"))
    assert "holds the case 'V-demo'" in str(kept.cases()[0].problem)
    with pytest.raises(StoreError, match="holds the case 'V-demo'"):
        kept.load("other")


def test_other_files_in_the_folder_are_left_alone(kept: CaseStore) -> None:
    (kept.root / "notes.txt").write_text("mine")
    assert len(kept.cases()) == 1


def test_what_a_crash_left_half_written_is_removed_at_the_next_step(kept: CaseStore, events: Events) -> None:
    half = kept.root / f".{only_file(kept).name}.1.new"
    half.write_text("half")
    kept.append("V-demo", events[3:], 3)
    assert not half.exists()
    assert kept.load("V-demo").events == events


def test_where_cases_live(tmp_path: Path, a_home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATHWAY_STORE", raising=False)
    assert store_folder().is_relative_to(a_home_of_its_own)
    assert "clinical-pathway" in store_folder().parts
    monkeypatch.setenv("PATHWAY_STORE", str(tmp_path / "named"))
    assert store_folder() == tmp_path / "named"
    assert CaseStore(tmp_path / "chosen").root == tmp_path / "chosen"


# --- when the disk refuses ---


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow over 8 KiB, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def long_note(seq: int, at: int) -> NoteAdded:
    return NoteAdded(seq=seq, batch=seq, at=at, recorded_at=at, by="a", text="x" * 8000)


@pytest.mark.usefixtures("small_files")
def test_a_step_for_which_there_is_no_room_leaves_the_case_as_it_was(kept: CaseStore, events: Events) -> None:
    with pytest.raises(StoreError, match=r"Nothing was recorded.*may not grow"):
        kept.append("V-demo", [long_note(4, events[3].at)], 3)
    assert kept.load("V-demo").events == events[:3]
    kept.append("V-demo", events[3:], 3)
    assert kept.load("V-demo").events == events


def fill(store: CaseStore, events: Events) -> None:
    for known in range(len(events), 50):
        store.append("V-demo", [long_note(known + 1, events[-1].at)], known)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk_leaves_the_case_as_it_was(tmp_path: Path, header: Header, events: Events) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        store = CaseStore(tmp_path / "cases")
        store.create(header, events)
        with pytest.raises(StoreError, match="the disk is full"):
            fill(store, events)
        known = len(store.load("V-demo").events)
        assert known > len(events)
        subprocess.run(["mount", "-o", "remount,size=1m", str(tmp_path)], check=True)
        store.append("V-demo", [long_note(known + 1, events[-1].at)], known)
        assert len(store.load("V-demo").events) == known + 1
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_place_that_cannot_be_a_folder_is_said_plainly(tmp_path: Path, header: Header) -> None:
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "below"):
        store = CaseStore(root)
        with pytest.raises(StoreError, match="cannot be written"):
            store.create(header, ())
        with pytest.raises(StoreError, match="cannot be"):
            store.cases()


def test_a_place_without_rights_is_said_plainly(kept: CaseStore, header: Header, events: Events) -> None:
    attempt = f"""
import os, sys
from pathlib import Path
from pathway.logs.chain import Header
from pathway.store.folder import CaseStore
from pathway.store.port import StoreError
if os.geteuid() == 0:
    os.setuid(65534)
store = CaseStore(Path({str(kept.root)!r}))
header = Header(pathway="demo", version="1", digest="d", case="new")
for ask in (store.cases, lambda: store.load("V-demo"), lambda: store.create(header, ())):
    try:
        print("done", ask())
    except StoreError as error:
        print(error)
"""
    kept.root.chmod(0)
    try:
        shown = subprocess.run(
            [sys.executable, "-c", attempt], capture_output=True, text=True, cwd=ROOT, check=True
        )
    finally:
        kept.root.chmod(0o700)
    said = shown.stdout.splitlines()
    assert len(said) == 3
    assert all("ermission denied" in line for line in said)


# --- when the program is killed ---

WRITER = """
import sys
from pathlib import Path
from pathway.engine.events import NoteAdded
from pathway.store.folder import CaseStore
store, seq = CaseStore(Path(sys.argv[1])), int(sys.argv[2])
while True:
    every = {"batch": seq, "at": 2_000_000_000, "recorded_at": 0, "by": "a", "text": "x" * 2000}
    store.append("V-demo", [NoteAdded(seq=seq + number, **every) for number in range(1, 6)], seq)
    seq += 5
    print(seq, flush=True)
"""


def test_a_killed_program_loses_no_acknowledged_step_and_leaves_no_half_step(
    store: CaseStore, header: Header, events: Events
) -> None:
    store.create(header, events)
    for kill in range(KILLS):
        seq = len(store.load("V-demo").events)
        command = [sys.executable, "-c", WRITER, str(store.root), str(seq)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(1 + kill)]
            writer.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in writer.stdout]
        found = len(store.load("V-demo").events)
        assert found in (acknowledged[-1], acknowledged[-1] + 5)
    assert [stored.problem for stored in store.cases()] == [None]


def test_a_reader_meets_whole_steps_only(store: CaseStore, header: Header, events: Events) -> None:
    store.create(header, events)
    command = [sys.executable, "-c", WRITER, str(store.root), str(len(events))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
        assert writer.stdout is not None
        lengths = [len(read_log(only_file(store)).events) for _ in islice(writer.stdout, 30)]
        writer.kill()
    assert all(length % 5 == 0 for length in lengths)
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


def test_the_store_reports_damage_as_its_own_error_with_the_log_error_behind_it(kept: CaseStore) -> None:
    only_file(kept).write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        kept.load("V-demo")
    assert isinstance(caught.value.__cause__, LogError)
