"""What differs between two versions of a pathway, in the words of those who treat."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, cast

import pytest
import yaml

from pathway.comparing.comparing import differences
from pathway.comparing.difference import Kind, Weight
from pathway.language.gather import gather
from pathway.language.load import definition_from_text
from pathway.vignettes.mutant_elements import mutants
from tests.comparing.versions import FILE, version

CLINICAL, CONTENT, WORDING = Weight.CLINICAL, Weight.CONTENT, Weight.WORDING
TURNED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}
GO = "when: confused and platelets >= 50"
TOLD = [
    ("platelets < 40, effect", "platelets < 50, effect", "platelets: Puncture blocked below 50, was 40"),
    (
        "platelets < 40, effect", "platelets <= 40, effect",
        "platelets: Puncture blocked when at most 40, was below 40",
    ),
    ("amount: 60 mg/d", "amount: 40 mg/d", "prednisone, dose 2: 40 mg/d, was 60 mg/d"),
    ("cap: 80 mg/d", "cap: 90 mg/d", "prednisone, dose 1: at most 90 mg/d, was at most 80 mg/d"),
    ("cap: 80 mg/d, ", "", "prednisone, dose 1: cap removed: at most 80 mg/d"),
    ("route: IV", "route: oral", "prednisone, dose 1: oral, was IV"),
    ("every: 12 h", "every: 8 h", "prednisone, dose 1: divided every 8 h, was divided every 12 h"),
    (
        "per: 1 d, for: 2 wk", "per: 1 d, for: 3 wk",
        "prednisone: schedule 1 in every 1 d for 21 d, then 1 in every 1 mo, "
        "was 1 in every 1 d for 14 d, then 1 in every 1 mo",
    ),
    ("within: 4 h", "within: 60 min", "Puncture in workup: within 60 min of arrival, was within"),
    ("within: 4 h, of: arrival, soon: 1 h, ", "", "in workup: deadline removed: within 4 h of arrival"),
    (GO, f"{GO} and inr <= 1.5", "guard of intake -> workup: now also needs INR at most 1.5"),
    (GO, "when: platelets >= 50", "guard of intake -> workup: no longer needs confused"),
    (GO, "when: platelets >= 40 and confused", "guard of intake -> workup: platelets at least 40, was 50"),
    (
        GO, "when: inr < 2 and drugs is empty",
        "guard of intake -> workup: now INR below 2 and no drugs, was confused and platelets at least 50",
    ),
    ("auto: true, text", "text", "intake -> workup: confirmed by the clinician, was: taken automatically"),
    ("at least 2 of", "at least 3 of", "was at least 2 of: confused; weight times 2 below 30 kg"),
    ("or declined(puncture)", "or declined(prednisone)", "prednisone declined in place of Puncture declined"),
    ("start: intake", "start: waiting", "track care: starts with waiting, was intake"),
    ("override: specialist", "override: anyone", "(safeguard low_platelets): override: anyone, was"),
    ("effect: warn", "effect: block\n    unknown: ask", "(safeguard thin_blood): blocked, was warned of"),
    ("severity: medium", "severity: medium\n    unknown: warn", "warned of and asked for, was asked for"),
    ("valid_for: 24 h", "valid_for: 48 h", "platelets: shelf life 48 h, was 24 h"),
    ("range: [0, 3000]", "range: [0, 2000]", "platelets: range 0 to 2000, was 0 to 3000"),
    ("when: platelets < 20", "when: platelets < 30", "bleeding risk: always, when: platelets below 30, was"),
    ("inr > 1.2", "inr >= 1.2", "bleeding risk, otherwise: INR at least 1.2, was above 1.2"),
    ("within 2 weeks", "within 3 weeks", 'taper: text "Never stop it within 3 weeks", was "Never'),
    ("limit: 4 h", "limit: 3 h", "claim in_time: limit 3 h, was 4 h"),
    ("weight > 3,", "weight > 5,", "claim only_grown, condition: weight above 5 kg, was 3 kg"),
]  # fmt: skip
LIGHTER = [
    ("status: draft", "status: approved", CONTENT, "pathway: status approved, was draft"),
    ("from: supplement, grade", "from: article, grade", CONTENT, "source A1: layer article, was supplement"),
    ("note: then taper, cites: [A1]", "note: then taper", CONTENT, "schedule: sources removed: A1"),
    ("label: INR", "label: the INR", WORDING, 'the INR: label "the INR", was "INR"'),
    ("text: Bleeding", "text: Bleeds", WORDING, '(safeguard thin_blood): text "Bleeds", was "Bleeding"'),
    ("40 and 100) or", "40 and 100.0) or", None, ""),
    ("amount: 60 mg/d", "amount: 60.0 mg/d", WORDING, "the same amount, written 60.0 mg/d, was 60 mg/d"),
    ("cap: 80 mg/d", "cap: 0.08 g/d", WORDING, "the same cap, written 0.08 g/d, was 80 mg/d"),
    ("weight < 30", "weight < 30000 g", WORDING, "written as weight below 30000 g, was weight below"),
    (GO, "when: platelets >= 50 and confused", WORDING, "the same, written as platelets at least 50 and"),
    (GO, "when: (confused) and 50 <= platelets", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), TOLD)
def test_a_clinical_difference_is_told_in_clinical_words(before: str, after: str, words: str) -> None:
    found = differences(version(), version((before, after)))
    assert words in found[0].text
    assert {one.weight for one in found} == {CLINICAL}
    assert len(found) <= 2  # without a deadline nothing is soon either
    turned = differences(version((before, after)), version())
    assert Counter(one.kind for one in turned) == Counter(TURNED.get(one.kind, one.kind) for one in found)


@pytest.mark.parametrize(("before", "after", "weight", "words"), LIGHTER)
def test_content_and_wording_weigh_less(before: str, after: str, weight: Weight | None, words: str) -> None:
    found = differences(version(), version((before, after)))
    assert [one.weight for one in found] == ([] if weight is None else [weight])
    assert all(words in one.text for one in found)


def test_clinical_differences_come_first_and_wording_last() -> None:
    edits = ("title: Puncture\nstatus", "title: The puncture\nstatus"), ("< 40, effect", "< 30, effect")
    found = differences(
        version(), version(*edits, ("text: Puncture with enough", "text: Puncture with many"))
    )
    assert [one.weight for one in found] == [CLINICAL, CONTENT, WORDING]


def test_a_bare_number_in_another_unit_is_another_threshold() -> None:
    found = differences(
        version(),
        version(
            ("weight: {type: quantity, unit: kg", "weight: {type: quantity, unit: g"),
            ("also: [g]", "also: [kg]"),
        ),
    )
    assert "claim only_grown, condition: weight above 3 g, was 3 kg" in [one.text for one in found]
    assert "weight: unit g, was kg" in [one.text for one in found]


def test_figures_that_read_alike_are_told_to_the_last_digit() -> None:
    weeks = version(("> 4 h, within", "> 28 d, within"))
    (longer,) = (one for one in mutants(weeks) if one.element.endswith("until") and one.after == "28 d 1 s")
    (told,) = differences(weeks, longer.definition)
    assert "(exactly: 2419201 s), was " in told.text
    assert told.old != told.new


# --- how it is written --------------------------------------------------------------------------
def _turned_round(part: Any) -> Any:
    """The same data with the keys of every mapping in the opposite order."""
    if isinstance(part, dict):
        items = cast("dict[str, Any]", part).items()
        return {key: _turned_round(value) for key, value in reversed(items)}
    return [_turned_round(one) for one in cast("list[Any]", part)] if isinstance(part, list) else part


def test_moved_lines_and_another_layout_are_no_difference() -> None:
    data = _turned_round(gather(FILE).data)
    moved = definition_from_text(yaml.safe_dump(data, default_style='"', sort_keys=False, width=40))
    assert list(moved.facts) == list(version().facts)[::-1]
    assert moved.tracks["care"].states["intake"].number != version().tracks["care"].states["intake"].number
    assert moved.digest == version().digest
    assert differences(version(), moved) == differences(moved, version()) == ()


def test_a_guard_on_two_lines_is_no_difference() -> None:
    wrapped = version(("confused and platelets >= 50", '"confused and\n              (platelets  >=  50)"'))
    assert wrapped.digest != version().digest
    assert differences(version(), wrapped) == ()


# --- renamed ------------------------------------------------------------------------------------
RENAMED = [
    ("platelets", "thrombocytes", 'thrombocytes: label "thrombocytes", was "platelets"'),
    ("workup", "work_up", ""),
    ("prednisone", "steroid", ""),
    ("low_platelets", "too_few", ""),
    ("taper:", "tapering:", ""),
    ("A1", "A2", ""),
    ("supplement", "added", ""),
]


@pytest.mark.parametrize(("old", "new", "also"), RENAMED)
def test_a_renamed_id_is_told_once_and_followed_everywhere(old: str, new: str, also: str) -> None:
    edits = [(old, new)]
    if new == "steroid":
        edits.append(("title: steroid", "title: prednisone"))  # a drug of another name is another drug
    found = differences(version(), version(*edits))
    names = {(one.old, one.new) for one in found if one.kind is Kind.RENAMED}
    assert (old.rstrip(":"), new.rstrip(":")) in names
    assert {one.kind for one in found} <= {Kind.RENAMED, Kind.CHANGED}
    assert {one.weight for one in found} <= {CONTENT, WORDING}
    assert any(also in one.text for one in found)
    turned = differences(version(*edits), version())
    assert Counter(one.kind for one in turned) == Counter(one.kind for one in found)


def test_states_that_lead_to_each_other_are_renamed_together() -> None:
    found = differences(version(), version(("workup", "tapping"), ("waiting", "resting")))
    told = {(one.old, one.new) for one in found if one.kind is Kind.RENAMED}
    assert told == {("workup", "tapping"), ("waiting", "resting")}


def test_a_drug_of_another_name_is_another_drug() -> None:
    found = differences(version(), version(("prednisone", "prednisolone")))
    assert ("action prednisolone added: medication;") in " ".join(one.text for one in found)
    assert Kind.RENAMED not in {one.kind for one in found}


def test_an_id_with_other_content_is_another_part() -> None:
    found = differences(
        version(),
        version(
            (
                "low_platelets: {action: puncture, when: platelets < 40",
                "few: {action: puncture, when: platelets < 30",
            )
        ),
    )
    assert [(one.kind, one.path) for one in found] == [
        (Kind.ADDED, ("safeguards", "few")),
        (Kind.REMOVED, ("safeguards", "low_platelets")),
    ]


def test_ends_without_content_are_never_taken_for_each_other() -> None:
    found = differences(
        version(), version(("to: gone", "to: died"), ("gone: {kind: end}", "died: {kind: end}"))
    )
    assert {Kind.ADDED, Kind.REMOVED} <= {one.kind for one in found}
    assert Kind.RENAMED not in {one.kind for one in found}


# --- inert --------------------------------------------------------------------------------------
def test_nothing_an_author_writes_acts_on_a_terminal() -> None:
    hostile = replace(version().actions["prednisone"], title="pred\u202enisone \x1b[31m\n")
    actions = {**version().actions, "prednisone": hostile}
    (found,) = differences(version(), replace(version(), actions=actions))
    assert found.text.isprintable()
    assert found.text.count("\\u202e") == found.text.count("\\x1b") == 2
