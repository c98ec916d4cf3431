"""The page: it needs nothing else, may do nothing, and can be read aloud, in the dark and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from pathway.cli.handover import page_with_charts
from pathway.document.picture import PictureError
from pathway.handover.content import Chart
from pathway.handover.html import page_of
from tests.handover.test_markup import read
from tests.handover.ward import busy, handed, opened


@pytest.fixture(scope="module")
def page() -> str:
    case = busy(opened())
    return page_with_charts(handed(case), case.compiled.definition)


def test_it_asks_for_nothing_from_anywhere(page: str) -> None:
    found = read(page)
    assert not {"script", "img", "link", "iframe", "object", "form", "image", "use"} & set(found.tags)
    sources = {name for name, _ in found.attributes} & {"src", "srcset", "background", "action", "style"}
    assert not sources
    assert not re.search(r"url\(|@import|@font-face", page)


def test_its_policy_allows_its_own_style_alone(page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = "default-src 'none'; style-src &#39;sha256-{}&#39;; base-uri 'none'; form-action 'none'"
    wanted = policy.format(digest).replace("'", "&#39;")
    assert f'content="{wanted}"' in page


def test_it_has_language_title_charset_and_headings_in_order(page: str) -> None:
    found = read(page)
    assert ("lang", "en") in found.attributes
    assert ("charset", "utf-8") in found.attributes
    assert "<title>Hand-over: The ward (DRAFT: not approved for clinical use)</title>" in page
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_title_names_no_patient() -> None:
    page = page_of(handed(opened("MRN-7741", "Mrs Example")))
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert "MRN" not in title[1]
    assert "Example" not in title[1]


def test_every_cell_of_a_heading_says_what_it_heads(page: str) -> None:
    headings = re.findall(r"<th(?:\s[^>]*)?>", page)
    assert headings
    assert all('scope="col"' in one or 'scope="row"' in one for one in headings)


def test_every_printed_sheet_names_case_pathway_and_status(page: str) -> None:
    margins = page[page.index("@page") : page.index("counter(pages)")]
    assert "DRAFT: not approved for clinical use" in margins
    assert "Case TEST-014, bed 7, as of 2026-03-01 08:50" in margins
    assert "ward" in margins
    assert "size: A4" in margins


def test_the_stamp_stands_above_and_below(page: str) -> None:
    body = page[page.index("<body>") :]
    assert body.count('<p class="stamp banner">DRAFT: not approved for clinical use</p>') == 2


def test_each_chart_has_its_outline_beside_it_and_ids_of_its_own(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert '<li class="here">2. Work-up: <strong>HERE NOW, since 2026-03-01 08:05</strong></li>' in page
    assert "HERE NOW, since" in page[page.index("<svg") : page.index("</svg>")]


def test_the_way_that_was_taken_is_thick_and_says_when(page: str) -> None:
    way = page[page.index('id="chart-care-way-care-intake-0"') :]
    assert 'stroke-width="4"' in way[: way.index("</g>")]
    assert "taken 2026-03-01 08:05" in way[: way.index("</g>")].replace("\u00a0", " ").replace("</text>", " ")


def test_a_page_without_charts_says_that_there_are_none() -> None:
    assert "The flowchart itself is not in this page" in page_of(handed(busy(opened())))


def test_a_chart_with_anything_active_in_it_is_refused() -> None:
    chart = Chart("care", "x", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    with pytest.raises(PictureError):
        page_of(handed(busy(opened())), [chart])


def test_an_approved_pathway_has_no_stamp() -> None:
    approved = replace(handed(opened()), stamp=None)
    assert 'class="stamp banner"' not in page_of(approved)
