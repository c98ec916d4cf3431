"""Writers killed at random moments: what they had said was recorded is in the store.

A program of its own, so that forking is safe; it prints one JSON object:
`python -m benchmarks.reliability.killing FILE KILLS SEED`
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import NoReturn

from benchmarks.reliability.ward import Acknowledged, entry, missing, opened, said, ward
from pathway.store.embedded.tables import SqliteTables
from pathway.store.heads import Heads
from pathway.store.port import Conflict, StoreError
from pathway.store.session import Session
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

AT_ONCE = 4  # writers
LONGEST = 0.1  # seconds that a writer lives at most
SHARED = "shared"  # the case that all of them record in
CHECKED_EVERY = 100  # kills, the whole store


@dataclass(slots=True)
class Killed:
    """So many writers were killed; `lost` is what they had acknowledged and the store has not."""

    kills: int = 0
    acknowledged: int = 0
    conflicts: int = 0
    steps: int = 0
    silent: int = 0  # killed before the first acknowledgement
    lost: list[str] = field(default_factory=list[str])
    findings: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class _Writer:
    pid: int
    pipe: int
    end: float


def store_at(file: Path) -> TabledStore:
    return TabledStore(SqliteTables(file), Heads(file.parent / "heads", str(file)))


def kill_writers(file: Path, kills: int, seed: int) -> Killed:
    """Kill so many writers, several at work at any time. Every call needs a fresh `file`."""
    chance, result = Random(seed), Killed()
    opened(store := store_at(file), SHARED)
    _let_go(store)
    writers: list[_Writer] = []
    while result.kills < kills:
        while len(writers) < min(AT_ONCE, kills - result.kills):
            number = result.kills + len(writers)
            writers.append(_started(file, f"case-{seed}-{number}-{chance.random():.9f}", chance))
        writers.sort(key=lambda writer: writer.end)
        _killed(file, writers.pop(0), result)
        if result.kills % CHECKED_EVERY == 0 or result.kills == kills:
            _check(file, result)
    return result


def _started(file: Path, case_id: str, chance: Random) -> _Writer:
    seed, lifetime = chance.randrange(1 << 30), chance.uniform(0, LONGEST)
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        _work(file, case_id, Random(seed), theirs)
    os.close(theirs)
    return _Writer(pid, ours, time.monotonic() + lifetime)


def _work(file: Path, case_id: str, chance: Random, pipe: int) -> NoReturn:
    """In the new process, to its violent end: a step, and a line once its call has returned."""
    try:
        store = store_at(file)
        own = opened(store, case_id)
        _tell(pipe, own)
        shared = Session.resume(store, SHARED, ward())
        while True:
            if chance.random() < 0.3:
                _record_in_shared(shared, chance, pipe)
            own.commit(entry(own.now, chance))
            _tell(pipe, own)
    except BaseException as error:
        os.write(pipe, json.dumps({"error": repr(error)}).encode() + b"\n")
        os._exit(1)


def _record_in_shared(shared: Session, chance: Random, pipe: int) -> None:
    try:
        shared.commit(entry(shared.now, chance))
    except Conflict:
        os.write(pipe, b'{"conflict": true}\n')
    else:
        _tell(pipe, shared)


def _tell(pipe: int, session: Session) -> None:
    os.write(pipe, json.dumps(asdict(said(session))).encode() + b"\n")


def _killed(file: Path, writer: _Writer, result: Killed) -> None:
    """Kill it when its time has come; everything it told has to be there."""
    time.sleep(max(0.0, writer.end - time.monotonic()))
    os.kill(writer.pid, signal.SIGKILL)
    os.waitpid(writer.pid, 0)
    with os.fdopen(writer.pipe, "rb") as pipe:
        read = [json.loads(line) for line in pipe]
    told = [Acknowledged(**one) for one in read if "case" in one]
    result.kills += 1
    result.acknowledged += len(told)
    result.silent += not told
    result.conflicts += sum("conflict" in one for one in read)
    result.findings += [one["error"] for one in read if "error" in one]
    store = store_at(file)
    result.lost += [str(one) for one in missing(store, told)]
    _let_go(store)


def _check(file: Path, result: Killed) -> None:
    """The whole store: every chain, every seal, the noted heads, and it can be written."""
    store = store_at(file)
    assert store.heads is not None
    try:
        result.findings += [found.text for found in verify(store.tables, store.heads.noted())]
        opened(store, f"after {result.kills}")
        result.steps = max(one.mark for one in store.entries())
    except StoreError as error:
        result.findings.append(str(error))
    _let_go(store)


def _let_go(store: TabledStore) -> None:
    """No connection is open while the next writer is forked."""
    assert isinstance(store.tables, SqliteTables)
    store.tables.close()


def main(file: str, kills: str, seed: str) -> None:
    print(json.dumps(asdict(kill_writers(Path(file), int(kills), int(seed)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
