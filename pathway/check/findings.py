"""What checking a definition finds: a code, how grave it is, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathway.check.witness import Witness
from pathway.language.problems import Place, visible

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `state` is `track.state` where it is about one; `fix` says what to write instead."""

    code: str
    severity: str
    text: str
    fix: str
    place: Place | None = None
    state: str | None = None
    witness: Witness | None = None

    def render(self) -> str:
        """The finding as one line: `file:line:column: severity: text. fix. [code]`."""
        where = f"{self.place}: " if self.place is not None else ""
        return visible(f"{where}{self.severity}: {self.text}. {self.fix}. [{self.code}]")


@dataclass(frozen=True, slots=True)
class Undecided:
    """What could neither be proved nor refuted, and why: never a `fine`."""

    code: str
    about: str
    why: str
    place: Place | None = None
    state: str | None = None

    def render(self) -> str:
        """One line: where, what was asked, why there is no answer."""
        where = f"{self.place}: " if self.place is not None else ""
        return visible(f"{where}not decided: {self.about}. {self.why}. [{self.code}]")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements there are, how many something cites, and how many are set aside instead."""

    statements: int
    cited: int
    set_aside: int

    @property
    def accounted_for(self) -> int:
        return self.cited + self.set_aside


@dataclass(frozen=True, slots=True)
class Coverage:
    """What accounts for the statements of the encoded source, and for those of each layer."""

    encoded: Tally
    layers: Mapping[str, Tally]


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by how grave they are; those equally grave stay in their order."""
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))
