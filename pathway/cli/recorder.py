"""Who records or hands over: as the command line says, else the user's settings, else this machine."""

from __future__ import annotations

import getpass
import os

from pathway.cli.faults import UsageError
from tui.settings import Settings, read_settings


def settings_to_record(ascii: bool = False) -> Settings:
    """The user's settings. Raises UsageError where what they say of name or zone cannot be taken."""
    settings = read_settings(os.environ, ascii)
    if settings.faults:
        raise UsageError("\n".join(settings.faults))
    return settings


def recorder(given: str | None, settings: Settings) -> str:
    """The name that stands in the log or on the hand-over. Raises UsageError where nothing tells it."""
    try:
        return given or settings.by or getpass.getuser()
    except (KeyError, OSError):
        fix = f'Give --by NAME, or write by = "NAME" into {settings.file}.'
        raise UsageError(f"This machine does not tell who you are. {fix}") from None
