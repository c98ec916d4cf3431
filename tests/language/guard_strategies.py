"""Random typed guards as text, over one small pathway, and what may be known of a patient."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st

from pathway.engine.batch import FactEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.events import ActionDeclined, ActionDone
from pathway.engine.readings import Readings
from pathway.engine.supposing import supposed
from pathway.language import expression as ex
from pathway.language.ask import vocabulary_of
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.evaluate import Ruling, judge
from pathway.language.load import definition_from_text
from pathway.language.typed import typed_guard

ZONE = parse_zone("Europe/Berlin")
NOW = parse_instant("2026-03-01T10:00", ZONE)

LAB = """
pathway: guard-lab
version: 1.0.0
title: Guards over one patient
status: draft
facts:
  suspected: {type: boolean, label: infection suspected}
  fever: {type: boolean}
  platelets: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  kps: {type: integer, label: Karnofsky score, range: [0, 100], step: 10}
  csf_glucose: {type: quantity, unit: mg/dL, range: [0, 1000], label: CSF glucose,
                also: {mmol/L: {factor: 18.0156}}}
  serum_glucose: {type: quantity, unit: mg/dL, range: [0, 1000]}
  temperature: {type: quantity, unit: Cel, range: [-20, 50], also: ["[degF]"]}
  etiology: {type: code, label: cause, values: {tb: Tuberculosis, bacterial: Bacterial, fungal: Fungal}}
  drugs: {type: list, of: code, label: current drugs, values: [rifampin, isoniazid], open: true}
  lmwh_time: {type: dateTime, label: last LMWH dose}
  lp_time: {type: dateTime, label: puncture}
  start: {type: date, label: start of therapy}
  stop: {type: date, label: planned stop}
  note: {type: text}
  consent: {type: boolean}
  ratio: {type: quantity, unit: "1", label: glucose ratio, formula: csf_glucose / serum_glucose}
  hours_since_lmwh: {type: quantity, unit: h, formula: time since lmwh_time}
  yield_pct:
    type: quantity
    unit: "%"
    cases:
      - {when: hours_since_lmwh <= 4 h, value: 73 %}
      - {when: hours_since_lmwh <= 8 h, value: 11 %}
    otherwise: 0 %
  is_worried: {type: boolean, formula: suspected and kps < 70, recordable: true}
  gate: {type: code, values: [safe, unsafe],
         cases: [{when: platelets >= 40, value: safe}, {when: fever, value: unsafe}]}
actions:
  mri: {title: MRI, type: order}
  lumbar_puncture: {title: Lumbar puncture, type: procedure}
tracks:
  care:
    title: Care
    start: intake
    states:
      intake: {kind: enquiry, next: [{to: workup, when: suspected}]}
      workup: {kind: end, title: Work-up}
