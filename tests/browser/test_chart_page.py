"""The page of a chart in a real browser: moved, searched, asked for its sources, by pointer and by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.web.page import page
from diagrams.written.outline import outline_text
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from tests.browser.test_document import TOO_FAINT
from tests.cli.conftest import CHECKOUT

pytestmark = pytest.mark.xdist_group("browser")
STAMP = "DRAFT: not approved for clinical use"
EVIL = "<script>window.injected=1</script><img src=x onerror=window.injected=1>"
GUARD = "(systolic below 90 mmHg and respiratory rate at least 25 /min)"
TARGET = "state-care-treat"


def drawn(definition: Definition, file: Path) -> Path:
    chart = chart_of(definition)
    file.write_text(page(definition, picture(chart, dot_of(chart)), outline_text(definition)), "utf-8")
    return file


@pytest.fixture(scope="module")
def zeta() -> Definition:
    return load_definition(CHECKOUT / "tests" / "diagrams" / "zeta.yaml")


@pytest.fixture(scope="module")
def file(zeta: Definition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(zeta, tmp_path_factory.mktemp("chart") / "zeta.html")


@pytest.fixture
def show(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file; whatever the page asks for or complains of fails the test."""
    contexts: list[Any] = []
    noticed: list[str] = []

    def opened(file: Path, width: int = 1300, **settings: Any) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **settings))
        one = contexts[-1].new_page()
        one.on(
            "request", lambda request: noticed.append(request.url) if request.url != file.as_uri() else None
        )
        one.on("console", lambda said: noticed.append(said.text))
        one.on("pageerror", lambda error: noticed.append(str(error)))
        one.goto(file.as_uri())
        return one

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in noticed if not one.startswith("data:")] == []


def place(page: Any, element: str) -> dict[str, float]:
    """Where an element of the chart is seen."""
    return page.locator(f"#c-{element}").bounding_box()


def scrolled(page: Any) -> list[float]:
    return page.evaluate(
        "[document.getElementById('stage').scrollLeft, document.getElementById('stage').scrollTop]"
    )


def is_in_view(page: Any, element: str) -> bool:
    """Whether the middle of an element is inside the frame of the chart."""
    box, frame = place(page, element), page.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    across = frame["x"] <= x <= frame["x"] + frame["width"]
    return across and frame["y"] <= y <= frame["y"] + frame["height"]


def test_zooming_keeps_what_is_under_the_pointer_and_the_stamp_in_sight(
    show: Callable[..., Any], file: Path
) -> None:
    page = show(file)
    page.locator(f"#c-{TARGET}").scroll_into_view_if_needed()
    before = place(page, TARGET)
    page.mouse.move(before["x"], before["y"])
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.get_by_text("82 %", exact=True).wait_for()
    after = place(page, TARGET)
    assert after["width"] > 1.5 * before["width"]
    assert abs(after["x"] - before["x"]) + abs(after["y"] - before["y"]) < 3
    for key in ("0", "1", "+", "+", "+", "+", "+", "+", "+", "-"):
        page.keyboard.press(key)
        assert page.locator("#head").get_by_text(STAMP).is_visible()
    assert page.locator("#scale").inner_text() == "320 %"
    page.keyboard.press("0")
    fits = "s => s.scrollHeight <= s.clientHeight && s.scrollWidth <= s.clientWidth"
    assert page.eval_on_selector("#stage", fits)


def test_the_chart_is_moved_by_dragging_and_by_arrows(show: Callable[..., Any], file: Path) -> None:
    page = show(file)
    page.get_by_role("button", name="100 %").click()
    page.locator("#stage").focus()
    page.evaluate("document.getElementById('stage').scrollTo(200, 300)")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert scrolled(page) == [360, 220]
    page.mouse.move(500, 500)
    page.mouse.down()
    page.mouse.move(450, 470, steps=3)
    page.mouse.up()
    assert scrolled(page) == [410, 250]
    assert page.locator("#told").is_hidden()


def test_a_search_counts_its_matches_and_brings_each_into_view(show: Callable[..., Any], file: Path) -> None:
    page = show(file)
    field = page.get_by_role("searchbox", name="Find")
    field.fill("LUMBAR   puncture done or lumbar")
    assert page.locator("#count").inner_text() == "1 match"
    field.press("Enter")
    assert is_in_view(page, "way-care-watch-0")
    assert page.locator("#told h2").inner_text() == "4. Watch → 5. Treat"
    field.fill("half of what others give")
    assert page.locator("#count").inner_text() == "3 matches"  # the box, what the state tells, the table
    seen = set[str]()
    for number in (1, 2, 3):
        field.press("Enter")
        assert page.locator("#count").inner_text() == f"{number} of 3"
        seen.add(page.evaluate("document.querySelector('#stage .current').closest('g').id"))
    assert seen == {"c-shown-state-care-watch", "c-state-care-watch", "c-notices"}
    page.get_by_role("button", name="Previous match").click()
    assert page.locator("#count").inner_text() == "2 of 3"
    field.fill("nowhere to be found")
    assert page.locator("#count").inner_text() == "0 matches"


