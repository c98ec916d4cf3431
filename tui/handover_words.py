"""The doses of a hand-over, written by the one formatter of doses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathway.engine.view import DoseView, ScheduleView
from tui.dose_line import dose_lines, schedule_lines
from tui.lines import Line


@dataclass(frozen=True, slots=True)
class DoseWords:
    """Doses and courses as plain texts, in which no line can break between a figure and its unit."""

    def dose(self, dose: DoseView, asked: Mapping[str, str]) -> tuple[str, ...]:
        return _texts(dose_lines(dose, dict(asked)))

    def schedule(self, schedule: ScheduleView) -> tuple[str, ...]:
        return _texts(schedule_lines(schedule))


def _texts(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(" ".join(part for part in (line.lead, line.text) if part) for line in lines)
