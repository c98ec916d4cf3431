"""`pathway eval`: a guard over given facts: its value, why, and what could still change it."""

from __future__ import annotations

import argparse
import json
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

from pathway.cli.faults import UsageError
from pathway.cli.loading import compiled_for, existing
from pathway.cli.main import FINE
from pathway.engine.batch import FactEntry
from pathway.engine.readings import Readings
from pathway.engine.supposing import supposed
from pathway.language.ask import asked, spoken
from pathway.language.calendar import format_instant, parse_instant, parse_zone
from pathway.language.evaluate import as_text, judge, value_of
from pathway.language.expression import Expression, Kind
from pathway.language.nodes import Mapping, Node, Scalar, Sequence
from pathway.language.numbers import format_number
from pathway.language.source import read_source
from pathway.language.verdict import FactUse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathway", metavar="PATHWAY")
    parser.add_argument("guard", metavar="GUARD", help="a guard, or an expression with a value")
    parser.add_argument(
        "--facts", metavar="NAME=VALUE,...", default="", help="a list as a|b; unnamed facts are UNKNOWN"
    )
    parser.add_argument("--facts-file", metavar="FILE", help="the same as YAML or JSON")
    parser.add_argument("--at", metavar="TIME", help="what the clock says, ISO 8601; default: now")
    parser.add_argument("--timezone", default="UTC")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Evaluate and print."""
    compiled = compiled_for(options.pathway, None)
    expression = asked(compiled.definition, options.guard)
    entries = [*_pairs(options.facts), *_from_file(options.facts_file)]
    readings = supposed(compiled, entries, _instant(options), options.timezone)
    document = _evaluated(expression, readings)
    document["english"] = spoken(compiled.definition, expression)
    print(json.dumps(document, indent=1, ensure_ascii=False) if options.json else "\n".join(_lines(document)))
    return FINE


def _instant(options: argparse.Namespace) -> int:
    try:
        zone = parse_zone(options.timezone)
        return int(time.time()) if options.at is None else parse_instant(options.at, zone)
    except ValueError as error:
        raise UsageError(f"--at: {error}") from None


def _pairs(text: str) -> list[FactEntry]:
    entries: list[FactEntry] = []
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--facts: `{pair}` gives no value. Write NAME=VALUE, such as inr=1.4.")
        entries.append(FactEntry(name.strip(), value.strip()))
    return entries


def _from_file(path: str | None) -> list[FactEntry]:
    if path is None:
        return []
    root = read_source(existing(path))
    if not isinstance(root, Mapping):
        raise UsageError(f"{Path(path).name}: a facts file is a mapping of facts to values.")
    entries: list[FactEntry] = []
    for key, node in root.entries:
        if isinstance(node, Sequence):
            entries.append(FactEntry(key.text, tuple(_member(item, key.text) for item in node.items)))
        elif isinstance(node, Scalar) and not node.is_null:
            entries.append(FactEntry(key.text, node.text))
        else:
            raise UsageError(f"{node.place}: {key.text} has no plain value. Write one, or `unknown`.")
    return entries


def _member(node: Node, fact: str) -> str:
    """A member of a list: dropping one that is no plain text would make the list a shorter one."""
    if isinstance(node, Scalar) and not node.is_null:
        return node.text
    raise UsageError(f"{node.place}: a member of {fact} is no plain text. Write [a, b].")


def _evaluated(expression: Expression, readings: Readings) -> dict[str, Any]:
    if expression.type.kind is not Kind.BOOLEAN:
        return _value(expression, readings)
    ruling = judge(expression, readings)
    atoms = [
        {"text": atom.text, "value": atom.verdict.value, "reads": [_use(use, readings) for use in atom.uses]}
        for atom in ruling.atoms
    ]
    return {"value": ruling.verdict.value, "needs": list(ruling.needs), "atoms": atoms}


def _value(expression: Expression, readings: Readings) -> dict[str, Any]:
    outcome = value_of(expression, readings, 0)
    document: dict[str, Any] = {"value": "UNKNOWN", "needs": list(outcome.needs), "atoms": []}
    value, unit = outcome.value, expression.type.unit
    if isinstance(value, tuple):
        document["value"] = [str(member) for member in value]
    elif isinstance(value, Fraction):
        document["value"] = format_number(unit.from_base(value) if unit is not None else value)
        document["unit"] = unit.text if unit is not None else "1"
    elif expression.type.kind is Kind.INSTANT and isinstance(value, int):
        document["value"] = format_instant(value, readings.zone)
    elif value is not None:
        document["value"] = as_text(value)
    if outcome.why is not None:
        document["why"] = outcome.why
    return document


def _use(use: FactUse, readings: Readings) -> dict[str, Any]:
    found: dict[str, Any] = {"fact": use.fact, "value": use.value if use.value is not None else "unknown"}
    if use.unit is not None:
        found["unit"] = use.unit
    if use.at is not None:
        found |= {"at": format_instant(use.at, readings.zone), "by": use.by}
    return found | ({"why": use.why} if use.why is not None else {})


def _lines(document: dict[str, Any]) -> list[str]:
    unit = f" {document['unit']}" if document.get("unit") not in (None, "1") else ""
    lines = [f"{document['value']}{unit}   {document['english']}"]
    for atom in document["atoms"]:
        read = ", ".join(_read_words(use) for use in atom["reads"])
        lines.append(f"  {atom['value']:<8}{atom['text']}{f'   ({read})' if read else ''}")
    if document.get("why"):
        lines.append(f"  {document['why']}")
    if document["needs"]:
        lines.append(f"could still be changed by: {', '.join(document['needs'])}")
    return lines


def _read_words(use: dict[str, Any]) -> str:
    unit = f" {use['unit']}" if "unit" in use and use["unit"] != "1" else ""
    return f"{use['fact']} = {use['value']}{unit}"
