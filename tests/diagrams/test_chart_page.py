"""The page around a chart: it stands alone, tells of every box and line, and keeps all words inert."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from diagrams.chart import Chart, EdgeKind
from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import RenderError
from diagrams.web.live import Live, Remark
from diagrams.web.page import page, page_without_chart
from diagrams.web.statements import linked
from diagrams.web.twin import twin_html
from diagrams.written.outline import outline_text
from pathway.language.definition import Definition

EVIL = '</script><script>window.injected=1</script><img src=x onerror="alert(1)"> \u202e&lt;'
OUTLINE = "Care\n\n  1. Fever\n    asks: rash\n    way 1\n      when: rash\n  2. Home\nNotes\n"


@dataclass
class Read(HTMLParser):
    """A page as a browser takes it apart: elements, what stands in scripts and styles, all other words."""

    tags: Counter[str] = field(default_factory=Counter)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    inside: dict[str, list[str]] = field(default_factory=lambda: {"script": [], "style": []})
    data: str = ""
    words: str = ""
    _now: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        is_data = ("type", "application/json") in attrs
        self._now = "data" if is_data else tag

    def handle_endtag(self, tag: str) -> None:
        self._now = ""

    def handle_data(self, data: str) -> None:
        if self._now == "data":
            self.data += data
        elif self._now in self.inside:
            self.inside[self._now].append(data)
        else:
            self.words += data

    def value(self, tag: str, name: str, value: str) -> str:
        """What follows an attribute in the same element."""
        place = self.attributes.index((tag, name, value))
        return self.attributes[place + 1][2]


def read(text: str) -> Read:
    found = Read()
    found.feed(text)
    return found


@pytest.fixture(scope="module")
def chart(zeta: Definition) -> Chart:
    return chart_of(zeta)


@pytest.fixture(scope="module")
def svg(chart: Chart) -> str:
    return picture(chart, dot_of(chart))


@pytest.fixture(scope="module")
def shown(zeta: Definition, svg: str) -> Read:
    return read(page(zeta, svg, outline_text(zeta)))


@pytest.fixture(scope="module")
def told(shown: Read) -> Any:
    return json.loads(shown.data)


def detail(told: Any, element: str) -> Any:
    return told["told"][told["elements"][element]]


# --- it stands alone ------------------------------------------------------------------------------
def test_the_policy_names_this_very_style_and_these_very_scripts(shown: Read) -> None:
    policy = shown.value("meta", "http-equiv", "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for kind in ("style", "script"):
        hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in shown.inside[kind]}
        assert set(rules[f"{kind}-src"].split()) == {f"'sha256-{one.decode()}'" for one in hashes}
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules


def test_nothing_is_asked_of_anybody(shown: Read) -> None:
    led = {
        value for _, name, value in shown.attributes if name in ("src", "href", "action", "data", "srcset")
    }
    assert led == {"data:,", "#twin"}
    assert not any(name.startswith("on") or name == "style" for _, name, _ in shown.attributes)
    assert "url(" not in "".join(shown.inside["style"])
    assert "@import" not in "".join(shown.inside["style"])


def test_the_same_definition_gives_the_same_page(zeta: Definition, svg: str) -> None:
    assert page(zeta, svg, OUTLINE) == page(zeta, svg, OUTLINE)


def test_the_stamp_stands_outside_the_chart_and_first_in_the_title(zeta: Definition, svg: str) -> None:
    text = page(zeta, svg, OUTLINE)
    assert "<title>DRAFT: not approved for clinical use · Zeta fever 1.3.0</title>" in text
    assert '<p class="stamp banner">DRAFT: not approved for clinical use</p>' in text.split("<svg")[0]
    approved = page(replace(zeta, status="approved"), svg, OUTLINE)
    assert "<title>Zeta fever 1.3.0</title>" in approved
    assert "banner" not in approved.split("</style>")[1].split("<svg")[0]


def test_a_picture_with_anything_active_in_it_is_refused(zeta: Definition) -> None:
    with pytest.raises(RenderError, match="may not hold"):
        page(zeta, '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', OUTLINE)


# --- it tells of everything -----------------------------------------------------------------------
def test_every_box_and_every_line_tells_where_it_comes_from(chart: Chart, told: Any) -> None:
    drawn = {one.id for lane in chart.lanes for one in (*lane.boxes, *lane.edges)}
    assert drawn <= told["elements"].keys()


def test_every_line_tells_its_whole_guard_as_read_and_as_written(
    zeta: Definition, chart: Chart, told: Any
) -> None:
    ways = {
        f"way-{way.track}-{way.source}-{way.index}": way
        for track in zeta.tracks.values()
        for state in track.states.values()
        for way in state.next
    }
    guards = {edge.id: edge.guard for lane in chart.lanes for edge in lane.edges if edge.id in ways}
    assert guards.keys() == ways.keys()
    for name, guard in guards.items():
        condition = detail(told, name)["parts"][0]
        assert condition["title"] == "Condition"
        assert condition["entries"][0]["text"] == guard
        assert condition["entries"][0]["written"] == ways[name].when.text
        assert tuple(detail(told, name)["cites"]) == ways[name].cites


def test_a_state_tells_its_doses_safeguards_and_notices_in_full(told: Any) -> None:
    treat = {part["title"]: part["entries"] for part in detail(told, "state-care-treat")["parts"]}
    altimycin, puncture = treat["Actions"]
    assert altimycin["lines"][0] == "within 60 min of arrival"
    assert altimycin["written"] == "until better; dose of 20 mg/kg/d when shocked"
    assert puncture["written"] == "when not shocked"
    assert {entry["text"] for entry in treat["Safeguards"]} == {
        "G1 puncture_platelets",
        "G2 altimycin_weight",
    }
    assert treat["Notices"][0]["text"].startswith("N1 (high): Halve the dose")
    assert detail(told, "calls-state-care-urgency") == detail(told, "state-care-urgency")


def test_every_statement_is_there_with_layer_and_grade(zeta: Definition, told: Any) -> None:
    assert told["statements"].keys() == zeta.sources.keys()
    other = told["statements"]["C1"]
    assert (other["layer"], other["layer_title"]) == ("supplement", "Added from guidelines")
    assert other["grade"] == "2"
    cited = {
        cite
        for one in told["told"]
        for part in one["parts"]
        for entry in part["entries"]
        for cite in entry["cites"]
    }
    assert cited <= told["statements"].keys()


def test_links_that_stand_for_lines_back_tell_of_the_line(chart: Chart, told: Any) -> None:
    back = [edge.id for lane in chart.lanes for edge in lane.edges if edge.kind is EdgeKind.LOOP]
    assert back == ["way-care-review-1"]
    assert detail(told, back[0])["kind"] == "way 2 of 2, taken: chosen by the clinician"


def test_the_text_twin_is_nested_as_it_is_indented_and_loses_no_line(zeta: Definition, shown: Read) -> None:
    assert twin_html(OUTLINE) == (
        "<h3>Care</h3><ul><li>1. Fever<ul><li>asks: rash</li><li>way 1<ul><li>when: rash</li></ul></li></ul>"
        "</li><li>2. Home</li></ul><p>Notes</p>"
    )
    assert all(line.strip() in shown.words for line in outline_text(zeta).splitlines())


# --- what authors write stays text ----------------------------------------------------------------
def test_hostile_words_change_no_element_of_the_page(zeta: Definition, svg: str, shown: Read) -> None:
    source = replace(zeta.sources["S1"], text=EVIL, problem=EVIL)
    care = zeta.tracks["care"]
    intake = replace(care.states["intake"], title=EVIL, text=EVIL)
    hostile = replace(
        zeta, title=EVIL, review=EVIL, disclaimer=EVIL, sources={**zeta.sources, "S1": source},
        tracks={**zeta.tracks, "care": replace(care, title=EVIL, states={**care.states, "intake": intake})},
    )  # fmt: skip
    live = Live(1, EVIL, (EVIL,), True, EVIL, (Remark(EVIL, EVIL, EVIL),))
    for text in (page(hostile, svg, ""), page(hostile, svg, "", live), page_without_chart(EVIL, live)):
        found = read(text)
        assert found.tags["img"] == 0
        assert found.tags["script"] == len(found.inside["script"]) + 1
        assert "window.injected" not in "".join(found.inside["script"])
        assert "window.injected=1" in found.words
        assert "\u202e" not in text
    plain = read(page(zeta, svg, ""))
    assert read(page(hostile, svg, "")).tags == plain.tags
    assert (
        EVIL.replace("\u202e", "\\u202e")
        == json.loads(read(page(hostile, svg, "")).data)["statements"]["S1"]["text"][0]["text"]
    )


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("javascript:alert(1) and data:text/html,x", []),
        ("card p8: https://example.org/a_(b)?c=1#d, then", ["https://example.org/a_(b)?c=1#d"]),
        ('(http://a.example/x)."', ["http://a.example/x"]),
        ("https://good.example@evil.example/", []),
        ("https://[broken/ and https://", []),
        ('https://a.example/"onmouseover="x', ["https://a.example/"]),
    ],
)  # fmt: skip
def test_only_plain_addresses_of_the_web_become_links(text: str, addresses: list[str]) -> None:
    assert [one.address for one in linked(text) if one.address] == addresses
    assert "".join(one.text for one in linked(text)) == text


# --- the preview ----------------------------------------------------------------------------------
def test_a_preview_may_ask_its_own_server_and_nobody_else(zeta: Definition, svg: str) -> None:
    policy = read(page(zeta, svg, OUTLINE, Live(1, "Drawing 1"))).value(
        "meta", "http-equiv", "Content-Security-Policy"
    )
    assert "connect-src 'self';" in policy
    assert "default-src 'none'" in policy


def test_a_broken_definition_is_told_above_the_last_good_chart(zeta: Definition, svg: str) -> None:
    live = Live(
        7, "It is drawing 2.", ("a.yaml:3:1: There is no state `x`.", "b.yaml:1:1: Two."), True, "Not checked"
    )
    text = page(zeta, svg, OUTLINE, live)
    strip, below = text.split("<main>")
    assert 'data-revision="7"' in strip
    assert strip.index("a.yaml:3:1: There is no state `x`.") < strip.index("b.yaml:1:1: Two.")
    assert "2 problems" in strip
    assert "LAST GOOD CHART" in strip
    assert "<svg" in below
    assert "LAST GOOD CHART" not in page_without_chart("a.yaml", replace(live, has_chart=False))


def test_a_finding_leads_to_its_box(zeta: Definition, svg: str) -> None:
    live = Live(
        1, "", (), True, "1 error", (Remark("error", "a gap", "state-care-urgency"), Remark("note", "all"))
    )
    told = page(zeta, svg, OUTLINE, live).split('id="findings"')[1].split("</section>")[0]
    assert 'data-go="state-care-urgency"' in told
    assert told.count("data-go") == 1
    assert told.index("a gap") < told.index("all")
