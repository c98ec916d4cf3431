"""Every kind of wrong guard: refused when it is loaded, at its exact place, with the way to write it."""

from __future__ import annotations

import random
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.language.ask import asked, spoken, vocabulary_of
from pathway.language.evaluate import judge, value_of
from pathway.language.expression import Kind
from pathway.language.syntax import MAX_DEPTH, MAX_LENGTH, RESERVED, GuardError
from pathway.language.typed import typed_guard
from tests.language.guard_strategies import guards, lab, patient


def refusal(text: str) -> GuardError:
    with pytest.raises(GuardError) as caught:
        typed_guard(text, vocabulary_of(lab().definition), in_state=True)
    return caught.value


# Guard, the words marked, a part of what is said, a part of the fix.
WRONG = [
    # spelling
    ("kps == 70", "==", "`==` is not known", "`=`"),
    ("kps <> 70", "<>", "`<>` is not known", "`!=`"),
    ("kps => 70", "=>", "`=>` is not known", "`>=`"),
    ("kps =< 70", "=<", "`=<` is not known", "`<=`"),
    ("kps >> 70", ">>", "`>>` is not known", "= != < <= > >="),
    ("kps ≥ 70", "≥", "`≥` is not known", "`>=`"),
    ("suspected && fever", "&&", "`&&` is not known", "`and`"),
    ("suspected || fever", "||", "`||` is not known", "`or`"),
    ("suspected AND fever", "AND", "`AND` is not known", "`and`"),
    ("!suspected", "!", "`!` is not known", "`not`"),
    ("kps × 2 > 1", "×", "`×` is not known", "`*`"),
    ("kps is not known", "not", "`is not`", "is unknown"),
    ("kps is not unknown", "not", "`is not`", "is known"),
    ("kps is 70", "70", "`is` cannot be followed by `70`", "="),
    ("kps in (60, 70)", "in", "`in` reads where a track is", "is one of"),
    ("if suspected then fever", "suspected", "`if` is not known", "implies"),
    ("etiology = 'tb'", "'", "single quotes", "bare"),
    ('note = "open', '"', "never closed", '"text"'),
    ("patient.kps > 1", ".", "a name has no parts", "point"),
    ("kps = ٣", "٣", "does not belong in a guard", "plain"),
    ("kps\u00a0= 3", "\u00a0", "does not belong in a guard", "plain"),
    ("\u202ekps = 3", "\u202e", "`\\u202e` does not belong", "plain"),
    # numbers
    (".5 < kps", ".5", "not a plain number", "zero before the point"),
    ("5. < kps", "5.", "not a plain number", "5"),
    ("1,000 < kps", ",", "holds no commas", "out"),
    ("1.2.3 < kps", "1.2.3", "not a plain number", "digits"),
    ("1e3 < kps", "1e3", "not a plain number", "exponent"),
    ("time since lmwh_time < 4h", "4h", "not a plain number", "4 h"),
    (f"kps < {'9' * 31}", "9" * 31, "at most 30 digits", "fewer"),
    # units
    ("time since lmwh_time < 4 hours", "hours", "not a unit", "Write h."),
    ("platelets < 40 10e9/L", "10e9/L", "not a unit", "Write 10*9/L."),
    ("platelets < 40 G/L", "G/L", "not a unit", "Write 10*9/L."),
    ("temperature > 38 °C", "°C", "not a unit", "Write Cel."),
    ("csf_glucose > 5 mg/dl", "dl", "`mg/dl` is not a unit", "Write mg/dL."),
    ("csf_glucose > 5 mcg/mL", "mcg/mL", "not a unit", "Write ug/mL."),
    ("serum_glucose > 5 mmol/L", "5 mmol/L", "in mg/dL, `5 mmol/L` in mmol/L", "factor"),
    ("platelets < 40 mg/dL", "40 mg/dL", "do not compare", "same dimension"),
    ("kps < 40 h", "40 h", "do not compare", "same dimension"),
    ("platelets + kps > 1", "kps", "do not compare", "same dimension"),
    ("min(platelets, kps) > 1", "kps", "do not compare", "same dimension"),
    ("time since lmwh_time < 4", "4", "has no unit", "4 h"),
    ("csf_glucose * 2 / 1 mg < 4", "4", "has no unit", "4 /dL"),
    ("days since start > 12 mo", "12 mo", "do not compare", "same dimension"),
    ("temperature + 1 K > 38", "temperature", "shifted scale", "Compare it directly"),
    ("2 * temperature > 38", "temperature", "shifted scale", "Compare it directly"),
    # names
    ("platelet < 40", "platelet", "no fact called `platelet`", "`platelets`"),
    ("wholly_new < 40", "wholly_new", "no fact called", "facts:"),
    ("done(mry)", "mry", "no action called", "`mri`"),
    ("declined(surgery)", "surgery", "no action called", "actions:"),
    ("in(cares.intake)", "cares", "no track called", "`care`"),
    ("in(care.intakes)", "intakes", "no state of care", "`intake`"),
    ("lp recorded since entry", "lp", "no fact called", "facts:"),
    ("etiology = TB", "TB", "has no code `TB`", "`tb`"),
    ("etiology = viral", "viral", "has no code `viral`", "tb, bacterial, fungal"),
    ("viral = etiology", "viral", "has no code `viral`", "tb, bacterial, fungal"),
    ("etiology is one of (tb, viral)", "viral", "has no code `viral`", "It has"),
    ("etiology = unknown", "unknown", "is not a code", "etiology is unknown"),
    ("etiology is one of (tb, unknown)", "unknown", "is not a code", "etiology is unknown"),
    ("drugs includes unknown", "unknown", "is not a code", "drugs is unknown"),
    # types
    ("kps", "kps", "`kps` is a plain number, not a condition", "Compare"),
    ("etiology", "etiology", "a code, not a condition", "etiology = tb"),
    ("drugs", "drugs", "a list, not a condition", "drugs includes CODE"),
    ("suspected and kps", "kps", "not a condition", "Compare"),
    ("not lmwh_time", "lmwh_time", "a dateTime, not a condition", "is known"),
    ("suspected + 1 > 1", "suspected", "takes numbers", "out"),
    ("-suspected = 1", "suspected", "takes numbers", "out"),
    ("min(suspected, fever) = true", "suspected", "a yes/no fact and has no place here", "numbers"),
    ("suspected < fever", "suspected", "no meaning on a yes/no fact", "= or !="),
    ("etiology < tb", "etiology", "no meaning on a code", "= or !="),
    ('note > "x"', "note", "no meaning on a text", "= or !="),
    ("kps = fever", "fever", "`kps` is a plain number, `fever` is a yes/no fact", "one type"),
    ("suspected = yes", "yes", "takes no `yes`", "not suspected"),
    ("drugs = rifampin", "drugs", "is a list", "drugs includes rifampin"),
    ("note = x", "x", "quotation marks", '"x"'),
    ("etiology includes tb", "etiology", "takes a list fact", "etiology = CODE"),
    ("etiology is empty", "etiology", "takes a list fact", "is unknown"),
    ("drugs is one of (rifampin)", "drugs", "takes a code fact", "includes any of"),
    ("kps + 1 is known", "kps + 1", "only a fact can be known", "each fact"),
    ("gate = tb", "tb", "has no code `tb`", "safe, unsafe"),
    ("gate = etiology", "etiology", "no code in common", "its own codes"),
    # time
    ("lmwh_time < start", "start", "is a dateTime, `start` is a date", "date of T"),
    ("time since start > 4 h", "start", "takes a dateTime", "days since"),
    ("days since lmwh_time > 4", "lmwh_time", "takes a date", "date of lmwh_time"),
    ("date of start = stop", "start", "takes a dateTime", "date already"),
    ("lmwh_time + 12 < now", "12", "takes a length of time", "+ 12 h"),
    ("lmwh_time + 12 mg < now", "12 mg", "not a length of time", "4 h"),
    ("lmwh_time + 12 mo < now", "12 mo", "calendar steps", "date of T"),
    ("start + 12 h < today", "12 h", "whole days", "42 d"),
    ("start + 1.5 d < today", "1.5 d", "whole days", "42 d"),
    ("time since lmwh_time - time since lp_time > 1 h", "time since lmwh_time - time since lp_time > 1 h",
     "more than one direction", "fixed one"),
    ("now - lmwh_time > now - lp_time", "now - lmwh_time > now - lp_time",
     "more than one direction", "fixed one"),
    ("1 h between 0 h and time since lp_time - time since lmwh_time",
     "1 h between 0 h and time since lp_time - time since lmwh_time", "more than one direction", "fixed one"),
    # structure
    ("", "", "this guard is empty", "platelet_count < 40"),
    ("suspected and fever or kps > 1", "or", "mixed without parentheses", "(a and b) or c"),
    ("suspected or fever and kps > 1", "and", "mixed without parentheses", "(a and b) or c"),
    ("suspected implies fever implies fever", "implies", "cannot be chained", "(b implies c)"),
    ("1 < kps < 5", "<", "cannot be chained", "between"),
    ("and suspected", "and", "missing before `and`", "before it"),
    ("suspected and or fever", "or", "missing before `or`", "before it"),
    ("suspected and )", ")", "missing between `and` and `)`", "meant"),
    ("kps > 1 and < 3", "<", "missing between `and` and `<`", "meant"),
    ("()", ")", "missing between `(` and `)`", "meant"),
    ("(suspected", "d", "ends too early", "Close the open parenthesis"),
    ("((suspected", "d", "ends too early", "Close the 2 open"),
    ("suspected)", ")", "closes nothing", "Leave it out"),
    ("kps >", ">", "ends too early", "follow"),
    ("kps between 3", "3", "ends too early", "follow"),
    ("suspected fever", "fever", "does not fit", "`and` or `or`"),
    ("at least 0 of (suspected, fever)", "0", "`at least 0` of 2", "1 to 2"),
    ("at least 3 of (suspected, fever)", "3", "`at least 3` of 2", "1 to 2"),
    ("at least 1.5 of (suspected, fever)", "1.5", "of 2", "1 to 2"),
    (f"at least {'9' * 5000} of (suspected, fever)", "9" * 5000, "of 2 conditions", "1 to 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marked", "what", "fix"), WRONG, ids=[case[0][:60] for case in WRONG])
