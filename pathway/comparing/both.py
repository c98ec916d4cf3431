"""The two versions side by side, with the words of both for facts, codes, actions and states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathway.comparing.renames import Renames, with_new_ids
from pathway.comparing.renaming import renamed_ids
from pathway.language.definition import OTHERWISE, Definition, Guard
from pathway.language.english import Names, english, in_words
from pathway.language.expression import Expression


@dataclass(frozen=True, slots=True)
class Both:
    """The older version under the ids of the newer one, the newer one, and how both are spoken.

    Where both have a word for a thing the newer one is used, so that only what is meant can differ.
    """

    old: Definition
    new: Definition
    renames: Renames
    names: Names

    @classmethod
    def of(cls, old: Definition, new: Definition) -> Both:
        renames = renamed_ids(old, new)
        moved = with_new_ids(old, renames)
        return cls(moved, new, renames, _names(moved, new))

    def spoken(self, node: Expression) -> str:
        """An expression in English."""
        return english(node, self.names)

    def guard(self, guard: Guard) -> str:
        """A guard in English."""
        return OTHERWISE if guard.expression is None else self.spoken(guard.expression)

    def fact(self, name: str) -> str:
        """The label of a fact."""
        return self.names.facts.get(name, in_words(name))

    def action(self, name: str) -> str:
        """The title of an action."""
        return self.names.actions.get(name, in_words(name))

    def actions(self, names: Iterable[str]) -> str:
        """The titles of actions, listed."""
        return listed([self.action(name) for name in names])


def listed(words: list[str], nothing: str = "nothing") -> str:
    """Words as `a, b and c`."""
    if len(words) < 2:
        return words[0] if words else nothing
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _names(old: Definition, new: Definition) -> Names:
    versions = (old, new)  # the later words overwrite the earlier
    return Names(
        facts={name: fact.label for one in versions for name, fact in one.facts.items()},
        codes=_codes(old, new),
        actions={name: action.title for one in versions for name, action in one.actions.items()},
        states={
            (track.name, state.name): state.title
            for one in versions
            for track in one.tracks.values()
            for state in track.states.values()
        },
    )


def _codes(old: Definition, new: Definition) -> dict[str, dict[str, str]]:
    names = [*old.facts, *new.facts]
    every = {name: [one.facts[name].values for one in (old, new) if name in one.facts] for name in names}
    return {
        name: {code: words for one in values for code, words in one.items()} for name, values in every.items()
    }
