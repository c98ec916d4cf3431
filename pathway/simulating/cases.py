"""One simulated case: opened, looked after and closed by chance, each step taken by the real engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from pathway.engine.batch import Batch
from pathway.engine.case import Case, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.view import View
from pathway.logs.chain import Header, log_lines
from pathway.simulating.chance import Chance
from pathway.simulating.staff import BY, DAY, MINUTE, Staff
from pathway.simulating.values import Values

FIRST = 1_767_225_600  # 1 January 2026, 00:00 UTC
YEAR = 365 * DAY
FEWEST, MORE = 3, 14  # entries of a case
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York")
LABEL = "SIMULATED: no patient"


@dataclass(slots=True)
class Simulator:
    """Simulates the cases of one cohort; a case depends on the seed and its own number alone.

    `missing` is how many percent of the facts of a case nobody knows.
    """

    compiled: CompiledPathway
    seed: int
    missing: int
    _values: Values = field(init=False)

    def __post_init__(self) -> None:
        self._values = Values(self.compiled.definition)

    def case(self, number: int) -> Case:
        """The case of this number, from 1."""
        chance = Chance(f"{self.seed}/{number}")
        at = FIRST + chance.below(YEAR // MINUTE) * MINUTE
        name = f"simulated-{self.seed}-{number:09d}"
        case, step = open_case(self.compiled, name, at, BY, at, chance.of(ZONES), LABEL)
        staff, view = Staff(self._values, chance, self.missing), step.view
        for _ in range(FEWEST + chance.below(MORE)):
            at = staff.next_at(view)
            view = _entered(case, staff.next_batch(case, view, at), view)
            if self._is_over(view):
                break
        if self._is_over(view) and chance.percent(50):
            _entered(case, Batch(case.now, BY, case.now, close="simulated: over"), view)
        return case

    def log(self, number: int) -> bytes:
        """The log of a case, as a file of JSON lines holds it."""
        case = self.case(number)
        return b"".join(log_lines(_header(case), case.events))

    def _is_over(self, view: View) -> bool:
        tracks = self.compiled.definition.tracks
        return all(tracks[one.track].states[one.state].kind == "end" for one in view.tracks)


def _entered(case: Case, batch: Batch, view: View) -> View:
    """The view after an entry; the one before it where the entry was refused, and left no trace."""
    try:
        return case.commit(batch).view
    except EntryError:
        return view


def _header(case: Case) -> Header:
    definition = case.compiled.definition
    return Header(
        pathway=definition.id,
        version=definition.version,
        digest=definition.digest,
        case=case.id,
        without_layers=tuple(sorted(definition.layers.keys() - case.compiled.layers)),
    )
