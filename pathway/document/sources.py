"""The sources of a pathway, what cites them, what is known to be wrong with them, and what is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pathway.document.content import Chapter, Column, Line, LineKind, Row, Span, Table, Tone
from pathway.document.reading import Reading, joined, line, quiet, strong
from pathway.language.definition import Definition, Source

SOURCE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]")


class Citations:
    """Which elements of the document cite a source, and which sources speak of one another."""

    def __init__(self, reading: Reading) -> None:
        self._by: dict[str, dict[Span, None]] = {}
        self._sources = reading.definition.sources
        for span, cites in _cited(reading):
            for cite in cites:
                self._by.setdefault(cite, {})[span] = None

    def of(self, source: str) -> tuple[Span, ...]:
        """The elements that cite a source, each once, in the order of the document."""
        return tuple(self._by.get(source, ()))

    def answers(self, source: Source) -> tuple[str, ...]:
        """The sources that its known problem names, and those of other layers that speak of it."""
        named = [name for name in SOURCE_ID.findall(source.problem or "") if self._is_other(name, source)]
        naming = [
            one.id
            for one in self._sources.values()
            if one.layer != source.layer and source.id in SOURCE_ID.findall(f"{one.text} {one.problem or ''}")
        ]
        return tuple(dict.fromkeys([*named, *naming]))

    def _is_other(self, name: str, source: Source) -> bool:
        return name in self._sources and name != source.id


def _cited(reading: Reading) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Every element that cites, with what it cites, in the order of the document."""
    definition = reading.definition
    yield from _cited_in_tracks(reading)
    yield from _cited_in_facts(reading)
    for name, action in definition.actions.items():
        further = [dose.cites for dose in action.doses]
        further += [action.schedule.cites] if action.schedule is not None else []
        yield reading.action(name), (*action.cites, *(cite for cites in further for cite in cites))
    yield from ((reading.safeguard(name), one.cites) for name, one in definition.safeguards.items())
    yield from ((reading.notice(name), one.cites) for name, one in definition.notices.items())
    for name, claim in definition.claims.items():
        yield claim_span(name), claim.cites


def _cited_in_tracks(reading: Reading) -> Iterator[tuple[Span, tuple[str, ...]]]:
    for track in reading.definition.tracks.values():
        for state in track.states.values():
            parts = [state.cites, *(do.cites for do in state.do), *(way.cites for way in state.next)]
            yield reading.state(state), tuple(cite for cites in parts for cite in cites)


def _cited_in_facts(reading: Reading) -> Iterator[tuple[Span, tuple[str, ...]]]:
    for name, fact in reading.definition.facts.items():
        rows = fact.formula.rows if fact.formula is not None else ()
        also = reading.written.facts[name].also
        units = also.values() if isinstance(also, dict) else ()
        parts = [fact.cites, *(row.cites for row in rows), *(tuple(unit.cites) for unit in units)]
        yield reading.fact(name), tuple(cite for cites in parts for cite in cites)


def claim_span(name: str) -> Span:
    """A claim by its name, leading to its row."""
    return Span(f"claim {name}", Tone.LINK, f"claim-{name}")


# --- chapters -------------------------------------------------------------------------------------
def sources_chapter(reading: Reading, citations: Citations, set_aside: Mapping[str, str]) -> Chapter:
    """Every source in full, layer by layer, with the elements that cite it."""
    columns = (Column("Source", width="20%"), Column("Text", True, "45%"), Column("Cited by"))
    chapters: list[Chapter] = []
    for layer, title in reading.definition.layers.items():
        sources = [one for one in reading.definition.sources.values() if one.layer == layer]
        rows = tuple(_source(reading, one, citations, set_aside) for one in sources)
        opening = (line(reading.layer(layer), f" {title}"),)
        tables = (Table(f"Sources of the layer {layer}", columns, rows),) if rows else ()
        chapters.append(Chapter(f"sources-{layer}", f"Sources: {layer}", opening, (), tables))
    return Chapter("sources", "Sources", (), (), (_references(reading),), tuple(chapters))


