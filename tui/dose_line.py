"""The one way doses are written: label and strength unbroken, no trailing zero, no abbreviation that kills.

Rules of the NHS Common User Interface for medication lines and of the ISMP list of error-prone notation:
DOSE in capitals before the amount, a space before the unit, a leading zero, no trailing zero, commas from
1,000, micrograms and units in full, rates in words.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from pathway.engine.view import DoseView, ScheduleView
from tui.lines import Line, unbroken

_SMALLER = {"kg": "g", "g": "mg", "mg": "ug", "ug": "ng", "L": "mL"}
_IN_FULL = {
    "ug": "micrograms", "mcg": "micrograms", "ng": "nanograms", "pg": "picograms", "uL": "microlitres",
    "umol": "micromoles", "um": "micrometres", "uSv": "microsieverts", "ueq": "microequivalents",
    "ukat": "microkatals", "U": "units", "kU": "thousand units", "mU": "milliunits",
    "[IU]": "international units", "k[IU]": "thousand international units",
    "m[IU]": "milli-international units", "u[IU]": "micro-international units",
    "d": "day", "h": "hour", "wk": "week", "mo": "month", "a": "year", "min": "minute", "m2": "m²",
    "10*9": "10^9", "mm[Hg]": "mmHg", "cm[H2O]": "cmH2O", "mm[H2O]": "mmH2O", "Cel": "°C", "%": "%", "1": "",
}  # fmt: skip
PRINTED = "the source prints:"
_TIMES = {"d", "h", "wk", "mo", "a", "min", "s"}
_INTERVALS = {
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "min": "minute",
    "a": "year",
    "s": "second",
}


def amount_text(amount: str | Decimal) -> str:
    """A number as it may stand before a unit: `4,000`, `0.5`, `15`. Floats and non-numbers are refused.

    >>> amount_text("4000.0"), amount_text(".50")
    ('4,000', '0.5')
    """
    if not isinstance(amount, str | Decimal):
        raise TypeError(f"a dose is exact decimal text, not {type(amount).__name__}")
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{amount!r} is not an amount")
    whole, _, part = f"{abs(number):f}".partition(".")
    part = part.rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{int(whole):,}" + (f".{part}" if part else "")


def unit_text(unit: str) -> str:
    """A UCUM unit in words that cannot be misread: `mg per day`, `micrograms per hour`, `mmol/L`.

    >>> unit_text("mg/kg/d"), unit_text("ug/h"), unit_text("mg/dL")
    ('mg/kg per day', 'micrograms per hour', 'mg/dL')
    """
    if re.fullmatch(r"\{.*\}", unit):
        return ""
    head, *rates = re.sub(r"\{[^}]*\}", "", unit).split("/")
    text = " ".join(_IN_FULL.get(part, part.replace("*", "^")) for part in head.split("."))
    for rate in rates:
        text += (
            f" per {_IN_FULL[rate]}"
            if rate in _TIMES and rate in _IN_FULL
            else f"/{_IN_FULL.get(rate, rate)}"
        )
    return text.strip()


def strength(amount: str, unit: str) -> str:
    """Amount and unit, unbroken: `4,000 mg per day`; below 1 in a smaller unit, `500 mg` not `0.5 g`."""
    number, unit = _without_small_decimals(Decimal(amount), unit)
    return unbroken(f"{amount_text(number)} {unit_text(unit)}".strip())


def quantity_text(text: str) -> str:
    """A written quantity such as `4 g/d` in the same form; text that is none stays as it is."""
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(\S+)\s*", text)
    return strength(found[1], found[2]) if found else text


def basis_text(basis: str) -> str:
    """How an amount came about, each quantity in the same form: `100 mg/kg per day x 45 kg`.

    >>> basis_text("2000 mg/d, at most 4 g/d").replace("\N{NO-BREAK SPACE}", " ")
    '2,000 mg per day, at most 4 g per day'
    """
    parts = re.split(r"( x |, at most )", basis)
    return "".join(quantity_text(part) for part in parts)


def interval_text(every: str) -> str:
    """`12 h` as `every 12 hours`, `1 d` as `every day`, `1 h 30 min` as `every 1 hour 30 minutes`."""
    found = re.findall(r"(\d+)\s*([a-z]+)", every)
    if not re.fullmatch(r"\s*(\d+\s*[a-z]+\s*)+", every) or any(unit not in _INTERVALS for _, unit in found):
        return f"every {every}"
    parts = [(int(count), _INTERVALS[unit]) for count, unit in found]
    if len(parts) == 1 and parts[0][0] == 1:
        return f"every {parts[0][1]}"
    return "every " + " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts)


def dose_lines(dose: DoseView, asked: dict[str, str] | None = None, indent: int = 2) -> list[Line]:
    """The dose of an action, or what is needed to compute it. `asked` names facts in words.

    A figure that is no order has no label DOSE and nothing in bold: it is what its source prints.
    """
    if not dose.orderable:
        return _printed_lines(dose, asked or {}, indent)
    if dose.amount is None or dose.unit is None:
        return [_not_computed(dose, asked or {}, indent)]
    route = dose.route or ""
    ceiling = f"at the ceiling of {quantity_text(dose.cap)}" if dose.capped and dose.cap else ""
    lead = unbroken("DOSE ") + strength(dose.amount, dose.unit)
    lines = [Line("  ".join(part for part in (route, ceiling) if part), lead, indent=indent)]
    lines += [_share(part.amount, part.unit, part.every, indent) for part in dose.divided]
    if dose.basis:
        lines.append(Line(f"from {basis_text(dose.basis)}", indent=indent + 2))
    if dose.note:
        lines.append(Line(dose.note, indent=indent + 2))
    return lines


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


def schedule_lines(schedule: ScheduleView, indent: int = 2) -> list[Line]:
    """Where a course of repeated doses stands."""
    given = f"{schedule.given} of {schedule.planned} given in this window; {schedule.given_in_all} in all"
    lines = [Line(f"{schedule.period}: {given}", "SCHEDULE", indent=indent)]
    if schedule.amount_in_fixed_periods:
        whole = (
            f"{schedule.planned_in_fixed_periods} doses, {quantity_text(schedule.amount_in_fixed_periods)}"
        )
        lines.append(Line(f"fixed periods in all: {whole}", indent=indent + 2))
    if schedule.open_ended:
        lines.append(Line("then until reviewed: no end is stated", indent=indent + 2))
    if schedule.note:
        lines.append(Line(schedule.note, indent=indent + 2))
    return lines


def _printed_lines(dose: DoseView, asked: dict[str, str], indent: int) -> list[Line]:
    if not dose.basis:
        return [_not_computed(dose, asked, indent)]
    figure = basis_text(dose.basis)
    lines = [Line(f"{PRINTED} {figure}{f', {dose.route}' if dose.route else ''}", indent=indent)]
    if dose.amount is None or dose.unit is None:
        lines.append(_not_computed(dose, asked, indent + 2, lead=""))
    elif _is_computed(dose):
        lines.append(Line(f"for this patient {strength(dose.amount, dose.unit)}", indent=indent + 2))
    parts = [f"{strength(one.amount, one.unit)} {unbroken(interval_text(one.every))}" for one in dose.divided]
    lines += [Line(f"read as {' or '.join(parts)}", indent=indent + 2)] if parts else []
    return [*lines, Line(dose.note, indent=indent + 2)] if dose.note else lines


def _is_computed(dose: DoseView) -> bool:
    return dose.basis != f"{dose.amount} {dose.unit}"


def _not_computed(dose: DoseView, asked: dict[str, str], indent: int, lead: str = "DOSE") -> Line:
    needs = ", ".join(asked.get(name, name) for name in dose.needs)
    reason = f"not computed: needs {needs}" if needs else dose.note or "not computed"
    return Line(reason, lead, indent=indent)


def _share(amount: str, unit: str, every: str, indent: int) -> Line:
    return Line(f"{strength(amount, unit)} {unbroken(interval_text(every))}", "given as", indent=indent + 2)


def _without_small_decimals(number: Decimal, unit: str) -> tuple[Decimal, str]:
    head, slash, rest = unit.partition("/")
    while number and abs(number) < 1 and head in _SMALLER:
        number, head = number * 1000, _SMALLER[head]
    return number, head + slash + rest
