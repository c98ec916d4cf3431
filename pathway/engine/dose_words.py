"""A dose, or where a course of doses stands, in words: the same on every screen, page and printout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathway.engine.view import DoseView, ScheduleView
from pathway.language.amounts import (
    NO_BREAK,
    PRINTED,
    basis_text,
    interval_text,
    quantity_text,
    strength,
    unbroken,
)


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One line: `lead` stands out before `text`; `depth` is 1 where it tells more of the line above."""

    text: str = ""
    lead: str = ""
    depth: int = 0

    @property
    def whole(self) -> str:
        """Lead and text, in which no line can break between a figure and its unit."""
        return " ".join(part for part in (self.lead, self.text) if part)

    @property
    def plain(self) -> str:
        """The same with plain spaces, for lines that are never broken."""
        return self.whole.replace(NO_BREAK, " ")


def dose_lines(dose: DoseView, asked: Mapping[str, str] | None = None) -> list[DoseLine]:
    """The dose of an action, or what is needed to compute it. `asked` names facts in words.

    A figure that is no order has no label DOSE and nothing in bold: it is what its source prints.
    """
    if not dose.orderable:
        return _printed_lines(dose, asked or {})
    if dose.amount is None or dose.unit is None:
        return [_not_computed(dose, asked or {})]
    route = dose.route or ""
    ceiling = f"at the ceiling of {quantity_text(dose.cap)}" if dose.capped and dose.cap else ""
    lead = unbroken("DOSE ") + strength(dose.amount, dose.unit)
    lines = [DoseLine("  ".join(part for part in (route, ceiling) if part), lead)]
    lines += [_share(part.amount, part.unit, part.every) for part in dose.divided]
    if dose.basis:
        lines.append(DoseLine(f"from {basis_text(dose.basis)}", depth=1))
    return [*lines, *_note(dose.note)]


def dose_phrase(dose: DoseView | None) -> str:
    """The dose in one unbroken phrase for a list of choices; empty where none is computed."""
    if dose is None or dose.amount is None or dose.unit is None:
        return ""
    amount = unbroken(strength(dose.amount, dose.unit) + (f" {dose.route}" if dose.route else ""))
    if dose.orderable:
        return unbroken(f"DOSE {amount}")
    return (
        f"{PRINTED} {basis_text(dose.basis)}, which is {amount}"
        if _is_computed(dose)
        else f"{PRINTED} {amount}"
    )


def schedule_lines(schedule: ScheduleView) -> list[DoseLine]:
    """Where a course of repeated doses stands."""
    given = f"{schedule.given} of {schedule.planned} given in this window; {schedule.given_in_all} in all"
    lines = [DoseLine(f"{schedule.period}: {given}", "SCHEDULE")]
    if schedule.amount_in_fixed_periods:
        whole = (
            f"{schedule.planned_in_fixed_periods} doses, {quantity_text(schedule.amount_in_fixed_periods)}"
        )
        lines.append(DoseLine(f"fixed periods in all: {whole}", depth=1))
    if schedule.open_ended:
        lines.append(DoseLine("then until reviewed: no end is stated", depth=1))
    return [*lines, *_note(schedule.note)]


def _printed_lines(dose: DoseView, asked: Mapping[str, str]) -> list[DoseLine]:
    if not dose.basis:
        return [_not_computed(dose, asked)]
    figure = basis_text(dose.basis)
    lines = [DoseLine(f"{PRINTED} {figure}{f', {dose.route}' if dose.route else ''}")]
    if dose.amount is None or dose.unit is None:
        lines.append(_not_computed(dose, asked, lead="", depth=1))
    elif _is_computed(dose):
        lines.append(DoseLine(f"for this patient {strength(dose.amount, dose.unit)}", depth=1))
    parts = [f"{strength(one.amount, one.unit)} {unbroken(interval_text(one.every))}" for one in dose.divided]
    lines += [DoseLine(f"read as {' or '.join(parts)}", depth=1)] if parts else []
    return [*lines, *_note(dose.note)]


def _note(text: str | None) -> list[DoseLine]:
    return [DoseLine(text, depth=1)] if text else []


def _is_computed(dose: DoseView) -> bool:
    return dose.basis != f"{dose.amount} {dose.unit}"


def _not_computed(dose: DoseView, asked: Mapping[str, str], lead: str = "DOSE", depth: int = 0) -> DoseLine:
    needs = ", ".join(asked.get(name, name) for name in dose.needs)
    reason = f"not computed: needs {needs}" if needs else dose.note or "not computed"
    return DoseLine(reason, lead, depth)


def _share(amount: str, unit: str, every: str) -> DoseLine:
    return DoseLine(f"{strength(amount, unit)} {unbroken(interval_text(every))}", "given as", depth=1)
