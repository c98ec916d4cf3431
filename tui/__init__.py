"""Stepping a case at a terminal: the Textual screen and the plain line mode, over the engine's view."""
