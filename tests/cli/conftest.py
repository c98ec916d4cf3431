"""The command as a user calls it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PATHWAYS = CHECKOUT / "tests" / "replay"

Outcome = subprocess.CompletedProcess[str]
Command = Callable[..., Outcome]


@pytest.fixture
def demo_file() -> str:
    return str(PATHWAYS / "demo.yaml")


@pytest.fixture
def rich_file() -> str:
    return str(PATHWAYS / "rich.yaml")


@pytest.fixture
def pathway(tmp_path: Path) -> Command:
    """Run `pathway ARGUMENTS` in an empty folder; keyword arguments are environment variables."""

    def command(*arguments: str | Path, stdin: str = "", **environment: str) -> Outcome:
        kept = {"PYTHONPATH": str(CHECKOUT), "PATHWAY_STORE": str(tmp_path / "store"), **environment}
        return subprocess.run(
            [sys.executable, "-m", "pathway", *map(str, arguments)],
            cwd=tmp_path, env={**os.environ, **kept}, input=stdin, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    return command


@pytest.fixture
def timeline(tmp_path: Path) -> Path:
    """The puncture of the demonstration pathway."""
    file = tmp_path / "timeline.yaml"
    file.write_text(
        """
pathway: demo
case: V-demo
timeline:
  - {at: 2026-03-01T08:00, facts: {suspected: true, platelet_count: 210}}
  - {at: 2026-03-01T11:00, done: [lumbar_puncture]}
""",
        "utf-8",
    )
    return file
