"""Guards read aloud: what a clinician sees on charts and screens, and never two readings of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from pathway.language import expression as ex
from pathway.language.ask import names_of, spoken
from pathway.language.english import Names, english
from tests.language.guard_strategies import guards, lab, typed

SENTENCES = {
    # names, codes, numbers
    "suspected": "infection suspected",
    "true": "always",
    "false": "never",
    "platelets < 40": "platelets below 40 x10^9/L",
    "platelets <= 40": "platelets at most 40 x10^9/L",
    "platelets > 40": "platelets above 40 x10^9/L",
    "platelets >= 40": "platelets at least 40 x10^9/L",
    "40 > platelets": "platelets below 40 x10^9/L",
    "40 <= platelets": "platelets at least 40 x10^9/L",
    "kps = 70": "Karnofsky score is 70",
    "kps != 70": "Karnofsky score is not 70",
    "kps < 60 or kps > 80": "Karnofsky score below 60 or Karnofsky score above 80",
    "temperature > -5": "temperature above -5 deg C",
    "temperature >= 100.4 [degF]": "temperature at least 100.4 deg F",
    "csf_glucose > 5 mmol/L": "CSF glucose above 5 mmol/L",
    "yield_pct = 11": "yield pct is 11%",
    "etiology = tb": "cause is Tuberculosis",
    "tb = etiology": "cause is Tuberculosis",
    "etiology != tb": "cause is not Tuberculosis",
    "note = \"x\"": "note is x",
    "suspected = true": "infection suspected",
    "suspected = false": "not infection suspected",
    "suspected != fever": "infection suspected exactly when not fever",
    # the record, codes, lists
    "kps is known": "Karnofsky score is known",
    "kps is unknown": "Karnofsky score is not known",
    "etiology is one of (tb, fungal)": "cause is Tuberculosis or Fungal",
    "etiology is one of (tb, bacterial, fungal)": "cause is Tuberculosis, Bacterial or Fungal",
    "drugs includes rifampin": "current drugs include rifampin",
    "drugs includes any of (rifampin, isoniazid)": "current drugs include rifampin or isoniazid",
    "drugs is empty": "no current drugs",
    "not drugs is empty": "some current drugs",
    "consent recorded since entry": "consent recorded since this state was entered",
    "consent recorded": "consent recorded at some time",
    # deeds and states
    "done(lumbar_puncture)": "Lumbar puncture done",
    "done(mri) since entry": "MRI done since this state was entered",
    "declined(mri)": "MRI declined",
    "declined(mri) since entry": "MRI declined since this state was entered",
    "in(care.workup)": "in Work-up",
    # arithmetic
    "csf_glucose / serum_glucose < 0.5": "CSF glucose divided by serum glucose below 0.5",
    "kps * 2 + 1 > 3": "(Karnofsky score times 2) plus 1 above 3",
    "kps - (kps - 1) > 3": "Karnofsky score minus (Karnofsky score minus 1) above 3",
    "min(kps, 60) < 50": "the lowest of (Karnofsky score, 60) below 50",
    "max(start, stop) <= today": "the latest of (start of therapy, planned stop) at or before today",
    "kps between 60 and 80": "Karnofsky score from 60 to 80",
    "kps between 60 - 10 and 80": "Karnofsky score from (60 minus 10) to 80",
    # time
    "time since lmwh_time < 4 h": "time since last LMWH dose below 4 h",
    "days since start >= 42": "days since start of therapy at least 42 days",
    "months since start >= 12": "months since start of therapy at least 12 months",
    "today >= start + 12 mo": "today at or after 12 months after start of therapy",
    "stop < start": "planned stop before start of therapy",
    "now > lmwh_time + 12 h": "now after 12 h after last LMWH dose",
    "stop - 1 d > start": "1 day before planned stop after start of therapy",
    "lp_time - lmwh_time > 4 h": "time from last LMWH dose to puncture above 4 h",
    "lp_time - lmwh_time between 4 h and 8 h": "(time from last LMWH dose to puncture) from 4 h to 8 h",
    "date of lp_time = start": "the date of puncture is start of therapy",
    # connectives
    "not suspected": "not infection suspected",
    "suspected and fever": "infection suspected and fever",
    "suspected and fever and kps > 0": "infection suspected and fever and Karnofsky score above 0",
    "suspected or fever": "infection suspected or fever",
    "suspected and (fever or kps > 0)": "infection suspected and (fever or Karnofsky score above 0)",
    "(suspected and fever) or kps > 0": "(infection suspected and fever) or Karnofsky score above 0",
    "not (suspected and fever)": "not (infection suspected and fever)",
    "suspected implies fever": "if infection suspected then fever",
    "suspected and (suspected implies fever)": "infection suspected and (if infection suspected then fever)",
    "at least 2 of (suspected, fever, kps > 0)":
        "at least 2 of: infection suspected; fever; Karnofsky score above 0",
    "at least 1 of (suspected, fever) and suspected":
        "(at least 1 of: infection suspected; fever) and infection suspected",
    "at least 1 of (suspected, at least 1 of (fever, suspected), fever)":
        "at least 1 of: infection suspected; (at least 1 of: fever; infection suspected); fever",
    "etiology is one of (tb, fungal) and fever": "(cause is Tuberculosis or Fungal) and fever",
    "drugs includes any of (rifampin, other) or fever": "(current drugs include rifampin or other) or fever",
    "(suspected and fever) = false": "not (infection suspected and fever)",
    "(suspected or fever) = true and suspected": "(infection suspected or fever) and infection suspected",
    "(suspected = fever) and suspected": "(infection suspected exactly when fever) and infection suspected",
}  # fmt: skip


@pytest.mark.parametrize("guard", SENTENCES)
def test_a_guard_reads_as_a_sentence(guard: str) -> None:
    assert spoken(lab().definition, typed(guard)) == SENTENCES[guard]


def test_there_is_a_sentence_for_every_operator() -> None:
    said = {type(node) for guard in SENTENCES for node in ex.walk(typed(guard))}
    assert said == set(ex.NODES)


@given(guards(reads_record=True))
@settings(max_examples=200)
def test_no_sentence_mixes_and_with_or_outside_parentheses(text: str) -> None:
    """In each stretch between parentheses, items of `at least` apart, there is `and` or `or`, never both."""
    sentence = spoken(lab().definition, typed(text))
    while "(" in sentence:
        innermost = re.search(r"\([^()]*\)", sentence)
        assert innermost is not None, sentence
        assert not mixes(innermost.group())
        sentence = sentence.replace(innermost.group(), "it")
    assert not mixes(sentence)


def mixes(words: str) -> bool:
    plain = words.replace("at or before", "").replace("at or after", "")
    return any(" and " in item and " or " in item for item in plain.split(";"))


@given(guards(), guards())
@settings(max_examples=100)
def test_guards_that_differ_in_structure_read_differently(left: str, right: str) -> None:
    """`not (a and b)` and `(not a) and b` are two sentences."""
    names = names_of(lab().definition)
    grouped = english(typed(f"not (({left}) and ({right}))"), names)
    split = english(typed(f"(not ({left})) and ({right})"), names)
    assert grouped != split


@pytest.mark.parametrize(
    ("label", "denied"),
    [
        ("a cause is recorded", "a cause is not recorded"),
        ("CSF was obtained", "CSF was not obtained"),
        ("signs and symptoms have gone", "signs and symptoms have not gone"),
        ("coagulopathy", "not coagulopathy"),
        ("patient is old or frail", "not patient is old or frail"),
        ("test is not done", "not test is not done"),
        ("drug that is running", "not drug that is running"),
    ],
)
def test_a_label_that_is_a_sentence_is_denied_within_it(label: str, denied: str) -> None:
    names = Names(facts={"suspected": label}, codes={}, actions={}, states={})
    assert english(typed("not suspected"), names) == denied
    assert english(typed("suspected = false"), names) == denied


def test_a_code_that_begins_with_not_is_no_denial() -> None:
    names = Names({"etiology": "smear"}, {"etiology": {"tb": "not done", "fungal": "pending"}}, {}, {})
    assert english(typed("etiology = tb"), names) == 'smear is "not done"'
    assert english(typed("etiology != tb"), names) == 'smear is not "not done"'
    assert english(typed("etiology is one of (tb, fungal)"), names) == 'smear is "not done" or pending'


def test_unnamed_facts_are_read_in_words() -> None:
    assert spoken(lab().definition, typed("serum_glucose > 40")) == "serum glucose above 40 mg/dL"
