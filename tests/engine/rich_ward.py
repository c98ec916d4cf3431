"""A pathway with a bit of everything, its guards drawn from a pool, and random entries for it."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.engine.case import Case, EntryError, Step, case_from_events, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import RETRACTION_REASONS
from pathway.language.calendar import format_instant, local_date, parse_zone
from tests.semantics.stepping import instant, pathway

START = instant("2026-03-28T08:00")
HOUR = 3600

FACTS = """facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01, valid_for: 24 h}
  csf_protein: {type: quantity, unit: mg/dL, range: [0, 5000], also: [g/L]}
  etiology: {type: code, values: [tb, bacterial, none]}
  drugs: {type: list, of: code, values: [rifampin, warfarin]}
  sepsis: {type: boolean, valid_for: 6 h}
  lmwh_time: {type: dateTime}
  lp_time: {type: dateTime}
  seen_time: {type: dateTime, valid_for: 12 h}
  mri_status: {type: code, values: [done, planned]}
  csf_volume: {type: quantity, unit: mL, range: [0, 50]}
  therapy_start: {type: date}
  age: {type: quantity, unit: a, range: [0, 120]}
  is_child: {type: boolean, formula: age < 18, recordable: true, valid_for: 4 h}
  since_lmwh: {type: quantity, unit: h, formula: time since lmwh_time}
  delay: {type: quantity, unit: h, formula: time since seen_time, recordable: true, valid_for: 1 h}
  yield_pct:
    type: quantity
    unit: "%"
    cases: [{when: since_lmwh <= 4 h, value: 73 %}, {when: since_lmwh <= 8 h, value: 11 %}]
    otherwise: 0 %
  window:
    type: quantity
    unit: h
    cases: [{when: sepsis is known, value: 1 h}]
    otherwise: time since lmwh_time
  moved: {type: boolean, formula: in(care.ward) or done(mri)}
actions:
  lp: {title: LP, type: procedure, records: [{fact: lp_time}], evidence: csf_volume is known}
  repeat_lp: {title: Second LP, type: procedure}
  mri: {title: MRI, type: order, records: [{fact: mri_status, value: done}]}
  abx: {title: Antibiotic, type: medication, course: true}
  flow: {title: Flow check, type: measure}
safeguards:
  platelets: {action: [lp, repeat_lp], when: platelet_count < 40, effect: block}
  high_inr: {action: lp, when: inr > 1.4, effect: block, override: specialist}
  lmwh: {action: lp, when: time since lmwh_time < 12 h, effect: block, unknown: ask, override: specialist}
  child: {action: abx, when: is_child and delay > 2 h, effect: block, unknown: warn, override: specialist}
  after_lp: {action: flow, when: not done(lp) or declined(lp), effect: warn}
notices:
  low_yield: {text: Cultures may stay negative., severity: low, when: yield_pct <= 11, about: [lp]}
  long: {text: A month of therapy., severity: info, when: today >= therapy_start + 1 mo}
"""

TRACKS = """tracks:
  care:
    start: intake
    states:
      intake:
        kind: decision
        asks: [etiology]
        do: [{{action: mri, within: 4 h}}]
        next: [{{to: ward, when: '{0}'}}, {{to: gate, when: '{1}'}}]
      gate:
        kind: enquiry
        do:
          - {{action: lp, within: 4 h, of: seen_time}}
          - {{action: flow, again: true, within: 2 h, when: '{2}'}}
        next: [{{to: ward, when: '{3}', auto: true}}, {{to: intake, when: '{4}'}}]
      ward:
        kind: action
        choice: true
        do: [{{action: abx, within: 1 h, until: '{5}'}}, {{action: lp, within: 12 h, soon: 30 min}}]
        next: [{{to: gate, when: '{6}'}}, {{to: home, when: '{7}'}}]
      home: {{kind: end}}
  emergency:
    start: calm
    states:
      calm: {{kind: decision, next: [{{to: alarm, when: '{8}'}}, {{to: over, when: '{9}'}}]}}
      alarm:
        kind: enquiry
        do: [{{action: repeat_lp, when: done(lp)}}, {{action: abx, within: 1 h}}]
        next:
          - {{to: calm, when: 'sepsis = false and sepsis recorded since entry'}}
          - {{to: over, when: otherwise}}
      over: {{kind: end}}
  watch:
    start: early
    states:
      early: {{kind: decision, next: [{{to: late, when: '{10}'}}]}}
      late: {{kind: action, do: [{{action: flow, within: 6 h}}], next: [{{to: early, when: '{11}'}}]}}
