"""Contract, "Input": what a timeline may say, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import pytest

from pathway.cli import main
from tests.flagship.outside import PATHWAY, SAFE, SUSPECTED, at, last, now, steps, timeline


class Refused(Protocol):
    def __call__(self, *entries: str, text: str | None = None) -> str:
        """Run what is bad input; the message it gets."""
        ...


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run a timeline that is bad input; give back the message."""

    def run(*entries: str, text: str | None = None) -> str:
        path = tmp_path / "bad.yaml"
        path.write_text(text if text is not None else timeline(*entries), encoding="utf-8")
        assert main(["run", PATHWAY, str(path), "--json"]) == 2
        out, message = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in message
        return message

    return run


# --- times ---
def test_a_plain_date_means_midnight_in_the_zone_of_the_case() -> None:
    assert last(at("2026-03-01")).step["at"] == "2026-03-01T00:00:00+00:00"
    assert last(at("2026-07-01"), timezone="Europe/Berlin").step["at"] == "2026-07-01T00:00:00+02:00"


def test_entries_out_of_order_are_refused_with_their_line(refused: Refused) -> None:
    message = refused(at("09:00"), at("08:00"))
    assert "bad.yaml:5" in message


def test_entries_of_equal_time_are_one_step_each_never_merged() -> None:
    shown = steps(at("08:00", {"inr": "1.2"}), at("08:00", {"inr": "1.5"}), at("08:00"))
    assert [one.value("inr") for one in shown] == ["1.2", "1.5", "1.5"]


def test_ten_entries_give_ten_steps_however_much_happens_between_them() -> None:
    assert len(steps(*(at(f"2026-03-{day:02d}", {"inr": "1.2"}) for day in range(1, 11)))) == 10


# --- null and unknown ---
@pytest.mark.parametrize("nothing", ["null", "~", ""])
def test_null_is_refused_and_the_fix_named(refused: Refused, nothing: str) -> None:
    message = refused(at("08:00", {"inr": nothing}))
    assert "bad.yaml:4" in message
    assert "inr" in message
    assert "unknown" in message


@pytest.mark.parametrize("fact", ["lmwh_intent", "csf_flow_status", "etiology", "platelet_count"])
def test_unknown_means_unknown_also_where_the_dictionary_lists_it_as_a_code(fact: str) -> None:
    assert not now({fact: "unknown"}).knows(fact)


def test_unknown_retracts_what_was_recorded() -> None:
    shown = steps(at("08:00", SUSPECTED | SAFE), at("09:00", {"lmwh_intent": "unknown"}))
    assert [one.stands("lumbar_puncture") for one in shown] == ["recommended", "held"]


# --- value sets, ranges and steps ---
TESTS = (
    "csf_afb_smear",
    "csf_afb_culture",
    "csf_fungal_culture",
    "csf_bacterial_culture",
    "csf_cryptococcal_ag",
)
REFUSED = [
    *((test, "reactive") for test in TESTS),
    *((test, "unclear") for test in TESTS),
    ("csf_vdrl", "positive"),
    ("csf_vdrl", "negative"),
    ("it_drug", "cytarabine"),
    ("etiology", "syphilis"),
    ("etiology", "TB"),
    ("lmwh_intent", "low_dose"),
    ("platelet_count", "3000.1"),
    ("platelet_count", "-1"),
    ("platelet_count", "many"),
    ("platelet_count", "40 g/L"),
    ("platelet_count", "[40]"),
    ("platelet_count", "NaN"),
    ("platelet_count", "inf"),
    ("kps", "75"),
    ("kps", "110"),
    ("kps", "-10"),
    ("weight_kg", "0"),
    ("coagulopathy", "1"),
    ("therapy_start_date", "2026-02-30"),
    ("lp_time", "2026-03-01T25:00"),
    ("platelet_cout", "40"),
]


@pytest.mark.parametrize(("fact", "value"), REFUSED)
def test_a_value_outside_its_set_or_range_is_refused_naming_file_line_and_fact(
    refused: Refused, fact: str, value: str
) -> None:
    message = refused(at("08:00", SUSPECTED), at("09:00", {fact: value}))
    assert "bad.yaml:5" in message
    assert fact in message


def test_a_misspelt_fact_gets_the_nearest_name(refused: Refused) -> None:
    assert "platelet_count" in refused(at("08:00", {"platelet_cout": "40"}))


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("platelet_count", "0"),
        ("platelet_count", "39.9"),
        ("platelet_count", "3000"),
        ("inr", "1.41"),
        ("weight_kg", "39.9"),
        ("life_expectancy", "0.9"),
        ("kps", "0"),
        ("kps", "100"),
        *(("kps", str(score)) for score in range(10, 100, 10)),
        *((test, "pending") for test in TESTS),
        *((test, "not_done") for test in TESTS),
        ("csf_vdrl", "pending"),
        ("csf_vdrl", "not_done"),
        ("it_drug", "none"),
        ("it_drug", "other"),
    ],
)
def test_values_on_the_steps_of_the_contract_are_taken(fact: str, value: str) -> None:
    assert now({fact: value}).value(fact) == value


@pytest.mark.parametrize(
    ("fact", "entered", "stands"),
    [
        ("csf_protein", "1.5 g/L", "150"),
        ("platelet_count", "210 10*9/L", "210"),
        ("weight_kg", "70 kg", "70"),
        ("csf_volume", "8 mL", "8"),
    ],
)
def test_a_value_may_carry_its_unit(fact: str, entered: str, stands: str) -> None:
    assert now({fact: entered}).value(fact) == stands


def test_any_lower_case_generic_name_is_a_current_drug() -> None:
    assert now({"current_drugs": "[isavuconazole, cefepime]"}).value("current_drugs") == [
        "isavuconazole",
        "cefepime",
    ]


def test_codes_ending_in_dots_in_the_dictionary_are_open_lists() -> None:
    assert now({"mri_sequences": "[t1_sag_postgad_spine, t2_sag]"}).value("mri_sequences") == [
        "t1_sag_postgad_spine",
        "t2_sag",
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("done", "[lumbar_punctur]"),
        ("declined", "{lumbar_punctur: no}"),
        ("override", "{lumbar_punctur: why}"),
    ],
)
def test_an_action_that_does_not_exist_is_refused_naming_the_line_and_the_nearest(
    refused: Refused, key: str, value: str
) -> None:
    deed: dict[str, Any] = {key: value}
    message = refused(at("08:00"), at("09:00", **deed))
    assert "bad.yaml:5" in message
    assert "lumbar_puncture" in message


def test_a_deed_in_the_future_is_refused(refused: Refused) -> None:
    """Rule 19."""
    refused(at("08:00", {"lp_time": "2026-03-01T09:00"}))
    refused(at("08:00", done="{lumbar_puncture: 2026-03-01T09:00}"))


def test_a_key_written_twice_is_refused(refused: Refused) -> None:
    assert "bad.yaml:4" in refused("  - {at: 2026-03-01, facts: {inr: 1.2, inr: 1.5}}\n")


def test_a_timeline_of_another_pathway_is_refused(refused: Refused) -> None:
    assert "sepsis" in refused(text=timeline(at("08:00")).replace(PATHWAY, "sepsis"))
