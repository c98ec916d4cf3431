"""Loading a definition: all that is wrong is said at once, at its place with the fix; nothing crashes."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.engine.compiling import compile_pathway
from pathway.engine.supposing import supposed
from pathway.language.ask import asked
from pathway.language.clockwork import Drift
from pathway.language.definition import Definition
from pathway.language.evaluate import judge
from pathway.language.expression import FactRef, walk
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError
from tests.language.guard_strategies import LAB, NOW

PUNCTURE = "lumbar_puncture: {title: Lumbar puncture, type: procedure}"


def with_facts(*lines: str) -> str:
    """The lab with further facts."""
    return LAB.replace("facts:\n", "facts:\n" + "".join(f"  {line}\n" for line in lines), 1)


def with_action(action: str) -> str:
    """The lab with another lumbar puncture."""
    return LAB.replace(PUNCTURE, f"lumbar_puncture: {action}")


def refused(text: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        definition_from_text(text)
    return str(caught.value)


def loaded(*facts: str) -> Definition:
    return definition_from_text(with_facts(*facts))


def test_the_lab_loads() -> None:
    assert definition_from_text(LAB).id == "guard-lab"


# --- the place of a guard's fault -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("x: {type: boolean, formula: suspected and kps}", "kps"),
        ("x: {type: boolean, formula: 'suspected and platelets < 4 hours'}", "hours"),
        ('x: {type: boolean, formula: "min(kps, 3) < suspectd"}', "suspectd"),
        ("x: {type: boolean, cases: [{when: fever, value: true}, {when: not fver, value: false}]}", "fver"),
        ("x: {type: boolean, cases: [{when: fever, value: true}], otherwise: fver}", "fver"),
    ],
)
def test_a_fault_in_a_guard_is_underlined_in_the_file(line: str, marked: str) -> None:
    text = with_facts(line)
    number, column = next(
        (n, row.index(marked)) for n, row in enumerate(text.split("\n"), 1) if marked in row and "x:" in row
    )
    message = refused(text)
    assert f"pathway.yaml:{number}:{column + 1}: " in message
    picture = message.split("\n")
    underline = next(row for row in picture if row.strip().startswith("^"))
    assert len(underline.strip()) == len(marked)


def test_a_fault_in_a_guard_of_several_lines_is_placed_at_the_guard() -> None:
    message = refused(with_facts("x:\n    type: boolean\n    formula: >-\n      suspected and\n      kps"))
    assert "pathway.yaml:9:14: " in message
    assert "`kps` is a plain number" in message


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    message = refused(
        with_facts("a: {type: boolean, formula: kps}", "b: {type: quantity, unit: mgg}", "c: {type: code}")
        .replace("when: suspected", "when: suspectd")
    )  # fmt: skip
    lines = [int(row.split(":")[1]) for row in message.split("\n") if row[:1] == "/"]
    assert lines == sorted(lines)
    assert len(lines) == 4
    assert "4 problems found." in message


# --- one test for each kind of error ----------------------------------------------------------------
WRONG_FACTS = [
    ("x: {type: quantity}", "needs its unit", "unit: 1"),
    ("x: {type: quantity, unit: mgg}", "'mgg' is not a unit", "write mg"),
    ("x: {type: quantity, unit: g, range: [3, 0]}", "runs backwards", "lower value first"),
    ("x: {type: quantity, unit: g, range: [\u0660, \u0663]}", "cannot be `\u0660`", "Write a number"),
    (f"x: {{type: quantity, unit: g, range: [0, {'9' * 31}]}}", "at most 30 digits", ""),
    ("x: {type: quantity, unit: g, range: [0, 1e9]}", "cannot be `1e9`", "Write a number"),
    ("x: {type: quantity, unit: g, range: [0, .inf]}", "cannot be `.inf`", "Write a number"),
    ("x: {type: quantity, unit: g, step: 0}", "more than zero", ""),
    (f"x: {{type: quantity, unit: g, step: {'1' * 31}}}", "at most 30 digits", ""),
    ("x: {type: quantity, unit: g, also: [mol]}", "different dimensions", "factor"),
    ("x: {type: quantity, unit: g, also: {kg: {factor: 1000}}}", "no such factor", "also: [UNIT]"),
    ("x: {type: quantity, unit: g, also: {mol: {factor: 0}}}", "no such factor", ""),
    (f"x: {{type: quantity, unit: g, also: {{mol: {{factor: {'9' * 31}}}}}}}", "at most 30 digits", ""),
    ("x: {type: code}", "needs its codes", "values:"),
    ("x: {type: code, values: [a, unknown]}", "`unknown` is never a code", "Leave it out"),
    ("x: {type: code, values: [a, a]}", "listed twice", "Keep one"),
    ('x: {type: code, values: ["a|b"]}', "`a|b` cannot be a code", "letters, digits"),
    ("x: {type: code, values: [a], range: [0, 1]}", "does not belong to a code fact", "Leave it out"),
    ("x: {type: boolean, unit: g}", "does not belong to a boolean fact", "Leave it out"),
    ("x: {type: boolean, valid_for: soon}", "not a length of time", "30 min"),
    ("x: {type: boolean, valid_for: 1 mo}", "calendar steps", "d or wk"),
    (f"x: {{type: boolean, valid_for: {'9' * 29} h}}", "no length of time", "200 years"),
    ("x: {type: boolean, valid_for: 0 h}", "no length of time", "more than zero"),
    ("and: {type: boolean}", "a word of the guard language", "another name"),
    ("x: {type: boolean, recordable: true}", "is recordable", "Leave it out"),
    (
        "x: {type: boolean, formula: suspected, cases: [{when: fever, value: true}]}",
        "either formula: or cases:",
        "out",
    ),
    ("x: {type: code, values: [a], formula: kps}", "is a plain number, the fact is a code", "agree"),
    ("x: {type: code, values: [a], cases: [{when: fever, value: b}]}", "no code called `b`", ""),
    ("x: {type: quantity, unit: g, formula: kps}", "the fact is a quantity in g", "agree"),
    ("x: {type: boolean, cases: [{when: fever}]}", "exactly one of value and not_applicable", ""),
    ("x: {type: boolean, formula: x}", "computed from itself: x -> x", "Break the cycle"),
    ("x: {type: boolean, formula: suspected, unknown: nothing}", "names a code", "code"),
    ("x: {type: boolean, cases: [{when: otherwise, value: true}]}", "no fact called `otherwise`", ""),
    ("x: {type: boolean, cites: [S1]}", "no source called `S1`", ""),
]


@pytest.mark.parametrize(("line", "what", "fix"), WRONG_FACTS, ids=[case[0][:70] for case in WRONG_FACTS])
def test_a_fact_that_cannot_be_is_refused_at_its_line(line: str, what: str, fix: str) -> None:
    message = refused(with_facts(line))
    assert "pathway.yaml:7:" in message
    assert what in message
    assert fix in message


WRONG_ACTIONS = [
    (
        "{title: x, type: medication, dose: {amount: 1 mg, times: temperature, unit: mg}}",
        "cannot be multiplied",
    ),
    ("{title: x, type: medication, dose: {amount: 1 mg, times: etiology, unit: mg}}", "is no quantity"),
    ("{title: x, type: medication, dose: {amount: 1 mg, times: kps, unit: mL}}", "is not in mL"),
    ("{title: x, type: medication, dose: {amount: 1 mgg, unit: mg}}", "not a unit"),
    ("{title: x, type: medication, dose: {amount: -1 mg, unit: mg}}", "more than zero"),
    ("{title: x, type: medication, dose: {amount: kps, unit: mg}}", "is not an amount"),
    (
        "{title: x, type: medication, dose: {amount: 1 mg, unit: mg, divided: [{every: 7 h}]}}",
        "does not divide",
    ),
    ("{title: x, type: procedure, schedule: {periods: [{times: 1, per: ² mo}]}}", "not a length of time"),
    ("{title: x, type: procedure, schedule: {periods: []}}", "at least one period"),
    ("{title: x, type: procedure, schedule: {periods: [{times: 2, per: 0 d, for: 4 wk}]}}", "not in none"),
    (
        "{title: x, type: procedure, schedule: {periods: [{times: 1, per: 1 mo, for: 24 wk}]}}",
        "calendar months",
    ),
    (
        f"{{title: x, type: procedure, schedule: {{periods: [{{times: 1, per: {'9' * 3000} mo}}]}}}}",
        "at most 30 digits",
    ),
    ("{title: x, type: procedure, schedule: {periods: [{times: \u0661, per: 1 wk}]}}", "whole number"),
    ("{title: x, type: procedure, takes: 5}", "not a length of time"),
    ("{title: x, type: procedure, evidence: done(mri)}", "not on what else was done"),
    ("{title: x, type: procedure, evidence: kps}", "not a condition"),
    ("{title: x, type: procedure, records: [{fact: etiology}]}", "holds no time"),
    ("{title: x, type: procedure, records: [{fact: etiology, value: done}]}", "no code called `done`"),
]


@pytest.mark.parametrize(("action", "what"), WRONG_ACTIONS, ids=[case[0][:80] for case in WRONG_ACTIONS])
def test_an_action_that_cannot_be_is_refused(action: str, what: str) -> None:
    assert what in refused(with_action(action))


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        ("{within: {action: mri, of: kps, limit: 1 h}}", "`kps` is no dateTime"),
        ("{within: {action: mri, of: nothing, limit: 1 h}}", "no fact called"),
        ("{only: mri, when: kps}", "not a condition"),
        ("{before: [mri, care.nowhere]}", "no state called"),
        ("{never: suspected, always: fever}", "exactly one of"),
    ],
)
def test_a_claim_that_cannot_be_is_refused(claim: str, what: str) -> None:
    assert what in refused(f"{LAB}claims:\n  c: {claim}\n")


# --- what a formula rests on ------------------------------------------------------------------------
def test_done_rests_on_the_evidence_and_a_formula_with_it() -> None:
    text = with_action("{title: x, type: procedure, evidence: consent}").replace(
        "facts:\n", "facts:\n  was_punctured: {type: boolean, formula: done(lumbar_puncture)}\n", 1
    )
    formula = definition_from_text(text).facts["was_punctured"].formula
    assert formula is not None
    assert formula.facts == {"consent"}
    assert formula.deeds == {"lumbar_puncture"}


def test_evidence_that_rests_on_the_deed_itself_is_a_cycle() -> None:
    text = with_action("{title: x, type: procedure, evidence: was_punctured}").replace(
        "facts:\n", "facts:\n  was_punctured: {type: boolean, formula: done(lumbar_puncture)}\n", 1
    )
    assert "computed from itself: was_punctured -> was_punctured" in refused(text)


def test_a_code_named_like_a_fact_makes_no_cycle() -> None:
    definition = loaded(
        "blocked: {type: boolean, formula: 'decision is one of (blocked, held)'}",
        "decision: {type: code, values: [blocked, held], cases: [{when: fever, value: held}]}",
    )
    assert definition.facts["blocked"].formula is not None


def test_the_order_of_facts_does_not_matter() -> None:
    ways = [["a: {type: integer, formula: b + 1}", "b: {type: integer, formula: kps + 1}"],
            ["b: {type: integer, formula: kps + 1}", "a: {type: integer, formula: b + 1}"]]  # fmt: skip
    for way in ways:
        assert loaded(*way).facts["a"].formula is not None


def test_guards_see_through_derived_facts_to_what_is_recorded() -> None:
    guard = (
        definition_from_text(LAB.replace("when: suspected", "when: yield_pct < 50"))
        .tracks["care"]
        .states["intake"]
    )
    assert guard.next[0].when.facts == {"lmwh_time"}
    assert guard.next[0].when.reads == ("yield_pct",)
    assert guard.next[0].when.reads_clock


# --- moving with the clock --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("formula", "unit", "drift"),
    [
        ("kps + 1", "1", Drift.FIXED),
        ("time since lmwh_time", "h", Drift.RISING),
        ("-(time since lmwh_time)", "h", Drift.FALLING),
        ("4 h - time since lmwh_time", "h", Drift.FALLING),
        ("lmwh_time - now", "h", Drift.FALLING),
        ("-2 * time since lmwh_time", "h", Drift.FALLING),
        ("time since lmwh_time / 2", "h", Drift.RISING),
        ("min(time since lmwh_time, time since lp_time)", "h", Drift.RISING),
        ("time since lmwh_time + time since lp_time", "h", Drift.RISING),
        ("time since lmwh_time - time since lp_time", "h", Drift.MIXED),
        ("kps * time since lmwh_time", "h", Drift.MIXED),
        ("max(4 h - time since lmwh_time, time since lp_time)", "h", Drift.MIXED),
    ],
)
def test_a_formula_moves_with_the_clock_one_way_or_is_known_to_move_both(
    formula: str, unit: str, drift: Drift
) -> None:
    definition = loaded(f'x: {{type: quantity, unit: "{unit}", formula: "{formula}"}}')
    found = definition.facts["x"].formula
    assert found is not None
    assert found.drift is drift


def test_a_comparison_with_a_fact_that_moves_both_ways_is_refused_wherever_it_stands() -> None:
    moving = "x: {type: quantity, unit: h, formula: time since lmwh_time - time since lp_time}"
    assert "more than one direction" in refused(
        with_facts(moving).replace("when: suspected", "when: x > 3 h")
    )
    assert "more than one direction" in refused(
        with_facts(moving, "y: {type: boolean, formula: x between 1 h and 2 h}")
    )


def test_a_value_that_moves_under_conditions_that_move_is_mixed() -> None:
    line = (
        "x: {type: quantity, unit: h, otherwise: 0 h, "
        "cases: [{when: time since lmwh_time > 2 h, value: time since lp_time}]}"
    )
    assert "more than one direction" in refused(with_facts(line).replace("when: suspected", "when: x > 3 h"))


def test_conditions_that_both_change_with_time_may_be_compared() -> None:
    assert loaded("x: {type: boolean, formula: (time since lmwh_time > 3 h) = (time since lp_time > 5 h)}")


# --- bounds -----------------------------------------------------------------------------------------
def chain(length: int, formula: str) -> list[str]:
    """Facts x1, x2, ... each computed from the one before."""
    kind = "boolean" if "{0} and" in formula or formula.startswith("not") else 'quantity, unit: "1"'
    first = f"x0: {{type: {kind}}}"
    return [
        first,
        *(f"x{i}: {{type: {kind}, formula: {formula.format(f'x{i - 1}')}}}" for i in range(1, length)),
    ]


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("not {0}", "in more than 160 steps"),
        ("{0} and {0}", "more than 20,000 parts"),
        ("{0} * {0}", "more than 64 numbers"),
        ("{0} + {0}", "more than 64 numbers"),
        ("{0} / {0}", "more than 64 numbers"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_formulas_piled_on_formulas_come_to_an_end(formula: str, what: str, turned: bool) -> None:
    lines = chain(1200, formula)
    started = time.process_time()
    message = refused(with_facts(*(lines[::-1] if turned else lines)))
    assert what in message or "through more than 160 others" in message
    assert time.process_time() - started < 30


def test_the_longest_chain_of_formulas_that_is_admitted_can_be_evaluated() -> None:
    definition = loaded(*chain(39, "not {0}"))
    readings = supposed(compile_pathway(definition), [], NOW)
    assert judge(asked(definition, "x38"), readings).needs == ("x0",)


def test_every_fact_a_loaded_guard_names_is_declared() -> None:
    definition = definition_from_text(LAB)
    for fact in definition.facts.values():
        rows = fact.formula.rows if fact.formula is not None else ()
        for row in rows:
            assert row.when.expression is not None
            named = [node.name for node in walk(row.when.expression) if isinstance(node, FactRef)]
            assert set(named) <= set(definition.facts)


# --- fuzz -------------------------------------------------------------------------------------------
def load_or_refuse(text: str) -> None:
    told = ["fine"]
    try:
        definition_from_text(text)
    except DefinitionError as error:
        told = [*(problem.text for problem in error.problems), str(error)]
    assert all(told)


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_is_loaded_or_refused(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    load_or_refuse(text)


SCALARS = [
    "",
    "~",
    "null",
    "true",
    "0",
    "-1",
    "1e9",
    "\u0663",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "&x y",
    "*x",
    "!!int 3",
    "'",
    '"\\u202e"',
    "|",
    ">",
    "- a",
    "9999999999999999999999999999999",
    "4 h",
    "kps",
    "not",
    "<<: a",
]


@given(st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=150)
def test_a_definition_with_some_slips_is_loaded_or_refused(chance: random.Random, slips: int) -> None:
    """Lines dropped, doubled, indented, values swapped for others, characters lost."""
    lines: list[str] = list(LAB.split("\n"))
    for _ in range(slips):
        place = chance.randrange(len(lines))
        line = lines[place]
        how = chance.randrange(5)
        if how == 0:
            lines.pop(place)
        elif how == 1:
            lines.insert(place, line)
        elif how == 2:
            lines[place] = " " * chance.randrange(4) + line
        elif how == 3 and ": " in line:
            key = line.split(": ")
            index = chance.randrange(1, len(key))
            key[index] = chance.choice(SCALARS)
            lines[place] = ": ".join(key)
        elif line:
            cut = chance.randrange(len(line))
            lines[place] = line[:cut] + line[cut + 1 :]
    load_or_refuse("\n".join(lines))


def test_slips_of_shape_do_not_hide_slips_of_names_and_types_elsewhere() -> None:
    text = """
pathway: slips
version: 1.0.0
title: Slips
status: drft
facts:
  platelet_count: {type: quantity, unt: 10*9/L}
  inr: {type: quantity, unit: "1", range: [0.5, 20]}
actions:
  lp: {title: LP, type: procedure}
safeguards:
  low: {action: lp, when: platelet_count < 40, effect: block}
  high: {action: lp, when: inrr > 1.4, effect: block}
tracks:
  care:
    start: here
    states:
      here: {kind: enquiry, next: [{to: finishd, when: done(lp)}]}
      finished: {kind: end}
"""
    with pytest.raises(DefinitionError) as error:
        definition_from_text(text)
    told = [problem.text for problem in error.value.problems]
    assert len(told) == 4, told
    for slip in ("drft", "unt", "inrr", "finishd"):
        assert any(f"`{slip}`" in line for line in told), slip
