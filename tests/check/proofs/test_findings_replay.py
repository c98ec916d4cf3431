"""Every counter-example is re-run by the engine, and ends where the finding says.

The case is written as YAML and read back as `pathway run` reads it; what it ends in is judged on the engine's
view, by code that knows nothing of the prover. A finding without a case says what no case does: that is held
against the made-up patients of the seeded faults.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.seeding.bench import Bench, Candidate
from benchmarks.seeding.editing import edited, written
from benchmarks.seeding.originals import small_names
from benchmarks.seeding.patients import Played, Story, play, stories_of
from benchmarks.seeding.seeds import candidates
from benchmarks.seeding.showing import Tried, broken_now, shows_broken
from pathway.check.proving import Proofs, prove
from pathway.engine.compiling import assemble
from pathway.engine.playing import Ran, step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError
from tests.check.proofs.endings import WITH_CASE, assert_nothing_put_off, ends_as, nobody_does, offered
from tests.check.proofs.kinds import KINDS, kind, timed

BOLUS = "{action: bolus, within: 10 min, of: arrived}"
THEN = "next: [{to: unit, when: done(culture), auto: true}]}"
LATE_ON_THE_WAY = """
  - {at: 2026-03-01T08:00, facts: {arrived: 2026-03-01T08:00}}
  - {at: 2026-03-01T08:55, facts: {lactate: 5}}
  - {at: 2026-03-01T09:05, done: [culture]}
"""
STORIES = {
    "an action on the way is held for a fact": LATE_ON_THE_WAY,
    "an action on the way is called for only once a fact is known": LATE_ON_THE_WAY,
    "the action is called for only once a fact is known": """
  - {at: 2026-03-01T08:00, facts: {arrived: 2026-03-01T08:00}}
  - {at: 2026-03-01T08:20, done: [culture]}
  - {at: 2026-03-01T09:05, facts: {lactate: 5}}
