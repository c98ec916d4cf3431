"""A definition whose every title and text is hostile, as no loader would let it through."""

from __future__ import annotations

from dataclasses import replace

from pathway.language.definition import Definition, State, Track
from tests.tui.support import HOSTILE, demo


def hostile_demo() -> Definition:
    """The demo pathway with `HOSTILE` in all it says."""
    plain = demo()
    return replace(
        plain,
        title=HOSTILE,
        phases={name: HOSTILE for name in plain.phases},
        sources={name: replace(one, text=HOSTILE) for name, one in plain.sources.items()},
        facts={name: replace(one, label=HOSTILE, ask=HOSTILE) for name, one in plain.facts.items()},
        actions={name: replace(one, title=HOSTILE, text=HOSTILE) for name, one in plain.actions.items()},
        safeguards={name: replace(one, text=HOSTILE) for name, one in plain.safeguards.items()},
        tracks={name: _hostile_track(one) for name, one in plain.tracks.items()},
    )


def _hostile_track(track: Track) -> Track:
    states = {name: _hostile_state(one) for name, one in track.states.items()}
    return replace(track, title=HOSTILE, states=states)


def _hostile_state(state: State) -> State:
    return replace(state, title=HOSTILE, text=HOSTILE)
