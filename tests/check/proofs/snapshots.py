"""Random patients on a laboratory pathway, and the same patients as the solver sees them: nothing is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from hypothesis import strategies as st

from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.smt import Bool, conj, neg, same
from pathway.check.proofs.symbols import EPOCH
from pathway.check.proofs.terms import Amount, Codes, Collection, Term, Truth, ordered
from pathway.engine.batch import FactEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import assemble
from pathway.engine.events import ActionDeclined, ActionDone, TransitionTaken
from pathway.engine.readings import Readings
from pathway.engine.supposing import supposed
from pathway.language import expression as ex
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.expression import Kind, Value
from pathway.language.load import definition_from_text
from pathway.language.verdict import Verdict
from tests.language.guard_strategies import ASKED, LAB, LATER, RECORD_READERS, VALUES, guards

Known = Mapping[str, str]

MORE_FACTS = """  allergy: {type: code, values: [penicillin], open: true}
  told: {type: code, values: [sulfa], open: true}
  wish: {type: text}
  weight: {type: quantity, unit: kg, range: [0.5, 300], step: 0.1, also: [g]}
  rigor: {type: quantity, unit: Cel, range: [30, 45], step: 0.1}
  sodium: {type: integer}
  current: {type: list, of: code, open: true, formula: drugs}
  cause: {type: code, open: true, formula: allergy}
  said: {type: text, formula: note}
  due: {type: date, formula: start + 1 mo}
  review: {type: dateTime, formula: lp_time + 4 h, recordable: true}
  lowest: {type: quantity, unit: "1", formula: "min(ratio, csf_glucose / serum_glucose, 2)"}
"""
MORE_VALUES: Mapping[str, tuple[str, ...]] = {
    "allergy": ("penicillin", "sulfa", "latex"),
    "told": ("sulfa", "penicillin", "latex"),
    "wish": ("x", "y", "home"),
    "weight": ("0.5", "70.1", "70100 g", "300"),
    "rigor": ("30", "37.9", "38", "45"),
    "sodium": ("-3", "0", "135", "136"),
    "review": ("2026-03-01T10:00", "2026-03-01T09:30"),
}
ALL_VALUES = {**VALUES, **MORE_VALUES}

TRACKS = """  watch:
    start: early
    states:
      early: {kind: decision, next: [{to: late, when: fever}]}
      late: {kind: end}
