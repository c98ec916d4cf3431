"""Overlays: what a case, a test run, many cases or a check say, marked on a finished chart; no box moves."""
