"""`pathway check` says which statements nothing accounts for, and `--write-coverage` keeps the matrix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

PATHWAY = """\
pathway: ward
version: 1.0.0
title: Ward
status: draft
layers: {article: What the article says, supplement: Beyond it}
sources:
  S01: {text: Give the drug to the ill, from: article}
  S02: {text: The authors thank their patients, from: article}
  A1: {text: Others agree, from: supplement}
facts:
  ill: {ask: "Ill?", type: boolean, cites: [S01]}
actions:
  drug: {title: Drug, type: medication, cites: [S01, A1]}
tracks:
  care:
    start: first
    states:
      first:
        kind: action
        cites: [S01]
        do: [{action: drug, when: ill, cites: [S01]}]
        next: [{to: last, when: done(drug), cites: [S01]}]
      last: {kind: end, cites: [S01]}
"""
ASIDE = "set_aside:\n  S02: It is an expression of thanks.  # ours\n"


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "pathway.yaml").write_text(PATHWAY, "utf-8")
    return folder


def test_the_matrix_is_written_kept_and_reported_when_an_element_vanishes(
    pathway: Command, ward: Path
) -> None:
    (ward / "coverage.yaml").write_text(ASIDE, "utf-8")
    outcome = pathway("check", "--write-coverage", ward)
    assert outcome.returncode == 0, outcome.stdout
    assert "2 of 2 statements accounted for (1 cited, 1 set aside)" in outcome.stdout
    assert "coverage.yaml: 3 statements" in outcome.stderr
    text = (ward / "coverage.yaml").read_text("utf-8")
    assert text.startswith(ASIDE + "statements:\n  A1: [actions.drug]\n  S01: [actions.drug, facts.ill,")
    assert pathway("check", ward).returncode == 0
    (ward / "pathway.yaml").write_text(
        PATHWAY.replace("[{action: drug, when: ill, cites: [S01]}]", "[]"), "utf-8"
    )
    outcome = pathway("check", ward)
    assert outcome.returncode == 1
    column = text.splitlines()[4].index("tracks.care.first.do.drug") + 1
    assert (
        f"coverage.yaml:5:{column}: error: tracks.care.first.do.drug is in the matrix and" in outcome.stdout
    )
    assert "If this is meant, run `pathway check --write-coverage`. [uncited]" in outcome.stdout
    assert pathway("check", ward / "pathway.yaml", "--write-coverage").returncode == 0


def test_the_coverage_file_is_no_part_of_the_digest(pathway: Command, ward: Path) -> None:
    before = json.loads(pathway("check", ward, "--json").stdout)["digest"]
    after = json.loads(pathway("check", ward, "--json", "--write-coverage").stdout)["digest"]
    assert before == after
    assert (ward / "coverage.yaml").is_file()


def test_coverage_is_told_in_json_for_the_article_and_for_each_layer(pathway: Command, ward: Path) -> None:
    outcome = pathway("check", ward, "--json")
    assert outcome.returncode == 1
    document = json.loads(outcome.stdout)
    assert document["coverage"] == {
        "statements": 2, "cited": 1, "set_aside": 0,
        "layers": {"article": {"statements": 2, "cited": 1, "set_aside": 0},
                   "supplement": {"statements": 1, "cited": 1, "set_aside": 0}},
    }  # fmt: skip
    [finding] = document["findings"]
    assert (finding["code"], finding["severity"]) == ("uncited", "error")
    assert finding["where"] == {"file": str(ward / "pathway.yaml"), "line": 8, "column": 3, "state": None}
    assert "set it aside in coverage.yaml" in finding["text"]


def test_a_finding_in_a_state_names_it(pathway: Command, ward: Path) -> None:
    (ward / "coverage.yaml").write_text(ASIDE, "utf-8")
    (ward / "pathway.yaml").write_text(
        PATHWAY.replace("when: done(drug), cites: [S01]", "when: done(drug)"), "utf-8"
    )
    document = json.loads(pathway("check", ward, "--json", "--write-coverage").stdout)
    [finding] = document["findings"]
    assert finding["where"]["state"] == "care.first"
    assert finding["text"].startswith("tracks.care.first.next.last cites nothing")


def test_a_wrong_coverage_file_is_bad_input_and_is_left_as_it_is(pathway: Command, ward: Path) -> None:
    (ward / "coverage.yaml").write_text("set_aside: {S02: }\n", "utf-8")
    for options in ((), ("--write-coverage",)):
        outcome = pathway("check", ward, *options)
        assert outcome.returncode == 2
        assert "coverage.yaml:1:13: `S02` is set aside without a reason." in outcome.stderr
        assert outcome.stdout == ""
    assert (ward / "coverage.yaml").read_text("utf-8") == "set_aside: {S02: }\n"


def test_a_pathway_in_a_single_file_has_no_coverage_file(pathway: Command, ward: Path) -> None:
    single = (ward / "pathway.yaml").rename(ward / "mine.yaml")
    (ward / "coverage.yaml").write_text("of another pathway", "utf-8")
    assert pathway("check", single).returncode == 1
    outcome = pathway("check", single, "--write-coverage")
    assert outcome.returncode == 2
    assert "mine.yaml is a single file" in outcome.stderr
    assert (ward / "coverage.yaml").read_text("utf-8") == "of another pathway"


def test_a_broken_definition_writes_no_matrix(pathway: Command, ward: Path) -> None:
    (ward / "pathway.yaml").write_text(PATHWAY.replace("cites: [S01, A1]", "cites: [S01, A9]"), "utf-8")
    assert pathway("check", ward, "--write-coverage").returncode == 2
    assert not (ward / "coverage.yaml").exists()
