"""A vignette is checked before anything runs: every fault at once, with place, nearest name and fix."""

from __future__ import annotations

import pytest

from pathway.language.problems import DefinitionError, Problem
from tests.vignettes.ward import story, vignette

ADMIT = "at: 2026-03-01T08:00, facts: {suspected: true}"


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        vignette(text)
    return caught.value.problems


def refused(expect: str) -> str:
    """The one fault of an expectation, as it is told."""
    (problem,) = problems_of(story(f"{ADMIT}, expect: {expect}"))
    assert problem.place is not None
    assert (problem.place.file.endswith("ward.yaml"), problem.place.line) == (True, 4)
    return f"{problem.text}. {problem.fix}"


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("{recomended: [puncture]}", "Did you mean `recommended`?"),
        ("{recommended: [punctur]}", "There is no action `punctur`. Did you mean `puncture`?"),
        ("{states: {caer: workup}}", "There is no track `caer`. Did you mean `care`?"),
        ("{states: {care: workp}}", "`workp` is no state of care. Did you mean `workup`?"),
        ("{phases: {care: wrk}}", "`wrk` is no phase of care. Did you mean `work`?"),
        ("{taken: [care.workp]}", "There is no state `care.workp`. Did you mean `care.workup`?"),
        ("{open: [workup]}", "There is no state `workup`. Did you mean `care.workup`?"),
        ("{waiting: {care.home: [shakey]}}", "There is no fact `shakey`. Did you mean `shaky`?"),
        (
            "{held: {puncture: [high_in]}}",
            "There is no fact or safeguard `high_in`. Did you mean `high_inr`?",
        ),
        ("{held: {drip: [high_inr]}}", "`high_inr` is no safeguard of drip. drip has no safeguard"),
        ("{blocked: {puncture: [S22]}}", "There is no safeguard or source `S22`. Did you mean `S2`?"),
        ("{warnings: [haf]}", "There is no warning `haf`. Did you mean `half`?"),
        ("{severity: {half: hgh}}", "`hgh` is no severity of half. Did you mean `high`?"),
        ("{urgency: {drip: sooon}}", "Did you mean `soon`?"),
        ("{needs: [weight]}", "Did you mean `weight_kg`?"),
        ("{facts: {platelets: 40}}", "Did you mean `platelet_count`?"),
        ("{facts: {decision: bloked}}", "Did you mean `blocked`?"),
        ("{facts: {decision: unknown}}", "decision is never absent: while undecided it shows `cannot_clear`"),
        ("{facts: {platelet_count: 40 mg}}", "platelet_count is measured in 10*9/L, not in `mg`"),
        ("{facts: {platelet_count: many}}", "`many` is no amount"),
        ("{facts: {platelet_count: '1,000'}}", "write 1000 or 1.000, whichever is meant"),
        ("{facts: {suspected: maybe}}", "takes yes or no"),
        ("{facts: {start_date: soon}}", "start_date"),
        ("{facts: {inr: }}", "`inr` takes one value"),
        ("{due: {puncture: tomorrow}}", "Or write `none`"),
        ("{next_change_at: later}", "Or write `none`"),
        ("{doses: {puncture: 4 g/d}}", "puncture has no dose in this pathway"),
        ("{doses: {antibiotic: 4000}}", "`4000` has no unit. Write 4000 mg/d"),
        ("{doses: {antibiotic: 4000 mg}}", "`mg` does not measure what mg/d measures"),
        ("{doses: {antibiotic: 4000 mgs/d}}", "mgs"),
        ("{doses: {antibiotic: {amount: 4 g/d, caped: true}}}", "Did you mean `capped`?"),
        ("{doses: {antibiotic: {capped: yes}}}", "Write capped: true"),
        ("{doses: {antibiotic: {route: IM}}}", "`IM` is no route of antibiotic"),
        ("{doses: {antibiotic: {divided: {twelve: 2 g}}}}", "is not a length of time"),
        ("{doses: {antibiotic: {divided: {12 h: 2 g/d}}}}", "`g/d` does not measure what mg measures"),
        ("{doses: {antibiotic: {needs: [weight]}}}", "Did you mean `weight_kg`?"),
        ("{doses: {antibiotic: {needs: [weight_kg], amount: 4 g/d}}}", "Write {needs: [fact, ...]} alone"),
        ("{schedule: {puncture: {period: 1}}}", "puncture has no schedule in this pathway"),
        ("{schedule: {drip: {period: 3}}}", "drip has periods 1 to 2"),
        ("{schedule: {drip: {gven: 1}}}", "Did you mean `given`?"),
        ("{schedule: {drip: {given: one}}}", "`given` takes a whole number"),
        ("{not: {states: [care.workup]}}", "`not` has no key `states`"),
        ("{only: {facts: [inr]}}", "`only` has no key `facts`"),
        ("{recommended: [puncture, puncture]}", "`recommended` names something twice"),
        ("{recommended: puncture}", "`recommended` is a list of names"),
        ("{states: [care]}", "`states` is a mapping of names to values"),
        ("[states]", "`expect` is a mapping of names to values"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest_name_or_the_fix(expect: str, words: str) -> None:
    assert words in refused(expect)


@pytest.mark.parametrize(
    "expect",
    ["{}", "{recommended: []}", "{not: {}}", "{not: {held: []}}", "{states: {}}", "{refused: []}",
     "{only: {}}", "{waiting: {}}", "{held: {puncture: []}}"],
)  # fmt: skip
def test_an_expectation_that_could_never_fail_is_refused(expect: str) -> None:
    assert "is empty: it could never fail" in refused(expect)


@pytest.mark.parametrize("expect", ["", "~", "null"])
def test_an_expect_with_nothing_behind_it_is_refused(expect: str) -> None:
    problems = problems_of(
        f"title: T\ncites: [S1]\ntimeline:\n  - at: 2026-03-01T08:00\n    expect: {expect}\n"
    )
    assert [problem.text for problem in problems] == ["`expect` is a mapping of names to values"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    problems = problems_of(
        "titel: T\ncites: [S9]\nlayers: [articel]\ntimeline:\n"
        "  - {at: 2026-03-01T08:00, fact: {inr: 1}, expect: {held: [punctur], facts: {inr: 1 mg}}}\n"
        "  - {at: 2026-03-01T07:00, expect: {done: [drp]}}\n"
    )
    assert [(problem.place.line if problem.place else None, problem.text) for problem in problems] == [
        (1, "A case with expectations needs `title`"),
        (1, "A timeline has no key `titel`"),
        (2, "There is no source `S9`"),
        (3, "There is no layer `articel`"),
        (5, "An entry has no key `fact`"),
        (5, "There is no action `punctur`"),
        (5, "inr is measured in 1, not in `mg`"),
        (6, "This entry lies before the one above it"),
        (6, "There is no action `drp`"),
    ]


def test_a_case_for_another_pathway_is_refused() -> None:
    (problem,) = problems_of("pathway: wart\ntimeline: [{at: 2026-03-01T08:00}]\n")
    assert "is for `wart`, not for `ward`" in problem.text


@pytest.mark.parametrize("key", ["title", "cites"])
def test_a_case_with_expectations_says_what_it_shows_and_from_which_statements(key: str) -> None:
    lines = story(f"{ADMIT}, expect: {{held: [puncture]}}").splitlines(keepends=True)
    (problem,) = problems_of("".join(line for line in lines if not line.startswith(key)))
    assert problem.text == f"A case with expectations needs `{key}`"


def test_an_empty_title_says_nothing() -> None:
    (problem,) = problems_of(
        story(f"{ADMIT}, expect: {{held: [puncture]}}").replace("What the ward shows", "' '")
    )
    assert problem.text == "The title is empty"


def test_expectations_belong_to_an_entry() -> None:
    (problem,) = problems_of(f"expect: {{held: [puncture]}}\n{story(ADMIT)}")
    assert problem.text == "A timeline has no key `expect`"
