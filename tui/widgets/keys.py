"""The keys at the bottom of the screen: the most used ones in a small window, all of them in a wide one."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

SHORT = (
    ("w", "Why"), ("m", "Missing"), ("f", "Facts"), ("l", "Log"), ("c", "Correct"), ("r", "Record"),
    ("o", "Override"), ("u", "Undo"), ("?", "Help"), ("q", "Quit"),
)  # fmt: skip
LONG = (
    ("w", "Why"), ("a", "Actions"), ("m", "Missing"), ("f", "Facts"), ("t", "Due times"), ("!", "Warnings"),
    ("l", "Path and log"), ("r", "Record"), ("c", "Correct"), ("o", "Override"), ("u", "Undo"), ("n", "Note"),
    ("k", "Acknowledge"), ("e", "End case"), ("?", "Help"), ("q", "Quit"),
)  # fmt: skip


class Keys(Widget):
    """One row of keys."""

    def __init__(self) -> None:
        super().__init__(id="keys")

    def render(self) -> Content:
        width = self.content_size.width
        gap = "  " if _width(LONG, "  ") <= width else " "
        keys = LONG if _width(LONG, gap) <= width else SHORT
        return Content(gap).join([Content.assemble((key, "bold"), f" {word}") for key, word in keys])


def _width(keys: tuple[tuple[str, str], ...], gap: str) -> int:
    return sum(len(key) + 1 + len(word) + len(gap) for key, word in keys)
