"""The hand-over of a flagship case, word for word, with a clock that stands still.

After a change that is meant, write the files anew: PATHWAY_GOLDEN=write pytest tests/handover/test_golden.py
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest

from pathway.cli.handover import hand_over
from pathway.cli.loading import compiled_for
from pathway.engine.playing import step_timeline
from pathway.engine.timeline import read_timeline
from pathway.handover.content import Handover
from pathway.handover.html import page_of
from pathway.handover.markdown import markdown_of
from pathway.language.bundled import find_pathway

FLAGSHIP = "spinal-leptomeningeal-infection"
GOLDEN = Path(__file__).parent / "golden"
STEPS = 4  # at half past eleven: the first dose is given, the puncture is held for the platelet count


@pytest.fixture(scope="module")
def handover() -> Handover:
    """The demo case in the middle of its morning, handed over ten minutes after the last entry."""
    compiled = compiled_for(FLAGSHIP, None)
    timeline = read_timeline(find_pathway(FLAGSHIP).parent / "cases" / "demo.yaml")
    *_, last = islice(step_timeline(compiled, timeline), STEPS)
    return hand_over(last.case, last.case.now + 600, "a colleague")


def without_digest(text: str, handover: Handover) -> str:
    """Comments of a definition change its digest and nothing that is told."""
    digest = dict(handover.identity)["Digest"]
    return text.replace(digest, "DIGEST").replace(digest[:12], "DIGEST")


def compared(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("PATHWAY_GOLDEN") == "write":
        file.write_text(text, "utf-8")
    assert text.splitlines() == file.read_text("utf-8").splitlines()


def test_its_markdown(handover: Handover) -> None:
    compared("demo.md", without_digest(markdown_of(handover), handover))


def test_its_page_without_the_style(handover: Handover) -> None:
    page = without_digest(page_of(handover), handover)
    compared("demo.html", page[page.index("<body>") :])


def test_the_dose_of_the_article_is_no_order_in_it(handover: Handover) -> None:
    text = markdown_of(handover)
    here = text.index("**Ceftriaxone, adult dose as the article prints it")
    there = text.index("## Open warnings")
    assert "NOT AN ORDER" in text[here:there]
    assert "the source prints: 2,000\u00a0mg\u00a0per\u00a0day, IV" in text[here:there]
    assert "DOSE" not in text[here:there]
