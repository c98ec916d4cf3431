"""Marks by which a small window shows one part of a screen at a time; a wide one shows all of them."""

from __future__ import annotations

from textual.widget import Widget


def mark(widget: Widget, is_marked: bool, name: str, *below: Widget) -> None:
    """Give a widget a class that says something in a small window, or take it away.

    Only its own style hangs on that, and those of the widgets `below` it: nothing else is styled anew, which
    takes longer the more there is on a screen.
    """
    if widget.has_class(name) == is_marked:
        return
    widget.set_class(is_marked, name, update=False)
    if not widget.screen.has_class("-wide"):
        for one in (widget, *below):
            one.app.stylesheet.apply(one)
