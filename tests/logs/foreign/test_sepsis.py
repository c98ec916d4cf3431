"""A real hospital's log, replayed: the deadlines of 1,050 cases, counted again straight from the file.

The log is not part of this project (see docs/replaying-logs.md): PATHWAY_DATA names the folder that holds it.
"""

from __future__ import annotations

import csv
import gzip
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.logs.foreign.mapping import read_mapping
from pathway.logs.foreign.reading import ForeignLog, read_foreign
from pathway.logs.foreign.replaying import PlayedCase, replay_foreign
from pathway.replay.conformance import conformance_of_events
from pathway.replay.deadlines import Kept, Tally

DEFAULT = Path(__file__).parents[4] / "shared" / "data"
DATA = Path(os.environ.get("PATHWAY_DATA", DEFAULT)) / "sepsis.csv.gz"
MAIN = find_pathway("sepsis-first-hours")

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not there: set PATHWAY_DATA to its folder"),
    pytest.mark.xdist_group("sepsis"),
]


@pytest.fixture(scope="module")
def log() -> ForeignLog:
    return read_foreign(DATA, read_mapping(MAIN.parent / "sepsis_map.yaml", load_definition(MAIN)))


@pytest.fixture(scope="module")
def replayed(log: ForeignLog) -> list[PlayedCase]:
    compiled = compile_pathway(load_definition(MAIN))
    return [replay_foreign(case, compiled) for case in log.cases]


def counted_directly(activity: str, limit: timedelta) -> Kept:
    """The same question put to the file itself, with nothing of this program."""
    first: dict[str, dict[str, datetime]] = {}
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            at = datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f")
            first.setdefault(row["Case ID"], {}).setdefault(row["Activity"], at)
    triaged = [case for case in first.values() if "ER Sepsis Triage" in case]
    done = [case[activity] - case["ER Sepsis Triage"] for case in triaged if activity in case]
    met = sum(after <= limit for after in done)
    return Kept(activity, met, len(done) - met, len(triaged) - len(done))


def test_every_row_of_the_log_is_read_and_the_case_called_na_is_one(log: ForeignLog) -> None:
    assert (len(log.cases), log.notes.rows) == (1050, 15214)
    assert len({case.id for case in log.cases}) == 1050
    assert "NA" in {case.id for case in log.cases}
    assert log.findings == ()
    assert log.notes.never_filled == ()
    told = [(finding.case, finding.class_) for case in log.cases for finding in case.findings]
    assert told == [("ES", "repeated row")]
    assert log.notes.entered == 15213


def test_the_deadlines_are_those_that_a_direct_query_counts(replayed: list[PlayedCase]) -> None:
    compiled = compile_pathway(load_definition(MAIN))
    tally = Tally()
    for case in replayed:
        tally.add(compiled, case.events)
    antibiotic = counted_directly("IV Antibiotics", timedelta(hours=1))
    lactate = counted_directly("LacticAcid", timedelta(hours=3))
    counts = {kept.action: (kept.met, kept.late, kept.never) for kept in tally.kept}
    assert counts == {
        "iv_antibiotics": (antibiotic.met, antibiotic.late, antibiotic.never),
        "lactic_acid": (lactate.met, lactate.late, lactate.never),
    }
    assert counts == {"iv_antibiotics": (342, 481, 226), "lactic_acid": (848, 11, 190)}


def test_what_is_derived_from_the_log_conforms(replayed: list[PlayedCase]) -> None:
    compiled = compile_pathway(load_definition(MAIN))
    for case in replayed[::50]:
        assert conformance_of_events(case.events, compiled).conforms
