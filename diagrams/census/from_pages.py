"""Pages read back: their drawings, where each state and line may stand on one page only, and their tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from diagrams.census.counting import Passage, Reading
from diagrams.census.drawn import Drawn, DrawnTable, DrawnWay, reading_of
from diagrams.census.elements import Kind
from diagrams.census.from_svg import drawn_in
from diagrams.chart import Table
from diagrams.pages.book import Book, Page

# What a sheet says itself; everything else of a state or a line stands in the tables behind the sheets.
ON_THE_SHEETS = frozenset(
    {Kind.STATE, Kind.TRANSITION, Kind.ACTION, Kind.NOT_AN_ORDER, Kind.DEADLINE, Kind.START}
)

IN_THE_TABLES = frozenset(Kind) - {Kind.TRACK, Kind.START, Kind.PHASE, Kind.TIE}
_STATE_BOX = re.compile(r"state-\w+-\w+")  # and none of its further boxes
_NOTHING = re.compile(r"(?!)")
_FILLER = re.compile(
    r"\b[TQ]\d+:|Asks(?: \d+ facts,|:)|The clinician chooses|Also reached from [\d, and]+"
    r"|\(page \d+[a-z]*\)|automatic|confirmed|[,:;.]"
)
_NOTED = re.compile(r" \([TQR]\d+\)")
_TO, _FROM = re.compile(r"to (\d+), page (\w+)"), re.compile(r"from ([\d, and]+), page (\w+)")
_END = re.compile(r"(\d+)(?:\. .* \(page \w+\))?", re.DOTALL)


# --- sheets ---------------------------------------------------------------------------------------
def read_sheets(book: Book) -> Reading:
    """What the drawings of a book say; a line that ends in an oval leads where that oval says.

    A pair of ovals that do not name each other's page leads nowhere.
    """
    sheets = {page.name: drawn_in(page.svg) for page in book.pages if page.states}
    numbers = {
        box.head.partition(".")[0]: (box.id, name)
        for name, sheet in sheets.items()
        for box in sheet.boxes
        if _STATE_BOX.fullmatch(box.id)
    }
    passages = [
        passage
        for name, sheet in sheets.items()
        for passage in reading_of(_resolved(sheet, name, numbers, sheets)).passages
    ]
    return Reading(tuple(passages), ON_THE_SHEETS, _NOTHING, whole=False, about=("state", "leads", "do"))


def _resolved(
    sheet: Drawn, name: str, numbers: Mapping[str, tuple[str, str]], sheets: Mapping[str, Drawn]
) -> Drawn:
    """The sheet with its lines led through the ovals; the heading of a page names no box of another."""
    ovals = {box.id: box.head for box in sheet.boxes if box.id.startswith("to-")}
    ways = tuple(_led(way, ovals, name, numbers, sheets) for way in sheet.ways)
    return Drawn(sheet.boxes, ways, (), sheet.areas)


def _led(
    way: DrawnWay,
    ovals: Mapping[str, str],
    here: str,
    numbers: Mapping[str, tuple[str, str]],
    sheets: Mapping[str, Drawn],
) -> DrawnWay:
    if way.target not in ovals:
        return way
    found = _TO.fullmatch(ovals[way.target])
    target, page = numbers.get(found[1], ("", "")) if found else ("", "")
    own = next((number for number, (id, _) in numbers.items() if id == way.source), "")
    if not found or found[2] != page or (own, here) not in set(_arrivals(sheets[page], target)):
        return DrawnWay(way.id, way.source, f"nowhere ({ovals[way.target]})", way.label)
    return DrawnWay(way.id, way.source, target, way.label)


def _arrivals(sheet: Drawn, state: str) -> Iterator[tuple[str, str]]:
    """The numbers and pages that the ovals before a state name."""
    ovals = {box.id: box.head for box in sheet.boxes if box.id.startswith("from-")}
    for way in sheet.ways:
        if way.source in ovals and way.target == state:
            for found in _FROM.finditer(ovals[way.source]):
                yield from ((number, found[2]) for number in re.findall(r"\d+", found[1]))


# --- tables ---------------------------------------------------------------------------------------
def read_tables(book: Book) -> Reading:
    """What the tables of a book say. A safeguard stands on each page whose actions it acts on, once."""
    tables = [table for page in book.pages for table in (*page.tables, *page.after)] + list(book.tables)
    numbers = {
        row["Step"].partition(".")[0]: page_state
        for page in book.pages
        for table in page.after
        for row in _rows(table, "steps")
        for page_state in _states_named(row["Step"], book.pages)
    }
    passages = [passage for table in tables for passage in _told(table, numbers)]
    passages += _safeguards(book)
    passages += _of_the_whole(tables)
    return Reading(tuple(passages), IN_THE_TABLES, _FILLER)


def _rows(table: Table, kind: str) -> list[dict[str, str]]:
    if not re.fullmatch(rf"{kind}(-.*)?", table.id):
        return []
    titles = [column.title for column in table.columns]
    return [dict(zip(titles, map(_flat, row), strict=True)) for row in table.rows]


def _flat(cell: str) -> str:
    """The lines of a cell in one; the mark of a note beside the note itself is no word of the model."""
    return _NOTED.sub("", " ; ".join(cell.split("\n")))


def _states_named(heading: str, pages: Sequence[Page]) -> Iterator[str]:
    """The ids of the states drawn under this heading."""
    for page in pages:
        boxes = {box.id: box.heading for lane in page.chart.lanes for box in lane.boxes}
        yield from (id for id, its in boxes.items() if id in page.states and its == heading)


def _told(table: Table, numbers: Mapping[str, str]) -> Iterator[Passage]:
    for row in _rows(table, "steps"):
        state = numbers.get(row["Step"].partition(".")[0], "nowhere")
        yield Passage(state, " ; ".join(row.values()))
    told: Counter[str] = Counter()
    for row in _rows(table, "actions"):
        state = numbers.get(row.pop("Step"), "nowhere")
        mark = "s" if "NOT AN ORDER" in row["In full"].split(" ; ") else "o"
        told[state + mark] += 1
        yield Passage(f"do-{state}-{mark}{told[state + mark]}", " ; ".join(row.values()))
    for row in _rows(table, "ways"):
        source, target = (_END.fullmatch(row.pop(end)) for end in ("From", "To"))
        ends = [numbers.get(found[1], "nowhere") if found else "nowhere" for found in (source, target)]
        name = f"{ends[0].removeprefix('state-')}-{told[ends[0]]}"
        told[ends[0]] += 1
        yield Passage(f"leads-{name}", " > ".join(ends))
        yield Passage(f"way-{name}", " ; ".join(row.values()))


def _safeguards(book: Book) -> Iterator[Passage]:
    found: dict[Passage, None] = {}
    for page in (*book.pages, None):
        tables = book.tables if page is None else page.tables
        passages = [
            Passage(f"safeguard-{row['No.']}", " ; ".join(row.values()))
            for table in tables
            for row in _rows(table, "safeguards")
        ]
        twice = [passage for passage, often in Counter(passages).items() if often > 1]
        found |= dict.fromkeys(passages)
        yield from twice
    yield from found


def _of_the_whole(tables: Iterable[Table]) -> Iterator[Passage]:
    """Notices, derived facts and actions that no step calls for, as they stand beside a chart."""
    drawn = tuple(
        DrawnTable(table.id, tuple(_rows(table, kind)))
        for table in tables
        for kind in ("notices", "derived", "uncalled")
        if _rows(table, kind)
    )
    yield from reading_of(Drawn((), (), drawn, ())).passages
