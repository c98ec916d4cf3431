"""From what was entered to events: values read, deeds and their facts paired, everything checked first."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from pathway.engine.batch import Batch, DeedEntry, FactEntry, Retraction
from pathway.engine.events import RETRACTION_REASONS
from pathway.engine.memory import Record
from pathway.engine.readings import Readings
from pathway.language.calendar import format_instant, local_date, midnight
from pathway.language.definition import DeedFact, Fact
from pathway.language.expression import Kind
from pathway.language.problems import Fault, nearest, visible
from pathway.language.values import Entered, ValueRefused, read_value
from pathway.language.verdict import Verdict

LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """What is wrong with one thing entered: the fact, action or track it is about, and one sentence."""

    about: str
    text: str


class EntryError(Fault):
    """What was entered cannot be recorded, and nothing of it was."""

    def __init__(self, problems: Iterable[EntryProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.text for problem in self.problems)


def entry_error(text: str) -> EntryError:
    """The error of an entry as a whole."""
    return EntryError([EntryProblem("", text)])


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact entry with its value read; `at` is when it was true."""

    fact: Fact
    value: Entered
    at: int
    corrects: bool


@dataclass(frozen=True, slots=True)
class Performed:
    """A deed to record; `fact` names the entry of this batch that says so, if one does."""

    action: str
    at: int
    reason: str | None
    fact: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """A batch that can be recorded: values read, deeds paired with their facts."""

    batch: Batch
    facts: tuple[ReadFact, ...]
    retracted: tuple[Retraction, ...]
    deeds: tuple[Performed, ...]


def read_batch(batch: Batch, readings: Readings) -> ReadBatch:
    """Check a batch and read its values, touching nothing. Raises EntryError with all that is wrong."""
    problems: list[EntryProblem] = []
    batch = _sorted_unknowns(batch)
    _check_names(batch, readings, problems)
    _check_times(batch, readings, problems)
    facts = _read_facts(batch, batch.facts, readings, problems)
    if problems:
        raise EntryError(problems)
    with_facts = _with_facts(batch, facts, readings)
    recorded = _facts_of_deeds(batch, facts, with_facts)
    deeds = _deeds(batch, facts, recorded, (readings, with_facts), problems)
    entries = [entry for rows in recorded.values() for entry in rows]
    facts += _read_facts(batch, entries, readings, problems)
    if problems:
        raise EntryError(problems)
    return ReadBatch(
        batch, tuple(sorted(facts, key=lambda item: item.fact.name)), batch.retracted, tuple(deeds)
    )


def _sorted_unknowns(batch: Batch) -> Batch:
    """Recording `unknown` always means UNKNOWN (rule 5): such entries are retractions."""
    unknown = [entry for entry in batch.facts if _says_unknown(entry)]
    if not unknown:
        return batch
    retracted = (*batch.retracted, *(Retraction(entry.fact) for entry in unknown))
    return replace(batch, facts=tuple(e for e in batch.facts if not _says_unknown(e)), retracted=retracted)


def _says_unknown(entry: FactEntry) -> bool:
    text = entry.entered if isinstance(entry.entered, str) else "|".join(entry.entered)
    return text.strip() == "unknown"


def _check_names(batch: Batch, readings: Readings, problems: list[EntryProblem]) -> None:
    definition = readings.compiled.definition
    names = [entry.fact for entry in batch.facts] + [entry.fact for entry in batch.retracted]
    for name in names:
        if _named(name, definition.facts, "fact", problems):
            _check_recordable(definition.facts[name], problems)
    for twice in sorted({name for name in names if names.count(name) > 1}):
        problems.append(EntryProblem(twice, f"{twice} is entered twice at one time. Enter it once"))
    deeds = [entry.action for entry in batch.done]
    for twice in sorted({action for action in deeds if deeds.count(action) > 1}):
        problems.append(EntryProblem(twice, f"{twice} is done twice at one time. Enter it once"))
    for entry in (*batch.done, *batch.declined):
        _named(entry.action, definition.actions, "action", problems)
    for retraction in batch.retracted:
        if retraction.reason not in RETRACTION_REASONS:
            reasons = ", ".join(RETRACTION_REASONS)
            text = f"`{visible(retraction.reason)}` is no reason for unknown. Use: {reasons}"
            problems.append(EntryProblem(retraction.fact, f"{retraction.fact}: {text}"))
    for take in batch.take:
        if _named(take.track, definition.tracks, "track", problems):
            _named(take.to, definition.tracks[take.track].states, f"state of {take.track}", problems)
    _check_overrides(batch, readings, problems)


def _check_recordable(fact: Fact, problems: list[EntryProblem]) -> None:
    if fact.recordable or fact.formula is None:
        return
    rests = ", ".join(sorted(fact.formula.facts))
    text = f"{fact.name} is computed and cannot be recorded. Record what it rests on: {rests}"
    problems.append(EntryProblem(fact.name, text))


