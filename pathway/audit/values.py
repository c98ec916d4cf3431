"""Values as FHIR R4 writes them: strings, instants with their offset, details, references by identifier."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID, uuid5

from pathway.audit.codes import Json
from pathway.language.calendar import format_instant
from pathway.language.problems import visible

_NAMES = UUID("0b1f7c43-2f0e-5c5a-9a63-6c0a3f6f9d11")  # the name space of this project's resources
_LARGEST_OFFSET = timedelta(hours=14)


def string(text: str) -> str:
    """A text that FHIR takes and no terminal acts on: lines and tabs stay, other controls are escaped."""
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))


def instant(seconds: int, zone: tzinfo) -> str:
    """Seconds since 1970 UTC with date, time and offset of the zone.

    >>> instant(1772352000, UTC)
    '2026-03-01T08:00:00+00:00'
    """
    try:
        written = format_instant(seconds, zone)
    except ValueError:  # local time would lie outside the calendar
        written = format_instant(seconds, UTC)
    # FHIR knows offsets of whole minutes up to 14 hours; local mean times of old dates have seconds.
    offset = datetime.fromisoformat(written).utcoffset()
    whole = offset is not None and not offset.seconds % 60 and abs(offset) <= _LARGEST_OFFSET
    return written if whole else format_instant(seconds, UTC)


def details(values: Mapping[str, object]) -> list[Json]:
    """Named values as details of an entity: texts as they are, lists as JSON. An empty text is left out."""
    return list(_details(values))


def _details(values: Mapping[str, object]) -> Iterator[Json]:
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if text.strip():
            yield {"type": name, "valueString": string(text)}


def identified(system: str, value: str, display: str | None = None) -> Json:
    """A reference to what is no resource, by its identifier."""
    shown = {} if display is None else {"display": string(display)}
    if not value.strip():
        return shown or {"display": "not named"}
    return {"identifier": {"system": system, "value": string(value)}, **shown}


def resource_id(kind: str, line_hash: str) -> str:
    """The id of a resource about a log line: the same in every export of the same line."""
    return str(uuid5(_NAMES, f"{kind} {line_hash}"))


def full_url(resource: Json) -> str:
    return f"urn:uuid:{resource['id']}"
