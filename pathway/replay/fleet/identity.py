"""What tells one replay from another: results are taken up again only by the very same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pathway

SOURCES = ("*.py", "*.lark")


def identity_of(engine: str, definitions: Sequence[str], mapping: bytes | None = None) -> str:
    """The identity of a replay by an engine, by definitions of these digests and the content of a mapping."""
    mapped = None if mapping is None else hashlib.sha256(mapping).hexdigest()
    return json.dumps(
        {"engine": engine, "program": _program(), "definitions": sorted(definitions), "mapping": mapped},
        sort_keys=True,
    )


@cache
def _program() -> str:
    """SHA-256 over the sources of this program: another version may find something else in a log."""
    room = Path(pathway.__file__).parent
    whole = hashlib.sha256()
    for file in sorted(file for pattern in SOURCES for file in room.rglob(pattern)):
        name = file.relative_to(room).as_posix()
        whole.update(hashlib.sha256(name.encode() + b"\0" + file.read_bytes()).digest())
    return whole.hexdigest()
