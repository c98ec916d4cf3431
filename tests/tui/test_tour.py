"""The tour in docs/: pictures that are described and marked as a draft's, made with keys alone."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from docs.touring.course import Course, Plan
from docs.touring.typist import StuckError
from pathway.engine.compiling import compile_pathway
from pathway.engine.timeline import read_timeline
from tests.tui.support import demo

TOUR = Path(__file__).parents[2] / "docs" / "tour"
PICTURE = re.compile(r"!\[(.*)\]\((.+\.svg)\)")
STATUS = "not approved for clinical use"
COURSE = """
pathway: demo
case: short-course
timeline:
  - at: 2026-03-01T08:00
    facts: {suspected: true, platelet_count: unknown}
  - at: 2026-03-01T08:30
    facts: {platelet_count: 140}
    done: [lumbar_puncture]
"""
PLAN = Plan("short", "over", frozenset({"fact", "done"}))


def course_of(text: str, folder: Path) -> Course:
    """A course on the small pathway of these tests."""
    file = folder / "short.yaml"
    file.write_text(text, "utf-8")
    return Course(compile_pathway(demo()), read_timeline(file), PLAN, folder / "store")


def test_every_picture_of_the_tour_is_described_and_marked() -> None:
    named = PICTURE.findall((TOUR / "README.md").read_text("utf-8"))
    assert {name for _, name in named} == {file.relative_to(TOUR).as_posix() for file in TOUR.rglob("*.svg")}
    for alt, name in named:
        picture = (TOUR / name).read_text("utf-8").replace("&#160;", " ")
        assert STATUS in picture, name
        assert len(alt) > len(STATUS) + 40, name
        assert STATUS in alt, name


def test_a_course_keyed_in_ends_where_its_case_file_says(tmp_path: Path) -> None:
    course = course_of(COURSE, tmp_path)
    shown = asyncio.run(course.step())
    assert course.view.closed
    assert [track.state for track in course.view.tracks] == ["finished"]
    assert [deed.title for deed in course.view.done] == ["Lumbar puncture"]
    assert [keys for one in shown for keys in one.keys][-4:] == [
        "`2` Enter `1` Enter Enter",
        "Enter: Lumbar puncture DONE now",
        "`2` Enter Enter: on to Finished (Care)",
        "`e` `over` Enter Enter: the case is closed",
    ]


def test_what_the_screen_does_not_offer_stops_the_tour(tmp_path: Path) -> None:
    course = course_of("timeline: [{at: 2026-03-01T08:00, done: [lumbar_puncture]}]", tmp_path)
    with pytest.raises(StuckError, match=r"“Lumbar puncture” is not among the answers"):
        asyncio.run(course.step())
