"""The three looks of the screens, and the ASCII filter; colours that carry a warning are in no theme.

A theme sets the ground a screen stands on. Headers, warnings and the highlighted answer have fixed colours
(`tui.widgets.line_view`), so that no theme can make them hard to read. Every pair of colours that can meet
in a cell has a contrast of 4.5:1 or more (WCAG 2.2, 1.4.3), 7:1 in high contrast (1.4.6).
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

DARK, LIGHT, HIGH_CONTRAST = "dark", "light", "high-contrast"
NAMES = (DARK, LIGHT, HIGH_CONTRAST)

# One column each, so that nothing moves. A sign of the pathway's own text is not in the table: `≥` has no
# ASCII sign of one column, and a wrong one would change what is meant.
_LINES = str.maketrans("─━═│┃║┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "-==|||" + "+" * 31)
_BLOCKS = str.maketrans(dict.fromkeys("▀▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒▓▔▕╸╹╺╻", " "))
_SIGNS = str.maketrans({"…": "~", "·": "*", "►": ">", "◆": "*", "✓": "+", "○": "o", "×": "x"})
_UNITS = (("m²", "m2"), ("°C", " C"))


def _theme(name: str, ground: tuple[str, str], box: str, field: tuple[str, str], rule: str) -> Theme:
    """`ground` is background and text; `field` an input at rest and its hint; `rule` the thin lines."""
    background, text = ground
    return Theme(
        name,
        primary="#0A589A",
        warning="#9E2F00",
        error="#9E2F00",
        foreground=text,
        background=background,
        surface=box,
        panel=box,
        dark=Color.parse(background).brightness < 0.5,
        text_alpha=1.0,
        variables={
            "ground": background,
            "words": text,
            "box": box,
            "field": field[0],
            "hint": field[1],
            "rule": rule,
            "border": rule,
            "border-blurred": rule,
            "footer-background": "#1F2A37",
            "footer-foreground": "#FFFFFF",
            "footer-key-foreground": "#FFFFFF",
            "footer-description-foreground": "#FFFFFF",
            "input-cursor-background": text,
            "input-cursor-foreground": background,
            "input-cursor-text-style": "none",
            "input-selection-background": "#0A589A",
            "input-selection-foreground": "#FFFFFF",
            "block-cursor-background": "#0A589A",
            "block-cursor-foreground": "#FFFFFF",
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": "#0A589A",
            "block-cursor-blurred-foreground": "#FFFFFF",
            "block-cursor-blurred-text-style": "bold",
            "block-hover-background": box,
            "text-muted": text,
            "text-disabled": text,
            "foreground-muted": text,
            "foreground-disabled": text,
            "scrollbar": rule,
            "scrollbar-hover": rule,
            "scrollbar-active": text,
            "scrollbar-background": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
            "scrollbar-corner-color": background,
        },
    )


THEMES = (
    _theme(DARK, ("#11161C", "#E8EAED"), "#18212B", ("#2B3848", "#C3CEDA"), "#8AA4C0"),
    _theme(LIGHT, ("#FFFFFF", "#15191E"), "#F1F4F7", ("#DFE6ED", "#3F4B57"), "#4A5F78"),
    _theme(HIGH_CONTRAST, ("#000000", "#FFFFFF"), "#000000", ("#1A1A1A", "#E6E6E6"), "#FFFFFF"),
)


class AsciiOnly(LineFilter):
    """Draws borders, bars and the screen's own signs with ASCII; the pathway's words stay as written."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(ascii_signs(text), style, control) for text, style, control in segments]


def ascii_signs(text: str) -> str:
    """The text with the screen's own signs in ASCII, as wide as before.

    >>> ascii_signs("── 40 mg/m² ≥ …")
    '-- 40 mg/m2 ≥ ~'
    """
    for sign, plain in _UNITS:
        text = text.replace(sign, plain)
    return text.translate(_LINES).translate(_BLOCKS).translate(_SIGNS)
