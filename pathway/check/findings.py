"""What checking a definition finds: a code, how grave it is, where it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.circles import Spin
from pathway.language.problems import Place

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
    witness: Spin | None = None

    def render(self) -> str:
        """The finding as one line: `file:line:column: severity: text. fix. [code]`."""
        where = f"{self.place}: " if self.place is not None else ""
        return f"{where}{self.severity}: {self.text}. {self.fix}. [{self.code}]"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the pathway's statements something in it cites."""

    statements: int
    cited: int
    set_aside: int
