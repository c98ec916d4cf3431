"""Faults put into correct pathways, each shown to be one before the checker is asked to find it."""
