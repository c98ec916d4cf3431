"""An original made ready: checked, compiled, with stories that lead to its states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.seeding.editing import at, edited, written
from benchmarks.seeding.fault import Edit, Expected, Fault, Original, Path, expect
from benchmarks.seeding.originals import BUNDLED, case_stories, original
from benchmarks.seeding.patients import Library, explored, told_before
from benchmarks.seeding.showing import Tried, shows_broken
from pathway.engine.compiling import assemble
from pathway.language.definition import Claim, Definition, State
from pathway.language.load import definition_from_text
from pathway.language.problems import DefinitionError

BY_CONSTRUCTION = "by construction: "


@dataclass(slots=True)
class Bench:
    """One original. What takes long is made when it is first asked for."""

    original: Original
    definition: Definition
    _library: Library | None = None
    _edited: dict[Path, tuple[Any, Tried | None]] = field(default_factory=dict[Path, tuple[Any, Any]])

    @classmethod
    def of(cls, name: str) -> Bench:
        """The bench of an original. Raises DefinitionError."""
        found = original(name)
        return cls(found, definition_from_text(written(found.data)))

    @property
    def library(self) -> Library:
        if self._library is None:
            compiled = assemble(self.definition)
            self._library = (
                told_before(compiled, case_stories(self.original.name))
                if self.original.name in BUNDLED
                else explored(compiled)
            )
        return self._library

    @property
    def states(self) -> list[State]:
        return [state for track in self.definition.tracks.values() for state in track.states.values()]

    def text(self, path: Path) -> str:
        """The scalar at a path; empty where there is none."""
        found = at(self.original.data, path)
        return found if isinstance(found, str) else ""

    def tried(self, edit: Edit) -> Tried | None:
        """The pathway with the edit, ready to be run; None where it does not load any more."""
        known = self._edited.get(edit.path)
        if known is None or known[0] != (edit.value, edit.removes):
            known = ((edit.value, edit.removes), self._loaded(edit))
            self._edited = {edit.path: known}
        return known[1]

    def _loaded(self, edit: Edit) -> Tried | None:
        try:
            definition = definition_from_text(written(edited(self.original, edit)))
        except DefinitionError:
            return None
        return Tried(assemble(definition), self.library)

    def loads(self, edit: Edit) -> bool:
        return self.tried(edit) is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edit that may be a fault. `show` says how it is known to be one, and what is then expected."""

    kind: str
    edit: Edit
    before: str
    after: str
    show: Callable[[Bench], tuple[str, Expected] | None]

    def fault(self, bench: Bench) -> Fault | None:
        """The fault, or None where it does not load or was not shown to be one."""
        if not bench.loads(self.edit):
            return None
        shown = self.show(bench)
        if shown is None:
            return None
        why, expected = shown
        return Fault(self.kind, bench.original.name, self.edit, self.before, self.after, expected, why)

    def id(self, bench: Bench) -> str:
        """As that of its fault."""
        nothing = Expected(frozenset(), ())
        return Fault(self.kind, bench.original.name, self.edit, self.before, self.after, nothing, "").id


def constructed(why: str, expected: Expected) -> Callable[[Bench], tuple[str, Expected]]:
    """For a fault that is one whatever the patient."""
    return lambda bench: (BY_CONSTRUCTION + why, expected)


def state_path(track: str, state: str) -> Path:
    return ("tracks", track, "states", state)


def ways_path(state: State, index: int, *more: str) -> Path:
    return (*state_path(state.track, state.name), "next", index, *more)


def broken_claims(edit: Edit, claims: Iterable[Claim], extra: frozenset[str]) -> Callable[[Bench], Any]:
    """A fault because some patient breaks a claim, as seen by running the engine."""

    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        if tried is None:
            return None
        known = {name for name in extra if name in tried.definition.facts}
        leaves = frozenset(name for name in known if tried.definition.facts[name].recordable)
        now = [tried.definition.claims[claim.name] for claim in claims]
        broken = shows_broken(tried, now, leaves)
        if broken is None:
            return None
        name, seen = broken
        return f"the engine breaks {name}: {seen}", expect("claim-refuted", ("claims", name))

    return show
