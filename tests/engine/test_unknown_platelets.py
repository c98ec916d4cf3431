"""The promise of the house: a patient whose platelets are unknown is never offered the lumbar puncture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import Case
from pathway.engine.events import ActionDone, Event, FactRecorded, FactRetracted, Undone
from tests.engine.rich_ward import HOUR, START, batches, committed, opened, wards

SHELF_LIFE = 24 * HOUR
PUNCTURES = ("lp", "repeat_lp")


def counting(events: list[Event]) -> list[Event]:
    """The records and deeds of batches that were not undone: read from the log, without the engine."""
    undone = {event.undone for event in events if isinstance(event, Undone)}
    return [event for event in events if event.batch not in undone]


def platelets(events: list[Event], now: int) -> str | None:
    """The platelet count that counts at `now`, by rules 18, 19 and 25, from the log alone."""
    rows = [
        e
        for e in counting(events)
        if isinstance(e, (FactRecorded, FactRetracted)) and e.fact == "platelet_count"
    ]
    replaced = {row.corrects for row in rows if isinstance(row, FactRecorded)}
    rows = [row for row in rows if row.seq not in replaced]
    if not rows:
        return None
    last = max(rows, key=lambda row: (row.at, row.seq))
    if isinstance(last, FactRetracted) or now > last.at + SHELF_LIFE:
        return None
    assert isinstance(last.value, str)
    return last.value


def offered(case: Case) -> set[str]:
    return {one.action for one in case.view.actions if one.called and one.standing == "recommended"}


@given(wards(), st.sampled_from((None, "timeline")), st.data())
def test_with_unknown_platelets_no_puncture_is_ever_offered_by_any_order_of_events(
    ward: int, confirm: str | None, data: st.DataObject
) -> None:
    case = opened(ward)
    if case is None:
        return
    for _ in range(data.draw(st.integers(1, 8))):
        committed(case, data.draw(batches(case.now, "UTC")), confirm)
        count = platelets(case.events, case.now)
        shown = next((fact.value for fact in case.view.facts if fact.fact == "platelet_count"), None)
        assert shown == count
        if count is None or float(count) < 40:
            assert offered(case).isdisjoint(PUNCTURES)


@given(wards(), st.data())
def test_a_puncture_done_all_the_same_is_marked_for_good(ward: int, data: st.DataObject) -> None:
    """Whatever comes later, short of undoing the entry or taking the deed back as an entry error."""
    case = opened(ward)
    if case is None:
        return
    for _ in range(data.draw(st.integers(1, 8))):
        batch = data.draw(batches(case.now, "UTC"))
        step = committed(case, batch)
        for event in step.events if step is not None else ():
            is_unknown = platelets(case.events, event.at) is None
            if (
                isinstance(event, ActionDone)
                and event.action in PUNCTURES
                and event.done_at == event.at
                and is_unknown
            ):
                assert event.judged in ("held", "blocked")
        marked = {
            event.action
            for event in counting(case.events)
            if isinstance(event, ActionDone) and event.judged in ("held", "blocked")
        }
        withdrawn = any(isinstance(e, FactRetracted) and e.reason == "entry_error" for e in case.events)
        warned = {one.action for one in case.view.warnings if one.id.startswith("done_while_")}
        assert warned <= marked
        if not withdrawn:
            assert warned == marked


ENTRIES = {
    "platelet_count": "39.9", "inr": "1.0", "sepsis": "false", "etiology": "tb",
    "lmwh_time": "2026-03-27T08:00", "seen_time": "2026-03-28T07:00", "drugs": "[]",
}  # fmt: skip


@given(
    st.permutations(list(ENTRIES)),
    st.sampled_from(("39.9", "40", None)),
    wards(),
)
def test_the_order_in_which_the_same_facts_arrive_does_not_matter(
    order: list[str], count: str | None, ward: int
) -> None:
    case, together = opened(ward), opened(ward)
    if case is None or together is None:
        return
    now = START + HOUR
    entries = {name: FactEntry(name, value, START) for name, value in ENTRIES.items()}
    del entries["platelet_count"]
    if count is not None:
        entries["platelet_count"] = FactEntry("platelet_count", count, START)
    for name in order:
        if name in entries:
            committed(case, Batch(now, "dr_a", now, facts=(entries[name],)))
        if platelets(case.events, case.now) is None:
            assert offered(case).isdisjoint(PUNCTURES)
    committed(together, Batch(now, "dr_a", now, facts=tuple(entries.values())))
    facts = [{fact.fact: fact.value for fact in one.view.facts} for one in (case, together)]
    recorded = [{name: known.get(name) for name in ENTRIES} for known in facts]
    assert recorded[0] == recorded[1]
