"""The terminal front end: presents a case and turns a person's choices into entries of the engine."""

import os

# Textual reads it once, when it is imported: what has changed is painted within 4 ms instead of 17.
os.environ.setdefault("TEXTUAL_FPS", "240")