def _references(reading: Reading) -> Table:
    """What the reference keys of sources stand for."""
    columns = (Column("Key", width="12%"), Column("Reference", True))
    found = reading.definition.references.items()
    rows = (Row(f"reference-{key}", ((line(strong(key)),), (line(text),))) for key, text in found)
    return Table("References", columns, tuple(rows))


def _source(reading: Reading, source: Source, citations: Citations, set_aside: Mapping[str, str]) -> Row:
    cells = (
        (line(strong(source.id), " (", reading.layer(source.layer), ")"),),
        tuple(_says(source)),
        (_cited_by(citations.of(source.id)), *_aside(source.id, set_aside)),
    )
    return Row(f"source-{source.id}", cells, source.layer)


def _says(source: Source) -> Iterator[Line]:
    yield line(source.text)
    if source.ref:
        yield line(quiet("reference "), ", ".join(source.ref))
    if source.grade is not None:
        yield line(quiet("grade "), str(source.grade))
    if source.problem:
        yield line(strong("Known problem:"), " ", source.problem, kind=LineKind.PROBLEM)


def _cited_by(spans: tuple[Span, ...]) -> Line:
    return line(quiet("cited by "), *joined([[span] for span in spans] or [[quiet("no element")]]))


def _aside(source: str, set_aside: Mapping[str, str]) -> tuple[Line, ...]:
    return (line(strong("set aside:"), " ", set_aside[source]),) if source in set_aside else ()


def problems_chapter(reading: Reading, citations: Citations) -> Chapter:
    """Every source with a known problem, what answers it, and the rules that act on the answers."""
    columns = (
        Column("Source", width="30%"), Column("Known problem", width="34%"), Column("Answered by"),
    )  # fmt: skip
    flawed = [source for source in reading.definition.sources.values() if source.problem]
    rows = tuple(_problem(reading, source, citations) for source in flawed)
    opening = line(
        "What is known to be wrong, missing or unresolved in a source. Nothing is silently put right: the "
        "source stands as it is, and what answers it stands beside it in a layer of its own."
    )
    tables = (Table("Known problems of the sources", columns, rows),) if rows else ()
    return Chapter("problems", "Known problems of the source", (opening,), (), tables)


def _problem(reading: Reading, source: Source, citations: Citations) -> Row:
    answers = citations.answers(source)
    rules = dict.fromkeys(span for name in answers for span in citations.of(name) if _is_rule(span))
    cells = (
        (line(reading.layer(source.layer), " ", *reading.source(source.id)), line(source.text)),
        (line(source.problem or "", kind=LineKind.PROBLEM),),
        (
            *(_answer(reading, name) for name in answers),
            *([line(quiet("acted on by "), *joined([[span] for span in rules]))] if rules else []),
        )
        or (line(quiet("no item of another layer names it")),),
    )
    return Row(f"problem-{source.id}", cells, source.layer)


def _is_rule(span: Span) -> bool:
    return span.target.startswith(("safeguard-", "notice-"))


def _answer(reading: Reading, name: str) -> Line:
    source = reading.definition.sources[name]
    return line(reading.layer(source.layer), " ", *reading.source(name), ": ", source.text)


def set_aside_chapter(definition: Definition, set_aside: Mapping[str, str]) -> Chapter:
    """What of the sources the pathway leaves out on purpose, and why."""
    columns = (Column("Statement", width="20%"), Column("Why it is set aside"))
    rows = tuple(
        Row(f"set-aside-{name}", ((line(strong(name), *_text_of(definition, name)),), (line(reason),)))
        for name, reason in set_aside.items()
    )
    table = Table("What is set aside", columns, rows)
    opening = line("Statements of the source that no element of the pathway rests on, each with the reason.")
    return Chapter("set-aside", "What is set aside", (opening,), (), (table,))


def _text_of(definition: Definition, name: str) -> tuple[str, ...]:
    source = definition.sources.get(name)
    return (f" {source.text}",) if source is not None else ()
