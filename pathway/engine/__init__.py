"""Stepping a case: the compiled pathway, the fold of events, settling, and the explained view."""
