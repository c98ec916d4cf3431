"""From a patient that the solver found to an entry: typed as a person would, and it does what was asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pathway.check.proofs.exploring import START, Explorer, Node
from pathway.check.proofs.oracle import NotDecidedError, Oracle
from pathway.check.proofs.patient import at_or_after, context, entry, wishes
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.terms import Truth
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry
from pathway.engine.case import Case, open_case
from pathway.language import expression as ex
from pathway.language.calendar import UTC, parse_instant
from pathway.language.evaluate import judge
from pathway.language.expression import Kind
from pathway.language.values import read_value
from pathway.language.verdict import Verdict
from tests.check.proofs.snapshots import (
    ALL_VALUES,
    SCOPE,
    guard_of,
    is_bounded_only,
    lab,
    lab_guards,
    reads_of,
)

VERDICTS = st.sampled_from([Verdict.TRUE, Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN])
BEFORE = parse_instant("2026-03-01T07:00", UTC)
NAMES = sorted(ALL_VALUES)


@dataclass(frozen=True)
class Wanted:
    """A guard, what it shall come to, and what was entered before."""

    guard: str
    verdict: Verdict
    first: Batch


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    guard = draw(lab_guards())
    names = sorted(
        {part.name for part in reads_of(lab(guard), guard_of(lab(guard))) if isinstance(part, ex.FactRef)}
        & ALL_VALUES.keys()
    )
    chosen = [name for name in names if draw(st.integers(0, 2))]
    facts = tuple(FactEntry(name, draw(st.sampled_from(_past(name)))) for name in chosen)
    done = tuple(DeedEntry(name) for name in draw(st.sampled_from([(), (), ("mri",), ("lumbar_puncture",)])))
    declined = tuple(DeclineEntry(name, "no") for name in draw(st.sampled_from([(), (), ("mri",)])))
    declined = () if done else declined
    return Wanted(guard, draw(VERDICTS), Batch(START, "test", START, facts, done=done, declined=declined))


def _past(name: str) -> list[str]:
    """Deeds of the future are refused."""
    values = ALL_VALUES[name]
    return [one for one in values if name != "lp_time" or parse_instant(one, UTC) <= START]


@dataclass
class Tried:
    """A case on a guard, and the next entry that the solver would have."""

    case: Case
    explorer: Explorer
    goal: Bool
    batch: Batch | None


def tried(of: Wanted) -> Tried:
    compiled = lab(of.guard)
    case, _ = open_case(compiled, "case", BEFORE, "test", BEFORE)
    case.enter(of.first)
    explorer = Explorer.of(compiled, Oracle())
    goal = formula(explorer.ways.encoding.truth(guard_of(compiled), SCOPE), of.verdict)
    reads = explorer.ways.reads(compiled.definition.tracks["care"].states["intake"])
    scopes = {f"{track}.{stand.state}": stand.entered_seq for track, stand in case.memory.stands.items()}
    fixed = context(case, reads, explorer.symbols, scopes)
    if explorer.symbols.clock is not None:
        fixed.append(at_or_after(explorer.symbols, case.now + 1))
    fixed.append(explorer.symbols.in_utc())
    try:
        found = explorer.oracle.ask((goal, *fixed), wishes(case, reads, explorer.symbols))
    except NotDecidedError:
        found = None
    batch = None if found is None else entry(case, found, reads, explorer.symbols, compiled.definition)
    return Tried(case, explorer, goal, batch)


def formula(truth: Truth, verdict: Verdict) -> Bool:
    if verdict is Verdict.UNKNOWN:
        return conj((neg(truth.true), neg(truth.false)))
    return truth.true if verdict is Verdict.TRUE else truth.false


def said(of: Wanted, case: Case) -> Verdict:
    entered = case.memory.stands["care"].entered_seq
    return judge(guard_of(lab(of.guard)), case.readings, entered).verdict


def after(case: Case, batch: Batch) -> Case:
    fork = case.fork()
    fork.enter(batch)
    return fork


def is_exact(guard: str) -> bool:
    compiled = lab(guard)
    return not any(is_bounded_only(part, "UTC") for part in reads_of(compiled, guard_of(compiled)))


@given(wanted())
def test_the_entry_made_of_a_patient_does_to_the_guard_what_was_asked(of: Wanted) -> None:
    it = tried(of)
    if it.batch is not None and is_exact(of.guard):
        assert said(of, after(it.case, it.batch)) is of.verdict


@given(wanted())
def test_values_are_typed_as_a_person_would_type_them(of: Wanted) -> None:
    it = tried(of)
    for item in () if it.batch is None else it.batch.facts:
        fact = it.case.compiled.definition.facts[item.fact]
        kept = read_value(fact, item.entered, UTC).value
        assert "/" not in str(item.entered)
        if fact.type.kind is Kind.NUMBER and fact.step is not None and not fact.also:
            assert fact.unit is None or (fact.unit.from_base(kept) / fact.step).denominator == 1  # type: ignore[arg-type]
    if it.batch is not None:
        assert it.batch.at > it.case.now


@given(wanted())
def test_what_the_guard_does_not_read_stays_as_it_is(of: Wanted) -> None:
    it = tried(of)
    if it.batch is None:
        return
    compiled = lab(of.guard)
    parts = reads_of(compiled, guard_of(compiled))
    for action in compiled.definition.actions.values():
        if action.evidence is not None and action.evidence.expression is not None:
            parts += ex.walk(action.evidence.expression)
    named = {part.name for part in parts if isinstance(part, ex.FactRef)}
    named |= {part.fact for part in parts if isinstance(part, ex.Recorded)}
    deeds = {part.action for part in parts if isinstance(part, (ex.Done, ex.Declined))}
    assert {one.fact for one in (*it.batch.facts, *it.batch.retracted)} <= named
    assert {one.action for one in (*it.batch.done, *it.batch.declined)} <= deeds


@given(wanted())
def test_where_the_guard_says_so_already_nothing_is_entered(of: Wanted) -> None:
    it = tried(of)
    later = Batch(it.case.now + 300, "test", it.case.now + 300)
    if said(of, after(it.case, later)) is not of.verdict or not is_exact(of.guard):
        return
    assert it.batch is not None
    again = [one for one in it.batch.facts if it.case.compiled.definition.facts[one.fact].valid_for is None]
    assert again == []
    assert (it.batch.retracted, it.batch.done, it.batch.declined) == ((), (), ())
    assert it.batch.at == later.at or it.explorer.symbols.clock is None


# --- a way that the solver holds possible is taken ------------------------------------------------
@pytest.mark.parametrize(
    ("guard", "first"),
    [
        # Only a value that is off its step, and so has to be typed in the other unit.
        ("weight > 70 kg and weight < 70050 g and not (weight = 70.1 kg)", {}),
        # Only another day by the clock that cases are run by.
        ("not (days since start between 1 and 365)", {"start": "2025-03-01"}),
        ("today > stop and days since start = 366", {"start": "2025-03-01", "stop": "2026-03-01"}),
        ("date of lmwh_time < stop and date of lmwh_time >= stop - 1 d", {"lmwh_time": "2026-03-01T06:00"}),
        ("allergy = told and not (allergy is one of (penicillin, sulfa))", {}),
        ("cause = latex", {}),
        ('said = "x"', {}),
        ("current includes aspirin", {}),
        ("csf_glucose = 2.5 mmol/L and ratio = 3", {}),
        ("temperature >= 100.4 [degF] and rigor >= 100.4 [degF]", {}),
        ("now >= review and review > lp_time", {}),
        ("yield_pct = 11 % and done(mri) and declined(lumbar_puncture)", {}),
    ],
)
def test_one_entry_takes_a_way_that_can_be_taken(guard: str, first: dict[str, str]) -> None:
    compiled = lab(guard)
    case, _ = open_case(compiled, "case", BEFORE, "test", BEFORE)
    begun = Batch(START, "test", START, tuple(FactEntry(*item) for item in first.items()))
    case.enter(begun)
    explorer = Explorer.of(compiled, Oracle())
    way = compiled.definition.tracks["care"].states["intake"].next[0]
    reached = explorer.take(Node(case, (begun,)), way)
    assert reached is not None
    assert reached.case.memory.stands["care"].state == "workup"


def test_most_goals_are_met_and_of_every_kind() -> None:
    met: Counter[tuple[Verdict, bool]] = Counter()

    @given(wanted())
    @settings(max_examples=150, database=None, derandomize=True, phases=[Phase.generate])
    def draw(of: Wanted) -> None:
        it = tried(of)
        changes = it.batch is not None and bool(it.batch.facts or it.batch.retracted or it.batch.done)
        met[of.verdict, changes] += 1

    draw()
    assert min(met[verdict, True] for verdict in Verdict) > 5
