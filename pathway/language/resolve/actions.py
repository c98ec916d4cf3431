"""Resolving actions with their doses and schedules, safeguards, notices and claims."""

from __future__ import annotations

import re
from fractions import Fraction

from pathway.language import written
from pathway.language.calendar import parse_duration
from pathway.language.definition import (
    Action,
    Claim,
    DeedFact,
    Dose,
    Notice,
    Period,
    Safeguard,
    Schedule,
)
from pathway.language.expression import Kind
from pathway.language.resolve.context import Context, DataPath
from pathway.language.units import Unit, UnitError, multiply, same_dimension

MONTHS = {"mo": 1, "a": 12}


def resolve_evidence(context: Context) -> None:
    """Evidence guards come first: `done(A)` rests on them. They read facts only."""
    for name in context.written.actions:
        context.evidence_of(name)


def resolve_action(context: Context, name: str, action: written.Action) -> Action:
    path: DataPath = ("actions", name)
    return Action(
        name=name,
        title=action.title,
        type=action.type,
        text=action.text,
        course=action.course,
        orderable=action.orderable,
        records=tuple(_deed(context, (*path, "records", i), item) for i, item in enumerate(action.records)),
        evidence=context.evidence.get(name),
        doses=tuple(
            filter(None, (_dose(context, _dose_path(path, action, i), d) for i, d in enumerate(action.dose)))
        ),
        schedule=_schedule(context, (*path, "schedule"), action.schedule),
        takes=context.duration((*path, "takes"), action.takes),
        safety=action.safety,
        cites=context.cited(path, action.cites),
        layer=context.layer(path, action),
        place=context.place(path, key=True),
    )


def _dose_path(path: DataPath, action: written.Action, index: int) -> DataPath:
    return (*path, "dose", index) if len(action.dose) > 1 else (*path, "dose")


def _deed(context: Context, path: DataPath, item: written.Records) -> DeedFact:
    if context.named((*path, "fact"), item.fact, context.fact_types, "fact"):
        kind = context.fact_types[item.fact].kind
        if item.value is None and kind not in (Kind.INSTANT, Kind.DATE):
            context.refuse(
                (*path, "fact"),
                f"`{item.fact}` holds no time",
                "Add the value that says the action was done.",
            )
        if item.value is not None and item.value not in context.fact_types[item.fact].codes:
            context.named((*path, "value"), item.value, context.fact_types[item.fact].codes, "code")
    return DeedFact(item.fact, item.value, context.optional_guard((*path, "when"), item.when))


def _dose(context: Context, path: DataPath, dose: written.Dose) -> Dose | None:
    amount = context.amount((*path, "amount"), dose.amount)
    cap = None if dose.cap is None else context.amount((*path, "cap"), dose.cap)
    unit = context.unit((*path, "unit"), dose.unit)
    if amount is None or unit is None:
        return None
    _dose_dimensions(context, path, dose, amount[1], cap, unit)
    if dose.divided and not unit.text.endswith("/d"):
        context.refuse((*path, "divided"), f"Only a daily amount is divided, and this one is in {dose.unit}",
                       "Write the dose per day, such as mg/d.", key=True)  # fmt: skip
    if amount[0] <= 0 or (cap is not None and cap[0] <= 0):
        context.refuse((*path, "amount"), "A dose and its cap are more than zero")
    return Dose(
        amount_text=dose.amount,
        amount=amount[0],
        times=dose.times,
        cap=None if cap is None else cap[0],
        cap_text=dose.cap,
        unit=unit,
        route=dose.route,
        divided=tuple(
            _division(context, (*path, "divided", i, "every"), d.every) for i, d in enumerate(dose.divided)
        ),
        when=context.optional_guard((*path, "when"), dose.when),
        note=dose.note,
        cites=context.cited(path, dose.cites),
    )


def _division(context: Context, path: DataPath, text: str) -> int:
    seconds = context.duration(path, text) or 1
    if 86400 % seconds:
        context.refuse(path, f"a day does not divide into `{text}`", "Such as 6 h, 8 h, 12 h or 24 h.")
    return seconds


def _dose_dimensions(
    context: Context,
    path: DataPath,
    dose: written.Dose,
    amount: Unit,
    cap: tuple[Fraction, Unit] | None,
    unit: Unit,
) -> None:
    computed = amount
    if dose.times is not None and context.named((*path, "times"), dose.times, context.fact_types, "fact"):
        factor = context.fact_types[dose.times].unit
        if factor is None:
            context.refuse(
                (*path, "times"),
                f"`{dose.times}` is no quantity",
                "A dose is computed from a weight or area.",
            )
            return
        try:
            computed = multiply(amount, factor)
        except UnitError as error:
            context.refuse((*path, "times"), str(error), "A dose is computed from a weight or area.")
            return
    if not same_dimension(computed, unit):
        product = f"`{dose.amount}` times {dose.times}" if dose.times else f"`{dose.amount}`"
        fix = "Make the units agree, such as mg/kg/d times kg in mg/d."
        context.refuse((*path, "unit"), f"{product} is not in {dose.unit}", fix)
    if cap is not None and not same_dimension(cap[1], unit):
        context.refuse((*path, "cap"), f"The cap is not in {dose.unit}", "Write it in the unit of the dose.")


