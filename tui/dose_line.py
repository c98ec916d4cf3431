"""Doses and courses as lines of the screen, in the words that every reader gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pathway.engine import dose_words
from pathway.engine.dose_words import DoseLine
from pathway.engine.view import DoseView, ScheduleView
from tui.lines import Line


def dose_lines(dose: DoseView, asked: Mapping[str, str] | None = None, indent: int = 2) -> list[Line]:
    """The dose of an action, or what is needed to compute it. `asked` names facts in words."""
    return _indented(dose_words.dose_lines(dose, asked), indent)


def schedule_lines(schedule: ScheduleView, indent: int = 2) -> list[Line]:
    """Where a course of repeated doses stands."""
    return _indented(dose_words.schedule_lines(schedule), indent)


def _indented(lines: Iterable[DoseLine], indent: int) -> list[Line]:
    return [Line(one.text, one.lead, indent=indent + 2 * one.depth) for one in lines]
