"""Every key of `expect` holds where the step shows it, and says what came and why where it does not."""

from __future__ import annotations

import pytest

from tests.semantics.stepping import instant
from tests.vignettes.ward import judged, misses, story, told

ADMIT = "at: 2026-03-01T08:00, facts: {suspected: true, seen_time: 2026-03-01T07:50}"
KNOWN = "at: 2026-03-01T08:10, facts: {platelet_count: 210, inr: 1.1}"
LOW = "at: 2026-03-01T08:10, facts: {platelet_count: 35, inr: 1.1}"
DONE = "at: 2026-03-01T09:00, done: [puncture]"
TREATED = "at: 2026-03-02T09:00, done: [drip]"
GIVEN = "at: 2026-03-01T08:30, done: [antibiotic]"
REFUSED = "at: 2026-03-01T09:00, take: {care: therapy}"
OVERRIDDEN = "at: 2026-03-01T08:20, override: {puncture: the specialist accepts it}"

# entries before, the entry that expects, what holds, what does not, and words of the reason why it does not
CASES = {
    "a state": ([], ADMIT, "states: {care: workup}", "states: {care: home}", "workup"),
    "a phase": ([], ADMIT, "phases: {care: work}", "phases: {care: entry}", "came work"),
    "a state that was entered": (
        [],
        ADMIT,
        "taken: [care.workup]",
        "taken: [care.therapy]",
        "intake -> workup",
    ),
    "a way that is open": (
        [ADMIT, KNOWN],
        DONE,
        "open: [care.home]",
        "open: [care.intake]",
        "shaky is unknown",
    ),
    "a way that waits": (
        [ADMIT, KNOWN],
        DONE,
        "waiting: {care.intake: [shaky]}",
        "waiting: {care.intake: [inr]}",
        "waiting because of shaky",
    ),
    "ways that wait": (
        [ADMIT, KNOWN],
        DONE,
        "waiting: [care.intake]",
        "waiting: [care.home]",
        "to home is open",
    ),
    "what is recommended": (
        [ADMIT],
        KNOWN,
        "recommended: [puncture]",
        "recommended: [drip]",
        "only care.therapy would, and care stands in workup",
    ),
    "what is left over": (
        [ADMIT, KNOWN],
        DONE,
        "outstanding: [antibiotic]",
        "outstanding: [drip]",
        "care.therapy calls for it",
    ),
    "what an override clears": (
        [ADMIT, LOW],
        OVERRIDDEN,
        "overridden: [puncture]",
        "overridden: [antibiotic]",
        "no safeguard stands",
    ),
    "what is held": (
        [],
        ADMIT,
        "held: {puncture: [platelet_count, high_inr]}",
        "held: {puncture: [low_platelets, drugs]}",
        "platelet_count is unknown: not recorded",
    ),
    "what is held, by name": (
        [ADMIT],
        KNOWN,
        "not: {held: [puncture]}",
        "held: [puncture]",
        "no safeguard stands",
    ),
    "what is blocked": (
        [ADMIT],
        LOW,
        "blocked: {puncture: [low_platelets, S2]}",
        "blocked: {puncture: [high_inr]}",
        "platelet_count is 35 10*9/L",
    ),
    "what is blocked, by name": (
        [ADMIT],
        LOW,
        "blocked: [puncture]",
        "blocked: [antibiotic]",
        "calls for it",
    ),
    "what is done": ([ADMIT, KNOWN], DONE, "done: [puncture]", "done: [drip]", "care.therapy calls for it"),
    "what is declined": (
        [ADMIT],
        "at: 2026-03-01T09:00, declined: {puncture: refuses}",
        "declined: [puncture]",
        "declined: [antibiotic]",
        "care.workup calls for it",
    ),
    "when it is due": (
        [],
        ADMIT,
        "due: {puncture: 2026-03-01T12:00, antibiotic: 2026-03-01T08:50}",
        "due: {puncture: 2026-03-01T11:59}",
        "came 2026-03-01T12:00:00+00:00",
    ),
    "that it is not due": ([], ADMIT, "due: {half_dose: none}", "due: {puncture: none}", "expected none"),
    "when the deed was due": (
        [ADMIT],
        GIVEN,
        "due: {antibiotic: 2026-03-01T08:50}",
        "due: {drip: none}",
        "neither called for nor done",
    ),
    "how urgent it is": (
        [ADMIT],
        "at: 2026-03-01T08:40",
        "urgency: {antibiotic: soon, puncture: ok}",
        "urgency: {antibiotic: late}",
        "came soon",
    ),
    "that the deed was in time": (
        [ADMIT],
        GIVEN,
        "urgency: {antibiotic: met}",
        "urgency: {antibiotic: late}",
        "met",
    ),
    "a warning, by id or source": (
        [],
        ADMIT,
        "warnings: [half, A1]",
        "warnings: [late_yield]",
        "`yield_pct <= 11` is FALSE (yield_pct is 73 %",
    ),
    "a safeguard that warns": (
        [ADMIT],
        "at: 2026-03-01T09:00, facts: {drugs: [warfarin]}",
        "warnings: [warfarin]",
        "warnings: [high_inr]",
        "no warning but blocks",
    ),
    "how severe a warning is": ([], ADMIT, "severity: {half: high}", "severity: {half: low}", "came high"),
    "a dose": (
        [ADMIT],
        "at: 2026-03-01T08:05, facts: {weight_kg: 45}",
        "doses: {antibiotic: 4000 mg/d}",
        "doses: {antibiotic: 4500 mg/d}",
        "came 4000 mg/d",
    ),
    "all of a dose": (
        [ADMIT],
        "at: 2026-03-01T08:05, facts: {weight_kg: 45}",
        "doses: {antibiotic: {amount: 4 g/d, capped: true, divided: {12 h: 2 g}, route: IV}}",
        "doses: {antibiotic: {amount: 4 g/d, capped: false}}",
        "came capped",
    ),
    "shares of a dose": (
        [],
        ADMIT,
        "doses: {half_dose: {divided: {24 h: 2000 mg, 8 h: 2000/3 mg}}}",
        "doses: {half_dose: {divided: {24 h: 2000 mg}}}",
        "666.6667 mg (exactly 2000/3 mg) every 8 h",
    ),
    "a dose that waits": (
        [],
        ADMIT,
        "doses: {antibiotic: {needs: [weight_kg]}}",
        "doses: {antibiotic: 1 g/d}",
        "it needs weight_kg",
    ),
    "that there is no dose": ([], ADMIT, "doses: {drip: none}", "doses: {half_dose: none}", "came 2000 mg/d"),
    "where a schedule stands": (
        [ADMIT, KNOWN, DONE],
        TREATED,
        "schedule: {drip: {period: 1, given: 1, planned: 2, given_in_all: 1, planned_in_fixed_periods: 8,"
        " amount_in_fixed_periods: 0.12 g}}",
        "schedule: {drip: {period: 2, given: 1, amount_in_fixed_periods: 121 mg}}",
        "came period 1 (2 in every 1 wk for 4 wk); 120 mg in the fixed periods",
    ),
    "a fact": (
        [ADMIT],
        KNOWN,
        "facts: {platelet_count: 210, decision: proceed, inr: 1.10, suspected: true}",
        "facts: {platelet_count: 211}",
        "recorded at 2026-03-01T08:10:00+00:00 by timeline",
    ),
    "a computed fact": (
        [ADMIT],
        "at: 2026-03-01T12:00",
        "facts: {yield_pct: 11 %}",
        "facts: {yield_pct: 73 %}",
        "its case `waited <= 8 h` is TRUE",
    ),
    "a fact that is not known": (
        [],
        ADMIT,
        "facts: {inr: unknown, stop_date: unknown}",
        "facts: {stop_date: 2027-01-05}",
        "needs start_date",
    ),
    "a fact that is not decided": (
        [],
        ADMIT,
        "facts: {decision: cannot_clear}",
        "facts: {decision: blocked}",
        "its case `platelet_count < 40` is not decided",
    ),
    "a date": (
        [ADMIT],
        "at: 2026-03-01T09:00, facts: {start_date: 2026-01-05}",
        "facts: {stop_date: 2027-01-05}",
        "facts: {stop_date: 2027-01-06}",
        "start_date is 2026-01-05",
    ),
    "a list in any order": (
        [ADMIT],
        "at: 2026-03-01T09:00, facts: {drugs: [warfarin, rifampin]}",
        "facts: {drugs: [rifampin, warfarin]}",
        "facts: {drugs: [rifampin]}",
        "came [warfarin, rifampin]",
    ),
    "what is needed": ([], ADMIT, "needs: [inr, platelet_count]", "needs: [suspected]", "it is known"),
    "what was refused": (
        [ADMIT],
        REFUSED,
        "refused: [take]",
        "refused: [take, override]",
        "expected a refusal that says `override`",
    ),
    "when something changes": (
        [],
        ADMIT,
        "next_change_at: 2026-03-01T08:35",
        "next_change_at: none",
        "came 2026-03-01T08:35:00+00:00",
    ),
    "what is not there": (
        [],
        ADMIT,
        "not: {recommended: [puncture], blocked: [puncture], warnings: [late_yield, S3], needs: [shaky],"
        " taken: [care.home], open: [care.therapy], waiting: [care.therapy], done: [drip],"
        " outstanding: [puncture], overridden: [puncture], declined: [drip]}",
        "not: {held: [puncture]}",
        "expected puncture not to be held",
    ),
    "exactly what is there": (
        [],
        ADMIT,
        "only: {recommended: [antibiotic], held: [puncture], blocked: [], warnings: [half],"
        " taken: [care.workup], needs: [platelet_count, inr, weight_kg, drugs]}",
        "only: {recommended: [antibiotic, puncture]}",
        "puncture is not: care.workup calls for it; held by",
    ),
    "nothing but what is there": (
        [],
        ADMIT,
        "only: {warnings: [A1]}",
        "only: {held: []}",
        "puncture is there",
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_what_a_step_shows_holds(what: str) -> None:
    before, entry, holds, _, _ = CASES[what]
    assert misses(*before, f"{entry}, expect: {{{holds}}}") == ()


@pytest.mark.parametrize("what", CASES)
def test_what_a_step_does_not_show_is_told_with_what_came_and_why(what: str) -> None:
    before, entry, _, fails, words = CASES[what]
    assert words in told(*before, f"{entry}, expect: {{{fails}}}")


@pytest.mark.parametrize(
    "equal",
    [
        "doses: {antibiotic: 4 g/d}",
        "doses: {antibiotic: 4000.0 mg/d}",
        "facts: {waited: 15 min}",
        "facts: {waited: 900 s}",
        "facts: {waited: 1/4 h}",
        "facts: {waited: 0.25}",
        "facts: {yield_pct: 0.73 1}",
    ],
)
def test_equal_amounts_are_equal_in_any_unit(equal: str) -> None:
    weighed = "at: 2026-03-01T08:05, facts: {weight_kg: 45}"
    assert misses(ADMIT, f"{weighed}, expect: {{{equal}}}") == ()


@pytest.mark.parametrize(
    "other", ["doses: {antibiotic: 4.001 g/d}", "facts: {waited: 901 s}", "facts: {waited: 1/3 h}"]
)
def test_amounts_that_differ_in_the_last_place_are_not_equal(other: str) -> None:
    weighed = "at: 2026-03-01T08:05, facts: {weight_kg: 45}"
    assert len(misses(ADMIT, f"{weighed}, expect: {{{other}}}")) == 1


def test_a_time_without_an_offset_is_read_in_the_zone_of_the_case() -> None:
    text = "timezone: Europe/Berlin\n" + story(
        "at: 2026-03-01T08:00, facts: {suspected: true}, expect: {due: {puncture: 2026-03-01T11:00:00Z}}",
        "at: 2026-03-01T09:00, expect: {due: {puncture: 2026-03-01T12:00}}",
    )
    assert judged(text).hold


def test_a_miss_names_its_line_and_its_time() -> None:
    text = story(ADMIT, f"{KNOWN}, expect: {{held: [puncture]}}")
    (miss,) = judged(text).misses
    assert (miss.place.line, miss.place.column) == (5, text.splitlines()[4].index("puncture") + 1)
    assert miss.at == instant("2026-03-01T08:10")
    assert miss.what == "held puncture"


def test_every_expectation_is_judged_and_counted() -> None:
    verdicts = judged(
        story(
            ADMIT, f"{KNOWN}, expect: {{held: [puncture], states: {{care: workup}}, not: {{done: [drip]}}}}"
        )
    )
    assert (verdicts.judged, len(verdicts.misses), verdicts.hold) == (3, 1, False)


def test_a_case_without_expectations_is_only_run() -> None:
    verdicts = judged("timeline:\n  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n")
    assert (verdicts.hold, verdicts.judged) == (True, 0)


def test_a_layer_that_is_off_warns_of_nothing() -> None:
    on = f"{ADMIT}, expect: {{warnings: [half]}}"
    assert judged(story(on)).hold
    (miss,) = judged("layers: [article]\n" + story(on)).misses
    assert "with the layers that are on" in miss.why


def test_a_deed_done_while_blocked_is_a_warning_that_can_be_expected() -> None:
    assert (
        misses(ADMIT, LOW, f"{DONE}, expect: {{warnings: [done_while_blocked], severity: {{S1: low}}}}") != ()
    )
    assert misses(ADMIT, LOW, f"{DONE}, expect: {{warnings: [done_while_blocked]}}") == ()


# --- what was refused ---------------------------------------------------------------------------
def test_a_choice_that_is_refused_has_to_be_expected() -> None:
    words = told(ADMIT, REFUSED)
    assert words.startswith(
        "expected nothing to be refused; came take care -> therapy; because its guard is FALSE"
    )


def test_bad_input_is_an_error_of_the_vignette_with_its_place() -> None:
    text = story(ADMIT, "at: 2026-03-01T09:00, facts: {platelet_count: 5000}")
    (problem,) = judged(text).problems
    assert not judged(text).hold
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (5, text.splitlines()[4].index("platelet_count") + 1)
    assert "outside 0 to 3000" in problem.text


def test_bad_input_that_is_expected_changes_nothing_and_the_case_goes_on() -> None:
    refused = "at: 2026-03-01T09:00, facts: {platelet_count: 5000}"
    assert (
        misses(
            ADMIT,
            f"{refused}, expect: {{refused: [outside 0 to 3000], held: [puncture], needs: [platelet_count]}}",
            "at: 2026-03-01T10:00, facts: {platelet_count: 210, inr: 1}, expect: {recommended: [puncture]}",
        )
        == ()
    )


def test_bad_input_is_not_excused_by_other_words() -> None:
    refused = "at: 2026-03-01T09:00, facts: {platelet_count: 5000}, expect: {refused: [no such]}"
    assert judged(story(ADMIT, refused)).problems != ()


def test_bad_input_in_the_very_first_entry_is_told_as_well() -> None:
    assert judged(story("at: 2026-03-01T09:00, facts: {nobody: 1}")).problems != ()
