"""Files that the tests of the flagship's contract share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flagship.outside import STORY, timeline


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "timeline.yaml"
    path.write_text(timeline(*STORY), encoding="utf-8")
    return path
