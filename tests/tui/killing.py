"""Kills `pathway step` at random moments while entries are typed, and tells what its terminal had shown.

Run as a program of its own, so that forking is safe and Python starts once:
`killing.py FILE STORE MODE SEED KILLS`. Prints a JSON line a kill: the case, the values shown as recorded.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import termios
import time

# Imported before the first fork, so that a child spends its short life at the case.
import tui.app
import tui.plain
from pathway.cli.main import main
from pathway.cli.step_command import run as _run

WARM = (tui.app, tui.plain, _run)
CONTROLS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])|\s")
SHOWN = re.compile(r"Recorded:[^=]{0,40}=(\d{3})")
LONGEST = {"plain": 0.1, "screen": 0.8}  # seconds that a child lives on at most
PATIENCE = 60  # seconds for the entries before the last
MOST = 4  # entries before the last
FIRST = 101


def entry(mode: str, value: int) -> bytes:
    """The keys that record a platelet count, now."""
    if mode == "plain":
        return f"fact platelet_count {value}\n".encode()
    return f"rplatelet\r{value}\r\r".encode()


def one_life(arguments: list[str], mode: str, lifetime: float, entries: int | None) -> list[int]:
    """Start, type an entry whenever the last one was recorded, kill; the values that had been shown.

    Death comes `lifetime` seconds after so many entries were shown and one more typed; None: after the start.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in enumerate("rww"))
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
        os._exit(main(arguments))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    end, seen, typed = time.monotonic() + (lifetime if entries is None else PATIENCE), "", 0
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                seen += os.read(terminal, 1 << 16).decode("utf-8", "replace")
            except OSError:
                break
        if "suspected" in seen and len(values(seen)) == typed:
            os.write(terminal, entry(mode, FIRST + typed))
            end = time.monotonic() + lifetime if typed == entries else end
            typed += 1
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return values(seen)


def values(seen: str) -> list[int]:
    """The platelet counts that the terminal has shown as recorded, each once."""
    return sorted({int(found) for found in SHOWN.findall(CONTROLS.sub("", seen))})


def kill_all(file: str, store: str, mode: str, seed: str, kills: str) -> None:
    """One case a kill."""
    chance = random.Random(int(seed))
    for number in range(int(kills)):
        case = f"{mode}-{number}"
        arguments = ["step", file, "--case", case, "--store", store, "--by", "ms", "--timezone", "UTC"]
        if mode == "plain":
            arguments.append("--plain")
        entries = chance.randrange(MOST) if number % 4 else None
        shown = one_life(arguments, mode, chance.uniform(0.0, LONGEST[mode]), entries)
        print(json.dumps({"case": case, "shown": shown}), flush=True)


if __name__ == "__main__":
    kill_all(*sys.argv[1:])
