"""What SQLite reports, in words: what, why and what to do."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import apsw

from pathway.logs.problems import disk_cause
from pathway.store.port import StoreError

FROM_BACKUP = (
    "Nothing more is written to it. `pathway cases rescue` saves what can be read; else take a backup."
)
_CAUSES: tuple[tuple[type[apsw.Error], str, str], ...] = (
    (apsw.FullError, "the disk is full", "Free some space and try again."),
    (apsw.BusyError, "another program holds it and does not let go", "End that program, then try again."),
    (apsw.LockedError, "another program holds it and does not let go", "End that program, then try again."),
    (apsw.ReadOnlyError, "it may only be read", "Ask for the right to write it, or name another store."),
    (apsw.CantOpenError, "it cannot be opened", "Check the name, and whether you may use this place."),
    (apsw.PermissionsError, "permission denied", "Ask for the right to use this place, or name another one."),
    (apsw.NotADBError, "it is no case store, or its beginning is damaged", FROM_BACKUP),
    (apsw.CorruptError, "it is damaged", FROM_BACKUP),
    (apsw.IOError, "the disk reports an error", "Check the disk before going on."),
    (apsw.NoMemError, "there is not enough memory", "End other programs and try again."),
)


@contextmanager
def told(doing: str, file: Path) -> Generator[None]:
    """Every fault of SQLite or the disk becomes a StoreError. `doing` such as `cannot be read`."""
    try:
        yield
    except apsw.Error as error:
        raise _error(doing, file, error) from error
    except UnicodeDecodeError as error:
        raise StoreError(f"The store {file} {doing}", "Reason: it is damaged", FROM_BACKUP) from error
    except OSError as error:
        cause, fix = disk_cause(error)
        raise StoreError(f"The store {file} {doing}", f"Reason: {cause}", fix) from error


def _error(doing: str, file: Path, error: apsw.Error) -> StoreError:
    what = f"The store {file} {doing}"
    for kind, cause, fix in _CAUSES:
        if isinstance(error, kind):
            return StoreError(what, f"Reason: {cause}", fix)
    return StoreError(what, f"SQLite says: {error}", "`pathway cases verify` checks the whole store.")
