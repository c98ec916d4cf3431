"""Killed at any moment, `pathway step` loses nothing that it had shown as recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, FactRecorded
from pathway.language.load import load_definition
from pathway.store.places import open_store
from pathway.store.session import Session
from tests.cli.conftest import CHECKOUT
from tests.tui.support import DEMO

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals")
KILLS = {"plain": 16, "screen": 4}
CAMPAIGN = 50  # times as many under `make campaign`


@dataclass(frozen=True)
class Killed:
    """A case whose program was killed, with the platelet counts that it had shown as recorded."""

    case: str
    shown: tuple[int, ...]


def kills(mode: str) -> int:
    return KILLS[mode] * (CAMPAIGN if settings().max_examples > 100 else 1)


def killed(file: Path, store: Path, mode: str, count: int) -> list[Killed]:
    """Kill the program as often, each time on a case of its own."""
    script = CHECKOUT / "tests" / "tui" / "killing.py"
    told = subprocess.run(
        [sys.executable, str(script), str(file), str(store), mode, "20260301", str(count)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False, timeout=60 + 10 * count,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    read = [json.loads(line) for line in told.stdout.splitlines()]
    return [Killed(one["case"], tuple(one["shown"])) for one in read]


def counts(events: Sequence[Event]) -> set[int]:
    """The platelet counts in a log."""
    recorded = (event for event in events if isinstance(event, FactRecorded))
    return {int(str(event.value)) for event in recorded if event.fact == "platelet_count"}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", ["plain", "screen"])
def test_what_was_shown_as_recorded_is_kept_and_the_case_goes_on(mode: str, tmp_path: Path) -> None:
    file, store = tmp_path / "demo.yaml", open_store(tmp_path / "store", heads=False)
    file.write_text(DEMO, "utf-8")
    compiled = compile_pathway(load_definition(file))
    cases = killed(file, Path(store.place), mode, kills(mode))
    assert len(cases) == kills(mode)
    assert sum(len(one.shown) for one in cases) >= len(cases) // 2
    for one in cases:
        if not store.exists(one.case):
            assert one.shown == ()
            continue
        assert set(one.shown) <= counts(store.load(one.case).events), one.case
        session = Session.resume(store, one.case, compiled)
        later = session.now + 60
        session.commit(Batch(later, "ms", later, facts=(FactEntry("platelet_count", "99"),)))
        assert counts(store.load(one.case).events) >= {*one.shown, 99}
    assert [case.problem for case in store.cases() if case.problem is not None] == []
