"""How much falls to `otherwise`: the share of all patients whom no named way takes, with one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from random import Random

from pathway.check.proofs.cells import Cell
from pathway.check.proofs.space import NO, Key, Patient, Space
from pathway.check.reading import states_of
from pathway.language.definition import Definition, State
from pathway.language.expression import Value
from pathway.language.problems import Place
from pathway.language.values import kept_text
from pathway.language.verdict import Verdict

COUNTED = 1_000  # combinations that are counted one by one if need be
MOST = 300  # looks at the guards of more combinations than that, before patients are drawn instead
DRAWN = 2_000
KEPT = 50  # parts that fall to `otherwise` among which the example is sought
OUT_OF_TIME = "the time given with --timeout was used up"
Part = Mapping[Key, Cell]


@dataclass(frozen=True, slots=True)
class Example:
    """A patient whom no named way takes: what is on record, as it is typed, and where other tracks stand.

    `decisive` are the names of what decides it; the others might be anything.
    """

    facts: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    done: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    decisive: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherwiseShare:
    """What falls to the `otherwise` of a state `track.state`: a share of 0 to 1, or None and `why` not.

    It is a share of all combinations of what the guards read, everything known, each fact weighed evenly over
    its declared values. One that is not `exact` is an estimate, never 0 or 1.
    """

    state: str
    share: Fraction | None
    exact: bool
    example: Example | None = None
    why: str | None = None
    place: Place | None = field(default=None, compare=False)


def otherwise_shares(
    definition: Definition, seed: int, out_of_time: Callable[[], bool] = lambda: False
) -> tuple[OtherwiseShare, ...]:
    """For each state with a way `otherwise`, in the order of the definition; `seed` is for what is drawn."""
    states = (one for one in states_of(definition) if any(way.when.is_otherwise for way in one.next))
    return tuple(_timely(definition, state, seed, out_of_time) for state in states)


def _timely(
    definition: Definition, state: State, seed: int, out_of_time: Callable[[], bool]
) -> OtherwiseShare:
    name = f"{state.track}.{state.name}"
    place = next((way.when.place for way in state.next if way.when.is_otherwise), None) or state.place
    if out_of_time():
        return OtherwiseShare(name, None, False, None, OUT_OF_TIME, place)
    space = Space.of(definition, state)
    if space.unbounded is not None:
        why = f"nothing declared bounds {space.unbounded}"
        return OtherwiseShare(name, None, False, None, why, place)
    found = _Count(space)
    share = found.counted()
    exact = share is not None
    if share is None:
        found.parts.clear()
        share = found.drawn(Random(seed))
    return OtherwiseShare(name, share, exact, found.example(), None, place)


class _TooManyError(Exception):
    """More has to be looked at than is worth the while."""


@dataclass(slots=True)
class _Count:
    """Sets one thing after the other until every named way is FALSE, or one is TRUE."""

    space: Space
    parts: list[Part] = field(default_factory=list[Part])
    share: Fraction = Fraction(0)
    looks: int = 0

    def counted(self) -> Fraction | None:
        """The share, exactly, or None where that takes too long."""
        sizes = [dial.size for dial in self.space.dials.values()]
        few = all(sizes) and prod(sizes) <= COUNTED
        try:
            self._set({}, Fraction(1), None if few else MOST)
        except _TooManyError:
            return None
        return self.share

    def _set(self, part: Part, weight: Fraction, most: int | None) -> None:
        """Go through a part of all patients, who weigh so much."""
        key = next((one for one in self.space.first if one not in part), None)
        if key is None:
            self.looks += 1
            patient = self._patient(part)
            verdict = patient.taken()
            if verdict is Verdict.TRUE:
                return
            if verdict is Verdict.FALSE:
                self.share += weight
                self._keep(part)
                return
            key = next((("fact", name) for name in patient.needs()), None)
            if key is None:
                return  # UNKNOWN though everything is known: nobody takes this patient
        if most is not None and (self.looks > most or not self.space.dials[key].size):
            raise _TooManyError
        for cell in self.space.dials[key].cells():
            self._set({**part, key: cell}, weight * cell.weight, most)

    def _patient(self, part: Part) -> Patient:
        return Patient(self.space, {key: cell.low for key, cell in part.items()})

    def _keep(self, part: Part) -> None:
        if len(self.parts) < KEPT:
            self.parts.append(part)

    def drawn(self, random: Random) -> Fraction:
        """About the share, from patients who are drawn; by the rule of succession, never 0 or 1."""
        hits = 0
        for _ in range(DRAWN):
            part = {key: dial.draw(random) for key, dial in self.space.dials.items()}
            if self._patient(part).taken() is Verdict.FALSE:
                hits += 1
                self._keep(part)
        return Fraction(hits + 1, DRAWN + 2)

    # --- one of them ----------------------------------------------------------------------------
    def example(self) -> Example | None:
        """A patient beside one whom a named way takes, if there is one; the first one if not."""
        for part in self.parts:
            for values in self._at_ends(part):
                return self._told(values, part)
        return self._told(self._completed(self.parts[0]), self.parts[0]) if self.parts else None

    def _at_ends(self, part: Part) -> Iterator[dict[Key, Value]]:
        """Patients of a part who are one step from a named way."""
        for key, cell in part.items():
            for here, there in self.space.dials[key].beside(cell):
                values = self._completed(part)
                if Patient(self.space, {**values, key: there}).taken() is Verdict.TRUE:
                    yield {**values, key: here}

    def _completed(self, part: Part) -> dict[Key, Value]:
        return {
            key: (part[key] if key in part else next(iter(dial.cells()))).low
            for key, dial in self.space.dials.items()
        }

    def _told(self, values: Mapping[Key, Value], part: Part) -> Example:
        named = [(what, name, value) for (what, name), value in values.items()]
        said = [(what, name) for what, name, value in named if what not in ("fact", "state") and value != NO]
        return Example(
            tuple((name, self._text(name, value)) for what, name, value in named if what == "fact"),
            tuple(name for what, name in said if what == "done"),
            tuple(name for what, name in said if what == "declined"),
            tuple(name for what, name in said if what == "recorded"),
            tuple((name, str(value)) for what, name, value in named if what == "state"),
            tuple(key for key in values if key in part),
        )

    def _text(self, name: str, value: Value) -> str | tuple[str, ...]:
        if isinstance(value, tuple):
            return tuple(map(str, value))
        return kept_text(self.space.definition.facts[name], value)
