"""What the writer acknowledged is on the disk, and what it refused is not."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.events import Event
from pathway.logs.chain import Header, log_lines
from pathway.logs.durable import replace_file
from pathway.logs.jsonl import LogWriter, read_log, write_log
from pathway.logs.problems import LogError

if sys.platform == "win32":
    pytest.skip("limits, pipes and signals of POSIX", allow_module_level=True)
import resource

ROOT = Path(__file__).parents[2]
KILLS = 10


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow over 8 KiB, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_log_written_event_by_event_is_the_log_written_whole(
    tmp_path: Path, log_file: Path, header: Header, events: tuple[Event, ...]
) -> None:
    path = tmp_path / "slowly.jsonl"
    with LogWriter.create(path, header) as writer:
        for event in events[:5]:
            writer.append([event])
    with LogWriter.resume(path) as writer:
        writer.append(events[5:])
        assert writer.head == read_log(log_file).head
        assert writer.set_aside is None
    assert path.read_bytes() == log_file.read_bytes()


def test_a_log_is_private(tmp_path: Path, header: Header, log_file: Path) -> None:
    LogWriter.create(tmp_path / "own.jsonl", header).close()
    for path in (tmp_path / "own.jsonl", log_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_log_never_replaces_a_file(log_file: Path, header: Header) -> None:
    before = log_file.read_bytes()
    with pytest.raises(LogError, match="already a file"):
        LogWriter.create(log_file, header)
    assert log_file.read_bytes() == before


def test_an_event_that_cannot_follow_is_refused_and_none_of_its_batch_is_written(
    log_file: Path, events: tuple[Event, ...]
) -> None:
    before = log_file.read_bytes()
    with LogWriter.resume(log_file) as writer:
        with pytest.raises(LogError, match="seq 16 stands where 15 belongs"):
            writer.append([replace(events[-1], seq=16)])
        with pytest.raises(LogError, match="seq 17 stands where 16 belongs"):
            writer.append([replace(events[-1], seq=15), replace(events[-1], seq=17)])
        assert log_file.read_bytes() == before
        writer.append([replace(events[-1], seq=15)])
    assert len(read_log(log_file).events) == 15


def test_a_torn_last_line_stops_the_writer_until_it_is_told_to_set_it_aside(
    log_file: Path, events: tuple[Event, ...]
) -> None:
    whole = log_file.read_bytes()
    cut = whole.rstrip(b"\n").rfind(b"\n") + 1 + 40
    log_file.write_bytes(whole[:cut])
    with pytest.raises(LogError, match=":15: The last line is cut off"):
        LogWriter.resume(log_file)
    assert log_file.read_bytes() == whole[:cut]

    with LogWriter.resume(log_file, repair=True) as writer:
        assert writer.set_aside is not None
        assert writer.set_aside.read_bytes() == whole[cut - 40 : cut]
        writer.append(events[-1:])
    assert log_file.read_bytes() == whole


def test_a_second_torn_line_does_not_replace_the_first(log_file: Path) -> None:
    kept = list[bytes]()
    for torn in (b'{"first', b'{"second', b'{"third'):
        with log_file.open("ab") as file:
            file.write(torn)
        with LogWriter.resume(log_file, repair=True) as writer:
            assert writer.set_aside is not None
            kept.append(writer.set_aside.read_bytes())
    assert sorted(path.read_bytes() for path in log_file.parent.glob("*.torn*")) == sorted(kept)
    assert len(set(kept)) == 3


def test_damage_before_the_last_line_is_not_repaired(log_file: Path) -> None:
    log_file.write_bytes(log_file.read_bytes().replace(b'"refuses"', b'"accepts"') + b'{"torn')
    with pytest.raises(LogError, match=":8: The chain breaks here"):
        LogWriter.resume(log_file, repair=True)


def test_two_writers_cannot_mix_their_lines(log_file: Path) -> None:
    with LogWriter.resume(log_file), pytest.raises(LogError, match="Another program is writing"):
        LogWriter.resume(log_file)
    LogWriter.resume(log_file).close()


def test_a_log_that_changed_under_the_writer_takes_nothing_more(
    log_file: Path, events: tuple[Event, ...]
) -> None:
    with LogWriter.resume(log_file) as writer:
        with log_file.open("ab") as other:
            other.write(b"x")
        with pytest.raises(LogError, match="Another program changed this log"):
            writer.append([replace(events[-1], seq=15)])


def test_a_closed_writer_takes_nothing(log_file: Path, events: tuple[Event, ...]) -> None:
    writer = LogWriter.resume(log_file)
    writer.close()
    writer.close()
    with pytest.raises(LogError, match="closed"):
        writer.append([replace(events[-1], seq=15)])


@pytest.mark.usefixtures("small_files")
def test_a_full_disk_refuses_the_event_and_keeps_the_log_whole(
    tmp_path: Path, header: Header, events: tuple[Event, ...]
) -> None:
    path = tmp_path / "log"
    with LogWriter.create(path, header) as writer:
        writer.append(events)
        before = path.read_bytes()
        long = replace(events[12], seq=15, batch=10, text="x" * 6000)
        with pytest.raises(LogError, match=r"could not be written to.*may not grow"):
            writer.append([long])
        assert path.read_bytes() == before
        writer.append([replace(long, text="short")])
    assert len(read_log(path).events) == 15


@pytest.mark.usefixtures("small_files")
def test_a_log_that_cannot_be_begun_leaves_no_file(tmp_path: Path, header: Header) -> None:
    wide = replace(header, case="x" * 9000)
    with pytest.raises(LogError, match="cannot be begun"):
        LogWriter.create(tmp_path / "a", wide)
    with pytest.raises(LogError, match="cannot be written"):
        write_log(tmp_path / "b", wide, ())
    assert not list(tmp_path.iterdir())


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path, log_file: Path, small_files: None) -> None:
    before = log_file.read_bytes()
    with pytest.raises(OSError, match="too large"):
        replace_file(log_file, b"x" * 9000)
    assert log_file.read_bytes() == before
    assert list(log_file.parent.iterdir()) == [log_file]


def test_a_log_can_go_to_a_pipe_or_device_without_replacing_it(
    tmp_path: Path, header: Header, events: tuple[Event, ...]
) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_log(pipe, header, events)
    reader.join()
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert got == [b"".join(log_lines(header, events))]


def test_a_link_to_a_log_stays_a_link(log_file: Path, header: Header) -> None:
    link = log_file.with_name("link")
    link.symlink_to(log_file)
    write_log(link, header, ())
    assert link.is_symlink()
    assert read_log(log_file).events == ()


WRITER = """
import sys
from pathlib import Path
from pathway.engine.events import NoteAdded
from pathway.logs.jsonl import LogWriter
with LogWriter.resume(Path(sys.argv[1]), repair=True) as writer:
    seq = int(sys.argv[2])
    while True:
        every = {"batch": seq, "at": 0, "recorded_at": 0, "by": "a", "text": "x" * 3000}
        writer.append([NoteAdded(seq=seq + number, **every) for number in range(1, 6)])
        seq += 5
        print(seq, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path, header: Header) -> None:
    path = tmp_path / "log"
    LogWriter.create(path, header).close()
    for kill in range(KILLS):
        seq = len(read_log(path, repair=True).events)
        command = [sys.executable, "-c", WRITER, str(path), str(seq)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(1 + 3 * kill)]
            writer.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in writer.stdout]
        log = read_log(path, repair=True)
        assert len(log.events) >= acknowledged[-1]
        assert log.problem is None or log.problem.torn
    assert len(read_log(path, repair=True).events) >= 5 * KILLS


def test_nothing_is_acknowledged_before_the_disk_was_asked_to_keep_it(
    tmp_path: Path, header: Header, events: tuple[Event, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = list[str]()

    def watched(name: str) -> None:
        plain = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given: (done.append(name), plain(*given))[1])

    for name in ("write", "fsync", "replace"):
        watched(name)
    write_log(tmp_path / "whole", header, events)
    assert done == ["write", "fsync", "replace", "fsync"]
    done.clear()
    with LogWriter.create(tmp_path / "slowly", header) as writer:
        assert done == ["write", "fsync", "fsync"]
        done.clear()
        writer.append(events)
        assert done == ["write", "fsync"]
