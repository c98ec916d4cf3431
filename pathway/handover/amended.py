"""What did not stand: corrections, withdrawn facts and undone entries. They stay visible."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.engine import events as ev
from pathway.engine.event_words import event_words
from pathway.engine.memory import effective
from pathway.handover.content import Row, Section
from pathway.handover.reading import Reading, lines, signed


def amended_section(reading: Reading) -> Section:
    """In the order in which it was written down."""
    return Section(
        "amended",
        "Corrected, withdrawn and undone",
        ("What", "When", "By", "Before"),
        tuple(_rows(reading)),
        "Nothing was corrected, withdrawn or undone.",
    )


def _rows(reading: Reading) -> Iterator[Row]:
    counts = {event.seq for event in reading.counting}
    by_seq = {event.seq: event for event in reading.events}
    kept: list[ev.Event] = []
    for event in reading.events:
        if isinstance(event, ev.Undone):
            left = effective([*kept, event])[:-1]
            yield _undone(reading, event, kept, left)
            kept = left
            continue
        if event.seq in counts and isinstance(event, ev.FactRetracted):
            yield _withdrawn(reading, event, kept)
        elif event.seq in counts and isinstance(event, ev.FactRecorded) and event.corrects is not None:
            yield _corrected(reading, event, by_seq.get(event.corrects))
        kept.append(event)


def _undone(reading: Reading, event: ev.Undone, before: list[ev.Event], after: list[ev.Event]) -> Row:
    """An entry that was taken back, with every move that rested on it."""
    left = {one.seq for one in after}
    gone = tuple(words(reading, one) for one in before if one.seq not in left)
    when, by = reading.time(event.at), signed(event.by, reading, event)
    return Row(((f"entry {event.undone} was taken back",), (when,), (by,), gone), "UNDONE")


def _withdrawn(reading: Reading, event: ev.FactRetracted, before: list[ev.Event]) -> Row:
    said = [one for one in before if isinstance(one, ev.FactRecorded) and one.fact == event.fact]
    what = event_words(event, reading)
    old = lines(words(reading, said[-1]) if said else "never recorded before")
    when, by = reading.time(event.at), signed(event.by, reading, event)
    return Row(((what,), (when,), (by,), old), "WITHDRAWN" if said else "UNKNOWN")


def _corrected(reading: Reading, event: ev.FactRecorded, before: ev.Event | None) -> Row:
    what = f"{reading.fact(event.fact)} is {reading.recorded(event)}"
    old = lines(words(reading, before) if before is not None else "")
    return Row(((what,), (reading.time(event.at),), (signed(event.by, reading, event),), old), "CORRECTED")


def words(reading: Reading, event: ev.Event) -> str:
    """One event as a sentence, with who wrote it and when."""
    return f"{event_words(event, reading)} ({event.by}, {reading.time(event.at)})"