"""
SLOTS = 12
SIBLINGS = ((0, 1), (3, 4), (6, 7), (8, 9))
POOL: tuple[str, ...] = (
    "etiology = tb",
    "etiology is one of (bacterial, none)",
    "not (etiology = none)",
    "drugs includes warfarin",
    "drugs is empty",
    "sepsis",
    "not sepsis",
    "sepsis is unknown",
    "platelet_count < 40",
    "platelet_count >= 40 and inr <= 1.4",
    "csf_protein > 1 g/L",
    "done(lp)",
    "done(mri) since entry",
    "declined(lp)",
    "declined(mri) since entry",
    "not done(mri)",
    "inr recorded",
    "inr recorded since entry",
    "lp_time recorded since entry",
    "in(emergency.alarm)",
    "in(care.ward)",
    "in(watch.late) and not sepsis",
    "time since lmwh_time >= 12 h",
    "since_lmwh between 4 h and 8 h",
    "delay > 4 h",
    "window >= 6 h",
    "yield_pct = 11",
    "is_child",
    "moved",
    "today >= therapy_start + 1 mo",
    "days since therapy_start = 1 d",
    "months since therapy_start >= 1",
    "now > lmwh_time + 5 h",
    "at least 2 of (sepsis, is_child, inr > 1.4)",
    "csf_volume / age > 0.2 mL/a",
    "0 * inr = 0",
    "min(delay, 3 h) >= 3 h",
    "sepsis implies done(abx)",
    "platelet_count is known",
    "since_lmwh is known",
    "true",
    "false",
)

NUMBERS = {
    "platelet_count": ("39", "39.9", "40", "210"),
    "inr": ("1.0", "1.4", "1.41", "3"),
    "csf_protein": ("90", "1.5 g/L", "0.9 g/L"),
    "etiology": ("tb", "bacterial", "none", "unknown"),
    "drugs": ("[]", "warfarin", "rifampin|warfarin"),
    "sepsis": ("true", "false"),
    "mri_status": ("done", "planned"),
    "csf_volume": ("4", "10"),
    "age": ("10", "40"),
    "is_child": ("true", "false"),
    "delay": ("0.5", "3", "5"),
}
INSTANTS = ("lmwh_time", "lp_time", "seen_time")
ACTIONS = ("lp", "repeat_lp", "mri", "abx", "flow")
STATES = {
    "care": ("intake", "gate", "ward", "home"),
    "emergency": ("calm", "alarm", "over"),
    "watch": ("early", "late"),
}
STEPS = (
    0,
    0,
    1,
    60,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    4 * HOUR + 1,
    12 * HOUR,
    24 * HOUR,
    24 * HOUR + 1,
    60 * HOUR,
    31 * 24 * HOUR,
)
BACK = (0, 0, 1, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR)
ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "+05:45")


@lru_cache(maxsize=256)
def compiled_ward(number: int) -> CompiledPathway:
    """The ward whose guards are drawn from the pool by this number, always the same ones."""
    pick = Random(number)
    guards: list[str] = pick.choices(POOL, k=SLOTS)
    for first, second in SIBLINGS:
        if pick.random() < 0.7:
            guards[second] = f"not ({guards[first]})"
    return pathway(FACTS + TRACKS.format(*guards))


def wards() -> SearchStrategy[int]:
    """Numbers of wards with random guards."""
    return st.integers(0, 149)


@st.composite
def batches(draw: st.DrawFn, now: int, zone: str) -> Batch:
    """A random entry some time after `now`."""
    at = now + draw(st.sampled_from(STEPS))
    names = draw(st.lists(st.sampled_from([*NUMBERS, *INSTANTS, "therapy_start"]), max_size=3, unique=True))
    if draw(st.sampled_from((True, False, False))):
        names = [
            *(name for name in NUMBERS if name != "csf_volume"),
            "lmwh_time",
            "seen_time",
            "therapy_start",
        ]
    facts = tuple(draw(entries(name, at, zone)) for name in names)
    left = [name for name in [*NUMBERS, *INSTANTS] if name not in names]
    retracted = draw(st.lists(st.sampled_from(left), max_size=1)) if left else []
    takes = draw(
        st.lists(st.sampled_from([(t, s) for t, states in STATES.items() for s in states]), max_size=1)
    )
    return Batch(
        at,
        draw(st.sampled_from(("dr_a", "nurse_b"))),
        at,
        facts=facts,
        retracted=tuple(Retraction(name, draw(st.sampled_from(RETRACTION_REASONS))) for name in retracted),
        done=tuple(
            DeedEntry(name, draw(st.sampled_from((None, at - HOUR))))
            for name in draw(st.lists(st.sampled_from(ACTIONS), max_size=1))
        ),
        declined=tuple(
            DeclineEntry(name, "no") for name in draw(st.lists(st.sampled_from(ACTIONS), max_size=1))
        ),
        overrides=tuple(draw(st.lists(overrides(), max_size=1))),
        take=tuple(TakeEntry(track, state) for track, state in takes),
        acknowledged=tuple(draw(st.lists(st.sampled_from(("done_while_held", "child")), max_size=1))),
        notes=tuple(draw(st.lists(st.just("seen"), max_size=1))),
        undo=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def entries(draw: st.DrawFn, name: str, at: int, zone: str) -> FactEntry:
    """A random value of a fact, now, of an earlier time, or as a correction."""
    earlier = at - draw(st.sampled_from(BACK))
    if name in INSTANTS:
        value = format_instant(earlier, parse_zone(zone))
    elif name == "therapy_start":
        days = draw(st.sampled_from((0, 1, 28, 30, 31)))
        value = local_date(earlier - days * 24 * HOUR, parse_zone(zone)).isoformat()
    else:
        value = draw(st.sampled_from(NUMBERS[name]))
    how = draw(st.sampled_from((*["now"] * 9, *["earlier"] * 3, "corrects")))
    return FactEntry(name, value, earlier if how == "earlier" else None, how == "corrects")


def overrides() -> SearchStrategy[OverrideEntry]:
    """An override of an action's safeguards, or a return of a track."""
    lifting = st.sampled_from(ACTIONS).map(lambda name: OverrideEntry("agreed", action=name))
    returning = st.sampled_from([(t, s) for t, states in STATES.items() for s in states]).map(
        lambda pair: OverrideEntry("wrong box", track=pair[0], to=pair[1])
    )
    return lifting | returning


def opened(ward: int, zone: str = "UTC", at: int = START) -> Case | None:
    """A new case; None where the drawn guards go round in a circle from the start."""
    try:
        return open_case(compiled_ward(ward), "case-1", at, "dr_a", at, zone)[0]
    except EntryError:
        return None


def committed(case: Case, batch: Batch, confirm: str | None = None) -> Step | None:
    """The step of a batch, or None where it was refused as a whole, which then left no trace."""
    before = list(case.events)
    try:
        return case.commit(batch, confirm)
    except EntryError:
        assert case.events == before
        return None


def refolded(case: Case) -> Case:
    """The case that the log amounts to, at the same instant."""
    folded = case_from_events(case.compiled, case.id, case.events)
    folded.pass_time(case.now, case.now)
    return folded
