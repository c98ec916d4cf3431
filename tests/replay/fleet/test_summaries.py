"""Summaries add up to the same whatever the order and the files, and say what the report says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.events import FactRecorded
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.logs.chain import log_lines
from pathway.logs.foreign.finding import Notes
from pathway.replay.fleet.case_by_case import summed_up
from pathway.replay.fleet.summary import Stayed, Summary
from pathway.replay.fleet.summary_json import summary_json, summary_of, whole_json
from pathway.replay.report.as_json import report_json
from pathway.replay.report.cases import FoundCase, cases_in
from pathway.replay.report.gathering import Report
from pathway.replay.report.stays import Stays
from pathway.simulating.cohort import Cohort, write_cohort
from tests.replay.fleet.tasks import sepsis

CASES = 24


def forged(found: FoundCase) -> bytes:
    """The log with another value in its first answer, its chain made anew as a forger would."""
    assert found.log is not None
    events = list(found.log.events)
    at, first = next((at, one) for at, one in enumerate(events) if isinstance(one, FactRecorded))
    events[at] = replace(first, value="5", entered="5")
    return b"".join(log_lines(found.log.header, events))


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Simulated cases; some are forged, torn, changed, of another pathway, no log at all, or met twice."""
    folder = tmp_path_factory.mktemp("cohort")
    definition = load_definition(find_pathway("sepsis_first_hours"))
    [file] = write_cohort(Cohort(definition, CASES, 5, 10), [folder / "all.jsonl"]).files
    found = list(cases_in(file))
    lines = file.read_bytes().splitlines(keepends=True)
    starts = [one.origin.line - 1 for one in found] + [len(lines)]
    good = [b"".join(lines[start:end]) for start, end in pairwise(starts)]
    bad = [
        *(forged(one) for one in found[:4]),
        good[4].replace(b'"by":"simulation"', b'"by":"somebody"', 1),
        b'{"type":"header","nonsense":1}\n',
    ]
    return [*good, *bad, good[0]]


def summary_over(folder: Path, parts: list[list[bytes]]) -> Summary:
    """The sum over files that hold these logs."""
    summary = Summary()
    for number, part in enumerate(parts):
        file = folder / f"{number}.jsonl"
        file.write_bytes(b"".join(part))
        summary.add(summed_up(cases_in(file), sepsis))
    return summary


def document(summary: Summary) -> str:
    return json.dumps(summary_json(summary))


@pytest.mark.parametrize("seed", range(2))
def test_the_document_is_the_same_bytes_however_logs_are_spread_over_files(
    logs: list[bytes], tmp_path: Path, seed: int
) -> None:
    (tmp_path / "whole").mkdir()
    expected = document(summary_over(tmp_path / "whole", [logs]))
    chance = Random(seed)
    shuffled = chance.sample(logs, len(logs))
    cuts = sorted(chance.sample(range(1, len(logs)), 4))
    parts = [shuffled[start:end] for start, end in pairwise([0, *cuts, len(logs)])]
    assert document(summary_over(tmp_path, parts)) == expected


def test_the_figures_are_those_of_the_report_of_a_single_call(logs: list[bytes], tmp_path: Path) -> None:
    good = logs[:CASES] + logs[CASES : CASES + 4]
    summary = summary_over(tmp_path, [good])
    report = Report()
    for found in cases_in(tmp_path / "0.jsonl"):
        assert found.log is not None
        report.take(found.origin, found.log.events, sepsis(found.log.header), found.log.header)
    told, summed = report_json(report), summary_json(summary)
    for name in ("logs", "events", "conforming", "divergent"):
        assert summed[name] == told[name]
    assert 0 < summed["divergent"] < summed["logs"]
    [mine], [theirs] = summed["pathways"], told["pathways"]
    by_place = {(one["track"], one["state"]): one for one in theirs["stays"]}
    assert {(one["track"], one["state"]): one for one in mine["stays"]} == by_place
    assert figures(mine) == figures(theirs)
    [of] = report.pathways.values()
    assert {one["action"]: one["overdue"] for one in mine["deadlines"] if one["overdue"]} == of.overdue


def figures(pathway: dict[str, Any]) -> object:
    deviations = [
        [one[name] for name in ("kind", "class", "track", "state", "action", "guard", "times", "cases")]
        for one in pathway["deviations"]
    ]
    names = ("pathway", "digest", "status", "stamp", "logs", "conforming", "divergent", "damaged")
    words = ("action", "met", "late", "never")
    deadlines = sorted([one[word] for word in words] for one in pathway["deadlines"])
    return [pathway[name] for name in names], pathway["fitness"], sorted(deviations, key=str), deadlines


def test_damaged_logs_and_copies_are_counted_and_good_ones_in_the_same_file_still_told(
    logs: list[bytes], tmp_path: Path
) -> None:
    summary = summary_over(tmp_path, [logs])
    assert summary.logs == len(logs)
    assert summary.conforming >= CASES
    assert summary.copies == 1
    assert summary.cannot_be_read == 2
    [of] = summary.pathways.values()
    assert {at.class_ for at in of.deviations} >= {"tampered"}
    assert summary.unreadable


def test_a_whole_summary_is_written_and_read_without_loss(logs: list[bytes], tmp_path: Path) -> None:
    summary = summary_over(tmp_path, [logs])
    read = summary_of(json.loads(json.dumps(whole_json(summary))))
    assert read == summary


def test_rows_that_a_mapping_passes_over_add_up() -> None:
    notes = [
        Notes(10, 7, 1, {"Release": 2}, {"Leucocytes": 1}, ("age", "sex")),
        Notes(5, 3, 0, {"Release": 1, "Return": 1}, {}, ("sex",)),
        Notes(1, 1, 0, {}, {}, ()),
    ]
    for order in permutations(notes):
        summary = Summary()
        for one in order:
            summary.add(Summary(rows=one))
        assert summary.rows == Notes(16, 11, 1, {"Release": 3, "Return": 1}, {"Leucocytes": 1}, ())
        assert summary_of(json.loads(json.dumps(whole_json(summary)))) == summary


@given(st.lists(st.integers(0, 40), max_size=30))
def test_quantiles_of_stays_are_those_of_the_single_report(lengths: list[int]) -> None:
    stayed, stays = Stayed(Counter(lengths)), Stays()
    for length in lengths:
        stays._ended.setdefault(("care", "ward"), []).append(length)  # pyright: ignore
    told = stays.of("care", "ward")
    assert [stayed.at_share(tenths) for tenths in (0, 5, 9, 10)] == [
        told.least, told.median, told.p90, told.most,
    ]  # fmt: skip
