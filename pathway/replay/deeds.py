"""What a log says of deeds and overrides, against what safeguards and facts said at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pathway.engine import calls
from pathway.engine import events as ev
from pathway.engine.memory import Deed, Memory, Override, Record
from pathway.engine.readings import Readings
from pathway.engine.recording import worse
from pathway.language.calendar import local_date
from pathway.language.definition import DeedFact
from pathway.language.expression import Kind, Value
from pathway.language.values import kept_value
from pathway.language.verdict import Verdict
from pathway.replay.batches import LoggedBatch
from pathway.replay.divergence import (
    DEED_AND_FACT,
    OTHER_STANDING,
    OVERRIDE,
    diverge,
    event_words,
    reason_words,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recorded fact that says that an action was done, one of `actions`."""

    event: ev.FactRecorded
    value: Value
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What a batch found: the current records and the deeds, as they were before its facts came in."""

    current: Mapping[str, Record]
    deeds: Mapping[str, tuple[Deed, ...]]

    @classmethod
    def of(cls, memory: Memory) -> Before:
        return cls(dict(memory.current), {name: tuple(rows) for name, rows in memory.deeds.items()})

    def with_facts(self, after: Readings) -> Readings:
        """The snapshot on which `records: when` is judged: the batch's facts are in, its deeds are not."""
        memory = replace(after.memory, deeds={name: list(rows) for name, rows in self.deeds.items()})
        return Readings(after.compiled, memory, after.now, after.zone)


def spoken(batch: LoggedBatch, before: Before, with_facts: Readings) -> list[Spoken]:
    """The facts of a batch that speak of a new deed (rule 24)."""
    found: list[Spoken] = []
    for event in batch.recorded:
        fact = with_facts.compiled.definition.facts[event.fact]
        names = with_facts.compiled.deed_facts.get(event.fact, ())
        value = kept_value(fact, event.value, with_facts.zone)
        present = before.current.get(event.fact)
        repeats = present is not None and event.corrects is None and present.value == value
        actions = tuple(name for name in names if _speaks(name, event.fact, value, with_facts))
        if actions and not repeats:
            found.append(Spoken(event, value, actions))
    return found


def silent(batch: LoggedBatch, with_facts: Readings) -> dict[int, tuple[str, ...]]:
    """For each deed without a fact of its own, by its line: the facts that its entry would record."""
    definition = with_facts.compiled.definition
    return {
        deed.seq: tuple(row.fact for row in definition.actions[deed.action].records if _may(row, with_facts))
        for deed in batch.deeds
        if deed.via is None
    }


def check_pairing(batch: LoggedBatch, before: Before, after: Readings) -> None:
    """Every fact that says so has its deed, every deed has its fact (contract, "Facts that say")."""
    with_facts = before.with_facts(after)
    said, recording = spoken(batch, before, with_facts), silent(batch, with_facts)
    given = {event.fact for event in batch.facts}
    for one in said:
        kin = after.compiled.deed_facts[one.event.fact]
        if not any(deed.action in kin for deed in batch.deeds):
            expected = f"action_done {' or '.join(one.actions)}"
            why = f"{one.event.fact} says that it was done, and no deed of this batch says so"
            diverge(one.event.seq, DEED_AND_FACT, expected, event_words(one.event), why)
    for deed in batch.deeds:
        _check_facts(deed, given, recording.get(deed.seq, ()))
        _check_via(deed, said, after)


def _check_facts(deed: ev.ActionDone, given: set[str], recording: tuple[str, ...]) -> None:
    for name in recording:
        if name not in given:
            why = f"doing {deed.action} records {name}, and this batch has no such line"
            diverge(deed.seq, DEED_AND_FACT, f"fact_recorded {name}", event_words(deed), why)


def _check_via(deed: ev.ActionDone, said: list[Spoken], after: Readings) -> None:
    if deed.via is None:
        return
    facts = {row.fact for row in after.compiled.definition.actions[deed.action].records}
    if not any(row.seq == deed.via for name in facts for row in after.memory.records.get(name, ())):
        why = f"event {deed.via} records no fact that says {deed.action} was done"
        diverge(
            deed.seq,
            DEED_AND_FACT,
            f"via an event of {', '.join(sorted(facts)) or 'no fact'}",
            f"via {deed.via}",
            why,
        )
    for one in said:
        if one.event.seq == deed.via and not _fits(deed.done_at, one, after):
            why = f"{one.event.fact} of event {deed.via} says {one.event.value}"
            diverge(
                deed.seq,
                DEED_AND_FACT,
                "the time that its fact says",
                f"another done_at ({deed.done_at})",
                why,
            )


