"""The bulk engine over a data set: the same bytes by whomever it is replayed; results are taken up again."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.cli.main import BAD_INPUT, FINDING
from pathway.cli.replay_bulk import bulk
from pathway.cli.replay_command import arguments
from pathway.engine import events as ev
from pathway.language.load import load_definition
from pathway.logs.chain import Header
from pathway.replay.fleet.fleet import Fleet, replay_files
from pathway.replay.fleet.results import Results
from pathway.simulating.cases import Simulator
from tests.replay.bulk.logs import told_singly
from tests.replay.fleet.tasks import RICH, rich

pytest.importorskip("numba")
pytest.importorskip("pyarrow")
os.environ.setdefault("PATHWAY_KERNEL", "interpreted")  # compiling takes longer than all these tests

CASES = 6
NOBODY = Header(pathway="", version="", digest="", case="")


def cases() -> list[tuple[Header, list[ev.Event]]]:
    """Simulated cases; in one a move leads elsewhere."""
    definition, simulator = load_definition(RICH), Simulator(rich(NOBODY), 3, 10)
    found: list[tuple[Header, list[ev.Event]]] = []
    for number in range(1, CASES + 1):
        case = simulator.case(number)
        header = Header(
            pathway=definition.id, version=definition.version, digest=definition.digest, case=case.id
        )
        found.append((header, case.events))
    forged, at = (
        found[4][1],
        next(at for at, one in enumerate(found[4][1]) if isinstance(one, ev.TransitionTaken)),
    )
    forged[at] = replace(forged[at], guard="true")
    return found


def test_files_of_bulk_logs_amount_to_the_same_bytes_as_one(tmp_path: Path) -> None:
    from pathway.replay.bulk.replaying import replay_bulk
    from pathway.replay.bulk.results import BulkResult
    from pathway.replay.bulk.tables import bulk_pathway
    from pathway.replay.bulk.writing import write_bulk
    from pathway.replay.fleet.in_bulk import in_bulk, result_of

    compiled, told = rich(NOBODY), cases()
    parts = [told[:4], told[4:5], told[5:]]
    for number, part in enumerate([told, *parts]):
        write_bulk(tmp_path / f"{number}.parquet", bulk_pathway(compiled), part)
    whole = replay_bulk([tmp_path / "0.parquet"], compiled)
    files = [str(tmp_path / f"{number}.parquet") for number in (3, 1, 2)]
    results = Results(str(tmp_path / "results"), "x")

    def replayed() -> Fleet[BulkResult]:
        return replay_files(files, in_bulk(compiled), results, lambda work, files: map(work, files))

    fleet = replayed()
    assert (whole.cases, whole.divergent) == (CASES, 1)
    assert fleet.sum.as_json() == whole.as_json()
    assert [one.divergent for one in fleet.files] == [0, 0, 1]
    again = replayed()
    assert again.resumed == len(files)
    assert again.sum.as_json() == whole.as_json()
    assert result_of(json.loads(json.dumps(whole.whole()))).as_json() == whole.as_json()


def written(folder: Path, parts: list[list[tuple[Header, list[ev.Event]]]], rows: int = 1_000) -> Path:
    """The cases in a folder of files, with row groups of so many rows."""
    from pathway.replay.bulk.tables import bulk_pathway
    from pathway.replay.bulk.writing import write_bulk

    folder.mkdir()
    for number, part in enumerate(parts):
        write_bulk(folder / f"{number}.parquet", bulk_pathway(rich(NOBODY)), part, rows)
    return folder


def told(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    """What the command prints of a folder."""
    parser = argparse.ArgumentParser()
    arguments(parser)
    options = parser.parse_args([str(folder), "--pathway", str(RICH), "--bulk", "--json", *words])
    assert bulk(options) == FINDING
    return capsys.readouterr().out


def same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str], ways: list[tuple[str, list[str]]]) -> None:
    """Hold each way to the document that the single-case engine gives."""
    logs = cases()
    folders = {
        "whole": written(tmp_path / "whole", [logs]),
        "cut": written(tmp_path / "cut", [logs], 1),
        "parts": written(tmp_path / "parts", [logs[4:], logs[1:4], logs[:1]]),
    }
    singly = told_singly(rich(NOBODY), [(header.case, events) for header, events in logs])
    assert singly.divergent == 1
    for name, words in ways:
        document = told(capsys, folders[name], *words)
        pathways = json.loads(document)["pathways"]
        expected = json.dumps({**singly.as_object(), "pathways": pathways}, indent=1, ensure_ascii=False)
        assert document == expected + "\n", (name, words)


def test_both_engines_one_core_or_two_processes_in_any_partition_print_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ["--workers", "2", "--results", str(tmp_path / "results")]
    ways = [
        ("whole", ["--cores", "1"]),
        ("cut", ["--cores", "2"]),
        ("parts", ["--cores", "1"]),
        ("parts", kept),
        ("parts", kept),  # taken up from the results
    ]
    same_bytes(tmp_path, capsys, ways)


@pytest.mark.campaign
def test_a_cluster_prints_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    same_bytes(tmp_path, capsys, [("parts", ["--on", "dask", "--workers", "2"]), ("whole", ["--on", "dask"])])


def test_a_file_that_is_no_bulk_log_is_told_and_the_others_are_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "logs", [cases()[:2]])
    (folder / "broken.parquet").write_bytes(b"PAR1")
    parser = argparse.ArgumentParser()
    arguments(parser)
    words = [str(folder), "--pathway", str(RICH), "--bulk", "--workers", "1"]
    assert bulk(parser.parse_args([*words, "--json"])) == BAD_INPUT
    document = json.loads(capsys.readouterr().out)
    assert document["conforming"] == 2
    [failed] = document["failed_files"]
    assert failed["file"].endswith("broken.parquet")
    assert "This is no bulk log" in failed["why"]
