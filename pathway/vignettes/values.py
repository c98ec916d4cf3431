"""Reading expected doses, schedules and facts; every number exact and in a unit that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo

from pathway.language.calendar import parse_duration
from pathway.language.definition import Action, Fact
from pathway.language.expression import Kind, Value
from pathway.language.nodes import Mapping, Node, Scalar, Sequence
from pathway.language.problems import visible
from pathway.language.units import Unit, parse_unit
from pathway.language.values import ValueRefused, read_value
from pathway.vignettes.amounts import read_amount, read_number
from pathway.vignettes.names import FACT, Names, fix_of
from pathway.vignettes.vignette import Amount, ExpectedDose, ExpectedFact, ExpectedSchedule

Refuse = Callable[[Node, str, str], None]

DOSE_KEYS = ("amount", "capped", "divided", "route", "needs")
COUNTS = ("given", "planned", "given_in_all", "planned_in_fixed_periods")
SCHEDULE_KEYS = ("period", *COUNTS, "amount_in_fixed_periods")


# --- facts --------------------------------------------------------------------------------------
def read_fact(node: Node, fact: Fact, zone: tzinfo, refuse: Refuse) -> ExpectedFact | None:
    """The value expected of a fact, in base units; times in the case's zone."""
    entered = _entered(node)
    if entered is None:
        refuse(node, f"`{fact.name}` takes one value", "Write the value, or `unknown` where there is none")
        return None
    if fact.unknown is not None and entered in ("unknown", fact.unknown):
        if entered == "unknown":
            text = f"{fact.name} is never absent: while undecided it shows `{fact.unknown}`"
            refuse(node, text, f"Write {fact.name}: {fact.unknown}")
        return ExpectedFact(None, shown=True)
    if entered == "unknown":
        return ExpectedFact(None)
    try:
        return ExpectedFact(_value(fact, entered, zone))
    except (ValueRefused, ValueError) as error:
        refuse(node, str(error), "")
        return None


def _entered(node: Node) -> str | tuple[str, ...] | None:
    if isinstance(node, Sequence):
        texts = tuple(item.text for item in node.items if isinstance(item, Scalar) and not item.is_null)
        return texts if len(texts) == len(node.items) else None
    return node.text if isinstance(node, Scalar) and not node.is_null else None


def _value(fact: Fact, entered: str | tuple[str, ...], zone: tzinfo) -> Value:
    if fact.type.kind is Kind.NUMBER and isinstance(entered, str):
        return read_number(fact, entered)
    return read_value(fact, entered, zone).value


# --- doses --------------------------------------------------------------------------------------
def read_dose(node: Node, action: Action, names: Names, refuse: Refuse) -> ExpectedDose | None:
    """The dose expected of an action: an amount, a mapping, or None for `none`."""
    if isinstance(node, Scalar) and node.text == "none":
        return None
    if not action.doses:
        refuse(node, f"{action.name} has no dose in this pathway", "Leave it out, or write `none`")
        return None
    if isinstance(node, Scalar):
        return ExpectedDose(amount=_amount(node, _units(action), refuse))
    keys = dict(_keys(node, DOSE_KEYS, f"The dose of {action.name}", refuse))
    if "needs" in keys and len(keys) > 1:
        refuse(node, "A dose that still needs something has no amount", "Write {needs: [fact, ...]} alone")
    return ExpectedDose(
        amount=_amount(keys["amount"], _units(action), refuse) if "amount" in keys else None,
        capped=_truth(keys["capped"], refuse) if "capped" in keys else None,
        route=_route(keys["route"], action, refuse) if "route" in keys else None,
        divided=_divided(keys["divided"], action, refuse) if "divided" in keys else None,
        needs=_needs(keys["needs"], names, refuse) if "needs" in keys else (),
    )


def _units(action: Action) -> list[Unit]:
    return [dose.unit for dose in action.doses]