def _fits(done_at: int, said: Spoken, readings: Readings) -> bool:
    kind = readings.compiled.definition.facts[said.event.fact].type.kind
    if kind is Kind.INSTANT:
        return done_at == said.value
    return kind is not Kind.DATE or local_date(done_at, readings.zone) == said.value


def _speaks(action: str, fact: str, value: Value, with_facts: Readings) -> bool:
    rows = with_facts.compiled.definition.actions[action].records
    return any(row.fact == fact and row.value in (None, value) and _may(row, with_facts) for row in rows)


def _may(row: DeedFact, with_facts: Readings) -> bool:
    return row.when is None or with_facts.reason(row.when).verdict is Verdict.TRUE


# --- how the action stood -----------------------------------------------------------------------
def marks(batch: LoggedBatch, before: Before) -> dict[str, str]:
    """How deeds that the facts of a batch correct were judged: once marked, always marked (rule 22)."""
    corrected = {event.corrects for event in batch.recorded if event.corrects is not None}
    rows = {
        name: [deed.judged for deed in deeds if deed.via in corrected] for name, deeds in before.deeds.items()
    }
    return {name: worse(judged) for name, judged in rows.items() if judged}


def check_standings(batch: LoggedBatch, before: Before, after: Readings) -> None:
    """`while` of every deed and refusal is what the safeguards said (rules 21 and 22)."""
    marked = marks(batch, before)
    for event in (*batch.deeds, *batch.declined):
        is_deed = isinstance(event, ev.ActionDone)
        at = event.done_at if is_deed else batch.at
        readings = Readings(after.compiled, _supposed(event.action, at, batch, after.memory), at, after.zone)
        standing = calls.cleared(event.action, readings)
        if is_deed:
            standing = worse((standing, marked.get(event.action, standing)))
        if standing != event.judged:
            diverge(
                event.seq, OTHER_STANDING, f"{event.action} {standing}", f"{event.action} {event.judged}",
                _safeguard_words(event.action, readings) or f"no safeguard stands against {event.action}",
            )  # fmt: skip


def _supposed(action: str, at: int, batch: LoggedBatch, memory: Memory) -> Memory:
    """The memory with the batch's overrides and its other deeds by then."""
    deeds = {name: list(rows) for name, rows in memory.deeds.items()}
    for other in batch.deeds:
        if other.action != action and other.done_at <= at:
            deed = Deed(other.seq, other.batch, other.done_at, other.judged, other.by, other.seq, other.via)
            deeds.setdefault(other.action, []).append(deed)
    lifts = [
        Override(one.seq, one.batch, at, one.action, one.safeguards)
        for one in batch.overrides
        if one.action is not None
    ]
    return replace(memory.as_of(at), deeds=deeds, overrides=[*memory.overrides, *lifts])


def _safeguard_words(action: str, readings: Readings) -> str:
    """Safeguards that do not clear an action, with their reasons."""
    rows = [(one, *calls.standing_of(one, action, readings)) for one in readings.compiled.safeguards[action]]
    return "; ".join(f"{one.name} {word}: {reason_words(reason)}" for one, word, reason in rows)


def check_overrides(batch: LoggedBatch, after: Readings) -> None:
    """An override lifts what stands against its action, or returns a track to where it was (rule 23)."""
    for event in batch.overrides:
        if event.action is not None:
            _check_lifted(event, event.action, after)
        else:
            _check_return(event, after)


def _check_lifted(event: ev.Overridden, action: str, after: Readings) -> None:
    against = [
        one
        for one in after.compiled.safeguards[action]
        if calls.standing_of(one, action, after)[0] in ("blocks", "holds")
    ]
    lifted = tuple(one.name for one in against if one.override is not None)
    if not lifted or lifted != event.safeguards:
        why = _safeguard_words(action, after) or f"no safeguard stands against {action}"
        diverge(event.seq, OVERRIDE, _listed(lifted), _listed(event.safeguards), why)


def _listed(safeguards: tuple[str, ...]) -> str:
    return f"lifts {', '.join(safeguards) or 'nothing'}"


def _check_return(event: ev.Overridden, after: Readings) -> None:
    track, to = event.track, event.to
    if track is None or to is None or track not in after.memory.stands:
        diverge(
            event.seq,
            OVERRIDE,
            "an action, or a track and a state",
            "neither",
            "an override names one of both",
        )
    state, been = after.memory.stands[track].state, after.memory.states_been_in(track)
    if state == to or to not in been:
        why = f"{track} is in {state} and has been in {', '.join(sorted(been))}"
        diverge(event.seq, OVERRIDE, "a state it has left", f"{track} returns to {to}", why)
