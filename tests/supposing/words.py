"""What was found, as plain values that tests can name."""

from __future__ import annotations

from pathway.supposing.nearest import Nearest
from pathway.supposing.needed import Change

Facts = dict[str, tuple[str, str]]


def facts_of(change: Change) -> Facts:
    """The facts of a change: how the value is bound, and the value, lists joined."""
    joined = {
        one.fact: one.value if isinstance(one.value, str) else "|".join(one.value) for one in change.facts
    }
    return {one.fact: (one.bound, joined[one.fact]) for one in change.facts}


def sets_of(found: Nearest) -> list[frozenset[str]]:
    """The facts and deeds of each change, by name."""
    return [
        frozenset([*(one.fact for one in change.facts), *(one.action for one in change.deeds)])
        for change in found.changes
    ]