""",
}

# What a deadlock or a circle cuts off is not proved to be out of reach.
CUT_OFF = {"deadlock", "auto-cycle"}


@cache
def proved(name: str) -> tuple[str, Definition, Proofs]:
    code, definition = kind(name)
    return code, definition, prove(definition)


@pytest.mark.parametrize("name", KINDS)
def test_just_the_one_thing_that_is_wrong_is_found_and_its_case_ends_there(name: str, tmp_path: Path) -> None:
    code, definition, proofs = proved(name)
    (finding,) = proofs.findings
    assert finding.code == code
    assert (finding.witness is not None) is (code in WITH_CASE and name != "a state with no way out")
    ends_as(finding, definition, tmp_path)
    assert proofs.undecided == () or code in CUT_OFF
    refuted = code in ("claim-refuted", "vacuous")
    assert {one.claim for one in proofs.proved} == (set() if refuted else definition.claims.keys())


def test_every_kind_of_finding_that_has_a_case_is_there() -> None:
    assert {code for code, _ in KINDS.values()} >= WITH_CASE


# --- an ending that is not there is noticed -----------------------------------------------------
@pytest.mark.parametrize("name", [name for name, (code, _) in KINDS.items() if code in WITH_CASE])
def test_a_case_cut_short_does_not_end_there(name: str, tmp_path: Path) -> None:
    """Else the test above could not fail: after its first entry alone no case shows what was found."""
    _, definition, proofs = proved(name)
    (finding,) = proofs.findings
    if finding.witness is None or len(finding.witness.entries) < 2:
        return
    short = replace(finding, witness=replace(finding.witness, entries=finding.witness.entries[:1]))
    with pytest.raises(AssertionError):
        ends_as(short, definition, tmp_path)


# --- deadlines that are not kept ----------------------------------------------------------------
NOT_KEPT = {
    "an action on the way is held for a fact": timed(
        BOLUS,
        "safeguards:\n  dry: {action: culture, when: lactate <= 4, effect: block}\n",
        f"ward: {{kind: action, do: [{{action: culture, within: 20 min}}], {THEN}",
    ),
    "an action on the way is called for only once a fact is known": timed(
        BOLUS,
        "",
        f"ward: {{kind: action, do: [{{action: culture, within: 20 min, when: lactate > 4}}], {THEN}",
    ),
    "the action is called for only once a fact is known": timed(
        BOLUS.replace("of: arrived", "of: arrived, when: lactate > 4"),
        "",
        f"ward: {{kind: action, do: [{{action: culture, within: 20 min}}], {THEN}",
    ),
}


@pytest.mark.parametrize("name", NOT_KEPT)
def test_a_deadline_is_not_proved_that_a_case_breaks_although_nothing_is_put_off(
    name: str, tmp_path: Path
) -> None:
    definition = definition_from_text(NOT_KEPT[name].replace("limit: 30 min", "limit: 60 min"))
    (claim,) = definition.claims.values()
    ran = steps(definition, STORIES[name], tmp_path)
    start = ran[-1].case.readings.fact("arrived").value
    assert isinstance(start, int)
    assert ran[-1].case.now > start + (claim.limit or 0)
    assert not ran[-1].case.readings.done("bolus", 0)
    assert offered("bolus", ran)
    assert_nothing_put_off(ran, claim, put_off=False)
    assert prove(definition).proved == ()


def test_a_deadline_that_is_kept_is_proved() -> None:
    """Else the test above would hold of a prover that never proves a deadline."""
    text = timed(BOLUS, "", f"ward: {{kind: action, do: [{{action: culture, within: 20 min}}], {THEN}")
    definition = definition_from_text(text.replace("limit: 30 min", "limit: 60 min"))
    assert [one.claim for one in prove(definition).proved] == ["soon"]


def steps(definition: Definition, timeline: str, folder: Path) -> list[Ran]:
    file = folder / "case.yaml"
    file.write_text(f"case: late\ntimeline:\n{timeline}", encoding="utf-8")
    return list(step_timeline(assemble(definition), read_timeline(file)))


# --- seeded faults ------------------------------------------------------------------------------
@cache
def bench(name: str) -> Bench:
    return Bench.of(name)


@cache
def seeded(name: str) -> tuple[Candidate, ...]:
    return tuple(candidates(bench(name)))


@cache
def stories(name: str) -> tuple[Story, ...]:
    return tuple(stories_of(bench(name).library))


def played(definition: Definition, name: str) -> list[Played]:
    """What becomes of the made-up patients of the original."""
    compiled = assemble(definition)
    return [play(compiled, story) for story in stories(name)]


def faulty(name: str, candidate: Candidate) -> Definition | None:
    """The pathway with the edit in it; None where it does not load any more."""
    try:
        return definition_from_text(written(edited(bench(name).original, candidate.edit)))
    except DefinitionError:
        return None


def no_lie(definition: Definition, name: str, folder: Path) -> Counter[str]:
    """Holds everything that is said of a pathway against the engine. What was said, counted by code."""
    proofs = prove(definition)
    cases = played(definition, name)
    for finding in proofs.findings:
        ends_as(finding, definition, folder)
        if finding.witness is None:
            nobody_does(finding, cases)
    proved = [definition.claims[one.claim] for one in proofs.proved]
    for claim in proved:
        for one in cases:
            assert broken_now(one.case, claim) is None, f"{claim.name} is proved, and broken"
    return Counter([*(one.code for one in proofs.findings), *("proved" for _ in proved)])


APART = 120  # in the suite, of the edits one in so many; in a campaign every one


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every edit in a campaign; some of each original in the suite."""
    if "some" in metafunc.fixturenames:
        every = metafunc.config.getoption("--hypothesis-profile", None) == "campaign"
        metafunc.parametrize("some", [1 if every else APART], ids=["every" if every else "some"])


# One worker builds what all tests of an original share.
EACH = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in small_names()]

# In the suite every second original, in a campaign all of them.
IN_TURN = [
    pytest.param(name, marks=[pytest.mark.xdist_group(name), *([pytest.mark.campaign] if number % 2 else [])])
    for number, name in enumerate(small_names())
]


@pytest.mark.parametrize("name", IN_TURN)
def test_what_is_said_of_a_pathway_with_an_edit_is_so(name: str, some: int, tmp_path: Path) -> None:
    """Each edit of the seeded faults, whether or not it is a fault: findings and proofs are true of it."""
    said = Counter[str]()
    for candidate in seeded(name)[::some]:
        definition = faulty(name, candidate)
        if definition is not None:
            try:
                said += no_lie(definition, name, tmp_path)
            except AssertionError as error:
                raise AssertionError(f"{candidate.id(bench(name))}: {error}") from error
    assert said["proved"] > 0
    assert set(said) > {"proved"}


@pytest.mark.parametrize("name", EACH)
def test_what_is_proved_of_an_original_no_made_up_patient_breaks(name: str) -> None:
    definition = bench(name).definition
    proved = [definition.claims[one.claim] for one in prove(definition).proved]
    assert proved != []
    assert shows_broken(Tried(assemble(definition), bench(name).library), proved) is None
