"""The SVG of a chart: named, readable aloud, stamped, without scripts, and checked to show all it must."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from diagrams.chart import Box, BoxKind, Chart, EdgeKind, Lane
from diagrams.dot import heading_lines
from diagrams.layout import RenderError
from diagrams.text import wrapped
from diagrams import looks

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_STYLE = """
text { font-family: Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif; }
.strong { font-weight: 700; }
.stamp { font-weight: 700; fill: #A83200; }
.way text, .track > text, .phase > text { paint-order: stroke; stroke: #FFFFFF; stroke-width: 3px; }
""".strip()
