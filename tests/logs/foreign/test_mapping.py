"""A mapping file is checked against its pathway, and what is wrong in it is shown in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError
from pathway.logs.foreign.mapping import pathway_of_mapping, read_mapping
from pathway.logs.foreign.written import WrittenMapping
from tests.logs.foreign.conftest import WARD_MAP, Ward, ward_definition

WRONG = {
    "case": ("cas: patient", "`cas` is no key of this mapping. Did you mean `case`?"),
    "pathway": ("pathway: other", "is for `other`, not for `ward`"),
    "Arrival": ("  Arrival: {time: arival_time}", "no fact `arival_time`. Did you mean `arrival_time`?"),
    "Antibiotic": (
        "  Antibiotic: {done: antibiotics}",
        "no action `antibiotics`. Did you mean `antibiotic`?",
    ),
    "Culture": ("  Culture: {time: crp}", "`crp` does not hold a time"),
    "No antibiotic": ("  No antibiotic: {declined: antibiotic}", "declined and reason go together"),
    "Seen": ("  Seen: {facts: {sex: x}}", "`x` is no value of `sex`"),
    "Measured": ("  Measured: {}", "say what it means"),
    "ignore": ("ignore: [Meal, Seen]", "`Seen` is ignored, and said to mean something"),
    "time": ("time: {column: when, timezone: Europe/Berlinn}", "did you mean Europe/Berlin?"),
    "crp": ("  crp: {fact: crp, unit: mmol/L}", "mg/L"),
    "temp": ("  temp: {fact: temperature, on: [Cultur]}", "`Cultur` is no activity of this mapping"),
    "gluc": ("  gluc: {fact: glucose, unit: mg/dL, factor: '2'}", "`factor` has no use here"),
    "ca": ("  ca: {fact: calcium, unit: mg/dl}", "mg/dl"),
    "germs": ("  germs: {fact: sex, split: '+'}", "`sex` takes one value"),
    "born": ("  born: {fact: feverish}", "is computed and cannot be recorded. Record temperature"),
    "activity": ("activity: patient", "The activity and the case are one column"),
    "empty": ("empty:", "`empty` has no value"),
    "by": ("by: who\nby: whom", "twice"),
}


@pytest.mark.parametrize("key", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_column(ward: Ward, key: str) -> None:
    line, told = WRONG[key]
    number = next(
        number
        for number, text in enumerate(WARD_MAP.read_text("utf-8").splitlines(), 1)
        if text.split(":")[0].strip() == key
    )
    with pytest.raises(DefinitionError) as caught:
        ward.mapped(**{key: line})
    assert told in str(caught.value)
    places = [problem.place for problem in caught.value.problems if problem.place is not None]
    assert any(place.file.endswith("map.yaml") and abs(place.line - number) <= 1 for place in places)


@pytest.mark.parametrize("factor", ["0", "-1"])
def test_a_factor_that_makes_every_value_nothing_is_refused(ward: Ward, factor: str) -> None:
    with pytest.raises(DefinitionError, match="A factor is more than 0"):
        ward.mapped(crp=f"  crp: {{fact: crp, unit: mmol/L, factor: '{factor}'}}")


def test_everything_wrong_is_told_at_once(ward: Ward) -> None:
    with pytest.raises(DefinitionError) as caught:
        ward.mapped(Antibiotic=WRONG["Antibiotic"][0], crp=WRONG["crp"][0], born=WRONG["born"][0])
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("%Y-%m-%d %Q", "%Q is not read here"),
        ("%H:%M", "needs the year, month and day"),
        ("%Y-%m-%d %I:%M", "Hours of a half day need %p"),
        ("%Y-%m-%d %", "is not read here"),
    ],
    ids=["letter", "no day", "half day", "no letter"],
)
def test_a_time_format_that_names_no_instant_is_refused(ward: Ward, written: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        ward.mapped(time=f"time: {{column: when, format: '{written}', timezone: UTC}}")


def test_a_row_gives_a_fact_one_value(ward: Ward) -> None:
    with pytest.raises(DefinitionError, match="A row of `Culture` gives `crp` more than once"):
        ward.mapped(temp="  temp: {fact: crp, on: [Culture]}")


def test_the_mapping_of_the_sepsis_log_fits_its_pathway() -> None:
    main = find_pathway("sepsis-first-hours")
    path = main.parent / "sepsis_map.yaml"
    definition = load_definition(main)
    mapping = read_mapping(path, definition)
    assert pathway_of_mapping(path) == definition.id
    deeds = {action for activity in mapping.activities.values() for action in activity.done}
    assert deeds == set(definition.actions)


def test_a_mapping_that_names_no_pathway_is_told(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text("case: patient\n", "utf-8")
    with pytest.raises(DefinitionError, match="says which pathway it is for"):
        pathway_of_mapping(file)
    with pytest.raises(DefinitionError, match="this mapping needs the key `pathway`"):
        read_mapping(file, ward_definition())


def test_the_guides_mapping_can_be_copied(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "replaying-logs.md").read_text("utf-8")
    file = tmp_path / "map.yaml"
    file.write_text(next(block for block in guide.split("```yaml\n")[1:]).split("```")[0], "utf-8")
    mapping = read_mapping(file, load_definition(find_pathway("sepsis-first-hours")))
    assert [column.entered("2.5") for column in mapping.columns if column.name == "CRP"] == ["25"]
    keys = set(WrittenMapping.model_fields)
    assert {key for key in keys if f"`{key}`" not in guide} == set()
