"""A head that a crash half wrote does not cost the next one."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reliability.ward import MINUTE, head_of, opened
from pathway.engine.batch import Batch
from pathway.store.heads import Heads
from pathway.store.places import open_store
from pathway.store.tabled import TabledStore


def test_a_head_noted_after_one_that_a_crash_tore_is_read(tmp_path: Path) -> None:
    tables, heads = open_store(tmp_path).tables, Heads(tmp_path / "heads", "here")
    session = opened(TabledStore(tables, heads), "case")
    whole = heads.file.read_bytes()
    for length in range(1, len(whole), 25):
        heads.file.write_bytes(whole[:length])
        at = session.now + MINUTE
        session.commit(Batch(at, "a", at, notes=("after the crash",)))
        assert heads.noted()[-1] == head_of(TabledStore(tables))
