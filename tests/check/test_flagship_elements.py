"""No element of the flagship can vanish unseen: against a matrix written for it, every gap shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.check.covering import REWRITE, coverage_findings
from pathway.check.elements import elements
from pathway.language.bundled import find_pathway
from pathway.language.gather import Gathered, gather
from tests.check.deletions import freshly_written, gathered_from, spots, without


@pytest.fixture(scope="module")
def flagship() -> Gathered:
    read = gather(Path(find_pathway("spinal-leptomeningeal-infection")))
    return gathered_from(read.data)


def test_an_element_taken_out_of_the_flagship_is_missed(
    flagship: Gathered, request: pytest.FixtureRequest
) -> None:
    """Every fifth in the suite, all of them under `make campaign`."""
    every = 1 if request.config.getoption("--hypothesis-profile", None) == "campaign" else 5
    kept, data = freshly_written(flagship), flagship.data
    assert [one.text for one in coverage_findings(flagship, kept) if one.fix == REWRITE] == []
    everything = list(spots(data))
    assert len(everything) == len(elements(flagship)) > 500
    for spot in everything[::every]:
        with without(spot):
            found = coverage_findings(gathered_from(data), kept)
        assert any(one.fix == REWRITE and one.severity == "error" for one in found), spot[1]
