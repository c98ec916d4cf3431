"""A data set of many files: killed processes cost a retry, interrupted runs go on, all else completes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pathway.replay.fleet.case_by_case import case_by_case
from pathway.replay.fleet.fleet import Fleet, files_json, processes, replay_files
from pathway.replay.fleet.places import below, files_of, local_copy, read_bytes, write_bytes
from pathway.replay.fleet.problems import FleetError
from pathway.replay.fleet.results import MANIFEST, Results
from pathway.replay.fleet.summary import Summary
from pathway.replay.fleet.summary_json import summary_json
from pathway.replay.fleet.telling import files_lines, summary_lines
from pathway.replay.fleet.work import Outcome, Work
from pathway.simulating.cohort import Cohort, cohort_files, write_cohort
from tests.replay.fleet.tasks import DEADLY, ONCE, RICH, Counting, Killing, Rich

COUNTING = case_by_case(Counting())
NAMES = ("a", "b", DEADLY, ONCE, "c", "d")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Files of one, two, four, ... logs each, so that every sum tells which files are in it."""
    (tmp_path / "marks").mkdir()
    found = [tmp_path / f"{name}.jsonl" for name in NAMES]
    for number, file in enumerate(found):
        file.write_text(str(1 << number), "utf-8")
    return list(map(str, found))


def here(work: Work[Any], files: Sequence[str]) -> Iterator[Outcome[Any]]:
    """Giving out to this very process."""
    return map(work, files)


def backwards(work: Work[Any], files: Sequence[str]) -> Iterator[Outcome[Any]]:
    return map(work, reversed(files))


def of(file: str) -> str:
    return Path(file).stem


# --- killed processes -----------------------------------------------------------------------------
def only_the_deadly_file_is_lost(fleet: Fleet[Summary]) -> None:
    [failed] = fleet.failed
    assert of(failed.file) == DEADLY
    assert "killed" in failed.why
    assert [of(one.file) for one in fleet.files] == ["a", "b", ONCE, "c", "d"]
    assert fleet.sum.logs == 0b111011


def test_a_killed_process_costs_a_retry_and_a_file_that_always_kills_is_named(
    files: list[str], tmp_path: Path
) -> None:
    replaying = case_by_case(Killing(str(tmp_path / "marks")))
    fleet = replay_files(files, replaying, Results(str(tmp_path / "results"), "x"), processes(2))
    only_the_deadly_file_is_lost(fleet)
    assert any(DEADLY in line and "killed by SIGKILL" in line for line in files_lines(fleet))


