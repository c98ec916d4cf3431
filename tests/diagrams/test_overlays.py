"""What overlays mark on a finished chart, and that they change nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest

from diagrams.chart import Chart
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from diagrams.overlays.coverage import HEAT, Coverage, coverage_of
from diagrams.overlays.elements import box_id, key, line_id, link_id, states_of, ways_of
from diagrams.overlays.findings import Findings, findings_at
from diagrams.overlays.flow import Flow, Pool, Stream, flow_of
from diagrams.overlays.overlaid import Overlay, overlaid
from diagrams.overlays.path_taken import PathTaken, path_taken
from diagrams.overlays.standing import (
    CLOSED,
    HERE_WORD,
    LOOKS,
    POSSIBLE,
    WAITS,
    Standings,
    Stands,
    standings_of,
)
from diagrams.svg import missing
from diagrams.svg_text import SVG
from pathway.check.findings import Finding, Undecided
from pathway.document.picture import inlined
from pathway.engine.batch import Batch, FactEntry, OverrideEntry, TakeEntry
from pathway.engine.case import Case, open_case
from pathway.engine.compiling import compile_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.supposing.reach import Standing

NINE, MINUTE = 1_772_352_000, 60  # 2026-03-01T09:00 in Berlin
HOSTILE = 'Mrs "<script>alert(1)</script> & \u202eesrever\u202c'
GREY, RED, BLUE = "#76828F", "#A83200", "#00548A"


# --- the chart and the cases ----------------------------------------------------------------------
@cache
def pathway() -> Definition:
    return load_definition(Path(__file__).with_name("zeta.yaml"))


@cache
def drawn() -> tuple[Chart, str]:
    chart = chart_of(pathway())
    return chart, picture(chart, dot_of(chart))


def opened(case_id: str = "TEST-014") -> Case:
    return open_case(compile_pathway(pathway()), case_id, NINE, "ms", NINE, "Europe/Berlin")[0]


def enter(case: Case, minutes: int, **entries: Any) -> None:
    at = NINE + minutes * MINUTE
    case.commit(Batch(at=at, by="ms", recorded_at=at, **entries))


@cache
def returned() -> Case:
    """Treated at once for low platelets, a safeguard lifted, sent back by override, then an undone step."""
    case = opened()
    facts = (FactEntry("suspected", "true"), FactEntry("platelet_count", "30"), FactEntry("systolic", "120"))
    enter(case, 5, facts=facts, take=(TakeEntry("care", "urgency"),))
    enter(case, 10, overrides=(OverrideEntry("Bleeding is the lesser evil", action="puncture"),))
    enter(case, 20, overrides=(OverrideEntry("Wrong patient", track="care", to="intake"),))
    enter(case, 30, facts=(FactEntry("suspected", "false"),))
    enter(case, 35, take=(TakeEntry("care", "other"),))
    enter(case, 40, undo=True)
    return case


@cache
def suspected_after(minutes: int) -> Case:
    case = opened(f"TEST-{minutes}")
    facts = (FactEntry("suspected", "true"), FactEntry("platelet_count", "30"))
    enter(case, minutes, facts=facts, take=(TakeEntry("care", "urgency"),))
    return case


def path_of(name: str = "TEST-014") -> PathTaken:
    return path_taken(pathway(), returned().events, name)


def standings(name: str = "TEST-014") -> Standings:
    """Suspicion is open; the words for the states are given, since foresight is worked out elsewhere."""
    case = opened()
    words = {(state.track, state.name): Stands(POSSIBLE, "possible") for state in states_of(pathway())}
    words["care", "intake"] = words["bystander", "idle"] = Stands(HERE_WORD, "here")
    words["care", "other"] = Stands(WAITS, f"waits for {pathway().facts['suspected'].label}")
    words["care", "home"] = Stands(CLOSED, "closed now, no way leads there from here")
    return standings_of(pathway(), case.view, words, name)


def coverage(what: str = "the tests") -> Coverage:
    return coverage_of(pathway(), [returned().events, suspected_after(15).events], what)


def flow(what: str = "one year") -> Flow:
    return flow_of(pathway(), [returned().events, *(suspected_after(n).events for n in (15, 45))], what)


def findings(text: str = "it waits for ever") -> Findings:
    care = pathway().tracks["care"].states
    watch, guard = care["watch"], care["urgency"].next[0].when
    dose = Finding(
        "dose", "warning", "more than the source says", "Correct it", pathway().actions["oxygen"].place
    )
    return findings_at(
        pathway(),
        [
            Finding("dead-end", "error", text, "Give it a way out", watch.place, "care.watch"),
            Finding("dead-end", "error", text, "Give it a way out", watch.place, "care.watch"),
            Finding("dead-guard", "error", "never TRUE", "Correct it", guard.place, "care.urgency"),
            dose,
            Finding("uncited", "info", "no element cites S1", "Cite it"),
        ],
        [Undecided("gap", "whether all is covered", "time ran out", watch.place, "care.watch")],
        [Finding("dead-end", "warning", "meant", "x", care["home"].place, "care.home")],
    )


OVERLAYS: dict[str, Callable[[str], Overlay]] = {
    "path": path_of, "standing": standings, "coverage": coverage, "flow": flow, "findings": findings,
}  # fmt: skip


# --- reading a picture ----------------------------------------------------------------------------
@cache
def overlay(name: str) -> Tree.Element:
    return Tree.fromstring(overlaid(drawn()[1], OVERLAYS[name]("TEST-014")))


def group(root: Tree.Element, id: str) -> Tree.Element:
    return next(one for one in root.iter(f"{{{SVG}}}g") if one.get("id") == id)


def label(root: Tree.Element, state: str) -> str:
    return group(root, f"state-{state}").get("aria-label", "")


def shape(root: Tree.Element, id: str) -> Tree.Element:
    found = (part for part in group(root, id).iter() if part.get("stroke-width") or part.get("fill"))
    return next(part for part in found if part.tag != f"{{{SVG}}}g")


def marks(root: Tree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in group(root, "overlay").iter(f"{{{SVG}}}text")]


def caption(root: Tree.Element) -> str:
    return group(root, "overlay-caption").get("aria-label", "")


def outlines(root: Tree.Element) -> dict[str, list[str | None]]:
    """The geometry of every element of the chart, by its id."""
    chart = group(root, "chart")
    return {
        one.get("id", ""): [
            part.get("points") or part.get("d") or part.get("cx") or part.get("x") for part in one
        ]
        for one in chart.findall(f"{{{SVG}}}g")
        if one.get("id") not in (None, "overlay")
    }


# --- what holds of every overlay ------------------------------------------------------------------
@pytest.mark.parametrize("name", OVERLAYS)
def test_no_box_or_line_moves_and_every_word_of_the_chart_stays(name: str) -> None:
    chart, svg = drawn()
    marked = Tree.tostring(overlay(name), encoding="unicode")
    assert outlines(overlay(name)) == outlines(Tree.fromstring(svg))
    assert missing(marked, chart) == ()
    assert group(overlay(name), "chart").get("transform") == group(Tree.fromstring(svg), "chart").get(
        "transform"
    )


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_caption_stands_above_the_chart_and_is_said_in_the_description(name: str) -> None:
    root = overlay(name)
    top = float(root.get("viewBox", "").split()[1])
    heights = [float(text.get("y", "0")) for text in group(root, "overlay-caption").iter(f"{{{SVG}}}text")]
    assert top < min(heights)
    assert max(heights) < 0
    description = root.find(f"{{{SVG}}}desc")
    assert description is not None
    assert caption(root) in (description.text or "")


@pytest.mark.parametrize("name", OVERLAYS)
def test_names_and_texts_of_a_case_come_out_as_text(name: str) -> None:
    svg = overlaid(drawn()[1], OVERLAYS[name](HOSTILE))
    assert "<script" not in inlined(svg, "x-")  # which refuses everything but shapes and texts
    assert "\u202e" not in svg
    assert "alert(1)" in svg


def test_every_element_that_overlays_look_for_is_in_the_chart() -> None:
    chart, _ = drawn()
    boxes = {box.id for lane in chart.lanes for box in lane.boxes}
    lines = {edge.id: edge.target for lane in chart.lanes for edge in lane.edges}
    assert {box_id((state.track, state.name)) for state in states_of(pathway())} <= boxes
    for way in ways_of(pathway()):
        assert lines[line_id(key(way))] in (box_id((way.track, way.to)), link_id(key(way)))


def test_what_is_no_chart_is_refused_with_what_to_give() -> None:
    with pytest.raises(RenderError, match=r"holds no boxes of a chart.*pathway draw"):
        overlaid('<svg viewBox="0 0 1 1"/>', flow())


# --- the path of a case ---------------------------------------------------------------------------
def test_the_path_numbers_the_steps_in_order_with_the_times_of_the_case() -> None:
    shown = marks(overlay("path"))
    assert shown == [
        "from 09:00",
        "1", "09:05", "2", "09:05",
        "3", "09:20",
        "override, from 5", "override 09:10",
        "YOU ARE HERE, since 09:20", "HERE, NOT MOVED YET",
    ]  # fmt: skip
    assert "Times of 2026-03-01 in Europe/Berlin (+01:00)" in caption(overlay("path"))


def test_the_path_is_thick_where_the_case_went_and_an_undone_step_is_not_on_it() -> None:
    root = overlay("path")
    assert shape(root, "way-care-intake-0").attrib["stroke-width"] == "4"
    assert shape(root, "way-care-intake-1").attrib["stroke"] == GREY
    assert "An entry was taken back once" in caption(root)
    assert "HERE NOW, since 2026-03-01 09:20" in label(root, "care-intake")


def test_what_was_not_entered_is_white_and_what_is_no_order_is_never_dimmed() -> None:
    root, plain = overlay("path"), Tree.fromstring(drawn()[1])
    home = shape(root, "state-care-home")
    assert (home.get("fill"), home.get("stroke"), home.get("opacity")) == ("#FFFFFF", GREY, None)
    for id in ("shown-state-care-watch", "to-shown-state-care-watch"):
        assert Tree.tostring(group(root, id)) == Tree.tostring(group(plain, id))
    safeguards = [text.get("fill") for text in group(root, "state-care-watch").iter(f"{{{SVG}}}text")]
    assert RED in safeguards


def test_a_path_that_leads_off_the_picture_says_where() -> None:
    svg = re.sub(r'(?s)<g id="state-care-treat".*?</g>', "", drawn()[1])
    assert "Steps that are not in this picture: 2 to 5. Treat" in caption(
        Tree.fromstring(overlaid(svg, path_of()))
    )


# --- what can still come --------------------------------------------------------------------------
def test_every_state_says_how_it_stands_and_ways_on_say_what_they_wait_for() -> None:
    root, label_of = overlay("standing"), pathway().facts["suspected"].label
    shown = marks(root)
    assert shown.count("YOU ARE HERE") == 2
    assert shown.count("possible") == len(list(states_of(pathway()))) - 4
    assert shown.count("closed now") == 1
    assert f"waits for {label_of}" in shown
    assert shown.count("waits") == 3  # the ways on
    assert f"The way 1 on: waits for {label_of}" in label(root, "care-intake")
    assert shape(root, "state-care-home").get("stroke") == GREY
    assert shape(root, "way-care-review-0").get("stroke") == GREY  # leads to what is closed


# --- coverage -------------------------------------------------------------------------------------
def test_coverage_counts_cases_at_states_and_ways_and_an_undone_step_was_reached_too() -> None:
    found = coverage()
    assert found.states["care", "treat"] == 2
    assert found.states["care", "other"] == 1
    assert (found.ways["care", "intake", 0], found.ways["care", "intake", 1]) == (2, 1)
    assert found.ways_never == (
        ("care", "urgency", 1), ("care", "watch", 0), ("care", "treat", 0),
        ("care", "review", 0), ("care", "review", 1), ("bystander", "idle", 0),
    )  # fmt: skip
    assert "never reached: 4. Watch" in set(found.never())


def test_what_no_case_reached_is_white_dashed_and_says_never() -> None:
    root = overlay("coverage")
    watch, treat = shape(root, "state-care-watch"), shape(root, "state-care-treat")
    assert (watch.get("fill"), watch.get("stroke"), watch.get("stroke-dasharray")) == ("#FFFFFF", RED, "6,3")
    assert treat.get("fill") == HEAT[4]
    assert marks(root).count("never") == 4 + 6  # states and ways
    assert "reached by 2 of 2 cases" in label(root, "care-treat")
    assert "5 of 9 states and 3 of 9 transitions were reached" in caption(root)


# --- flow -----------------------------------------------------------------------------------------
def test_the_flow_counts_moves_with_the_median_stay_before_them() -> None:
    found = flow()
    assert found.streams["care", "intake", 0] == Stream(3, 3, 15 * MINUTE)
    assert ("care", "intake", 1) not in found.streams  # undone
    assert found.pools["care", "treat"] == Pool(3, 2)
    assert found.returns == {("care", "intake"): 1}
    shown = marks(overlay("flow"))
    assert {"3 · 15 min", "3 · 0 s", "3 cases", "2 here now", "override: 1"} <= set(shown)


# --- findings -------------------------------------------------------------------------------------
def test_findings_stand_at_their_place_with_severity_code_and_count() -> None:
    root = overlay("findings")
    assert marks(root) == [
        "2 × ERROR dead-end", "NOT DECIDED gap",  # at the state
        "WARNING dose",  # at the state that calls for the action
        "ALLOWED dead-end",
        "ERROR dead-guard",  # at the line whose guard it is
    ]  # fmt: skip
    assert "error dead-end: TEST-014. Give it a way out" in label(root, "care-watch")
    assert "never TRUE" in label(root, "care-urgency")
    assert "3 × error, 1 × not decided, 1 × warning, 1 × info, 1 × allowed" in caption(root)
    assert "About no state or transition: 1 × info uncited" in caption(root)


def test_a_check_that_found_nothing_says_so() -> None:
    svg = overlaid(drawn()[1], findings_at(pathway(), []))
    assert "Findings of the check: none. The check found nothing to mark" in svg


def test_the_words_of_a_standing_are_those_of_the_terminal() -> None:
    assert [one.value for one in Standing] == list(LOOKS)
