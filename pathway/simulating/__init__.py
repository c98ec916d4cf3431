"""Cohorts of simulated cases, stepped by the real engine: the same seed gives the same bytes anywhere."""
