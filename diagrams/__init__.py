"""Flowcharts of a pathway: a checked definition becomes a chart, DOT, a layout, and a checked SVG."""
