"""Flowcharts of a pathway: a checked definition becomes a chart, DOT, a layout, and an SVG that is checked."""
