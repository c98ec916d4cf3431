"""Coverage of the source both ways, on small pathways of one or more layers."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.check.coverage_file import CoverageFile, coverage_from_text
from pathway.check.coverage_writing import matrix_of, rendered
from pathway.check.covering import REWRITE, coverage, coverage_findings
from pathway.check.elements import elements
from pathway.check.findings import Finding, Tally
from pathway.language.gather import Gathered, gather
from pathway.language.source import plain, read_text
from tests.check.deletions import freshly_written, gathered_from, spots, without

SMALL = """\
pathway: small
version: 1.0.0
title: Small
status: draft
layers: {article: What the article says, ours: Our own}
sources:
  S1: {text: Puncture unless platelets are low, from: article}
  S2: {text: Low is below 40, from: article}
  U1: {text: A milligram is a milligram, from: ours}
facts:
  platelets: {ask: Platelets, type: integer, cites: [S1]}
  lead: {ask: Lead, type: quantity, unit: g, also: {mmol: {factor: 2, cites: U1}, mol: {factor: 1}},
         cites: S1}
  is_low:
    type: boolean
    cites: [S1]
    cases:
      - {when: platelets < 40, value: "true", cites: [S2]}
      - {when: platelets >= 40, value: "false"}
actions:
  puncture:
    title: Puncture
    type: procedure
    cites: [S1]
    dose: [{amount: 1 mg, unit: mg, cites: [S1]}, {amount: 2 mg, unit: mg, cites: [S1]}]
    schedule: {periods: [{times: 1, per: 1 d}], cites: [S1]}
safeguards:
  low: {action: puncture, when: is_low, effect: block, cites: [S2]}
notices:
  care: {text: Take care, severity: low, cites: [S1, S2]}
tracks:
  care:
    start: first
    states:
      first:
        kind: action
        cites: [S1]
        do: [{action: puncture, cites: [S1]}, {action: puncture, again: true, cites: [S2]}]
        next:
          - {to: last, when: done(puncture), cites: [S1]}
          - {to: last, when: declined(puncture) and not done(puncture), cites: [S2]}
          - {to: never, when: is_low and declined(puncture), cites: [S2]}
      last: {kind: end, cites: [S1]}
      never: {kind: end, cites: [S1]}
