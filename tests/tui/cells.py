"""The cells of a screen as a terminal draws them, with their WCAG contrast; and the flagship in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.app import App

from pathway.language.definition import Definition
from pathway.language.load import load_definition
from tests.tui.support import EngineSession

FLAGSHIP = Path(__file__).parents[2] / "definitions" / "spinal_leptomeningeal_infection"


@dataclass(frozen=True, slots=True)
class Cells:
    """A run of cells of one style on a row."""

    text: str
    row: int
    words: ColorTriplet
    ground: ColorTriplet
    is_dim: bool = False
    is_blinking: bool = False

    @property
    def contrast(self) -> float:
        """The contrast of WCAG 2.2 between 1 and 21; dimmed text counts as unreadable."""
        light, dark = sorted((luminance(self.words), luminance(self.ground)), reverse=True)
        return 1.0 if self.is_dim else (light + 0.05) / (dark + 0.05)


def luminance(colour: ColorTriplet) -> float:
    """Relative luminance of a colour in sRGB (WCAG 2.2)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rows(app: App[Any]) -> list[str]:
    """The text of the whole screen, row by row."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def cells(app: App[Any]) -> Iterator[Cells]:
    """Every run of cells on the screen that is not blank."""
    for row, strip in enumerate(app.screen._compositor.render_strips()):
        for text, style, _ in strip:
            if text.strip():
                yield _cells(text, row, style or Style())


def _cells(text: str, row: int, style: Style) -> Cells:
    assert style.color is not None, f"row {row}: {text!r} has no colour of its own"
    assert style.bgcolor is not None, f"row {row}: {text!r} has no background of its own"
    words, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    words, ground = (ground, words) if style.reverse else (words, ground)
    is_blinking = bool(style.blink or style.blink2)
    return Cells(text, row, words, ground, bool(style.dim), is_blinking)


@cache
def flagship() -> Definition:
    return load_definition(FLAGSHIP)


def child_in_trouble() -> EngineSession:
    """The flagship with something of everything: grave warnings, a dose, a blocked action, due times."""
    session = EngineSession(flagship(), label="bed 7")
    session.enter(
        facts={
            "leptomeningitis_suspected": "true",
            "bacterial_meningitis_suspected": "true",
            "rapidly_evolving_rash": "true",
            "presentation_time": "2026-03-01T11:45:00+00:00",
            "age_years": "12",
            "weight_kg": "45",
            "calcium_iv_concurrent": "true",
            "platelet_count": "30",
        }
    )
    return session
