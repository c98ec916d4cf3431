"""One instant of a case as guards read it, remembering what it has read until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from pathway.engine.compiled import CLOCK, CompiledPathway, Signal
from pathway.engine.memory import Memory, Override, Record
from pathway.language.calendar import format_instant
from pathway.language.definition import Fact, Guard, Safeguard, Transition
from pathway.language.evaluate import FactReading, Outcome, all_of, derived, explained, merged, negated
from pathway.language.values import shown
from pathway.language.verdict import FactUse, Reason, Verdict


class Readings:
    """Implements the guards' Snapshot over a case's memory at `now`.

    Only guards that read something that changed are evaluated again; everything else is as read before.
    """

    def __init__(self, compiled: CompiledPathway, memory: Memory, now: int, zone: tzinfo) -> None:
        self.compiled = compiled
        self.memory = memory
        self.zone = zone
        self._now = now
        self._facts: dict[str, FactReading] = {}
        self._reasons: dict[int, Reason] = {}
        self._since_entry: dict[int, dict[int, Reason]] = {}
        self._changed: set[Signal] = set()
        self.ways_known: dict[str, tuple[Any, ...]] = {}

    def fork(self, memory: Memory) -> Readings:
        """The same readings over another memory with the same content."""
        found = Readings(self.compiled, memory, self._now, self.zone)
        found._facts = dict(self._facts)
        found._reasons = dict(self._reasons)
        found._since_entry = {key: dict(kept) for key, kept in self._since_entry.items()}
        found.ways_known = dict(self.ways_known)
        found._changed = set(self._changed)
        return found

    # --- change ---------------------------------------------------------------------------------
    @property
    def now(self) -> int:
        return self._now

    def move_clock(self, now: int) -> None:
        """Let the clock stand at `now`; expired facts and clock readers are forgotten."""
        if now == self._now:
            return
        gone = [("fact", name) for name, last in self.lasting() if self._now <= last < now]
        self._now = now
        self.forget([CLOCK, *gone])

    def lasting(self) -> Iterable[tuple[str, int]]:
        """The facts that expire, with the last second at which they are valid."""
        for name in self.compiled.lasting:
            record = self.memory.current.get(name)
            last = None if record is None else self.last_valid(name, record)
            if last is not None:
                yield name, last

    def last_valid(self, name: str, record: Record) -> int | None:
        """The last second at which a record is valid (rule 18); None when it does not expire."""
        valid_for = self.compiled.definition.facts[name].valid_for
        return None if valid_for is None or record.value is None else record.at + valid_for

    def valid_record(self, name: str) -> Record | None:
        """The present record of a fact, unless it has expired."""
        record = self.memory.current.get(name)
        last = None if record is None else self.last_valid(name, record)
        return None if last is not None and self._now > last else record

    def forget(self, signals: Iterable[Signal]) -> None:
        """Forget what was read from things that have changed."""
        for signal in signals:
            self._changed.add(signal)
            for track in self.compiled.guiding.get(signal, ()):
                self.ways_known.pop(track, None)
            for key in self.compiled.readers.get(signal, ()):
                self._reasons.pop(key, None)
                self._since_entry.pop(key, None)
            for name in self.compiled.derived.get(signal, ()):
                self._facts.pop(name, None)
            if signal[0] == "fact":
                self._facts.pop(signal[1], None)

    def changes_since_asked(self) -> frozenset[Signal]:
        """What has changed since this was last asked."""
        changed, self._changed = frozenset(self._changed), set()
        return changed

    # --- Snapshot -------------------------------------------------------------------------------
    def fact(self, name: str) -> FactReading:
        """The current value of a fact with its evidence."""
        reading = self._facts.get(name)
        if reading is None:
            reading = self._facts[name] = self._read(self.compiled.definition.facts[name])
        return reading

    def _read(self, fact: Fact) -> FactReading:
        recorded = self._recorded(fact) if fact.recordable else None
        if fact.formula is None:
            assert recorded is not None
            return recorded
        if recorded is not None and recorded.value is not None:
            return recorded
        computed = self._derived(fact, derived(fact, self))
        if recorded is None:
            return computed
        return replace(computed, basis=merged([recorded.basis, computed.basis]))

    def computed(self, fact: Fact) -> FactReading:
        """What the formula of a derived fact says, whatever was recorded."""
        return self._derived(fact, derived(fact, self))

    def _recorded(self, fact: Fact) -> FactReading:
        record = self.memory.current.get(fact.name)
        why = self._why_unknown(fact, record)
        if record is None or record.value is None or why is not None:
            basis = (record.seq,) if record is not None else ()
            return FactReading(None, (FactUse(fact.name, None, why=why),), (fact.name,), basis)
        text, unit = shown(fact, record.value, self.zone)
        value = ", ".join(text) if isinstance(text, tuple) else text
        use = FactUse(fact.name, value, unit, record.at, record.by, record.seq)
        return FactReading(record.value, (use,), (), (record.seq,))

    def _why_unknown(self, fact: Fact, record: Record | None) -> str | None:
        if record is None:
            return "not recorded"
        if record.reason is not None:
            return record.reason.replace("_", " ")
        last = self.last_valid(fact.name, record)
        return (
            None if last is None or self._now <= last else f"expired after {format_instant(last, self.zone)}"
        )

    def _derived(self, fact: Fact, found: Outcome) -> FactReading:
        needs = found.needs
        if found.value is None:
            if fact.recordable and needs:
                needs = merged([(fact.name,), needs])
            use = FactUse(fact.name, None, why=found.why or "what it rests on is not known")
            return FactReading(None, (use, *found.uses), needs, found.basis)
        text, unit = shown(fact, found.value, self.zone)
        value = ", ".join(text) if isinstance(text, tuple) else text
        return FactReading(found.value, (FactUse(fact.name, value, unit), *found.uses), (), found.basis)

    def done(self, action: str, since: int) -> bool:
        """Whether the action was done after the log line `since`; from the start, evidence counts too."""
        if any(deed.counts > since for deed in self.memory.deeds.get(action, ())):
            return True
        evidence = self.compiled.definition.actions[action].evidence
        return since == 0 and evidence is not None and self.reason(evidence).verdict is Verdict.TRUE

    def declined(self, action: str, since: int) -> bool:
        """Whether the action was declined after the log line `since`."""
        return any(entry.seq > since for entry in self.memory.declines.get(action, ()))

    def recorded(self, fact: str, since: int) -> bool:
        return any(row.seq > since and row.reason is None for row in self.memory.records.get(fact, ()))

    def in_state(self, track: str, state: str) -> bool:
        return self.memory.stands[track].state == state

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        """The log lines that say what was done, declined or recorded, or where a track stands."""
        if kind == "state":
            return (self.memory.stands[name].entered_seq,)
        if kind == "done":
            evidence = self.compiled.definition.actions[name].evidence
            basis = self.reason(evidence).basis if evidence is not None else ()
            deeds = tuple(deed.seq for deed in self.memory.deeds.get(name, ()))
            said = (
                self.memory.current.get(row.fact) for row in self.compiled.definition.actions[name].records
            )
            return merged([deeds, basis, tuple(record.seq for record in said if record is not None)])
        if kind == "declined":
            return tuple(entry.seq for entry in self.memory.declines.get(name, ()))
        return tuple(row.seq for row in self.memory.records.get(name, ()))

    # --- reasons --------------------------------------------------------------------------------
    def reason(self, guard: Guard, entry: int = 0) -> Reason:
        """Why a guard is TRUE, FALSE or UNKNOWN now; `entry` is the log line of entering its state."""
        kept = self._since_entry.setdefault(id(guard), {}) if guard.reads_entry else self._reasons
        key = entry if guard.reads_entry else id(guard)
        found = kept.get(key)
        if found is None:
            found = kept[key] = explained(guard, self, entry)
        return found

    def ways_out(self, track: str) -> list[tuple[Transition, Reason]]:
        """The transitions of the present state with their reasons, in written order."""
        stand = self.memory.stands[track]
        ways = self.compiled.state(track, stand.state).next
        reasons = {
            way.index: self.reason(way.when, stand.entered_seq) for way in ways if not way.when.is_otherwise
        }
        return [
            (way, reasons[way.index] if way.index in reasons else _otherwise(list(reasons.values())))
            for way in ways
        ]

    # --- overrides (rule 23) --------------------------------------------------------------------
    def lifted(self, safeguard: Safeguard, action: str) -> bool:
        """Whether an override lifts this safeguard for this action now."""
        return any(
            entry.action == action and safeguard.name in entry.safeguards and self._in_force(entry, safeguard)
            for entry in self.memory.overrides
        )

    def _in_force(self, entry: Override, safeguard: Safeguard) -> bool:
        course = self.compiled.definition.actions[entry.action].course
        done = any(deed.batch >= entry.batch for deed in self.memory.deeds.get(entry.action, ()))
        if done and not course:  # a course is one long deed: its start does not end the override
            return False
        return not any(self._changed_since(name, entry) for name in safeguard.when.facts)

    def _changed_since(self, name: str, entry: Override) -> bool:
        rows = [
            row
            for row in self.memory.records.get(name, ())
            if row.replaced_by is None or row.seq < entry.seq < row.replaced_by
        ]
        before = [row for row in rows if row.seq < entry.seq]
        then = max(before, key=lambda row: (row.at, row.seq)) if before else None
        known_then = then.value if then is not None and not self._expired_at(name, then, entry.at) else None
        later = [row for row in rows if row.seq > entry.seq]
        if any(row.value != known_then for row in later):
            return True
        if known_then is None or then is None:
            return False
        last = max(later, key=lambda row: (row.at, row.seq)) if later else then
        return self._expired_at(name, last, self._now)

    def _expired_at(self, name: str, record: Record, at: int) -> bool:
        last = self.last_valid(name, record)
        return last is not None and at > last


def _otherwise(siblings: list[Reason]) -> Reason:
    """The reason of `otherwise`: the conjunction of its negated siblings (rule 14)."""
    verdict = all_of(negated(reason.verdict) for reason in siblings)
    open_ones = [reason for reason in siblings if reason.verdict is Verdict.UNKNOWN]
    return Reason(
        text="otherwise",
        english="otherwise",
        verdict=verdict,
        atoms=tuple(atom for reason in siblings for atom in reason.atoms),
        needs=merged(reason.needs for reason in open_ones) if verdict is Verdict.UNKNOWN else (),
        basis=merged(reason.basis for reason in siblings),
    )