def _amount(node: Node, units: Iterable[Unit], refuse: Refuse) -> Amount | None:
    """An amount in a unit that measures what one of the action's dose units does."""
    said = ""
    for unit in units:
        try:
            return read_amount(node.text if isinstance(node, Scalar) else "", unit)
        except ValueError as error:
            said = said or str(error)
    refuse(node, said, "")
    return None


def _truth(node: Node, refuse: Refuse) -> bool | None:
    if isinstance(node, Scalar) and node.text in ("true", "false"):
        return node.text == "true"
    refuse(node, "`capped` takes true or false", "Write capped: true")
    return None


def _route(node: Node, action: Action, refuse: Refuse) -> str | None:
    known = [dose.route for dose in action.doses if dose.route is not None]
    text = node.text if isinstance(node, Scalar) else ""
    if text in known:
        return text
    refuse(node, f"`{visible(text)}` is no route of {action.name}", fix_of(text, known))
    return None


def _divided(node: Node, action: Action, refuse: Refuse) -> dict[int, Amount] | None:
    if not isinstance(node, Mapping) or not node.entries:
        refuse(node, "`divided` maps an interval to the amount of one share", "Write {12 h: 2000 mg}")
        return None
    parts = [parse_unit(unit.text.removesuffix("/d")) for unit in _units(action)]
    found: dict[int, Amount] = {}
    for key, value in node.entries:
        amount = _amount(value, parts, refuse)
        try:
            every = parse_duration(key.text)
        except ValueError as error:
            refuse(key, str(error), "")
            continue
        if amount is not None:
            found[every] = amount
    return found


def _needs(node: Node, names: Names, refuse: Refuse) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else ()
    facts = [item for item in items if isinstance(item, Scalar)]
    if not facts or len(facts) < len(items):
        refuse(node, "`needs` is a list of facts", "Write needs: [weight_kg]")
    for fact in facts:
        fault = names.fault(fact.text, (FACT,))
        if fault is not None:
            refuse(fact, *fault)
    return tuple(fact.text for fact in facts)


# --- schedules ----------------------------------------------------------------------------------
def read_schedule(node: Node, action: Action, refuse: Refuse) -> ExpectedSchedule | None:
    """Where the schedule of an action is expected to stand, or None for `none`."""
    if isinstance(node, Scalar) and node.text == "none":
        return None
    if action.schedule is None:
        refuse(node, f"{action.name} has no schedule in this pathway", "Leave it out, or write `none`")
        return None
    keys = dict(_keys(node, SCHEDULE_KEYS, f"The schedule of {action.name}", refuse))
    counts = {name: _whole(keys[name], name, refuse) for name in COUNTS if name in keys}
    period = _whole(keys["period"], "period", refuse) if "period" in keys else None
    if period is not None and not 1 <= period <= len(action.schedule.periods):
        refuse(keys["period"], f"{action.name} has periods 1 to {len(action.schedule.periods)}", "Name one")
    units = [parse_unit(unit.text) for unit in _units(action)]
    total = keys.get("amount_in_fixed_periods")
    return ExpectedSchedule(period, counts, None if total is None else _amount(total, units, refuse))


def _whole(node: Node, what: str, refuse: Refuse) -> int:
    if isinstance(node, Scalar) and node.text.isascii() and node.text.isdigit() and len(node.text) < 10:
        return int(node.text)
    refuse(node, f"`{what}` takes a whole number", f"Write {what}: 1")
    return 0


def _keys(node: Node, known: tuple[str, ...], what: str, refuse: Refuse) -> Iterator[tuple[str, Node]]:
    if not isinstance(node, Mapping) or not node.entries:
        refuse(node, f"{what} is a mapping", f"Write some of: {', '.join(known)}")
        return
    for key, value in node.entries:
        if key.text in known:
            yield key.text, value
        else:
            refuse(key, f"{what} has no key `{visible(key.text)}`", fix_of(key.text, known))
