"""Pages to print: every transition once or as a pair of links, nothing lost, no type too small."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagrams.chart import NOT_AN_ORDER, Chart, EdgeKind
from diagrams.draw import draw
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from diagrams.pages.book import Book, book_of, phase_named, whole_on_one_sheet
from diagrams.pages.brief import brief, marks_in, spelled_out
from diagrams.pages.cited import cited_tables, is_appendix
from diagrams.pages.cutting import cut
from diagrams.pages.files import Printing, draw_pages
from diagrams.pages.leading import Leads
from diagrams.pages.notes import Notes
from diagrams.pages.overview import actions_index, overview, side_by_side
from diagrams.pages.pdf import pdf_of
from diagrams.pages.print_check import LEAST, fit
from diagrams.pages.routes import routes, sections
from diagrams.pages.runs import CITED
from diagrams.pages.sheet import Atlas, entering, leaving, sheet
from diagrams.ways import state_id
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal-leptomeningeal-infection"))


@pytest.fixture(scope="module")
def whole(flagship: Definition) -> Chart:
    return chart_of(flagship)


@pytest.fixture(scope="module")
def book(zeta: Definition) -> Book:
    """The pages of the invented pathway on A4."""
    return book_of(zeta, "A4", "wasm")


def _cut_up(definition: Definition, whole: Chart, most: int) -> tuple[Atlas, dict[str, Chart]]:
    """Every phase on sheets of at most so many states, without laying any out."""
    ways = routes(definition)
    page_of: dict[str, str] = {}
    sheets: dict[str, frozenset[str]] = {}
    for place, section in enumerate(sections(definition), start=1):
        tracks = [[box.id for box in lane.boxes if box.id in section.states] for lane in whole.lanes]
        parts = cut([states for states in tracks if states], ways.values(), lambda one: len(one) <= most)
        for number, states in enumerate(parts):
            sheets[f"{place}.{number}"] = states
            page_of |= dict.fromkeys(states, f"{place}.{number}")
    atlas = Atlas(brief(whole), ways, page_of)
    return atlas, {name: sheet(atlas, states, name) for name, states in sheets.items()}


def _boxes(chart: Chart) -> dict[str, str]:
    return {box.id: box.heading for lane in chart.lanes for box in lane.boxes}


@pytest.mark.parametrize("most", [1, 3, 8, 100])
def test_every_transition_is_drawn_once_or_as_a_matching_pair_of_links(
    flagship: Definition, whole: Chart, most: int
) -> None:
    atlas, sheets = _cut_up(flagship, whole, most)
    lines = {
        name: {edge.id: edge for lane in one.lanes for edge in lane.edges} for name, one in sheets.items()
    }
    times = Counter(edge for drawn in lines.values() for edge in drawn)
    assert {times[edge] for edge in atlas.routes} == {1}
    for route in atlas.routes.values():
        here, there = atlas.page_of[route.source], atlas.page_of[route.target]
        drawn = lines[here][route.edge]
        if here == there:
            assert drawn.target == route.target or drawn.target.startswith("link-")
            continue
        assert drawn.target == leaving(route)
        assert _boxes(sheets[here])[drawn.target] == f"to {atlas.number(route.target)}, page {there}"
        origin = _boxes(sheets[there])[entering(route.target)]
        (numbers,) = re.findall(rf"from ([\d, and]+), page {re.escape(there and here)}(?:;|$)", origin)
        assert atlas.number(route.source) in re.findall(r"\d+", numbers)


@pytest.mark.parametrize("most", [1, 3, 100])
def test_a_sheet_has_the_guards_in_written_order_and_no_line_into_nothing(
    flagship: Definition, whole: Chart, most: int
) -> None:
    labels = {edge.id: edge.label for lane in whole.lanes for edge in lane.edges}
    for chart in _cut_up(flagship, whole, most)[1].values():
        boxes = _boxes(chart)
        assert len(boxes) == sum(len(lane.boxes) for lane in chart.lanes)
        for lane in chart.lanes:
            ways = [edge for edge in lane.edges if edge.id in labels]
            assert all({edge.source, edge.target} <= boxes.keys() for edge in lane.edges)
            assert [edge.label for edge in ways] == [labels[edge.id] for edge in ways]
            assert [edge.id for edge in ways] == [edge for edge in labels if edge in {one.id for one in ways}]


def _printed_tables(flagship: Definition, whole: Chart) -> str:
    """Everything that stands in any table of the pages."""
    atlas, _ = _cut_up(flagship, whole, 3)
    notes = Notes(whole, atlas, flagship)
    tables = [*notes.rest()]
    for section in sections(flagship):
        tables += notes.of_section(section.name, section.title, section.states)
        tables += notes.of_page(section.name, section.states)
    return "\n".join(cell for table in tables for row in table.rows for cell in row)


def test_no_word_of_the_whole_chart_is_lost_on_its_pages(flagship: Definition, whole: Chart) -> None:
    printed = _printed_tables(flagship, whole)
    missing = [text for text in _said(whole) if text not in printed]
    assert missing == []


def test_the_pages_answer_what_is_asked_at_the_bedside(flagship: Definition, whole: Chart) -> None:
    """When is a puncture blocked, what is given within the hour, how long is tuberculosis treated."""
    atlas, sheets = _cut_up(flagship, whole, 1)
    drawn = {box.id: box for one in sheets.values() for lane in one.lanes for box in lane.boxes}
    antibiotic = drawn["state-emergency-antibiotic_first_hour"].rows[0]
    assert (antibiotic.deadline, antibiotic.title) == (
        "within 60 min of time of presentation",
        flagship.actions["empiric_iv_antibiotic"].title,
    )
    tuberculosis = drawn["state-tuberculosis-treatment"]
    assert "12 months at least" in tuberculosis.lines[0]
    (table,) = Notes(whole, atlas, flagship).safeguards("2", frozenset({"state-care-workup"}))
    effects = {row[1]: (row[3], row[4]) for row in table.rows}
    assert effects["lp_platelets"] == (
        "platelet count below 40 x10^9/L",
        "blocks; unknown holds and asks; no override",
    )
    held = {name for name, one in flagship.safeguards.items() if "lumbar_puncture" in one.actions}
    assert held <= effects.keys()


def test_the_overview_leads_there(flagship: Definition, whole: Chart) -> None:
    atlas, _ = _cut_up(flagship, whole, 1)
    (find,) = actions_index(atlas, flagship)
    rows = {row[:2]: row[2:] for row in find.rows}
    puncture, antibiotic = (
        flagship.actions[one].title for one in ("lumbar_puncture", "empiric_iv_antibiotic")
    )
    where, held = rows[puncture, ""]
    assert where == f"step 3 on page {atlas.page_of['state-care-workup']}"
    assert len(re.findall(r"G\d+", held)) == 9
    where, _ = rows[antibiotic, "within 60 min of time of presentation"]
    assert f"step 14 on page {atlas.page_of['state-emergency-antibiotic_first_hour']}" in where
    phases = overview(atlas, flagship, sections(flagship)).boxes
    lines = [line for box in phases for row in box.rows for line in row.lines]
    last = atlas.page_of["state-tuberculosis-treatment"]
    assert any(re.fullmatch(rf"Tuberculosis: pages \S+ and {re.escape(last)}", line) for line in lines)


def test_every_statement_that_the_tables_cite_is_told_once_in_the_appendix(
    book: Book, zeta: Definition
) -> None:
    tables = [*(table for page in book.pages for table in (*page.tables, *page.after)), *book.tables]
    cited = {
        id
        for table in tables
        if table.columns[-1].title == "Sources"
        for row in table.rows
        for id in zeta.sources
        if re.search(rf"\b{id}\b", row[-1])
    }
    told = [row for table in book.tables if is_appendix(table) for row in table.rows]
    assert Counter(row[0] for row in told) == Counter(cited)
    assert all(row[1] == zeta.sources[row[0]].text for row in told)


def test_the_appendix_tells_problems_grades_and_references(flagship: Definition, whole: Chart) -> None:
    tables = {table.id: table for table in cited_tables(["S43 (article)"], flagship)}
    rows = {row[0]: row for table in tables.values() for row in table.rows}
    assert "Problem: " in rows["S43"][1]
    assert {"A25", "A26"} <= rows.keys()  # the problem names them
    assert [row[1] for row in tables["references"].rows] == [
        flagship.references[row[0]] for row in tables["references"].rows
    ]
    assert {ref for id in rows.keys() & flagship.sources.keys() for ref in flagship.sources[id].ref} >= {
        row[0] for row in tables["references"].rows
    }


def test_a_page_leads_to_every_notice_about_what_it_shows(flagship: Definition, whole: Chart) -> None:
    atlas, _ = _cut_up(flagship, whole, 100)
    leads = Leads(atlas.chart, flagship, derived=True)
    marks = {name: f"N{place}" for place, name in enumerate(flagship.notices, start=1)}
    for section in sections(flagship):
        named = {p.words for one in leads.of_page(section.name, section.states) for p in one.places}
        states = [state for track in flagship.tracks.values() for state in track.states.values()]
        drawn = [state for state in states if state_id(state) in section.states]
        called = {do.action for state in drawn for do in state.do}
        about = {
            marks[name]
            for name, one in flagship.notices.items()
            if called & set(one.about) or {(state.track, state.name) for state in drawn} & set(one.states)
        }
        assert about <= named
    tuberculosis = leads.of_page("treatment", frozenset({"state-tuberculosis-treatment"}))
    assert marks["tb_phases"] in {place.words for one in tuberculosis for place in one.places}
    held = leads.of_page("x", frozenset({"state-care-workup"}))
    (derived,) = (one for one in held if one.subject == "How what G3 reads is derived")
    assert [place.words for place in derived.places] == ["LMWH stands against lumbar puncture"]


def test_every_pointer_of_a_page_leads_to_one_row_of_a_table(flagship: Definition, whole: Chart) -> None:
    atlas, _ = _cut_up(flagship, whole, 3)
    leads, notes = Leads(atlas.chart, flagship, derived=True), Notes(whole, atlas, flagship)
    for section in sections(flagship):
        tables = [*notes.of_section(section.name, section.title, section.states), *notes.rest()]
        rows = [(table.id, row) for table in tables for row in table.rows]
        places = [p for one in leads.of_page(section.name, section.states) for p in one.places]
        for place in places:
            found = [
                row for id, row in rows if id == place.table and row[: len(place.begins)] == place.begins
            ]
            assert found
            assert place.words[0] not in "TQ" or any(
                f"({place.words})" in cell for row in found for cell in row
            )
        marks = {
            mark
            for lane in atlas.chart.lanes
            for box in lane.boxes
            if box.id in section.states
            for line in (*box.lines, *(line for row in box.rows for line in row.lines))
            for mark in marks_in(line)
        }
        assert marks <= {place.words for place in places}


def test_a_dashed_line_means_the_same_on_a_sheet_and_on_the_overview(
    flagship: Definition, whole: Chart
) -> None:
    plain, _ = _cut_up(flagship, whole, 1)
    phases = {state: place for place, one in enumerate(sections(flagship)) for state in one.states}
    atlas = replace(plain, phase_of=phases)
    dashed = {
        line.id: line.kind is EdgeKind.LOOP for line in overview(atlas, flagship, sections(flagship)).edges
    }
    names = [section.name for section in sections(flagship)]
    seen: set[bool] = set()
    for state in atlas.states:
        for lane in sheet(atlas, frozenset({state}), "").lanes:
            for edge in (edge for edge in lane.edges if edge.target.startswith("to-")):
                route = atlas.routes[edge.id]
                ends = phases[route.source], phases[route.target]
                if ends[0] != ends[1]:
                    back = edge.kind is EdgeKind.LINK
                    seen.add(back)
                    assert back == dashed[f"between-{names[ends[0]]}-{names[ends[1]]}"]
    assert seen == {True, False}


def test_the_overview_says_that_the_tracks_begin_at_once(
    zeta: Definition, demo: Definition, book: Book
) -> None:
    assert side_by_side(demo) == ""
    said = (
        "All 2 tracks begin at once with the case and run side by side. Bystander asks nothing in the first "
        "step and waits there for what the other tracks bring."
    )
    assert side_by_side(zeta) == said
    assert book.pages[0].chart.remarks == (said,)
    assert said in " ".join(re.findall(r">([^<>]+)</text>", book.pages[1].svg))


def _said(whole: Chart) -> Iterator[str]:
    """Every text of boxes, lines and tables; what refers to a note counts as the note."""
    notes = {row[0]: row[1] for table in whole.tables for row in table.rows if re.match(r"[TQR]\d", row[0])}
    for lane in whole.lanes:
        for box in (box for box in lane.boxes if not box.id.startswith(("link-", "start-"))):
            rows = [(row.deadline, row.title, *row.lines, row.sources) for row in box.rows]
            for text in (*box.lines, box.sources, *(text for row in rows for text in row)):
                yield spelled_out(text, notes)
        yield from (edge.guard for edge in lane.edges)
    for table in whole.tables:
        yield from (spelled_out(cell, notes) for row in table.rows for cell in row[1:] if cell)


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    most=st.integers(1, 12),
)
def test_cutting_loses_no_state_and_every_sheet_fits_or_holds_one(sizes: Sequence[int], most: int) -> None:
    tracks = [[f"{track}-{state}" for state in range(size)] for track, size in enumerate(sizes)]
    sheets = cut(tracks, (), lambda states: len(states) <= most)
    assert sorted(state for one in sheets for state in one) == sorted(s for track in tracks for s in track)
    assert all(len(one) <= most for one in sheets)


def test_the_print_check_is_font_size_times_what_the_paper_leaves_of_it() -> None:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"><text font-size="11">a</text>'
        '<text font-size="18">b</text></svg>'
    )
    assert fit(picture.format(100, 100), "A4").points == 11
    upright = fit(picture.format(1094.56, 100), "A4")
    assert (upright.side.landscape, round(upright.points, 2)) == (True, round(11 * 793.89 / 1094.56, 2))
    tall = fit(picture.format(100, 1475.78), "A4")
    assert (tall.side.landscape, round(tall.points, 2)) == (False, 5.5)
    assert not tall.is_legible
    assert fit(picture.format(100, 1475.78), "A3").points > tall.points


def test_every_page_is_legible_and_names_what_it_shows(book: Book) -> None:
    names = [(page.name, page.heading) for page in book.pages]
    assert names == [
        ("overview", "Overview of the phases"), ("legend", "Legend"),
        ("1", "1. Recognise"), ("2", "2. Treat"), ("3", "3. Review"), ("4", "4. Outside every phase"),
    ]  # fmt: skip
    assert all(page.fit.points >= LEAST for page in book.pages)
    assert "to 5, page 2" in book.pages[2].svg
    assert "from 3, page 1; from 6," in book.pages[3].svg


def test_the_overview_counts_the_transitions_between_phases_and_names_deadlines(book: Book) -> None:
    (lane,) = book.pages[0].chart.lanes
    counts = {edge.id: (edge.label, edge.kind.value) for edge in lane.edges}
    assert counts == {
        "between-recognise-treat": ("2 transitions", "forward"),
        "between-treat-review": ("1 transition", "forward"),
        "between-review-treat": ("1 transition", "loop"),
    }
    recognise = lane.boxes[0].rows[0]
    assert recognise.title == "page 1"
    assert recognise.lines == (
        "3 steps",
        "Care: page 1",
        "within 15 min: Oxygen (step 3 on page 1)",
    )
    _, tracks = book.pages[0].tables
    assert tracks.rows[0] == ("Care", "page 1: 1, 2 and 3; page 2: 4 and 5; page 3: 6 and 7")


def test_the_overview_leads_to_every_action_with_its_deadline_and_its_safeguards(book: Book) -> None:
    find, _ = book.pages[0].tables
    assert find.rows == (
        ("Altimycin", "within 60 min of arrival", "step 5 on page 2", "G2"),
        ("Discharge", "", "step 7 on page 3", ""),
        ("Gammamycin as printed\nNOT AN ORDER", "", "step 4 on page 2", ""),
        ("Lumbar puncture", "within 4 h", "step 4 on page 2", "G1"),
        ("Lumbar puncture", "within 90 min", "step 5 on page 2", "G1"),
        ("Oxygen", "within 15 min", "step 3 on page 1", ""),
    )


def test_both_engines_give_pages_of_the_same_structure(book: Book, zeta: Definition, engine: str) -> None:
    other = book_of(zeta, "A4", engine)  # pyright: ignore[reportArgumentType]
    assert [(page.name, page.states, page.chart) for page in other.pages] == [
        (page.name, page.states, page.chart) for page in book.pages
    ]
    assert other.tables == book.tables


def test_what_is_no_order_keeps_its_figure_beside_its_warnings(book: Book) -> None:
    page = book.pages[3]
    (shown,) = (box for lane in page.chart.lanes for box in lane.boxes if box.id.startswith("shown-"))
    assert shown.rows[0].lines == (NOT_AN_ORDER, "figures and warnings: see the tables")
    (cell,) = (row[2] for table in page.after for row in table.rows if row[1] == "Gammamycin as printed")
    lines = cell.split("\n")
    assert lines[0] == NOT_AN_ORDER
    assert lines.index("the source prints: 10 mg/kg per day × weight, IV") > max(
        place for place, text in enumerate(lines) if text.startswith("!! ")
    )


def test_what_can_stop_an_action_stands_under_its_sheet(book: Book) -> None:
    table, _ = book.pages[3].tables
    assert table.title == "What can stop an action on page 2"
    assert [row[1] for row in table.rows] == ["puncture_platelets", "altimycin_weight"]


def test_where_the_lines_of_a_sheet_lead_stands_under_it_with_the_whole_conditions(book: Book) -> None:
    _, table = book.pages[3].tables
    assert table.title == "Where the lines on page 2 lead"
    assert [row[:4] for row in table.rows] == [
        ("4", "5. Treat (page 2)", "Lumbar puncture done or Lumbar puncture declined", "confirmed"),
        ("5", "6. Review (page 3)", "Altimycin done", "confirmed"),
    ]


def test_a_small_pathway_is_one_sheet_and_its_tables(demo: Definition, flagship: Definition) -> None:
    one = whole_on_one_sheet(demo, "A4", "wasm")
    assert one is not None
    assert one.pages[0].fit.is_legible
    assert [table.id for table in one.tables] == ["safeguards", "cited-article"]
    assert whole_on_one_sheet(flagship, "A3", "auto") is None


def test_an_unknown_phase_is_refused_with_the_nearest(zeta: Definition) -> None:
    assert phase_named("Treat", zeta) == phase_named("treat", zeta)
    with pytest.raises(RenderError, match=r"no phase 'tret'.*Treat"):
        phase_named("tret", zeta)


def _pages(content: bytes) -> list[str]:
    pypdf = pytest.importorskip("pypdf", reason="reading a PDF is optional: pip install pypdf")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_the_pdf_can_be_searched_and_every_page_bears_status_version_day_and_number(
    book: Book, zeta: Definition
) -> None:
    pytest.importorskip("typst", reason="PDF is optional: pip install typst runs this too")
    content = pdf_of(book, DAY)
    assert content == pdf_of(book, DAY)
    pages = _pages(content)
    for number, text in enumerate(pages, start=1):
        assert "DRAFT: not approved for clinical use" in text
        assert zeta.digest[:12] in text
        assert "printed 2026-11-22, uncontrolled when printed" in text
        assert f"page {number} of {len(pages)}" in text
    everything = " ".join(" ".join(pages).split())
    assert "DOSE 400 mg per day, oral" in everything
    assert "Bleeding into the canal" in everything


def test_the_pdf_says_on_which_printed_page_everything_stands(book: Book) -> None:
    pytest.importorskip("typst", reason="PDF is optional: pip install typst runs this too")
    pages = [" ".join(text.split()) for text in _pages(pdf_of(book, DAY))]
    name = re.compile(r"uncontrolled when printed (.+?) printed page (\d+) of")
    first: dict[str, int] = {}
    for text in pages:
        (found,) = name.findall(text)
        first.setdefault(found[0], int(found[1]))
    shown = {
        "page 1": "Recognise: Care",
        "tables to page 2": "Steps, Treat; Actions, Treat",
        "page 4": "Outside every phase: Bystander",
        "what is cited": CITED,
    }
    everything = " ".join(pages)
    assert all(f"{label} {words} {first[label]} " in everything for label, words in shown.items())
    assert (
        f"Care page 1 (printed page {first['page 1']}): 1, 2 and 3; page 2 (printed page {first['page 2']})"
        in everything
    )
    (noticed,) = re.findall(r"Notices about 5\. Treat and Altimycin N1 \(printed page (\d+)\)", everything)
    assert re.search(r"\bN1 \w+ .* A1 \(supplement\)", pages[int(noticed) - 1])


@pytest.mark.parametrize("text", ['#panic("x") $x^2$ *b* _i_ @a <script>alert(1)</script> \\ `raw`'])
def test_no_author_can_give_the_printer_orders(demo: Definition, text: str) -> None:
    pytest.importorskip("typst", reason="PDF is optional: pip install typst runs this too")
    safeguard = replace(demo.safeguards["lp_platelets"], text=text)
    hostile = replace(demo, title=text, review=text, safeguards={"lp_platelets": safeguard})
    book = whole_on_one_sheet(hostile, "A4", "wasm")
    assert book is not None
    printed = "".join(" ".join(_pages(pdf_of(book, DAY))).split())
    assert printed.count("".join(text.split())) >= 2


def test_without_typst_one_line_says_what_to_install(
    zeta: Definition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(RenderError, match=r"needs the package typst.*clinical-pathway\[print\]"):
        draw_pages(zeta, tmp_path / "zeta.pdf", Printing(DAY), "wasm")
    assert [file.name for file in tmp_path.iterdir()] == ["zeta.dot"]


def test_one_phase_is_written_as_its_sheets_and_tables_each_with_the_status(
    zeta: Definition, tmp_path: Path
) -> None:
    files = draw_pages(zeta, tmp_path / "zeta.svg", Printing(DAY, phase="treat"), "wasm")
    assert [file.name for file in files] == [
        "zeta-2.svg", "zeta-2-tables.svg", "zeta-tables.svg", "zeta.dot",
    ]  # fmt: skip
    for file in files[:-1]:
        assert "DRAFT: not approved for clinical use" in file.read_text("utf-8")


def test_a_pdf_is_left_to_the_pages(zeta: Definition, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="Cannot draw"):
        draw(zeta, tmp_path / "zeta.pdf")
