"""The page as a file: sound, self-contained, inert, and the same every time."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from pathway.document.html import page_of
from pathway.document.picture import PictureError, inlined
from tests.document.conftest import EVERYTHING, FLAGSHIP, HOSTILE, parsed, printed

PATHWAYS = [str(EVERYTHING), FLAGSHIP, str(HOSTILE)]
VOID = {"meta", "link", "input", "col", "br", "img"}


@pytest.mark.parametrize("name", PATHWAYS)
def test_every_link_of_the_page_leads_to_one_place_in_it(name: str) -> None:
    page = parsed(printed(name).page)
    assert [one for one, count in Counter(page.ids).items() if count > 1] == []
    assert page.targets - set(page.ids) == set()


@pytest.mark.parametrize("name", PATHWAYS)
def test_the_page_asks_nobody_for_anything(name: str) -> None:
    for tag, attributes in parsed(printed(name).page).tags:
        assert tag not in ("img", "iframe", "object", "embed", "video", "audio", "source", "base", "form")
        if tag == "link":
            assert attributes == {"rel": "icon", "href": "data:,"}
        if tag == "script":
            assert attributes == {}
        if tag == "a":
            assert str(attributes["href"]).startswith("#")
    assert "@import" not in printed(name).page
    assert "url(" not in printed(name).page


@pytest.mark.parametrize("name", PATHWAYS)
def test_headings_stand_in_order_and_tables_have_scopes(name: str) -> None:
    tags = parsed(printed(name).page).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in tags if tag == "th")


def test_nothing_that_an_author_writes_becomes_markup() -> None:
    pathway = printed(str(HOSTILE))
    tags = parsed(pathway.page).tags
    assert [tag for tag, _ in tags].count("script") == 1
    assert all(tag not in ("iframe", "img", "svg", "b", "u", "i") for tag, _ in tags)
    assert all(not name.startswith("on") for _, attributes in tags for name in attributes)
    assert "&lt;script&gt;window.injected=1&lt;/script&gt; &amp; &#34;title&#34;" in pathway.page
    assert "{{ 7 * 7 }} {% raw %}" in pathway.page


def test_the_same_pathway_gives_the_same_bytes() -> None:
    pathway = printed(str(EVERYTHING))
    assert page_of(pathway.document) == pathway.page


def test_every_printed_page_carries_the_stamp() -> None:
    page = printed(FLAGSHIP).page
    style = page[page.index("<style>") : page.index("</style>")]
    assert '@top-left { content: "UNDER-REVIEW: not approved for clinical use"' in style
    assert f'"{FLAGSHIP} ' in style


# --- charts in the page ---------------------------------------------------------------------------
SVG = '<svg xmlns="http://www.w3.org/2000/svg" aria-labelledby="t"><title id="t">A</title>{}</svg>'


def test_two_charts_in_one_page_do_not_share_ids() -> None:
    one, two = (inlined(SVG.format('<g id="box"/>'), prefix) for prefix in ("a-", "b-"))
    assert 'id="a-box"' in one
    assert 'aria-labelledby="b-t"' in two
    assert 'id="b-t"' in two


@pytest.mark.parametrize(
    "content",
    [
        "<script/>", "<image/>", '<g onclick="x"/>', '<g style="fill:red"/>', "<foreignObject/>", "<a/>",
        '<g xmlns:x="http://www.w3.org/1999/xlink" x:href="https://example.org"/>',
    ],
)  # fmt: skip
def test_a_chart_with_anything_active_is_refused(content: str) -> None:
    with pytest.raises(PictureError):
        inlined(SVG.format(content), "a-")


def test_a_chart_that_is_no_svg_is_refused() -> None:
    with pytest.raises(PictureError):
        inlined("<svg", "a-")
