"""The whole life of cases in a store, drawn at random, beside a case in memory that nothing can befall."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as lived

from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, TakeEntry
from pathway.engine.case import Case, EntryError, Step, case_from_events
from pathway.engine.events import Event
from pathway.engine.view import View
from pathway.replay.again import entered_anew
from pathway.store.embedded.tables import SqliteTables
from pathway.store.heads import Heads
from pathway.store.port import Conflict
from pathway.store.session import Session, header_of
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify
from tests.engine.rich_ward import (
    ACTIONS,
    INSTANTS,
    NUMBERS,
    START,
    STEPS,
    ZONES,
    batches,
    compiled_ward,
    entries,
    opened,
    overrides,
)

DONE: Counter[str] = Counter()  # how often each thing was done, over all lives


def lives(examples: int, steps: int, *, derandomize: bool) -> Counter[str]:
    """So many lives of at most so many steps; what was done in them. Raises where one goes wrong."""
    DONE.clear()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=derandomize,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    lived(Life, settings=chosen)
    return DONE


class Life(RuleBasedStateMachine):
    """`ours` and `theirs` are two terminals on one case in one store; `memory` is the case itself.

    What a terminal acknowledged is in `memory`, and nothing else.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=_quick()))
        self.ended: list[tuple[str, int, tuple[Event, ...]]] = []  # logs that nothing is added to any more
        self.cases = 0
        self.store = self._opened_store()

    def _opened_store(self) -> TabledStore:
        file = self.folder / "cases.sqlite"
        return TabledStore(SqliteTables(file), Heads(self.folder / "heads", str(file)))

    # --- beginning ------------------------------------------------------------------------------
    @initialize(ward=st.integers(0, 149), zone=st.sampled_from(ZONES))
    def opens(self, ward: int, zone: str) -> None:
        """A case is opened; a ward that goes round in a circle at once is left for one that does not."""
        memory = opened(ward, zone)
        while memory is None:
            ward = (ward + 1) % 150
            memory = opened(ward, zone)
        self.cases, self.log = self.cases + 1, 1
        self.zone, self.memory, self.ward = zone, memory, ward
        self.case_id = f"case-{self.cases}"
        self.memory.id = self.case_id
        self.ours, step = Session.open_new(
            self.store, compiled_ward(ward), self.case_id,
            at=START, by="dr_a", recorded_at=START, timezone=zone,
        )  # fmt: skip
        assert step.events == tuple(memory.events)
        self.known = len(step.events)  # how many events the person at our terminal was shown or told
        self.theirs = Session.resume(self._opened_store(), self.case_id, compiled_ward(ward))

    # --- entries --------------------------------------------------------------------------------
    @property
    def now(self) -> int:
        return max(self.memory.now, self.ours.now, self.theirs.now)

    @rule(data=st.data())
    def records(self, data: st.DataObject) -> None:
        at = self.now + data.draw(st.sampled_from(STEPS))
        name = data.draw(st.sampled_from([*NUMBERS, *INSTANTS]))
        fact = replace(data.draw(entries(name, at, self.zone)), corrects=False)
        self._enter("record", Batch(at, "dr_a", at, facts=(fact,)))

    @rule(data=st.data())
    def corrects(self, data: st.DataObject) -> None:
        known = [fact.fact for fact in self.memory.view.facts if fact.fact in NUMBERS and not fact.derived]
        name = data.draw(st.sampled_from(known or ["inr"]))
        fact = FactEntry(name, data.draw(st.sampled_from(NUMBERS[name])), corrects=bool(known))
        self._enter("correct", Batch(self.now, "dr_a", self.now, facts=(fact,)))

    @rule(data=st.data())
    def takes(self, data: st.DataObject) -> None:
        stands = self.memory.view.tracks
        ways = [way for track in stands for way in track.transitions]
        ready = [way for way in ways if way.standing == "open"] or ways
        if ready:
            way = data.draw(st.sampled_from(ready))
            self._enter("take", Batch(self.now, "dr_a", self.now, take=(TakeEntry(way.track, way.to),)))

    @rule(action=st.sampled_from(ACTIONS))
    def does(self, action: str) -> None:
        self._enter("do", Batch(self.now, "nurse_b", self.now, done=(DeedEntry(action),)))

    @rule(action=st.sampled_from(ACTIONS))
    def declines(self, action: str) -> None:
        self._enter("decline", Batch(self.now, "dr_a", self.now, declined=(DeclineEntry(action, "no"),)))

    @rule(data=st.data())
    def overrides(self, data: st.DataObject) -> None:
        self._enter("override", Batch(self.now, "dr_a", self.now, overrides=(data.draw(overrides()),)))

    @rule()
    def undoes(self) -> None:
        self._enter("undo", Batch(self.now, "dr_a", self.now, undo=True))

    @rule(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
    def notes(self, text: str) -> None:
        self._enter("note", Batch(self.now, "dr_a", self.now, notes=(text,)))

    @rule(data=st.data())
    def enters_a_bit_of_everything(self, data: st.DataObject) -> None:
        self._enter("all at once", data.draw(batches(self.now, self.zone)))

    @rule(later=st.sampled_from(STEPS), back=st.sampled_from((0, 0, 3600)))
    def lets_time_pass(self, later: int, back: int) -> None:
        """The clock of the computer may have been set back meanwhile."""
        to = self.now + later
        self._do("time", lambda case: case.pass_time(to, to - back))

    @precondition(lambda self: len(self.memory.events) > 6)
    @rule()
    def closes(self) -> None:
        """And the next patient comes."""
        self._enter("close", Batch(self.now, "dr_a", self.now, close="went home"))
        if self.memory.view.closed:
            self._has_ended()
            self.opens((self.ward + 1) % 150, self.zone)

    # --- what befalls it ------------------------------------------------------------------------
    @rule()
    def crashes(self) -> None:
        """The program is gone, its connection never closed; another one takes the case up."""
        DONE["crash"] += 1
        self.store = self._opened_store()
        self.ours = Session.resume(self.store, self.case_id, compiled_ward(self.ward))
        self.known = len(self.ours.events)

    @rule(data=st.data())
    def others_record(self, data: st.DataObject) -> None:
        """At the second terminal, after a look at what is new there."""
        DONE["others"] += 1
        known = len(self.theirs.events)
        assert self.theirs.catch_up() == tuple(self.memory.events[known:])
        batch = data.draw(batches(self.now, self.zone))
        self._same(self.theirs, lambda case: case.commit(batch))

    @rule()
    def looks_what_is_new(self) -> None:
        DONE["look"] += 1
        assert self.ours.catch_up() == tuple(self.memory.events[self.known :])
        self.known = len(self.memory.events)

    @precondition(lambda self: len(self.memory.events) > 3)
    @rule(ward=st.integers(0, 149))
    def moves_on(self, ward: int) -> None:
        """The case goes on on another version, with what of it that one takes."""
        anew = entered_anew(compiled_ward(ward), self.case_id, self.memory.events)
        if ward == self.ward or anew is None:
            return
        at, known = max(self.now, anew[0].now), len(self.memory.events)
        try:
            last = self.memory.commit(Batch(at, "dr_a", at, close="moved")).events
        except EntryError:  # by then its guards go round in a circle
            return
        DONE["move"] += 1
        header, text = header_of(compiled_ward(ward), self.case_id), compiled_ward(ward).definition.written
        self.store.move(self.case_id, last, known, header, anew[0].events, text)
        self._has_ended()
        self.log, self.ward, self.memory = self.log + 1, ward, anew[0]
        self.ours, self.theirs = (
            Session.resume(store, self.case_id, compiled_ward(ward))
            for store in (self.store, self.theirs.store)
        )
        self.known = len(self.ours.events)

    # --- what is compared -----------------------------------------------------------------------
    def _enter(self, what: str, batch: Batch) -> None:
        self._do(what, lambda case: case.commit(batch))

    def _do(self, what: str, work: Callable[[Case | Session], Step]) -> None:
        """At our terminal; where it does not show the latest, nothing may be recorded."""
        DONE[what] += 1
        if len(self.ours.events) == len(self.memory.events):
            if self._same(self.ours, work):
                self.known = len(self.ours.events)
            return
        before = len(self.ours.events)
        try:
            step = work(self.ours)
        except Conflict:
            DONE["conflict"] += 1
            assert list(self.ours.events) == self.memory.events
        except EntryError:
            assert len(self.ours.events) == before
        else:
            assert step.events == ()
            self.known = before

    def _same(self, terminal: Session, work: Callable[[Case | Session], Step]) -> bool:
        """At a terminal that shows the latest: as in memory. Whether the entry was taken."""
        outcome = _outcome(terminal, work)
        assert outcome == _outcome(self.memory, work)
        return not isinstance(outcome, str)

    def _has_ended(self) -> None:
        self.ended.append((self.case_id, self.log, tuple(self.memory.events)))

    @invariant()
    def the_disk_has_what_was_acknowledged(self) -> None:
        if self.cases:
            assert list(self.store.load(self.case_id).events) == self.memory.events

    def teardown(self) -> None:
        """Nothing of any life was lost, and what is taken up from the disk looks as it did."""
        assert self.store.heads is not None
        for case_id, log, events in self.ended:
            assert self.store.courses(case_id)[log - 1].events == events
        if self.cases:
            kept = Session.resume(self._opened_store(), self.case_id, compiled_ward(self.ward))
            assert _seen(kept.case, self.now) == _seen(self.memory, self.now)
        assert verify(self.store.tables, self.store.heads.noted()) == []
        shutil.rmtree(self.folder)


def _quick() -> Path | None:
    return Path("/dev/shm") if Path("/dev/shm").is_dir() else None


def _outcome(
    case: Case | Session, work: Callable[[Case | Session], Step]
) -> tuple[Sequence[Event], View] | str:
    """What was recorded and is seen, or why the entry was refused as a whole."""
    try:
        step = work(case)
    except EntryError as error:
        return str(error)
    return step.events, step.view


def _seen(case: Case, now: int) -> View:
    """What is shown of a case at an instant by which nothing more happens."""
    folded = case_from_events(case.compiled, case.id, case.events)
    folded.pass_time(max(now, folded.now), now)
    return folded.view
