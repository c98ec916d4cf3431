"""SEMANTICS rules 1 to 6: reading a definition and the values recorded for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from pathway.engine.case import EntryError
from pathway.engine.events import FactRecorded, FactRetracted
from pathway.language.load import definition_from_text, load_definition
from pathway.language.problems import DefinitionError
from pathway.language.verdict import Verdict
from tests.semantics.stepping import HEAD, Patient, definition, judged, patient_on, written

BLOOD = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  csf_protein: {type: quantity, unit: mg/dL, range: [0, 5000], step: 1, also: [g/L]}
  csf_glucose:
    {type: quantity, unit: mg/dL, range: [0, 1000], step: 1, also: {mmol/L: {factor: 18.0156}}}
"""


# --- rule 1 -------------------------------------------------------------------------------------
@pytest.mark.parametrize("scalar", ["12:30", "010", "1.10", "on", "no", "yes", "0x1F", "1e3", "2026-03-01"])
def test_rule_01_scalars_stay_text(scalar: str) -> None:
    found = definition(f"sources: {{S1: {{text: {scalar}, from: article}}}}\nlayers: {{article: A}}\n")
    assert found.sources["S1"].text == scalar


@pytest.mark.parametrize("code", ["on", "no", "yes", "off", "true", "010", "1.10", "12:30"])
def test_rule_01_codes_mean_what_they_say(code: str) -> None:
    patient = patient_on(f"facts: {{answer: {{type: code, values: [{code}, other]}}}}\n")
    patient.at("08:00").records(answer=code)
    assert patient.value("answer") == code


def test_rule_01_the_declared_type_reads_the_text() -> None:
    found = definition("facts: {dose_step: {type: quantity, unit: mg, range: [0, 10], step: 1.10}}\n")
    assert str(found.facts["dose_step"].step) == "11/10"


def test_rule_01_a_flag_is_true_or_false_and_nothing_else() -> None:
    with pytest.raises(DefinitionError, match="true or false"):
        definition("tracks: {care: {start: a, states: {a: {kind: enquiry, choice: yes}}}}\n")


def test_rule_01_a_guard_with_a_comma_in_a_flow_mapping_is_asked_to_be_quoted() -> None:
    body = """facts: {etiology: {type: code, values: [tb, bacterial]}}
tracks:
  care:
    start: a
    states:
      a: {kind: enquiry, next: [{to: b, when: etiology is one of (tb, bacterial)}]}
      b: {kind: end}
"""
    with pytest.raises(DefinitionError, match=r"(?i)quote this guard"):
        definition(body)


# --- rule 2 -------------------------------------------------------------------------------------
def test_rule_02_every_track_names_its_start() -> None:
    with pytest.raises(DefinitionError, match="start"):
        definition("tracks: {care: {states: {a: {kind: end}}}}\n")


def test_rule_02_the_start_is_a_state_of_the_track() -> None:
    with pytest.raises(DefinitionError, match="elsewhere"):
        definition("tracks: {care: {start: elsewhere, states: {a: {kind: end}}}}\n")


def test_rule_02_the_start_need_not_be_written_first() -> None:
    patient = patient_on("tracks: {care: {start: b, states: {a: {kind: end}, b: {kind: enquiry}}}}\n")
    assert patient.state() == "b"


ORDERED = """facts:
  b: {type: boolean}
  a: {type: boolean}
tracks:
  second:
    start: s
    states:
      t: {kind: end}
      s: {kind: decision, next: [{to: t, when: in(first.y)}]}
  first:
    start: x
    states:
      x: {kind: decision, next: [{to: y, when: a and b}]}
      y: {kind: end}
"""


def reversed_keys(value: object) -> object:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(list(value))}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def test_rule_02_the_order_of_keys_never_matters() -> None:
    text = written(ORDERED)
    other = yaml.safe_dump(reversed_keys(yaml.load(text, yaml.BaseLoader)), sort_keys=False)
    assert definition_from_text(other).digest == definition_from_text(text).digest
    one, two = patient_on(ORDERED), patient_of_text(other)
    for patient in (one, two):
        patient.at("09:00").records(a="true", b="true")
    assert [one.state(name) for name in ("first", "second")] == ["y", "t"]
    assert one.events == two.events


def patient_of_text(text: str) -> Patient:
    from pathway.engine.compiling import compile_pathway
    from tests.semantics.stepping import admitted

    return admitted(compile_pathway(definition_from_text(text)))


