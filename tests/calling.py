"""`python -m pathway` in a process of its own, forked from one that has read the modules already."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Windows has no such thing
    from multiprocessing.context import ForkServerContext

CHECKOUT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds
CRASHED = 99


def called(arguments: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What a user sees of `pathway ARGUMENTS`, called in this folder, with further environment variables.

    Nothing is left over from one call to the next: each has memory of its own. Variables that Python itself
    reads when it starts need a start of their own.
    """
    words = [str(argument) for argument in arguments]
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT), **environment}
    if os.name == "nt" or any(name.startswith("PYTHON") for name in environment):
        return subprocess.run(
            [sys.executable, "-m", "pathway", *words],
            env=variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "stdout"), Path(folder, "stderr")
        process = _forks().Process(target=_call, args=(words, variables, os.getcwd(), str(out), str(err)))
        process.start()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(words, PATIENCE)
        code = process.exitcode if process.exitcode is not None else CRASHED
        return subprocess.CompletedProcess(words, code, out.read_bytes(), err.read_bytes())


@cache
def _forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(READ_FIRST))
    return context


# Reading these is most of the time that a call takes.
READ_FIRST = (
    "pathway.cli.main",
    "pathway.cli.loading",
    "pathway.cli.step_json",
    "pathway.engine.timeline",
    "pathway.language.load",
    "pathway.replay.conformance",
)


def _call(words: list[str], variables: dict[str, str], folder: str, out: str, err: str) -> None:
    """In the new process: streams as a user redirects them, then the very module that `-m` runs."""
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    for number, (name, flags) in enumerate(
        ((os.devnull, os.O_RDONLY), (out, os.O_WRONLY | os.O_CREAT), (err, os.O_WRONLY | os.O_CREAT))
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["pathway", *words]
    runpy.run_module("pathway", run_name="__main__", alter_sys=True)
