"""Cases in a folder: one log file a case, replaced as a whole at every step.

A step is several lines that must be there together or not at all, so a step is not appended in place: the
file is written anew beside the old one and takes its name when it is on the disk. A crash, a full disk or a
reader at the same moment meets either the log before the step or the log after it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path

from platformdirs import user_data_path

from pathway.engine.events import CaseOpened, Event
from pathway.logs.chain import Header, Log
from pathway.logs.durable import UNFINISHED, try_lock
from pathway.logs.jsonl import read_log, write_log
from pathway.logs.problems import LogError, disk_cause
from pathway.store.names import case_id_of, file_name, is_case_file
from pathway.store.port import Conflict, StoredCase, StoreError

_PATIENCE = 200  # tries to get the lock, a twentieth of a second apart


def store_folder(chosen: Path | None = None) -> Path:
    """Where cases live: the chosen folder, else $PATHWAY_STORE, else the user's data directory."""
    named = os.environ.get("PATHWAY_STORE", "")
    if chosen is None and named == "":
        return user_data_path("clinical-pathway", appauthor=False) / "cases"
    return chosen or Path(named)


class CaseStore:
    """A `Store` in a folder that only its owner may read."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = store_folder(root)

    def create(self, header: Header, events: Iterable[Event]) -> str:
        """Begin a case; returns the head hash. Raises Conflict if there is one of this id, StoreError."""
        path = self._path(header.case)
        with self._held():
            if self._is_there(path):
                what, why = f"There is already a case {header.case!r}", f"It is kept in {path}"
                raise Conflict(what, why, "Continue that case, or choose another id.")
            return _written(path, header, events)

    def append(self, case_id: str, events: Iterable[Event], expected_seq: int) -> str:
        """Add events after the `expected_seq` known ones, all or none; returns the head hash.

        Raises Conflict when there are more than that by now, StoreError for anything else.
        """
        path = self._path(case_id)
        with self._held():
            log = self.load(case_id)
            _refuse_other_length(case_id, len(log.events), expected_seq)
            return _written(path, log.header, (*log.events, *events))

    def load(self, case_id: str) -> Log:
        """The whole log, checked. Raises StoreError."""
        path = self._path(case_id)
        if not self._is_there(path):
            why = f"The store {self.root} has no file for it"
            raise StoreError(f"There is no case {case_id!r}", why, "Check the id, or open a new case.")
        try:
            log = read_log(path)
        except LogError as error:
            what = f"The case {case_id!r} cannot be loaded"
            raise StoreError(what, f"{error.place}{error.what}. {error.why}", error.fix) from error
        _refuse_other_case(case_id, log.header, path)
        return log

    def cases(self) -> list[StoredCase]:
        """All cases, by id; a damaged one is listed with its problem. Raises StoreError."""
        try:
            names = [path.name for path in self.root.iterdir() if is_case_file(path.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused(f"The cases in {self.root} cannot be listed", error) from error
        return sorted((self._listed(name) for name in names), key=lambda stored: stored.case)

    def exists(self, case_id: str) -> bool:
        """Whether there is a case of this id, damaged or not. Raises StoreError."""
        return self._is_there(self._path(case_id))

    def _path(self, case_id: str) -> Path:
        return self.root / file_name(case_id)

    def _is_there(self, path: Path) -> bool:
        try:
            path.lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _refused(f"The store {self.root} cannot be read", error) from error
        return True

    def _listed(self, name: str) -> StoredCase:
        try:
            log = read_log(self.root / name, repair=True)
        except LogError as error:
            return StoredCase(case_id_of(name), problem=str(error))
        problem = str(log.problem) if log.problem else None
        if file_name(log.header.case) != name:
            problem = f"{self.root / name} holds the case {log.header.case!r}: it was renamed or copied"
        return _summary(log, problem)

    @contextmanager
    def _held(self) -> Generator[None, None, None]:
        """Keep other programs from writing to this store, and wait for one that does."""
        with ExitStack() as stack:
            try:
                self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = stack.enter_context((self.root / ".lock").open("ab"))
                self._wait_for(lock.fileno())
                self._remove_unfinished()
            except OSError as error:
                raise _refused(f"The store {self.root} cannot be written", error) from error
            yield

    def _wait_for(self, descriptor: int) -> None:
        for _ in range(_PATIENCE):
            if try_lock(descriptor):
                return
            time.sleep(0.05)
        why = "Another program holds it and does not let go"
        raise StoreError(f"The store {self.root} is busy", why, "End that program, then try again.")

    def _remove_unfinished(self) -> None:
        for path in self.root.glob(f".*{UNFINISHED}"):
            path.unlink(missing_ok=True)


def _written(path: Path, header: Header, events: Iterable[Event]) -> str:
    try:
        return write_log(path, header, events)
    except LogError as error:
        raise StoreError(f"Nothing was recorded: {error.what}", error.why, error.fix) from error


def _summary(log: Log, problem: str | None) -> StoredCase:
    header, opened = log.header, log.events[0] if log.events else None
    return StoredCase(
        case=header.case,
        pathway=header.pathway,
        version=header.version,
        digest=header.digest,
        label=opened.label if isinstance(opened, CaseOpened) else None,
        events=len(log.events),
        last_at=log.last_at,
        closed=log.closed,
        problem=problem,
    )


def _refuse_other_length(case_id: str, found: int, expected: int) -> None:
    what = f"Nothing was recorded in the case {case_id!r}"
    if found > expected:
        why = f"Its log has {found} events by now, not {expected}: someone else recorded in it"
        raise Conflict(what, why, "Look at what is new, then enter it again.")
    if found < expected:
        why = f"Its log has only {found} of the {expected} events known here: an older copy took its place"
        raise StoreError(what, why, "Find out who replaced the file.")


def _refuse_other_case(case_id: str, header: Header, path: Path) -> None:
    if header.case != case_id:
        why = f"{path} holds the case {header.case!r}: it was renamed or copied"
        raise StoreError(f"The case {case_id!r} cannot be loaded", why, "Give the file its own name again.")


def _refused(what: str, error: OSError) -> StoreError:
    cause, fix = disk_cause(error)
    return StoreError(what, f"Reason: {cause}", fix)
