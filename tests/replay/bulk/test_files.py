"""Bulk logs as files: nothing is lost in them, however they are cut; a bad case does not hide a good one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, TransitionTaken
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.load import load_definition
from pathway.logs.chain import Header
from pathway.logs.problems import LogError
from pathway.replay.bulk.reading import BulkFile, Stretch
from pathway.replay.bulk.replaying import replay_bulk
from pathway.replay.bulk.rows import event_of, row_of
from pathway.replay.bulk.tables import bulk_pathway
from pathway.replay.bulk.vocabulary import Vocabulary
from pathway.replay.bulk.writing import write_bulk
from pathway.replay.conformance import conformance_of_events
from tests.replay.bulk.logs import header_of, told_singly

DEFINITION = Path(__file__).parents[3] / "definitions" / "sepsis_first_hours"
Cases = list[tuple[Header, list[Event]]]


@pytest.fixture(scope="module")
def sepsis() -> CompiledPathway:
    return compile_pathway(load_definition(DEFINITION / "pathway.yaml"))


@pytest.fixture(scope="module")
def cases(sepsis: CompiledPathway) -> Cases:
    """The vignettes of the bundled pathway: undone entries, corrections and overrides among them."""
    return [
        (
            header_of(sepsis, file.stem),
            list([ran.case for ran in step_timeline(sepsis, read_timeline(file))][-1].events),
        )
        for file in sorted((DEFINITION / "cases").glob("*.yaml"))
    ]


def written(
    folder: Path, sepsis: CompiledPathway, cases: Sequence[tuple[Header, list[Event]]], rows: int
) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    write_bulk(path, bulk_pathway(sepsis), cases, rows)
    return path


def with_a_wrong_turn(events: list[Event]) -> list[Event]:
    """The log with its last move leading elsewhere."""
    place = max(number for number, event in enumerate(events) if isinstance(event, TransitionTaken))
    move = events[place]
    assert isinstance(move, TransitionTaken)
    return [*events[:place], replace(move, to=move.source), *events[place + 1 :]]


def test_every_event_comes_back_from_its_row(sepsis: CompiledPathway, cases: Cases) -> None:
    names = Vocabulary.of(bulk_pathway(sepsis))
    for _, events in cases:
        for event in events:
            assert event_of(row_of(event, names, 0), names) == event


def test_a_case_is_read_back_for_explaining(sepsis: CompiledPathway, cases: Cases, tmp_path: Path) -> None:
    file = BulkFile(written(tmp_path, sepsis, cases[:3], 1_000))
    first, second = len(cases[0][1]), len(cases[1][1])
    rows = file.rows_of(Stretch(cases[1][0].case, 0, first, second))
    assert [event_of(row, file.vocabulary) for row in rows] == cases[1][1]


def test_the_bundled_cases_get_the_same_verdicts(
    sepsis: CompiledPathway, cases: Cases, tmp_path: Path
) -> None:
    result = replay_bulk([written(tmp_path, sepsis, cases, 1_000)], sepsis)
    expected = told_singly(sepsis, [(header.case, events) for header, events in cases])
    assert result.as_json() == expected.as_json()


def test_any_partition_gives_the_same_bytes(sepsis: CompiledPathway, cases: Cases, tmp_path: Path) -> None:
    some = [(header, with_a_wrong_turn(events)) for header, events in cases[20:24]] + cases[24:34]
    whole = replay_bulk([written(tmp_path, sepsis, some, 1_000)], sepsis).as_json()
    assert replay_bulk([recut(tmp_path, sepsis, some, 7)], sepsis).as_json() == whole
    assert replay_bulk([recut(tmp_path, sepsis, some, 50)], sepsis, cores=2).as_json() == whole
    parts = [written(tmp_path, sepsis, some[first : first + 5], 1) for first in (10, 0, 5)]
    assert replay_bulk(parts, sepsis).as_json() == whole


def recut(folder: Path, sepsis: CompiledPathway, cases: Cases, rows: int) -> Path:
    """The file cut into row groups of so many rows, through the midst of cases."""
    from pathway.replay.bulk.schema import parquet

    table = parquet.read_table(written(folder, sepsis, cases, 1_000))
    names = parquet.ParquetFile(written(folder, sepsis, cases, 1_000)).metadata.metadata
    path = folder / f"recut-{rows}.parquet"
    parquet.write_table(table.replace_schema_metadata(names), path, row_group_size=rows)
    return path


def test_one_wrong_turn_among_many_is_explained_in_full(
    sepsis: CompiledPathway, cases: Cases, tmp_path: Path
) -> None:
    header, events = cases[7]
    wrong = (replace(header, case="the wrong one"), with_a_wrong_turn(events))
    result = replay_bulk([written(tmp_path, sepsis, [*cases[:7], wrong, *cases[7:20]], 40)], sepsis)
    expected = conformance_of_events(wrong[1], sepsis).divergence
    assert expected is not None
    assert [(one.case, one.seq, one.class_, one.why) for one in result.divergences] == [
        ("the wrong one", expected.seq, expected.class_, expected.why)
    ]


def test_damaged_and_foreign_cases_get_their_class_beside_good_ones(
    sepsis: CompiledPathway, cases: Cases, tmp_path: Path
) -> None:
    header, events = cases[7]

    def named(case: str, log: list[Event], **fields: str) -> tuple[Header, list[Event]]:
        return replace(header, case=case, **fields), log

    some = [
        named("good", events),
        named("a headless", events[1:]),
        named("cut in the middle", events[:5] + events[7:]),
        named("doubled", events + events),
        named("line doubled", [*events[:4], events[3], *events[4:]]),
        named("other pathway", events, pathway="another"),
        named("other version", events, version="9.9.9", digest="0" * 64),
    ]
    result = replay_bulk([written(tmp_path, sepsis, some, 1_000)], sepsis)
    assert result.conforming == 1
    assert {one.case: one.class_ for one in result.divergences} == {
        "a headless": "wrong order",
        "cut in the middle": "wrong order",
        "doubled": "wrong order",
        "line doubled": "wrong order",
        "other pathway": "other pathway",
        "other version": "other version",
    }


def test_a_file_that_is_no_bulk_log_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(b"case,event\n1,2\n")
    with pytest.raises(LogError, match="no bulk log"):
        BulkFile(path)
