"""The live preview in a real browser: it follows the file, keeps the place, survives errors, and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.cli.conftest import CHECKOUT

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.skipif(os.name == "nt", reason="needs ctrl+c")]
PATIENCE = 15.0
WITHIN = 1.0  # seconds from a save to the new picture, on a machine that has nothing else to do
PLACE = """() => {
  const stage = document.getElementById("stage"), box = document.getElementById("c-state-care-treat");
  const [frame, one] = [stage.getBoundingClientRect(), box.getBoundingClientRect()];
  return [one.left - frame.left, one.top - frame.top, one.width].map(Math.round);
}"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    text = (CHECKOUT / "tests" / "diagrams" / "zeta.yaml").read_text("utf-8")
    written = tmp_path / "zeta.yaml"
    written.write_text(text, "utf-8")
    return written


@pytest.fixture
def served(file: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at work, and the address it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pathway", "draw", str(file), "--watch"],
        cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    said = next((line for line in process.stderr if "http://" in line), "")
    assert said, "the command did not print its address"
    yield process, said.split()[-1]
    if process.poll() is None:
        process.kill()
    process.wait(PATIENCE)
    process.stderr.close()


def saved(tab: Any, file: Path, text: str, title: str) -> float:
    """Save a definition; returns the seconds until its chart is in the page."""
    began = monotonic()
    file.write_text(text, "utf-8")
    tab.locator("#c-state-care-urgency text", has_text=title).wait_for()
    return monotonic() - began


def test_the_preview_follows_the_file_and_keeps_the_place(
    browser: Any, served: tuple[subprocess.Popen[str], str], file: Path
) -> None:
    process, address = served
    written = file.read_text("utf-8")
    with browser.new_context(viewport={"width": 1300, "height": 800}) as context:
        tab, other = context.new_page(), context.new_page()
        complaints: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(address)
        other.goto(address.partition("?")[0])  # a second tab of the browser that was let in
        assert "token" not in tab.url
        tab.locator("#findings").get_by_text("nothing undecided").wait_for()
        tab.locator("#c-state-care-treat").click()
        tab.locator("#whole").click()
        tab.evaluate("document.getElementById('stage').scrollBy(40, 30)")
        tab.evaluate("document.getElementById('c-state-care-treat').focus({preventScroll: true})")
        kept = tab.evaluate(PLACE)

        took = [
            saved(tab, file, written.replace("Any red flag?", "Any sign of shock?"), "Any sign of shock?")
        ]
        assert tab.evaluate(PLACE)[2] == kept[2]
        assert max(abs(a - b) for a, b in zip(tab.evaluate(PLACE), kept, strict=True)) <= 2
        assert tab.locator("#told h2").inner_text() == "5. Treat"
        assert tab.locator("#c-state-care-treat.chosen:focus").count() == 1
        other.locator("#c-state-care-urgency text", has_text="Any sign of shock?").wait_for()

        file.write_text(written.replace("{to: urgency,", "{to: urgencyy,"), "utf-8")
        strip = tab.locator("#watch")
        strip.get_by_text("LAST GOOD CHART").wait_for()
        assert "There is no state called `urgencyy`. Did you mean `urgency`?" in strip.inner_text()
        assert "zeta.yaml:62:18" in strip.inner_text()
        assert tab.locator("#c-state-care-urgency text", has_text="Any sign of shock?").is_visible()
        assert tab.locator("#findings").get_by_text("Not checked").is_visible()

        took.append(saved(tab, file, written, "Any red flag?"))
        assert min(took) < (WITHIN if not os.environ.get("PYTEST_XDIST_WORKER") else 5 * WITHIN)
        assert tab.locator("#watch.good").count() == 1
        assert max(abs(a - b) for a, b in zip(tab.evaluate(PLACE), kept, strict=True)) <= 2

        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        tab.get_by_text("The preview has ended").wait_for()
        assert tab.locator("#head").get_by_text("DRAFT: not approved for clinical use").is_visible()
        assert complaints == []
