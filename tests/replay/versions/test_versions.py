"""Logs held against another version: who would go elsewhere, and the guard that causes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.replay.report.findings import Origin
from pathway.replay.versions.comparing import Comparison
from pathway.replay.versions.telling import comparison_json, comparison_lines
from tests.replay.plays import HERE, Play

Version = Callable[..., CompiledPathway]
SUSPECTED = "  - {at: 2026-03-01T08:00, facts: {suspected: true, lmwh_last_dose_time: 2026-03-01T06:30}}\n"


def counted(platelets: str) -> str:
    return SUSPECTED + f"  - {{at: 2026-03-01T08:30, facts: {{platelet_count: {platelets}, inr: 1.2}}}}\n"


@pytest.fixture
def version(tmp_path: Path) -> Version:
    """The pathway with a text replaced by another."""

    def made(*changes: tuple[str, str]) -> CompiledPathway:
        text = (HERE / "rich.yaml").read_text("utf-8").replace("2.1.0", "2.2.0")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "new.yaml"
        file.write_text(text, "utf-8")
        return compile_pathway(load_definition(file))

    return made


def compared(rich: Play, new: CompiledPathway, *timelines: str) -> Comparison:
    comparison = Comparison(new.definition)
    for number, timeline in enumerate(timelines):
        origin = Origin(f"{number}.jsonl", 1, f"case {number}")
        comparison.take(origin, rich.events(timeline), rich.compiled, new)
    return comparison


def test_cases_that_go_elsewhere_are_grouped_by_the_guard_that_causes_it(
    rich: Play, version: Version
) -> None:
    new = version(("when: coagulation_safe}", "when: platelet_count >= 50 and inr <= 1.4}"))
    comparison = compared(rich, new, *(counted(count) for count in ("45", "49.9", "50", "39")))
    [group] = comparison.groups
    fork, example = group.fork, group.examples[0]
    assert (comparison.cases, comparison.same, group.cases) == (4, 2, 2)
    assert (fork.track, fork.state, fork.was, fork.now) == ("care", "gate", "puncture", "cannot")
    assert (fork.guard_was, fork.guard_now) == ("coagulation_safe", "platelet_count >= 50 and inr <= 1.4")
    assert example.cause.was is not None
    assert example.cause.now is not None
    assert (example.cause.was.verdict, example.cause.now.verdict) == ("TRUE", "FALSE")
    assert [(use.fact, use.value) for use in example.cause.now.uses] == [
        ("platelet_count", "45"), ("inr", "1.2"),
    ]  # fmt: skip
    assert [one.origin.case for one in group.examples] == ["case 0", "case 1"]


def test_a_formula_that_changed_is_found_although_the_guard_is_as_it_was(
    rich: Play, version: Version
) -> None:
    comparison = compared(
        rich, version(("platelet_count >= 40 and", "platelet_count >= 50 and")), counted("45")
    )
    text = "\n".join(comparison_lines(comparison))
    assert "1 case at care.gate: went to puncture, now goes to cannot" in text
    assert "`coagulation_safe` as before; what it reads differs" in text
    assert "was TRUE (coagulation_safe = true" in text
    assert "now FALSE (coagulation_safe = false, platelet_count = 45 10*9/L" in text
    assert "DRAFT: not approved for clinical use" in text


def test_a_version_that_asks_for_more_stays_and_names_what_it_needs(rich: Play, version: Version) -> None:
    new = version(
        ("when: coagulation_safe}", "when: coagulation_safe and mri_status = done}"),
        ("when: otherwise}", "when: not coagulation_safe}"),
    )
    [group] = compared(rich, new, counted("210")).groups
    assert (group.fork.was, group.fork.now) == ("puncture", None)
    assert group.examples[0].cause.now is not None
    assert (group.examples[0].cause.now.verdict, group.examples[0].cause.now.needs) == (
        "UNKNOWN", ("mri_status",),
    )  # fmt: skip


def test_a_move_that_only_the_new_version_makes_is_found(rich: Play, version: Version) -> None:
    new = version(
        ("when: coagulation_safe}", "when: suspected}"), ("when: otherwise}", "when: not suspected}")
    )
    [group] = compared(rich, new, SUSPECTED).groups
    assert (group.fork.state, group.fork.was, group.fork.now) == ("gate", None, "puncture")
    assert (group.fork.guard_now, group.fork.guard_was) == ("suspected", "coagulation_safe")
    assert group.examples[0].cause.was is not None
    assert group.examples[0].cause.was.verdict == "UNKNOWN"


def test_the_same_way_at_another_time_is_told_as_such(rich: Play, version: Version) -> None:
    new = version(
        ("hours_since_lmwh < 12 h}\n          - ", "hours_since_lmwh < 10 h}\n          - "),
        (">= 12 h", ">= 10 h"),
    )
    comparison = compared(rich, new, SUSPECTED + "  - {at: 2026-03-02T08:00}\n")
    [group] = comparison.groups
    assert (group.fork.track, group.fork.was, group.fork.now) == ("timer", "safe", "safe")
    assert "to safe, at another time" in "\n".join(comparison_lines(comparison))
    assert group.examples[0].cause.now is not None
    assert group.examples[0].cause.now.verdict == "TRUE"


def test_of_tracks_that_follow_one_another_the_first_is_the_cause(rich: Play, version: Version) -> None:
    """`emergency` looks at where `care` stands, so it parts too, and is not to blame."""
    new = version(("when: coagulation_safe}", "when: coagulation_safe and platelet_count >= 50}"))
    [group] = compared(rich, new, counted("45")).groups
    assert group.fork.track == "care"


def test_an_entry_that_the_new_version_does_not_take_is_told(rich: Play, version: Version) -> None:
    comparison = compared(rich, version(("range: [0, 3000]", "range: [0, 100]")), counted("210"))
    [refused] = comparison.refused
    assert (refused.what, refused.cases, comparison.is_fine) == ("platelet_count", 1, False)
    assert comparison.groups[0].fork.state == "gate"


def test_a_safeguard_that_changed_is_found_although_the_case_goes_the_same_way(
    rich: Play, version: Version
) -> None:
    new = version(("when: inr > 1.4, effect: block", "when: inr > 1.1, effect: block"))
    timeline = counted("210").replace(", lmwh_last_dose_time: 2026-03-01T06:30", "")
    comparison = compared(rich, new, timeline, timeline.replace("1.2", "1.0"))
    [changed] = comparison.standings
    assert (comparison.same, comparison.is_fine, changed.cases) == (2, False, 1)
    assert (changed.change.action, changed.change.was, changed.change.now) == (
        "lumbar_puncture", "recommended", "blocked",
    )  # fmt: skip
    assert "by        lp_inr: `inr > 1.1` is TRUE (inr = 1.2)" in "\n".join(comparison_lines(comparison))


def test_without_the_old_version_its_guard_is_as_logged(rich: Play, version: Version) -> None:
    new = version(("when: coagulation_safe}", "when: coagulation_safe and platelet_count >= 50}"))
    comparison = Comparison(new.definition)
    comparison.take(Origin("a"), rich.events(counted("45")), None, new)
    [group] = comparison.groups
    assert group.fork.guard_was == "coagulation_safe"


def test_nothing_parts_where_nothing_that_matters_changed(rich: Play, version: Version) -> None:
    timelines = [
        counted("210") + "  - {at: 2026-03-01T09:30, undo: true}\n",
        counted("210") + "  - {at: 2026-03-01T10:00, facts: {lp_time: 2026-03-01T09:50}}\n",
    ]
    reworded = version(("when: not suspected}", "when: not (suspected)}"), ("Every way of moving", "Other"))
    comparison = compared(rich, reworded, *timelines)
    assert (comparison.is_fine, comparison.same) == (True, 2)
    assert comparison_json(comparison)["groups"] == []
