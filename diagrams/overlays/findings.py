"""Findings of a check at the box or line that each is about; the caption counts those about neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from diagrams.overlays.captions import Caption, Sample
from diagrams.overlays.elements import StateId, WayId, box_id, key, line_id, states_of, ways_of
from diagrams.overlays.marks import AMBER, DARK, QUIET, RED, WHITE, Look
from diagrams.overlays.sheet import Sheet
from pathway.check.findings import ERROR, INFO, WARNING, Finding, Undecided
from pathway.language.definition import Definition, Guard, State
from pathway.language.problems import Place, visible

UNDECIDED, ALLOWED = "not decided", "allowed"
LOOKS = {
    ERROR: Look(RED, WHITE, RED, corner=0.0),
    UNDECIDED: Look(WHITE, RED, RED, thickness="1.8", dash="4,2", corner=0.0),
    WARNING: Look("#FFF3CC", DARK, AMBER, thickness="2"),
    INFO: Look(WHITE, DARK, DARK),
    ALLOWED: Look(WHITE, QUIET, QUIET, dash="1.5,2.5"),
}
_MEANINGS = {
    ERROR: "must be mended",
    UNDECIDED: "neither proved nor refuted",
    WARNING: "look at it",
    INFO: "for information",
    ALLOWED: "silenced in the files, with a reason",
}
_TOLD = 5  # findings of one pill that its tooltip tells


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in words; `word` is its severity, `not decided` or `allowed`."""

    word: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found, at states, at transitions, and about neither. One may stand at several states."""

    total: Mapping[str, int]
    states: Mapping[StateId, tuple[Found, ...]]
    ways: Mapping[WayId, tuple[Found, ...]]
    elsewhere: tuple[Found, ...]


def findings_at(
    definition: Definition,
    findings: Iterable[Finding],
    undecided: Iterable[Undecided] = (),
    allowed: Iterable[Finding] = (),
) -> Findings:
    """Each finding where it belongs.

    One at the place of a guard stands at its line; one about a state at its box; one about an action, fact,
    safeguard or notice at the boxes that call for it, ask it or are concerned by it.
    """
    index = _Index(definition)
    told = [
        *((_found(one), one.place, one.state) for one in findings),
        *((_open(one), one.place, one.state) for one in undecided),
        *((_silenced(one), one.place, one.state) for one in allowed),
    ]
    states: dict[StateId, tuple[Found, ...]] = {}
    ways: dict[WayId, tuple[Found, ...]] = {}
    elsewhere: list[Found] = []
    for found, place, name in told:
        way, at = index.way(place), index.states(place, name)
        if way is not None:
            ways[way] = (*ways.get(way, ()), found)
        for state in at if way is None else ():
            states[state] = (*states.get(state, ()), found)
        if way is None and not at:
            elsewhere.append(found)
    return Findings(Counter(found.word for found, _, _ in told), states, ways, tuple(elsewhere))


def _found(finding: Finding) -> Found:
    return Found(finding.severity, finding.code, visible(f"{finding.text}. {finding.fix}"))


def _open(undecided: Undecided) -> Found:
    return Found(UNDECIDED, undecided.code, visible(f"{undecided.about}. {undecided.why}"))


def _silenced(finding: Finding) -> Found:
    return Found(ALLOWED, finding.code, visible(f"{finding.severity}: {finding.text}"))


class _Index:
    """Which elements of a definition stand at which place of its files."""

    def __init__(self, definition: Definition) -> None:
        states = [(state.track, state.name) for state in states_of(definition)]
        self._named = {".".join(state): state for state in states}
        self._ways = {way.when.place: key(way) for way in ways_of(definition) if way.when.place is not None}
        self._states: dict[Place, tuple[StateId, ...]] = {}
        calling, asking = _calling(definition), _asking(definition)
        for action in definition.actions.values():
            self._put(action.place, None, calling.get(action.name, ()))
        for fact in definition.facts.values():
            self._put(fact.place, None, asking.get(fact.name, ()))
        for safeguard in definition.safeguards.values():
            at = tuple(chain.from_iterable(calling.get(name, ()) for name in safeguard.actions))
            self._put(safeguard.place, safeguard.when, at)
        for notice in definition.notices.values():
            at = tuple(chain.from_iterable(calling.get(name, ()) for name in notice.about))
            self._put(notice.place, notice.when, (*notice.states, *at))

    def _put(self, place: Place | None, guard: Guard | None, at: tuple[StateId, ...]) -> None:
        for one in (place, guard.place if guard is not None else None):
            if one is not None and at:
                self._states[one] = tuple(dict.fromkeys(at))

    def way(self, place: Place | None) -> WayId | None:
        return self._ways.get(place) if place is not None else None

    def states(self, place: Place | None, name: str | None) -> tuple[StateId, ...]:
        if name is not None and name in self._named:
            return (self._named[name],)
        return self._states.get(place, ()) if place is not None else ()


def _calling(definition: Definition) -> dict[str, tuple[StateId, ...]]:
    """The states that call for each action."""
    return _by_name((do.action, state) for state in states_of(definition) for do in state.do)


def _asking(definition: Definition) -> dict[str, tuple[StateId, ...]]:
    """The states that ask for each fact."""
    return _by_name((fact, state) for state in states_of(definition) for fact in state.asks)


def _by_name(pairs: Iterable[tuple[str, State]]) -> dict[str, tuple[StateId, ...]]:
    found: dict[str, tuple[StateId, ...]] = {}
    for name, state in pairs:
        found[name] = (*found.get(name, ()), (state.track, state.name))
    return found


# --- drawing --------------------------------------------------------------------------------------
def draw_findings(svg: str, findings: Findings) -> str:
    """The picture with every finding at its place. Raises RenderError for what is no chart."""
    sheet = Sheet(svg)
    for state, found in findings.states.items():
        if (id := box_id(state)) in sheet:
            for words, look, tip in _pills(found):
                sheet.on_box(id, words, look, tip)
                sheet.tell(id, tip)
    for way, found in findings.ways.items():
        if (id := line_id(way)) in sheet:
            _mark_way(sheet, way, id, found)
    return sheet.written(_caption(sheet, findings))


def _mark_way(sheet: Sheet, way: WayId, id: str, found: tuple[Found, ...]) -> None:
    for words, look, tip in _pills(found):
        sheet.on_way(id, words, look, tip)
        sheet.tell(id, tip)
        if box_id((way[0], way[1])) in sheet:
            sheet.tell(box_id((way[0], way[1])), f"At the way {way[2] + 1} on: {tip}")


def _pills(found: tuple[Found, ...]) -> Iterator[tuple[str, Look, str]]:
    """One for each severity and code, the gravest first: `2 × ERROR dead-guard`."""
    kinds = Counter((one.word, one.code) for one in found)
    for (word, code), count in sorted(kinds.items(), key=lambda kind: list(LOOKS).index(kind[0][0])):
        texts = [one.text for one in found if (one.word, one.code) == (word, code)]
        more = f" And {count - _TOLD} more." if count > _TOLD else ""
        times = f"{count} × " if count > 1 else ""
        yield f"{times}{word.upper()} {code}", LOOKS[word], f"{word} {code}: {'; '.join(texts[:_TOLD])}{more}"


def _caption(sheet: Sheet, findings: Findings) -> Caption:
    counts = [f"{findings.total[word]} × {word}" for word in LOOKS if findings.total.get(word)]
    return Caption(
        f"Findings of the check: {', '.join(counts) or 'none'}",
        tuple(_remarks(sheet, findings)),
        tuple(
            Sample(word.upper(), look, _MEANINGS[word])
            for word, look in LOOKS.items()
            if findings.total.get(word)
        ),
    )


def _remarks(sheet: Sheet, findings: Findings) -> Iterator[str]:
    if not findings.total:
        yield "The check found nothing to mark."
        return
    yield "Each stands at the state or transition it is about; the whole text shows on pointing at its mark."
    if findings.elsewhere:
        counts = Counter((one.word, one.code) for one in findings.elsewhere)
        named = ", ".join(f"{count} × {word} {code}" for (word, code), count in counts.items())
        yield f"About no state or transition: {named}. `pathway check` tells them."
    away = {
        *(one for state, found in findings.states.items() if box_id(state) not in sheet for one in found),
        *(one for way, found in findings.ways.items() if line_id(way) not in sheet for one in found),
    }
    if away:
        yield f"At states and transitions that are not in this picture: {len(away)}."
