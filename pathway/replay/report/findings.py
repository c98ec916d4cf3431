"""What a replay finds in a case: where its log stops following, and where care departed from the pathway."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pathway.language.verdict import FactUse, Reason


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a case was read: the log as it was named, the line in it where the case begins, and its id.

    A case begins with a header of `header_lines`; in a table with its first row.
    """

    log: str
    line: int = 1
    case: str = ""
    header_lines: int = 1

    @property
    def words(self) -> str:
        """The log, with the line where it holds more than one case."""
        return self.log if self.line == 1 else f"{self.log}:{self.line}"

    @property
    def named(self) -> str:
        """The log with its case, where it holds more than one."""
        return f"{self.words} (case {self.case})" if self.case else self.words


class Kind(Enum):
    """A divergence: the log does not follow from its facts. A departure: it does, and care did otherwise.

    A remark: something about the log that changes neither, such as a row that stands there twice.
    """

    DIVERGENCE = "divergence"
    DEPARTURE = "departure"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class GuardRead:
    """A guard as it stood at a finding: its text, TRUE, FALSE or UNKNOWN, and the values that it read.

    `name` is that of the safeguard, where it is the guard of one.
    """

    text: str
    verdict: str
    uses: tuple[FactUse, ...] = ()
    needs: tuple[str, ...] = ()
    name: str | None = None

    @classmethod
    def of(cls, reason: Reason, name: str | None = None) -> GuardRead:
        uses = tuple(dict.fromkeys(use for atom in reason.atoms for use in atom.uses))
        return cls(reason.text, reason.verdict.value, uses, reason.needs, name)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the pathway something was found, as far as that can be said."""

    track: str | None = None
    state: str | None = None
    action: str | None = None
    guard: GuardRead | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `seq` counts the events of the case from 1; 0 is its header.

    `late` is by how many whole seconds a deadline was missed, `row` the row of a foreign log.
    """

    kind: Kind
    origin: Origin
    seq: int
    class_: str
    expected: str
    logged: str
    why: str
    spot: Spot = Spot()
    late: int | None = None
    row: int | None = None

    @property
    def where(self) -> str:
        """`event 7`, `the header`, or the row of a foreign log."""
        if self.row is not None:
            return f"row {self.row}"
        return f"event {self.seq}" if self.seq > 0 else "the header"

    @property
    def line(self) -> int:
        """The line in the file, or the row of a foreign log."""
        if self.row is not None:
            return self.row
        return self.origin.line + max(self.seq - 1 + self.origin.header_lines, 0)
