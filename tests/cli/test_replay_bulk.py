"""`pathway replay --bulk`: logs put into columns and replayed there, with the figures of the other engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_logs_are_put_into_columns_and_replayed_there_to_the_same_figures(
    pathway: Command, demo_file: str
) -> None:
    assert pathway("simulate", demo_file, "--cases", "12", "-o", "cohort.jsonl").returncode == 0
    log = Path("cohort.jsonl")
    singly = json.loads(pathway("replay", log, "--pathway", demo_file, "--json").stdout)
    written = pathway("replay", log, "--pathway", demo_file, "--bulk", "--export", "cohort.parquet")
    assert written.returncode == 0
    assert f"wrote cohort.parquet: 12 cases, {singly['events']} events" in written.stderr

    words = ("replay", "cohort.parquet", "--pathway", demo_file, "--bulk", "--cores", "1")
    in_bulk = json.loads(pathway(*words, "--json").stdout)
    for name in ("logs", "events", "conforming", "divergent", "divergences", "deadlines"):
        assert in_bulk[name] == singly[name]
    told = pathway(*words)
    assert told.returncode == 0
    assert "DRAFT: not approved for clinical use" in told.stdout
    assert f"12 logs, {singly['events']} events: 12 conforming, 0 divergent" in told.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--bulk", "--cores", "0"], "--cores: 0 is not possible."),
        (["--bulk", "--export", "x.csv"], "--export: x.csv with --bulk has to end in .parquet."),
        (["--bulk"], "cannot be read as Parquet"),
        (["--cores", "2"], "--cores belongs to --bulk"),
    ],
)
def test_what_cannot_be_replayed_in_bulk_is_said(
    pathway: Command, demo_file: str, words: list[str], told: str
) -> None:
    pathway("simulate", demo_file, "--cases", "1", "-o", "one.jsonl")
    outcome = pathway("replay", "one.jsonl", "--pathway", demo_file, *words)
    assert outcome.returncode == 2
    assert told in outcome.stderr


def test_a_folder_without_such_a_file_says_how_to_write_one(pathway: Command) -> None:
    Path("empty").mkdir()
    outcome = pathway("replay", "empty", "--bulk")
    assert outcome.returncode == 2
    assert "empty holds no .parquet file. Write one: --bulk --export FILE.parquet." in outcome.stderr
