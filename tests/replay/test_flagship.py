"""The cases that come with the bundled pathways: stepped as `pathway run` steps them, their logs conform."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.cli.loading import step_timeline
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import FactRecorded, TransitionTaken
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import bundled_pathways
from pathway.language.load import load_definition
from pathway.replay.conformance import conformance_of_events
from tests.replay.plays import with_field

CASES = [
    pytest.param(case, id=f"{main.parent.name}-{case.stem}")
    for main in bundled_pathways()
    for case in sorted((main.parent / "cases").glob("*.yaml"))
]
COMPILED: dict[Path, CompiledPathway] = {}


def compiled_for(case: Path) -> CompiledPathway:
    """The pathway beside a case, compiled once."""
    main = case.parent.parent / "pathway.yaml"
    if main not in COMPILED:
        COMPILED[main] = compile_pathway(load_definition(main))
    return COMPILED[main]


@pytest.mark.parametrize("case", CASES)
def test_a_bundled_case_conforms(case: Path) -> None:
    compiled = compiled_for(case)
    events = [ran.case for ran in step_timeline(compiled, read_timeline(case))][-1].events
    outcome = conformance_of_events(events, compiled)
    assert outcome.divergence is None
    assert any(isinstance(event, TransitionTaken) for event in events)


@pytest.mark.parametrize("case", CASES)
def test_a_bundled_case_without_one_automatic_move_diverges(case: Path) -> None:
    compiled = compiled_for(case)
    events = [ran.case for ran in step_timeline(compiled, read_timeline(case))][-1].events
    automatic = [event for event in events if isinstance(event, TransitionTaken) and event.cause == "auto"]
    dropped = automatic[len(automatic) // 2]
    left = [event for event in events if event is not dropped]
    found = conformance_of_events(left, compiled).divergence
    assert found is not None
    assert found.class_ == "missing move"
    assert dropped.track in found.expected + found.logged


def test_one_changed_value_of_the_demonstration_case_is_found() -> None:
    case = next(one for main in bundled_pathways() for one in (main.parent / "cases").glob("demo.yaml"))
    compiled = compiled_for(case)
    events = [ran.case for ran in step_timeline(compiled, read_timeline(case))][-1].events
    read = {seq for event in events if isinstance(event, TransitionTaken) for seq in event.basis}
    truths = [
        event
        for event in events
        if isinstance(event, FactRecorded) and event.value == "true" and event.seq in read
    ]
    assert truths
    found = conformance_of_events(with_field(events, truths[0].seq, value="false"), compiled).divergence
    assert found is not None
    assert f"{truths[0].fact} = false" in found.why
