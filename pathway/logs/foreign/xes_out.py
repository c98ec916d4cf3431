"""Our own logs as XES (IEEE 1849): names and times for process mining, and every field to read them back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import quoteattr

from pathway.engine import events as ev
from pathway.language.problems import visible
from pathway.logs.chain import Header
from pathway.logs.foreign.flat import AS_JSON, EVENT, HASH, HEADER, TIMES, Cell, Flat, flat_rows

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
 <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
 <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
 <global scope="trace">
  <string key="concept:name" value=""/>
 </global>
 <global scope="event">
  <string key="concept:name" value=""/>
  <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
  <string key="lifecycle:transition" value="complete"/>
 </global>
 <classifier name="Activity" keys="concept:name"/>
"""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xes(file: IO[bytes], cases: Iterable[tuple[Header, Sequence[ev.Event]]]) -> int:
    """Write logs as XES, one trace a case; how many events. Raises LogError."""
    count = 0
    file.write(HEAD.encode())
    for header, events in cases:
        for line in _trace(header, events):
            file.write(line.encode())
        count += len(events)
    file.write(b"</log>\n")
    return count


def _trace(header: Header, events: Iterable[ev.Event]) -> Iterator[str]:
    begun = False
    for event, row in flat_rows(header, events):
        if not begun:
            yield f' <trace>\n  <string key="concept:name" value={_quoted(visible(header.case))}/>\n'
            yield from _attributes(row, HEADER, "  ")
            begun = True
        yield "  <event>\n"
        yield from _mined(event, row)
        yield from _attributes(row, (*EVENT, HASH), "   ")
        yield "  </event>\n"
    if begun:
        yield " </trace>\n"


def _mined(event: ev.Event, row: Flat) -> Iterator[str]:
    """What process mining programs look for."""
    yield f'   <string key="concept:name" value={_quoted(visible(activity_of(event)))}/>\n'
    yield f'   <date key="time:timestamp" value="{row["at"]}"/>\n'
    yield '   <string key="lifecycle:transition" value="complete"/>\n'
    yield f'   <string key="org:resource" value={_quoted(visible(event.by))}/>\n'


def _attributes(row: Flat, names: Iterable[str], indent: str) -> Iterator[str]:
    for name in names:
        if name in row:
            yield f"{indent}{_attribute(name, row[name])}\n"


def _attribute(name: str, cell: Cell) -> str:
    if isinstance(cell, int):
        return f'<int key="{name}" value="{cell}"/>'
    if name in TIMES:
        return f'<date key="{name}" value="{cell}"/>'
    if _NO_XML.search(cell):
        return f'<string key="{name}{AS_JSON}" value={_quoted(json.dumps(cell))}/>'
    return f'<string key="{name}" value={_quoted(cell)}/>'


def _quoted(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def activity_of(event: ev.Event) -> str:
    """The activity of an event, for a process map: what was done, recorded or moved."""
    if isinstance(event, ev.ActionDone):
        return event.action
    if isinstance(event, ev.ActionDeclined):
        return f"{event.action} declined"
    if isinstance(event, ev.FactRecorded):
        return f"{event.fact} recorded"
    if isinstance(event, ev.FactRetracted):
        return f"{event.fact} retracted"
    if isinstance(event, ev.TransitionTaken):
        return f"{event.track}: {event.source} to {event.to}"
    return event.type
