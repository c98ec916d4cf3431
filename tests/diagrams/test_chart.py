"""What a chart says of a definition, before it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagrams.arrange import columns, depth, ends
from diagrams.chart import Box, BoxKind, Chart, Column, EdgeKind, Table
from diagrams.from_definition import chart_of
from diagrams.shelves import paged, shelves
from diagrams.text import inert, span, wrapped
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text


def _boxes(chart: Chart) -> dict[str, Box]:
    return {box.id: box for lane in chart.lanes for box in lane.boxes}


def _cells(chart: Chart, table: str) -> list[tuple[str, ...]]:
    return [row for each in chart.tables if each.id == table for row in each.rows]


def test_the_demo_has_its_boxes_in_their_phases(demo: Definition) -> None:
    (lane,) = chart_of(demo).lanes
    drawn = [(group.title, [(box.number, box.kind.value) for box in group.boxes]) for group in lane.groups]
    assert drawn == [
        (None, [(None, "start")]),
        (demo.phases.get("suspected-infection", "suspected-infection"), [(1, "enquiry")]),
        (demo.phases.get("imaging-lp", "imaging-lp"), [(2, "action")]),
        (None, [(3, "end"), (4, "end"), (5, "end")]),
    ]


def test_the_demo_has_its_ways_in_written_order_with_their_guards(demo: Definition) -> None:
    (lane,) = chart_of(demo).lanes
    states = demo.tracks["care"].states
    assert [(edge.source, edge.target, edge.guard) for edge in lane.edges] == [
        ("start-care", "state-care-intake", ""),
        *(
            (f"state-care-{way.source}", f"state-care-{way.to}", way.when.english)
            for state in states.values()
            for way in state.next
        ),
    ]


def test_an_action_shows_its_deadline_and_its_safeguard(demo: Definition) -> None:
    (row,) = _boxes(chart_of(demo))["state-care-workup"].rows
    assert (row.deadline, row.title, row.lines) == ("within 4 h", "Lumbar puncture", ("! 1 safeguard: G1",))


def test_every_safeguard_stands_in_a_table_with_its_condition_and_effect(demo: Definition) -> None:
    ((number, name, on, when, effect, _, sources),) = _cells(chart_of(demo), "safeguards")
    assert (number, name, on) == ("G1", "lp_platelets", "Lumbar puncture")
    assert when == demo.safeguards["lp_platelets"].when.english
    assert effect == "blocks; unknown holds and asks; override: specialist"
    assert sources == "S90"


def test_an_unapproved_pathway_is_stamped_and_an_approved_one_is_not(demo: Definition) -> None:
    assert chart_of(demo).stamp == "DRAFT: not approved for clinical use"
    assert chart_of(replace(demo, status="approved")).stamp is None


def test_the_title_block_names_version_digest_and_layers(demo: Definition) -> None:
    chart = chart_of(demo)
    assert chart.subtitle == f"demo 1.0.0, digest {demo.digest[:12]}"
    assert "Sources, article: What the source article says (1)" in chart.remarks


def test_doses_are_written_with_factor_cap_route_and_division(zeta: Definition) -> None:
    first, _ = _boxes(chart_of(zeta))["state-care-treat"].rows
    assert first.lines[:4] == (
        "DOSE 20 mg/kg per day × weight, at most 2 g per day, IV",
        "divided: every 12 hours",
        "this dose: shock",
        "DOSE 400 mg per day, oral",
    )
    assert first.deadline == "within 60 min of arrival"
    assert "a course: goes on after its start" in first.lines
    assert "Notice N1" in first.lines


def test_a_long_guard_moves_into_a_numbered_table_whole(zeta: Definition) -> None:
    chart = chart_of(zeta)
    guard = zeta.tracks["care"].states["urgency"].next[0].when.english
    labels = [edge.label for edge in chart.lanes[0].edges if edge.source == "state-care-urgency"]
    assert labels == ["", "see T1", "otherwise"]
    assert _cells(chart, "conditions")[0] == ("T1", inert(guard))


def test_every_guard_of_a_transition_is_in_the_picture(zeta: Definition) -> None:
    chart = chart_of(zeta)
    tabled = {text for _, text in _cells(chart, "conditions")}
    edges = [edge for lane in chart.lanes for edge in lane.edges if edge.guard]
    assert len(edges) == sum(
        len(state.next) for track in zeta.tracks.values() for state in track.states.values()
    )
    assert [edge.id for edge in edges if edge.guard not in edge.label and edge.guard not in tabled] == []


def test_the_actions_of_a_decision_stand_beside_it_under_its_number(zeta: Definition) -> None:
    boxes = _boxes(chart_of(zeta))
    beside = boxes["calls-state-care-urgency"]
    assert boxes["state-care-urgency"].rows == ()
    assert (beside.number, beside.kind, [row.title for row in beside.rows]) == (3, BoxKind.CALLS, ["Oxygen"])


def test_only_a_way_back_is_drawn_as_one(zeta: Definition) -> None:
    edges = chart_of(zeta).lanes[0].edges
    assert [edge.label for edge in edges if edge.kind is EdgeKind.LOOP] == ["Treat again: not better"]


RETURNING = """\
pathway: returning
version: 1.0.0
title: Returning
status: approved
facts: {f: {ask: F, type: boolean}, g: {ask: G, type: boolean}}
tracks:
  care:
    start: a
    states:
      a: {kind: enquiry, next: [{to: b, when: f}, {to: c, when: g}, {to: d, when: not f}]}
      b: {kind: enquiry, next: [{to: a, when: f}]}
      c: {kind: enquiry, next: [{to: a, when: g}, {to: b, when: not g}]}
      d: {kind: enquiry, next: [{to: a, when: f}, {to: c, when: not f}]}
