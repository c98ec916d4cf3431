"""A screen that leaves something to its subclasses: one that does not write all of it cannot be made."""

from __future__ import annotations

from abc import ABCMeta

from textual.message_pump import MessagePump

from tui.staying_screen import StayingScreen


class AbstractPump(ABCMeta, type(MessagePump)):
    """Textual's classes have a metaclass of their own, which has to be one with that of abstract classes."""


class AbstractScreen(StayingScreen, metaclass=AbstractPump):
    """What is marked as abstract in a subclass has to be written in the subclasses of that one."""
