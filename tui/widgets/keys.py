"""The last rows of a screen: as many keys as fit, the most used ones first, help and leaving always."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from tui.doings import Doing, doings
from tui.lines import columns

# In a small window these come first, in this order; then what is left, as the screen writes it.
MOST_USED = (
    "panel.why", "panel.missing", "panel.facts", "panel.log", "case.correct", "case.record", "case.override",
    "case.undo",
)  # fmt: skip
ALWAYS = ("app.help", "app.leave")
UNSAID = frozenset(
    {"PgUp", "PgDn", "Up", "Down", "Left", "Right", "Home", "End", "Tab", "Enter", "Backspace"}
)


class Keys(Widget):
    """Keys in as many rows as its style gives it, made from the bindings that the screen has now."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._first: tuple[str, ...] = ()

    def show_first(self, *ids: str) -> None:
        """These bindings have a place whatever else must go: what is to be done next."""
        if ids != self._first:
            self._first = ids
            self.refresh()

    def render(self) -> Content:
        width, most = self.content_size.width, max(1, self.content_size.height)
        found = [one for one in doings(self.screen) if one.is_shown or _is_said(one)]
        rows = fitting(found, width, self._first, most)
        wide = in_rows(found, width, 2)
        is_wide = len(wide) <= most and sum(map(len, rows)) == len(found)
        gap = Content("  " if is_wide else " ")
        return Content("\n").join(gap.join(map(_content, row)) for row in (wide if is_wide else rows))


def fitting(
    found: Sequence[Doing], width: int, first: Sequence[str] = (), most: int = 1
) -> list[list[Doing]]:
    """As many as fit in `most` rows, as they are written; `first` before all but help and leaving."""
    kept: list[Doing] = []
    for one in sorted(found, key=lambda one: (one.id not in ALWAYS, one.id not in first, _rank(one))):
        tried = [other for other in found if other in kept or other is one]
        if len(in_rows(tried, width, 1)) <= most and _width([one], 1) <= width:
            kept = tried
    return in_rows(kept, width, 1)


def in_rows(found: Sequence[Doing], width: int, gap: int) -> list[list[Doing]]:
    """Them in their order, a new row begun where the width of one is used up."""
    rows: list[list[Doing]] = [[]]
    for one in found:
        if rows[-1] and _width([*rows[-1], one], gap) > width:
            rows.append([])
        rows[-1].append(one)
    return rows


def _content(one: Doing) -> Content:
    return Content.assemble((one.keys, "bold"), f" {one.words}")


def _rank(one: Doing) -> tuple[bool, int]:
    place = MOST_USED.index(one.id) if one.id in MOST_USED else len(MOST_USED)
    return not one.is_shown, place


def _is_said(one: Doing) -> bool:
    """Whether a key is told here: moving about and the digits explain themselves, and stand in the help."""
    return not one.is_digit and not any(key in UNSAID for key in one.keys.split())


def _width(found: Sequence[Doing], gap: int) -> int:
    return sum(columns(f"{one.keys} {one.words}") + gap for one in found) - gap
