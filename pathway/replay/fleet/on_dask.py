"""Files replayed by the workers of a Dask cluster; read only when `--on dask` asks for it (the extra `dask`).

The pathway goes to each worker once, also to one that comes later. When a worker is killed, the scheduler
gives its files to others, and blames all that it had: whoever is blamed too often is tried once more alone,
so that only a file which kills its worker by itself is reported.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUntypedBaseClass=false, reportUnknownParameterType=false

from __future__ import annotations

import hashlib
import pickle
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from logging import CRITICAL
from typing import Any

from pathway.replay.fleet.fleet import GivingOut
from pathway.replay.fleet.problems import FleetError
from pathway.replay.fleet.work import Outcome, Work

try:
    import dask.config as dask_config
    from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed, get_worker
except ImportError:
    raise FleetError(
        "--on dask cannot be used",
        "Dask is not installed",
        "Install it: pip install 'clinical-pathway[dask]'",
    ) from None

DEATHS = 2  # of workers that a file may have had a part in, in a cluster of our own
PATIENCE = 20  # seconds until a scheduler answers, or a killed worker is back
GATHERING = 10  # seconds until the sum of one file is here
LOSSES = 3  # results of a file that may be lost with the worker that had them
AHEAD = 2  # files given out for each thread of the cluster


def by_dask(scheduler: str | None = None, workers: int = 1) -> GivingOut:
    """Giving out to a cluster: that of a scheduler's address, or one of our own with so many workers.

    Workers need this program, in the same version, and the files under the same names.
    """

    def give_out(work: Work[Any], files: Sequence[str]) -> Iterator[Outcome[Any]]:
        with _connected(scheduler, workers) as client:
            giving = _Giving(client, _equipped(client, work))
            blamed: list[str] = []
            window = AHEAD * max(sum(client.nthreads().values()), 1)
            yield from giving.outcomes(files, window, blamed)
            for file in blamed:
                alone: list[str] = []
                yield from giving.outcomes([file], 1, alone)
                yield from map(_killing, alone)

    return give_out


@dataclass(slots=True)
class _Giving:
    """Gives out files to the workers of a cluster, each under a key of its own."""

    client: Any
    equipment: str
    _numbers: Iterator[int] = field(default_factory=count)

    def outcomes(self, files: Sequence[str], window: int, blamed: list[str]) -> Iterator[Outcome[Any]]:
        """The outcomes of files as they are done, so many given out at a time; `blamed` gets the others."""
        left = deque(files)
        losses = Counter[str]()
        given = {self._given(left.popleft()): at for at in files[:window]}
        running = as_completed(given)
        for future in running:
            file = given.pop(future)
            outcome = _outcome(future, file)
            if outcome is not None:
                yield outcome
            elif future.status == "error" or losses[file] == LOSSES:
                blamed.append(file)
            else:
                losses[file] += 1
                left.append(file)
            if left:
                file = left.popleft()
                fresh = self._given(file)
                given[fresh] = file
                running.add(fresh)

    def _given(self, file: str) -> Any:
        # A key that was used before would give the result of another file.
        key = f"pathway-replay-{self.client.id}-{next(self._numbers)}"
        return self.client.submit(_replayed, self.equipment, file, key=key, pure=False)


def _outcome(future: Any, file: str) -> Outcome[Any] | None:
    """What became of a file; None where its worker was killed, before or after it was done with it."""
    if future.status == "error" and not isinstance(future.exception(), KilledWorker):
        return Outcome(file, failure=f"its task failed: {future.exception()!r}")
    try:
        found: Outcome[Any] = future.result(timeout=GATHERING)
    except (KilledWorker, CancelledError, TimeoutError):
        # Without a limit the client may wait for ever for a result that was lost with its worker.
        return None
    return found


def _killing(file: str) -> Outcome[Any]:
    return Outcome(file, failure="its worker was killed each time, alone too: maybe for want of memory")


# --- the cluster ----------------------------------------------------------------------------------
@contextmanager
def _connected(scheduler: str | None, workers: int) -> Generator[Any]:
    if scheduler is not None:
        with _client(scheduler) as client:
            yield client
        return
    with (
        dask_config.set({"distributed.scheduler.allowed-failures": DEATHS}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            silence_logs=CRITICAL,  # the outcome of each file says what there is to say
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
        # A cluster that is closed while a killed worker comes back may wait for it without an end.
        with suppress(TimeoutError):
            client.wait_for_workers(workers, timeout=PATIENCE)


def _client(scheduler: str) -> Any:
    try:
        return Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        fix = "Check the address, such as tcp://10.0.0.1:8786, and that the scheduler runs."
        raise FleetError(f"No scheduler of Dask answers at {scheduler}", str(error), fix) from None


class _Equipment(WorkerPlugin):
    """What every worker has to know, also one that joins later or is started anew."""

    def __init__(self, work: Work[Any]) -> None:
        self.work = work


def _equipped(client: Any, work: Work[Any]) -> str:
    """Let every worker have the work; the name under which it has it tells this work from all others."""
    name = f"pathway-replay-{hashlib.sha256(pickle.dumps(work)).hexdigest()[:32]}"
    try:
        client.register_plugin(_Equipment(work), name=name)
    except ImportError as error:
        fix = "Install clinical-pathway there, in the version that is here."
        raise FleetError("The workers of the cluster cannot replay", str(error), fix) from None
    return name


def _replayed(name: str, file: str) -> Outcome[Any]:
    """On a worker: replay one file."""
    equipment = get_worker().plugins[name]
    assert isinstance(equipment, _Equipment)
    return equipment.work(file)
