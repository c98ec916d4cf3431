"""`list`, `schema`, `show`, `check` and `draw` from any folder, without a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

FLAGSHIP = "spinal-leptomeningeal-infection"


def test_the_bundled_pathways_are_listed(pathway: Command) -> None:
    outcome = pathway("list")
    assert outcome.returncode == 0, outcome.stderr
    assert any(line.startswith(FLAGSHIP) and "under-review" in line for line in outcome.stdout.splitlines())
    rows = json.loads(pathway("list", "--json").stdout)["pathways"]
    row = next(row for row in rows if row["pathway"] == FLAGSHIP)
    assert set(row) == {"pathway", "version", "status", "title", "file"}
    assert Path(row["file"]).is_file()


def test_the_schema_is_json_schema(pathway: Command) -> None:
    schema = json.loads(pathway("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "tracks" in schema["properties"]


def test_a_sound_pathway_has_no_grave_finding(pathway: Command, demo_file: str, tmp_path: Path) -> None:
    sound = tmp_path / "sound.yaml"
    text = Path(demo_file).read_text("utf-8")
    sound.write_text(
        text.replace("platelet_count >= 40,", "platelet_count >= 40, unless_overridden: true,"), "utf-8"
    )
    outcome = pathway("check", sound, "--json")
    assert outcome.returncode == 0, outcome.stderr
    document = json.loads(outcome.stdout)
    assert (document["pathway"], document["undecided"]) == ("demo", [])
    assert [one["claim"] for one in document["proved"]] == ["lp_only_when_safe"]
    tally = {"statements": 1, "cited": 1, "set_aside": 0}
    none = {"statements": 0, "cited": 0, "set_aside": 0}
    assert document["coverage"] == {**tally, "layers": {"article": tally, "supplement": none}}
    assert [(one["code"], one["severity"], one["where"]["line"]) for one in document["findings"]] == [
        ("input-never-arrives", "warning", 21), ("never-read", "info", 11), ("uncited", "info", 10),
    ]  # fmt: skip
    for finding in document["findings"]:
        assert set(finding) == {"code", "severity", "where", "text", "witness", "ends"}


def test_a_claim_that_rests_on_a_safeguard_that_can_be_overridden_is_refuted(
    pathway: Command, demo_file: str
) -> None:
    outcome = pathway("check", demo_file, "--json")
    assert outcome.returncode == 1
    document = json.loads(outcome.stdout)
    assert (document["proved"], document["undecided"]) == ([], [])
    finding = document["findings"][0]
    assert (finding["code"], finding["where"]["line"]) == ("claim-refuted", 39)
    assert "lumbar_puncture" in finding["witness"]["timeline"][-1]["override"]


def test_a_state_that_nobody_reaches_is_an_error(pathway: Command, demo_file: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    text = Path(demo_file).read_text("utf-8")
    broken.write_text(
        text.replace("      not_suspected: {kind", "      lost: {kind: end}\n      not_suspected: {kind"),
        "utf-8",
    )
    outcome = pathway("check", broken, demo_file)
    assert outcome.returncode == 1
    assert "error: no transition of care leads to lost" in outcome.stdout
    assert "broken.yaml:35:7: error" in outcome.stdout
    assert outcome.stdout.count("1.0.0:") == 2


def test_a_pathway_that_cannot_be_loaded_is_bad_input_and_the_others_are_checked(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        Path(demo_file).read_text("utf-8").replace("when: suspected}", "when: suspekted}"), "utf-8"
    )
    outcome = pathway("check", broken, demo_file)
    assert outcome.returncode == 2
    assert "broken.yaml:" in outcome.stderr
    assert "suspected" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "demo 1.0.0" in outcome.stdout


@pytest.mark.parametrize("engine", ["auto", "wasm"])
def test_a_flowchart_is_drawn_where_it_is_asked_for(
    pathway: Command, demo_file: str, tmp_path: Path, engine: str
) -> None:
    outcome = pathway("draw", demo_file, "-o", "chart.svg", "--engine", engine)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == ""
    assert "wrote chart.svg" in outcome.stderr
    assert "Workup" in (tmp_path / "chart.svg").read_text("utf-8")


def test_a_flowchart_goes_into_the_present_folder_by_default(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    assert pathway("draw", demo_file).returncode == 0
    assert (tmp_path / "demo.svg").is_file()


def test_a_picture_that_cannot_be_made_is_one_clear_message(pathway: Command, demo_file: str) -> None:
    for file in ("chart.docx", "no/such/folder/chart.svg"):
        outcome = pathway("draw", demo_file, "-o", file)
        assert outcome.returncode == 2
        assert "Traceback" not in outcome.stderr
        assert outcome.stderr.strip()


def test_the_demonstration_is_stepped_and_drawn_without_a_terminal(pathway: Command, tmp_path: Path) -> None:
    outcome = pathway("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert "UNDER-REVIEW: not approved for clinical use" in outcome.stdout
    assert outcome.stdout.count("\n== 20") > 3
    assert f"The flowchart is in {tmp_path / 'demo-flowchart.svg'}" in outcome.stdout
    assert (tmp_path / "demo-flowchart.svg").read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize("command", ["show", "check", "draw"])
def test_an_unknown_pathway_is_bad_input(pathway: Command, command: str) -> None:
    outcome = pathway(command, "spinal-leptomeningeal-infektion")
    assert outcome.returncode == 2
    assert f'Did you mean "{FLAGSHIP}"?' in outcome.stderr
