"""The tracks of a pathway: each state, what it asks and calls for, and the ways out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pathway.document.content import Cell, Chapter, Column, Line, Picture, Row, Span, Table, Tone
from pathway.document.reading import Reading, code, flat, joined, line, mark, quiet, state_anchor, strong
from pathway.language import written
from pathway.language.definition import Do, State, Track, Transition

COLUMNS = (Column("State", width="26%"), Column("Asks and calls for", width="37%"), Column("Leads to"))
GLANCE = (Column("Track", width="26%"), Column("States"))
SHOWS = "shows, not as an order:"
KINDS = {
    "enquiry": "enquiry: facts are asked",
    "decision": "decision: taken by the facts",
    "action": "action: something is done",
    "end": "end of the track",
}


def tracks_chapter(
    reading: Reading, overview: Sequence[Picture], charts: Mapping[str, Sequence[Picture]]
) -> Chapter:
    """All tracks, in written order; each with its chart where there is one."""
    tracks = reading.definition.tracks
    opening = (
        line(
            "The tracks run beside each other, each in exactly one of its states. A way is taken only when "
            "its condition is TRUE and that of every other way out of the state is FALSE; where a fact is "
            "missing, the state waits and asks for it. At each way stands whether it is taken automatically "
            "or confirmed by the clinician.",
        ),
    )
    glance = Table("All tracks at a glance", GLANCE, tuple(_glance(reading, one) for one in tracks.values()))
    chapters = tuple(_track(reading, track, charts.get(name, ())) for name, track in tracks.items())
    return Chapter("tracks", "Tracks and states", opening, tuple(overview), (glance,), chapters)


def _glance(reading: Reading, track: Track) -> Row:
    """A track as the list of its states, by number and title."""
    states = joined([[reading.state(state)] for state in track.states.values()], "; ")
    name = Span(flat(track.title), Tone.LINK, f"track-{track.name}")
    return Row(f"glance-{track.name}", ((line(name),), (line(*states),)))


def _track(reading: Reading, track: Track, pictures: Sequence[Picture]) -> Chapter:
    start = track.states[track.start]
    opening = (line(quiet("track "), code(track.name), quiet(", starts in "), reading.state(start)),)
    rows = tuple(_state(reading, track, state) for state in track.states.values())
    table = Table(f"States of the track {track.title}", COLUMNS, rows)
    return Chapter(f"track-{track.name}", f"Track: {track.title}", opening, tuple(pictures), (table,))


def _state(reading: Reading, track: Track, state: State) -> Row:
    spoken = reading.written.tracks[track.name].states[state.name]
    cells = (
        tuple(_head(reading, state)),
        (*_asks(reading, state), *_calls(reading, state, spoken)),
        tuple(one for way in state.next for one in _way(reading, track, way)),
    )
    return Row(state_anchor(state), cells)


def _head(reading: Reading, state: State) -> Iterator[Line]:
    yield line(strong(f"[{state.number}] {state.title}"))
    yield line(code(f"{state.track}.{state.name}"), ", ", KINDS[state.kind])
    if state.phase is not None:
        yield line(quiet("phase: "), reading.definition.phases[state.phase], quiet(f" ({state.phase})"))
    if state.choice:
        yield line("where several ways are TRUE, the clinician chooses")
    if state.text:
        yield line(state.text)
    notices = [name for name, one in reading.definition.notices.items() if _about(state, one.states)]
    if notices:
        yield line(quiet("notices: "), *joined([[reading.notice(name)] for name in notices]))
    yield from reading.sources(state.cites)


def _about(state: State, states: tuple[tuple[str, str], ...]) -> bool:
    return (state.track, state.name) in states


def _asks(reading: Reading, state: State) -> Cell:
    facts = reading.definition.facts
    return tuple(
        line(quiet("asks "), reading.fact(name), ": ", facts[name].ask) for name in state.asks
    )  # fmt: skip


def _calls(reading: Reading, state: State, spoken: written.State) -> Cell:
    pairs = zip(state.do, spoken.do, strict=True)
    return tuple(one for do, said in pairs for one in _do(reading, do, said))


def _do(reading: Reading, do: Do, said: written.Do) -> Iterator[Line]:
    """An action called for, with its deadline as written, its conditions and its sources.

    What is no order is not called for: it is shown, with every grave notice about it in words.
    """
    is_order = reading.definition.actions[do.action].orderable
    opening = (quiet("calls for "),) if is_order else (mark(SHOWS, "high"), " ")
    yield line(*opening, reading.action(do.action), *_deadline(reading, do, said))
    if not is_order:
        yield from reading.grave_notices(do.action, depth=1)
    if do.text:
        yield line(do.text, depth=1)
    if do.when is not None:
        yield from reading.guard(do.when, "when ", depth=1)
    if do.until is not None:
        yield from reading.guard(do.until, "until ", depth=1)
    if do.again:
        yield line("only a deed since this state was entered counts", depth=1)
    yield from reading.sources(do.cites, depth=1)


def _deadline(reading: Reading, do: Do, said: written.Do) -> Iterator[Span | str]:
    if said.within is not None:
        yield ", "
        yield strong(f"within {said.within}")
        yield " of "
        yield "entering this state" if do.of is None else reading.fact(do.of)
    elif do.of is not None:
        yield ", counted from "
        yield reading.fact(do.of)
    if said.soon is not None:
        yield f", soon from {said.soon} before"


def _way(reading: Reading, track: Track, way: Transition) -> Iterator[Line]:
    how = "taken automatically" if way.auto else "confirmed by the clinician"
    yield line("→ ", reading.state(track.states[way.to]), quiet(f", {how}"))
    yield from reading.guard(way.when, "when ", depth=1)
    if way.text:
        yield line(way.text, depth=1)
    yield from reading.sources(way.cites, depth=1)
