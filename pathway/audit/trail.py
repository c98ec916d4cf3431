"""A log as a trail of lines: each event with its hash, the hash before it, and what it happened in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby

from pathway.audit.codes import CASE, DIGEST, DOMAIN_RESOURCE, MASTER_FILE, SYSTEM_OBJECT, Json
from pathway.audit.values import details, identified
from pathway.engine import events as ev
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition
from pathway.logs.chain import Chain, Header, Log


@dataclass(frozen=True, slots=True)
class Line:
    """An event with the hash of its line and of the line before it."""

    event: ev.Event
    hash: str
    before: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lines of a log have in common: its time zone, its case, its version of a pathway."""

    zone: tzinfo
    case: Json
    pathway: Json


def setting_of(log: Log, definitions: Mapping[str, Definition]) -> Setting:
    """The setting of a log; title and status are told where its definition is among those by digest."""
    timezone = _timezone(log.events)
    return Setting(_zone(timezone), _case(log.header, timezone), _pathway(log.header, definitions))


def steps(log: Log) -> Iterator[tuple[Line, ...]]:
    """The lines of the log, those of one recorded step together."""
    for _, group in groupby(_lines(log), key=lambda line: line.event.batch):
        yield tuple(group)


def _lines(log: Log) -> Iterator[Line]:
    chain = Chain.start(log.header)
    for event in log.events:
        before, chain = chain.head, chain.then(event)
        yield Line(event, chain.head, before)


def _timezone(events: Sequence[ev.Event]) -> str:
    return next((event.timezone for event in events if isinstance(event, ev.CaseOpened)), "UTC")


def _zone(timezone: str) -> tzinfo:
    try:
        return parse_zone(timezone)
    except ValueError:  # a log of another hand: its lines are told all the same, in UTC
        return parse_zone()


def _case(header: Header, timezone: str) -> Json:
    return {
        "what": identified(CASE, header.case),
        "type": SYSTEM_OBJECT,
        "role": DOMAIN_RESOURCE,
        "detail": details({"timezone": timezone, "continues": header.continues or ""}),
    }


def _pathway(header: Header, definitions: Mapping[str, Definition]) -> Json:
    definition = definitions.get(header.digest)
    known = {} if definition is None else {"title": definition.title}
    status = "not known to this export" if definition is None else definition.stamp or "approved"
    told = {"pathway": header.pathway, "version": header.version, **known, "status": status}
    layers = {"without_layers": list(header.without_layers)} if header.without_layers else {}
    return {
        "what": identified(DIGEST, header.digest, f"{header.pathway} {header.version} ({status})"),
        "type": SYSTEM_OBJECT,
        "role": MASTER_FILE,
        "detail": details({**told, **layers}),
    }