def test_a_wrong_guard_is_refused_at_its_place_with_its_fix(
    text: str, marked: str, what: str, fix: str
) -> None:
    error = refusal(text)
    assert text[error.span.start : error.span.end] == marked
    assert what in error.what
    assert fix in error.fix


def test_words_that_need_a_state_are_refused_elsewhere() -> None:
    for text in ("done(mri) since entry", "declined(mri) since entry", "kps recorded since entry"):
        with pytest.raises(GuardError, match="no state is entered"):
            asked(lab().definition, text)


def test_a_display_fact_decides_nothing() -> None:
    words = vocabulary_of(lab().definition)
    shown = type(words)(words.fact_types, frozenset({"gate"}), words.actions, words.states, words.drifts)
    with pytest.raises(GuardError, match="for display"):
        typed_guard("gate = safe", shown)


def test_a_code_that_is_also_a_fact_has_to_be_quoted() -> None:
    words = vocabulary_of(lab().definition)
    both = {**words.fact_types, "tb": words.fact_types["fever"]}
    mixed = type(words)(both, words.display_only, words.actions, words.states, words.drifts)
    with pytest.raises(GuardError, match="both a fact and a code"):
        typed_guard("etiology = tb", mixed)


# --- bounds ---------------------------------------------------------------------------------------
DEEP = {
    "parentheses": "(" * 2000 + "suspected" + ")" * 2000,
    "not": "not " * 1900 + "suspected",
    "minus": "-" * 3000 + "1 < kps",
    "minus and blanks": "- " * 3000 + "1 < kps",
    "at least": "at least 1 of (" * 400 + "suspected" + ")" * 400,
    "a sum": "+".join(["1"] * 3900) + " < kps",
    "a product": "*".join(["kps"] * 1900) + " < 1",
    "a difference": "-".join(["1"] * 3900) + " < kps",
    "time since": "time since " * 700 + "lmwh_time > 1 h",
    "date of": "date of " * 900 + "lmwh_time > today",
    "implies": "(suspected implies " * 350 + "fever" + ")" * 350,
    "min": "min(1, " * 900 + "1" + ")" * 900 + " < kps",
}


