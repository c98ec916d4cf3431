"""Cases for the terminal's tests: a real one on the demo pathway, and views made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathway.engine.batch import Batch, FactEntry, TakeEntry
from pathway.engine.case import Step, open_case
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import Event
from pathway.engine.view import (
    ActionView,
    DeedView,
    DoseView,
    FactView,
    Need,
    PartDose,
    PathStep,
    Question,
    SafeguardView,
    TrackView,
    TransitionView,
    View,
    WarningView,
)
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from pathway.language.verdict import Atom, FactUse, Reason, Verdict

NOON = 1_772_366_400  # 2026-03-01T12:00:00+00:00
HOSTILE = "[/b] [red]x \x1b[31mred \u202egnol"

DEMO = """
pathway: demo
version: 1.0.0
title: Demo
status: draft
layers: {article: What the source article says, supplement: Added from primary guidelines}
phases: {suspected-infection: Suspected infection, imaging-lp: Imaging and LP}
sources:
  S90: {text: No LP below 40 platelets, from: article, ref: 2}
  A2: {text: The dose is said to be half of what is needed, from: supplement, grade: "2"}
  A3: {text: Culture yield falls fast, from: supplement}
facts:
  platelet_count:
    {ask: Platelet count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  lmwh_last_dose_time: {ask: Last LMWH dose, type: dateTime}
  suspected: {ask: "Leptomeningeal infection suspected?", type: boolean}
  weight_kg: {ask: Weight, type: quantity, unit: kg, range: [0, 300], step: 0.1}
  etiology: {ask: Cause, type: code, values: {tb: Tuberculosis, bacterial: Bacterial}}
  current_drugs: {ask: Current drugs, type: list, of: code, values: [ceftriaxone], open: true}
  remark: {ask: Remark, type: text}
actions:
  lumbar_puncture: {title: Lumbar puncture, type: procedure, cites: [S90]}
  ceftriaxone_child:
    title: Ceftriaxone, child
    type: medication
    course: true
    dose:
      {amount: 100 mg/kg/d, times: weight_kg, cap: 4 g/d, unit: mg/d, route: IV, divided: [{every: 12 h}]}
safeguards:
  lp_platelets:
    {action: lumbar_puncture, when: platelet_count < 40, effect: block, override: specialist, cites: [S90]}
tracks:
  care:
    title: Care
    start: intake
    states:
      intake:
        title: Suspected infection
        phase: suspected-infection
        kind: enquiry
        asks: [suspected]
        next:
          - {to: workup, when: suspected}
          - {to: not_suspected, when: not suspected}
      workup:
        title: Workup
        phase: imaging-lp
        kind: action
        do:
          - {action: lumbar_puncture, within: 4 h}
          - {action: ceftriaxone_child, within: 1 h}
        next:
          - {to: finished, when: done(lumbar_puncture)}
          - {to: without_csf, when: declined(lumbar_puncture) and not done(lumbar_puncture)}
      not_suspected: {title: Not suspected, kind: end}
      finished: {title: Finished, kind: end}
      without_csf: {title: Without CSF, kind: end}
"""


def demo() -> Definition:
    return definition_from_text(DEMO)


def reason(verdict: Verdict, text: str = "platelet_count < 40") -> Reason:
    use = FactUse("platelet_count", None, why="not recorded")
    needs = ("platelet_count",) if verdict is Verdict.UNKNOWN else ()
    return Reason(text, f"the {text}", verdict, (Atom(text, verdict, (use,)),), needs)


def dose(amount: str | None = "4000", needs: tuple[str, ...] = ()) -> DoseView:
    divided = (PartDose("2000", "mg", "12 h"),) if amount else ()
    return DoseView(
        "ceftriaxone_child",
        amount,
        "mg/d" if amount else None,
        "IV",
        True,
        "4 g/d",
        divided,
        "100 mg/kg/d x weight_kg 45 kg",
        None,
        ("S90",),
        needs,
        "recommended",
        True,
    )


def action(name: str, title: str, standing: str = "recommended", **other: object) -> ActionView:
    base = ActionView(
        name,
        title,
        "procedure",
        standing,
        True,
        False,
        False,
        False,
        None,
        None,
        (),
        (),
        (),
        None,
        None,
        None,
        ("S90",),
        (("care", "workup"),),
    )
    return replace(base, **other)


def held_puncture() -> ActionView:
    guard = SafeguardView(
        "lp_platelets",
        "block",
        "holds",
        reason(Verdict.UNKNOWN),
        "specialist",
        "No puncture below 40 platelets",
        ("S90",),
        "article",
        "high",
    )
    return action(
        "lumbar_puncture",
        "Lumbar puncture",
        "held",
        due=NOON + 4 * 3600,
        urgency="ok",
        safeguards=(guard,),
        needs=("platelet_count",),
    )


def late_antibiotic() -> ActionView:
    return action(
        "ceftriaxone_child",
        "Ceftriaxone, child",
        type="medication",
        due=NOON - 60,
        urgency="late",
        dose=dose(),
    )


def way(to: str, title: str, standing: str, verdict: Verdict) -> TransitionView:
    return TransitionView(
        "care", "workup", to, title, standing, verdict, False, reason(verdict), (), ("S90",), None
    )


def workup(*transitions: TransitionView, questions: tuple[Question, ...] = ()) -> TrackView:
    return TrackView(
        "care",
        "Care",
        "workup",
        "Workup",
        2,
        "action",
        "Take CSF unless contraindicated",
        "imaging-lp",
        NOON,
        False,
        transitions,
        questions,
        (),
    )


def a_view(**other: object) -> View:
    """A case with something of everything."""
    base = View(
        at=NOON,
        timezone="UTC",
        case="TEST-014",
        label="bed 7",
        tracks=(
            workup(
                way("finished", "Finished", "waiting", Verdict.UNKNOWN),
                questions=(Question("weight_kg", "Weight", False),),
            ),
        ),
        actions=(late_antibiotic(), held_puncture()),
        done=(DeedView("mri", "MRI", NOON - 3600, None, None, "recommended", 4, "ms"),),
        declined=(),
        warnings=(
            WarningView(
                "info_1", "info", "article", ("S90",), "Early treatment is followed by a better outcome"
            ),
            WarningView(
                "half", "high", "supplement", ("A2",), "Adult ceftriaxone dose is half of the usual one"
            ),
            WarningView("medium_1", "medium", "supplement", ("A3",), "Culture yield falls within hours"),
        ),
        facts=(FactView("suspected", "suspected", "true", None, False, NOON - 600, "ms", 2, "true", None),),
        needs=(Need("platelet_count", "Platelet count", ("lumbar_puncture",)),),
        path=(
            PathStep(3, NOON - 600, "care", "intake", "workup", "auto", "suspected", "ms", False, None, ()),
        ),
        next_change_at=None,
        can_undo=True,
        closed=False,
    )
    return replace(base, **other)


class ScriptedSession:
    """Shows the views it is given, one after each commit, and keeps the batches; may be told to fail."""

    def __init__(self, *views: View, definition: Definition | None = None) -> None:
        self.definition = definition or demo()
        self._views = list(views) or [a_view()]
        self.batches: list[Batch] = []
        self.passed: list[int] = []
        self.events: Sequence[Event] = ()
        self.failure: Exception | None = None

    @property
    def case_id(self) -> str:
        return "TEST-014"

    @property
    def view(self) -> View:
        return self._views[0]

    def commit(self, batch: Batch) -> Step:
        if self.failure is not None:
            raise self.failure
        self.batches.append(batch)
        return self._next(batch.at)

    def pass_time(self, to: int) -> Step:
        if self.failure is not None:
            raise self.failure
        self.passed.append(to)
        return self._next(to)

    def _next(self, at: int) -> Step:
        if len(self._views) > 1:
            self._views.pop(0)
        self._views[0] = replace(self._views[0], at=at, next_change_at=None)
        return Step(at=at, events=(), taken=(), refused=(), view=self._views[0])


class EngineSession:
    """A real case without a store behind it; a failure may be set for the next entry."""

    def __init__(
        self, definition: Definition | None = None, at: int = NOON, label: str | None = None
    ) -> None:
        self.definition = definition or demo()
        self.case, _ = open_case(compile_pathway(self.definition), "TEST-014", at, "ms", at, "UTC", label)
        self.failure: Exception | None = None

    @property
    def case_id(self) -> str:
        return self.case.id

    @property
    def view(self) -> View:
        return self.case.view

    @property
    def events(self) -> Sequence[Event]:
        return self.case.events

    def commit(self, batch: Batch) -> Step:
        if self.failure is not None:
            raise self.failure
        return self.case.commit(batch)

    def enter(self, facts: dict[str, str] | None = None, take: tuple[str, str] | None = None) -> None:
        """Record facts and take a way on at the case's own time."""
        entries = tuple(FactEntry(name, value) for name, value in (facts or {}).items())
        ways = (TakeEntry(*take),) if take else ()
        self.commit(Batch(self.case.now, "ms", self.case.now, facts=entries, take=ways))

    def kinds(self) -> list[str]:
        """The types of the events so far, in order."""
        return [event.type for event in self.case.events]

    def pass_time(self, to: int) -> Step:
        return self.case.pass_time(to, to)
