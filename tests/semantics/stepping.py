"""A patient stepped in words: `patient.at("08:00").records(platelet_count="39")`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, Step, case_from_events, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event, TimePassed
from pathway.engine.view import ActionView, DeedView, FactView, PathStep, TransitionView, View
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.verdict import Verdict

DAY = "2026-03-01"
HEAD = "pathway: ward\nversion: 1.0.0\ntitle: Ward\nstatus: draft\n"
ONE_STATE = "tracks: {care: {start: here, states: {here: {kind: enquiry}}}}\n"

Typed = str | tuple[str, ...]


def instant(when: str | int, timezone: str = "UTC") -> int:
    """Seconds since 1970: `08:00` is on the first day of the case, `2026-03-02T08:00` any day."""
    if isinstance(when, int):
        return when
    return parse_instant(when if "-" in when else f"{DAY}T{when}", parse_zone(timezone))


def written(body: str) -> str:
    """A whole pathway file from its facts, actions and tracks; without tracks it has one state, care.here."""
    return HEAD + (body if "\ntracks:" in f"\n{body}" else body + ONE_STATE)


def definition(body: str) -> Definition:
    """The checked definition of a pathway given without its head."""
    return definition_from_text(written(body))


def pathway(body: str) -> CompiledPathway:
    """A compiled pathway given without its head."""
    return compile_pathway(definition(body))


@dataclass(slots=True)
class Patient:
    """One case. `confirm` is "timeline" where confirmed transitions are taken as in `pathway run`."""

    compiled: CompiledPathway
    case: Case
    opening: Step
    confirm: str | None = None
    last: Step = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.opening

    def at(self, when: str | int, by: str = "dr_a") -> Moment:
        """The moment at which something is entered."""
        at = instant(when, self.case.timezone)
        return Moment(self, Batch(at, by, at))

    def waits_until(self, when: str | int) -> Step:
        """Let time pass with nothing entered."""
        at = instant(when, self.case.timezone)
        self.last = self.case.pass_time(at, at, self.confirm)
        return self.last

    def folded(self) -> Case:
        """The case that the log so far amounts to, at the present instant."""
        case = case_from_events(self.compiled, self.case.id, self.case.events)
        case.pass_time(self.case.now, self.case.now)
        return case

    # --- what is seen ---------------------------------------------------------------------------
    @property
    def view(self) -> View:
        return self.case.view

    @property
    def events(self) -> list[Event]:
        return self.case.events

    def state(self, track: str = "care") -> str:
        return next(one.state for one in self.view.tracks if one.track == track)

    def entered_at(self, track: str = "care") -> int:
        return next(one.entered_at for one in self.view.tracks if one.track == track)

    def way(self, to: str, track: str = "care") -> TransitionView:
        stand = next(one for one in self.view.tracks if one.track == track)
        return next(way for way in stand.transitions if way.to == to)

    def action(self, name: str) -> ActionView | None:
        return next((one for one in self.view.actions if one.action == name), None)

    def standing(self, name: str) -> str | None:
        """How an action stands; None where it is neither called for nor blocked."""
        found = self.action(name)
        if found is None or not (found.called or found.standing == "blocked"):
            return None
        return found.standing

    def is_offered(self, name: str) -> bool:
        found = self.action(name)
        return found is not None and found.called and found.standing == "recommended"

    def fact(self, name: str) -> FactView | None:
        return next((one for one in self.view.facts if one.fact == name), None)

    def value(self, name: str) -> Typed | None:
        found = self.fact(name)
        return None if found is None else found.value

    def deeds(self, name: str) -> list[DeedView]:
        return [one for one in self.view.done if one.action == name]

    def needs(self) -> tuple[str, ...]:
        return tuple(need.fact for need in self.view.needs)

    def warnings(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.view.warnings)

    def path(self, track: str = "care") -> list[PathStep]:
        return [one for one in self.view.path if one.track == track]

    def ticks(self) -> list[int]:
        return [event.to for event in self.events if isinstance(event, TimePassed)]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something entered at one instant by one person: one batch."""

    patient: Patient
    batch: Batch

    def enters(
        self,
        facts: dict[str, Typed] | None = None,
        unknown: tuple[str, ...] = (),
        done: tuple[str, ...] = (),
        declined: tuple[str, ...] = (),
        override: tuple[str, ...] = (),
        take: dict[str, str] | None = None,
        undo: bool = False,
        close: str | None = None,
    ) -> Step:
        """A whole batch at once."""
        batch = replace(
            self.batch,
            facts=tuple(FactEntry(name, value) for name, value in (facts or {}).items()),
            retracted=tuple(Retraction(name) for name in unknown),
            done=tuple(DeedEntry(name) for name in done),
            declined=tuple(DeclineEntry(name, "refused by the patient") for name in declined),
            overrides=tuple(OverrideEntry("agreed with the specialist", action=name) for name in override),
            take=tuple(TakeEntry(track, to) for track, to in (take or {}).items()),
            undo=undo,
            close=close,
        )
        return self.commit(batch)

    def commit(self, batch: Batch) -> Step:
        self.patient.last = self.patient.case.commit(batch, self.patient.confirm)
        return self.patient.last

    def records(self, **facts: Typed) -> Step:
        return self.enters(facts=facts)

    def records_of(self, when: str | int, **facts: Typed) -> Step:
        """Values that were true at an earlier time."""
        at = instant(when, self.patient.case.timezone)
        return self.commit(replace(self.batch, facts=tuple(FactEntry(n, v, at) for n, v in facts.items())))

    def corrects(self, **facts: Typed) -> Step:
        return self.commit(
            replace(self.batch, facts=tuple(FactEntry(n, v, None, True) for n, v in facts.items()))
        )

    def retracts(self, fact: str, reason: str = "asked_unknown") -> Step:
        return self.commit(replace(self.batch, retracted=(Retraction(fact, reason),)))

    def does(self, *actions: str, when: str | int | None = None) -> Step:
        at = None if when is None else instant(when, self.patient.case.timezone)
        return self.commit(replace(self.batch, done=tuple(DeedEntry(name, at) for name in actions)))

    def declines(self, *actions: str) -> Step:
        return self.enters(declined=actions)

    def takes(self, to: str, track: str = "care") -> Step:
        return self.enters(take={track: to})

    def overrides(self, *actions: str) -> Step:
        return self.enters(override=actions)

    def returns(self, to: str, track: str = "care") -> Step:
        """A transition override: the track goes back to where it was."""
        return self.commit(replace(self.batch, overrides=(OverrideEntry("wrong box", track=track, to=to),)))

    def undoes(self) -> Step:
        return self.enters(undo=True)


