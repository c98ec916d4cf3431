"""Many writers at a time on one store, two of them on each shared case.

A program of its own, so that forking is safe; it prints one JSON object:
`python -m benchmarks.reliability.crowd FILE WRITERS EVENTS SEED`
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from benchmarks.reliability.killing import store_at
from benchmarks.reliability.ward import MINUTE, Acknowledged, missing, opened, said, ward
from pathway.engine.batch import Batch, FactEntry
from pathway.store.embedded.tables import SqliteTables
from pathway.store.port import Conflict
from pathway.store.session import Session
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify

LONG = 200  # events after which a writer goes on to another case
SHARED_EVERY = 10  # steps
NAMES = ("platelet_count", "inr", "lactate")


@dataclass(slots=True)
class Crowd:
    """What so many writers did together. Times are of a step, until it was kept."""

    writers: int = 0
    events: int = 0
    steps: int = 0
    conflicts: int = 0
    seconds: float = 0.0
    median_ms: float = 0.0
    p99_ms: float = 0.0
    slowest_ms: float = 0.0
    lost: list[str] = field(default_factory=list[str])
    findings: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Writer:
    """One of them, in its own process. Counts what it was told is kept."""

    store: TabledStore
    number: int
    chance: Random
    told: list[Acknowledged] = field(default_factory=list[Acknowledged])
    events: int = 0
    conflicts: int = 0
    times: list[float] = field(default_factory=list[float])

    def work(self, events: int) -> None:
        own, turn = self._opened("0"), 0
        while self.events < events:
            turn += 1
            if len(own.events) > LONG:
                own = self._opened(str(turn))
            if turn % SHARED_EVERY == 0:
                self._record_in_shared(f"pair-{self.number // 2}-{turn // 200}")
            self._record(own)

    def _opened(self, name: str) -> Session:
        session = opened(self.store, f"writer-{self.number}-{name}")
        self.events += len(session.events)
        self.told.append(said(session))
        return session

    def _record_in_shared(self, case_id: str) -> None:
        """Where someone else was quicker, look at what is new and enter it again."""
        if not self.store.exists(case_id):
            try:
                self.events += len(opened(self.store, case_id).events)
            except Conflict:
                self.conflicts += 1
        session = Session.resume(self.store, case_id, ward())
        while not self._record(session):
            self.conflicts += 1

    def _record(self, session: Session) -> bool:
        at, before = session.now + MINUTE, len(session.events)
        values = tuple(FactEntry(name, str(self.chance.randrange(1, 20))) for name in NAMES)
        begun = time.perf_counter()
        try:
            session.commit(Batch(at, f"w{self.number}", at, facts=values, notes=("seen",)))
        except Conflict:
            return False
        self.times.append(time.perf_counter() - begun)
        self.events += len(session.events) - before
        self.told.append(said(session))
        return True


def write_together(file: Path, writers: int, events: int, seed: int) -> Crowd:
    """So many writers record so many events, each in a process of its own."""
    begun, children = time.perf_counter(), list[tuple[int, Path]]()
    for number in range(writers):
        report = file.parent / f"writer-{number}.json"
        pid = os.fork()
        if pid == 0:
            _write(file, number, events // writers, seed, report)
            os._exit(0)
        children.append((pid, report))
    failed = [pid for pid, _ in children if os.waitpid(pid, 0)[1] != 0]
    result = Crowd(writers=writers, seconds=time.perf_counter() - begun)
    result.findings += [f"writer {pid} ended with a fault" for pid in failed]
    _judge(file, [json.loads(path.read_text()) for _, path in children if path.exists()], result)
    return result


def _write(file: Path, number: int, events: int, seed: int, report: Path) -> None:
    writer = _Writer(store_at(file), number, Random(seed * 100 + number))
    try:
        writer.work(events)
    except BaseException as error:
        print(f"writer {number}: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    told = {
        "told": [asdict(one) for one in writer.told],
        "events": writer.events,
        "conflicts": writer.conflicts,
        "times": writer.times,
    }
    report.write_text(json.dumps(told))


def _judge(file: Path, reports: list[dict[str, object]], result: Crowd) -> None:
    """Everything that was acknowledged is there, nothing else, and nothing is out of order."""
    store = store_at(file)
    assert store.heads is not None
    assert isinstance(store.tables, SqliteTables)
    times: list[float] = []
    for report in reports:
        match report:
            case {
                "told": list(told),
                "events": int(events),
                "conflicts": int(conflicts),
                "times": list(spent),
            }:
                result.lost += [str(one) for one in missing(store, [Acknowledged(**one) for one in told])]
                result.events, result.conflicts = result.events + events, result.conflicts + conflicts
                times += spent
            case _:
                result.findings.append("a writer's report cannot be read")
    result.findings += [found.text for found in verify(store.tables, store.heads.noted())]
    with store.tables.reading() as rows:
        steps = [step for _, step in rows.steps()]
    result.steps, kept = len(steps), sum({step.course: step.last_seq for step in steps}.values())
    if kept != result.events:
        result.findings.append(f"{kept} events are kept, and {result.events} were acknowledged")
    times.sort()
    if times:
        chosen = (times[len(times) // 2], times[len(times) * 99 // 100], times[-1])
        result.median_ms, result.p99_ms, result.slowest_ms = (1000 * one for one in chosen)
    store.tables.close()


def main(file: str, writers: str, events: str, seed: str) -> None:
    print(json.dumps(asdict(write_together(Path(file), int(writers), int(events), int(seed)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
