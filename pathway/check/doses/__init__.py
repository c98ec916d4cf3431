"""Doses over the whole range of what they are computed from: caps, zero, units and schedules."""
