"""The cases that come with the bundled pathways: stepped as `pathway run` steps them, their logs conform."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, FactRecorded, TransitionTaken
from pathway.engine.playing import Ran, play_timeline
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
SAMPLED = 5
COMPILED: dict[Path, CompiledPathway] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every case in a campaign; every fifth, and those that tell a whole story, in the suite."""
    if "case" not in metafunc.fixturenames:
        return
    every = metafunc.config.getoption("--hypothesis-profile", None) == "campaign"
    sampled = [
        one for at, one in enumerate(CASES) if at % SAMPLED == 0 or "_" not in str(one.id).split("-", 1)[1]
    ]
    metafunc.parametrize("case", CASES if every else sampled)


def compiled_for(case: Path) -> CompiledPathway:
    """The pathway beside a case, compiled once."""
    main = case.parent.parent / "pathway.yaml"
    if main not in COMPILED:
        COMPILED[main] = compile_pathway(load_definition(main))
    return COMPILED[main]


def events_of(case: Path) -> list[Event]:
    """The log of a case; entries that are refused, as some cases expect, leave no line."""
    ran = [one for one in play_timeline(compiled_for(case), read_timeline(case)) if isinstance(one, Ran)]
    return list(ran[-1].case.events)


def test_a_bundled_case_conforms(case: Path) -> None:
    assert conformance_of_events(events_of(case), compiled_for(case)).divergence is None


def test_a_bundled_case_without_one_automatic_move_diverges(case: Path) -> None:
    events = events_of(case)
    automatic = [event for event in events if isinstance(event, TransitionTaken) and event.cause == "auto"]
    if not automatic:
        pytest.skip("nothing moves by itself in this case")
    dropped = automatic[len(automatic) // 2]
    left = [event for event in events if event is not dropped]
    found = conformance_of_events(left, compiled_for(case)).divergence
    assert found is not None
    assert found.class_ == "missing move"
    assert dropped.track in found.expected + found.logged


def test_one_changed_value_of_the_demonstration_case_is_found() -> None:
    case = next(one for main in bundled_pathways() for one in (main.parent / "cases").glob("demo.yaml"))
    compiled = compiled_for(case)
    events = events_of(case)
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
