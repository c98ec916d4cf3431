"""What became of a log that cannot be read: cut off, put in another order, repeated, mis-typed or changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import cast

from pathway.logs.chain import SCHEMA, SEMANTICS
from pathway.logs.problems import LogError
from pathway.logs.wire import canonical, event_from_object, parsed
from pathway.replay.divergence import (
    DUPLICATED,
    MISTYPED,
    OTHER_VERSION,
    TAMPERED,
    TRUNCATED,
    UNREADABLE,
    WRONG_ORDER,
)

Told = tuple[str, str]
Line = Mapping[str, object]


def damage_of(error: LogError, lines: Sequence[bytes], start: int = 1) -> Told:
    """The class of a damage, and what the lines around it add; `start` is the number of the first line.

    A line whose seal fits its content is as it was written: then it stands in the wrong place, or was written
    wrong. A line whose seal does not fit was changed afterwards.
    """
    index = (error.line or 1) - 1
    if error.torn:
        return TRUNCATED, ""
    if not lines:
        return UNREADABLE, ""
    earlier = lines[:index].index(lines[index]) if lines[index] in lines[:index] else None
    if earlier is not None:
        return DUPLICATED, f"It repeats line {start + earlier}."
    found = _object(lines[index])
    if found is None:
        return (MISTYPED if _is_object(lines[index]) else UNREADABLE), ""
    return _of_header(found, lines[0]) if index == 0 else _of_event(found, index, lines, start)


def _of_header(found: Line, line: bytes) -> Told:
    if found.get("type") != "header":
        missing = "It is an event: what stood before it is missing."
        return (TRUNCATED, missing) if _is_sealed(found) else (UNREADABLE, "")
    if (found.get("schema", SCHEMA), found.get("semantics", SEMANTICS)) != (SCHEMA, SEMANTICS):
        return OTHER_VERSION, ""
    return (MISTYPED if _is_sealed(found) and _is_as_written(found, line) else TAMPERED), ""


def _of_event(found: Line, index: int, lines: Sequence[bytes], start: int) -> Told:
    if not _is_sealed(found) or not _is_as_written(found, lines[index]):
        return TAMPERED, ""
    hashes = [(_object(line) or {}).get("hash") for line in lines]
    if found.get("prev") == hashes[index - 1]:
        return (WRONG_ORDER if _is_event(found) else MISTYPED), ""
    if found.get("prev") in hashes:
        after = start + hashes.index(found.get("prev"))
        return WRONG_ORDER, f"This line is whole and belongs after line {after}."
    return TAMPERED, "This line is whole, and the line before it is missing."


def _object(line: bytes) -> Line | None:
    try:
        return parsed(line)
    except LogError:
        return None


def _is_object(line: bytes) -> bool:
    """Whether a line is a JSON object, be it one with numbers that a log does not hold."""
    try:
        return isinstance(cast("object", json.loads(line.decode())), dict)
    except (ValueError, RecursionError):
        return False


def _is_event(found: Line) -> bool:
    try:
        event_from_object({key: value for key, value in found.items() if key not in ("prev", "hash")})
    except LogError:
        return False
    return True


def _is_as_written(found: Line, line: bytes) -> bool:
    """Whether a line is as this program writes it; another one has other blanks, line ends or keys."""
    return canonical(found) + b"\n" == line


def _is_sealed(found: Line) -> bool:
    """Whether the hash of a line fits its content, whatever stands before it."""
    previous = found.get("prev", "")
    rest = {key: value for key, value in found.items() if key != "hash"}
    try:
        text = str(previous).encode("ascii") + canonical(rest)
    except (LogError, UnicodeEncodeError):
        return False
    return hashlib.sha256(text).hexdigest() == found.get("hash")
