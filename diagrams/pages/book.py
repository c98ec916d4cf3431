"""A pathway as pages: overview, legend, the sheets of its phases with their tables, tables of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from string import ascii_lowercase

from diagrams.chart import Chart, LegendEntry, Table
from diagrams.dot import dot_of
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError, renderer
from diagrams.pages.brief import brief
from diagrams.pages.cited import cited_tables, texts_in, texts_of
from diagrams.pages.cutting import cut
from diagrams.pages.leading import Leads, Pointer
from diagrams.pages.notes import Notes
from diagrams.pages.overview import Detail, actions_index, index, overview, side_by_side
from diagrams.pages.print_check import LEAST, Fit, PaperName, fit
from diagrams.pages.routes import Section, routes, sections
from diagrams.pages.sheet import DASHED, Atlas, sheet
from diagrams.pages.sheet import LEGEND as SHEET_LEGEND
from diagrams.pages.tall import MOST_LINES
from diagrams.svg import finished
from pathway.language.definition import Definition
from pathway.language.problems import nearest

OVERVIEW, LEGEND = "overview", "legend"
LINKS = "oval: a line goes on at the box and page that it names, or comes from there"
OVERVIEW_KEY = (DASHED, "every action by its name: in the tables of the overview")
_WIDEST = "m"
_SPARE = (1.0, 1.05, 1.15)  # how much larger than needed the type is asked for, until the final names fit too


@dataclass(frozen=True, slots=True)
class Page:
    """One drawing on one sheet. `tables` belong under it, `after` behind the last sheet of its phase.

    `pointers` lead from it to those and to other tables; `key` says what its signs mean, where no legend is
    drawn.
    """

    name: str
    heading: str
    section: str
    states: frozenset[str]
    chart: Chart
    svg: str
    fit: Fit
    tables: tuple[Table, ...] = ()
    after: tuple[Table, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All pages of a pathway; `whole` is the chart from which they were cut."""

    whole: Chart
    paper: PaperName
    pages: tuple[Page, ...]
    tables: tuple[Table, ...]


def whole_on_one_sheet(definition: Definition, paper: PaperName, engine: Engine = "auto") -> Book | None:
    """The whole chart on one sheet with its tables after it; None where its type would be too small."""
    whole = chart_of(definition)
    chart = replace(whole, title="Flowchart", subtitle="", stamp=None, remarks=(), tables=())
    svg = drawn(chart, engine)
    fitted = fit(svg, paper)
    if not fitted.is_legible:
        return None
    page = Page("1", "Flowchart", "", frozenset(), chart, svg, fitted)
    appendix = cited_tables(texts_of(whole), definition)
    return Book(whole, paper, (page,), (*whole.tables, *appendix))


def book_of(
    definition: Definition,
    paper: PaperName = "A4",
    engine: Engine = "auto",
    phase: str | None = None,
    stamped: bool = False,
) -> Book:
    """The overview and the sheets of every phase, or those of one. Raises RenderError.

    No type on any page is under 7.5 points on this paper; a phase that needs it takes several sheets.
    `stamped` pages carry version, status and legend inside the drawing, for use without the head and foot of
    a printed page.
    """
    chosen = None if phase is None else phase_named(phase, definition).name
    whole = chart_of(definition)
    drawn_from = whole if stamped else replace(whole, title="", subtitle="", stamp=None)
    return _Binding(definition, whole, brief(drawn_from), paper, engine, chosen, stamped).book()


def phase_named(phase: str, definition: Definition) -> Section:
    """The phase with this name or title. Raises RenderError with the nearest one."""
    known = {word: one for one in sections(definition) for word in (one.name, one.title)}
    if phase in known:
        return known[phase]
    close = nearest(phase, known)
    names = ", ".join(one.name for one in sections(definition))
    fix = f"Perhaps {close} was meant" if close else f"It has: {names}"
    raise RenderError(f"{definition.id} has no phase {phase!r}", fix)


def drawn(chart: Chart, engine: Engine = "auto") -> str:
    """The finished SVG of a chart. Raises RenderError."""
    return finished(renderer(engine).layout(dot_of(chart)), chart)