def test_a_worker_of_dask_that_is_killed_costs_a_retry(files: list[str], tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from pathway.replay.fleet.on_dask import by_dask

    without_deadly = [file for file in files if of(file) != DEADLY]
    fleet = replay_files(
        without_deadly, case_by_case(Killing(str(tmp_path / "marks"))), give_out=by_dask(None, 1)
    )
    assert not fleet.failed
    assert fleet.sum.logs == 0b111011


@pytest.mark.campaign
def test_on_dask_the_file_that_always_kills_its_worker_is_named_and_the_rest_completes(
    files: list[str], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    from pathway.replay.fleet.on_dask import by_dask

    replaying = case_by_case(Killing(str(tmp_path / "marks")))
    only_the_deadly_file_is_lost(replay_files(files, replaying, give_out=by_dask(None, 2)))
    (tmp_path / "marks" / f"{ONCE}.jsonl").unlink()
    ours = distributed.LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address="127.0.0.1:0")
    with ours as cluster, distributed.Client(cluster) as client:
        give_out = by_dask(cluster.scheduler_address)
        only_the_deadly_file_is_lost(replay_files(files, replaying, give_out=give_out))
        client.wait_for_workers(2)  # a cluster cannot be closed while a killed worker comes back


@pytest.mark.campaign
def test_a_cohort_amounts_to_the_same_bytes_alone_by_processes_and_on_dask(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from pathway.language.load import load_definition
    from pathway.replay.fleet.on_dask import by_dask

    cohort = Cohort(load_definition(RICH), 1000, 11, 15)
    [whole] = write_cohort(cohort, [tmp_path / "whole.jsonl"]).files
    (tmp_path / "parts").mkdir()
    parts = [*map(str, write_cohort(cohort, cohort_files(tmp_path / "parts", "part", 23), 2).files)]
    documents = {
        json.dumps(summary_json(replay_files(files, case_by_case(Rich()), give_out=give_out).sum))
        for files, give_out in (
            ([str(whole)], here), (parts, backwards), (parts, processes(3)), (parts, by_dask(None, 2)),
        )
    }  # fmt: skip
    assert len(documents) == 1


# --- interrupted runs -----------------------------------------------------------------------------
def test_an_interrupted_run_goes_on_where_it_was(files: list[str], tmp_path: Path) -> None:
    results = Results(str(tmp_path / "results"), "x")
    whole = replay_files(files, COUNTING, give_out=here)

    def interrupted(work: Work[Any], files: Sequence[str]) -> Iterator[Outcome[Any]]:
        yield from map(work, files[:4])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay_files(files, COUNTING, results, interrupted)
    fleet = replay_files(files, COUNTING, results, backwards)
    assert fleet.resumed == 4
    assert (fleet.sum, files_json(fleet)) == (whole.sum, files_json(whole))


def test_a_result_counts_only_when_it_is_whole_and_of_this_very_file(
    files: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    results = Results(str(folder), "x")
    replay_files(files, COUNTING, results, here)
    torn, *_ = folder.glob("a.*.json")
    torn.write_bytes(torn.read_bytes()[:-9])
    Path(files[1]).write_text("2000", "utf-8")
    fleet = replay_files(files, COUNTING, results, here)
    assert fleet.resumed == len(files) - 2
    assert fleet.sum.logs == 0b111111 - 2 + 2000


def test_results_of_another_replay_are_never_mixed_in(files: list[str], tmp_path: Path) -> None:
    folder = str(tmp_path / "results")
    replay_files(files, COUNTING, Results(folder, "version 1"), here)
    with pytest.raises(FleetError, match=r"results holds another replay.*Name an empty or a new folder"):
        replay_files(files, COUNTING, Results(folder, "version 2"), here)
    Path(folder, MANIFEST).write_text("{}", "utf-8")
    with pytest.raises(FleetError, match="not ours, or was changed"):
        replay_files(files, COUNTING, Results(folder, "version 1"), here)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_replayed(files: list[str]) -> None:
    fleet = replay_files([*files, "not/there.jsonl"], COUNTING, give_out=here)
    [failed] = fleet.failed
    assert (failed.file, failed.why) == ("not/there.jsonl", "No such file or directory")
    assert fleet.sum.logs == 0b111111


def test_a_data_set_is_told_as_text_with_the_status_of_its_pathway(tmp_path: Path) -> None:
    from pathway.language.load import load_definition

    [file] = write_cohort(Cohort(load_definition(RICH), 6, 1, 10), [tmp_path / "six.jsonl"]).files
    with file.open("ab") as more:
        more.write(b'{"case":"x","type":"header"}\n')
    fleet = replay_files([str(file)], case_by_case(Rich()), give_out=here)
    told = "\n".join([*summary_lines(fleet.sum), *files_lines(fleet)])
    assert "not approved for clinical use" in told
    assert "7 logs, " in told
    assert "1 file replayed" in told
    assert "6 conforming, 1 divergent" in told
    assert "time in state:" in told
    assert f"files to look into, with pathway replay FILE:\n    {file}: 1 of 7 logs" in told


# --- stores ---------------------------------------------------------------------------------------
def test_files_and_results_may_lie_in_a_store() -> None:
    pytest.importorskip("fsspec")
    for number in range(3):
        write_bytes(f"memory://ward/logs/{number}.jsonl", b"%d" % (1 << number))
    write_bytes("memory://ward/logs/readme.txt", b"no log")
    found = files_of(["memory://ward/logs"])
    assert [name.rpartition("/")[2] for name in found] == ["0.jsonl", "1.jsonl", "2.jsonl"]
    results = Results("memory://ward/results", "x")
    assert replay_files(found, COUNTING, results, here).sum.logs == 0b111
    again = replay_files(found, COUNTING, results, here)
    assert (again.resumed, again.sum) == (3, Summary(logs=7, conforming=3))
    assert read_bytes(below("memory://ward/results", MANIFEST))
    with local_copy(found[2]) as copy:
        assert copy.read_bytes() == b"4"
    assert not copy.exists()


def test_a_store_that_is_not_known_is_told() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(FleetError, match="nowhere://x cannot be opened"):
        files_of(["nowhere://x"])
    write_bytes("memory://empty/readme.txt", b"")
    with pytest.raises(FleetError, match="There is no log below memory://empty"):
        files_of(["memory://empty"])
