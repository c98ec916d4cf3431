"""How many cases flow through a pathway: how often each transition was taken and after how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median_low

from diagrams.overlays.captions import Caption, Sample
from diagrams.overlays.clocks import about
from diagrams.overlays.elements import StateId, WayId, box_id, line_id, numbered, place_of, thicken
from diagrams.overlays.marks import BLUE, DARK, HERE, WARN, WHITE, Look
from diagrams.overlays.sheet import Sheet
from pathway.engine import events as ev
from pathway.engine.memory import effective
from pathway.language.definition import Definition

COUNT = Look(WHITE, DARK, DARK)
BEEN = Look("#E3F0FA", DARK, BLUE)
_THINNEST, _THICKEST = 14, 80  # tenths of a point


@dataclass(frozen=True, slots=True)
class Stream:
    """A transition in many cases: how often it was taken, by how many cases, and the median stay before it.

    The stay is the time from entering the state to leaving it this way, in seconds; of an even number of
    stays the median is the lower of the two in the middle.
    """

    times: int
    cases: int
    median_stay: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A state in many cases: how many have been in it, and how many stand there at the end of their log."""

    been: int
    here: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of `cases` cases. Returns by override (`overrides`) go along no line.

    `strange` counts the moves that no transition of this version explains.
    """

    what: str
    cases: int
    streams: Mapping[WayId, Stream]
    pools: Mapping[StateId, Pool]
    returns: Mapping[StateId, int]
    strange: int
    titles: Mapping[StateId, str]


@dataclass(slots=True)
class _Gathering:
    """What was gathered of the cases so far."""

    definition: Definition
    cases: int = 0
    strange: int = 0
    stays: dict[WayId, list[int]] = field(default_factory=dict[WayId, list[int]])
    takers: Counter[WayId] = field(default_factory=Counter[WayId])
    been: Counter[StateId] = field(default_factory=Counter[StateId])
    here: Counter[StateId] = field(default_factory=Counter[StateId])
    returns: Counter[StateId] = field(default_factory=Counter[StateId])

    def take(self, log: Iterable[ev.Event]) -> None:
        """Take in one case; what was undone does not count."""
        events = effective(log)
        if not events or not isinstance(events[0], ev.CaseOpened):
            raise ValueError("a case begins with case_opened")
        since = {(name, track.start): events[0].at for name, track in self.definition.tracks.items()}
        been, taken = set(since), set[WayId]()
        for event in events:
            if isinstance(event, ev.TransitionTaken):
                way = self._move(event, since)
                been.add((event.track, event.to))
                taken |= {way} if way is not None else set()
        self.cases += 1
        self.been.update(been)
        self.here.update(since.keys())
        self.takers.update(taken)

    def _move(self, event: ev.TransitionTaken, since: dict[StateId, int]) -> WayId | None:
        entered = since.pop((event.track, event.source), event.at)
        since[event.track, event.to] = event.at
        way = place_of(self.definition, event)
        if way is not None:
            self.stays.setdefault(way, []).append(event.at - entered)
        elif event.cause == "override":
            self.returns[event.track, event.to] += 1
        else:
            self.strange += 1
        return way


def flow_of(definition: Definition, logs: Iterable[Iterable[ev.Event]], what: str) -> Flow:
    """The flow that the logs tell of. Raises ValueError for a log without its opening."""
    gathering = _Gathering(definition)
    for log in logs:
        gathering.take(log)
    streams = {
        way: Stream(len(stays), gathering.takers[way], median_low(stays))
        for way, stays in gathering.stays.items()
    }
    pools = {state: Pool(count, gathering.here[state]) for state, count in gathering.been.items()}
    titles = {state: numbered(definition, state) for state in pools}
    return Flow(what, gathering.cases, streams, pools, gathering.returns, gathering.strange, titles)


# --- drawing --------------------------------------------------------------------------------------
def draw_flow(svg: str, flow: Flow) -> str:
    """The picture with the flow of many cases on it. Raises RenderError for what is no chart."""
    sheet = Sheet(svg)
    most = max((stream.times for stream in flow.streams.values()), default=1)
    for way, stream in flow.streams.items():
        if line_id(way) in sheet:
            tenths = _THINNEST + (_THICKEST - _THINNEST) * stream.times // most
            thicken(sheet, line_id(way), BLUE, f"{tenths // 10}.{tenths % 10}")
    for state, pool in flow.pools.items():
        if box_id(state) in sheet:
            _tell_pool(sheet, box_id(state), pool, flow.returns.get(state, 0))
    for way, stream in flow.streams.items():
        if line_id(way) in sheet:
            _tell_stream(sheet, way, stream)
    return sheet.written(_caption(sheet, flow))


def _tell_stream(sheet: Sheet, way: WayId, stream: Stream) -> None:
    stay = about(stream.median_stay)
    words = f"taken {_times(stream.times)} by {_cases(stream.cases)}, median stay before it {stay}"
    sheet.on_way(line_id(way), f"{stream.times} · {stay}", COUNT, words)
    sheet.tell(line_id(way), words)
    if box_id((way[0], way[1])) in sheet:
        sheet.tell(box_id((way[0], way[1])), f"The way {way[2] + 1} on: {words}")


def _tell_pool(sheet: Sheet, id: str, pool: Pool, returned: int) -> None:
    sheet.on_box(id, _cases(pool.been), BEEN)
    sheet.tell(id, f"{_cases(pool.been)} came here, {pool.here} stand here")
    if returned:
        sheet.on_box(id, f"override: {returned}", WARN, f"{_times(returned)} returned here by override")
        sheet.tell(id, f"{_times(returned)} returned here by override")
    if pool.here:
        sheet.on_box(id, f"{pool.here} here now", HERE, below=True)


def _caption(sheet: Sheet, flow: Flow) -> Caption:
    return Caption(
        f"The flow of {_cases(flow.cases)}: {flow.what}",
        tuple(_remarks(sheet, flow)),
        (
            Sample("12 · 2 h 5 min", COUNT, "times taken · median stay before; thick: often"),
            Sample("34 cases", BEEN, "cases that came here"),
            Sample("3 here now", HERE, "cases whose log ends here"),
            Sample("override: 2", WARN, "returns by override"),
        ),
    )


def _remarks(sheet: Sheet, flow: Flow) -> Iterator[str]:
    yield (
        "A line without a number was not taken, a box without one not entered. Tracks run beside each other, "
        "so a case stands in each of them. What was undone is not counted."
    )
    if away := [state for state in flow.pools if box_id(state) not in sheet]:
        yield f"Entered and not in this picture: {'; '.join(flow.titles[state] for state in away)}."
    if flow.strange:
        yield f"{flow.strange} moves go along no transition of this version; no line counts them."


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
