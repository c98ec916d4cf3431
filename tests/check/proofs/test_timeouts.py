"""When the time is used up, nothing is called proved or found that was not, and what is left is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from pathway.check.findings import Finding
from pathway.check.proofs.claims import Proved
from pathway.check.proving import Proofs, prove
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.problems import Place
from tests.check.proofs.kinds import KINDS, kind, timed
from tests.check.proofs.walks import SEPSIS, SMALL, compiled_of

QUESTIONS = (0, 1, 5, 50)
NAMES = (*SMALL, SEPSIS, *KINDS)

# The steps of the prover that would have said a thing: of one of them it is said that time was up.
STEPS = {
    "gap": {"decisions", "guards"},
    "overlap": {"decisions"},
    "dead-guard": {"decisions", "guards"},
    "always-true": {"decisions", "guards"},
    "unreachable": {"reachable states"},
    "dead-end": {"reachable states", "waiting"},
    "deadlock": {"reachable states"},
    "input-never-arrives": {"waiting"},
    "auto-cycle": {"circles"},
    "claim-refuted": {"claims", "deadlines"},
    "vacuous": {"claims", "deadlines"},
    "dose": {"doses"},
}


@cache
def definition_of(name: str) -> Definition:
    return kind(name)[1] if name in KINDS else compiled_of(name).definition


@cache
def in_full(name: str) -> Proofs:
    return prove(definition_of(name))


def after(questions: int) -> Callable[[], bool]:
    """Time that is up after so many questions, and stays so."""
    left = [questions]

    def out_of_time() -> bool:
        left[0] -= 1
        return left[0] < 0

    return out_of_time


def keys(findings: Iterable[Finding]) -> set[tuple[str, Place | None, str | None]]:
    return {(one.code, one.place, one.state) for one in findings}


def claims(proved: Iterable[Proved]) -> set[str]:
    return {one.claim for one in proved}


def steps_out_of_time(proofs: Proofs) -> set[str]:
    """The steps of which it is said that there was no time for all of them."""
    about = [one.about for one in proofs.undecided if one.code == "timeout"]
    steps = {"claims", "deadlines", *(step for some in STEPS.values() for step in some)}
    return {step for step in steps if any(step in one for one in about)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("questions", QUESTIONS)
def test_nothing_is_said_that_was_not_shown_in_time(questions: int, name: str) -> None:
    full, part = in_full(name), prove(definition_of(name), after(questions))
    assert part.questions <= questions
    assert claims(part.proved) <= claims(full.proved)
    assert keys(part.findings) <= keys(full.findings)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("questions", QUESTIONS)
def test_what_is_not_said_for_want_of_time_is_named(questions: int, name: str) -> None:
    full, part = in_full(name), prove(definition_of(name), after(questions))
    out = steps_out_of_time(part)
    for code, place, state in keys(full.findings) - keys(part.findings):
        named = any((one.code, one.place) == (code, place) for one in part.undecided)
        assert named or out & STEPS[code], f"nothing says that {code} at {state or place} is not decided"
    for claim in claims(full.proved) - claims(part.proved):
        place = definition_of(name).claims[claim].place
        named = any(one.place == place for one in part.undecided)
        step = "deadlines" if definition_of(name).claims[claim].form == "within" else "claims"
        assert named or step in out, f"nothing says that claim {claim} is not decided"


def test_a_timeout_leaves_time_for_nothing_at_all() -> None:
    """Without a single question there is nothing but what the shape of the pathway gives away.

    Of claims that is at most a deadline of an action that is called for where cases begin.
    """
    for name in NAMES:
        part = prove(definition_of(name), lambda: True)
        assert part.questions == 0
        forms = {definition_of(name).claims[one.claim].form for one in part.proved}
        assert forms <= {"within"}
        assert claims(part.proved) <= claims(in_full(name).proved)
        assert "timeout" in {one.code for one in part.undecided}


def test_a_deadline_is_not_proved_along_ways_that_nobody_had_time_to_find() -> None:
    """The action is called for where every case begins, and again at the end of a slow way."""
    first = (
        "ward: {kind: action, do: [{action: bolus, within: 30 min, of: arrived, when: lactate > 4}], next:"
        " [{to: far, when: arrived is known and lactate <= 4, auto: true},"
        " {to: home, when: done(bolus) and lactate > 4}]}\n"
        "far: {kind: action, do: [{action: culture, within: 1 h}],"
        " next: [{to: unit, when: done(culture), auto: true}]}"
    )
    definition = definition_from_text(timed("{action: bolus, within: 30 min, of: arrived}", "", first))
    assert [one.code for one in prove(definition).findings] == ["claim-refuted"]
    for questions in range(12):
        assert prove(definition, after(questions)).proved == (), f"after {questions} questions"
