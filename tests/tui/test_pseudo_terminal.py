"""Both front ends in a real pseudo-terminal: keys arrive, text leaves, and the terminal is given back."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect", reason="pseudo-terminals need pexpect", exc_type=ImportError)

SCREEN = """
from tests.tui.support import NOON, EngineSession
from tui.app import run_app
session = EngineSession(label="bed 7")
run_app(session, lambda: NOON, "ms")
print("KEPT", *session.kinds())
"""
PLAIN = """
import sys
from tests.tui.support import NOON, EngineSession
from tui.plain import run_plain
session = EngineSession(label="bed 7")
code = run_plain(session, lambda: NOON, "ms", sys.stdin, sys.stdout)
print("KEPT", *session.kinds())
sys.exit(code)
"""


def start(script: str, rows: int = 24, columns: int = 80) -> Any:
    """A child in a terminal of that size, without the LINES and COLUMNS that readline may have set."""
    return pexpect.spawn(
        sys.executable,
        ["-c", script],
        dimensions=(rows, columns),
        encoding="utf-8",
        timeout=30,
        env={name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")}
        | {"TERM": "xterm-256color"},
    )


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (50, 160)])
def test_a_question_is_answered_on_the_screen_and_q_gives_the_terminal_back(rows: int, columns: int) -> None:
    child = start(SCREEN, rows, columns)
    child.expect("DRAFT: not approved for clinical use")
    child.expect("infection suspected")
    if columns > 80:
        child.expect("Path and log")
    child.send("1")
    child.expect(">  1")
    child.send("\r")
    child.expect("Value")
    child.send("y")
    child.expect("records:")
    child.send("\r\r")
    child.expect("Recorded:")
    child.send("q")
    child.expect_exact("Case TEST-014: everything recorded is kept.")
    child.expect("KEPT case_opened fact_recorded")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_keys_typed_ahead_of_a_slow_line_reach_the_fields_they_were_meant_for() -> None:
    child = start(SCREEN)
    child.expect("infection suspected")
    child.send("rplatelet\r130\r-20 min\r")
    child.expect("Recorded:")
    child.send("f")
    child.expect("130 x10.9/L; 11:40")
    child.send("q")
    child.expect("KEPT case_opened fact_recorded time_passed\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_a_number_typed_twice_on_a_slow_line_does_not_answer_the_next_question() -> None:
    child = start(SCREEN)
    child.expect("infection suspected")
    child.send("1\ry\r\r1\r")
    child.expect("Recorded:")
    child.send("q")
    child.expect("KEPT case_opened fact_recorded\r")
    child.expect(pexpect.EOF)


def test_a_terminal_that_is_too_small_names_the_size_and_the_line_mode() -> None:
    child = start(SCREEN, 20, 70)
    child.expect("70x20")
    child.expect("--plain")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_the_line_mode_is_spoken_line_by_line_without_colours() -> None:
    child = start(PLAIN)
    child.expect("DRAFT: not approved for clinical use")
    child.expect("> ")
    child.sendline("fact suspected yes")
    child.expect("Recorded: suspected = yes")
    child.sendeof()
    child.expect("everything recorded is kept")
    child.expect("KEPT case_opened fact_recorded")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "\x1b[" not in (child.before or "")