def _check_overrides(batch: Batch, readings: Readings, problems: list[EntryProblem]) -> None:
    definition = readings.compiled.definition
    for entry in batch.overrides:
        if entry.action is not None:
            _named(entry.action, definition.actions, "action", problems)
        elif entry.track is not None and entry.to is not None:
            if _named(entry.track, definition.tracks, "track", problems):
                _named(entry.to, definition.tracks[entry.track].states, f"state of {entry.track}", problems)
        else:
            text = "an override names an action, or a track and the state to return to"
            problems.append(EntryProblem("override", text))
        if not entry.reason.strip():
            problems.append(
                EntryProblem(
                    entry.action or entry.track or "override", "an override needs a reason. Write why"
                )
            )
    for text in (*batch.notes, *(e.reason for e in batch.overrides), *(e.reason for e in batch.declined)):
        if len(text) > LONGEST_NOTE:
            words = f"a text of {len(text)} characters is longer than {LONGEST_NOTE}. Shorten it"
            problems.append(EntryProblem("", words))


def _named(name: str, names: Iterable[str], what: str, problems: list[EntryProblem]) -> bool:
    known = tuple(names)
    if name in known:
        return True
    close = nearest(name, known)
    fix = f"Did you mean `{close}`?" if close else f"`pathway show` lists every {what.split()[0]}"
    problems.append(EntryProblem(name, f"there is no {what} called `{visible(name)}`. {fix}"))
    return False


def _check_times(batch: Batch, readings: Readings, problems: list[EntryProblem]) -> None:
    zone, now = readings.zone, readings.now
    if batch.at < now:
        text = f"{format_instant(batch.at, zone)} lies before the last entry, {format_instant(now, zone)}. "
        problems.append(EntryProblem("at", text + "Enter an older value with its own time: {value, at}"))
    for entry in (*batch.facts, *batch.done):
        if entry.at is not None and entry.at > batch.at:
            name = entry.fact if isinstance(entry, FactEntry) else entry.action
            text = f"{name}: {format_instant(entry.at, zone)} lies in the future of this entry "
            text += f"({format_instant(batch.at, zone)}). Enter it once it has happened"
            problems.append(EntryProblem(name, text))


def _read_facts(
    batch: Batch, entries: Iterable[FactEntry], readings: Readings, problems: list[EntryProblem]
) -> list[ReadFact]:
    found: list[ReadFact] = []
    for entry in entries:
        fact = readings.compiled.definition.facts.get(entry.fact)
        if fact is None:
            continue
        if entry.corrects and entry.fact not in readings.memory.current:
            text = f"{entry.fact} was never recorded, so there is nothing to correct. Record it"
            problems.append(EntryProblem(entry.fact, text))
            continue
        try:
            value = read_value(fact, entry.entered, readings.zone)
        except ValueRefused as error:
            problems.append(EntryProblem(entry.fact, str(error)))
            continue
        found.append(ReadFact(fact, value, _true_at(entry, batch, readings), entry.corrects))
    return found


def _true_at(entry: FactEntry, batch: Batch, readings: Readings) -> int:
    if entry.at is not None:
        return entry.at
    return readings.memory.current[entry.fact].at if entry.corrects else batch.at


def _with_facts(batch: Batch, facts: list[ReadFact], readings: Readings) -> Readings:
    """The snapshot on which `records: when` is judged: the batch's facts are in, its deeds are not."""
    current = dict(readings.memory.current)
    for item in facts:
        value = item.value
        present = current.get(item.fact.name)
        if item.corrects or present is None or present.at <= item.at:
            current[item.fact.name] = Record(
                sys.maxsize, item.at, batch.by, value.value, value.text, value.unit, value.entered
            )
    for entry in batch.retracted:
        current[entry.fact] = Record(
            sys.maxsize, batch.at, batch.by, None, "unknown", None, "unknown", entry.reason
        )
    return Readings(readings.compiled, replace(readings.memory, current=current), batch.at, readings.zone)


# --- deeds and the facts that say so ------------------------------------------------------------
def _deeds(
    batch: Batch,
    facts: list[ReadFact],
    recorded: dict[str, list[FactEntry]],
    readings: tuple[Readings, Readings],
    problems: list[EntryProblem],
) -> list[Performed]:
    """The deeds of a batch: those entered, and those that its facts say were done (contract)."""
    said = [_said_by(item, batch.at, *readings, problems) for item in facts]
    deeds = {deed.action: deed for deed in said if deed is not None}
    for deed in _said_now(batch, facts, *readings):
        deeds.setdefault(deed.action, deed)
    for entry in batch.done:
        rows = recorded.get(entry.action, [])
        at = entry.at if entry.at is not None else batch.at
        fact = rows[0].fact if rows else None
        deeds.setdefault(entry.action, Performed(entry.action, at, entry.reason, fact))
    return sorted(deeds.values(), key=lambda deed: deed.action)


