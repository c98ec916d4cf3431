"""An excerpt shows some tracks, with all that concerns them, and says that it is one."""

from __future__ import annotations

import pytest

from diagrams.dot import dot_of
from diagrams.excerpt import excerpt
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal-leptomeningeal-infection"))


def test_an_excerpt_names_its_tracks_in_the_title_and_keeps_the_status(flagship: Definition) -> None:
    part = excerpt(flagship, ["emergency"])
    assert part.title.endswith("(excerpt: Emergency treatment)")
    assert part.stamp == flagship.stamp
    assert list(part.tracks) == ["emergency"]


@pytest.mark.parametrize("track", ["care", "emergency", "intrathecal", "stopping"])
def test_an_excerpt_keeps_every_action_with_its_safeguards(flagship: Definition, track: str) -> None:
    part = excerpt(flagship, [track])
    called = {do.action for state in flagship.tracks[track].states.values() for do in state.do}
    assert set(part.actions) == called
    against = {name for name, item in flagship.safeguards.items() if called & set(item.actions)}
    assert set(part.safeguards) == against
    assert "digraph" in dot_of(chart_of(part))


def test_an_unknown_track_is_refused_with_the_nearest_name(flagship: Definition) -> None:
    with pytest.raises(RenderError, match=r"no track 'emrgency'.*emergency"):
        excerpt(flagship, ["emrgency"])