@pytest.mark.parametrize("form", DEEP)
def test_a_guard_nested_too_deep_is_refused(form: str) -> None:
    assert len(DEEP[form]) <= MAX_LENGTH
    started = time.process_time()
    assert f"more than {MAX_DEPTH} deep" in refusal(DEEP[form]).what
    assert time.process_time() - started < 10


@pytest.mark.parametrize("size", [MAX_LENGTH + 1, 1_000_000])
def test_a_guard_that_is_too_long_is_refused_unread(size: int) -> None:
    assert "more than 8000" in refusal("(" * size).what


def test_many_open_parentheses_are_counted() -> None:
    assert "Close the 8000 open" in refusal("(" * 8000).fix


def test_a_long_flat_guard_is_fine() -> None:
    text = " and ".join(["suspected"] * 500)
    assert judge(asked(lab().definition, text), patient({"suspected": "true"})).verdict.value == "TRUE"


def test_the_deepest_guard_can_be_read_by_every_reader_from_deep_within_a_program() -> None:
    forms = ["(" * 25 + "suspected" + ")" * 25, "not " * 55 + "suspected", "+".join(["1"] * 55) + " < kps"]

    def from_within(frames: int, text: str) -> None:
        if frames:
            return from_within(frames - 1, text)
        node = asked(lab().definition, text)
        assert spoken(lab().definition, node)
        assert judge(node, patient({"suspected": "true", "kps": "0"})).verdict.value in ("TRUE", "FALSE")
        return None

    for text in forms:
        from_within(sys.getrecursionlimit() // 3, text)


def test_a_unit_with_many_ways_to_read_it_costs_no_time() -> None:
    started = time.process_time()
    refusal("kps < 5 m" + ".m2" * 2000 + "_")
    assert time.process_time() - started < 10


def test_products_of_units_beyond_reckoning_are_refused() -> None:
    assert "cannot be reckoned" in refusal("*".join(["platelets"] * 20) + " < 1").what


def test_messages_are_short_and_cannot_act_on_a_terminal() -> None:
    for text in ("a" * 8000, '"' + "a" * 7000, "kps = \x1b[31m", "\u202e" * 100):
        error = refusal(text)
        assert len(str(error)) < 1000
        assert str(error).isprintable()


# --- fuzz -----------------------------------------------------------------------------------------
SIGNS = [
    "(",
    ")",
    ",",
    ".",
    "+",
    "-",
    "*",
    "/",
    "<",
    "<=",
    "=",
    "!=",
    ">",
    ">=",
    '"x"',
    "'",
    "\u202e",
    "\x00",
]
AMOUNTS = ["4", "0.5", "1e9", "h", "mg/dL", "10*9/L", "%", "[degF]", "{INR}"]
NAMES = [
    "kps",
    "suspected",
    "platelets",
    "lmwh_time",
    "start",
    "etiology",
    "tb",
    "drugs",
    "care",
    "intake",
    "mri",
]
WORDS = [*sorted(RESERVED), *SIGNS, *AMOUNTS, *NAMES]


def refused(text: str) -> bool:
    """Whether a text is refused; if so, with a place in it and words that are safe to print."""
    try:
        asked(lab().definition, text)
    except GuardError as error:
        found = error
    else:
        return False
    assert 0 <= found.span.start <= found.span.end
    assert found.what
    assert str(found).isprintable()
    return True


def answer(text: str) -> None:
    """Typing answers or refuses; what it answers can be evaluated and read aloud."""
    if refused(text):
        return
    node = asked(lab().definition, text)
    assert spoken(lab().definition, node)
    readings = patient({"kps": "70", "lmwh_time": "2026-03-01T06:00", "serum_glucose": "0"})
    if node.type.kind is Kind.BOOLEAN:
        assert judge(node, readings).verdict.value in ("TRUE", "FALSE", "UNKNOWN")
    else:
        value_of(node, readings, 0)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_answered_or_refused(text: str) -> None:
    answer(text)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
@settings(max_examples=500)
def test_any_words_of_the_language_in_any_order_are_answered_or_refused(text: str) -> None:
    answer(text)


@given(guards(reads_record=True), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=300)
def test_a_guard_with_some_slips_is_answered_or_refused(text: str, chance: random.Random, slips: int) -> None:
    characters = list(text)
    for _ in range(slips):
        place = chance.randrange(len(characters) + 1)
        how = chance.randrange(3)
        characters[place : place + (how != 0)] = (
            [chance.choice("()+-*/<>=.,\"' \t\n0a_é")] if how != 1 else []
        )
    answer("".join(characters))
