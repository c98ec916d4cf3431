"""What the screen of a case says above its keys, and the rows that it has for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.case_asking import CaseAsking
from tui.case_layout import MOST_MESSAGE, message_lines, shares
from tui.lines import Line, Tone, all_wrapped
from tui.sitting import Sitting
from tui.widgets.header import Deadlines, Warnings
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from tui.handover_screen import Save

FIXED_ROWS = 5  # header, the title of where it stands, keys


class CaseSaying(CaseAsking):
    """Shares the rows of a small window between the message, the answers and the panel."""

    def __init__(self, sitting: Sitting, save: Save | None = None) -> None:
        super().__init__(sitting, save)
        self._said: list[Line] = []
        self._most_choices: int | None = None

    @property
    def is_small(self) -> bool:
        return not self.has_class("-wide")

    def say(self, lines: Sequence[Line]) -> None:
        """A few lines above the keys; what has no room there is counted, and stands in the panels."""
        self._said = list(lines)
        self.share()

    def _rows_above(self) -> int:
        """The rows of what has as many as it needs: remark, warnings, due times, where the case stands."""
        lines = [line for name in ("#remark", "#now-lines") for line in self.query_one(name, LineView).lines]
        rows = len(all_wrapped(lines, self.size.width - 2))
        return rows + self.query_one(Warnings).height_in_rows + int(self.query_one(Deadlines).display)

    def share(self) -> None:
        """Show of the message what has room; in a small window the answers give way to it, not the panel."""
        is_small = self.is_small
        found = shares(self.size.height - self._rows_above() - FIXED_ROWS)
        is_refusal = bool(self._said) and self._said[0].tone is Tone.ALARM  # stands in no panel
        most = found.message if is_small and not is_refusal else MOST_MESSAGE
        self._limit_choices(found.choices if self._said and is_small else None)
        self.query_one("#message", LineView).show(
            message_lines(self._said, self.size.width - 2, most, self.key)
        )

    def _limit_choices(self, rows: int | None) -> None:
        """The answers have at most so many rows; they are laid out anew only where that is another number."""
        if rows != self._most_choices:
            self._most_choices = rows
            self.query_one("#choices").styles.max_height = rows
