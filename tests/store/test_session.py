"""A live case shows what is on the disk, and nothing that is not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.entries import EntryError
from pathway.engine.events import Event, NoteAdded
from pathway.language.load import definition_from_text
from pathway.logs.chain import Header, Log
from pathway.store.places import open_store
from pathway.store.port import Conflict, StoreError
from pathway.store.session import Session, header_of
from pathway.store.tabled import TabledStore

AT = 1_772_352_000  # 2026-03-01 08:00 UTC
MINUTE = 60
DEMO = """
pathway: demo
version: 1.0.0
title: Demo
status: draft
layers: {article: The article, supplement: Added}
sources:
  S1: {text: Puncture only above 40, from: article}
facts:
  platelet_count:
    {ask: Platelet count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
actions:
  lumbar_puncture: {title: Lumbar puncture, type: procedure, cites: [S1]}
tracks:
  care:
    start: intake
    states:
      intake:
        kind: decision
        asks: [platelet_count]
        next:
          - {to: puncture, when: platelet_count >= 40, cites: [S1]}
          - {to: wait, when: platelet_count < 40, cites: [S1]}
      puncture: {kind: end, do: [{action: lumbar_puncture, cites: [S1]}]}
      wait: {kind: end}
"""


class FailingStore(TabledStore):
    """A store on a disk that is full, and that may fail altogether."""

    full = False
    gone = False

    def append(self, case_id: str, events: Iterable[Event], expected_seq: int) -> str:
        if self.full:
            raise StoreError("Nothing was recorded", "the disk is full", "Free some space.")
        return super().append(case_id, events, expected_seq)

    def load(self, case_id: str) -> Log:
        if self.gone:
            raise StoreError("The case cannot be loaded", "the disk is gone", "Find it.")
        return super().load(case_id)


@pytest.fixture(scope="module")
def compiled() -> CompiledPathway:
    return compile_pathway(definition_from_text(DEMO))


@pytest.fixture
def failing(tmp_path: Path) -> FailingStore:
    return FailingStore(open_store(tmp_path / "cases").tables)


def opened(store: TabledStore, compiled: CompiledPathway) -> Session:
    session, _ = Session.open_new(store, compiled, "V-demo", at=AT, by="a", recorded_at=AT, label="bed 4")
    return session


def count(value: str, minutes: int, by: str = "a") -> Batch:
    at = AT + minutes * MINUTE
    return Batch(at=at, by=by, recorded_at=at, facts=(FactEntry("platelet_count", value),))


def state_of(session: Session) -> str:
    return session.view.tracks[0].state


def test_every_step_is_on_the_disk_when_the_caller_sees_it(
    store: TabledStore, compiled: CompiledPathway
) -> None:
    session = opened(store, compiled)
    assert store.load("V-demo").events == session.events
    step = session.commit(count("210", 1))
    assert step.events == store.load("V-demo").events[-len(step.events) :]
    assert (session.events, session.head) == (store.load("V-demo").events, store.load("V-demo").head)
    assert state_of(session) == "puncture"


def test_a_case_is_taken_up_where_it_was_left(store: TabledStore, compiled: CompiledPathway) -> None:
    session = opened(store, compiled)
    session.commit(count("210", 1))
    again = Session.resume(store, "V-demo", compiled)
    assert again.view == session.view
    assert (again.events, again.head, again.now, again.id) == (
        session.events,
        session.head,
        session.now,
        "V-demo",
    )
    again.commit(count("30", 2))
    assert Session.resume(store, "V-demo", compiled).events == again.events


def test_a_case_is_taken_up_from_the_log_that_was_just_read_as_if_read_again(
    store: TabledStore, compiled: CompiledPathway
) -> None:
    opened(store, compiled)
    log = store.load("V-demo")
    theirs = Session.resume(store, "V-demo", compiled)
    mine = Session.resume(store, "V-demo", compiled, log)
    assert (mine.events, mine.view, mine.head) == (theirs.events, theirs.view, theirs.head)
    theirs.commit(Batch(AT + MINUTE, "ms", AT + MINUTE, notes=("someone else",)))
    with pytest.raises(Conflict):
        mine.commit(Batch(AT + MINUTE, "ms", AT + MINUTE, notes=("on what was read before",)))
    with pytest.raises(StoreError, match="cannot be continued"):
        Session.resume(store, "other", compiled, log)


def test_a_value_that_expires_while_time_passes_is_kept_too(
    store: TabledStore, compiled: CompiledPathway
) -> None:
    session = opened(store, compiled)
    session.commit(count("210", 1))
    to = AT + 26 * 3600
    step = session.pass_time(to, to)
    assert [event.type for event in step.events] == ["time_passed"]
    assert (session.now, session.view.facts) == (to, ())
    assert store.load("V-demo").events == session.events
    assert Session.resume(store, "V-demo", compiled).view.facts == ()


def test_time_in_which_nothing_changes_writes_nothing(store: TabledStore, compiled: CompiledPathway) -> None:
    session = opened(store, compiled)
    session.pass_time(AT + 3600, AT + 3600)
    assert session.now == AT + 3600
    assert len(store.load("V-demo").events) == len(session.events) == 1


def test_bad_input_changes_neither_memory_nor_disk(store: TabledStore, compiled: CompiledPathway) -> None:
    session = opened(store, compiled)
    before = (session.view, session.events, session.head)
    for value in ("-5", "210.05", "many"):
        with pytest.raises(EntryError):
            session.commit(count(value, 1))
    assert (session.view, session.events, session.head) == before
    assert store.load("V-demo").events == session.events


def test_what_cannot_be_kept_is_not_shown(failing: FailingStore, compiled: CompiledPathway) -> None:
    session = opened(failing, compiled)
    before = session.view
    failing.full = True
    with pytest.raises(StoreError, match="the disk is full"):
        session.commit(count("210", 1))
    assert session.view == before
    assert session.events == failing.load("V-demo").events
    failing.full = False
    session.commit(count("210", 1))
    assert state_of(session) == "puncture"


def test_a_session_that_cannot_know_its_case_shows_nothing(
    failing: FailingStore, compiled: CompiledPathway
) -> None:
    session = opened(failing, compiled)
    failing.full = failing.gone = True
    with pytest.raises(StoreError, match="the disk is full"):
        session.commit(count("210", 1))
    failing.full = failing.gone = False
    for ask in (lambda: session.view, lambda: session.events, lambda: session.commit(count("210", 1))):
        with pytest.raises(StoreError, match="the disk is gone"):
            ask()


def test_an_interruption_between_memory_and_disk_leaves_what_the_disk_has(
    store: TabledStore, compiled: CompiledPathway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(store, compiled)
    before = session.view

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.commit(count("210", 1))
    assert session.view == before


def test_what_someone_else_recorded_is_shown_after_a_conflict(
    store: TabledStore, compiled: CompiledPathway
) -> None:
    mine, theirs = opened(store, compiled), Session.resume(store, "V-demo", compiled)
    theirs.commit(count("30", 1, by="b"))
    with pytest.raises(Conflict):
        mine.commit(count("210", 1))
    assert mine.events == theirs.events
    assert state_of(mine) == "wait"
    mine.commit(count("210", 2))
    with pytest.raises(Conflict):
        theirs.commit(count("210", 2))


def test_two_cases_of_one_id_are_refused(store: TabledStore, compiled: CompiledPathway) -> None:
    session = opened(store, compiled)
    with pytest.raises(Conflict, match="already a case"):
        opened(store, compiled)
    assert store.load("V-demo").events == session.events


def test_a_case_is_not_continued_on_another_pathway(store: TabledStore, compiled: CompiledPathway) -> None:
    opened(store, compiled)
    newer = compile_pathway(definition_from_text(DEMO.replace(">= 40", ">= 50").replace("< 40", "< 50")))
    fewer = compile_pathway(compiled.definition, frozenset({"supplement"}))
    for other in (newer, fewer):
        with pytest.raises(StoreError, match=r"cannot be continued.*demo 1\.0\.0"):
            Session.resume(store, "V-demo", other)
    assert header_of(fewer, "x").without_layers == ("supplement",)


def test_a_log_that_its_pathway_cannot_have_written_is_not_continued(
    store: TabledStore, compiled: CompiledPathway
) -> None:
    header: Header = header_of(compiled, "odd")
    store.create(header, [NoteAdded(seq=1, batch=1, at=AT, recorded_at=AT, by="a", text="no opening")])
    with pytest.raises(StoreError, match="does not fit its pathway"):
        Session.resume(store, "odd", compiled)
