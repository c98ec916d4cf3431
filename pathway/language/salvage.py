"""What is left of a definition without its misshapen parts, so that the rest is checked as well."""

from __future__ import annotations

import copy
from typing import Any

from pydantic import ValidationError

from pathway.language import written
from pathway.language.refusals import DataPath, refusals

ROUNDS = 8
STAND_INS: dict[str, Any] = {
    "pathway": "unnamed",
    "version": "0.0.0",
    "title": "Untitled",
    "status": "draft",
    "tracks": {},
}


def salvage(data: dict[str, Any]) -> tuple[written.Pathway, frozenset[str]] | None:
    """The model of what has the right shape, and the ids that lost something; None where nothing is left.

    Taking one part out can leave another without a key that it needs, so this goes on for a few rounds.
    """
    rest = copy.deepcopy(data)
    gone: set[str] = set()
    for _ in range(ROUNDS):
        try:
            return written.Pathway.model_validate(rest, by_alias=True, by_name=False), frozenset(gone)
        except ValidationError as error:
            for refusal in refusals(error, rest, written.Pathway):
                gone |= _take_out(rest, refusal.path)
    return None


def _take_out(data: dict[str, Any], path: DataPath) -> set[str]:
    """Take a part out; of a list the whole, so that the places of its other members stay true."""
    if not path:
        for key, value in STAND_INS.items():
            data.setdefault(key, value)
        return set()
    inside: Any = data
    for index, key in enumerate(path):
        last = index == len(path) - 1
        if isinstance(inside, list):
            inside.clear()
            break
        if isinstance(inside, str) or key not in inside:
            break
        if last and index == 0 and key in STAND_INS:
            inside[key] = STAND_INS[str(key)]
        elif last:
            del inside[key]
        else:
            inside = inside[key]
    return {str(path[3] if path[0] == "tracks" and len(path) > 3 else path[1])} if len(path) > 1 else set()
