"""The page of `pathway show --html` in a real browser: complete, quiet, filtered, readable, accessible."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open

pytestmark = pytest.mark.xdist_group("browser")
FLAGSHIP = "spinal-leptomeningeal-infection"
SHOWN = "row => row.checkVisibility()"
TOO_FAINT = """() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const linear = (c) => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(linear);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour.startsWith("rgb(")) return parts(colour);
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const written = "h1,h2,h3,p,a,code,dt,dd,span,strong,th,caption,label,legend,output";
  for (const one of document.querySelectorAll(written)) {
    if (one.closest("svg") || !one.checkVisibility() || !one.textContent.trim()) continue;
    const [a, b] = [light(parts(getComputedStyle(one).color)), light(behind(one))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.add(`${one.tagName}.${one.className} ${contrast.toFixed(2)}`);
  }
  return [...found];
}"""


def visible(page: Any, selector: str) -> int:
    """How many elements of a kind a reader can see."""
    return page.eval_on_selector_all(selector, f"all => all.filter({SHOWN}).length")


@pytest.mark.parametrize("name", [FLAGSHIP, "everything", "hostile"])
def test_the_page_loads_by_itself_and_complains_of_nothing(opened: Open, name: str) -> None:
    one = opened(name)
    assert one.requests == [one.file.as_uri()]
    assert one.complaints == []


def test_every_anchor_leads_somewhere(opened: Open) -> None:
    lost = opened(FLAGSHIP).page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
        ".filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"
    )
    assert lost == []


def test_a_search_leaves_the_rows_with_all_its_words(opened: Open) -> None:
    page = opened(FLAGSHIP).page
    everything = visible(page, "tr[id]")
    page.get_by_label("Find in the tables").fill("Ceftriaxone  CALCIUM")
    rows = page.eval_on_selector_all(
        "tr[id]", f"all => all.filter({SHOWN}).map(r => r.textContent.toLowerCase())"
    )
    assert 0 < len(rows) < everything
    assert all("ceftriaxone" in row and "calcium" in row for row in rows)
    assert page.locator("#shown").inner_text() == f"{len(rows)} of {everything} rows shown"
    page.get_by_role("button", name="Show all").click()
    assert visible(page, "tr[id]") == everything


def test_switching_a_layer_off_hides_its_rows_but_never_those_of_safety(opened: Open) -> None:
    page = opened(FLAGSHIP).page
    states = visible(page, "tr[id^=state-]")
    kept = visible(page, "tr[data-layer=supplement][data-kept]")
    article = visible(page, "tr[data-layer=article]")
    assert kept > 0
    assert visible(page, "tr[data-layer=supplement]") > kept
    page.get_by_role("checkbox", name="supplement").uncheck()
    assert visible(page, "tr[data-layer=supplement]:not([data-kept])") == 0
    assert visible(page, "tr[data-layer=supplement][data-kept]") == kept
    assert visible(page, "tr[data-layer=article]") == article
    for layer in ("article", "ours"):
        page.get_by_role("checkbox", name=layer).uncheck()
    assert visible(page, "tr[id^=state-]") == states
    assert visible(page, "tr[data-kept]") == page.locator("tr[data-kept]").count()


def test_a_link_to_a_row_that_was_filtered_out_brings_it_back(opened: Open) -> None:
    page = opened("everything").page
    page.get_by_role("checkbox", name="supplement").uncheck()
    assert not page.locator("#source-A1").is_visible()
    page.locator("#state-care-first a[href='#source-A1']").first.click()
    page.locator("#source-A1").wait_for(state="visible")
    assert page.get_by_role("checkbox", name="supplement").is_checked()


@pytest.mark.parametrize("width", [360, 768, 1400])
@pytest.mark.parametrize("name", [FLAGSHIP, "everything"])
def test_the_page_never_scrolls_sideways(opened: Open, name: str, width: int) -> None:
    page = opened(name, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_an_author_writes_is_shown_as_text_and_never_run(opened: Open) -> None:
    page = opened("hostile").page
    assert page.evaluate("typeof window.injected") == "undefined"
    assert page.locator("h1").inner_text() == '<script>window.injected=1</script> & "title"'
    assert "<iframe src=https://example.org></iframe>" in page.locator("#notice-note").inner_text()
    assert page.locator("iframe, main img, main script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opened: Open, scheme: str) -> None:
    page = opened(FLAGSHIP, color_scheme=scheme).page
    assert page.evaluate(TOO_FAINT) == []


def test_dark_is_dark_and_light_is_light(opened: Open) -> None:
    papers = [
        opened("everything", color_scheme=scheme).page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    assert papers == ["rgb(255, 255, 255)", "rgb(20, 24, 29)"]


def test_layers_differ_in_words_and_in_the_line_beside_their_rows(opened: Open) -> None:
    page = opened("everything").page
    looks = {
        layer: page.eval_on_selector(
            f"tr[data-layer={layer}] > th", "th => [getComputedStyle(th).borderLeftStyle, th.innerText]"
        )
        for layer in ("article", "supplement", "ours")
    }
    assert len({style for style, _ in looks.values()}) == 3
    assert all(layer in text for layer, (_, text) in looks.items())


# --- accessibility --------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [FLAGSHIP, "everything"])
def test_headings_do_not_skip_a_level(opened: Open, name: str) -> None:
    levels = opened(name).page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_charts_and_fields_have_names(opened: Open) -> None:
    page = opened(FLAGSHIP).page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().endswith("(UNDER-REVIEW: not approved for clinical use)")
    assert page.locator("th:not([scope=col]):not([scope=row])").count() == 0
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.eval_on_selector_all("input", "all => all.filter(i => !i.labels.length).length") == 0
    assert page.eval_on_selector_all("[role=region]", "all => all.filter(r => !r.ariaLabel).length") == 0
    assert (
        page.eval_on_selector_all(
            "svg",
            "all => all.filter(s => !document.getElementById(s.getAttribute('aria-labelledby'))).length",
        )
        == 0
    )


def test_the_first_key_offers_to_skip_to_the_document(opened: Open) -> None:
    page = opened("everything").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the document"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "document"


# --- without script, and on paper -----------------------------------------------------------------
def test_without_script_everything_is_there_and_nothing_is_offered_that_would_not_work(opened: Open) -> None:
    page = opened("everything", java_script_enabled=False).page
    assert page.locator("tr[id]").count() > 30
    assert all(row.is_visible() for row in page.locator("tr[id]").all())
    assert not page.get_by_label("Find in the tables").is_visible()


def test_on_paper_no_row_is_missing_whatever_the_filter_hides(opened: Open) -> None:
    page = opened("everything").page
    page.get_by_label("Find in the tables").fill("nothing says this")
    assert visible(page, "tr[id]") == 0
    page.emulate_media(media="print")
    assert visible(page, "tr[id]") == page.locator("tr[id]").count()


def test_every_printed_page_carries_the_stamp(opened: Open, tmp_path: Path) -> None:
    read = _reader()
    opened("everything").page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    sheets = read(tmp_path / "page.pdf")
    assert len(sheets) > 3
    assert all("DRAFT: not approved for clinical use" in sheet for sheet in sheets)


def _reader() -> Callable[[Path], list[str]]:
    """Read the pages of a PDF with poppler's pdftotext, where it is installed."""
    import shutil
    import subprocess

    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("there is no pdftotext here: apt-get install poppler-utils")

    def read(file: Path) -> list[str]:
        told = subprocess.run([program, "-layout", file, "-"], capture_output=True, text=True, check=True)
        return told.stdout.split("\f")[:-1]

    return read
