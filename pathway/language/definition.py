"""A checked pathway definition: every name resolved, every guard typed, every amount exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pathway.language.clockwork import Drift
from pathway.language.expression import Expression, ValueType
from pathway.language.problems import Place
from pathway.language.units import Unit

OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Guard:
    """A typed guard with its text, its English, and everything whose change can change it.

    `facts` are the recordable facts it rests on, derived facts followed down to what is recorded;
    `reads` are the facts named in it. `expression` is None for `otherwise`.
    """

    text: str
    english: str
    expression: Expression | None
    reads: tuple[str, ...] = ()
    facts: frozenset[str] = frozenset()
    deeds: frozenset[str] = frozenset()
    tracks: frozenset[str] = frozenset()
    reads_clock: bool = False
    reads_entry: bool = False
    place: Place | None = field(default=None, compare=False)

    @property
    def is_otherwise(self) -> bool:
        return self.expression is None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A further unit admitted on entry. With a factor, one of it is `factor` of the declared unit."""

    unit: Unit
    factor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class FormulaRow:
    """One row of a formula by cases; `value` is None where the fact does not apply, for `reason`."""

    when: Guard
    value: Expression | None
    reason: str | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """How a derived fact is computed (rule 6): a plain expression is a single unconditional `otherwise`."""

    rows: tuple[FormulaRow, ...]
    otherwise: Expression | None
    facts: frozenset[str] = frozenset()
    deeds: frozenset[str] = frozenset()
    tracks: frozenset[str] = frozenset()
    reads_clock: bool = False
    drift: Drift = Drift.FIXED


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed, named datum. `low`, `high`, `step` are in the declared unit; `valid_for` in seconds."""

    name: str
    label: str
    ask: str
    written_type: str
    type: ValueType
    unit: Unit | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None
    also: Mapping[str, Admitted] = field(default_factory=dict[str, Admitted])
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    code: Mapping[str, str] = field(default_factory=dict[str, str])
    valid_for: int | None = None
    formula: Formula | None = None
    unknown: str | None = None
    recordable: bool = True
    cites: tuple[str, ...] = ()
    layer: str | None = None
    place: Place | None = field(default=None, compare=False)

    @property
    def is_derived(self) -> bool:
        return self.formula is not None


@dataclass(frozen=True, slots=True)
class Source:
    """A statement, guideline item or reference."""

    id: str
    text: str
    layer: str
    ref: tuple[str, ...] = ()
    grade: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class DeedFact:
    """A fact that says an action was done; `value` None means the fact holds the deed's time."""

    fact: str
    value: str | None
    when: Guard | None


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount in `unit`: `amount` itself, or `amount` times a fact, at most `cap` (all in base units)."""

    amount_text: str
    amount: Fraction
    times: str | None
    cap: Fraction | None
    cap_text: str | None
    unit: Unit
    route: str | None
    divided: tuple[int, ...]
    when: Guard | None
    note: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """`times` doses in each `per` seconds (or `per_months`), for `lasts` seconds or until reviewed."""

    times: int
    per: int | None
    per_months: int | None
    lasts: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Successive periods of repeated doses, counted from the first dose."""

    periods: tuple[Period, ...]
    note: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do. `takes` in seconds."""

    name: str
    title: str
    type: str
    text: str | None
    course: bool
    orderable: bool
    records: tuple[DeedFact, ...]
    evidence: Guard | None
    doses: tuple[Dose, ...]
    schedule: Schedule | None
    takes: int | None
    cites: tuple[str, ...]
    layer: str | None
    safety: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A rule on actions: TRUE blocks or warns; UNKNOWN does what `unknown` says."""

    name: str
    actions: tuple[str, ...]
    when: Guard
    effect: str
    unknown: str
    override: str | None
    severity: str
    text: str
    cites: tuple[str, ...]
    layer: str | None
    safety: bool
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning or explanation beside the actions and states it qualifies."""

    name: str
    text: str
    severity: str
    when: Guard | None
    about: tuple[str, ...]
    states: tuple[tuple[str, str], ...]
    cites: tuple[str, ...]
    layer: str | None
    safety: bool
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Do:
    """An action that a state calls for; `within` and `soon` in seconds."""

    action: str
    when: Guard | None
    until: Guard | None
    within: int | None
    of: str | None
    soon: int | None
    again: bool
    text: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """A way out of a state; `index` is its place in the written order."""

    track: str
    source: str
    index: int
    to: str
    when: Guard
    auto: bool
    text: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A step of a track; `number` is its box number on charts, screens and in tests."""

    track: str
    name: str
    number: int
    title: str
    phase: str | None
    kind: str
    text: str | None
    asks: tuple[str, ...]
    do: tuple[Do, ...]
    choice: bool
    next: tuple[Transition, ...]
    cites: tuple[str, ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Track:
    """A region that runs beside the others."""

    name: str
    title: str
    start: str
    states: Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Claim:
    """A property stated for proof; `form` is only, never, always, before or within."""

    name: str
    form: str
    guard: Guard | None
    actions: tuple[str, ...]
    limit: int | None
    unless_overridden: bool
    cites: tuple[str, ...]
    layer: str | None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """One pathway, checked. Equal digests mean equal meaning.

    `written` is the merged definition as JSON, in its author's order and with every scalar as written: what a
    case store keeps, so that the cases begun on it can be taken up and replayed when it is installed no more.
    """

    id: str
    version: str
    title: str
    status: str
    review: str | None
    disclaimer: str | None
    digest: str
    layers: Mapping[str, str]
    phases: Mapping[str, str]
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    actions: Mapping[str, Action]
    safeguards: Mapping[str, Safeguard]
    notices: Mapping[str, Notice]
    tracks: Mapping[str, Track]
    claims: Mapping[str, Claim]
    grades: Mapping[int, str] = field(default_factory=dict[int, str])
    references: Mapping[str, str] = field(default_factory=dict[str, str])
    files: tuple[str, ...] = field(default=(), compare=False)
    written: str = field(default="", compare=False, repr=False)

    @property
    def stamp(self) -> str | None:
        """The line every output of an unapproved pathway carries; None when approved."""
        if self.status == "approved":
            return None
        return f"{self.status.upper()}: not approved for clinical use"
