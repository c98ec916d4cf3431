"""How much falls to `otherwise`: shares reckoned by hand, and a patient whom no named way takes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.check.proofs.otherwise import OUT_OF_TIME, OtherwiseShare, otherwise_shares
from pathway.check.proving import prove
from pathway.cli.check_otherwise import otherwise_json, otherwise_line, percent
from pathway.engine.batch import FactEntry
from pathway.engine.compiling import assemble
from pathway.engine.supposing import supposed
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from pathway.language.verdict import Verdict

CORRECT = Path(__file__).parent / "correct"
FACTS = """
  score: {type: integer, range: [0, 21]}
  kps: {type: integer, range: [0, 100], step: 10}
  fever: {type: boolean}
  cause: {type: code, values: [tb, fungal, bacterial, other]}
  drugs: {type: list, of: code, values: [thinner, steroid, other]}
  taken: {type: list, of: code, values: [thinner], open: true}
  lactate: {type: quantity, unit: mmol/L, range: [0, 20]}
  systolic: {type: integer, range: [0, 300]}
  diastolic: {type: integer, range: [0, 200]}
  short: {type: integer, range: [1, 4]}
  long: {type: integer, range: [0, 4]}
  remark: {type: text}
  onset: {type: dateTime}
  free: {type: quantity, unit: mg/dL}
  quotient: {type: quantity, unit: "1", formula: short / long}
  band:
    type: code
    values: [low, high]
    cases: [{when: score <= 7, value: low}, {when: score >= 14, value: high}]
  hot: {type: boolean, formula: fever, recordable: true}
"""


def deciding(*guards: str, facts: str = FACTS, more: str = "", kind: str = "decision") -> Definition:
    """A decision with these ways, and another way for all others."""
    ways = "\n".join(f'          - {{to: seen, when: "{guard}"}}' for guard in guards)
    return definition_from_text(f"""
pathway: deciding
version: 1.0.0
title: Deciding
status: draft
facts:{facts}
actions:
  look: {{title: Look, type: measure}}
  ask: {{title: Ask, type: measure, evidence: fever}}
  image: {{title: Image, type: order, records: [{{fact: cause, value: tb}}]}}