"""
SCOPE = "care.intake"


@dataclass(frozen=True)
class Patient:
    """What is on record of a patient, in which zone; `entry` is the line of entering the present state."""

    known: Known
    deeds: frozenset[str]
    later: int
    zone: str
    late: bool
    entry: int

    @property
    def now(self) -> int:
        return parse_instant("2026-03-01T10:00", parse_zone(self.zone)) + self.later


# --- the pathway --------------------------------------------------------------------------------
@cache
def lab(guard: str) -> CompiledPathway:
    """The laboratory with a guard out of its first state; and as a derived fact, where it may be one."""
    text = LAB.replace("actions:\n  mri: {title: MRI, type: order}", MORE_FACTS + _formula(guard) + ACTIONS)
    text = text.replace("when: suspected}", f"when: '{guard}'}}")
    return assemble(definition_from_text(text + TRACKS))


ACTIONS = """actions:
  mri: {title: MRI, type: order, evidence: platelets is known or fever}
  biopsy: {title: Biopsy, type: procedure, records: [{fact: lp_time}]}"""


def _formula(guard: str) -> str:
    """Derived facts read neither what was done nor entries."""
    reads_deeds = any(word in guard for word in ("done(", "declined(", "recorded", "in("))
    return "" if reads_deeds else f"  answer: {{type: boolean, formula: '{guard}'}}\n"


def guard_of(compiled: CompiledPathway) -> ex.Expression:
    """The guard under test."""
    found = compiled.definition.tracks["care"].states["intake"].next[0].when.expression
    assert found is not None
    return found


def reads_of(compiled: CompiledPathway, node: ex.Expression) -> list[ex.Expression]:
    """The expression and all below it, the formulas of derived facts included."""
    found: list[ex.Expression] = []
    waiting, followed = [node], set[str]()
    while waiting:
        for part in ex.walk(waiting.pop()):
            found.append(part)
            name = part.name if isinstance(part, ex.FactRef) else None
            formula = None if name is None else compiled.definition.facts[name].formula
            if name is not None and formula is not None and name not in followed:
                followed.add(name)
                rows = [one for row in formula.rows for one in (row.when.expression, row.value)]
                waiting += [one for one in (*rows, formula.otherwise) if one is not None]
    return found


# --- as the engine sees it ----------------------------------------------------------------------
def readings(compiled: CompiledPathway, patient: Patient) -> Readings:
    """The snapshot that the engine judges."""
    start = patient.now - patient.later
    entries = [FactEntry(name, value) for name, value in patient.known.items()]
    entries += [FactEntry("consent", "true")] if ASKED in patient.deeds else []
    found = supposed(compiled, entries, start, patient.zone)
    for seq, deed in enumerate(sorted(patient.deeds - {ASKED}), 100):
        found.memory.apply(_event(seq, start, *deed.split(" ")))
    if patient.late:
        found.memory.apply(_moved(start))
    found.move_clock(patient.now)
    return found


def _event(seq: int, at: int, word: str, action: str) -> ActionDone | ActionDeclined:
    if word == "declined":
        return ActionDeclined(
            seq=seq, at=at, recorded_at=at, by="test", batch=3, action=action, judged="held", reason="no"
        )
    return ActionDone(
        seq=seq, at=at, recorded_at=at, by="test", batch=3, action=action, judged="held", done_at=at
    )


def _moved(at: int) -> TransitionTaken:
    return TransitionTaken(
        seq=200, at=at, recorded_at=at, by="test", batch=3, track="watch", source="early", to="late",
        cause="auto", guard="fever", basis=(), round=1,
    )  # fmt: skip


# --- as the solver sees it ----------------------------------------------------------------------
@dataclass
class Asked:
    """The solver, with every variable of the formulas fixed to what is on record of a patient."""

    explorer: Explorer
    fixed: list[Bool]

    def admits(self, formula: Bool) -> bool:
        return self.explorer.oracle.possible(*self.fixed, formula)

    def verdicts(self, truth: Truth) -> set[Verdict]:
        """The verdicts that the solver leaves open; of an exact formula just one."""
        cases = {
            Verdict.TRUE: conj((truth.true, neg(truth.false))),
            Verdict.FALSE: conj((truth.false, neg(truth.true))),
            Verdict.UNKNOWN: conj((neg(truth.true), neg(truth.false))),
        }
        return {verdict for verdict, formula in cases.items() if self.admits(formula)}


def asked(compiled: CompiledPathway, patient: Patient, *nodes: ex.Expression) -> tuple[Asked, list[Truth]]:
    """The formulas of conditions, and the solver told of nobody but this patient."""
    explorer = Explorer.of(compiled, Oracle())
    truths = [explorer.ways.encoding.truth(node, SCOPE) for node in nodes]
    known = Asked(explorer, [])
    known.fixed = list(all_fixed(explorer, readings(compiled, patient), patient))
    return known, truths


def all_fixed(explorer: Explorer, at: Readings, patient: Patient) -> Iterator[Bool]:
    """Every variable made so far, as it is for this patient: written out here, not taken from the prover."""
    symbols = explorer.symbols
    for name, term in symbols.recorded.items():
        record = at.valid_record(name)
        yield fixed(term, None if record is None else record.value)
    for key, truth in symbols.truths.items():
        since = patient.entry if len(key) > 2 else 0
        what, name = list(key)[:2]
        yield same(truth, _said(at, what, name, since))
    for track, states in symbols.stands.items():
        stands = at.memory.stands[track].state
        yield from (same(truth, state == stands) for state, truth in states.items())
    if symbols.clock is not None:
        yield ordered("=", symbols.clock, patient.now)
    if patient.zone == "UTC":
        yield symbols.in_utc()


def _said(at: Readings, what: str, name: str, since: int) -> bool:
    """On record after a log line; what only evidence shows is no deed."""
    if what == "done":
        return any(deed.counts > since for deed in at.memory.deeds.get(name, ()))
    return at.declined(name, since) if what == "declined" else at.recorded(name, since)


def fixed(term: Term, value: Value | None) -> Bool:
    """A recorded fact has this value, or none."""
    if isinstance(term, Truth):
        return conj((same(term.true, value is True), same(term.false, value is False)))
    if isinstance(term, Amount):
        if value is None:
            return neg(term.known)
        assert not isinstance(value, (str, tuple))
        number = value.toordinal() - EPOCH if isinstance(value, date) else value
        return conj((term.known, ordered("=", term.value, number)))
    assert isinstance(term, (Codes, Collection))
    held = () if value is None else value if isinstance(value, tuple) else (value,)
    members = [same(truth, code in held) for code, truth in term.members.items()]
    other = same(term.other, any(one not in term.members for one in held))
    return conj((same(term.known, value is not None), other, *members))


# --- what the solver only bounds ----------------------------------------------------------------
def is_bounded_only(node: ex.Expression, zone: str) -> bool:
    """Calendar months always, local dates in other zones than UTC, seconds of a span that is computed."""
    match node:
        case ex.Since(operator="months"):
            return True
        case ex.Since(operator="days") | ex.Clock(operator="today") | ex.DateOf():
            return zone != "UTC"
        case ex.Shift(amount=amount):
            months = amount.type.unit is not None and any(base == "mo" for base, _ in amount.type.unit.dims)
            return months or not isinstance(amount, ex.Literal)
        case ex.Compare(left=left, right=right) if {left.type.kind, right.type.kind} & {Kind.CODE, Kind.TEXT}:
            return not isinstance(left, ex.Literal) and not isinstance(right, ex.Literal)
        case _:
            return False


# --- random ones --------------------------------------------------------------------------------
MORE_GUARDS = st.sampled_from(
    [
        "allergy = told", "allergy != told", "wish = note", "wish != note",
        "allergy is one of (sulfa, latex)", "cause = latex", "cause is one of (latex, sulfa)", 'said = "x"',
        'said != "y"', 'wish = "home"', "current includes rifampin",
        "current includes any of (isoniazid, aspirin)", "current is empty", "weight >= 70.1 kg",
        "weight < 70050 g", "rigor >= 38 Cel", "rigor > 100.4 [degF]", "sodium < 135",
        "sodium between -3 and 0", "sodium = 135.5", "sodium * 2 = 271", "today >= due", "due is known",
        "due > stop", "review > lp_time", "now >= review", "review is known", "lowest < 0.5",
        "lowest = ratio", "lowest is unknown", "done(biopsy)", "in(watch.late)", "not in(care.workup)",
        "lp_time recorded", "drugs includes any of (aspirin, x)", "done(lumbar_puncture)",
        "declined(lumbar_puncture)", "csf_glucose = 2.5 mmol/L", "serum_glucose * ratio = csf_glucose",
        "max(ratio, 0.5) > 0.5", "lp_time - 90 s > lmwh_time", "lp_time - lmwh_time > 1 h",
        "stop - start >= 366 d", "days since start between 1 and 365", "today = date of lp_time",
        "date of lmwh_time < stop", "lmwh_time recorded", "etiology is one of (tb, fungal)",
        "months since start >= 12", "max(start, stop) < today", "consent recorded since entry",
        "declined(mri)",
        "lp_time recorded since entry", "declined(lumbar_puncture) since entry", "drugs is empty",
    ]
)  # fmt: skip


@st.composite
def lab_guards(draw: st.DrawFn) -> str:
    """Guards of every form over the facts of both laboratories."""
    first = draw(st.one_of(guards(reads_record=True), MORE_GUARDS, RECORD_READERS))
    joined = ["({0}) and ({1})", "({0}) or not ({1})", "({0}) implies ({1})"]
    form = draw(st.sampled_from(["{0}", "{0}", *joined]))
    return form.format(first, draw(MORE_GUARDS))


DEEDS = st.frozensets(
    st.sampled_from(
        ["done mri", "done lumbar_puncture", "done biopsy", "declined mri", "declined lumbar_puncture", ASKED]
    ),
    max_size=3,
)


@st.composite
def lab_patients(draw: st.DrawFn, guard: str) -> Patient:
    """Patients of whom much of what the guard rests on is known."""
    compiled = lab(guard)
    below = {node.name for node in reads_of(compiled, guard_of(compiled)) if isinstance(node, ex.FactRef)}
    names = sorted((below | {"platelets", "fever", "lp_time"}) & ALL_VALUES.keys())
    known = {name: draw(st.sampled_from(ALL_VALUES[name])) for name in names if draw(st.integers(0, 4))}
    deeds = draw(DEEDS)
    if "lp_time" in known:  # recording it says that one was done
        deeds |= {"done biopsy"}
    return Patient(
        known,
        deeds,
        draw(LATER),
        draw(st.sampled_from(["UTC", "UTC", "Europe/Berlin", "America/Sao_Paulo"])),
        draw(st.booleans()),
        draw(st.sampled_from([1, 50, 100, 150])),
    )
