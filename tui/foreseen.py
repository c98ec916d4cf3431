"""What an entry would raise, told before it is entered: it is tried on a copy of the case."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine.batch import Batch
from pathway.engine.view import WarningView
from tui.lines import Line, Tone, columns, cut
from tui.presenting import warning_line, warnings_in_order
from tui.session import EntryError
from tui.sitting import Sitting
from tui.what_if.supposed import Forkable

MOST_ALERTS = 3


def foreseen_lines(sitting: Sitting, batch: Batch, room: int | None = None) -> list[Line]:
    """Every alert of high severity that entering the batch would raise; those after the first few counted.

    `room` is how many columns each may take. None is told where the case cannot be copied, or refuses the
    entry: then entering it tells why.
    """
    raised = _raised(sitting, batch)
    lines = [warning_line(sitting.definition, one) for one in raised[:MOST_ALERTS]]
    lines = [replace(line, lead=f"THIS RAISES {line.lead}") for line in lines]
    if room is not None:
        lines = [replace(line, text=cut(line.text, room - columns(line.lead) - 1)) for line in lines]
    left = len(raised) - len(lines)
    return [*lines, Line(f"+{left} more", "THIS RAISES", Tone.ALARM)] if left else lines


def _raised(sitting: Sitting, batch: Batch) -> list[WarningView]:
    """What is warned of after the batch and would not be at the same instant without it."""
    if not isinstance(sitting.session, Forkable):
        return []
    with_it, without = sitting.session.fork(), sitting.session.fork()
    batch = replace(batch, at=max(batch.at, sitting.now))
    try:
        after = with_it.commit(batch).view
        old = {one.key for one in without.pass_time(batch.at, batch.recorded_at).view.warnings}
    except EntryError:
        return []
    return [one for one in warnings_in_order(after) if one.severity == "high" and one.key not in old]
