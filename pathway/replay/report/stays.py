"""How long cases stay in a state, in whole seconds."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from pathway.engine import events as ev
from pathway.engine.memory import Memory

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stay:
    """The stays in one state that came to an end, and how many had not (`still`) when their log ended.

    `median` is the lower of the two in the middle of an even number; `p90` the shortest stay that nine of
    ten do not exceed. All four are None where no stay came to an end.
    """

    track: str
    state: str
    count: int
    least: int | None
    median: int | None
    p90: int | None
    most: int | None
    still: int


@dataclass(slots=True)
class Stays:
    """The stays of many cases."""

    _ended: dict[Place, array[int]] = field(default_factory=dict[Place, "array[int]"])
    _still: Counter[Place] = field(default_factory=Counter[Place])

    def add(self, memory: Memory) -> None:
        """Take in one case; what was undone does not count."""
        if memory.opened is None:
            return
        since = {track.name: (track.start, memory.opened.at) for track in memory.definition.tracks.values()}
        for move in memory.path:
            self._leave(move, since[move.track][1])
            since[move.track] = (move.to, move.at)
        self._still.update((track, state) for track, (state, _) in since.items())

    def _leave(self, move: ev.TransitionTaken, entered: int) -> None:
        self._ended.setdefault((move.track, move.source), array("q")).append(move.at - entered)

    def of(self, track: str, state: str) -> Stay:
        """The stays in one state."""
        ended = sorted(self._ended.get((track, state), ()))
        still = self._still[track, state]
        if not ended:
            return Stay(track, state, 0, None, None, None, None, still)
        count = len(ended)
        nine_of_ten = ended[(9 * count + 9) // 10 - 1]
        return Stay(track, state, count, ended[0], ended[(count - 1) // 2], nine_of_ten, ended[-1], still)
