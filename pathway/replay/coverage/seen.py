"""What cases have shown of a definition, as counts and sets that can be put together in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pathway.language.verdict import Verdict
from pathway.replay.coverage.decisions import Effect
from pathway.replay.coverage.places import Reached


@dataclass(slots=True)
class Seen:
    """By the key of each guard: in how many cases it was each verdict, and what its conditions showed.

    `triggered` counts the cases in which a safeguard was TRUE, `called_for` those in which one of its actions
    was called for at that moment. `sides` holds the thresholds of a guard, by number, and the sides touched.
    """

    reached: Reached
    verdicts: dict[str, Counter[Verdict]] = field(default_factory=dict[str, Counter[Verdict]])
    conditions: dict[str, set[tuple[int, Verdict]]] = field(
        default_factory=dict[str, set[tuple[int, Verdict]]]
    )
    effects: dict[str, set[Effect]] = field(default_factory=dict[str, set[Effect]])
    sides: dict[str, set[tuple[int, str]]] = field(default_factory=dict[str, set[tuple[int, str]]])
    triggered: Counter[str] = field(default_factory=Counter[str])
    called_for: Counter[str] = field(default_factory=Counter[str])

    def merge(self, other: Seen) -> None:
        """Add what other cases of the same definition have shown."""
        self.reached.merge(other.reached)
        self.triggered.update(other.triggered)
        self.called_for.update(other.called_for)
        for key, counts in other.verdicts.items():
            self.verdicts.setdefault(key, Counter()).update(counts)
        for key, found in other.conditions.items():
            self.conditions.setdefault(key, set()).update(found)
        for key, effects in other.effects.items():
            self.effects.setdefault(key, set()).update(effects)
        for key, sides in other.sides.items():
            self.sides.setdefault(key, set()).update(sides)
