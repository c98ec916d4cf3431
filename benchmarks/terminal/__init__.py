"""The terminal in a real pseudo-terminal, timed as a user waits for it."""