def test_a_click_on_a_line_tells_its_whole_guard_and_its_sources(
    show: Callable[..., Any], file: Path
) -> None:
    page = show(file)
    page.locator("#c-way-care-urgency-0 text").click()
    told = page.locator("#told")
    assert GUARD in told.inner_text()
    assert "(systolic < 90 and respiratory_rate >= 25)" in told.locator("code").inner_text()
    page.locator("#c-way-care-intake-0 path.broad").click(force=True)
    assert "S1 article What the article says" in told.inner_text()
    assert "Zeta fever is suspected by fever and rash" in told.inner_text()
    told.get_by_role("button", name="3. Any red flag?").click()
    assert told.locator("h2").inner_text() == "3. Any red flag?"
    assert is_in_view(page, "state-care-urgency")


def test_keys_alone_lead_from_box_to_box_and_back(show: Callable[..., Any], file: Path) -> None:
    page = show(file)
    page.locator("#stage").focus()
    for key in ("n", "n", "n", "n", "p"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "c-state-care-other"
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "graphics-symbol"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "3. Any red flag?"
    page.get_by_role("button", name="to 4. Watch: otherwise").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "3. Any red flag? → 4. Watch"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "c-state-care-urgency"
    assert page.locator("#told").is_hidden()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"


def test_the_first_key_offers_the_chart_as_text(show: Callable[..., Any], file: Path) -> None:
    page = show(file)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "twin"
    assert page.get_by_role("heading", name="Track: Care").is_visible()
    assert page.get_by_role("button", name="As text").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="As text").click()
    assert page.locator("#stage").is_visible()


def test_what_an_author_writes_never_runs(show: Callable[..., Any], zeta: Definition, tmp_path: Path) -> None:
    care = zeta.tracks["care"]
    intake = replace(care.states["intake"], title=EVIL)
    source = replace(zeta.sources["S1"], text=f"{EVIL} javascript:window.injected=1 https://example.org/a")
    hostile = replace(
        zeta, title=EVIL, sources={**zeta.sources, "S1": source},
        tracks={**zeta.tracks, "care": replace(care, states={**care.states, "intake": intake})},
    )  # fmt: skip
    page = show(drawn(hostile, tmp_path / "hostile.html"))
    page.locator("#c-state-care-intake").click()
    assert page.locator("h1").inner_text() == EVIL
    assert EVIL in page.locator("#told h2").inner_text()
    assert [one.get_attribute("href") for one in page.locator("#told a").all()] == ["https://example.org/a"]
    assert page.locator("img").count() == 0
    assert page.evaluate("typeof window.injected") == "undefined"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 360)])
def test_it_is_readable_in_light_and_dark_wide_and_narrow(
    show: Callable[..., Any], file: Path, scheme: str, width: int
) -> None:
    page = show(file, width, color_scheme=scheme)
    page.locator("#c-state-care-intake").dispatch_event("click")
    assert page.evaluate(TOO_FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#head").get_by_text(STAMP).is_visible()


def test_in_a_much_enlarged_window_everything_can_be_reached_and_the_stamp_stays(
    show: Callable[..., Any], file: Path
) -> None:
    page = show(file, 320)
    page.set_viewport_size({"width": 320, "height": 256})
    page.locator(f"#c-{TARGET}").scroll_into_view_if_needed()
    assert is_in_view(page, TARGET)
    page.get_by_role("heading", name="About this pathway").scroll_into_view_if_needed()
    stamp = page.locator("#head").get_by_text(STAMP).bounding_box()
    assert 0 <= stamp["y"] < 256
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_script_chart_and_text_are_there_and_nothing_that_would_not_work(
    show: Callable[..., Any], file: Path
) -> None:
    page = show(file, java_script_enabled=False)
    assert page.locator(f"#c-{TARGET}").is_visible()
    assert page.get_by_role("heading", name="Track: Care").is_visible()
    assert not page.get_by_role("searchbox", name="Find").is_visible()
    assert page.locator("noscript p").is_visible()