def _said_by(
    item: ReadFact, now: int, before: Readings, with_facts: Readings, problems: list[EntryProblem]
) -> Performed | None:
    actions = before.compiled.deed_facts.get(item.fact.name, ())
    speaking = [
        name for name in actions if _speaks(_deed_fact(before, name, item.fact.name), item, with_facts)
    ]
    if not speaking or _repeats(item, before):
        return None
    at = _time_said(item, before.zone)
    if at > now:
        text = f"{item.fact.name}: a deed cannot lie in the future ({format_instant(at, before.zone)}). "
        problems.append(EntryProblem(item.fact.name, text + "Enter it once it has happened"))
    return Performed(_which(item, speaking, before), at, None, item.fact.name)


def _said_now(
    batch: Batch, facts: list[ReadFact], before: Readings, with_facts: Readings
) -> Iterator[Performed]:
    """Deeds that a standing fact speaks of only now, since its `when` has become TRUE by this batch."""
    touched = {item.fact.name for item in facts} | {entry.fact for entry in batch.retracted}
    definition = before.compiled.definition
    for name in before.compiled.deed_facts:
        record = before.memory.current.get(name)
        if name in touched or record is None or record.value is None or _claimed(record, before):
            continue
        value = Entered(record.value, record.text, record.unit, record.entered)
        item = ReadFact(definition.facts[name], value, record.at, False)
        rows = [(action, _deed_fact(before, action, name)) for action in before.compiled.deed_facts[name]]
        ready = [
            action
            for action, row in rows
            if row.when is not None and row.when.facts & touched and _speaks(row, item, with_facts)
        ]
        if ready:
            at = _time_said(item, before.zone)
            yield Performed(_which(item, ready, before), at, None, name, record.seq)


def _claimed(record: Record, readings: Readings) -> bool:
    return any(deed.via == record.seq for rows in readings.memory.deeds.values() for deed in rows)


def _which(item: ReadFact, speaking: list[str], readings: Readings) -> str:
    """The action a shared fact speaks of: the corrected one, the first not yet done, else the last."""
    deeds, present = readings.memory.deeds, readings.memory.current.get(item.fact.name)
    if item.corrects and present is not None:
        corrected = [
            name for name in speaking if any(deed.via == present.seq for deed in deeds.get(name, ()))
        ]
        speaking = corrected or speaking
    undone = [name for name in speaking if not deeds.get(name)]
    return undone[0] if undone and not item.corrects else speaking[-1]


def _repeats(item: ReadFact, readings: Readings) -> bool:
    """The same value again is the same deed; a correction always speaks anew."""
    present = readings.memory.current.get(item.fact.name)
    return present is not None and not item.corrects and present.value == item.value.value


def _deed_fact(readings: Readings, action: str, fact: str) -> DeedFact:
    return next(deed for deed in readings.compiled.definition.actions[action].records if deed.fact == fact)


def _speaks(deed: DeedFact, item: ReadFact, readings: Readings) -> bool:
    if deed.value is not None and item.value.value != deed.value:
        return False
    return _may_speak(deed, readings)


def _time_said(item: ReadFact, zone: tzinfo) -> int:
    value = item.value.value
    if item.fact.type.kind is Kind.INSTANT and isinstance(value, int):
        return value
    if isinstance(value, date):
        return midnight(value, zone)
    return item.at


def _facts_of_deeds(batch: Batch, facts: list[ReadFact], readings: Readings) -> dict[str, list[FactEntry]]:
    """The facts that marking each action done records, unless the batch gives them itself."""
    given = {item.fact.name for item in facts} | {entry.fact for entry in batch.retracted}
    found: dict[str, list[FactEntry]] = {}
    for entry in batch.done:
        for deed in readings.compiled.definition.actions[entry.action].records:
            if deed.fact in given or not _may_speak(deed, readings):
                continue
            given.add(deed.fact)
            value = FactEntry(deed.fact, _said_value(deed, entry, batch, readings))
            found.setdefault(entry.action, []).append(value)
    return found


def _may_speak(deed: DeedFact, readings: Readings) -> bool:
    return deed.when is None or readings.reason(deed.when).verdict is Verdict.TRUE


def _said_value(deed: DeedFact, entry: DeedEntry, batch: Batch, readings: Readings) -> str:
    at = entry.at if entry.at is not None else batch.at
    if deed.value is not None:
        return deed.value
    fact = readings.compiled.definition.facts[deed.fact]
    if fact.type.kind is Kind.DATE:
        return local_date(at, readings.zone).isoformat()
    return format_instant(at, readings.zone)
