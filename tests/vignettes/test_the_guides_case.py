"""The case in the guide holds on the guide's own example, and names every key that there is."""

from __future__ import annotations

import re
from pathlib import Path

from pathway.vignettes.expecting import KEYS
from tests.vignettes.ward import judged

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-pathway.md").read_text("utf-8")
BLOCKS: list[str] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_guides_case_holds_on_the_guides_example() -> None:
    example = next(block for block in BLOCKS if block.startswith("pathway: demo\nversion"))
    case = next(block for block in BLOCKS if "case: low-platelets" in block)
    verdicts = judged(case, example)
    assert (verdicts.hold, verdicts.judged) == (True, 5)


def test_the_guide_names_every_key() -> None:
    section = GUIDE.split("## Cases")[1]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {re.split(r"\W", key)[0] for row in rows for key in re.findall(r"`(.+?)`", row)}
    assert named - {"expect"} == set(KEYS)
