"""What there is to browse, in groups, and the search over all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pathway.language.uses import Element, Sort
from tui.browsing.book import Book, PageRow, states_of
from tui.lines import Line, Tone

GROUPS = {
    Sort.PHASE: "Phases", Sort.TRACK: "Tracks and states", Sort.STATE: "States", Sort.FACT: "Facts",
    Sort.ACTION: "Actions", Sort.SAFEGUARD: "Safeguards", Sort.NOTICE: "Notices", Sort.CLAIM: "Claims",
    Sort.SOURCE: "Sources",
}  # fmt: skip
HITS = (
    Sort.STATE, Sort.FACT, Sort.ACTION, Sort.SAFEGUARD, Sort.NOTICE, Sort.CLAIM, Sort.SOURCE, Sort.TRACK,
    Sort.PHASE,
)  # fmt: skip
NO_HIT = "Nothing in the pathway contains that."


@dataclass(frozen=True, slots=True)
class Entry:
    """An element with what is shown of it in a list, and what a search looks at, in small letters.

    `names` are what it is called by; `said` is everything else it says, cites and reads.
    """

    element: Element
    lead: str
    text: str
    names: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """The key of a heading in the list."""

    sort: Sort


def catalogue(book: Book) -> tuple[Entry, ...]:
    """Every element, in the order of the definition, with its own words."""
    definition = book.definition
    elements: list[tuple[Element, str, str]] = [
        *((Element(Sort.PHASE, name), "", "") for name in definition.phases),
        *((Element(Sort.TRACK, name), "", "") for name in definition.tracks),
        *((element, "", f"{state.text or ''} {state.kind}") for element, state in states_of(definition)),
        *((Element(Sort.FACT, name), "", _fact_words(book, name)) for name in definition.facts),
        *((Element(Sort.ACTION, name), "", f"{one.text or ''} {one.type}")
          for name, one in definition.actions.items()),
        *((Element(Sort.SAFEGUARD, name), one.text, one.severity)
          for name, one in definition.safeguards.items()),
        *((Element(Sort.NOTICE, name), one.text, one.severity) for name, one in definition.notices.items()),
        *((Element(Sort.CLAIM, name), _claimed(book, name), "") for name in definition.claims),
        *((Element(Sort.SOURCE, name), one.text, _source_words(book, name))
          for name, one in definition.sources.items()),
    ]  # fmt: skip
    return tuple(_entry(book, element, text, f"{text} {more}") for element, text, more in elements)


def searchable(book: Book, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with what stands within them too: guards in both forms, names read, sources cited."""
    said = _said_by(book)
    return tuple(
        replace(entry, said=f"{entry.said} {said.get(entry.element, '').lower()}") for entry in entries
    )


def _entry(book: Book, element: Element, text: str, said: str) -> Entry:
    names = (element.name.lower(), book.title(element).lower())
    return Entry(element, book.named(element), text, names, said.lower())


def _fact_words(book: Book, name: str) -> str:
    fact = book.definition.facts[name]
    return " ".join((fact.ask, *fact.values, *fact.values.values(), *fact.code.values()))


def _source_words(book: Book, name: str) -> str:
    source = book.definition.sources[name]
    references = (book.definition.references.get(key, key) for key in source.ref)
    return " ".join((source.problem or "", source.layer, *references))


def _claimed(book: Book, name: str) -> str:
    claim = book.definition.claims[name]
    return f"{claim.form}: {claim.guard.english if claim.guard is not None else ', '.join(claim.actions)}"


def _said_by(book: Book) -> dict[Element, str]:
    """All guards, names and source ids that stand within each element."""
    parts: dict[Element, dict[str, None]] = {}
    for use in book.uses.every():
        kept = parts.setdefault(use.by, {})
        kept.update(dict.fromkeys((use.what.name, use.where, use.text, use.english)))
    return {element: " ".join(words) for element, words in parts.items()}


# --- lists ------------------------------------------------------------------------------------------
def folded_rows(book: Book, entries: Sequence[Entry], opened: frozenset[Sort]) -> list[PageRow]:
    """The groups with their numbers of members; the members of those that are opened."""
    rows: list[PageRow] = []
    for sort, title in GROUPS.items():
        members = [entry for entry in entries if _shown_under(entry.element.sort) is sort]
        if members:
            sign = "-" if sort in opened else "+"
            rows.append(PageRow(Line(f"({_count(members)})", f"{sign} {title}"), Group(sort)))
            rows += [_row(book, entry) for entry in _nested(members)] if sort in opened else []
    return rows


def hit_rows(book: Book, entries: Sequence[Entry], query: str) -> list[PageRow]:
    """The elements that contain every word of the query, in groups; the best hit's group comes first."""
    groups: dict[Sort, list[tuple[int, Entry]]] = {}
    for entry in entries:
        rank = rank_of(entry, query)
        if rank is not None:
            groups.setdefault(entry.element.sort, []).append((rank, entry))
    rows: list[PageRow] = []
    order = {sort: (min(rank for rank, _ in hits), HITS.index(sort)) for sort, hits in groups.items()}
    for sort in sorted(groups, key=order.__getitem__):
        hits = sorted(groups[sort], key=lambda hit: hit[0])
        title = "Tracks" if sort is Sort.TRACK else GROUPS[sort]
        rows.append(PageRow(Line(f"({len(hits)})", title, Tone.HEADING)))
        rows += [_row(book, entry) for _, entry in hits]
    return rows


def rank_of(entry: Entry, query: str) -> int | None:
    """How good a hit an entry is; None where it does not contain every word.

    0 is its very name, 1 a beginning of words of a name, 2 all words somewhere in names, 3 anything it says.
    """
    whole = " ".join(query.lower().split())
    words = whole.split()
    if whole in entry.names:
        return 0
    if any(f" {name.replace('_', ' ')}".find(f" {whole.replace('_', ' ')}") >= 0 for name in entry.names):
        return 1
    if all(any(word in name for name in entry.names) for word in words):
        return 2
    everything = f"{' '.join(entry.names)} {entry.said}"
    return 3 if all(word in everything for word in words) else None


def _shown_under(sort: Sort) -> Sort:
    return Sort.TRACK if sort is Sort.STATE else sort


def _nested(members: Sequence[Entry]) -> Iterable[Entry]:
    """The members; states come right after their track."""
    for entry in members:
        if entry.element.sort is not Sort.STATE:
            yield entry
        if entry.element.sort is Sort.TRACK:
            start = f"{entry.element.name}."
            yield from (
                one for one in members
                if one.element.sort is Sort.STATE and one.element.name.startswith(start)
            )  # fmt: skip


def _count(members: Sequence[Entry]) -> str:
    states = sum(entry.element.sort is Sort.STATE for entry in members)
    return f"{len(members) - states}, with {states} states" if states else str(len(members))


def _row(book: Book, entry: Entry) -> PageRow:
    indent = 4 if entry.element.sort is Sort.STATE else 2
    standing = book.in_case(entry.element)
    if not standing:
        return PageRow(Line(entry.text, entry.lead, indent=indent), entry.element)
    title = book.title(entry.element)
    if entry.element.sort is Sort.FACT:
        return PageRow(Line(standing, f"{title}:", indent=indent), entry.element)
    sign, _, rest = standing.partition(" ")
    return PageRow(Line(rest, f"{sign} {title}", indent=indent), entry.element)
