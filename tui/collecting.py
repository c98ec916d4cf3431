"""Python's search for garbage, kept from stopping the screen while a key waits.

A definition, a long log and the screens are some hundred thousand objects. Going through all of them takes a
tenth of a second, and Python does so whenever enough new ones came up, which is while somebody types.
"""

from __future__ import annotations

import gc


def spare() -> None:
    """What there is now stays: later searches leave it out. For once the program has all it needs."""
    gc.freeze()
