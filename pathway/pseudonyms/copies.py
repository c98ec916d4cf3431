"""A log told under pseudonyms: the same events, the same verdicts, sealed anew, and nobody named in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from types import MappingProxyType

from pathway.engine import events as ev
from pathway.engine.moving import SYSTEM
from pathway.language.calendar import parse_zone
from pathway.language.definition import Definition
from pathway.language.problems import Fault, visible
from pathway.logs.chain import Chain, Header, Log
from pathway.pseudonyms.key import Key
from pathway.pseudonyms.texts import FactTexts

LEFT_OUT = "[text left out]"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,79}(:[a-z0-9_]{1,80}){0,3}")


class PseudonymError(Fault):
    """A log cannot be told under pseudonyms; says why and what to do, and nothing of the case."""


class Copies:
    """Tells one log after the other under pseudonyms, as `pseudonymised` tells each.

    Where a case was moved to another version its logs come in order, and the copy of the later one continues
    the copy of the earlier one.
    """

    def __init__(
        self, key: Key, definition_of: Callable[[Log], Definition | None], *, keep_text: bool = False
    ) -> None:
        self._key = key
        self._definition_of = definition_of
        self._keep_text = keep_text
        self._heads: dict[str, str] = {}

    def __call__(self, log: Log) -> Log:
        """The copy of a log. Raises PseudonymError, LogError."""
        definition = self._definition_of(log)
        copy = pseudonymised(log, self._key, definition, keep_text=self._keep_text, heads=self._heads)
        self._heads[log.head] = copy.head
        return copy


def pseudonymised(
    log: Log,
    key: Key,
    definition: Definition | None,
    *,
    keep_text: bool = False,
    heads: Mapping[str, str] = MappingProxyType({}),
) -> Log:
    """The log with pseudonyms for the case and for who recorded, without its label, sealed anew.

    Texts that people typed are left out too: a marker stands for notes and reasons, and a pseudonym of its
    own for each text or free code that a fact holds, so replay comes to the same verdicts. `keep_text` keeps
    them. Times stand as they were. `definition` is the one the log was written on: it alone says which facts
    hold texts. `heads` are those of the copies of other logs, by the heads of those logs.
    Raises PseudonymError without the definition, unless `keep_text`; LogError for a damaged log.
    """
    if log.problem is not None:
        raise log.problem
    named = [_named(event, key) for event in log.events]
    if not keep_text:
        texts = FactTexts.of(_fitting(definition, log.header), key, _zone(log.events))
        named = [_without_text(event, texts) for event in named]
    continues = log.header.continues
    if continues is not None:
        continues = heads.get(continues) or key.head(continues)
    return _sealed(replace(log.header, case=key.case(log.header.case), continues=continues), named)


def what_was_replaced(keep_text: bool) -> str:
    """A sentence or two for whoever gets such a copy."""
    replaced = (
        "Told under pseudonyms: the id of the case and the names of those who recorded are replaced, the "
        "label is left out, times and dates stand as they were."
    )
    kept = "Texts that people typed (notes, reasons, facts) stand as typed: read them before this leaves."
    dropped = "Texts that people typed are left out; `text-...` stands for one that a fact holds."
    return f"{replaced} {kept if keep_text else dropped}"


def _fitting(definition: Definition | None, header: Header) -> Definition:
    """The definition of the log. The case is not named: who reads this may not know it."""
    if definition is not None and definition.digest == header.digest:
        return definition
    written_on = f"{visible(header.pathway)} {visible(header.version)} ({header.digest[:12]})"
    raise PseudonymError(
        f"The log was written on {written_on}, and that definition is not at hand. It alone says which facts "
        "hold texts, so none can be left out safely. Install that version, or keep all texts (--keep-text)."
    )


def _zone(events: Sequence[ev.Event]) -> tzinfo:
    opened = next((event for event in events if isinstance(event, ev.CaseOpened)), None)
    try:
        return parse_zone() if opened is None else parse_zone(opened.timezone)
    except ValueError:
        return parse_zone()


def _named(event: ev.Event, key: Key) -> ev.Event:
    """The event under the pseudonym of who recorded it; what the pathway itself did stays its own."""
    by = event.by if event.by == SYSTEM else key.person(event.by)
    told = replace(event, by=by)
    return replace(told, label=None) if isinstance(told, ev.CaseOpened) else told


def _without_text(event: ev.Event, texts: FactTexts) -> ev.Event:
    match event:
        case ev.FactRecorded():
            return texts.without(event)
        case ev.NoteAdded():
            return replace(event, text=LEFT_OUT)
        case ev.Overridden():
            return replace(event, reason=LEFT_OUT, code=_code(event.code))
        case ev.Acknowledged():
            return replace(event, alert=_code(event.alert))
        case ev.ActionDeclined() | ev.CaseClosed():
            return replace(event, reason=LEFT_OUT)
        case ev.TransitionTaken() | ev.ActionDone():
            return event if event.reason is None else replace(event, reason=LEFT_OUT)
        case _:
            return event


def _code(written: str) -> str:
    """A coded word as it stands; timelines may hold anything in its place."""
    return written if _CODE.fullmatch(written) else LEFT_OUT


def _sealed(header: Header, events: Sequence[ev.Event]) -> Log:
    chain = Chain.start(header)
    size = len(chain.line)
    for event in events:
        chain = chain.then(event)
        size += len(chain.line)
    return Log(header, tuple(events), chain.head, size)
