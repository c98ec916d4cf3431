"""What an author may write: the pydantic models of a pathway file, key by key.

Every scalar arrives as the text that stands in the file (SEMANTICS rule 1); the models read it by
declared type. They know nothing of other files, names or units: `pathway.language.check` does that.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator


def _flag(value: Any) -> Any:
    """Read `true` or `false`; anything else is left for pydantic to refuse."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("write true or false")


def _listed(value: Any) -> Any:
    """Let a single text stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
        return int(value)
    raise ValueError("write a whole number")


Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
HyphenId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,79}$")]
SourceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$")]
ReferenceKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
GuardText = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
NumberText = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Citations = Annotated[list[SourceId], BeforeValidator(_listed)]
Identifiers = Annotated[list[Identifier], BeforeValidator(_listed)]
Texts = Annotated[list[Text], BeforeValidator(_listed)]

FactType = Literal["boolean", "integer", "quantity", "code", "list", "date", "dateTime", "text"]
ActionType = Literal["order", "measure", "medication", "procedure", "referral", "information"]
Status = Literal["draft", "under-review", "approved", "retired"]
Severity = Literal["info", "low", "medium", "high"]


class Written(BaseModel):
    """Base of every model: unknown keys are refused, values cannot change."""

    # The parts are built once, with the whole, when the first definition is read.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Cited(Written):
    """An element that says where it comes from."""

    cites: Citations = []
    layer: Identifier | None = Field(
        None, description="Layer of this element; default: that of its first source."
    )


class Source(Written):
    """A statement, guideline item or reference that elements cite."""

    text: Text
    from_: Identifier = Field(alias="from", description="The layer it belongs to.")
    ref: Texts = Field([], description="Reference numbers or keys as printed in the source.")
    grade: Literal["1", "2", "3"] | None = Field(None, description="Evidence grade of a supplement item.")
    problem: Text | None = Field(None, description="What is known to be wrong or unresolved about it.")


class Conversion(Written):
    """An admitted unit of another dimension with its exact factor."""

    factor: NumberText = Field(description="One of the admitted unit is this many of the declared unit.")
    cites: Citations = []


class FormulaCase(Written):
    """One row of a formula by cases: the first TRUE `when` whose predecessors are all FALSE decides."""

    when: GuardText
    value: Text | None = None
    not_applicable: Text | None = Field(
        None, description="The value does not apply; the reason, shown to users."
    )
    cites: Citations = []

    @model_validator(mode="after")
    def one_outcome(self) -> FormulaCase:
        if (self.value is None) == (self.not_applicable is None):
            raise ValueError("give exactly one of value and not_applicable")
        return self


class Fact(Cited):
    """A typed, named datum about the patient. With `formula` or `cases` it is derived."""

    ask: Text | None = Field(None, description="The question put to the clinician.")
    label: Text | None = Field(None, description="Short name used in sentences; default: the id in words.")
    type: FactType
    of: Literal["code", "date", "integer"] | None = Field(
        None, description="Element type of a list; default code."
    )
    unit: Text | None = Field(None, description="UCUM unit of a quantity.")
    range: tuple[NumberText, NumberText] | None = Field(
        None, description="Lowest and highest value, both included."
    )
    step: NumberText | None = Field(None, description="Resolution: values off the step are refused.")
    also: Annotated[list[Text], BeforeValidator(_listed)] | dict[str, Conversion] = Field(
        [], description="Other units admitted on entry; with a factor where the dimension differs."
    )
    values: list[Text] | dict[str, Text] | None = Field(None, description="Codes of a code or list fact.")
    open: Flag = Field(False, description="Codes beyond `values` are admitted too.")
    code: dict[Literal["loinc", "snomed"], Text] = {}
    valid_for: Text | None = Field(
        None, description="Shelf life, such as 24 h; afterwards the fact is UNKNOWN."
    )
    formula: GuardText | None = None
    cases: list[FormulaCase] | None = None
    otherwise: Text | None = Field(None, description="Value when every case is FALSE.")
    unknown: Text | None = Field(
        None, description="Display value while undecided; bars the fact from guards."
    )
    recordable: Flag = Field(False, description="A derived fact that may be recorded too; the record wins.")


class Records(Written):
    """A fact that says an action was done: recording one records the other (contract)."""

    fact: Identifier
    value: Text | None = Field(
        None, description="The value that says so; without it the value is the deed's time."
    )
    when: GuardText | None = Field(
        None, description="The fact speaks of this action only while this is TRUE."
    )


class Division(Written):
    """How a daily amount may be divided."""

    every: Text


class Dose(Written):
    """An amount: flat, or per unit of a fact, capped and divided as the source says."""

    amount: Text = Field(description="Such as 15 mg, or 100 mg/kg/d together with times: weight_kg.")
    times: Identifier | None = None
    cap: Text | None = None
    unit: Text = Field(description="Unit of the computed dose.")
    route: Text | None = None
    divided: list[Division] = []
    when: GuardText | None = Field(
        None, description="Applies only while TRUE; the first that applies is shown."
    )
    note: Text | None = None
    cites: Citations = []


class Period(Written):
    """One stretch of a schedule: `times` doses in each `per`, for a length of time or until reviewed."""

    times: Whole
    per: Text
    for_: Text | None = Field(None, alias="for")


class Schedule(Written):
    """Successive periods of repeated doses, counted from the first dose."""

    periods: list[Period]
    note: Text | None = None
    cites: Citations = []


class Action(Cited):
    """Something to do."""

    title: Text
    type: ActionType
    text: Text | None = Field(None, description="The source's wording in ours, such as `consider`.")
    course: Flag = Field(
        False, description="Stays recommended after its start for as long as it is called for."
    )
    orderable: Flag = Field(True, description="false: shown with its dose and warnings, never recommended.")
    records: list[Records] = []
    evidence: GuardText | None = Field(
        None, description="While TRUE the action counts as done at an unknown time."
    )
    dose: Annotated[list[Dose], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)] = []
    schedule: Schedule | None = None
    takes: Text | None = Field(None, description="Longest time it takes; used by `within` claims.")
    safety: Flag = Field(False, description="Still called for when its layer is switched off.")


class Safeguard(Cited):
    """A rule on an action: TRUE blocks or warns, UNKNOWN holds and asks, FALSE clears."""

    action: Identifiers
    when: GuardText
    effect: Literal["block", "warn"]
    unknown: Literal["hold", "warn", "ask"] | None = Field(
        None, description="While UNKNOWN: hold (default of block), warn, or only ask (default of warn)."
    )
    override: Text | None = Field(None, description="Who may override it; without it nobody can.")
    severity: Severity = "high"
    text: Text | None = None
    safety: Flag = Field(False, description="Stays when its layer is switched off.")


class Notice(Cited):
    """A warning or explanation shown beside what it qualifies."""

    text: Text
    severity: Severity
    when: GuardText | None = None
    about: Identifiers = Field(
        [], description="Actions it qualifies: shown when one is called for or blocked."
    )
    states: Texts = Field([], description="track.state names it qualifies: shown while one is current.")
    safety: Flag = Field(False, description="Stays when its layer is switched off.")


class Do(Written):
    """An action that a state calls for."""

    action: Identifier
    when: GuardText | None = Field(None, description="Called for only while TRUE; UNKNOWN asks.")
    until: GuardText | None = None
    within: Text | None = None
    of: Identifier | None = Field(
        None, description="A dateTime fact the deadline counts from; default: entry."
    )
    soon: Text | None = Field(
        None, description="How long before due it counts as soon; default: last quarter."
    )
    again: Flag = Field(False, description="Only a deed since entry satisfies it.")
    text: Text | None = None
    cites: Citations = []


class Transition(Written):
    """A way out of a state. `when: otherwise` is the conjunction of its negated siblings."""

    to: Identifier
    when: GuardText
    auto: Flag = False
    text: Text | None = None
    cites: Citations = []


class State(Written):
    """A step of a track."""

    title: Text | None = None
    phase: HyphenId | None = None
    kind: Literal["enquiry", "decision", "action", "end"]
    text: Text | None = None
    asks: Identifiers = []
    do: list[Do] = []
    choice: Flag = Field(False, description="TRUE transitions are the clinician's choice.")
    next: list[Transition] = []
    cites: Citations = []


class Track(Written):
    """A region that runs beside the others: one flat state machine, one swimlane."""

    title: Text | None = None
    start: Identifier
    states: dict[Identifier, State]


class WithinClaim(Written):
    action: Identifier
    of: Identifier
    limit: Text


class Claim(Cited):
    """A property stated for proof: exactly one of only, never, always, before, within."""

    only: Identifier | None = None
    when: GuardText | None = None
    unless_overridden: Flag = False
    never: GuardText | None = None
    always: GuardText | None = None
    before: tuple[Text, Text] | None = None
    within: WithinClaim | None = None

    @model_validator(mode="after")
    def one_form(self) -> Claim:
        forms = [self.only, self.never, self.always, self.before, self.within]
        if sum(form is not None for form in forms) != 1:
            raise ValueError("a claim has exactly one of only, never, always, before, within")
        if (self.only is None) != (self.when is None):
            raise ValueError("only and when go together")
        if self.unless_overridden and self.only is None:
            raise ValueError("unless_overridden belongs to only")
        return self


class Pathway(Written):
    """A whole pathway, after its included files were merged in."""

    pathway: HyphenId
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$")]
    title: Text
    status: Status
    review: Text | None = Field(None, description="What the status rests on, shown with it.")
    disclaimer: Text | None = None
    layers: dict[Identifier, Text] = {}
    grades: dict[Literal["1", "2", "3"], Text] = Field({}, description="What the grades of sources mean.")
    phases: dict[HyphenId, Text] = Field({}, description="Phases in order of display, with their titles.")
    references: dict[ReferenceKey, Text] = Field(
        {}, description="What the keys under `ref` of sources stand for."
    )
    sources: dict[SourceId, Source] = {}
    facts: dict[Identifier, Fact] = {}
    actions: dict[Identifier, Action] = {}
    safeguards: dict[Identifier, Safeguard] = {}
    notices: dict[Identifier, Notice] = {}
    tracks: dict[Identifier, Track]
    claims: dict[Identifier, Claim] = {}