def patient_on(
    body: str, at: str | int = "08:00", timezone: str = "UTC", confirm: str | None = None
) -> Patient:
    """A new case on a pathway given without its head."""
    return admitted(pathway(body), at, timezone, confirm)


def admitted(
    compiled: CompiledPathway, at: str | int = "08:00", timezone: str = "UTC", confirm: str | None = None
) -> Patient:
    """A new case on a compiled pathway."""
    when = instant(at, timezone)
    case, step = open_case(compiled, "case-1", when, "dr_a", when, timezone)
    return Patient(compiled, case, step, confirm)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one guard: its verdict, its needs, and why its atoms are UNKNOWN."""

    verdict: Verdict
    needs: tuple[str, ...]
    whys: tuple[str, ...]


def judged(guard: str, facts: str, at: str | int = "08:00", timezone: str = "UTC", **values: Typed) -> Judged:
    """A guard over declared facts, judged as the confirmed way out of a state."""
    body = f"{facts.rstrip()}\n" + (
        "tracks: {care: {start: here, states: {"
        f"here: {{kind: enquiry, next: [{{to: there, when: '{guard}'}}]}}, there: {{kind: end}}}}}}}}\n"
    )
    patient = patient_on(body, at, timezone)
    if values:
        patient.at(at).records(**values)
    way = patient.way("there")
    return Judged(
        way.verdict, way.needs, tuple(use.why for atom in way.reason.atoms for use in atom.uses if use.why)
    )