claims:
  safe: {only: puncture, when: not is_low, cites: [S2]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pathway.yaml").write_text(SMALL, "utf-8")
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Gathered:
    """The small pathway with one passage changed."""
    assert SMALL.count(old) == 1
    (folder / "pathway.yaml").write_text(SMALL.replace(old, new), "utf-8")
    return gather(folder)


def kept(text: str) -> CoverageFile:
    return coverage_from_text(text, "coverage.yaml")


def one(findings: tuple[Finding, ...]) -> tuple[str, str, str]:
    [finding] = findings
    assert finding.place is not None
    return finding.severity, finding.text, f"{Path(finding.place.file).name}:{finding.place.line}"


def test_the_matrix_names_every_element_and_counts_those_that_share_a_name(folder: Path) -> None:
    assert matrix_of(gather(folder)) == {
        "S1": (
            "actions.puncture",
            "actions.puncture.dose.1",
            "actions.puncture.dose.2",
            "actions.puncture.schedule",
            "facts.is_low",
            "facts.is_low.cases.2",
            "facts.lead",
            "facts.lead.also.mol",
            "facts.platelets",
            "notices.care",
            "tracks.care.first",
            "tracks.care.first.do.puncture.1",
            "tracks.care.first.next.last.1",
            "tracks.care.last",
            "tracks.care.never",
        ),
        "S2": (
            "claims.safe",
            "facts.is_low.cases.1",
            "notices.care",
            "safeguards.low",
            "tracks.care.first.do.puncture.2",
            "tracks.care.first.next.last.2",
            "tracks.care.first.next.never",
        ),
        "U1": ("facts.lead.also.mmol",),
    }


def test_each_element_stands_where_it_is_written(folder: Path) -> None:
    lines = {item.name: item.place.line for item in elements(gather(folder))}
    assert lines["facts.is_low.cases.2"] == 19
    assert lines["actions.puncture.dose.2"] == 25
    assert lines["tracks.care.first.next.never"] == 42
    assert {item.state for item in elements(gather(folder))} == {
        None, "care.first", "care.last", "care.never"
    }  # fmt: skip


def test_a_pathway_that_says_all_and_cites_all_has_no_findings(folder: Path) -> None:
    gathered = gather(folder)
    assert coverage_findings(gathered, None) == ()
    assert coverage_findings(gathered, freshly_written(gathered)) == ()


def test_a_statement_of_the_first_layer_that_nothing_cites_is_an_error(folder: Path) -> None:
    gathered = changed(folder, "  U1:", "  S3: {text: Wait an hour, from: article}\n  U1:")
    severity, text, place = one(coverage_findings(gathered, None))
    assert (severity, place) == ("error", "pathway.yaml:9")
    assert text == 'no element cites S3 (article: "Wait an hour")'


def test_a_statement_of_another_layer_that_nothing_cites_is_a_warning_until_coverage_is_kept(
    folder: Path,
) -> None:
    gathered = changed(folder, "  U1:", "  U2: {text: Our own, from: ours}\n  U1:")
    assert one(coverage_findings(gathered, None))[0] == "warning"
    assert one(coverage_findings(gathered, freshly_written(gathered)))[0] == "error"


@pytest.mark.parametrize(
    "source", ["S3: {text: The authors thank, from: article}", "U2: {text: A, from: ours}"]
)
def test_a_statement_set_aside_with_a_reason_is_accounted_for(folder: Path, source: str) -> None:
    gathered = changed(folder, "  U1:", f"  {source}\n  U1:")
    aside = f"set_aside: {{{source[:2]}: It thanks}}\n"
    file = kept(aside + rendered(matrix_of(gathered)))
    assert coverage_findings(gathered, file) == ()
    counted = coverage(gathered, file)
    assert counted.encoded == (Tally(3, 2, 1) if source.startswith("S3") else Tally(2, 2, 0))
    assert counted.layers["ours"] == (Tally(1, 1, 0) if source.startswith("S3") else Tally(2, 1, 1))


def test_a_single_file_is_not_told_to_keep_a_coverage_file_that_it_cannot_have() -> None:
    data: dict[str, Any] = gathered_data()
    data["sources"]["S3"] = {"text": "Wait", "from": "article"}
    for main, tells in (("pathway.yaml", True), ("mine.yaml", False)):
        [finding] = coverage_findings(gathered_from(data, main), None)
        assert ("coverage.yaml" in finding.fix) is tells


def test_set_aside_and_cited_contradict_each_other(folder: Path) -> None:
    gathered = gather(folder)
    file = kept(f"set_aside: {{S2: No meaning}}\n{rendered(matrix_of(gathered))}")
    severity, text, place = one(coverage_findings(gathered, file))
    assert (severity, place) == ("error", "coverage.yaml:1")
    assert text.startswith("S2 is set aside, but cited by claims.safe, facts.is_low.cases.1")
    assert coverage(gathered, file).encoded == Tally(2, 2, 0)


def test_a_statement_that_does_not_exist_is_met_with_the_nearest_one(folder: Path) -> None:
    gathered = gather(folder)
    matrix = rendered(matrix_of(gathered))
    [aside] = coverage_findings(gathered, kept(f"set_aside: {{S22: No meaning}}\n{matrix}"))
    [listed] = coverage_findings(gathered, kept(f"{matrix}  S22: [notices.care]\n"))
    assert (aside.text, aside.fix) == (
        "S22 is set aside, and there is no such statement",
        "Did you mean S2? If not: remove it",
    )
    assert listed.text == "the matrix lists S22, and there is no such statement"
    assert listed.fix.startswith("Did you mean S2? If not: if this is meant, run")


@pytest.mark.parametrize(
    ("old", "new", "name", "line"),
    [
        ("type: integer, cites: [S1]", "type: integer", "facts.platelets", 11),
        ("per: 1 d}], cites: [S1]}", "per: 1 d}]}", "actions.puncture.schedule", 26),
        ("{amount: 2 mg, unit: mg, cites: [S1]}", "{amount: 2 mg, unit: mg}", "actions.puncture.dose.2", 25),
        ("effect: block, cites: [S2]", "effect: block", "safeguards.low", 28),
        ("severity: low, cites: [S1, S2]", "severity: low", "notices.care", 30),
        ("again: true, cites: [S2]", "again: true", "tracks.care.first.do.puncture.2", 38),
        ("when: done(puncture), cites: [S1]", "when: done(puncture)", "tracks.care.first.next.last.1", 40),
        ("never: {kind: end, cites: [S1]}", "never: {kind: end}", "tracks.care.never", 44),
        ("when: not is_low, cites: [S2]", "when: not is_low", "claims.safe", 46),
    ],
)  # fmt: skip
def test_an_element_that_cites_nothing_is_invented_logic(
    folder: Path, old: str, new: str, name: str, line: int
) -> None:
    gathered = changed(folder, old, new)
    severity, text, place = one(coverage_findings(gathered, None))
    assert (severity, text, place) == ("info", f"1 element cites nothing: {name}", f"pathway.yaml:{line}")
    severity, text, place = one(coverage_findings(gathered, freshly_written(gathered)))
    assert (severity, place) == ("error", f"pathway.yaml:{line}")
    assert text == f"{name} cites nothing, so nobody can tell where it comes from"


def test_many_elements_without_a_statement_are_one_finding_where_no_coverage_is_kept(folder: Path) -> None:
    (folder / "pathway.yaml").write_text(SMALL.replace(", cites: [S1]}", "}"), "utf-8")
    severity, text, _ = one(coverage_findings(gather(folder), None))
    assert severity == "info"
    assert text.startswith("8 elements cite nothing: facts.platelets, ")
    assert text.endswith(" and 3 more")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("care: {text", "mind: {text", "notices.care is in the matrix and no longer in the pathway"),
        ("care: {text", "mind: {text", "notices.mind is not in the matrix"),
        ("low, cites: [S1, S2]", "low, cites: [S2]", "notices.care cites S2, and by the matrix S1, S2"),
        ("  U1: {", "  U2: {text: Two, from: ours}\n  U1: {", "the matrix does not list U2"),
    ],
)  # fmt: skip
def test_a_matrix_written_for_another_definition_is_out_of_date(
    folder: Path, old: str, new: str, text: str
) -> None:
    before = freshly_written(gather(folder))
    found = [one for one in coverage_findings(changed(folder, old, new), before) if one.fix == REWRITE]
    assert text in [one.text for one in found]
    assert all(one.severity == "error" and one.place is not None for one in found)