def _schedule(context: Context, path: DataPath, schedule: written.Schedule | None) -> Schedule | None:
    if schedule is None:
        return None
    periods: list[Period] = []
    if not schedule.periods:
        context.refuse((*path, "periods"), "A schedule has at least one period", "Write {times, per, for}.")
    for index, period in enumerate(schedule.periods):
        where: DataPath = (*path, "periods", index)
        per, months = _per(context, (*where, "per"), period.per)
        lasts = context.duration((*where, "for"), period.for_)
        if period.for_ is None and index + 1 < len(schedule.periods):
            context.refuse(where, "Only the last period may be open-ended", "Add for: LENGTH.")
        if period.times < 1:
            context.refuse((*where, "times"), "A period has at least one dose")
        if per == 0:
            context.refuse((*where, "per"), "Doses are given in some length of time, not in none")
        elif per is not None and lasts is not None and lasts % per:
            context.refuse((*where, "for"), f"`{period.for_}` is not a whole number of `{period.per}`")
        elif months is not None and lasts is not None:
            fix = f"Leave `for:` out, or count in weeks instead of `{period.per}`."
            context.refuse((*where, "for"), f"`{period.for_}` is no whole number of calendar months", fix)
        text = f"{period.times} in every {period.per}" + (f" for {period.for_}" if period.for_ else "")
        periods.append(Period(period.times, per, months, lasts, text))
    return Schedule(tuple(periods), schedule.note, context.cited(path, schedule.cites))


def _per(context: Context, path: DataPath, text: str) -> tuple[int | None, int | None]:
    number, _, unit = text.partition(" ")
    if unit in MONTHS and re.fullmatch(r"[1-9][0-9]{0,3}", number):
        return None, int(number) * MONTHS[unit]
    try:
        return parse_duration(text), None
    except ValueError as error:
        context.refuse(path, str(error))
        return None, 1


def resolve_safeguard(context: Context, name: str, safeguard: written.Safeguard) -> Safeguard:
    path: DataPath = ("safeguards", name)
    for index, action in enumerate(safeguard.action):
        context.named((*path, "action", index), action, context.actions, "action")
    when = context.guard((*path, "when"), safeguard.when)
    if safeguard.effect == "warn" and safeguard.unknown == "hold":
        context.refuse(
            (*path, "unknown"),
            "A safeguard that only warns does not hold",
            "Write effect: block, or unknown: warn.",
        )
    return Safeguard(
        name=name,
        actions=tuple(safeguard.action),
        when=when,
        effect=safeguard.effect,
        unknown=safeguard.unknown or ("hold" if safeguard.effect == "block" else "ask"),
        override=safeguard.override,
        severity=safeguard.severity,
        text=safeguard.text or when.english[:1].upper() + when.english[1:],
        cites=context.cited(path, safeguard.cites),
        layer=context.layer(path, safeguard),
        safety=safeguard.safety,
        place=context.place(path, key=True),
    )


def resolve_notice(context: Context, name: str, notice: written.Notice) -> Notice:
    path: DataPath = ("notices", name)
    for index, action in enumerate(notice.about):
        context.named((*path, "about", index), action, context.actions, "action")
    return Notice(
        name=name,
        text=notice.text,
        severity=notice.severity,
        when=context.optional_guard((*path, "when"), notice.when),
        about=tuple(notice.about),
        states=tuple(
            filter(None, (_state(context, (*path, "states", i), s) for i, s in enumerate(notice.states)))
        ),
        cites=context.cited(path, notice.cites),
        layer=context.layer(path, notice),
        safety=notice.safety,
        place=context.place(path, key=True),
    )


def _state(context: Context, path: DataPath, text: str) -> tuple[str, str] | None:
    track, dot, state = text.partition(".")
    if not dot:
        context.refuse(path, f"`{text}` names no state", "Write track.state.")
        return None
    if not context.named(path, track, context.states, "track"):
        return None
    return (track, state) if context.named(path, state, context.states[track], "state") else None


def resolve_claim(context: Context, name: str, claim: written.Claim) -> Claim:
    path: DataPath = ("claims", name)
    form = next(f for f in ("only", "never", "always", "before", "within") if getattr(claim, f) is not None)
    key, text = {
        "only": ("when", claim.when),
        "never": ("never", claim.never),
        "always": ("always", claim.always),
    }.get(form, ("", None))
    actions: tuple[str, ...] = ()
    if claim.only is not None:
        actions = (claim.only,)
        context.named((*path, "only"), claim.only, context.actions, "action")
    if claim.before is not None:
        actions = claim.before
        _before(context, (*path, "before"), claim.before)
    if claim.within is not None:
        actions = (claim.within.action, claim.within.of)
        context.named((*path, "within", "action"), claim.within.action, context.actions, "action")
        _check_start(context, (*path, "within", "of"), claim.within.of)
    return Claim(
        name=name,
        form=form,
        guard=context.optional_guard((*path, key), text),
        actions=actions,
        limit=context.duration((*path, "within", "limit"), claim.within.limit if claim.within else None),
        unless_overridden=claim.unless_overridden,
        cites=context.cited(path, claim.cites),
        layer=context.layer(path, claim),
        place=context.place(path, key=True),
    )


def _check_start(context: Context, path: DataPath, fact: str) -> None:
    """What a limit of time counts from has to be an instant."""
    known = context.named(path, fact, context.fact_types, "fact")
    if known and context.fact_types[fact].kind is not Kind.INSTANT:
        context.refuse(path, f"`{fact}` is no dateTime", "A limit counts from an instant.")


def _before(context: Context, path: DataPath, pair: tuple[str, str]) -> None:
    context.named((*path, 0), pair[0], context.actions, "action")
    if "." in pair[1]:
        _state(context, (*path, 1), pair[1])
    else:
        context.named((*path, 1), pair[1], context.actions, "action")
