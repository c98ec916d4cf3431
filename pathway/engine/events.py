"""The immutable events of a case (SEMANTICS, "The log's fields"); a case is the fold of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBase:
    """When it was true (`at`), when it was written down (`recorded_at`), by whom, in which batch.

    Times are whole seconds since 1970 UTC. `seq` counts the lines of a case from 1.
    """

    type: ClassVar[str]
    seq: int
    at: int
    recorded_at: int
    by: str
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(EventBase):
    type: ClassVar[str] = "case_opened"
    timezone: str
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded(EventBase):
    """`value` is exact text in the declared unit (lists: a tuple of texts); `entered` is as typed.

    `corrects` is the seq of the record it replaces.
    """

    type: ClassVar[str] = "fact_recorded"
    fact: str
    value: str | tuple[str, ...]
    unit: str | None
    entered: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRetracted(EventBase):
    """`reason`: not_asked, asked_unknown, refused, pending, entry_error."""

    type: ClassVar[str] = "fact_retracted"
    fact: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionTaken(EventBase):
    """`cause`: auto, clinician, timeline, override. `basis` are the seqs of the facts it read.

    Transitions of one `round` were judged on one snapshot and applied together.
    """

    type: ClassVar[str] = "transition_taken"
    track: str
    source: str
    to: str
    cause: str
    guard: str
    basis: tuple[int, ...]
    round: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(EventBase):
    """`judged` is how the action stood: recommended, held, blocked (logged as `while`).

    `done_at` is the deed's time; `via` the seq of the fact that says so, if a fact does.
    """

    type: ClassVar[str] = "action_done"
    action: str
    judged: str
    done_at: int
    via: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDeclined(EventBase):
    type: ClassVar[str] = "action_declined"
    action: str
    judged: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden(EventBase):
    """Lifts `safeguards` of `action`, or returns `track` to the state `to`, for a coded reason and text."""

    type: ClassVar[str] = "overridden"
    code: str
    reason: str
    action: str | None = None
    track: str | None = None
    to: str | None = None
    safeguards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(EventBase):
    type: ClassVar[str] = "acknowledged"
    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(EventBase):
    """The clock reached `to`."""

    type: ClassVar[str] = "time_passed"
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(EventBase):
    """Takes back the human batch `undone`, with the automatic moves it caused."""

    type: ClassVar[str] = "undone"
    undone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(EventBase):
    type: ClassVar[str] = "note_added"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(EventBase):
    type: ClassVar[str] = "case_closed"
    reason: str


Event: TypeAlias = (
    CaseOpened | FactRecorded | FactRetracted | TransitionTaken | ActionDone | ActionDeclined
    | Overridden | Acknowledged | TimePassed | Undone | NoteAdded | CaseClosed
)  # fmt: skip

EVENT_TYPES: tuple[type[Event], ...] = (
    CaseOpened, FactRecorded, FactRetracted, TransitionTaken, ActionDone, ActionDeclined,
    Overridden, Acknowledged, TimePassed, Undone, NoteAdded, CaseClosed,
)  # fmt: skip
RETRACTION_REASONS = ("not_asked", "asked_unknown", "refused", "pending", "entry_error")
