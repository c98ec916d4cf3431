"""What a person or a timeline enters at one instant: one batch, recorded and judged as a whole (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A value as typed (`72`, `5 mmol/L`, `true`, a list of texts). `at`: when it was true, default now.

    `corrects` replaces the present record instead of adding a newer one (rule 24).
    """

    fact: str
    entered: str | tuple[str, ...]
    at: int | None = None
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Retraction:
    """The fact is UNKNOWN from now on. `reason` is one of events.RETRACTION_REASONS."""

    fact: str
    reason: str = "asked_unknown"


@dataclass(frozen=True, slots=True)
class DeedEntry:
    """An action was carried out, at `at` or now."""

    action: str
    at: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeclineEntry:
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideEntry:
    """Lift the safeguards that stand against `action`, or return `track` to the earlier state `to`."""

    reason: str
    code: str = "clinical_judgement"
    action: str | None = None
    track: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class TakeEntry:
    """The clinician takes the transition of `track` to the state `to`."""

    track: str
    to: str


@dataclass(frozen=True, slots=True)
class Batch:
    """All that is entered at `at`, by one person, written down at `recorded_at`."""

    at: int
    by: str
    recorded_at: int
    facts: tuple[FactEntry, ...] = ()
    retracted: tuple[Retraction, ...] = ()
    done: tuple[DeedEntry, ...] = ()
    declined: tuple[DeclineEntry, ...] = ()
    overrides: tuple[OverrideEntry, ...] = ()
    take: tuple[TakeEntry, ...] = ()
    acknowledged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    undo: bool = False
    close: str | None = None
