"""The page of every element: what it says, in full, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pathway.language.calendar import format_duration
from pathway.language.definition import Do, State, Transition
from pathway.language.problems import Place
from pathway.language.uses import Element, Sort, state_element
from tui.browsing.action_page import action_page, grave_rows
from tui.browsing.book import Book, PageRow, plain_rows, section, states_of
from tui.browsing.fact_page import fact_page
from tui.browsing.rule_pages import claim_page, notice_page, safeguard_page
from tui.lines import Line, Tone, heading
from tui.presenting import NOT_AN_ORDER

KINDS = {
    "enquiry": "questions: facts are asked",
    "decision": "decision: taken by the facts",
    "action": "action: something is done",
    "end": "end of the track",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of an element."""

    element: Element
    rows: tuple[PageRow, ...]


def page_of(book: Book, element: Element) -> Page:
    """The page of an element of the book's definition."""
    rows = [
        PageRow(heading(book.title(element))),
        *_identity(book, element),
        *_in_case(book, element),
        *PAGES[element.sort](book, element),
    ]
    return Page(element, tuple(rows))


def _identity(book: Book, element: Element) -> list[PageRow]:
    """What sort of element it is, its name, its layer, and where it is written."""
    place, layer = _written_at(book, element)
    parts = (element.sort.value, element.name, f"layer {layer}" if layer else "", book.place(place))
    return plain_rows([Line("  ".join(part for part in parts if part), indent=1)])


def _written_at(book: Book, element: Element) -> tuple[Place | None, str | None]:
    definition, name = book.definition, element.name
    match element.sort:
        case Sort.STATE:
            return book.state(element).place, None
        case Sort.SOURCE:
            return None, definition.sources[name].layer
        case Sort.PHASE | Sort.TRACK:
            return None, None
        case _:
            held = {
                Sort.FACT: definition.facts, Sort.ACTION: definition.actions,
                Sort.SAFEGUARD: definition.safeguards, Sort.NOTICE: definition.notices,
                Sort.CLAIM: definition.claims,
            }[element.sort][name]  # fmt: skip
            return held.place, held.layer


def _in_case(book: Book, element: Element) -> list[PageRow]:
    standing = book.in_case(element)
    return plain_rows([Line(standing, "In this case:", Tone.STRONG, indent=1)]) if standing else []


# --- phases and tracks ------------------------------------------------------------------------------
def _phase_page(book: Book, element: Element) -> list[PageRow]:
    inside = [one for one, state in states_of(book.definition) if state.phase == element.name]
    return section(f"States ({len(inside)})", [book.link(one) for one in inside])


def _track_page(book: Book, element: Element) -> list[PageRow]:
    track = book.definition.tracks[element.name]
    start = book.link(state_element(track.name, track.start), lead="starts in")
    states = [book.link(state_element(track.name, name)) for name in track.states]
    return [start, *section(f"States ({len(states)})", states)]


# --- states -----------------------------------------------------------------------------------------
def _state_page(book: Book, element: Element) -> list[PageRow]:
    state = book.state(element)
    phase = [book.link(Element(Sort.PHASE, state.phase), lead="phase")] if state.phase else []
    about = [
        book.link(Element(Sort.NOTICE, name), notice.text)
        for name, notice in book.definition.notices.items()
        if (state.track, state.name) in notice.states
    ]
    guards = [guard for do in state.do for guard in (do.when, do.until)] + [way.when for way in state.next]
    cites = [*state.cites, *(cite for do in state.do for cite in do.cites),
             *(cite for way in state.next for cite in way.cites)]  # fmt: skip
    return [
        *plain_rows(_state_lines(state)),
        *phase,
        book.link(Element(Sort.TRACK, state.track), lead="track"),
        *section("Asks", [_question(book, name) for name in state.asks]),
        *section("Calls for", [row for do in state.do for row in _call(book, do)]),
        *section("Leads to", [row for way in state.next for row in _way(book, way)]),
        *section("Notices", about),
        *book.reads(guards),
        *book.sources(cites),
        *book.used(element),
    ]


