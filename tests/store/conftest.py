"""A store in an empty folder, and the first events of a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.engine.events import CaseOpened, Event, NoteAdded
from pathway.logs.chain import Header
from pathway.store.places import open_store
from pathway.store.tabled import TabledStore

OPENED = 1_772_352_000  # 2026-03-01 08:00 UTC


@pytest.fixture
def store(tmp_path: Path) -> TabledStore:
    return open_store(tmp_path / "cases")


@pytest.fixture
def header() -> Header:
    return Header(pathway="demo", version="1.0.0", digest="d" * 64, case="V-demo")


@pytest.fixture
def events() -> tuple[Event, ...]:
    opened = CaseOpened(
        seq=1, batch=1, at=OPENED, recorded_at=OPENED, by="a", timezone="UTC", label="Ann in bed 4"
    )
    return opened, *(
        NoteAdded(seq=seq, batch=seq, at=OPENED + seq, recorded_at=OPENED + seq, by="a", text=f"note {seq}")
        for seq in range(2, 6)
    )
