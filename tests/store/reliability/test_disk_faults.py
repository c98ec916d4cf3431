"""On a disk that fails, nothing acknowledged is lost, nothing is half there, and work goes on afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import apsw
import pytest

import pathway.store.embedded.tables as tables_module
from benchmarks.reliability.faults import MOMENTS, Fault, every_fault, fallen
from benchmarks.reliability.ward import Acknowledged, entry, missing, opened, said, ward
from pathway.store.places import open_store
from pathway.store.port import StoreError
from pathway.store.session import Session
from pathway.store.verifying import verify

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SQLite's files there are of another kind")
FOR_GOOD = 10_000


@pytest.mark.parametrize(("moment", "lasting"), [("a step", FOR_GOOD), ("letting go", 1)])
def test_a_fault_of_the_disk_is_told_and_nothing_is_lost(moment: str, lasting: int) -> None:
    found = list(every_fault(moment, Random(1), (lasting,)))
    assert [(one.fault, one.wrong) for one in found if one.wrong] == []
    assert len(found) > 10
    told = [one.told for one in found if one.told is not None]
    assert all(str(message).count(". ") >= 1 for message in told)
    assert bool(told) == (moment == "a step")


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_fault_at_every_moment_is_told_and_nothing_is_lost(moment: str) -> None:
    found = list(every_fault(moment, Random(1)))
    assert [(one.fault, one.wrong) for one in found if one.wrong] == []


def test_control_unless_what_a_failed_sync_left_is_carried_over_first_a_later_step_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk forgets what it could not sync, and says so once; the program still reads it."""
    fault = Fault("sync", 1, FOR_GOOD, apsw.IOError)
    sound = fallen("a step", fault, Random(1))
    assert sound is not None
    assert sound.wrong == []
    monkeypatch.setattr(tables_module, "_carry_over", lambda _: None)
    harmed = fallen("a step", fault, Random(1))
    assert harmed is not None
    assert any("after a power cut" in wrong for wrong in harmed.wrong)


def test_when_it_cannot_be_known_whether_an_entry_was_kept_that_is_said() -> None:
    found = fallen("a new case", Fault("sync", 1, FOR_GOOD, apsw.IOError), Random(1))
    assert found is not None
    assert found.there
    assert found.told is not None
    assert "may have recorded the entry or not: look at the case before entering it again" in found.told


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """A file system of 256 KiB in memory; skips where nobody may mount one."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs tmpfs")
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount a file system here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _record_without_end(session: Session, told: list[Acknowledged], chance: Random) -> None:
    while True:
        session.commit(entry(session.now, chance))
        told.append(said(session))


def test_a_full_disk_is_told_and_takes_entries_again_when_there_is_room(tmp_path: Path) -> None:
    with tiny_disk(tmp_path) as folder:
        ballast, chance = folder / "ballast", Random(1)
        ballast.write_bytes(bytes(250 * 1024))
        store = open_store(folder / "cases.sqlite", heads=False)
        with pytest.raises(
            StoreError, match=r"nothing was recorded\. Reason: the disk is full\. Free some space"
        ):
            opened(store, "case")
        ballast.unlink()
        session = opened(store, "case")
        told = [said(session)]
        with pytest.raises(StoreError, match="disk is full"):
            _record_without_end(session, told, chance)
        subprocess.run(["mount", "-o", "remount,size=2m", str(folder)], check=True)
        assert missing(store, told) == []
        again = Session.resume(store, "case", ward())
        assert again.events == session.events, "the session shows what the disk has"
        again.commit(entry(again.now, chance))
        assert verify(store.tables) == []
        store.tables.close()  # pyright: ignore[reportAttributeAccessIssue]
