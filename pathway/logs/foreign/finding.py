"""What is told of a row of a foreign log, and what was passed over with good reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNKNOWN_ACTIVITY = "unknown activity"
UNREADABLE_ROW = "unreadable row"
REPEATED_ROW = "repeated row"
REFUSED_ROW = "refused row"
CUT_OFF = "cut off"
EMPTY_CASE = "empty case"

SETS_ASIDE = frozenset({UNREADABLE_ROW, REFUSED_ROW, CUT_OFF})


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that was not entered as it stands, by its line in the file; `case` is None where it has none."""

    case: str | None
    row: int
    class_: str
    expected: str
    logged: str
    why: str

    @property
    def sets_aside(self) -> bool:
        """Whether the case is not replayed: without this row it would be told wrongly."""
        return self.class_ in SETS_ASIDE


@dataclass(frozen=True, slots=True)
class Notes:
    """What of a log was passed over as its mapping says.

    `rows` counts all rows, `entered` those that became entries, `ignored` and `other_lifecycle` those passed
    over, by activity; `moved` are rows that stood behind a later one of their case. `never_filled` are
    columns of the mapping without any value.
    """

    rows: int
    entered: int
    moved: int
    ignored: Mapping[str, int]
    other_lifecycle: Mapping[str, int]
    never_filled: tuple[str, ...]
