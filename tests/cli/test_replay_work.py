"""What `pathway replay` does besides: foreign logs, coverage, tests and other formats out of logs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pathway.engine.events import FactRecorded
from pathway.logs.jsonl import read_log, write_log
from tests.cli.conftest import PATHWAYS, Command

RICH = PATHWAYS / "rich.yaml"
TIMELINE = """
pathway: rich
case: {case}
timeline:
  - {{at: 2026-03-01T08:00, facts: {{suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}}}
  - {{at: 2026-03-01T08:30, facts: {{platelet_count: {platelets}, inr: 1.2}}}}
  - {{at: 2026-03-01T08:40, done: [antibiotic]}}
"""
FOREIGN = """Case;What;When;Platelets
=A;Suspected;2026-03-01 08:00;
=A;Antibiotic;2026-03-01 09:30;
=A;Lunch;2026-03-01 09:40;
NA;Suspected;2026-03-01 08:00;
NA;Blood count;2026-03-01 08:10;210
NA;Blood count;2026-03-01 08:10;210
NA;Antibiotic;2026-03-01 08:59:59;
bad;Suspected;2026-03-01 08:00;
bad;Blood count;2026-03-01 08:10;many
"""
MAPPING = """
pathway: rich
case: Case
activity: What
time: {column: When, format: "%Y-%m-%d %H:%M", timezone: UTC}
csv: {separator: ";"}
activities:
  Suspected: {facts: {suspected: true}}
  Antibiotic: {done: antibiotic}
  Blood count: {facts: {mri_status: pending}}
columns:
  Platelets: {fact: platelet_count, unit: 10*9/L}
"""


@pytest.fixture
def logs(pathway: Command, tmp_path: Path) -> Path:
    """A folder with two logs, the second of which diverges."""
    folder = tmp_path / "logs"
    folder.mkdir()
    timeline = tmp_path / "t.yaml"
    timeline.write_text(TIMELINE.format(case="one", platelets=210), "utf-8")
    assert pathway("run", RICH, timeline, "--write-log", folder / "good.jsonl").returncode == 0
    log = read_log(folder / "good.jsonl")
    forged = [
        replace(one, value="39", entered="39")
        if isinstance(one, FactRecorded) and one.fact == "platelet_count"
        else one
        for one in log.events
    ]
    write_log(folder / "forged.jsonl", replace(log.header, case="two"), forged)
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> tuple[Path, Path]:
    log, mapping = tmp_path / "ward.csv", tmp_path / "map.yaml"
    log.write_text(FOREIGN.replace("08:59:59", "08:59"), "utf-8")
    mapping.write_text(MAPPING, "utf-8")
    return log, mapping


def test_a_foreign_log_is_replayed_through_its_mapping(pathway: Command, foreign: tuple[Path, Path]) -> None:
    log, mapping = foreign
    outcome = pathway("replay", log, "--map", mapping, "--pathway", RICH, "--json")
    document = json.loads(outcome.stdout)
    assert outcome.returncode == 2  # a row of `bad` cannot be read
    assert "ward.csv:10:" in outcome.stderr
    assert (document["logs"], document["conforming"], document["divergent"]) == (3, 1, 2)
    told = {(one["case"], one["class"], one["line"]) for one in document["divergences"]}
    assert ("=A", "unknown activity", 4) in told
    assert {one[:2] for one in told} == {("=A", "unknown activity"), ("bad", "unreadable row")}
    assert [(one["case"], one["class"], one["line"]) for one in document["remarks"]] == [
        ("NA", "repeated row", 7),
    ]  # fmt: skip
    [late] = [one for one in document["departures"] if one["action"] == "antibiotic"]
    assert (late["case"], late["line"], late["late"], late["class"]) == ("=A", 3, 1800, "deadline missed")
    assert {"action": "antibiotic", "met": 1, "late": 1, "never": 0} in document["deadlines"]
    assert document["pathways"][0]["fitness"] == {"followed": 6, "events": 7, "share": "0.8571"}


def test_the_text_names_the_rows_of_a_foreign_log(pathway: Command, foreign: tuple[Path, Path]) -> None:
    log, mapping = foreign
    outcome = pathway("replay", log, "--map", mapping, "--pathway", RICH)
    assert "ward.csv:2 (case =A): DIVERGES at row 4: unknown activity" in outcome.stdout
    assert "departs at row 3: deadline missed" in outcome.stdout
    assert "ward.csv:5 (case NA): conforms (4 events)" in outcome.stdout


def test_coverage_of_logs_may_fail_under_a_floor(pathway: Command, logs: Path) -> None:
    good = logs / "good.jsonl"
    outcome = pathway("replay", good, "--pathway", RICH, "--coverage", "--fail-under", "states=10")
    assert outcome.returncode == 0, outcome.stderr
    assert "coverage of rich 2.1.0 *** DRAFT" in outcome.stdout
    under = pathway("replay", logs, "--pathway", RICH, "--coverage", "--fail-under", "states=90", "--json")
    document = json.loads(under.stdout)
    assert (under.returncode, document["pathway"], document["cases"]) == (1, "rich", 2)
    assert "rich: states: " in under.stderr
    assert "wrong branch; it counts up to event" in under.stderr


def test_a_diverging_log_is_shrunk_and_frozen_as_a_case(pathway: Command, logs: Path, tmp_path: Path) -> None:
    forged, case = logs / "forged.jsonl", tmp_path / "case.yaml"
    shrunk = pathway("replay", logs, "--case", "two", "--pathway", RICH, "--minimise", "-o", "min.jsonl")
    assert shrunk.returncode == 0, shrunk.stderr
    assert len(read_log(tmp_path / "min.jsonl").events) < len(read_log(forged).events)
    again = pathway("replay", "min.jsonl", "--pathway", RICH)
    assert (again.returncode, "wrong branch" in again.stdout) == (1, True)
    frozen = pathway("replay", forged, "--pathway", RICH, "--minimise", "--freeze", "-o", case)
    assert frozen.returncode == 0, frozen.stderr
    assert pathway("run", RICH, case).returncode == 0
    assert "care: cannot" in case.read_text("utf-8")


@pytest.mark.parametrize("ending", ["csv", "xes.gz"])
def test_logs_go_into_one_file_of_another_format_and_are_read_from_it(
    pathway: Command, logs: Path, ending: str
) -> None:
    assert pathway("replay", logs, "--export", f"all.{ending}").returncode == 0
    documents = [
        json.loads(pathway("replay", name, "--pathway", RICH, "--json").stdout)
        for name in (logs, f"all.{ending}")
    ]
    for key in ("logs", "events", "conforming", "deadlines"):
        assert documents[0][key] == documents[1][key]
    assert [one["why"] for one in documents[0]["divergences"]] == [
        one["why"] for one in documents[1]["divergences"]
    ]


def test_a_case_in_a_table_is_named_with_its_first_row(pathway: Command, logs: Path) -> None:
    pathway("replay", logs, "--export", "all.csv")
    rows = len(read_log(logs / "forged.jsonl").events)  # those of the first case
    told = pathway("replay", "all.csv", "--pathway", RICH)
    assert f"all.csv:{rows + 2} (case one): conforms" in told.stdout  # below the line of names
    [wrong] = json.loads(pathway("replay", "all.csv", "--pathway", RICH, "--json").stdout)["divergences"]
    assert (wrong["case"], wrong["line"]) == ("two", 1 + wrong["seq"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--coverage", "--freeze"), "--coverage and --freeze are different things"),
        (("--fail-under", "80"), "--fail-under belongs to --coverage, not to the report"),
        (("--coverage", "--fail-under", "stats=80"), "Did you mean `states`?"),
        (("--minimise", "--html", "o.html"), "--html belongs to the report, not to --minimise"),
        (("--minimise",), "Add --case ID"),
        (("--minimise", "--case", "three"), "hold no case three"),
        (("--minimise", "--case", "one"), "This log conforms"),
        (("--map", "no.yaml"), "no.yaml"),
    ],
)
def test_what_does_not_go_together_is_said_with_what_to_do(
    pathway: Command, logs: Path, options: tuple[str, ...], words: str
) -> None:
    outcome = pathway("replay", logs, "--pathway", RICH, *options)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert words in outcome.stderr
    assert "Traceback" not in outcome.stderr