"""


def test_many_ways_back_to_one_step_become_links_that_name_it_on_both_sides() -> None:
    (lane,) = chart_of(definition_from_text(RETURNING)).lanes
    boxes = {box.id: box for box in lane.boxes}
    links = [edge for edge in lane.edges if edge.kind is EdgeKind.LINK]
    assert [edge.source for edge in links] == ["state-care-b", "state-care-c", "state-care-d"]
    assert {boxes[edge.target].title for edge in links} == {"back to 1. A"}
    assert "Also reached from 2, 3 and 4" in boxes["state-care-a"].lines
    assert EdgeKind.LOOP not in {edge.kind for edge in lane.edges}


def _table(name: str, rows: int, words: int) -> Table:
    return Table(name, name, (Column("a", 30),), tuple(("word " * words,) for _ in range(rows)))


def test_a_tall_table_is_continued_beside_itself_without_losing_a_row() -> None:
    tall = _table("tall", 400, 8)
    parts = paged((tall,))
    assert len(parts) > 1
    assert [row for part in parts for row in part.rows] == list(tall.rows)
    assert [part.title for part in parts[:2]] == ["tall", "tall, continued"]
    assert len({part.id for part in parts}) == len(parts)


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 40)), max_size=6))
def test_every_part_of_every_table_stands_on_exactly_one_shelf(sizes: list[tuple[int, int]]) -> None:
    tables = paged([_table(f"t{place}", rows, words) for place, (rows, words) in enumerate(sizes)])
    assert [name for row in shelves(tables) for name in row] == [table.id for table in tables]


def test_what_the_clinician_confirms_differs_from_what_happens_automatically(zeta: Definition) -> None:
    chart = chart_of(zeta)
    by_itself = {edge.id for lane in chart.lanes for edge in lane.edges if edge.automatic and edge.guard}
    assert by_itself == {"way-care-urgency-0", "way-care-urgency-1", "way-bystander-idle-0"}


def test_a_derived_fact_is_explained(zeta: Definition) -> None:
    ((name, value, when, sources),) = _cells(chart_of(zeta), "derived")
    assert (name, when, sources) == ("shock (shocked)", "whenever known", "S1")
    assert "90" in value


def test_the_dose_of_an_action_that_no_step_calls_for_is_told_all_the_same(zeta: Definition) -> None:
    ((title, order, words, sources),) = _cells(chart_of(zeta), "uncalled")
    assert (title, order, sources) == ("Betamycin as printed", "NOT AN ORDER", "A1 (supplement)")
    assert words == "the source prints: 15 mg, IM"


def test_what_is_no_order_stands_beside_its_state_and_says_so_before_its_figure(zeta: Definition) -> None:
    boxes = _boxes(chart_of(zeta))
    assert [row.title for row in boxes["state-care-watch"].rows] == ["Lumbar puncture"]
    beside = boxes["shown-state-care-watch"]
    (row,) = beside.rows
    assert (beside.number, beside.kind, row.title) == (4, BoxKind.SHOWN, "Gammamycin as printed")
    assert row.lines == (
        "NOT AN ORDER",
        "!! N2: Half of what others give. Do not order from it [supplement, grade 2: C1]",
        "!! N3 (while confusion): Never in a rash [supplement: A1, C1 grade 2]",
        "the source prints: 10 mg/kg per day × weight, IV",
        "Notice N4",
    )
    assert row.sources == "S2; C1 (supplement, grade 2)"


def test_a_state_without_anything_that_is_no_order_has_nothing_beside_it(demo: Definition) -> None:
    assert {box.kind for box in _boxes(chart_of(demo)).values()} == {
        BoxKind.START, BoxKind.ENQUIRY, BoxKind.ACTION, BoxKind.END,
    }  # fmt: skip


def test_notices_say_what_they_are_about(zeta: Definition) -> None:
    (number, severity, text, when, about, sources), *_ = _cells(chart_of(zeta), "notices")
    assert (number, severity, when, sources) == ("N1", "high", "always", "A1 (supplement)")
    assert text == "Halve the dose of altimycin in renal failure"
    assert about == "5. Treat; Altimycin"


def test_what_the_encoded_source_does_not_say_names_its_layer_and_grade(zeta: Definition) -> None:
    sources = [row[-1] for row in _cells(chart_of(zeta), "notices")]
    assert sources == ["A1 (supplement)", "C1 (supplement, grade 2)", "A1, C1 grade 2 (supplement)", "S2"]


def test_short_tracks_share_a_column_no_longer_than_the_longest(zeta: Definition) -> None:
    care, bystander = chart_of(zeta).lanes
    assert [[lane.id for lane in column] for column in columns((care, bystander, bystander))] == [
        ["track-care"],
        ["track-bystander", "track-bystander"],
    ]
    assert depth(bystander) == 3
    assert ends(bystander) == ("state-bystander-gone",)


def test_a_circle_of_ways_on_has_a_depth_too(zeta: Definition) -> None:
    bystander = chart_of(zeta).lanes[1]
    first, *_, last = bystander.boxes
    back = replace(bystander.edges[0], source=last.id, target=first.id)
    assert depth(replace(bystander, edges=(*bystander.edges, back, replace(back, target=last.id)))) == 3


@given(st.text(), st.integers(1, 60))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    assert " ".join(wrapped(text, width)) == inert(text)


@given(st.text())
def test_what_is_drawn_has_no_invisible_or_direction_changing_character(text: str) -> None:
    assert inert(text) == inert(inert(text))
    assert all(character.isprintable() or character == " " for character in inert(text))


@pytest.mark.parametrize("text", ["at most 2 g/d, IV", "within 15 min", "below 40 x10^9/L"])
def test_a_number_is_never_parted_from_its_unit(text: str) -> None:
    for width in range(1, 30):
        assert all(not line[-1].isdigit() for line in wrapped(text, width))


def test_the_number_of_a_page_or_step_stays_with_its_word() -> None:
    for width in range(1, 30):
        assert all(not line.endswith(("page", "step")) for line in wrapped("to step 4 on page 2a;", width))


@given(st.integers(1, 10**8))
def test_a_span_of_time_keeps_its_length(seconds: int) -> None:
    count, unit = span(seconds).split()
    assert int(count) * {"s": 1, "min": 60, "h": 3600, "d": 86400}[unit] == seconds
