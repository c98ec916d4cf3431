"""The explained view of a case: what screens, logs, tests and JSON all read. Nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.language.verdict import Reason, Verdict


@dataclass(frozen=True, slots=True)
class TransitionView:
    """A way out of the present state. `standing`: open, waiting, closed or conflict (rule 13)."""

    track: str
    source: str
    to: str
    to_title: str
    standing: str
    verdict: Verdict
    auto: bool
    reason: Reason
    needs: tuple[str, ...]
    cites: tuple[str, ...]
    text: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that the present state asks for."""

    fact: str
    ask: str
    known: bool


@dataclass(frozen=True, slots=True)
class TrackView:
    """Where a track stands. `entered_at` in seconds since 1970 UTC."""

    track: str
    title: str
    state: str
    state_title: str
    number: int
    kind: str
    text: str | None
    phase: str | None
    entered_at: int
    choice: bool
    transitions: tuple[TransitionView, ...]
    questions: tuple[Question, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafeguardView:
    """A safeguard beside its action. `standing`: blocks, holds, warns, asks, clear or lifted."""

    safeguard: str
    effect: str
    standing: str
    reason: Reason
    override: str | None
    text: str
    cites: tuple[str, ...]
    layer: str | None
    severity: str


@dataclass(frozen=True, slots=True)
class PartDose:
    """One share of a divided daily amount; `every` such as `12 h`."""

    amount: str
    unit: str
    every: str


@dataclass(frozen=True, slots=True)
class DoseView:
    """A computed dose, amounts as exact decimal text; with `needs` it cannot be computed yet."""

    action: str
    amount: str | None
    unit: str | None
    route: str | None
    capped: bool
    cap: str | None
    divided: tuple[PartDose, ...]
    basis: str
    note: str | None
    cites: tuple[str, ...]
    needs: tuple[str, ...]
    standing: str
    orderable: bool


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Where a repeated dose stands: `given` of `planned` in the present window, total so far."""

    period: str
    window_from: int | None
    window_to: int | None
    given: int
    planned: int
    given_in_all: int
    planned_in_fixed_periods: int
    amount_in_fixed_periods: str | None
    open_ended: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action now. `standing`: recommended, held, blocked, or shown (never an order).

    `called` says whether a state calls for it; a blocked action is listed even if none does.
    `due` in seconds since 1970 UTC; `urgency`: ok, soon, late or None without a deadline.
    """

    action: str
    title: str
    type: str
    standing: str
    called: bool
    outstanding: bool
    started: bool
    overridden: bool
    due: int | None
    urgency: str | None
    due_needs: tuple[str, ...]
    safeguards: tuple[SafeguardView, ...]
    needs: tuple[str, ...]
    dose: DoseView | None
    schedule: ScheduleView | None
    text: str | None
    cites: tuple[str, ...]
    called_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeedView:
    """An action done. `at` is None when the time is not known; `urgency`: met, late or None."""

    action: str
    title: str
    at: int | None
    due: int | None
    urgency: str | None
    judged: str
    seq: int | None
    by: str | None


@dataclass(frozen=True, slots=True)
class DeclineView:
    action: str
    title: str
    at: int
    reason: str
    by: str
    seq: int


@dataclass(frozen=True, slots=True)
class WarningView:
    """A notice, safeguard or standing alert shown to the user. `acknowledged` by whom, if anyone.

    `key` names this very warning in an acknowledgement; `rests_on` is the last log line that it rests on,
    and an acknowledgement made before that line does not count.
    """

    id: str
    severity: str
    layer: str | None
    cites: tuple[str, ...]
    text: str
    action: str | None = None
    acknowledged: str | None = None
    key: str = ""
    rests_on: int = 0


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact that is known now. `value` is text, or texts for a list; `expires` the last valid second."""

    fact: str
    label: str
    value: str | tuple[str, ...]
    unit: str | None
    derived: bool
    at: int | None
    by: str | None
    seq: int | None
    entered: str | None
    expires: int | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A missing fact and what waits for it: transitions as `track.state`, actions by name."""

    fact: str
    ask: str
    needed_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathStep:
    """A transition that was taken, for the path so far."""

    seq: int
    at: int
    track: str
    source: str
    to: str
    cause: str
    guard: str
    by: str
    basis_changed: bool
    reason: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything about a case at one instant.

    `next_change_at` is the next instant at which a guard, shelf life or deadline can change (rule 17).
    """

    at: int
    timezone: str
    case: str
    label: str | None
    tracks: tuple[TrackView, ...]
    actions: tuple[ActionView, ...]
    done: tuple[DeedView, ...]
    declined: tuple[DeclineView, ...]
    warnings: tuple[WarningView, ...]
    facts: tuple[FactView, ...]
    needs: tuple[Need, ...]
    path: tuple[PathStep, ...]
    next_change_at: int | None
    can_undo: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something entered that was not done, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A transition that moved in this step."""

    track: str
    source: str
    to: str
    cause: str
    cites: tuple[str, ...]
