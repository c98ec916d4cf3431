"""The command as a user calls it, in a folder and with a store of its own."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pathway.cli.main import main
from tests.calling import CHECKOUT, called

PATHWAYS = CHECKOUT / "tests" / "replay"


@dataclass(frozen=True)
class Outcome:
    """What a user sees of a call."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Outcome]


@pytest.fixture
def demo_file() -> str:
    return str(PATHWAYS / "demo.yaml")


@pytest.fixture
def rich_file() -> str:
    return str(PATHWAYS / "rich.yaml")


@pytest.fixture
def pathway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run `pathway ARGUMENTS` in an empty folder with a store of its own, as from a pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATHWAY_STORE", str(tmp_path / "store"))

    def command(*arguments: str | Path, stdin: str = "") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 2
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return command


def in_a_process(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The same in a process of its own, with further environment variables."""
    return called(arguments, **environment)


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
