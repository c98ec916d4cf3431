"""Shapes and colours: every meaning has a shape, a colour and a word, and none rests on colour alone."""

from __future__ import annotations

from diagrams.chart import BoxKind, EdgeKind

FONT = "Liberation Sans"  # its widths are built into every Graphviz; screens fall back to Arial, equally wide
LINE_WIDTH, HEXAGON_WIDTH, ROW_WIDTH, DEADLINE_WIDTH, HEAD_WIDTH = 28, 26, 38, 14, 110
LEGEND_WIDTH = 16

GRAPH = {
    "rankdir": "TB", "newrank": "true", "compound": "true", "splines": "spline", "nodesep": "0.28",
    "ranksep": "0.36", "pad": "0.2", "bgcolor": "#FFFFFF", "outputorder": "edgesfirst", "fontname": FONT,
    "fontsize": "14", "id": "chart", "labelloc": "t", "labeljust": "l",
}  # fmt: skip
NODE = {"fontname": FONT, "fontsize": "12", "margin": "0.19,0.07", "height": "0.4", "ordering": "out"}
EDGE = {"fontname": FONT, "fontsize": "11", "color": "#4B5563", "penwidth": "1.3", "arrowsize": "0.75"}
LANE = {
    "style": "rounded", "color": "#4B5563", "penwidth": "1.2", "labeljust": "l", "margin": "14",
    "fontsize": "16", "class": "track",
}  # fmt: skip
PHASE = {
    "style": "rounded,filled", "fillcolor": "#F6F8FA", "color": "#9AA4B2", "labeljust": "l", "margin": "12",
    "penwidth": "1.0", "fontsize": "14", "class": "phase",
}  # fmt: skip
LEGEND = {**PHASE, "class": "legend"}
TABLE = {"shape": "record", "fontsize": "11", "color": "#9AA4B2", "class": "table"}
SAFEGUARD_COLOUR = STAMP_COLOUR = "#A83200"
QUIET_COLOUR = "#4B5563"
SCREEN_FONTS = "Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif"
HIDDEN = {"style": "invis", "weight": "0"}
ALIGNED = {"style": "invis", "weight": "1"}

_WHITE, _DARK, _TEXT = "#FFFFFF", "#1F2A37", "#111827"


def _box(style: str, fill: str, line: str, text: str = _TEXT) -> dict[str, str]:
    return {"style": style, "fillcolor": fill, "color": line, "fontcolor": text}


BOXES = {
    BoxKind.START: _box("rounded,filled", _DARK, _DARK, _WHITE),
    BoxKind.ENQUIRY: _box("rounded,filled", _WHITE, "#4B5563"),
    BoxKind.DECISION: _box("filled", "#FFF3CC", "#8A6100"),
    BoxKind.ACTION: _box("filled", "#E3F0FA", "#00548A"),
    BoxKind.CALLS: _box("filled", "#E3F0FA", "#00548A"),
    BoxKind.SHOWN: {**_box("filled,dashed", "#F3F4F6", SAFEGUARD_COLOUR), "penwidth": "1.6"},
    BoxKind.LINK: _box("rounded,filled", "#F3E9F5", "#7A3E87"),
    BoxKind.END: _box("rounded,filled", "#E5E7EB", "#4B5563"),
}
LINES = {
    EdgeKind.ENTRY: {"weight": "8"},
    EdgeKind.FORWARD: dict[str, str](),
    EdgeKind.LOOP: {"style": "dashed", "constraint": "false", "color": "#7A3E87", "fontcolor": "#7A3E87"},
    EdgeKind.LINK: {"style": "dashed", "color": "#7A3E87", "fontcolor": "#7A3E87"},
    EdgeKind.CALLS: {"style": "dotted", "arrowhead": "none"},
    EdgeKind.SHOWS: {"style": "dotted", "arrowhead": "none", "color": SAFEGUARD_COLOUR},
}


def shape(kind: BoxKind, with_rows: bool = False) -> dict[str, str]:
    """The shape of a box; with rows of actions it is a record, rounded where the plain box is."""
    if with_rows:
        record = "Mrecord" if "rounded" in BOXES[kind]["style"] else "record"
        style = BOXES[kind]["style"].removeprefix("rounded,")
        return {"shape": record, "style": style, "margin": "0.25,0.07"}  # room for left lines in bold
    if kind is BoxKind.LINK:
        return {"shape": "oval", "style": "filled", "margin": "0.02,0.02"}
    if kind is BoxKind.DECISION:
        return {"shape": "hexagon", "margin": "0.02,0.04"}
    return {"shape": "box"}
