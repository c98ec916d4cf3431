"""A compiled pathway as tables of whole numbers: everything that replaying a case asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition, Do, Fact, Guard, State, Transition
from pathway.language.expression import Kind
from pathway.replay.bulk import arrays, codes
from pathway.replay.bulk import columns as col
from pathway.replay.bulk.diagrams import Diagrams
from pathway.replay.bulk.drawn import open_way, standing
from pathway.replay.bulk.kernels import Ints
from pathway.replay.bulk.programs import Programs
from pathway.replay.bulk.reads import Reads, moves_with_time, reads_of
from pathway.replay.bulk.scales import NotInBulkError, bounds, conversion
from pathway.replay.bulk.words import Word, Words, WordTest

KINDS = (Kind.BOOLEAN, Kind.NUMBER, Kind.CODE, Kind.LIST, Kind.DATE, Kind.INSTANT, Kind.TEXT)


@dataclass(frozen=True, slots=True)
class BulkPathway:
    """A pathway as tables. `words` are those of the definition; files add their own behind them."""

    compiled: CompiledPathway
    tables: Ints
    tests: tuple[WordTest, ...]
    words: tuple[Word, ...]


@dataclass(slots=True)
class _Columns:
    """Lists that become arrays, by their names in columns.py."""

    lists: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def add(self, **values: int) -> None:
        for name, value in values.items():
            self.lists.setdefault(name, []).append(value)

    def table(self, *names: str) -> Ints:
        """Finished columns side by side."""
        rows = [self.lists.get(name, []) for name in names]
        if any(abs(value) > codes.MOST for row in rows for value in row):
            raise NotInBulkError("a number in it has more digits than 64 bits hold")
        return np.array(list(zip(*rows, strict=True)), np.int64).reshape(-1, len(names))


def bulk_pathway(compiled: CompiledPathway) -> BulkPathway:
    """The tables of a pathway. Raises NotInBulkError where it says something that tables cannot hold."""
    return _Builder(compiled).build()


class _Builder:
    def __init__(self, compiled: CompiledPathway) -> None:
        self.compiled = compiled
        self.definition: Definition = compiled.definition
        self.words = Words.of(_words_of(self.definition))
        self.programs = Programs(self.definition, self.words)
        self.diagrams = Diagrams(self.programs)
        self.columns = _Columns()
        self.texts = guard_texts(self.definition)
        self.places = {
            (track.name, state): number
            for number, (track, state) in enumerate(
                (track, state) for track in self.definition.tracks.values() for state in track.states
            )
        }

    def build(self) -> BulkPathway:
        for fact in self.definition.facts.values():
            self._fact(fact)
        for name in self.definition.actions:
            self._action(name)
        for track in self.definition.tracks.values():
            first = self.places[track.name, next(iter(track.states))]
            self.columns.add(t_first=first, t_start=self.places[track.name, track.start])
        reads = [self._state(state) for state in self._states()]
        self._readers(reads)
        self.programs.finish()
        return BulkPathway(self.compiled, self._tables(reads), tuple(self.programs.tests), self.words.all)

    def _states(self) -> Iterable[State]:
        for track in self.definition.tracks.values():
            yield from track.states.values()

    def _stretch(self, lo: str, hi: str, name: str, before: int) -> None:
        self.columns.add(**{lo: before, hi: len(self.columns.lists.get(name, []))})

    def _length(self, name: str) -> int:
        return len(self.columns.lists.get(name, []))

    # --- facts ------------------------------------------------------------------------------------
    def _fact(self, fact: Fact) -> None:
        times, plus, over = conversion(fact)
        low, high = bounds(fact)
        names = sorted(self.definition.facts)
        before = self._length("kin")
        for name in self.compiled.deed_facts.get(fact.name, ()):
            self.columns.add(kin=self.programs.action_number[name])
        self._stretch("f_kin_lo", "f_kin_hi", "kin", before)
        if fact.valid_for is not None:
            self.columns.add(lasting=self.programs.fact_number[fact.name])
        kinds = {Kind.BOOLEAN: 0, Kind.NUMBER: 2}
        self.columns.add(
            f_shape=kinds.get(fact.type.kind, 1),
            f_kind=KINDS.index(fact.type.kind),
            f_times=times,
            f_plus=plus,
            f_over=over,
            f_valid=-1 if fact.valid_for is None else fact.valid_for,
            f_low=low,
            f_high=high,
            f_order=names.index(fact.name),
            f_admitted=self._admitted(fact),
        )

    def _admitted(self, fact: Fact) -> int:
        """The test that a word has to pass; -1 any word does, -2 values are no words."""
        if fact.type.kind not in (Kind.CODE, Kind.LIST, Kind.TEXT):
            return -2
        if not fact.type.codes or fact.type.open:
            return -1
        return self.programs.test(WordTest("admitted", fact.type.codes, fact))

    # --- actions ------------------------------------------------------------------------------------
    def _action(self, name: str) -> None:
        action, before = self.definition.actions[name], self._length("r_fact")
        for row in action.records:
            self.columns.add(
                r_fact=self.programs.fact_number[row.fact],
                r_value=self._spoken(self.definition.facts[row.fact], row.value),
                r_when=self.programs.guard(row.when),
            )
        self._stretch("a_r_lo", "a_r_hi", "r_fact", before)
        before = self._length("g_when")
        for safeguard in self.compiled.safeguards[name]:
            self.columns.add(
                g_when=self.programs.guard(safeguard.when),
                g_blocks=int(safeguard.effect == "block"),
                g_holds=int(safeguard.unknown == "hold"),
            )
        self._stretch("a_g_lo", "a_g_hi", "g_when", before)
        calls = [do for state in self._states() for do in state.do if do.action == name]
        self.columns.add(
            a_course=int(action.course),
            a_due=int(any(do.within is not None for do in calls)),
            a_evidence=self.programs.guard(action.evidence),
            a_node=standing(self.diagrams, self.compiled.safeguards[name]),
        )
        before = self._length("look")
        for fact in sorted(
            reads_of(self.definition, [one.when for one in self.compiled.safeguards[name]]).facts
        ):
            self.columns.add(look=self.programs.fact_number[fact])
        self._stretch("a_l_lo", "a_l_hi", "look", before)

    def _spoken(self, fact: Fact, value: str | None) -> int:
        """The word that says that a deed was done; -1 any value does, -2 none can."""
        if value is None:
            return -1
        return self.words.number(value) if fact.type.kind in (Kind.CODE, Kind.TEXT) else -2

    # --- states -------------------------------------------------------------------------------------
    def _state(self, state: State) -> Reads:
        first = self._length("w_to")
        for way in state.next:
            self._way(way)
        self._stretch("s_w_lo", "s_w_hi", "w_to", first)
        guards = [way.when for way in state.next]
        reads = reads_of(self.definition, guards)
        timed = moves_with_time(self.definition, reads)
        before = self._length("x_when")
        for comparison in reads.crossings if timed and reads.clock else ():
            self.columns.add(x_when=self.programs.expression(comparison))
        self._stretch("s_x_lo", "s_x_hi", "x_when", before)
        before = self._length("d_action")
        for do in state.do:
            if do.within is not None:
                self._call(do, do.within)
        self._stretch("s_d_lo", "s_d_hi", "d_action", before)
        before = self._length("b_code")
        for code, what in self.programs.gathering(guards):
            self.columns.add(b_code=code, b_what=what)
        self._stretch("s_r_lo", "s_r_hi", "b_code", before)
        self.columns.add(
            s_choice=int(state.choice), s_timed=int(timed), s_node=open_way(self.diagrams, state, first)
        )
        return reads

    def _readers(self, reads: Sequence[Reads]) -> None:
        """For each fact, action and track the tracks that read it in any state."""
        of = [track.name for track in self.definition.tracks.values() for _ in track.states]
        told = list(zip(of, reads, strict=True))
        for name in self.definition.facts:
            self._read_by("f_t", [track for track, one in told if name in one.facts])
        for name in self.definition.actions:
            self._read_by("a_t", [track for track, one in told if name in one.deeds])
        for name in self.definition.tracks:
            self._read_by("t_t", [track for track, one in told if name in one.tracks])

    def _read_by(self, prefix: str, tracks: Sequence[str]) -> None:
        before = self._length("reader")
        for name in dict.fromkeys(tracks):
            self.columns.add(reader=self.programs.track_number[name])
        self._stretch(f"{prefix}_lo", f"{prefix}_hi", "reader", before)

    def _way(self, way: Transition) -> None:
        self.columns.add(
            w_to=self.places[way.track, way.to],
            w_when=self.programs.guard(way.when),
            w_auto=int(way.auto),
            w_text=self.texts.index(way.when.text),
        )

    def _call(self, do: Do, within: int) -> None:
        self.columns.add(
            d_action=self.programs.action_number[do.action],
            d_when=self.programs.guard(do.when),
            d_until=self.programs.guard(do.until),
            d_within=within,
            d_of=-1 if do.of is None else self.programs.reading(do.of),
            d_of_fact=-1 if do.of is None else self.programs.fact_number[do.of],
            d_again=int(do.again),
        )

    # --- finishing ------------------------------------------------------------------------------------
    def _tables(self, reads: Sequence[Reads]) -> Ints:
        columns, numbers = self.columns, self.programs.numbers
        return arrays.tables(
            {
                "steps": np.array(self.programs.steps, np.int64).reshape(-1, 4),
                "numbers": np.array([(one.numerator, one.denominator) for one in numbers], np.int64).reshape(
                    -1, 2
                ),
                "facts": columns.table(*col.FACTS),
                "kin": columns.table("kin"),
                "lasting": columns.table("lasting"),
                "actions": columns.table(*col.ACTIONS),
                "records": columns.table(*col.RECORDS),
                "safeguards": columns.table(*col.SAFEGUARDS),
                "tracks": columns.table(*col.TRACKS),
                "states": columns.table(*col.STATES),
                "ways": columns.table(*col.WAYS),
                "crossings": columns.table("x_when"),
                "calls": columns.table(*col.CALLS_DUE),
                "marks": self._marks(reads),
                "nodes": np.array(self.diagrams.nodes, np.int64).reshape(-1, 7),
                "rests": columns.table(*col.RESTS),
                "readers": columns.table("reader"),
                "looks": columns.table("look"),
            }
        )

    def _marks(self, reads: Sequence[Reads]) -> Ints:
        """For each state what its ways out read: facts, then deeds, then tracks, sixteen a row."""
        facts, actions = len(self.definition.facts), len(self.definition.actions)
        things = facts + actions + len(self.definition.tracks)
        rows = -(-things // col.TABLE_WIDTH)
        found = np.zeros((len(reads), rows * col.TABLE_WIDTH), np.int64)
        for state, one in enumerate(reads):
            found[state, [self.programs.fact_number[name] for name in one.facts]] = 1
            found[state, [facts + self.programs.action_number[name] for name in one.deeds]] = 1
            found[state, [facts + actions + self.programs.track_number[name] for name in one.tracks]] = 1
        return found.reshape(-1, col.TABLE_WIDTH)


def guard_texts(definition: Definition) -> tuple[str, ...]:
    """The texts of all guards of transitions, each once, as bulk logs number them."""
    guards: list[Guard] = [
        way.when
        for track in definition.tracks.values()
        for state in track.states.values()
        for way in state.next
    ]
    return tuple(dict.fromkeys(guard.text for guard in guards))


def _words_of(definition: Definition) -> Iterable[Word]:
    """The codes of a definition, and the empty list."""
    yield ()
    for fact in definition.facts.values():
        yield from fact.type.codes
