"""`pathway show`: a pathway as text, as a page, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathway.language.gather import gather
from tests.cli.conftest import CHECKOUT, Command, in_a_process

FLAGSHIP = "spinal-leptomeningeal-infection"
EVERYTHING = CHECKOUT / "tests" / "document" / "everything.yaml"


def test_a_pathway_is_shown_with_its_stamp_guards_and_sources(pathway: Command, demo_file: str) -> None:
    shown = pathway("show", demo_file).stdout
    assert "DRAFT: not approved for clinical use" in shown
    assert "[2] Workup" in shown
    assert "calls for Lumbar puncture, within 4 h" in shown
    assert "block when platelet count below 40" in shown
    assert "written: platelet_count < 40" in shown
    assert "override: specialist" in shown
    assert "S90 (article): No LP below 40 platelets" in shown
    assert "valid for 24 h" in shown


def test_the_text_has_no_markup_and_fits_eighty_columns(pathway: Command) -> None:
    shown = pathway("show", FLAGSHIP).stdout
    assert "\x1b" not in shown
    assert all(len(line) <= 80 or "://" in line for line in shown.splitlines())


def test_a_page_is_written_where_it_is_asked_for(pathway: Command, demo_file: str, tmp_path: Path) -> None:
    outcome = pathway("show", demo_file, "--html", "page.html")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == ""
    assert outcome.stderr.splitlines() == ["wrote page.html", "DRAFT: not approved for clinical use"]
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 3
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_page_goes_to_standard_output_and_is_the_same_every_time(pathway: Command, demo_file: str) -> None:
    assert pathway("show", demo_file, "--html", "page.html").returncode == 0
    outcome = in_a_process("show", demo_file, "--html", "-", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == Path("page.html").read_bytes()


def test_the_layout_of_the_charts_can_be_chosen(pathway: Command, demo_file: str) -> None:
    outcome = pathway("show", demo_file, "--html", "page.html", "--engine", "wasm")
    assert outcome.returncode == 0, outcome.stderr
    assert "Flowchart of the track" in Path("page.html").read_text("utf-8")


@pytest.mark.parametrize("place", [".", "no/such/folder/page.html"])
def test_a_page_that_cannot_be_written_is_one_clear_message(
    pathway: Command, demo_file: str, place: str
) -> None:
    outcome = pathway("show", demo_file, "--html", place)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("--html: ")
    assert "Traceback" not in outcome.stderr


def test_a_page_replaces_an_older_one_whole(pathway: Command, demo_file: str) -> None:
    Path("page.html").write_text("older", "utf-8")
    pathway("show", demo_file, "--html", "page.html")
    assert "older" not in Path("page.html").read_text("utf-8")[:20]


def test_json_and_html_exclude_each_other(pathway: Command, demo_file: str) -> None:
    assert pathway("show", demo_file, "--html", "-", "--json").returncode == 2


def test_what_coverage_sets_aside_is_shown_with_its_reason(pathway: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pathway.yaml").write_text(EVERYTHING.read_text("utf-8"), "utf-8")
    (folder / "coverage.yaml").write_text("set_aside:\n  S0: Page numbers mean nothing here\n", "utf-8")
    assert "set aside: Page numbers mean nothing here" in pathway("show", folder).stdout
    document = json.loads(pathway("show", folder, "--json").stdout)
    assert document["set_aside"] == {"S0": "Page numbers mean nothing here"}
    assert pathway("show", folder, "--html", "page.html").returncode == 0
    assert 'id="set-aside-S0"' in Path("page.html").read_text("utf-8")


# --- JSON -----------------------------------------------------------------------------------------
def test_a_pathway_is_shown_as_json(pathway: Command, rich_file: str) -> None:
    document = json.loads(pathway("show", rich_file, "--json").stdout)
    assert document["stamp"] == "DRAFT: not approved for clinical use"
    gate = next(state for state in document["tracks"]["care"]["states"] if state["state"] == "gate")
    assert [way["to"] for way in gate["next"]] == ["puncture", "cannot"]


def test_the_json_holds_the_whole_definition_as_written(pathway: Command) -> None:
    document = json.loads(pathway("show", EVERYTHING, "--json").stdout)
    assert document["written"] == gather(EVERYTHING).data


def test_the_json_holds_every_element_with_its_figures_as_written(pathway: Command) -> None:
    document = json.loads(pathway("show", EVERYTHING, "--json").stdout)
    work = document["tracks"]["care"]["states"][1]
    assert (work["calls"][0]["within"], work["calls"][0]["soon"], work["calls"][0]["of"]) == (
        "90 min", "25 min", "started",
    )  # fmt: skip
    drug = document["actions"]["drug"]
    assert [dose["amount"] for dose in drug["doses"]] == ["100.0 mg/kg/d", "2000 mg/d"]
    assert drug["doses"][0]["divided"] == [{"every": "24 h"}, {"every": "720 min"}]
    assert drug["schedule"]["periods"][0] == {"times": 2, "per": "1 wk", "for": "4 wk"}
    assert document["facts"]["platelet_count"]["valid_for"] == "48 h"
    assert document["facts"]["glucose"]["also"] == {"mmol/L": {"factor": "18.0156", "cites": ["U1"]}}
    assert document["facts"]["yield_pct"]["computed"][-1]["value"] == "0.250 %"
    assert document["safeguards"]["added_kept"]["unknown"] == "ask"
    assert document["notices"]["kept"]["when"] == {"when": "episodes > 8", "english": "episodes above 8"}
    assert document["claims"]["in_time"]["form"] == "within"
    assert document["sources"]["S1"]["answered_by"] == ["A1", "A2"]
    assert "fact-platelet_count" in document["sources"]["A1"]["cited_by"]
