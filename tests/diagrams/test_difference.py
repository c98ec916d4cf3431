"""The chart of two versions at once: what was added, changed and removed, by sign, line and word."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from diagrams.difference.chart import difference_chart
from diagrams.difference.picture import difference_picture, draw_difference
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from diagrams.svg_text import SVG
from pathway.comparing.comparing import differences
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.vignettes.mutant_elements import mutants

ADDED, CHANGED, REMOVED = "#00694F", "#8A4B00", "#4B5563"
TEXT = Path(__file__).with_name("zeta.yaml").read_text("utf-8")
WATCH = TEXT[TEXT.index("      watch:\n") : TEXT.index("      treat:\n        title: Treat")]
OBSERVE = """\
      observe:
        title: Observe
        phase: treat
        kind: action
        do: [{action: oxygen}]
        next: [{to: treat, when: confusion}]
"""
EDITS = [
    (WATCH, OBSERVE),
    ("to: watch, when: otherwise", "to: observe, when: otherwise"),
    ("amount: 400 mg/d", "amount: 500 mg/d"),
    ("platelet_count < 40", "platelet_count <= 50"),
    ("to: review, when: done(altimycin)", "to: review, when: done(altimycin) and not shocked"),
    ("action: puncture, within: 90 min, when: not shocked", "action: oxygen"),
    ("1.3.0", "1.4.0"),
]


@cache
def _older() -> Definition:
    return definition_from_text(TEXT)


@cache
def _newer() -> Definition:
    text = TEXT
    for before, after in EDITS:
        assert before in text, before
        text = text.replace(before, after)
    return definition_from_text(text)


@pytest.fixture(scope="module")
def groups() -> dict[str, Tree.Element]:
    """The elements of one picture, by id."""
    root = Tree.fromstring(difference_picture(_older(), _newer(), "wasm"))
    return {group.get("id", ""): group for group in root.iter(f"{{{SVG}}}g")}


def _texts(group: Tree.Element) -> list[Tree.Element]:
    return group.findall(f"{{{SVG}}}text")


def _words(group: Tree.Element) -> str:
    return " ".join("".join(text.itertext()).strip() for text in _texts(group))


def _line(group: Tree.Element) -> tuple[str | None, str | None]:
    """Colour and dashes of the first shape of an element."""
    shape = next(child for child in group if child.tag.rpartition("}")[2] in ("path", "polygon"))
    return shape.get("stroke"), shape.get("stroke-dasharray")


def test_the_title_block_names_both_versions_and_stays_a_draft(groups: dict[str, Tree.Element]) -> None:
    words = _words(groups["chart"])
    assert f"new: zeta-fever 1.4.0 (draft), digest {_newer().digest[:12]}" in words
    assert f"old: zeta-fever 1.3.0 (draft), digest {_older().digest[:12]}" in words
    assert "DRAFT: not approved for clinical use" in words


def test_steps_carry_sign_line_and_word(groups: dict[str, Tree.Element]) -> None:
    added, changed, removed = (groups[f"state-care-{name}"] for name in ("observe", "treat", "watch"))
    assert _words(added).startswith("+ 4. Observe see D")
    assert _line(added) == (ADDED, None)
    assert _words(changed).startswith("≠ 5. Treat")
    assert _line(changed) == (CHANGED, None)
    assert _words(removed).startswith("− 10. Watch (was 4) see D")
    assert _line(removed) == (REMOVED, "6,4")
    assert {text.get("text-decoration") for text in _texts(removed)} == {"line-through"}
    assert _line(groups["state-care-intake"])[0] not in (ADDED, CHANGED, REMOVED)


def test_ways_carry_sign_line_and_number(groups: dict[str, Tree.Element]) -> None:
    assert _words(groups["way-care-treat-0"]).startswith("≠ Altimycin done and not")
    assert _line(groups["way-care-treat-0"])[0] == CHANGED
    assert _words(groups["way-care-urgency-1"]).startswith("+ otherwise (D")
    assert _words(groups["way-care-urgency-2"]).startswith("− otherwise (D")
    assert _line(groups["way-care-urgency-2"]) == (REMOVED, "6,4")


def test_only_the_removed_action_of_a_box_is_struck_through(groups: dict[str, Tree.Element]) -> None:
    looks = {
        "".join(text.itertext()).strip(): text.get("text-decoration")
        for text in _texts(groups["state-care-treat"])
    }
    assert looks["− Lumbar puncture"] == looks["within 90 min"] == "line-through"
    assert looks["≠ Altimycin"] is looks["+ Oxygen"] is looks["DOSE 500 mg per day, oral"] is None


def test_the_table_tells_every_difference_and_the_tooltip_those_of_its_element(
    groups: dict[str, Tree.Element],
) -> None:
    found = differences(_older(), _newer())
    (table,) = (one for one in difference_chart(_older(), _newer()).chart.tables if one.id == "differences")
    assert [(row[0], row[-1]) for row in table.rows] == [
        (f"D{number}", one.text) for number, one in enumerate(found, 1)
    ]
    assert "D1 D2 D3" in _words(groups["differences"])
    dose = next(number for number, one in enumerate(found, 1) if "500 mg/d, was 400 mg/d" in one.text)
    tooltip = groups["state-care-treat"].findtext(f"{{{SVG}}}title") or ""
    assert f"D{dose} Altimycin, dose 2: 500 mg/d, was 400 mg/d" in tooltip
    assert (groups["state-care-treat"].get("aria-label") or "").startswith("changed")


def test_equal_versions_are_drawn_without_any_mark() -> None:
    drawn, plain = difference_chart(_older(), _older()), chart_of(_older())
    assert drawn.chart.lanes == plain.lanes
    assert "differences" not in {table.id for table in drawn.chart.tables}


def test_whatever_differs_in_a_track_action_or_safeguard_is_marked_in_the_chart() -> None:
    called = {
        do.action for track in _older().tracks.values() for state in track.states.values() for do in state.do
    }
    for mutant in islice(mutants(_older()), 0, None, 5):
        drawn = difference_chart(_older(), mutant.definition)
        marked = {number for told in drawn.told.values() for number, _ in told.about}
        marked |= {number for row in drawn.rows.values() for told in row for number, _ in told.about}
        beside = mutant.section == "actions" and mutant.name not in called
        assert beside or "D1" in marked, mutant.id


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"]; evil [label="x', "a \u202eb &lt;i&gt;"])
def test_hostile_text_comes_out_as_text(text: str) -> None:
    action = replace(_newer().actions["altimycin"], title=text, text=text)
    hostile = replace(_newer(), title=text, actions={**_newer().actions, "altimycin": action})
    root = Tree.fromstring(difference_picture(_older(), hostile, "wasm"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "g", "title", "desc", "path", "polygon", "polyline", "ellipse", "text",
    }  # fmt: skip
    assert "\u202e" not in "".join(root.itertext())


def test_a_file_of_the_differences_has_its_dot_beside_it(tmp_path: Path) -> None:
    files = draw_difference(_older(), _newer(), tmp_path / "what-differs.svg", "wasm")
    assert [file.name for file in files] == ["what-differs.svg", "what-differs.dot"]
    with pytest.raises(RenderError, match=r"\.svg, \.png, \.dot"):
        draw_difference(_older(), _newer(), tmp_path / "what-differs.jpg")
