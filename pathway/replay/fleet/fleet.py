"""A data set of many files replayed: given out, gathered, and added up to one summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from pathway.replay.fleet.processes import by_processes
from pathway.replay.fleet.results import Kept, Results
from pathway.replay.fleet.work import Json, Outcome, Replaying, S, Work

GivingOut = Callable[[Work[Any], Sequence[str]], Iterator[Outcome[Any]]]
Watching = Callable[[int, int], None]  # told how many files of how many are done


@dataclass(frozen=True, slots=True)
class FileDone:
    """One file that was replayed: how many logs it holds, and how many of them diverge or are damaged."""

    file: str
    logs: int
    divergent: int


@dataclass(frozen=True, slots=True)
class FileFailed:
    """One file that could not be replayed, and why."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Fleet(Generic[S]):
    """What came of a data set: the sum of all files, and the files in the order in which they were named.

    `resumed` is how many had been replayed by an earlier run.
    """

    sum: S
    files: tuple[FileDone, ...]
    failed: tuple[FileFailed, ...]
    resumed: int


def replay_files(
    files: Sequence[str],
    replaying: Replaying[S],
    results: Results | None = None,
    give_out: GivingOut | None = None,
    watching: Watching = lambda done, of: None,
) -> Fleet[S]:
    """Replay every file, each named once, and add up what they amount to; with `results` a run goes on.

    `give_out` hands the files to whoever replays them, such as `processes(4)` or a cluster; one process of
    this machine without. Raises FleetError, OSError.
    """
    if results is not None:
        results.begin(files)
    gathering = _Gathering(replaying, replaying.empty())
    for outcome in (give_out or processes(1))(Work(replaying, results), files):
        gathering.take(outcome)
        watching(len(gathering.kept), len(files))
    kept = [gathering.kept[file] for file in files]
    if results is not None:
        results.finish(kept)
    done, failed = gathering.done, tuple(FileFailed(one.file, one.failure) for one in kept if one.failure)
    return Fleet(
        gathering.sum, tuple(done[file] for file in files if file in done), failed, gathering.resumed
    )


@dataclass(slots=True)
class _Gathering(Generic[S]):
    """What is known so far: nothing of a file is held once it has been added but its counts."""

    replaying: Replaying[S]
    sum: S
    kept: dict[str, Kept] = field(default_factory=dict[str, Kept])
    done: dict[str, FileDone] = field(default_factory=dict[str, FileDone])
    resumed: int = 0

    def take(self, outcome: Outcome[S]) -> None:
        file, found = outcome.file, outcome.sum
        assert file not in self.kept  # each file counts once
        self.kept[file] = Kept(file, outcome.digest, outcome.result, outcome.failure)
        self.resumed += outcome.resumed
        if found is not None:
            self.done[file] = FileDone(file, self.replaying.logs(found), found.divergent)
            self.sum.add(found)


def processes(workers: int) -> GivingOut:
    """Giving out to so many processes of this machine."""
    return lambda work, files: by_processes(work, files, workers)


def files_json(fleet: Fleet[Any]) -> Json:
    """What the document says of the files, beside the document of the sum."""
    divergent = [one for one in fleet.files if one.divergent]
    return {
        "files": len(fleet.files),
        "divergent_files": [
            {"file": one.file, "logs": one.logs, "divergent": one.divergent} for one in divergent
        ],
        "failed_files": [{"file": one.file, "why": one.why} for one in fleet.failed],
    }