def _state_lines(state: State) -> list[Line]:
    lines = [Line(KINDS[state.kind], indent=1)]
    if state.choice:
        lines.append(Line("where several ways are TRUE, the clinician chooses", indent=1))
    return [*lines, *([Line(state.text, indent=1)] if state.text else [])]


def _question(book: Book, name: str) -> PageRow:
    return book.link(Element(Sort.FACT, name), book.definition.facts[name].ask)


def _call(book: Book, do: Do) -> list[PageRow]:
    """An action called for, with its deadline and conditions; what is no order says so first."""
    is_order = book.definition.actions[do.action].orderable
    rows = [book.link(Element(Sort.ACTION, do.action), _deadline(book, do), "" if is_order else NOT_AN_ORDER)]
    rows += [] if is_order else grave_rows(book, do.action)
    rows += plain_rows([Line(do.text, indent=3)]) if do.text else []
    rows += book.guard(do.when, "when") if do.when is not None else []
    rows += book.guard(do.until, "until") if do.until is not None else []
    rows += (
        plain_rows([Line("only a deed since this state was entered counts", indent=3)]) if do.again else []
    )
    return rows + _cited(do.cites)


def _deadline(book: Book, do: Do) -> str:
    if do.within is None:
        return ""
    start = "entering this state" if do.of is None else book.names[do.of]
    soon = f", soon from {format_duration(do.soon)} before" if do.soon is not None else ""
    return f"within {format_duration(do.within)} of {start}{soon}"


def _way(book: Book, way: Transition) -> list[PageRow]:
    how = "taken automatically" if way.auto else "confirmed by the clinician"
    rows = [book.link(state_element(way.track, way.to), how, "to"), *book.guard(way.when, "when")]
    rows += plain_rows([Line(way.text, indent=3)]) if way.text else []
    return rows + _cited(way.cites)


def _cited(cites: Iterable[str]) -> list[PageRow]:
    named = ", ".join(dict.fromkeys(cites))
    return plain_rows([Line(named, "sources", indent=3)]) if named else []


# --- sources ----------------------------------------------------------------------------------------
def _source_page(book: Book, element: Element) -> list[PageRow]:
    definition = book.definition
    source = definition.sources[element.name]
    layer = definition.layers.get(source.layer, source.layer)
    lines = [Line(source.text, indent=1), Line(f"{source.layer}: {layer}", "layer", indent=1)]
    if source.grade is not None:
        meaning = definition.grades.get(source.grade, "")
        lines.append(Line(f"{source.grade}{f': {meaning}' if meaning else ''}", "grade", indent=1))
    if source.problem:
        lines.append(Line(source.problem, "! KNOWN PROBLEM:", Tone.CAUTION, indent=1))
    lines += [Line(definition.references.get(key, ""), f"reference {key}:", indent=1) for key in source.ref]
    return [*plain_rows(lines), *_speaking_of(book, element.name), *book.used(element)]


def _speaking_of(book: Book, source: str) -> list[PageRow]:
    """The other sources whose text or known problem names this one."""
    naming = [
        one.id
        for one in book.definition.sources.values()
        if one.id != source and source in _words(f"{one.text} {one.problem or ''}")
    ]
    return section("Spoken of by", [book.source(name) for name in naming])


def _words(text: str) -> set[str]:
    return {word.strip("()[],.;:") for word in text.split()}


PAGES: Mapping[Sort, Callable[[Book, Element], list[PageRow]]] = {
    Sort.PHASE: _phase_page,
    Sort.TRACK: _track_page,
    Sort.STATE: _state_page,
    Sort.FACT: fact_page,
    Sort.ACTION: action_page,
    Sort.SAFEGUARD: safeguard_page,
    Sort.NOTICE: notice_page,
    Sort.CLAIM: claim_page,
    Sort.SOURCE: _source_page,
}
