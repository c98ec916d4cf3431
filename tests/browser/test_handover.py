"""The page of a hand-over in a real browser: quiet, readable in the light and the dark, and on A4 paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pathway.cli.handover import page_with_charts
from tests.browser.test_document import TOO_FAINT
from tests.handover.ward import busy, handed, opened

pytestmark = pytest.mark.xdist_group("browser")
HOSTILE = "</style><script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = busy(opened(label=HOSTILE))
    path = tmp_path_factory.mktemp("handover") / "page.html"
    path.write_text(page_with_charts(handed(case), case.compiled.definition), "utf-8")
    return path


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Any, file: Path) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme=request.param)
    found = context.new_page()
    found.heard = []
    found.on("request", lambda asked: found.heard.append(asked.url))
    found.on("console", lambda said: found.heard.append(said.text))
    found.goto(file.as_uri())
    yield found
    context.close()


def test_it_loads_by_itself_and_complains_of_nothing(page: Any, file: Path) -> None:
    assert page.heard == [file.as_uri()]
    assert page.title() == "Hand-over: The ward (DRAFT: not approved for clinical use)"


def test_its_style_is_allowed_by_its_own_policy(page: Any) -> None:
    stamp = "getComputedStyle(document.querySelector('.stamp')).fontWeight"
    assert page.evaluate(stamp) == "700"


def test_every_word_can_be_read(page: Any) -> None:
    assert page.evaluate(TOO_FAINT) == []


def test_a_narrow_window_scrolls_tables_and_not_the_page(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_prints_on_paper(page: Any) -> None:
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595" in printed