"""

VALUES: Mapping[str, tuple[str, ...]] = {
    "suspected": ("true", "false"),
    "fever": ("true", "false"),
    "platelets": ("39.9", "40", "210"),
    "kps": ("0", "60", "70"),
    "csf_glucose": ("0", "45", "90.078"),
    "serum_glucose": ("0", "50", "90"),
    "temperature": ("-5", "37.9", "38"),
    "etiology": ("tb", "bacterial", "fungal"),
    "drugs": ("[]", "rifampin", "rifampin|isoniazid"),
    "lmwh_time": ("2026-03-01T02:00", "2026-03-01T06:00", "2026-02-28T09:59:59"),
    "lp_time": ("2026-03-01T05:30", "2026-03-01T06:00"),
    "start": ("2025-03-01", "2026-02-28"),
    "stop": ("2026-02-28", "2026-03-02"),
    "note": ("x", "y"),
    "is_worried": ("true", "false"),
}
Known = Mapping[str, str]


@cache
def lab() -> CompiledPathway:
    """The pathway of these tests, compiled."""
    return compile_pathway(definition_from_text(LAB))


@cache
def typed(text: str) -> ex.Expression:
    """A guard of a state of the lab."""
    return typed_guard(text, vocabulary_of(lab().definition), in_state=True)


def patient(known: Known, deeds: frozenset[str] = frozenset(), later: int = 0) -> Readings:
    """A patient of whom this was recorded, and what was done, declined or asked, so many seconds ago."""
    entries = [FactEntry(name, value) for name, value in known.items()]
    entries += [FactEntry("consent", "true")] if ASKED in deeds else []
    readings = supposed(lab(), entries, NOW, "Europe/Berlin")
    for seq, deed in enumerate(sorted(deeds - {ASKED}), 100):
        readings.memory.apply(_event(seq, *deed.split(" ")))
    readings.move_clock(NOW + later)
    return readings


def _event(seq: int, word: str, action: str) -> ActionDone | ActionDeclined:
    if word == "done":
        return ActionDone(
            seq=seq,
            at=NOW,
            recorded_at=NOW,
            by="test",
            batch=3,
            action=action,
            judged="recommended",
            done_at=NOW,
        )
    return ActionDeclined(
        seq=seq, at=NOW, recorded_at=NOW, by="test", batch=3, action=action, judged="recommended", reason="no"
    )


def ruling(text: str, known: Known, deeds: frozenset[str] = frozenset(), later: int = 0) -> Ruling:
    """The verdict of a guard on a patient, with its needs."""
    return judge(typed(text), patient(known, deeds, later))


# --- values as text -----------------------------------------------------------------------------
@st.composite
def _numbers(draw: st.DrawFn, depth: int = 2) -> str:
    form = (
        draw(st.sampled_from(["plain", "plain", "arithmetic", "negative", "extreme"])) if depth else "plain"
    )
    if form == "plain":
        return draw(st.sampled_from(_PLAIN))
    left, right = draw(_numbers(depth - 1)), draw(_numbers(depth - 1))
    if form == "arithmetic":
        return f"({left} {draw(st.sampled_from('+-*/'))} {right})"
    return f"(-{left})" if form == "negative" else f"{draw(st.sampled_from(['min', 'max']))}({left}, {right})"


_PLAIN = ["kps", "ratio", "0", "0.5", "60", "70", "(-1)", "(csf_glucose / serum_glucose)"]
_MASSES = st.sampled_from(
    ["csf_glucose", "serum_glucose", "45 mg/dL", "(csf_glucose + serum_glucose)", "2 * csf_glucose"]
)
_MOVING = st.sampled_from(
    ["time since lmwh_time", "hours_since_lmwh", "time since (lp_time + 1 h)", "now - lmwh_time"]
)
_SPANS = st.sampled_from(["4 h", "30 min", "8 h", "lp_time - lmwh_time", "(lp_time - lmwh_time) * 2"])
_DATES = st.sampled_from(
    [
        "start",
        "stop",
        "start + 12 mo",
        "stop - 1 d",
        "date of lp_time",
        "min(start, stop)",
        "date of (lmwh_time + 12 h)",
    ]
)
_INSTANTS = st.sampled_from(["lmwh_time", "lp_time", "lmwh_time + 4 h", "max(lmwh_time, lp_time)"])
_SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_EQUAL = st.sampled_from(["=", "!="])
_CODES = st.sampled_from(["tb", "bacterial", "fungal"])
_FACTS = st.sampled_from(sorted({*VALUES, "ratio", "yield_pct", "gate", "hours_since_lmwh"}))


def _compared(left: st.SearchStrategy[str], right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} {} {}".format, left, _SIGNS, right),
        st.builds("{} between {} and {}".format, left, right, right),
    )


_ATOMS: list[st.SearchStrategy[str]] = [
    st.sampled_from(["suspected", "fever", "is_worried", "true", "false"]),
    st.sampled_from(["platelets < 40", "platelets >= 40", "temperature >= 100.4 [degF]", "temperature > -5"]),
    _compared(_numbers(), _numbers()),
    _compared(_MASSES, st.one_of(_MASSES, st.sampled_from(["45 mg/dL", "0.45 g/L"]))),
    st.builds("csf_glucose {} {} mmol/L".format, _SIGNS, st.sampled_from(["5", "2.5"])),
    _compared(_MOVING, _SPANS),
    st.builds("days since start {} {}".format, _SIGNS, st.sampled_from(["1", "365"])),
    st.builds("months since start {} {}".format, _SIGNS, st.sampled_from(["1", "12"])),
    st.builds("today {} {}".format, _SIGNS, _DATES),
    st.builds("now {} {}".format, _SIGNS, _INSTANTS),
    _compared(_DATES, _DATES),
    _compared(_INSTANTS, _INSTANTS),
    st.builds("yield_pct {} {} %".format, _SIGNS, st.sampled_from(["11", "50"])),
    st.builds("etiology {} {}".format, _EQUAL, _CODES),
    st.builds("gate {} safe".format, _EQUAL),
    st.builds('note {} "x"'.format, _EQUAL),
    st.builds("suspected {} fever".format, _EQUAL),
    st.lists(_CODES, min_size=1, max_size=2, unique=True).map(
        lambda c: f"etiology is one of ({', '.join(c)})"
    ),
    st.sampled_from(
        ["drugs includes rifampin", "drugs includes any of (isoniazid, other)", "drugs is empty"]
    ),
    st.sampled_from(["done(mri)", "done(lumbar_puncture) since entry"]),
    st.sampled_from(
        [
            "declined(mri)",
            "declined(mri) since entry",
            "in(care.intake)",
            "consent recorded",
            "consent recorded since entry",
        ]
    ),
]
RECORD_READERS = st.builds("{} is {}".format, _FACTS, st.sampled_from(["known", "unknown"]))


@st.composite
def guards(draw: st.DrawFn, reads_record: bool = False, depth: int = 2) -> str:
    """Guards of every form; with `is known` only when asked, as it reads the record itself."""
    form = (
        draw(st.sampled_from(["atom", "atom", "not", "and", "or", "implies", "at least"]))
        if depth
        else "atom"
    )
    if form == "atom":
        return draw(draw(st.sampled_from([*_ATOMS, *[RECORD_READERS] * reads_record])))
    parts = draw(st.lists(guards(reads_record, depth - 1), min_size=2, max_size=3))
    if form == "not":
        return f"not ({parts[0]})"
    if form == "at least":
        return f"at least {draw(st.integers(1, len(parts)))} of ({', '.join(parts)})"
    if form == "implies":
        return f"({parts[0]}) implies ({parts[1]})"
    return f" {form} ".join(f"({part})" for part in parts)


def facts_below(text: str) -> tuple[str, ...]:
    """The recordable facts whose values a guard rests on."""
    found: dict[str, None] = {}
    definition = lab().definition
    for node in ex.walk(typed(text)):
        if isinstance(node, ex.FactRef):
            formula = definition.facts[node.name].formula
            below = sorted(formula.facts) if formula is not None else []
            found |= dict.fromkeys([node.name, *below] if definition.facts[node.name].recordable else below)
    return tuple(found)


@st.composite
def patients(draw: st.DrawFn, facts: tuple[str, ...]) -> tuple[Known, Known]:
    """What is known of a patient at first and, nothing taken back, later."""
    less: dict[str, str] = {}
    more: dict[str, str] = {}
    for fact in facts:
        stages = (
            ["at first", "never"] if fact in RECORDED_OR_COMPUTED else ["at first", "later", "later", "never"]
        )
        stage = draw(st.sampled_from(stages))
        if stage != "never":
            more[fact] = draw(st.sampled_from(VALUES[fact]))
        if stage == "at first":
            less[fact] = more[fact]
    return less, more


ASKED = "asked consent"
# A record beats the formula: recording one later may contradict what was computed, and fills no gap.
RECORDED_OR_COMPUTED = frozenset({"is_worried"})
DEEDS = st.frozensets(st.sampled_from(["done mri", "done lumbar_puncture", "declined mri", ASKED]))
LATER = st.sampled_from([0, 1800, 3600 * 4, 86400, 86401, 86400 * 400])
