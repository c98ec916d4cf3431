"""The last row of a screen: as many of its keys as fit, the most used ones first, help and leaving always."""

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
    """One row of keys, made from the bindings that the screen has now."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._first: tuple[str, ...] = ()

    def show_first(self, *ids: str) -> None:
        """These bindings have a place whatever else must go: what is to be done next."""
        if ids != self._first:
            self._first = ids
            self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        found = [one for one in doings(self.screen) if one.is_shown or _is_said(one)]
        chosen = fitting(found, width, self._first)
        gap = "  " if _width(chosen, 2) <= width and len(chosen) == len(found) else " "
        return Content(gap).join([Content.assemble((one.keys, "bold"), f" {one.words}") for one in chosen])


def fitting(found: Sequence[Doing], width: int, first: Sequence[str] = ()) -> list[Doing]:
    """As many as fit in the width, in the order they are written; `first` before all but help and leaving."""
    kept: list[Doing] = []
    for one in sorted(found, key=lambda one: (one.id not in ALWAYS, one.id not in first, _rank(one))):
        if _width([*kept, one], 1) <= width:
            kept.append(one)
    return [one for one in found if one in kept]


def _rank(one: Doing) -> tuple[bool, int]:
    place = MOST_USED.index(one.id) if one.id in MOST_USED else len(MOST_USED)
    return not one.is_shown, place


def _is_said(one: Doing) -> bool:
    """Whether a key is told here: moving about and the digits explain themselves, and stand in the help."""
    return not one.is_digit and not any(key in UNSAID for key in one.keys.split())


def _width(found: Sequence[Doing], gap: int) -> int:
    return sum(columns(f"{one.keys} {one.words}") + gap for one in found) - gap