# --- rule 3 -------------------------------------------------------------------------------------
PLAIN = written("facts: {inr: {type: quantity, unit: '1', range: [0, 9], step: 0.10}}\n")


def canonical_digest(text: str) -> str:
    data = yaml.load(text, yaml.BaseLoader)
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def test_rule_03_the_digest_is_sha_256_of_the_canonical_json() -> None:
    assert definition_from_text(PLAIN).digest.removeprefix("sha256:") == canonical_digest(PLAIN)


def test_rule_03_comments_and_quotes_are_left_out_of_the_digest() -> None:
    other = "# reviewed\n" + PLAIN.replace("title: Ward", 'title: "Ward"  # the ward')
    assert definition_from_text(other).digest == definition_from_text(PLAIN).digest


def test_rule_03_scalars_count_as_written() -> None:
    other = PLAIN.replace("step: 0.10", "step: 0.1")
    assert definition_from_text(other).digest != definition_from_text(PLAIN).digest


def test_rule_03_the_digest_is_taken_before_defaults() -> None:
    other = PLAIN.replace("here: {kind: enquiry}", "here: {kind: enquiry, choice: false}")
    assert definition_from_text(other).digest != definition_from_text(PLAIN).digest


def in_folder(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_rule_03_file_splits_cases_and_coverage_are_left_out(tmp_path: Path) -> None:
    facts = "facts: {inr: {type: quantity, unit: '1', range: [0, 9], step: 0.10}}\n"
    rest = PLAIN.replace(facts, "") + "include: [facts.yaml]\n"
    folder = in_folder(tmp_path / "ward", pathway=rest, facts=facts, coverage="S1: [inr]\n")
    (folder / "cases").mkdir()
    (folder / "cases" / "one.yaml").write_text("timeline: []\n", "utf-8")
    assert load_definition(folder).digest == definition_from_text(PLAIN).digest


def test_rule_03_the_same_id_in_two_included_files_is_an_error(tmp_path: Path) -> None:
    facts = "facts: {inr: {type: boolean}}\n"
    head = HEAD + "include: [one.yaml, two.yaml]\ntracks: {care: {start: a, states: {a: {kind: end}}}}\n"
    with pytest.raises(DefinitionError, match="inr"):
        load_definition(in_folder(tmp_path / "ward", pathway=head, one=facts, two=facts))


# --- rule 4 -------------------------------------------------------------------------------------
@pytest.mark.parametrize("entered", ["39", "39.1", "0", "3000", "39 10*9/L", "39.10"])
def test_rule_04_a_quantity_on_its_step_and_in_its_range_is_taken(entered: str) -> None:
    patient = patient_on(BLOOD)
    patient.at("08:00").records(platelet_count=entered)
    assert patient.fact("platelet_count") is not None


@pytest.mark.parametrize("entered", ["39.05", "3000.1", "-0.1", "-1", "39 g/L", "39 mmol/L", "many", ""])
def test_rule_04_off_the_step_out_of_range_or_in_another_unit_is_refused_and_nothing_recorded(
    entered: str,
) -> None:
    patient = patient_on(BLOOD)
    before = list(patient.events)
    with pytest.raises(EntryError, match="platelet_count"):
        patient.at("09:00").records(platelet_count=entered, inr="1.0")
    assert patient.events == before
    assert patient.value("inr") is None


def test_rule_04_another_admitted_unit_is_converted_exactly_and_logged_as_entered() -> None:
    patient = patient_on(BLOOD)
    patient.at("08:00").records(csf_protein="1.5 g/L", csf_glucose="5 mmol/L")
    glucose, protein = [event for event in patient.events if isinstance(event, FactRecorded)]
    assert (protein.value, protein.unit, protein.entered) == ("150", "mg/dL", "1.5 g/L")
    assert (glucose.value, glucose.unit, glucose.entered) == ("90.078", "mg/dL", "5 mmol/L")


def test_rule_04_a_fact_with_other_units_is_continuous_when_entered_in_them() -> None:
    patient = patient_on(BLOOD)
    patient.at("08:00").records(csf_protein="1.555 g/L")
    assert patient.value("csf_protein") == "155.5"


def test_rule_04_the_range_holds_in_every_unit() -> None:
    patient = patient_on(BLOOD)
    patient.at("08:00").records(csf_protein="50 g/L")
    with pytest.raises(EntryError, match="csf_protein"):
        patient.at("08:00").records(csf_protein="50.001 g/L")


def test_rule_04_a_factor_is_exact_at_a_threshold() -> None:
    at_limit = judged("csf_glucose <= 90.078", BLOOD, csf_glucose="5 mmol/L")
    above = judged("csf_glucose <= 90.078", BLOOD, csf_glucose="5.0000001 mmol/L")
    assert (at_limit.verdict, above.verdict) == (Verdict.TRUE, Verdict.FALSE)


# --- rule 5 -------------------------------------------------------------------------------------
CODES = """facts:
  etiology: {type: code, values: [tb, none]}
  drug: {type: code, values: [], open: true}
  drugs: {type: list, of: code, values: [], open: true}
  inr: {type: quantity, unit: "1"}
  suspected: {type: boolean}
  comment: {type: text}
"""


def test_rule_05_unknown_is_never_a_member_of_an_enumeration() -> None:
    with pytest.raises(DefinitionError, match="unknown"):
        definition("facts: {etiology: {type: code, values: [tb, unknown]}}\n")
    with pytest.raises(DefinitionError, match="unknown"):
        definition("facts: {drugs: {type: list, of: code, values: [tb, unknown]}}\n")


def test_rule_05_a_guard_cannot_compare_with_unknown() -> None:
    for guard in ("etiology = unknown", "etiology is one of (tb, unknown)", "drug = unknown"):
        with pytest.raises(DefinitionError, match="unknown"):
            judged(guard, CODES)


KNOWN = {
    "etiology": "tb", "drug": "rifampin", "drugs": ("rifampin",), "inr": "1.1", "suspected": "true",
    "comment": "well",
}  # fmt: skip


@pytest.mark.parametrize("fact", KNOWN)
@pytest.mark.parametrize("entered", ["unknown", " unknown", "unknown "])
def test_rule_05_recording_unknown_always_means_unknown(fact: str, entered: str) -> None:
    patient = patient_on(CODES)
    patient.at("08:00").records(**{fact: KNOWN[fact]})
    assert patient.value(fact) is not None
    patient.at("09:00").records(**{fact: entered})
    assert patient.value(fact) is None
    assert isinstance(patient.events[-1], FactRetracted)


@pytest.mark.parametrize("entered", [("unknown",), ("rifampin", "unknown"), "rifampin|unknown"])
def test_rule_05_unknown_is_no_member_of_an_open_list(entered: str | tuple[str, ...]) -> None:
    patient = patient_on(CODES)
    try:
        patient.at("08:00").records(drugs=entered)
    except EntryError:
        return
    assert patient.value("drugs") is None


def test_rule_05_none_may_be_a_member() -> None:
    patient = patient_on(CODES)
    patient.at("08:00").records(etiology="none")
    assert patient.value("etiology") == "none"
    assert judged("etiology = none", CODES, etiology="none").verdict is Verdict.TRUE


# --- rule 6 -------------------------------------------------------------------------------------
CLASSES = """facts:
  volume: {type: quantity, unit: mL, range: [0, 100]}
  clotted: {type: boolean}
  half: {type: quantity, unit: mL, formula: volume / 2}
  class:
    type: code
    values: [spoilt, inadequate, adequate]
    cases:
      - {when: clotted, value: spoilt}
      - {when: volume < 5, value: inadequate}
      - {when: volume >= 10, value: adequate}
  class_or_other:
    type: code
    values: [inadequate, other]
    cases: [{when: volume < 5, value: inadequate}]
    otherwise: other
  shown_class:
    type: code
    values: [fine, undecided]
    cases: [{when: volume >= 5, value: fine}]
    unknown: undecided
  minimum:
    type: quantity
    unit: d
    cases:
      - {when: clotted, not_applicable: clotted samples have no minimum}
      - {when: volume >= 5, value: 3 d}
"""


def on_classes(**facts: str) -> Patient:
    patient = patient_on(CLASSES)
    if facts:
        patient.at("08:00").records(**facts)
    return patient


def test_rule_06_a_formula_is_computed_and_unknown_without_what_it_rests_on() -> None:
    assert on_classes().value("half") is None
    assert on_classes(volume="7").value("half") == "3.5"


def test_rule_06_the_first_true_case_decides() -> None:
    assert on_classes(clotted="true", volume="3").value("class") == "spoilt"
    assert on_classes(clotted="false", volume="3").value("class") == "inadequate"


def test_rule_06_a_true_case_after_an_unknown_one_does_not_decide() -> None:
    assert on_classes(volume="3").value("class") is None
    assert judged("class = inadequate", CLASSES, volume="3").needs == ("clotted",)


def test_rule_06_a_true_first_case_decides_though_later_ones_are_unknown() -> None:
    assert on_classes(clotted="true").value("class") == "spoilt"


def test_rule_06_without_a_true_case_it_is_unknown() -> None:
    assert on_classes(clotted="false", volume="7").value("class") is None


def test_rule_06_otherwise_holds_only_when_every_case_is_false() -> None:
    assert on_classes(volume="7").value("class_or_other") == "other"
    assert on_classes().value("class_or_other") is None


def test_rule_06_a_display_value_shows_while_undecided() -> None:
    assert on_classes().value("shown_class") == "undecided"
    assert on_classes(volume="7").value("shown_class") == "fine"


DISPLAYED = """facts:
  volume: {type: quantity, unit: mL}
  shown:
    {type: code, values: [fine, undecided], cases: [{when: volume >= 5, value: fine}], unknown: undecided}
actions: {lp: {title: LP, type: procedure}}
"""
USES = {
    "guard": "tracks: {t: {start: a, states: {a: {kind: enquiry, next: [{to: a, when: shown = fine}]}}}}",
    "safeguard": "safeguards: {s: {action: lp, when: shown = fine, effect: block}}",
    "claim never": "claims: {c: {never: shown = fine}}",
    "claim only": "claims: {c: {only: lp, when: shown = fine}}",
    "is known": "claims: {c: {always: shown is known}}",
    "do": "tracks: {t: {start: a, states: {a: {kind: action, do: [{action: lp, when: shown = fine}]}}}}",
}


@pytest.mark.parametrize("use", USES)
def test_rule_06_a_fact_for_display_may_not_be_used_in_a_guard_safeguard_or_claim(use: str) -> None:
    with pytest.raises(DefinitionError, match="shown"):
        definition(DISPLAYED + USES[use] + "\n")


def test_rule_06_nor_by_way_of_another_formula() -> None:
    with pytest.raises(DefinitionError, match="shown"):
        definition(DISPLAYED.replace("actions:", "  other: {type: boolean, formula: shown = fine}\nactions:"))


def test_rule_06_a_value_that_does_not_apply_is_unknown_with_empty_needs_and_a_reason() -> None:
    found = judged("minimum > 2 d", CLASSES, clotted="true")
    assert (found.verdict, found.needs) == (Verdict.UNKNOWN, ())
    assert any("clotted samples have no minimum" in why for why in found.whys)
    assert on_classes(clotted="true").value("minimum") is None


RECORDABLE = """facts:
  age: {type: quantity, unit: a, range: [0, 120]}
  is_child: {type: boolean, formula: age < 18, recordable: true, valid_for: 4 h}
"""


def test_rule_06_a_recordable_derived_fact_falls_back_on_its_formula() -> None:
    patient = patient_on(RECORDABLE)
    patient.at("08:00").records(age="10")
    assert patient.value("is_child") == "true"


def test_rule_06_the_record_wins_and_disagreement_is_a_warning() -> None:
    patient = patient_on(RECORDABLE)
    patient.at("08:00").records(age="10", is_child="false")
    assert patient.value("is_child") == "false"
    assert any("is_child" in one for one in patient.warnings())


def test_rule_06_agreement_is_no_warning() -> None:
    patient = patient_on(RECORDABLE)
    patient.at("08:00").records(age="10", is_child="true")
    assert patient.warnings() == ()


def test_rule_06_the_record_wins_only_while_it_is_valid() -> None:
    patient = patient_on(RECORDABLE)
    patient.at("08:00").records(age="10", is_child="false")
    patient.waits_until("12:00")
    assert patient.value("is_child") == "false"
    patient.waits_until("12:00:01")
    assert patient.value("is_child") == "true"
    assert patient.warnings() == ()


def test_rule_06_a_retracted_record_leaves_the_formula() -> None:
    patient = patient_on(RECORDABLE)
    patient.at("08:00").records(age="10", is_child="false")
    patient.at("09:00").retracts("is_child")
    assert patient.value("is_child") == "true"


def test_rule_06_a_derived_fact_that_is_not_recordable_cannot_be_recorded() -> None:
    patient = on_classes(volume="8")
    with pytest.raises(EntryError, match="half"):
        patient.at("09:00").records(half="4")