def test_a_coverage_file_without_a_matrix_is_an_error_of_its_own(folder: Path) -> None:
    severity, text, _ = one(coverage_findings(gather(folder), kept("set_aside: {}\n")))
    assert (severity, text) == ("error", "coverage.yaml has no matrix, so elements could vanish unseen")


# --- laws -----------------------------------------------------------------------------------------
def gathered_data() -> dict[str, Any]:
    data = plain(read_text(SMALL, "pathway.yaml"))
    assert isinstance(data, dict)
    return data


SOURCES = ["S1", "S2", "U1"]
CITED = st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3, unique=True)


@st.composite
def pathways(draw: st.DrawFn) -> dict[str, Any]:
    """The small pathway with some elements doubled or dropped, and each citing statements of its own."""
    data = gathered_data()
    state = data["tracks"]["care"]["states"]["first"]
    for items in (
        state["do"],
        state["next"],
        data["facts"]["is_low"]["cases"],
        data["actions"]["puncture"]["dose"],
    ):
        items[:] = [copy.deepcopy(item) for item in draw(st.lists(st.sampled_from(items), max_size=4))]
    for container, key in list(spots(data)):
        if draw(st.booleans()):
            container[key]["cites"] = draw(CITED)
    return data


@given(pathways(), st.data())
def test_deleting_any_one_element_is_reported(data: dict[str, Any], chosen: st.DataObject) -> None:
    before = freshly_written(gathered_from(data))
    with without(chosen.draw(st.sampled_from(list(spots(data))), "taken out")):
        found = coverage_findings(gathered_from(data), before)
    assert any(one.fix == REWRITE and one.severity == "error" for one in found)


@given(pathways(), st.data())
def test_any_element_that_cites_something_else_is_reported(
    data: dict[str, Any], chosen: st.DataObject
) -> None:
    before, matrix = freshly_written(gathered_from(data)), matrix_of(gathered_from(data))
    container, key = chosen.draw(st.sampled_from(list(spots(data))), "changed")
    container[key]["cites"] = chosen.draw(CITED, "cites")
    found = [one for one in coverage_findings(gathered_from(data), before) if one.fix == REWRITE]
    assert bool(found) is (matrix_of(gathered_from(data)) != matrix)


@given(pathways(), st.randoms(use_true_random=False))
def test_the_matrix_does_not_depend_on_the_order_of_the_definition(data: dict[str, Any], order: Any) -> None:
    written = rendered(matrix_of(gathered_from(data)))
    for section in ("sources", "facts", "actions", "notices"):
        entries = list(data[section].items())
        order.shuffle(entries)
        data[section] = dict(entries)
    assert rendered(matrix_of(gathered_from(data))) == written


@given(pathways())
def test_a_freshly_written_matrix_is_never_out_of_date(data: dict[str, Any]) -> None:
    gathered = gathered_from(data)
    assert [one for one in coverage_findings(gathered, freshly_written(gathered)) if one.fix == REWRITE] == []
