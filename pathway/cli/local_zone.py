"""The time zone of this machine by its IANA name, found without asking anyone outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pathway.language.calendar import parse_zone

UNTOLD = "UTC"
_DATABASE = "zoneinfo"
_LINK, _NAME = "localtime", "timezone"


def local_zone(etc: Path = Path("/etc")) -> str | None:
    """The machine's zone, such as Europe/Berlin; None where it cannot be told.

    $TZ goes first, then where /etc/localtime leads, then what /etc/timezone says.
    """
    found = next((name for name in _named(etc) if _is_zone(name)), None)
    return UNTOLD if found == "Etc/UTC" else found


def _named(etc: Path) -> Iterator[str]:
    yield _below_database(os.environ.get("TZ", "").removeprefix(":"))
    try:
        yield _below_database(str(Path(os.readlink(etc / _LINK))))
    except OSError:
        yield ""
    try:
        yield (etc / _NAME).read_text("utf-8", errors="replace").strip()
    except OSError:
        yield ""


def _below_database(path: str) -> str:
    """`Europe/Berlin` of `/usr/share/zoneinfo/Europe/Berlin`."""
    parts = path.split("/")
    return "/".join(parts[parts.index(_DATABASE) + 1 :]) if _DATABASE in parts else path


def _is_zone(name: str) -> bool:
    if name == "":
        return False
    try:
        parse_zone(name)
    except ValueError:
        return False
    return True
