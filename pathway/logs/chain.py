"""The hash chain of a log: a header line, then one line an event, each sealed over all before it.

`hash` = SHA-256 (hex) over the previous hash (hex, ASCII) followed by the line's canonical JSON without
`hash`. The header has no previous hash; the first event's `prev` is the header's `hash`. The chain shows
any change inside a log; that whole lines are missing at its end only the expected `head` can show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathway.engine.events import ActionDone, CaseClosed, Event, FactRecorded, TimePassed, Undone
from pathway.logs.problems import LogError
from pathway.logs.wire import MAX_LINE, canonical, event_object, record_object, written_time

SCHEMA = 1  # the number of this file format
SEMANTICS = 1  # the number of the rules by which the engine moves (SEMANTICS.md, rule 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which case on which pathway: what must be equal for a log to be replayed to the same end.

    `without_layers`, sorted, are the layers that were switched off. `continues` is the head of the log that
    this one goes on from, of a case that was moved from another version.
    """

    pathway: str
    version: str
    digest: str
    case: str
    without_layers: tuple[str, ...] = ()
    continues: str | None = None
    schema: int = SCHEMA
    semantics: int = SEMANTICS


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read: `head` is the hash of its last line, `size` its length in bytes.

    With `problem` it is only the good part, up to the line that the problem names.
    """

    header: Header
    events: tuple[Event, ...]
    head: str
    size: int
    problem: LogError | None = None

    @property
    def last_at(self) -> int | None:
        """The latest time that the log speaks of, in seconds since 1970 UTC; None without events."""
        return max((_case_time(event) for event in self.events), default=None)

    @property
    def closed(self) -> bool:
        """Whether the case was closed, and that was not undone."""
        undone = {event.undone for event in self.events if isinstance(event, Undone)}
        return any(isinstance(event, CaseClosed) and event.batch not in undone for event in self.events)


@dataclass(frozen=True, slots=True)
class Chain:
    """A log up to some line: `line` are its bytes, `head` its hash; `clock` the latest time so far."""

    head: str
    line: bytes
    seq: int = 0
    batch: int = 0
    clock: int | None = None

    @classmethod
    def start(cls, header: Header) -> Chain:
        """The chain of a log that holds its header alone."""
        head, line = _sealed("", {"type": "header", **record_object(header, "header")})
        return cls(head, line)

    def then(self, event: Event) -> Chain:
        """The chain with one more event. Raises LogError for an event that cannot stand here."""
        self._check_order(event)
        head, line = _sealed(self.head, {**event_object(event), "prev": self.head})
        latest = max(_case_time(event), event.at if self.clock is None else self.clock)
        return Chain(head, line, event.seq, event.batch, latest)

    def _check_order(self, event: Event) -> None:
        if event.seq != self.seq + 1:
            what = f"seq {event.seq} stands where {self.seq + 1} belongs"
            _refuse_order(what, "Lines are numbered without gaps")
        if event.batch < self.batch:
            what = f"batch {event.batch} follows batch {self.batch}"
            _refuse_order(what, "Batches come one after the other")
        # An older value or deed may be entered late; nothing else is earlier than what stands before it.
        if isinstance(event, FactRecorded | ActionDone) or self.clock is None:
            return
        if _case_time(event) < self.clock:
            earlier, later = written_time(_case_time(event)), written_time(self.clock)
            _refuse_order(f"{event.type} at {earlier} follows {later}", "Batches come in the order of time")


def log_lines(header: Header, events: Iterable[Event]) -> Iterator[bytes]:
    """The lines of a log, each with its line end. Raises LogError."""
    chain = Chain.start(header)
    yield chain.line
    for event in events:
        chain = chain.then(event)
        yield chain.line


def _sealed(previous: str, line: Mapping[str, object]) -> tuple[str, bytes]:
    head = hashlib.sha256(previous.encode("ascii") + canonical(line)).hexdigest()
    sealed = canonical({**line, "hash": head}) + b"\n"
    if len(sealed) > MAX_LINE:
        what = f"A {line['type']} line of {len(sealed)} bytes is too long"
        raise LogError(what, f"A line has at most {MAX_LINE} bytes", "Enter a shorter text.")
    return head, sealed


def _case_time(event: Event) -> int:
    return event.to if isinstance(event, TimePassed) else event.at


def _refuse_order(what: str, why: str) -> None:
    raise LogError(what, why, "Lines were lost, moved or added: take the log from a copy or a backup.")
