"""A checked definition becomes a chart: tracks as lanes, phases as groups, states as numbered boxes."""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.chart import NOT_AN_ORDER, Box, BoxKind, Chart, Group, Lane, LegendEntry, Row, Table
from diagrams.deeds import Deeds
from diagrams.looks import LINE_WIDTH
from diagrams.shelves import paged
from diagrams.tables import (
    LINES_IN_A_BOX,
    Notes,
    cited,
    derived_table,
    notice_table,
    numbered,
    safeguard_table,
)
from diagrams.text import inert, listed, wrapped
from diagrams.ways import Ways, state_id
from pathway.language.definition import Definition, State, Track

_KINDS = {
    "enquiry": BoxKind.ENQUIRY,
    "decision": BoxKind.DECISION,
    "action": BoxKind.ACTION,
    "end": BoxKind.END,
}
_MEANINGS = {
    BoxKind.START: "a track starts",
    BoxKind.ENQUIRY: "enquiry: facts are asked",
    BoxKind.DECISION: "decision, taken by the facts",
    BoxKind.ACTION: "action",
    BoxKind.END: "the track ends",
    BoxKind.CALLS: "actions of a decision",
    BoxKind.SHOWN: f"{NOT_AN_ORDER}: what a source prints",
    BoxKind.LINK: "link: go on at this box",
}
_SENTENCES = (
    "filled arrow: taken automatically, when its condition is TRUE and all others of the step are FALSE",
    "open arrow: offered, and confirmed by the clinician",
    "dashed line: back to an earlier step",
    "a missing fact opens nothing: the case waits and asks for it",
)


def chart_of(definition: Definition) -> Chart:
    """The chart of a definition: its states, transitions, guards, doses, deadlines, safeguards, notices."""
    drawing = _Drawing(definition)
    lanes = tuple(drawing.lane(track) for track in definition.tracks.values())
    return Chart(
        title=inert(definition.title),
        subtitle=inert(f"{definition.id} {definition.version}, digest {definition.digest[:12]}"),
        stamp=None if definition.stamp is None else inert(definition.stamp),
        remarks=tuple(_remarks(definition)),
        lanes=lanes,
        tables=paged(drawing.tables()),
        legend=tuple(_legend(lanes)),
    )


def _remarks(definition: Definition) -> Iterator[str]:
    yield from (inert(text) for text in (definition.review, definition.disclaimer) if text)
    for layer, title in definition.layers.items():
        count = sum(source.layer == layer for source in definition.sources.values())
        yield inert(f"Sources, {layer}: {title} ({count})")


def _legend(lanes: tuple[Lane, ...]) -> Iterator[LegendEntry]:
    drawn = {box.kind for lane in lanes for box in lane.boxes}
    yield from (LegendEntry(kind, text) for kind, text in _MEANINGS.items() if kind in drawn)
    yield from (LegendEntry(None, sentence) for sentence in _SENTENCES)


class _Drawing:
    """One pass over a definition; it collects what has to move into tables."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._conditions = Notes("T")
        self._questions = Notes("Q")
        self._remarks = Notes("R")
        self._deeds = Deeds(definition, self._conditions, self._remarks)
        self._notices = numbered(definition.notices, "N")

    def tables(self) -> tuple[Table, ...]:
        """The tables of the lanes drawn so far, and those of the whole definition."""
        uncalled = self._deeds.uncalled()  # before the notes, to which it may add
        return (
            *self._conditions.table("conditions", "Conditions too long for a line", "Condition"),
            *self._questions.table("questions", "Questions of a step", "Facts asked for"),
            *self._remarks.table("remarks", "Remarks", "Text"),
            *safeguard_table(self._definition),
            *uncalled,
            *derived_table(self._definition),
            *notice_table(self._definition),
        )

    def lane(self, track: Track) -> Lane:
        """The lane of a track; its boxes and lines stand in written order."""
        ways = Ways(self._definition, track, self._conditions)
        groups = [Group(f"before-{track.name}", None, (self._start(track),))]
        for phase in dict.fromkeys(state.phase for state in track.states.values()):
            states = [state for state in track.states.values() if state.phase == phase]
            title = None if phase is None else inert(self._definition.phases.get(phase, phase))
            boxes = tuple(box for state in states for box in self._boxes(state, ways))
            groups.append(Group(f"phase-{track.name}-{phase or 'none'}", title, boxes))
        return Lane(f"track-{track.name}", inert(track.title), tuple(groups), tuple(ways.edges()))

    def _start(self, track: Track) -> Box:
        return Box(f"start-{track.name}", None, BoxKind.START, inert(f"Start: {track.title}"))

    def _boxes(self, state: State, ways: Ways) -> Iterator[Box]:
        kind, orders, shown = _KINDS[state.kind], self._rows(state, True), self._rows(state, False)
        inside, beside = ((), orders) if kind is BoxKind.DECISION else (orders, ())
        title, sources = inert(state.title), cited(state.cites, None, self._definition)
        lines = tuple(line for line in (*self._lines(state), ways.reached_from(state)) if line)
        yield Box(state_id(state), state.number, kind, title, lines, inside, sources)
        if beside:
            yield Box(f"calls-{state_id(state)}", state.number, BoxKind.CALLS, "calls for", (), beside)
        if shown:
            words = "shows, not as an order"
            yield Box(f"shown-{state_id(state)}", state.number, BoxKind.SHOWN, words, (), shown)
        yield from ways.links(state)

    def _rows(self, state: State, orderable: bool) -> tuple[Row, ...]:
        """The actions that a state orders, or those that it only shows."""
        actions = self._definition.actions
        return tuple(self._deeds.row(do) for do in state.do if actions[do.action].orderable is orderable)

    def _lines(self, state: State) -> Iterator[str]:
        if state.text:
            yield self._remarks.short(state.text, LINES_IN_A_BOX)
        if state.asks:
            yield self._asked(state)
        if state.choice:
            yield "The clinician chooses"
        if marks := self._state_notices(state):
            yield f"Notice {listed(marks)}"

    def _asked(self, state: State) -> str:
        labels = inert(", ".join(self._definition.facts[name].label for name in state.asks))
        if len(wrapped(f"Asks: {labels}", LINE_WIDTH)) <= LINES_IN_A_BOX:
            return f"Asks: {labels}"
        return f"Asks {len(state.asks)} facts, see {self._questions.number(labels)}"

    def _state_notices(self, state: State) -> list[str]:
        notices = self._definition.notices.items()
        return [self._notices[name] for name, notice in notices if (state.track, state.name) in notice.states]
