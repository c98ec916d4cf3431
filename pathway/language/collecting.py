"""Python's search for garbage, put off while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def garbage_put_off() -> Generator[None]:
    """Search for no garbage inside.

    Reading a definition or a long log makes many objects and hardly any garbage; Python would go through all
    of them again and again meanwhile, for a quarter of the time. What is not searched now is searched later.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