class _Binding:
    """One pass over a definition; sheets are cut until their type is large enough, names and all."""

    def __init__(
        self,
        definition: Definition,
        whole: Chart,
        short: Chart,
        paper: PaperName,
        engine: Engine,
        chosen: str | None,
        with_legend: bool,
    ) -> None:
        self._definition = definition
        self._paper: PaperName = paper
        self._engine: Engine = engine
        self._sections = sections(definition)
        self._chosen = [one for one in self._sections if chosen in (None, one.name)]
        self._with_overview = chosen is None
        self._with_legend = with_legend
        self._whole = whole
        self._routes = routes(definition)
        self._atlas = Atlas(short, self._routes, self._provisional(), self._places())

    def _provisional(self) -> Mapping[str, str]:
        """Page names as wide as any that the states may get."""
        places = enumerate(self._sections, start=1)
        return {state: f"{place}{_WIDEST}" for place, one in places for state in one.states}

    def _places(self) -> Mapping[str, int]:
        """The place of each state's phase in the order of the phases."""
        return {state: place for place, one in enumerate(self._sections) for state in one.states}

    def book(self) -> Book:
        """The pages, cut again with room to spare where the final names took more than was foreseen."""
        pages: tuple[Page, ...] = ()
        for spare in _SPARE:
            sheets = {one.name: self._sheets(one, spare) for one in self._sections}
            pages = self._pages(sheets)
            if all(page.fit.is_legible for page in pages):
                return Book(self._whole, self._paper, pages, self._rest(pages))
        small = next(page for page in pages if not page.fit.is_legible)
        raise RenderError(
            f"Page {small.name} ({small.heading}) would have type of {small.fit.points:.2f} points on "
            f"{self._paper}, under the {LEAST} that can be read",
            "Choose --paper A3, or shorten the texts of its steps",
        )

    def _rest(self, pages: Sequence[Page]) -> tuple[Table, ...]:
        """The tables of the whole, or the notices to which one phase leads; then what all of them cite."""
        rest = self._notes.rest() if self._with_overview else self._notices(pages)
        printed = [*(table for page in pages for table in (*page.tables, *page.after)), *rest]
        return (*rest, *cited_tables((*self._whole.remarks, *texts_in(printed)), self._definition))

    def _notices(self, pages: Iterable[Page]) -> tuple[Table, ...]:
        states = frozenset(state for one in self._chosen for state in one.states)
        places = (place for page in pages for pointer in page.pointers for place in pointer.places)
        return self._notes.notices(states, (place.words for place in places if place.table == "notices"))

    def _sheets(self, section: Section, spare: float) -> list[frozenset[str]]:
        lanes = self._whole.lanes
        tracks = [[box.id for box in lane.boxes if box.id in section.states] for lane in lanes]

        def fits(states: frozenset[str]) -> bool:
            return self._fitted(states, section.title, LEAST * spare)[2].points >= LEAST * spare

        return cut([states for states in tracks if states], self._routes.values(), fits)

    def _pages(self, sheets: Mapping[str, Sequence[frozenset[str]]]) -> tuple[Page, ...]:
        names = {
            (section.name, states): name
            for place, section in enumerate(self._sections, start=1)
            for states, name in zip(
                sheets[section.name], _names(place, len(sheets[section.name])), strict=False
            )
        }
        page_of = {state: name for (_, states), name in names.items() for state in states}
        self._atlas = replace(self._atlas, page_of=page_of)
        self._notes = Notes(self._whole, self._atlas, self._definition)
        self._leads = Leads(self._atlas.chart, self._definition, derived=self._with_overview)
        phases = [self._page(one, sheets[one.name], names) for one in self._chosen]
        front = (self._overview(), self._legend()) if self._with_overview else ()
        return (*front, *(page for pages in phases for page in pages))

    def _page(
        self,
        section: Section,
        sheets: Sequence[frozenset[str]],
        names: Mapping[tuple[str, frozenset[str]], str],
    ) -> Iterator[Page]:
        """The sheets of a phase; its steps, actions and ways stand behind the last."""
        for states in sheets:
            name = names[section.name, states]
            heading = f"{name}. {section.title}"
            chart, svg, fitted = self._fitted(states, heading, LEAST)
            after = self._notes.of_section(section.name, section.title, section.states)
            yield Page(
                name, heading, section.name, states, chart, svg, fitted,
                self._notes.of_page(name, states), after if states is sheets[-1] else (),
                self._leads.of_page(section.name, states), self._key(SHEET_LEGEND),
            )  # fmt: skip

    def _fitted(self, states: frozenset[str], heading: str, points: float) -> tuple[Chart, str, Fit]:
        """The sheet of these states; tall boxes are divided until it fits."""
        found: list[tuple[Chart, str, Fit]] = []
        for most_lines in MOST_LINES:
            chart = self._drawn_with(sheet(self._atlas, states, heading, most_lines))
            svg = drawn(chart, self._engine)
            found.append((chart, svg, fit(svg, self._paper)))
            if found[-1][2].points >= points:
                break
        return max(found, key=lambda one: one[2].points)

    def _drawn_with(self, chart: Chart) -> Chart:
        """The chart without its legend where a foot of the page says the same."""
        return chart if self._with_legend else replace(chart, legend=())

    def _key(self, legend: Iterable[LegendEntry]) -> tuple[str, ...]:
        return () if self._with_legend else tuple(entry.text for entry in legend)

    def _overview(self, detail: Detail = Detail.DEADLINES_AND_TRACKS_LINE_BY_LINE) -> Page:
        """The overview with as much of each phase as leaves its type large enough."""
        page = self._overview_page(detail)
        if page.fit.is_legible or detail is Detail.NONE:
            return page
        return self._overview(Detail(detail - 1))

    def _overview_page(self, detail: Detail) -> Page:
        lane = overview(self._atlas, self._definition, self._sections, detail)
        legend = tuple(LegendEntry(None, words) for words in OVERVIEW_KEY)
        remarks = tuple(filter(None, (side_by_side(self._definition),)))
        chart = replace(self._atlas.chart, lanes=(lane,), remarks=remarks, tables=(), legend=legend)
        tables = (*actions_index(self._atlas, self._definition), index(self._atlas, self._sections))
        return self._front(OVERVIEW, lane.title, self._drawn_with(chart), tables, self._key(legend))

    def _legend(self) -> Page:
        further = filter(None, (LINKS, DASHED, side_by_side(self._definition)))
        own = (entry for entry in self._whole.legend if not entry.text.startswith("dashed"))
        legend = (*own, *(LegendEntry(None, words) for words in further))
        chart = replace(self._atlas.chart, lanes=(), remarks=(), tables=(), legend=legend)
        return self._front(LEGEND, "Legend", chart)

    def _front(
        self,
        name: str,
        heading: str,
        chart: Chart,
        tables: tuple[Table, ...] = (),
        key: tuple[str, ...] = (),
    ) -> Page:
        svg = drawn(chart, self._engine)
        return Page(name, heading, name, frozenset(), chart, svg, fit(svg, self._paper), tables, key=key)


def _names(place: int, count: int) -> Iterable[str]:
    """`3` for a phase on one sheet, else `3a`, `3b` and so on."""
    if count == 1:
        return (str(place),)
    letters = (*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2)))
    return (f"{place}{letter}" for letter in letters)
