"""Every state, transition, guard, dose, deadline and safeguard is in every format exactly once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import which
from xml.etree import ElementTree as Tree

import pytest

from benchmarks.generated import generated_pathway
from benchmarks.layered import layered_pathway
from diagrams.census.counting import Passage, Reading, missing_or_twice
from diagrams.census.elements import Element, Kind
from diagrams.census.formats import in_drawing, in_every_format, in_writing, on_paper
from diagrams.census.from_dot import read_dot
from diagrams.census.from_mermaid import read_mermaid
from diagrams.census.from_outline import read_outline
from diagrams.census.from_pages import IN_THE_TABLES
from diagrams.census.from_svg import read_svg
from diagrams.census.from_written import read_csv, read_scxml
from diagrams.census.model import census
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine
from diagrams.pages.book import book_of
from diagrams.pages.pdf import pdf_of
from diagrams.pages.print_check import PaperName
from diagrams.svg_text import SVG
from diagrams.text import span
from diagrams.written.writers import written
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from tests.diagrams.test_pages import DAY, _pages
from tests.engine.rich_ward import compiled_ward

WARDS = [f"ward {number}" for number in range(30)]
CHAINS = [f"chain {states}" for states in (25, 50, 75, 100)]
LAYERS = [
    *(f"layers {35 + 5 * seed} {26 + 2 * seed} {seed}" for seed in range(14)),
    "layers 120 60 20",
    "layers 200 90 21",
]
GENERATED = [*WARDS, *CHAINS, *LAYERS]
BUNDLED = ["spinal-leptomeningeal-infection", "sepsis-first-hours"]
SAMPLE = [("zeta", "dot"), ("sepsis-first-hours", "dot"), ("ward 7", "wasm"), ("chain 25", "wasm")]
ENGINES: tuple[Engine, ...] = ("dot", "wasm")


@cache
def pathway(name: str) -> Definition:
    """A pathway by the name that the tests give it."""
    kind, *numbers = name.split()
    if kind == "ward":
        return compiled_ward(int(numbers[0])).definition
    if kind == "chain":
        return definition_from_text(generated_pathway(int(numbers[0])))
    if kind == "layers":
        return definition_from_text(layered_pathway(*map(int, numbers)))
    return load_definition(Path(__file__).with_name("zeta.yaml") if name == "zeta" else find_pathway(name))


def faults(name: str, engine: Engine, paper: PaperName | None = "A4") -> dict[str, list[str]]:
    if engine == "dot" and which("dot") is None:
        pytest.skip("Graphviz is not installed here: apt install graphviz runs these too")
    found = in_every_format(pathway(name), engine, paper)
    assert len(found) == (14 if paper is not None else 12)
    return {form: [str(fault) for fault in these] for form, these in found.items() if these}


# --- each once --------------------------------------------------------------------------------------
def test_the_flagship_says_everything_once_in_every_format() -> None:
    """Its many sheets are left to the campaign."""
    assert faults(BUNDLED[0], "wasm", paper=None) == {}


@pytest.mark.parametrize(("name", "engine"), SAMPLE)
def test_a_pathway_says_everything_once_in_every_format(name: str, engine: Engine) -> None:
    assert faults(name, engine) == {}


@pytest.mark.campaign
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [*BUNDLED, "zeta", *GENERATED])
def test_every_pathway_says_everything_once_with_both_engines(name: str, engine: Engine) -> None:
    assert faults(name, engine) == {}


def test_the_generated_pathways_are_fifty() -> None:
    assert len(set(GENERATED)) == 50


@pytest.mark.campaign
def test_a_pdf_prints_the_words_of_everything() -> None:
    pytest.importorskip("typst", reason="PDF is optional: pip install typst runs this too")
    printed = "".join(" ".join(_pages(pdf_of(book_of(pathway("zeta"), "A4", "wasm"), DAY))).split())
    elements = [one for one in census(pathway("zeta")) if one.kind in IN_THE_TABLES - {Kind.TRANSITION}]
    assert [str(one) for one in elements if "".join(one.words.split()) not in printed] == []


# --- the census ---------------------------------------------------------------------------------------
def test_the_invented_pathway_has_one_of_everything() -> None:
    assert {element.kind for element in census(pathway("zeta"))} == set(Kind)


def test_the_census_counts_what_the_definition_holds() -> None:
    definition = pathway(BUNDLED[0])
    states = [state for track in definition.tracks.values() for state in track.states.values()]
    actions = [definition.actions[do.action] for state in states for do in state.do]
    called = {action.name for action in actions}
    actions += [action for name, action in definition.actions.items() if name not in called]
    count = {kind: sum(one.kind is kind for one in census(definition)) for kind in Kind}
    ways = sum(len(state.next) for state in states)
    assert (count[Kind.STATE], count[Kind.TRANSITION], count[Kind.GUARD]) == (len(states), ways, ways)
    assert count[Kind.DOSE] == sum(len(action.doses) for action in actions)
    assert count[Kind.DEADLINE] == sum(do.within is not None for state in states for do in state.do)
    assert len({one.place for one in census(definition) if one.kind is Kind.SAFEGUARD}) == len(
        definition.safeguards
    )


def test_every_deadline_is_written_as_the_seconds_that_it_is() -> None:
    units = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    for name in (*BUNDLED, "zeta"):
        tracks = pathway(name).tracks.values()
        for do in (do for track in tracks for state in track.states.values() for do in state.do):
            if do.within is not None:
                number, unit = span(do.within).split()
                assert int(number) * units[unit] == do.within


# --- the check can fail: something less, something else, something twice ---------------------------
def _text_forms() -> Iterator[tuple[str, str, Callable[[str], Reading]]]:
    definition = pathway("zeta")
    yield "dot", dot_of(chart_of(definition)), read_dot
    yield "mermaid", written(definition, ".mmd"), read_mermaid
    yield "outline", written(definition, ".txt"), read_outline
    yield "scxml", written(definition, ".scxml"), read_scxml
    yield "decision tables .csv", written(definition, ".csv", tables=True), read_csv


@cache
def _readings() -> dict[str, tuple[tuple[Element, ...], Reading]]:
    """Every format of the invented pathway, read once."""
    zeta = pathway("zeta")
    counted = [*in_writing(zeta), *in_drawing(zeta, "wasm"), *on_paper(zeta, "wasm", "A4")]
    return {name: (tuple(elements), reading) for name, elements, reading in counted}


@pytest.mark.parametrize("kind", Kind)
def test_an_element_that_is_missing_or_doubled_anywhere_is_noticed(kind: Kind) -> None:
    noticed = 0
    for elements, reading in _readings().values():
        for element in [one for one in elements if one.kind is kind and reading.has_to_carry(one)][:1]:
            for often in (0, 2):
                changed = _standing(element, often, reading)
                assert element.words in {fault.words for fault in missing_or_twice(elements, changed)}
                noticed += 1
    assert noticed > 0


def _standing(element: Element, often: int, reading: Reading) -> Reading:
    """The reading with the words of an element so many times more or less at its place."""
    place = element.place
    if reading.merged and place.startswith("do-"):
        place = place.removeprefix("do-").rpartition("-")[0]
    passages: list[Passage] = []
    for passage in reading.passages:
        own = re.sub(r"-[os]\d+$", "", passage.place.removeprefix("do-")) if reading.merged else passage.place
        words = " ; ".join([element.words] * often)
        text = passage.text.replace(element.words, words) if own == place else passage.text
        passages.append(replace(passage, text=text))
    return replace(reading, passages=tuple(passages))


def _less() -> Iterator[tuple[str, Definition]]:
    """The invented pathway without one thing, or with one figure changed."""
    zeta = pathway("zeta")
    care = zeta.tracks["care"]
    watch, treat, altimycin = care.states["watch"], care.states["treat"], zeta.actions["altimycin"]

    def at(name: str, **changes: object) -> Definition:
        states = {**care.states, name: replace(care.states[name], **changes)}  # pyright: ignore[reportArgumentType]
        return replace(zeta, tracks={**zeta.tracks, "care": replace(care, states=states)})

    def dosed(**changes: object) -> Definition:
        changed = replace(altimycin, **changes)  # pyright: ignore[reportArgumentType]
        return replace(zeta, actions={**zeta.actions, "altimycin": changed})

    first, second = altimycin.doses
    late = replace(treat.do[0], within=7200)
    redirected = replace(care.states["urgency"].next[1], to="treat")
    yield "a transition", at("urgency", next=care.states["urgency"].next[:1])
    yield "a target", at("urgency", next=(care.states["urgency"].next[0], redirected))
    yield "a guard", at("treat", next=(replace(treat.next[0], when=watch.next[0].when),))
    yield "a deadline", at("treat", do=(replace(treat.do[0], within=None), treat.do[1]))
    yield "an hour", at("treat", do=(late, treat.do[1]))
    yield "an action", at("watch", do=watch.do[1:])
    yield "deadlines changed about", at("treat", do=_swapped(treat.do[0], treat.do[1]))
    yield "a dose", dosed(doses=(first,))
    yield "a cap", dosed(doses=(replace(first, cap_text=None), second))
    yield "a figure", dosed(doses=(first, replace(second, amount_text="40 mg/d")))
    yield "a safeguard", replace(zeta, safeguards=dict(list(zeta.safeguards.items())[:1]))


def _swapped(first: object, second: object) -> tuple[object, object]:
    within = [getattr(one, "within") for one in (first, second)]  # noqa: B009
    return replace(first, within=within[1]), replace(second, within=within[0])  # type: ignore[type-var]


CHART_FORMS = {"dot", "mermaid", "outline", "outline in Markdown"}
IN_TABLES = {"a transition", "a target", "a guard"}


@pytest.mark.parametrize("what", [name for name, _ in _less()])
def test_what_a_format_was_not_told_of_is_missed(what: str) -> None:
    less, elements = dict(_less())[what], census(pathway("zeta"))
    found = {name: missing_or_twice(elements, reading) for name, _, reading in in_writing(less)}
    noticing = CHART_FORMS | ({"scxml"} if what in IN_TABLES else set())
    assert {name for name in noticing if not found[name]} == set()


@pytest.mark.parametrize("name", ["dot", "mermaid", "outline", "scxml", "decision tables .csv"])
def test_a_line_dropped_from_a_text_is_missed(name: str) -> None:
    elements, _ = _readings()[name]
    text, read = next((text, read) for form, text, read in _text_forms() if form == name)
    lines = text.split("\n")
    tell = [place for place, line in enumerate(lines) if re.search(TELLING[name], line)]
    assert len(tell) >= 5
    for place in tell:
        shorter = "\n".join([*lines[:place], *lines[place + 1 :]])
        assert missing_or_twice(elements, read(shorter)), lines[place]


TELLING = {
    "dot": r'^\t+"(state|calls|shown|start|safeguards|notices|derived|uncalled).*label=|id="(way|to)-',
    "mermaid": r"^(?!.*~~~)(state|calls|shown|start|(safeguards|notices|derived)-row)|==>|^DOSE|^within",
    "outline": r"^ +(\d+\. |way|when|within|DOSE|action|shown|until|Schedule|this dose|on:|then:|value)",
    "scxml": r"words:guard|words:number=.*/>",
    "decision tables .csv": r'^"\d+"|^"\d+\. ',
}


def test_a_word_a_line_or_a_box_dropped_from_a_picture_is_missed() -> None:
    definition = pathway("zeta")
    chart = chart_of(definition)
    root = Tree.fromstring(picture(chart, dot_of(chart), "wasm"))
    elements = census(definition)
    assert missing_or_twice(elements, read_svg(Tree.tostring(root, encoding="unicode"))) == ()
    for group, parts in _drawn(root):
        for part in parts:
            place = list(group).index(part)
            group.remove(part)
            assert missing_or_twice(elements, read_svg(Tree.tostring(root, encoding="unicode")))
            group.insert(place, part)
            if not part.tag.endswith("path"):
                group.append(deepcopy(part))
                assert missing_or_twice(elements, read_svg(Tree.tostring(root, encoding="unicode")))
                group.remove(group[-1])


def _drawn(root: Tree.Element) -> Iterator[tuple[Tree.Element, list[Tree.Element]]]:
    """Of each kind of drawn element one with its words; then the whole of a box and of a line."""
    found = {group.get("id", ""): group for group in root.iter(f"{{{SVG}}}g")}
    for id in ("state-care-treat", "shown-state-care-watch", "way-care-intake-0", "track-care-title"):
        yield found[id], found[id].findall(f"{{{SVG}}}text")
    yield found["way-care-review-1"], found["way-care-review-1"].findall(f"{{{SVG}}}path")
    yield found["chart"], [found["state-care-other"], found["way-care-urgency-1"], found["notices"]]
