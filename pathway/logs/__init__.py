"""Transition logs: events as JSON lines, chained by hashes, read strictly and written durably."""
