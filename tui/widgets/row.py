"""A row of a numbered list."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from tui.lines import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One answer; `key` says what it is, however it is worded."""

    key: Hashable
    line: Line
