"""The bulk engine over a data set: the same bytes as over one file, and results that are taken up again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine import events as ev
from pathway.language.load import load_definition
from pathway.logs.chain import Header
from pathway.replay.fleet.fleet import Fleet, replay_files
from pathway.replay.fleet.results import Results
from pathway.simulating.cases import Simulator
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
        return replay_files(
            files, in_bulk(load_definition(RICH)), results, lambda work, files: map(work, files)
        )

    fleet = replayed()
    assert (whole.cases, whole.divergent) == (CASES, 1)
    assert fleet.sum.as_json() == whole.as_json()
    assert [one.divergent for one in fleet.files] == [0, 0, 1]
    again = replayed()
    assert again.resumed == len(files)
    assert again.sum.as_json() == whole.as_json()
    assert result_of(json.loads(whole.as_json())).as_json() == whole.as_json()
