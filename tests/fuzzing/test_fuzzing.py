"""Any bytes give every reader a result, or a fault in plain words; soon, and in little memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.damage import damaged
from tests.fuzzing.law import broken
from tests.fuzzing.readers import READERS, Reader
from tests.fuzzing.worst import WORST

ROOT = Path(__file__).parents[2]
MEGABYTES = 500
SMALL, LARGE = 12_000, 1 << 20
SECONDS = 60  # of a campaign against each reader
BORROWED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def told(folder: Path, seconds: float, size: int, *names: str) -> dict[str, Any]:
    """What a process says that was given so many seconds for each of these readers, and little memory."""
    arguments = [str(folder), str(seconds), "1", str(size), *names]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing.campaign", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stderr[-2000:]}; the file at hand is in {folder}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=settings().max_examples // 4, suppress_health_check=BORROWED)
@given(chance=st.randoms(use_true_random=False), noise=st.none() | st.binary(max_size=300))
def test_damaged_files_are_read_or_refused_in_words(
    tmp_path: Path, name: str, chance: random.Random, noise: bytes | None
) -> None:
    reader = READERS[name]
    path = tmp_path / reader.name
    if not path.exists():
        reader.prepare(tmp_path)
    path.write_bytes(reader.damage(chance.choice(reader.seeds()), chance) if noise is None else noise)
    assert broken(reader, path) is None


def test_files_made_to_bring_a_reader_down_are_refused_soon_and_in_little_memory(tmp_path: Path) -> None:
    found = told(tmp_path, 0, SMALL, *WORST)
    assert (found["found"], found["files"] > 300, found["megabytes"] < MEGABYTES) == ([], True, True)


@pytest.mark.campaign
@pytest.mark.parametrize("name", READERS)
def test_a_campaign_of_damaged_files(tmp_path: Path, name: str) -> None:
    found = told(tmp_path, SECONDS, LARGE, name)
    assert (found["found"], found["megabytes"] < MEGABYTES) == ([], True)


# --- the law can be broken, and that is seen ----------------------------------------------------------
def _raises_another(path: Path) -> None:
    path.read_bytes().decode("ascii")


def _never_ends(path: Path) -> None:
    while path.exists():
        sum(range(1000))


def _reads(path: Path) -> bytes:
    return path.read_bytes()


@pytest.mark.parametrize(
    ("read", "said"),
    [(_raises_another, "UnicodeDecodeError"), (_never_ends, "more than 1 s"), (_reads, "MB")],
)
def test_a_reader_that_breaks_the_law_is_found(
    tmp_path: Path, read: Callable[[Path], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal

    from tests.fuzzing import campaign

    before = signal.signal(signal.SIGPROF, campaign._stop)
    monkeypatch.setattr(campaign, "GIVEN_UP", 1)
    found = campaign.Tried(tmp_path)
    found.most = campaign.peak() + (-1 if said == "MB" else 100 << 20)
    found.file(Reader("x", list, read), b"\xff" * 50_000, "bytes")
    signal.signal(signal.SIGPROF, before)
    assert [wrong for wrong in found.found if said in wrong] == list(found.found) != []


def test_damage_of_the_same_chance_is_the_same() -> None:
    assert damaged(b"a: 1\nb: 2\n", random.Random(7)) == damaged(b"a: 1\nb: 2\n", random.Random(7))
