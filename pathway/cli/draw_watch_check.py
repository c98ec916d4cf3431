"""Checks a pathway in a process of its own, so that its picture never waits for the proofs."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diagrams.web.live import Remark
from pathway.cli.check_report import counted
from pathway.cli.main import FINDING, FINE
from pathway.language.problems import visible

Json = dict[str, Any]
SAID = {"error": "error", "warning": "warning", "info": "note"}
NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found: a verdict in one line, and the findings, the gravest first.

    `digest` is that of the definition checked, None where it could not be.
    """

    digest: str | None
    verdict: str
    remarks: tuple[Remark, ...] = ()


def command(name: str) -> list[str]:
    """What the worker runs."""
    return [sys.executable, "-m", "pathway", "check", "--json", "--", name]


@dataclass(slots=True)
class _Worker:
    """A check under way; a thread takes in what it prints, so that it never waits for a reader."""

    process: subprocess.Popen[bytes]
    printed: tuple[bytes, bytes] | None = None

    def listen(self) -> None:
        self.printed = self.process.communicate()


@dataclass(slots=True)
class Checking:
    """At most one check at a time: a new one ends the one before, whose answer nobody needs any more."""

    command: Sequence[str]
    _worker: _Worker | None = None

    def start(self) -> None:
        """Begin to check the definition as it is on the disk."""
        self.stop()
        self._worker = _Worker(
            subprocess.Popen(  # nosec B603 (this very program, without a shell)
                self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=True,
            )
        )  # fmt: skip
        threading.Thread(target=self._worker.listen, daemon=True).start()

    def answer(self) -> Checked | None:
        """What was found, once; None while the check goes on, and where there is none."""
        if self._worker is None or self._worker.printed is None:
            return None
        said, complained = (one.decode("utf-8", "replace") for one in self._worker.printed)
        code = self._worker.process.returncode
        self._worker = None
        return read_answer(said, complained, code)

    def stop(self) -> None:
        """End what is under way."""
        if self._worker is not None:
            self._worker.process.kill()
        self._worker = None


def read_answer(said: str, complained: str, code: int) -> Checked:
    """What a worker printed, in words for the page; what it could not do is told, not hidden."""
    if code not in (FINE, FINDING):
        last = [visible(line) for line in complained.splitlines() if line.strip()][-12:]
        verdict = f"The check did not come to an end (exit code {code}); `pathway check` says more."
        return Checked(None, verdict, tuple(Remark("error", line) for line in last))
    document: Json = json.loads(said)
    remarks = tuple(_remarks(document))
    return Checked(document["digest"], _verdict(remarks), remarks)


def _remarks(document: Json) -> Iterator[Remark]:
    for one in document["findings"]:
        severity = SAID[one["severity"]]
        yield Remark(severity, f"{_placed(one)}{visible(one['text'])} [{one['code']}]", _box(one))
    for one in document["undecided"]:
        yield Remark(
            NOT_DECIDED,
            f"{_placed(one)}{visible(one['about'])}. {visible(one['why'])}. [{one['code']}]",
            _box(one),
        )


def _verdict(remarks: tuple[Remark, ...]) -> str:
    kinds = [one.severity for one in remarks]
    found = [counted(kinds.count(one), one) for one in SAID.values() if one in kinds]
    left = kinds.count(NOT_DECIDED)
    return ", ".join(
        [*(found or ["no open finding"]), f"{left} not decided" if left else "nothing undecided"]
    )


def _placed(one: Json) -> str:
    where = one["where"]
    return visible(f"{where['file']}:{where['line']}:{where['column']}: ") if "file" in where else ""


def _box(one: Json) -> str:
    """The id of the box of the state that a finding is about."""
    track, _, state = (one["where"]["state"] or "").partition(".")
    return f"state-{track}-{state}" if state else ""
