"""The six courses of the tour, stepped on the case screen with keys alone."""
