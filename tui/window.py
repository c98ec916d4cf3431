"""What the screens share: the least size of the window, and keys that are typed faster than answered."""

from __future__ import annotations

import asyncio

from textual.app import App
from textual.widget import Widget

WIDTH, HEIGHT = 80, 24
WIDE = 130  # columns from which all panels are shown at once
SETTLE = 0.3  # seconds after a change in which a key that was meant for the old screen commits nothing


def is_too_small(app: App[None]) -> bool:
    return app.size.width < WIDTH or app.size.height < HEIGHT


async def drained(*widgets: Widget) -> None:
    """Wait until the widgets have dealt with every key that was sent to them so far.

    Without it a fast typist's Enter overtakes the last digits of a value.
    """
    for widget in widgets:
        done = asyncio.Event()
        if widget.call_later(done.set):
            await done.wait()
