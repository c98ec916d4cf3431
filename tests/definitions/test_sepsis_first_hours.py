"""Suspected sepsis, the first hours: what single cases cannot say of the definition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.batch import Batch, DeedEntry, FactEntry
from pathway.engine.case import open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.view import View
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition

MORNING = 1_772_352_000  # 2026-03-01T08:00:00Z
HOUR = 3600
LIMITS = {"iv_antibiotics": HOUR, "lactic_acid": 3 * HOUR}
DEEDS = {
    "ER Triage": "er_triage",
    "ER Sepsis Triage": "sepsis_triage",
    "IV Liquid": "iv_liquid",
    "IV Antibiotics": "iv_antibiotics",
    "LacticAcid": "lactic_acid",
    "Leucocytes": "leucocytes",
    "CRP": "crp",
    "Admission NC": "admission_nc",
    "Admission IC": "admission_ic",
    "Release A to E": "discharge",
}
TIMES = {"ER Registration": "er_registration_time", "Return ER": "return_er_time"}
BOXES = ("infection_suspected", "hypotension", "oliguria", "hypoxia", "organ_dysfunction")


@cache
def compiled() -> CompiledPathway:
    return compile_pathway(load_definition(find_pathway("sepsis-first-hours")))


def definition() -> Definition:
    return compiled().definition


def stepped(*batches: Batch) -> View:
    """The view after a case was stepped through these batches."""
    case, _ = open_case(compiled(), "S1", batches[0].at, "tester", batches[0].at)
    for batch in batches:
        case.commit(batch)
    return case.view


def entry(at: int, *done: str, **facts: str) -> Batch:
    """One entry of a case: deeds and facts at an instant."""
    values = tuple(FactEntry(name, value) for name, value in facts.items())
    return Batch(at, "tester", at, values, done=tuple(DeedEntry(name) for name in done))


# --- deadlines ----------------------------------------------------------------------------------
@pytest.mark.parametrize("action", LIMITS)
@given(data=st.data(), start=st.integers(MORNING - 10**8, MORNING + 10**8))
def test_a_step_is_in_time_up_to_its_limit_after_sepsis_triage_and_late_from_the_next_second(
    action: str, data: st.DataObject, start: int
) -> None:
    limit = LIMITS[action]
    delay = data.draw(st.one_of(st.integers(-HOUR, 5 * HOUR), st.integers(limit - 2, limit + 2)))
    batches = sorted((entry(start, "sepsis_triage"), entry(start + delay, action)), key=lambda one: one.at)
    deed = next(one for one in stepped(*batches).done if one.action == action)
    assert deed.due == start + limit
    assert deed.urgency == ("met" if delay <= limit else "late")


@pytest.mark.parametrize("action", LIMITS)
@given(wait=st.integers(0, 5 * HOUR), ward=st.sampled_from(["", "admission_nc", "admission_ic"]))
def test_a_step_not_done_counts_from_sepsis_triage_wherever_the_patient_is(
    action: str, wait: int, ward: str
) -> None:
    first, last = entry(MORNING, "sepsis_triage"), entry(MORNING + wait, *([ward] if ward else []))
    shown = next(one for one in stepped(first, last).actions if one.action == action)
    assert (shown.standing, shown.called, shown.due) == ("recommended", True, MORNING + LIMITS[action])
    assert (shown.urgency == "late") is (wait > LIMITS[action])


# --- deferral -----------------------------------------------------------------------------------
@given(boxes=st.tuples(*[st.sampled_from(["true", "false", "unknown"])] * len(BOXES)))
def test_an_antibiotic_is_deferred_only_where_every_box_is_known_to_be_absent(boxes: tuple[str, ...]) -> None:
    known = {name: value for name, value in zip(BOXES, boxes, strict=True) if value != "unknown"}
    view = stepped(entry(MORNING, "sepsis_triage", **known))
    shown = next(one for one in view.actions if one.action == "iv_antibiotics")
    deferred = set(boxes) == {"false"}
    assert shown.standing == ("blocked" if deferred else "recommended")
    assert shown.due == MORNING + HOUR


# --- what the definition holds ------------------------------------------------------------------
def test_the_two_deadlines_are_the_only_ones_and_both_count_from_sepsis_triage() -> None:
    states = [state for track in definition().tracks.values() for state in track.states.values()]
    timed = {do.action: (do.within, do.of) for state in states for do in state.do if do.within is not None}
    assert timed == {action: (limit, "sepsis_triage_time") for action, limit in LIMITS.items()}


def test_no_dose_no_schedule_and_no_code_stands_in_it() -> None:
    assert not any(action.doses or action.schedule for action in definition().actions.values())
    assert not any(fact.code for fact in definition().facts.values())


def test_every_activity_of_the_hospitals_log_has_a_deed_or_a_time() -> None:
    assert set(DEEDS.values()) == set(definition().actions)
    assert all(str(definition().facts[name].written_type) == "dateTime" for name in TIMES.values())
    assert set(definition().facts["release_type"].values) == set("abcde")


def _citing() -> Iterator[tuple[str, tuple[str, ...]]]:
    here = definition()
    elements = (here.facts, here.actions, here.safeguards, here.notices, here.claims)
    for kind in elements:
        yield from ((name, element.cites) for name, element in kind.items())
    for track in here.tracks.values():
        for state in track.states.values():
            yield f"{track.name}.{state.name}", state.cites
            yield from ((f"{state.name}: {do.action}", do.cites) for do in state.do)
            yield from ((f"{state.name} to {way.to}", way.cites) for way in state.next)


def test_every_element_is_cited_and_every_source_is_used() -> None:
    assert [name for name, cites in _citing() if not cites] == []
    assert {source for _, cites in _citing() for source in cites} == set(definition().sources)


def test_every_statement_of_the_paper_and_its_log_says_what_it_does_not_give() -> None:
    from_paper = [source for source in definition().sources.values() if source.layer == "source"]
    assert len(from_paper) == 8
    assert [source.id for source in from_paper if not source.problem or source.grade is None] == []


def test_it_is_a_draft_and_says_so() -> None:
    assert definition().stamp == "DRAFT: not approved for clinical use"
