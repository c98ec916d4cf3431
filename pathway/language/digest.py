"""The digest of a definition: equal digests mean equal meaning (SEMANTICS rule 3)."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of(data: Any) -> str:
    """SHA-256, in hex, of the canonical JSON of a merged definition, its scalars as written."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def is_written_as(text: str, digest: str) -> bool:
    """Whether a merged definition, written as JSON, has this digest."""
    try:
        return digest_of(json.loads(text)) == digest
    except (ValueError, RecursionError):
        return False
