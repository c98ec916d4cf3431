"""Checking a definition before any patient meets it."""
