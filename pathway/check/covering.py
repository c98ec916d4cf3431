"""Coverage both ways: every statement is accounted for by an element, and every element by a statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from pathway.check.coverage_file import COVERAGE_FILE, CoverageFile, Row
from pathway.check.elements import Element, cited_by, elements, in_order
from pathway.check.findings import ERROR, INFO, WARNING, Coverage, Finding, Tally
from pathway.language import written
from pathway.language.gather import MAIN_FILE, Gathered
from pathway.language.problems import Place, nearest

CODE = "uncited"
REWRITE = "If this is meant, run `pathway check --write-coverage`"
FIRST_NAMED = 5
QUOTED = 60

Citing = Mapping[str, tuple[str, ...]]  # statement -> the names of the elements that cite it


def coverage(gathered: Gathered, kept: CoverageFile | None) -> Coverage:
    """What accounts for the statements; `kept` is the `coverage.yaml` beside the definition, if any.

    The encoded source is the first declared layer.
    """
    cited = frozenset(cited_by(elements(gathered)))
    aside = frozenset(kept.set_aside) - cited if kept is not None else frozenset[str]()
    layers = {layer: _tally(_ids(gathered, layer), cited, aside) for layer in gathered.pathway.layers}
    return Coverage(_tally(_ids(gathered, encoded_layer(gathered)), cited, aside), layers)


def coverage_findings(gathered: Gathered, kept: CoverageFile | None) -> tuple[Finding, ...]:
    """Statements without an element, elements without a statement, and where `coverage.yaml` is out of date.

    With a `coverage.yaml` all of these are errors; without one only a statement of the encoded source is.
    """
    found = elements(gathered)
    cited = cited_by(found)
    return (
        *_unaccounted(gathered, cited, kept),
        *_set_aside(gathered, cited, kept),
        *_invented(found, kept),
        *_out_of_date(gathered, found, kept),
    )


def encoded_layer(gathered: Gathered) -> str | None:
    """The layer whose statements all have to be accounted for; None where no layer is declared."""
    return next(iter(gathered.pathway.layers), None)


def _ids(gathered: Gathered, layer: str | None) -> frozenset[str]:
    sources = gathered.pathway.sources.items()
    return frozenset(name for name, source in sources if layer is None or source.from_ == layer)


def _tally(ids: frozenset[str], cited: frozenset[str], aside: frozenset[str]) -> Tally:
    return Tally(len(ids), len(ids & cited), len(ids & aside))


# --- statements without an element ----------------------------------------------------------------
def _unaccounted(gathered: Gathered, cited: Citing, kept: CoverageFile | None) -> Iterator[Finding]:
    aside: Mapping[str, object] = kept.set_aside if kept is not None else {}
    fix = "Cite it where it is carried out"
    if gathered.files[0].name == MAIN_FILE:
        fix += f", or set it aside in {COVERAGE_FILE} with the reason"
    encoded = encoded_layer(gathered)
    for name, source in gathered.pathway.sources.items():
        if name in cited or name in aside:
            continue
        grave = kept is not None or source.from_ == encoded
        text = f'no element cites {name} ({source.from_}: "{_beginning(source)}")'
        yield Finding(CODE, ERROR if grave else WARNING, text, fix, _source_place(gathered, name))


def _beginning(source: written.Source) -> str:
    words = " ".join(source.text.split())
    return words if len(words) <= QUOTED else f"{words[:QUOTED].rstrip()}…"


def _source_place(gathered: Gathered, name: str) -> Place:
    return gathered.places.of(("sources", name), key=True)


def _set_aside(gathered: Gathered, cited: Citing, kept: CoverageFile | None) -> Iterator[Finding]:
    if kept is None:
        return
    for name, item in kept.set_aside.items():
        if name not in gathered.pathway.sources:
            text = f"{name} is set aside, and there is no such statement"
            yield Finding(CODE, ERROR, text, _meant(name, gathered, "Remove it"), item.place)
        elif name in cited:
            text = f"{name} is set aside, but cited by {_shortened(cited[name])}"
            fix = f"Remove it from `set_aside`, or take {name} out of those `cites`"
            yield Finding(CODE, ERROR, text, fix, item.place)


def _meant(name: str, gathered: Gathered, fix: str) -> str:
    close = nearest(name, gathered.pathway.sources)
    return f"Did you mean {close}? If not: {fix[:1].lower()}{fix[1:]}" if close else fix


# --- elements without a statement -----------------------------------------------------------------
def _invented(found: Iterable[Element], kept: CoverageFile | None) -> Iterator[Finding]:
    bare = [element for element in found if not element.cites]
    fix = "Say under `cites:` which statement it rests on"
    if kept is not None:
        for element in bare:
            text = f"{element.name} cites nothing, so nobody can tell where it comes from"
            yield Finding(CODE, ERROR, text, fix, element.place, element.state)
    elif bare:
        count = "1 element cites" if len(bare) == 1 else f"{len(bare)} elements cite"
        text = f"{count} nothing: {_shortened([element.name for element in bare])}"
        fix = f"Say under `cites:` where it comes from; beside a {COVERAGE_FILE} each is an error"
        yield Finding(CODE, INFO, text, fix, bare[0].place)


def _shortened(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - FIRST_NAMED
    return ", ".join(every[:FIRST_NAMED]) + (f" and {more} more" if more > 0 else "")


# --- the matrix -----------------------------------------------------------------------------------
def _out_of_date(
    gathered: Gathered, found: tuple[Element, ...], kept: CoverageFile | None
) -> Iterator[Finding]:
    """Where the matrix differs from the definition: it was written for another one."""
    if kept is None:
        return
    if kept.statements is None:
        text = f"{COVERAGE_FILE} has no matrix, so elements could vanish unseen"
        yield Finding(CODE, ERROR, text, "Run `pathway check --write-coverage`", kept.place)
        return
    yield from _statements_of(gathered, kept.statements)
    known = {name: row for name, row in kept.statements.items() if name in gathered.pathway.sources}
    yield from _elements_of(found, known)


def _statements_of(gathered: Gathered, rows: Mapping[str, Row]) -> Iterator[Finding]:
    for name, row in rows.items():
        if name not in gathered.pathway.sources:
            text = f"the matrix lists {name}, and there is no such statement"
            yield Finding(CODE, ERROR, text, _meant(name, gathered, REWRITE), row.place)
    for name in gathered.pathway.sources:
        if name not in rows:
            place = _source_place(gathered, name)
            yield Finding(CODE, ERROR, f"the matrix does not list {name}", REWRITE, place)


def _elements_of(found: tuple[Element, ...], rows: Mapping[str, Row]) -> Iterator[Finding]:
    """Elements that went, came or cite something else, as far as the matrix and the definition share ids."""
    listed: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for source, row in rows.items():
        for name, place in row.elements.items():
            listed.setdefault(name, set()).add(source)
            places.setdefault(name, place)
    present = {element.name for element in found}
    for name, place in places.items():
        if name not in present:
            text = f"{name} is in the matrix and no longer in the pathway"
            yield Finding(CODE, ERROR, text, REWRITE, place)
    for element in found:
        text = _difference(element, element.cites & rows.keys(), listed.get(element.name))
        if text is not None:
            yield Finding(CODE, ERROR, text, REWRITE, element.place, element.state)


def _difference(element: Element, cites: Set[str], listed: Set[str] | None) -> str | None:
    """How an element differs from the matrix; None where they agree."""
    if listed is None:
        return f"{element.name} is not in the matrix" if cites else None
    if cites == listed:
        return None
    now = ", ".join(in_order(cites)) or "nothing"
    return f"{element.name} cites {now}, and by the matrix {', '.join(in_order(listed))}"