tracks:
  care:
    start: sorting
    states:
      sorting:
        kind: {kind}
        do: [{{action: look}}, {{action: ask}}, {{action: image}}]
        next:
{ways}
          - {{to: rest, when: otherwise}}
      seen: {{kind: end}}
      rest: {{kind: end}}
  theatre:
    start: idle
    states:
      idle: {{kind: action, next: [{{to: busy, when: fever}}]}}
      busy: {{kind: action, next: [{{to: closed, when: not fever}}]}}
      closed: {{kind: end}}
{more}""")


def share_of(*guards: str, seed: int = 1) -> OtherwiseShare:
    [found] = otherwise_shares(deciding(*guards), seed)
    assert found.state == "care.sorting"
    return found


# --- by hand ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("guards", "share"), [
    (("score <= 4", "score between 5 and 9", "score between 10 and 14"), Fraction(7, 22)),
    (("score <= 4", "score between 5 and 9", "score between 10 and 14", "score > 15"), Fraction(1, 22)),
    (("score <= 10", "score >= 11"), Fraction(0)),
    (("kps >= 60",), Fraction(6, 11)),
    (("kps > 55", "kps < 45"), Fraction(1, 11)),
    (("kps > 60", "kps < 60"), Fraction(1, 11)),
    (("fever and cause = tb", "fever and cause is one of (fungal, other)", "not fever"), Fraction(1, 8)),
    (("cause = tb",), Fraction(3, 4)),
    (("fever or cause = tb",), Fraction(3, 8)),
    (("score >= 11 implies fever",), Fraction(1, 4)),
    (("at least 2 of (fever, score >= 11, kps >= 60)",), Fraction(6 + 5 + 6 + 6, 44)),
    (("drugs includes thinner",), Fraction(1, 2)),
    (("drugs includes any of (thinner, steroid)",), Fraction(1, 4)),
    (("drugs is empty",), Fraction(7, 8)),
    (("taken is empty",), Fraction(3, 4)),
    (("lactate >= 4 mmol/L",), Fraction(1, 5)),
    (("lactate > 2 mmol/L", "lactate < 2 mmol/L"), Fraction(0)),
    (("done(look)",), Fraction(1, 2)),
    (("done(look) since entry", "done(look) and not (done(look) since entry)"), Fraction(1, 3)),
    (("declined(look) and score <= 10",), Fraction(3, 4)),
    (("in(theatre.busy)",), Fraction(2, 3)),
    (("in(care.sorting)",), Fraction(0)),
    (("in(care.seen)",), Fraction(1)),
])  # fmt: skip
def test_the_share_is_what_it_is_by_hand(guards: tuple[str, ...], share: Fraction) -> None:
    found = share_of(*guards)
    assert (found.share, found.exact) == (share, True)


def test_a_derived_fact_is_followed_to_what_is_recorded() -> None:
    assert share_of("band = high", "band = low").share == 0  # of the others the band is not known
    assert share_of("band = high").share == Fraction(8, 22)
    assert share_of("quotient >= 1").share == Fraction(6, 20)


def test_where_a_way_stays_unknown_though_everything_is_known_nothing_falls_to_otherwise() -> None:
    without_zero = [(a, b) for a, b in product(range(1, 5), range(1, 5)) if Fraction(a, b) < 1]
    assert share_of("quotient >= 1").share == Fraction(len(without_zero), 20)
    assert share_of("quotient >= 1 or quotient < 1").share == 0
    assert share_of("quotient >= 1", "quotient is unknown").share == Fraction(6, 20)
    assert share_of("band is known").share == Fraction(6, 22)


def test_every_fact_is_known_and_a_record_counts_before_a_formula() -> None:
    assert share_of("score is known and score >= 11").share == Fraction(1, 2)
    assert share_of("score is unknown").share == 1
    assert share_of("remark is known and fever").share == Fraction(1, 2)
    assert share_of("hot and fever").share == Fraction(3, 4)


def test_what_shows_that_an_action_was_done_counts_as_a_deed() -> None:
    assert share_of("done(ask)").share == Fraction(1, 4)
    assert share_of("done(image) or cause = fungal").share == Fraction(2, 8)


def test_many_combinations_are_counted_where_few_of_them_matter() -> None:
    guards = ("systolic >= 150", "diastolic >= 100", "score >= 11", "kps >= 60", "fever", "cause = tb")
    found = share_of(*guards)
    parts = [Fraction(150, 301), Fraction(100, 201), Fraction(1, 2), Fraction(6, 11), Fraction(1, 2)]
    expected = Fraction(3, 4)
    for part in parts:
        expected *= part
    assert (found.share, found.exact) == (expected, True)


# --- estimates ----------------------------------------------------------------------------------
def test_too_many_combinations_are_drawn_and_the_share_is_about_right() -> None:
    found = share_of("systolic - diastolic > 40", seed=7)
    pairs = [(high, low) for high in range(301) for low in range(201)]
    exact = Fraction(sum(high - low <= 40 for high, low in pairs), len(pairs))
    assert found.share is not None
    assert not found.exact
    assert abs(found.share - exact) < Fraction(1, 20)
    assert found == share_of("systolic - diastolic > 40", seed=7)
    assert "otherwise takes about " in otherwise_line(found)


def test_an_estimate_is_never_none_and_never_all() -> None:
    none, everyone = share_of("systolic + diastolic >= 0"), share_of("systolic + diastolic > 600")
    assert not none.exact
    assert none.share is not None
    assert 0 < none.share < Fraction(1, 1000)
    assert "less than about 0.1 %" in otherwise_line(none)
    assert "more than about 99.9 %" in otherwise_line(everyone)


@pytest.mark.parametrize(("share", "exact", "text"), [
    (Fraction(0), True, "0 %"), (Fraction(1), True, "100 %"),
    (Fraction(1, 2000), True, "0.1 %"), (Fraction(1, 2001), True, "less than 0.1 %"),
    (Fraction(1999, 2000), True, "more than 99.9 %"), (Fraction(19989, 20000), True, "99.9 %"),
    (Fraction(1, 8), True, "12.5 %"), (Fraction(1, 8), False, "about 12.5 %"),
])  # fmt: skip
def test_per_cent_have_one_decimal_and_round_neither_to_none_nor_to_all(
    share: Fraction, exact: bool, text: str
) -> None:
    assert percent(share, exact) == text


@pytest.mark.parametrize(
    ("guard", "why"),
    [
        ("remark = 'x'", "remark"),
        ("time since onset > 3 h", "onset"),
        ("free > 3 mg/dL", "free"),
        ("onset <= now", "onset"),
    ],
)
def test_where_nothing_bounds_a_fact_no_share_is_given(guard: str, why: str) -> None:
    if "remark" in guard:
        guard = guard.replace("'x'", '\\"x\\"')
    found = share_of(guard)
    assert (found.share, found.example) == (None, None)
    assert found.why == f"nothing declared bounds {why}"
    assert otherwise_json(found)["share"] is None
    assert "of care.sorting fall to otherwise is not known" in otherwise_line(found)


def test_out_of_time_no_share_is_given() -> None:
    [found] = otherwise_shares(deciding("fever"), 1, lambda: True)
    assert (found.share, found.why) == (None, OUT_OF_TIME)


# --- the example --------------------------------------------------------------------------------
@pytest.mark.parametrize(("guards", "shown"), [
    (("kps >= 50",), "kps 40"),
    (("kps <= 50",), "kps 60"),
    (("score <= 4", "score >= 20"), "score 5"),
    (("fever and kps >= 50",), "kps 40, fever true"),
    (("cause = tb",), "cause fungal"),
    (("lactate >= 2 mmol/L",), "lactate 1.99"),
    (("drugs includes thinner",), "drugs []"),
    (("done(look)", "in(theatre.idle)"), "look not done, theatre in busy"),
])  # fmt: skip
def test_the_example_lies_beside_a_patient_of_a_named_way(guards: tuple[str, ...], shown: str) -> None:
    assert otherwise_line(share_of(*guards)).endswith(f" of care.sorting, for instance {shown}.")


def test_where_nothing_falls_to_otherwise_there_is_no_example() -> None:
    found = share_of("fever", "not fever")
    assert found.example is None
    assert otherwise_line(found).endswith("otherwise takes 0 % of the patients of care.sorting.")


ATOMS = (
    "score >= 5", "score < 12", "score = 7", "kps > 55", "kps between 20 and 60", "fever", "cause = tb",
    "cause != other", "cause is one of (tb, fungal)", "band = high", "band is unknown", "kps is known",
)  # fmt: skip
GUARDS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
VALUES = {
    "score": [str(value) for value in range(22)],
    "kps": [str(value) for value in range(0, 101, 10)],
    "fever": ["true", "false"],
    "cause": ["tb", "fungal", "bacterial", "other"],
}


@settings(max_examples=15, deadline=None)
@given(st.lists(GUARDS, min_size=1, max_size=3))
def test_the_share_is_that_of_the_patients_of_whom_the_engine_says_so(guards: list[str]) -> None:
    definition = deciding(*guards)
    compiled = assemble(definition)
    ways = definition.tracks["care"].states["sorting"].next[:-1]

    def falls(facts: dict[str, str]) -> bool:
        readings = supposed(compiled, [FactEntry(name, text) for name, text in facts.items()], 0)
        return all(readings.reason(way.when).verdict is Verdict.FALSE for way in ways)

    names = [name for name in VALUES if any(name in way.when.facts for way in ways)]
    rest = {name: VALUES[name][0] for name in VALUES if name not in names}
    patients = [dict(zip(names, values, strict=True)) for values in product(*(VALUES[n] for n in names))]
    [found] = otherwise_shares(definition, 1)
    assert found.share == Fraction(sum(falls({**rest, **one}) for one in patients), len(patients))
    assert (found.example is None) is (found.share == 0)
    if found.example is not None:
        facts = {name: text for name, text in found.example.facts if isinstance(text, str)}
        assert falls({**rest, **facts})


# --- within a check -----------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "state", "share"), [
    ("weight_dosing", "care.sorting", Fraction(1, 3)),
    ("fever_hour", "place.placing", Fraction(17, 27)),
    ("pressure_points", "risk.first_look", Fraction(1, 2)),
])  # fmt: skip
def test_a_check_says_how_much_falls_to_otherwise(name: str, state: str, share: Fraction) -> None:
    [found] = prove(load_definition(CORRECT / f"{name}.yaml")).otherwise
    assert (found.state, found.share, found.exact) == (state, share, True)


def test_states_without_otherwise_are_not_spoken_of() -> None:
    assert prove(load_definition(CORRECT / "mood_score.yaml")).otherwise == ()


def test_as_json_a_share_is_a_fraction_and_the_example_names_facts_deeds_and_states() -> None:
    share = share_of("done(look) and kps >= 50", "declined(ask)", "in(theatre.idle)")
    found: dict[str, Any] = otherwise_json(share)
    assert found == {
        "state": "care.sorting",
        "share": str(Fraction(1, 2) * Fraction(2, 3) * (1 - Fraction(1, 2) * Fraction(6, 11))),
        "percent": "24.2 %",
        "exact": True,
        "example": {"facts": {"kps": "40"}, "done": ["look"], "states": {"theatre": "busy"}},
        "why": None,
    }
