"""A real browser without a screen, and pages as a user opens them: as files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CHECKOUT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Opened:
    """A page in the browser, with everything that it asked for and complained about."""

    page: Any
    file: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


def _absent(reason: str) -> None:
    """Without a browser the tests are skipped, but where one is required they fail."""
    if os.environ.get("CI") and os.environ.get("PATHWAY_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium. It ends with the module: its driver keeps an event loop running, beside which no
    screen test could run its own."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        _absent("there is no Chromium here: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("there is no Playwright here: pip install playwright")
        return
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=list(QUIETLY))
        yield running
        running.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the page of a pathway, once for all tests."""
    from pathway.cli.main import main

    written: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("pages")

    def page(name: str) -> Path:
        if name not in written:
            given = CHECKOUT / "tests" / "document" / f"{name}.yaml"
            file = folder / f"{name}.html"
            assert main(["show", str(given) if given.exists() else name, "--html", str(file)]) == 0
            written[name] = file
        return written[name]

    return page


@pytest.fixture
def opened(browser: Any, pages: Callable[[str], Path]) -> Iterator[Open]:
    """Open the page of a pathway at a width, in a colour scheme."""
    contexts: list[Any] = []

    def open_page(name: str, width: int = 1400, **settings: Any) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        found = Opened(context.new_page(), pages(name))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("console", lambda said: found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.goto(found.file.as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()
