"""Outline and Mermaid say everything that the definition says, once, and nothing in them is markup."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from benchmarks.generated import generated_pathway
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from diagrams.text import inert, span
from diagrams.written.mermaid import LONGEST_DRAWN, escaped, mermaid_of, shown
from diagrams.written.outline import outline_markdown, outline_text
from diagrams.written.writers import CHARTS, SUFFIXES, TABLE_SUFFIXES, TABLES, written
from pathway.language.bundled import bundled_pathways
from pathway.language.definition import Definition, Do, State
from pathway.language.load import definition_from_text, load_definition
from tests.diagrams.reading_mermaid import Drawing, decoded, drawing
from tests.diagrams.test_picture import HOSTILE, _titled
from tests.engine.rich_ward import compiled_ward

MERMAID_HOSTILE = [
    "%%{init: {'securityLevel': 'loose'}}%%",
    "end",
    "1. a list",
    "`code` **bold** $$x$$",
    "lifestyle: a #b; style x: y#z;",
    "ﬂ°lt¶ß",
    "fa:fa-user",
    "click a call alert()",
    "javascript:alert(1) [x](javascript:alert(1))",
]


@cache
def _named(name: str) -> Definition:
    if name.startswith("generated"):
        return definition_from_text(generated_pathway(int(name.split()[1])))
    if name.startswith("ward"):
        return compiled_ward(int(name.split()[1])).definition
    if name == "zeta":
        return load_definition(Path(__file__).with_name("zeta.yaml"))
    return load_definition(dict(_bundled())[name])


def _bundled() -> Iterator[tuple[str, Path]]:
    yield from ((path.parent.name, path) for path in bundled_pathways())


PATHWAYS = [*(name for name, _ in _bundled()), "zeta", "generated 50", "ward 7", "ward 31"]
everywhere = pytest.mark.parametrize("name", PATHWAYS)


def _states(definition: Definition) -> Iterator[State]:
    yield from (state for track in definition.tracks.values() for state in track.states.values())


def _blocks(text: str, depth: int) -> Iterator[tuple[str, list[str]]]:
    """The lines at a depth, each with the deeper lines below it."""
    before, heading, inside = "  " * depth, "", list[str]()
    for line in text.splitlines():
        if line.startswith(before) and line[len(before) :][:1] not in ("", " "):
            if heading:
                yield heading, inside
            heading, inside = line.removeprefix(before), []
        elif line.strip() and heading:
            inside.append(line)
    if heading:
        yield heading, inside


def _chapter(text: str, title: str) -> str:
    return "\n".join(next((lines for heading, lines in _blocks(text, 0) if heading == title), []))


# --- the outline ----------------------------------------------------------------------------------
@everywhere
def test_the_outline_has_every_state_with_its_ways_and_actions_once(name: str) -> None:
    definition = _named(name)
    tracks = {
        heading: lines for heading, lines in _blocks(outline_text(definition), 0) if heading[:6] == "Track:"
    }
    blocks = [block for lines in tracks.values() for block in _blocks("\n".join(lines), 1)]
    assert [heading for heading, _ in blocks] == [
        inert(f"{state.number}. {state.title} [{state.track}.{state.name}], {state.kind}")
        for state in _states(definition)
    ]
    for state, (_, lines) in zip(_states(definition), blocks, strict=True):
        inside = list(_blocks("\n".join(lines), 2))
        _has_ways(state, [block for block in inside if block[0].startswith("way ")])
        deeds = [block for block in inside if block[0].startswith(("action: ", "shown, not an order: "))]
        for do, (heading, told) in zip(state.do, deeds, strict=True):
            assert heading.endswith(f"[{do.action}]")
            _has_substance(do, [line.strip() for line in told], definition)


def _has_ways(state: State, ways: list[tuple[str, list[str]]]) -> None:
    assert [heading.split(":")[0] for heading, _ in ways] == [f"way {i + 1}" for i in range(len(state.next))]
    for way, (heading, told) in zip(state.next, ways, strict=True):
        guard = "otherwise" if way.when.is_otherwise else inert(way.when.english)
        assert heading.endswith(f"[{way.track}.{way.to}]")
        assert [line.strip() for line in told if line.strip().startswith("when: ")] == [f"when: {guard}"]


def _has_substance(do: Do, told: list[str], definition: Definition) -> None:
    """Deadline, every dose with its figure and cap, and every safeguard by name."""
    action = definition.actions[do.action]
    deadlines = [line for line in told if line.startswith("within ")]
    assert len(deadlines) == (do.within is not None)
    assert do.within is None or span(do.within) in deadlines[0]
    doses = [line for line in told if line.startswith(("DOSE ", "the source prints: "))]
    for dose, line in zip(action.doses, doses, strict=True):
        for figure in (dose.amount_text, dose.cap_text or ""):
            assert figure.split(" ")[0] in line.replace(",", "")
    guards = [name for name, one in definition.safeguards.items() if do.action in one.actions]
    marks = [line for line in told if line.startswith("! ")]
    assert len(marks) == bool(guards)
    assert all(re.search(rf"\b{name}\b", marks[0]) for name in guards)


@everywhere
def test_the_outline_has_every_safeguard_notice_and_source_once(name: str) -> None:
    definition = _named(name)
    text = outline_text(definition)
    safeguards = dict(_blocks(_chapter(text, "Safeguards"), 1))
    assert list(safeguards) == list(definition.safeguards)
    for safeguard, lines in safeguards.items():
        assert f"    when: {inert(definition.safeguards[safeguard].when.english)}" in lines
    notices = dict(_blocks(_chapter(text, "Notices"), 1))
    assert list(notices) == list(definition.notices)
    for notice, lines in notices.items():
        assert f"    notice: {inert(definition.notices[notice].text)}" in lines
    sources = [heading.split(" ")[0] for heading, _ in _blocks(_chapter(text, "Sources"), 1)]
    assert sources == list(definition.sources)


def test_a_change_of_one_figure_is_one_line_of_a_diff_and_a_new_state_is_its_own_lines(
    zeta: Definition,
) -> None:
    care = zeta.tracks["care"]
    treat = care.states["treat"]
    sooner = replace(treat, do=(replace(treat.do[0], within=1800), *treat.do[1:]))
    later = replace(
        zeta, tracks={**zeta.tracks, "care": replace(care, states={**care.states, "treat": sooner})}
    )
    assert _changed(zeta, later) == ["-      within 60 min of arrival", "+      within 30 min of arrival"]
    more = {name: item for old in care.states.items() for name, item in _with_another(*old)}
    longer = replace(zeta, tracks={**zeta.tracks, "care": replace(care, states=more)})
    changed = [
        line
        for line in _changed(zeta, longer)
        if not re.match(r"[-+]  [0-9]+\.|\+    phase|[-+]    about", line)
    ]
    assert changed == ["+"]


def _with_another(name: str, state: State) -> Iterator[tuple[str, State]]:
    """The states with one more behind the first, and all numbers after it moved on."""
    yield name, replace(state, number=state.number + (state.number > 1))
    if state.number == 1:
        yield "new", replace(state, name="new", number=2, kind="end", asks=(), do=(), next=(), cites=())


def _changed(before: Definition, after: Definition) -> list[str]:
    first, second = (outline_text(one).splitlines() for one in (before, after))
    lines = difflib.unified_diff(first, second, n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize("text", [*HOSTILE, "- [ ] http://x.example www.x.example", "1. a", "> q", "---"])
def test_markdown_shows_every_text_as_it_is(demo: Definition, text: str) -> None:
    definition = _titled(demo, text)
    reader = MarkdownIt("commonmark").enable("table")
    for suffix, tables in ((".md", False), (".md", True)):
        tokens = reader.parse(written(definition, suffix, tables))
        inner = [child for token in tokens for child in token.children or ()]
        kinds = {token.type for token in (*tokens, *inner)}
        assert not kinds & {
            "html_block",
            "html_inline",
            "link_open",
            "image",
            "code_inline",
            "fence",
            "hr",
            "em_open",
        }
        words = [
            "".join(child.content for child in token.children or ()) for token in tokens if token.children
        ]
        assert any(inert(text) in one for one in words)
        assert "DRAFT: not approved for clinical use" in words


# --- Mermaid --------------------------------------------------------------------------------------
@everywhere
def test_mermaid_has_every_state_way_dose_deadline_and_safeguard_once(name: str) -> None:
    definition = _named(name)
    found = drawing(mermaid_of(definition))
    tabled = {text.split("\n")[0]: text for text in found.nodes.values() if text.startswith("No.: ")}
    for state in _states(definition):
        box = f"state-{state.track}-{state.name}"
        assert found.nodes[box].split("\n")[0] == inert(f"{state.number}. {state.title}")
        _draws_ways(state, box, found, tabled)
        _draws_deeds(state, box, found, definition)
    rows = [text.split("\n") for text in found.nodes.values() if "\nSafeguard: " in text]
    assert [row[1] for row in rows] == [f"Safeguard: {safeguard}" for safeguard in definition.safeguards]
    for row, safeguard in zip(rows, definition.safeguards.values(), strict=True):
        assert f"When: {inert(safeguard.when.english)}" in row


def _draws_ways(state: State, box: str, found: Drawing, tabled: dict[str, str]) -> None:
    drawn = [line for line in found.lines if line.source == box and line.arrow in ("-->", "==>", "-.->")]
    for way, line in zip(state.next, drawn, strict=True):
        guard = "otherwise" if way.when.is_otherwise else inert(way.when.english)
        entry = re.search(r"see (T[0-9]+)", line.label)
        assert guard in (tabled[f"No.: {entry[1]}"] if entry else line.label)
        target = f"state-{way.track}-{way.to}"
        assert line.target in (target, f"link-{way.track}-{way.source}-{way.index}")
        automatic = line.arrow == "==>" or line.label.startswith("automatic: ")
        assert automatic is way.auto


def _draws_deeds(state: State, box: str, found: Drawing, definition: Definition) -> None:
    boxes = [found.nodes.get(name, "") for name in (box, f"calls-{box}", f"shown-{box}")]
    lines = "\n".join(boxes).split("\n")
    within = [do.within for do in state.do if do.within is not None]
    doses = [dose for do in state.do for dose in definition.actions[do.action].doses]
    assert len([line for line in lines if line.startswith("within ")]) == len(within)
    assert len([line for line in lines if line.startswith(("DOSE ", "the source prints:"))]) == len(doses)
    for do in state.do:
        assert inert(definition.actions[do.action].title) in lines


def test_mermaid_keeps_every_promise_of_the_chart(zeta: Definition) -> None:
    found = drawing(mermaid_of(zeta))
    words = "\n".join([*found.nodes.values(), *found.frames.values(), *(line.label for line in found.lines)])
    legend = {entry.text for entry in chart_of(zeta).legend}
    headings = {column.title for table in chart_of(zeta).tables for column in table.columns}
    block = {chart_of(zeta).subtitle, *chart_of(zeta).remarks}  # the same with the whole digest
    for promise in chart_of(zeta).promises():
        assert promise.text in words or promise.text in legend | headings | block
    assert f"DRAFT: not approved for clinical use\ndigest {zeta.digest}" in found.nodes["title-block"]


@pytest.mark.parametrize("text", [*HOSTILE, *MERMAID_HOSTILE])
def test_nothing_an_author_writes_becomes_mermaid(demo: Definition, text: str) -> None:
    found, plain = drawing(mermaid_of(_titled(demo, text))), drawing(mermaid_of(demo))
    assert [node for node in found.nodes if "-row-" not in node] == [
        node for node in plain.nodes if "-row-" not in node
    ]
    assert found.nodes["state-care-intake"].startswith(f"1. {shown(text)}")


@given(st.text())
@example("#35; ﬂ°°35¶ß \\n <br/> 1) -")
def test_any_text_comes_back_from_its_label(text: str) -> None:
    label = escaped(text)
    assert decoded(label) == shown(text)
    assert shown(text) == inert(text) or any(pair in inert(text) for pair in ("ﬂ°", "¶ß"))
    assert not set(label) & set('"<>[]{}|`%&;:*_~$\\\n') - set(";#")


def test_what_mermaid_would_not_draw_says_so_in_its_first_line(zeta: Definition) -> None:
    long = mermaid_of(_named("generated 250"))
    assert len(long) > LONGEST_DRAWN
    assert "draw one track at a time" in long.splitlines()[0]
    assert mermaid_of(zeta).startswith("flowchart TB\n")


# --- the forms --------------------------------------------------------------------------------------
def test_every_form_carries_name_version_digest_and_the_stamp(zeta: Definition) -> None:
    texts = [writer.write(zeta) for writer in (*CHARTS, *TABLES)]
    for text in texts:
        plain = re.sub(r"#([0-9]+);", lambda entity: chr(int(entity[1])), text)
        for words in ("Zeta fever", "zeta-fever 1.3.0", zeta.digest, "DRAFT: not approved for clinical use"):
            assert words in plain
    assert "status: approved" in outline_markdown(replace(zeta, status="approved"))
    assert len(set(texts)) == len(texts)


def test_an_ending_that_no_form_has_is_refused_with_those_there_are(zeta: Definition) -> None:
    with pytest.raises(RenderError, match=r"\.txt, \.md, \.mmd, \.scxml"):
        written(zeta, ".docx")
    with pytest.raises(RenderError, match=r"decision tables.*\.md, \.html, \.csv"):
        written(zeta, ".mmd", tables=True)
    assert (SUFFIXES, TABLE_SUFFIXES) == ((".txt", ".md", ".mmd", ".scxml"), (".md", ".html", ".csv"))
