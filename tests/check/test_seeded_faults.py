"""Faults put into correct pathways are found, and nothing is found in the correct pathways themselves.

The whole campaign is `python benchmarks/faults.py`; `correct/faults.txt` is a draw of it over all kinds. Each
fault is first shown to be one, by the engine or by construction, and then the checker is asked to find it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from benchmarks.seeding.bench import Bench, Candidate
from benchmarks.seeding.editing import edited, lines_of, written
from benchmarks.seeding.fault import Edit, expect
from benchmarks.seeding.originals import names, original, small_names
from benchmarks.seeding.patients import play
from benchmarks.seeding.seeds import ALL_FOUND, candidates
from benchmarks.seeding.showing import Tried, broken_now, shows_broken, shows_gap, shows_overlap
from benchmarks.seeding.waiting import shows_waiting
from pathway.engine.compiling import compile_pathway

CAMPAIGN = pytest.mark.campaign
DRAWN = (Path(__file__).parent / "correct" / "faults.txt").read_text("utf-8").splitlines()[1:]


@cache
def bench_of(name: str) -> Bench:
    return Bench.of(name)


@cache
def candidates_of(name: str) -> dict[str, Candidate]:
    bench = bench_of(name)
    return {candidate.id(bench): candidate for candidate in candidates(bench)}


def tried(name: str) -> Tried:
    bench = bench_of(name)
    return Tried(compile_pathway(bench.definition), bench.library)


# --- what the campaign asks ---------------------------------------------------------------------
def of(name: str, *marks: pytest.MarkDecorator) -> list[pytest.MarkDecorator]:
    """The marks of a test of this original: one worker builds what all of them share."""
    return [pytest.mark.xdist_group(name), *marks]


def in_turn() -> list[object]:
    """What may never be missed, and every fourth of the other faults; all of them under `make campaign`."""
    return [
        pytest.param(line, marks=of(name, *([] if kind in ALL_FOUND or number % 4 == 0 else [CAMPAIGN])))
        for number, line in enumerate(DRAWN)
        for name, kind in [line.split(": ")[:2]]
    ]


@pytest.mark.parametrize("line", in_turn(), ids=str)
def test_a_seeded_fault_is_found(line: str) -> None:
    from benchmarks.seeding.judging import judged

    name = line.partition(": ")[0]
    fault = candidates_of(name)[line].fault(bench_of(name))
    assert fault is not None, "this edit was not shown to be a fault"
    verdict = judged(fault)
    assert verdict.found, f"expected {fault.expected.words}, for {fault.why}; said {verdict.said}"


@pytest.mark.parametrize("name", names())
def test_nothing_is_found_in_a_correct_pathway(name: str) -> None:
    from benchmarks.seeding.judging import alarms

    assert alarms(name) == ()


# --- what the campaign rests on -----------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=of(name, *([] if number % 3 == 0 else [CAMPAIGN])))
        for number, name in enumerate(small_names())
    ],
)
def test_made_up_patients_reach_every_state_of_a_correct_pathway_and_break_nothing(name: str) -> None:
    it = tried(name)
    assert [place for place in it.library.places if not it.library.to(place)] == []
    assert shows_broken(it, it.definition.claims.values()) is None
    for place in it.library.places:
        assert (shows_gap(it, place), shows_overlap(it, place)) == (None, None)


def test_the_draw_has_every_kind_that_may_not_be_missed() -> None:
    kinds = {line.split(": ")[1] for line in DRAWN}
    assert kinds >= set(ALL_FOUND)
    assert len(kinds) >= 20
    assert len(DRAWN) >= 60


def test_an_edit_changes_one_place_and_nothing_else() -> None:
    path = ("tracks", "care", "states", "banding", "next", 3, "when")
    before = original("mood_score").data
    after = edited(original("mood_score"), Edit(path, "score > 15"))
    changed = after["tracks"]["care"]["states"]["banding"]["next"][3]
    assert changed["when"] == "score > 15"
    changed["when"] = "score >= 15"
    assert after == before


def test_an_element_is_found_in_the_text_that_is_written() -> None:
    text = written(original("mood_score").data)
    first, last = lines_of(text, ("safeguards", "danger_comes_first")) or (0, 0)
    lines = text.splitlines()[first - 1 : last]
    assert lines[0].strip() == "danger_comes_first:"
    assert any("when: in_danger" in line for line in lines)
    assert not any("notices" in line for line in lines)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (
            "mood_score: hole: care.banding.next.4.when: score >= 15 -> score > 15",
            "gap",
        ),
        (
            "repeat_measure_loop: overlap: monitor.judging.next.2.when: "
            "lactate >= 2 mmol/L and lactate < 4 mmol/L -> lactate >= 2 mmol/L and lactate <= 4 mmol/L",
            "overlap",
        ),
    ],
)
def test_a_hole_and_an_overlap_are_shown_at_the_boundary_itself(line: str, kind: str) -> None:
    name = line.partition(": ")[0]
    fault = candidates_of(name)[line].fault(bench_of(name))
    assert fault is not None
    assert fault.expected.codes == {kind}
    assert fault.why.rpartition(" ")[2] == ("15" if kind == "gap" else "4")


def test_a_change_that_breaks_nothing_is_no_fault() -> None:
    bench = bench_of("mood_score")
    same = Edit(("tracks", "care", "states", "banding", "next", 0, "when"), "score < 5")
    loaded = bench.tried(same)
    assert loaded is not None
    assert shows_gap(loaded, ("care", "banding")) is None
    assert shows_overlap(loaded, ("care", "banding")) is None
    assert shows_broken(loaded, loaded.definition.claims.values()) is None


def test_a_state_with_a_deadline_running_is_not_shown_to_wait_for_ever() -> None:
    assert shows_waiting(tried("puncture_gate"), ("care", "intake")) is None


def test_a_claim_is_not_broken_while_its_action_is_not_offered() -> None:
    it = tried("puncture_gate")
    case = play(it.compiled, ()).case
    assert broken_now(case, it.definition.claims["only_with_platelets"]) is None


def test_what_is_expected_reads_as_a_sentence() -> None:
    expected = expect("gap", ("tracks", "care", "states", "banding"), ("facts", "band"))
    assert expected.words == "gap at care.banding, facts.band"
