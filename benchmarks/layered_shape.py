"""The shape of generated tracks: layers of states, each with a few ways into the layers below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from benchmarks.layered_facts import NOTHING

WIDTH = 4


@dataclass
class State:
    """A state with where its ways lead. `parent` is the first state that leads here, `reads` what its ways
    read, `action` what it calls for.

    `gate_of` is the action state whose deed is the only way in.
    """

    name: str
    kind: str
    degree: int
    layer: int
    targets: list[State] = field(default_factory=list["State"])
    parent: State | None = None
    gate_of: State | None = None
    reads: frozenset[str] = NOTHING
    action: str = ""


def layers_of(head: Sequence[str], size: int, draw: Random) -> list[list[State]]:
    """The states of a track in layers: single ones at the head, then four wide, two ends."""
    numbers = count()
    degree_of = {"idle": 1, "act": 2, "gate": 2, "decide": 3}
    layers = [
        [State(f"{kind}_{next(numbers)}", kind, degree_of[kind], layer)] for layer, kind in enumerate(head)
    ]
    left = size - len(head) - 2
    width = degree_of[head[-1]]
    while left:
        here = min(width, left)
        kinds = (draw.choices(("decide", "act", "enquire"), (5, 3, 2))[0] for _ in range(here))
        layer = len(layers)
        layers.append([State(f"{k}_{next(numbers)}", k, draw.choice((2, 3)), layer) for k in kinds])
        left, width = left - here, WIDTH
    layers.append([State(f"end_{next(numbers)}", "end", 0, len(layers)) for _ in range(2)])
    _joined(layers, draw)
    return layers


def _joined(layers: list[list[State]], draw: Random) -> None:
    """Lead from every state to the layers below, and to every state from some state."""
    for index, layer in enumerate(layers[:-1]):
        below = layers[index + 1]
        further = layers[index + 2] if index + 2 < len(layers) else []
        _gate(layer, below)
        free = [state for state in below if state.gate_of is None]
        for state in draw.sample(free, len(free)):
            open_ones = [one for one in draw.sample(layer, len(layer)) if len(one.targets) < one.degree]
            _lead(min(open_ones, key=lambda one: len(one.targets)), state)
        for state in layer:
            _fill(state, free, further, draw)


def _gate(layer: list[State], below: list[State]) -> None:
    """Have one state below, if there are four, that only the deed of an action state leads to."""
    givers = [state for state in layer if state.kind == "act" and state.degree == 2]
    fresh = [state for state in below if state.parent is None]
    if len(below) == WIDTH and givers and fresh and len(layer) > 1:
        fresh[0].gate_of = givers[0]
        _lead(givers[0], fresh[0])


def _lead(source: State, target: State) -> None:
    source.targets.append(target)
    target.parent = target.parent or source


def _fill(state: State, below: list[State], further: list[State], draw: Random) -> None:
    """Use up the ways of a state; some skip a layer, and all that would have no other target do."""
    while len(state.targets) < state.degree:
        near = [one for one in below if one not in state.targets]
        far = [one for one in further if one not in state.targets]
        if not near and not far:
            state.degree = len(state.targets)
            return
        _lead(state, draw.choice(far if far and (not near or draw.random() < 0.15) else near))
