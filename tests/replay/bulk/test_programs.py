"""Guards as programs over whole numbers, and as decision diagrams, say what their evaluation says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.engine.readings import Readings
from pathway.language.definition import Fact
from pathway.language.evaluate import judge as evaluated
from pathway.language.expression import Kind, Value
from pathway.language.verdict import Verdict
from pathway.replay.bulk import arrays, codes
from pathway.replay.bulk import columns as col
from pathway.replay.bulk.deciding import decide
from pathway.replay.bulk.diagrams import Diagrams
from pathway.replay.bulk.evaluating import judge
from pathway.replay.bulk.kernels import Ints
from pathway.replay.bulk.programs import Programs
from pathway.replay.bulk.scales import EPOCH_DAY, scale_of
from pathway.replay.bulk.tables import bulk_pathway
from pathway.replay.bulk.texts import texts_of
from pathway.replay.bulk.words import Words
from tests.language.guard_strategies import (
    DEEDS,
    LATER,
    RECORD_READERS,
    facts_below,
    guards,
    lab,
    patient,
    patients,
    typed,
)

VERDICTS = {codes.NO: Verdict.FALSE, codes.UNSURE: Verdict.UNKNOWN, codes.YES: Verdict.TRUE}


def as_number(fact: Fact, value: Value, words: Words) -> int:
    if isinstance(value, Fraction) and fact.type.kind is Kind.NUMBER:
        steps = scale_of(fact).steps(fact, value)
        assert steps.denominator == 1
        return int(steps)
    if isinstance(value, date):
        return value.toordinal() - EPOCH_DAY
    return words.number(value) if isinstance(value, str | tuple) else int(value)  # type: ignore[arg-type]


@given(
    text=st.one_of(guards(), guards(reads_record=True), RECORD_READERS),
    data=st.data(),
    deeds=DEEDS,
    later=LATER,
)
@settings(max_examples=100)
def test_a_program_gives_the_verdict_and_the_lines_it_rests_on(
    text: str, data: st.DataObject, deeds: frozenset[str], later: int
) -> None:
    known, _ = data.draw(patients(facts_below(text)))
    readings = patient(known, deeds, later)
    entry = data.draw(st.sampled_from([0, 1, 3]))
    ruling = evaluated(typed(text), readings, entry)
    verdict, lines = run(text, readings, entry)
    assert VERDICTS[verdict] is ruling.verdict
    assert lines == set(ruling.basis)


def run(text: str, readings: Readings, entry: int) -> tuple[int, set[int]]:
    """The verdict of the guard's program, and the log lines that it touched."""
    base = bulk_pathway(lab())
    programs = Programs(lab().definition, Words.of(base.words))
    start = programs.expression(typed(text))
    diagrams = Diagrams(programs)
    node = diagrams.draw([typed(text)], verdict_alone)
    programs.finish()
    numbers = [(one.numerator, one.denominator) for one in programs.numbers]
    stretches = {
        name: base.tables[base.tables[at, 0] : base.tables[at, 0] + base.tables[at, 1]]
        for at, name in enumerate(col.STRETCHES)
    }
    stretches["steps"] = np.array(programs.steps, np.int64)
    stretches["numbers"] = np.array(numbers, np.int64).reshape(-1, 2)
    stretches["nodes"] = np.array(diagrams.nodes, np.int64).reshape(-1, 7)
    tables = arrays.tables(stretches)
    regs = arrays.registers(tables, 200)
    load(readings, programs, regs)
    texts = texts_of(programs.tests, programs.words.all, ["Europe/Berlin"])
    before = lines_before(readings, programs, regs)
    decided = int(decide(tables, texts, regs, before, node, readings.now, entry))
    regs[0, col.GATHERING] = 1
    verdict = int(judge(tables, texts, regs, before, start, readings.now, entry))
    assert node == codes.NOT_DRAWN or decided == verdict
    assert regs[0, col.TROUBLE] == 0
    return verdict, {line for line in range(200) if regs[regs[1, col.OF_TOUCHED] + line, 0]}


def verdict_alone(verdicts: Sequence[int]) -> int | None:
    return verdicts[0] if verdicts[0] <= codes.YES else None


def load(readings: Readings, programs: Programs, regs: Ints) -> None:
    memory, facts, (deeds, tracks) = readings.memory, col.FACTS_FROM, regs[1, :2]
    for name, record in memory.current.items():
        row = facts + 2 * programs.fact_number[name]
        fact = programs.definition.facts[name]
        knowledge = codes.UNKNOWN if record.value is None else codes.KNOWN
        value = 0 if record.value is None else as_number(fact, record.value, programs.words)
        told = max((row.seq for row in memory.records[name] if row.reason is None), default=0)
        regs[row, :5] = (value, knowledge, record.at, record.seq, told)
    for name, done in memory.deeds.items():
        regs[deeds + programs.action_number[name], col.LAST_DONE] = max(deed.counts for deed in done)
    for name, declines in memory.declines.items():
        regs[deeds + programs.action_number[name], col.LAST_DECLINED] = max(one.seq for one in declines)
    for number, (track, stand) in enumerate(memory.stands.items()):
        place = list(programs.definition.tracks[track].states).index(stand.state)
        regs[tracks + number, col.STATE] = place
        regs[tracks + number, col.ENTERED_LINE] = stand.entered_seq


def lines_before(readings: Readings, programs: Programs, regs: Ints) -> Ints:
    """Which line last spoke of the same thing before each line; where to begin stands in the registers."""
    before, memory = np.zeros(200, np.int64), readings.memory
    for name, records in memory.records.items():
        last = in_a_chain(before, (record.seq for record in records))
        regs[col.FACTS_FROM + 2 * programs.fact_number[name], col.LAST] = last
    for entries in (memory.deeds, memory.declines):
        for listed in entries.values():
            in_a_chain(before, (one.seq for one in listed))
    return before


def in_a_chain(before: Ints, lines: Iterable[int]) -> int:
    """Let each line know the one before it; the last one."""
    last = 0
    for line in sorted(lines):
        before[line - 1] = last
        last = line
    return last
