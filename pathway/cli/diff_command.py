"""`pathway diff`: what differs between two versions of a pathway, in clinical words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from pathway.cli.loading import load
from pathway.cli.main import FINDING, FINE
from pathway.comparing.comparing import differences
from pathway.comparing.difference import WEIGHTS, Difference, Kind, Weight
from pathway.language.definition import Definition
from pathway.language.problems import visible

SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.CHANGED: "≠", Kind.RENAMED: "≠"}
WEIGHT_WORDS = {
    Weight.CLINICAL: "clinically significant",
    Weight.CONTENT: "of sources, layers, status or claims",
    Weight.WORDING: "of wording only",
}
LEGEND = "+ added   − removed   ≠ changed or renamed; in each place the clinically significant first"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    which = "a bundled pathway's name, a file or a folder"
    parser.add_argument("old", metavar="OLD", help=f"the older version: {which}")
    parser.add_argument("new", metavar="NEW", help=f"the newer version: {which}")
    parser.add_argument("--json", action="store_true", help="the same as one JSON document")


def run(options: argparse.Namespace) -> int:
    """Print what differs. 0 where nothing does, 1 where something does."""
    old, new = load(options.old), load(options.new)
    found = differences(old, new)
    if options.json:
        print(json.dumps(diff_json(old, new, found), indent=1, ensure_ascii=False))
    else:
        print("\n".join(diff_lines(old, new, found)))
    return FINDING if found else FINE


def diff_lines(old: Definition, new: Definition, found: Sequence[Difference]) -> list[str]:
    """The differences by the place they belong to, the places with the weightiest first."""
    lines = [f"old: {_version(old)}", f"new: {_version(new)}"]
    if not found:
        alike = old.digest == new.digest
        return [*lines, "no differences" if alike else "no differences: written otherwise, it says the same"]
    lines.append(_counted(found))
    if old.version == new.version and found[0].weight is Weight.CLINICAL:
        lines.append(f"Both say that they are version {visible(new.version)}. Raise it with what it says.")
    for place in dict.fromkeys(one.place for one in found):
        lines += ["", place]
        lines += [f"  {_line(one)}" for one in found if one.place == place]
    return [*lines, "", LEGEND]


def diff_json(old: Definition, new: Definition, found: Sequence[Difference]) -> dict[str, Any]:
    """The same as a JSON document."""
    return {
        "old": _version_json(old),
        "new": _version_json(new),
        "counts": {weight.value: _count(found, weight) for weight in WEIGHTS},
        "differences": [_difference_json(one) for one in found],
    }


def _version(definition: Definition) -> str:
    stamp = "" if definition.stamp is None else f"  {definition.stamp}"
    return visible(f"{definition.id} {definition.version}, digest {definition.digest[:12]}{stamp}")


def _counted(found: Sequence[Difference]) -> str:
    counts = ((_count(found, weight), WEIGHT_WORDS[weight]) for weight in WEIGHTS)
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"{len(found)} {'difference' if len(found) == 1 else 'differences'}: {told}"


def _count(found: Sequence[Difference], weight: Weight) -> int:
    return sum(one.weight is weight for one in found)


def _line(one: Difference) -> str:
    return f"{one.weight.value:<8}  {SIGNS[one.kind]} {one.text}"


def _version_json(definition: Definition) -> dict[str, Any]:
    return {
        "pathway": definition.id,
        "version": definition.version,
        "status": definition.status,
        "digest": definition.digest,
        "title": definition.title,
    }


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "weight": one.weight.value,
        "path": ".".join(one.path),
        "place": one.place,
        "what": one.what,
        "text": one.text,
        "old": one.old,
        "new": one.new,
    }
