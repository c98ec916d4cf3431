"""The flowchart in words: the states of each track that moved, passed, present or not reached."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.engine.view import TrackView
from pathway.handover.content import Outline, Step, Taken
from pathway.handover.reading import Reading

HERE, PASSED, OPEN = "here", "passed", "open"


def outlines(reading: Reading) -> tuple[Outline, ...]:
    """One for each track that moved, in written order."""
    moved = {step.track for step in reading.view.path}
    return tuple(_outline(reading, track) for track in reading.view.tracks if track.track in moved)


def _outline(reading: Reading, track: TrackView) -> Outline:
    states = reading.definition.tracks[track.track].states
    steps = tuple(_step(reading, track, name) for name in states)
    return Outline(track.track, track.title, steps, tuple(_taken(reading, track.track)))


def _taken(reading: Reading, track: str) -> Iterator[Taken]:
    """Each way once, with every time at which it was taken."""
    times: dict[tuple[str, int], list[str]] = {}
    for step in reading.view.path:
        ways = reading.definition.tracks[step.track].states[step.source].next
        found = next((way for way in ways if way.to == step.to and way.when.text == step.guard), None)
        if step.track == track and found is not None:
            times.setdefault((step.source, found.index), []).append(reading.time(step.at))
    for (source, index), at in times.items():
        yield Taken(source, index, f"taken {', '.join(at)}")


def _step(reading: Reading, track: TrackView, state: str) -> Step:
    title = reading.state(track.track, state)
    if state == track.state:
        return Step(state, title, HERE, f"HERE NOW, since {reading.time(track.entered_at)}")
    left = [step.at for step in reading.view.path if step.track == track.track and step.source == state]
    if not left:
        return Step(state, title, OPEN, "not reached")
    times = ", ".join(reading.time(at) for at in left)
    return Step(state, title, PASSED, f"passed, left {times}")
