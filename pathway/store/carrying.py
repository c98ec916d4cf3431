"""Cases carried out of a store as files, and into one: logs word for word, definitions, the store's head."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pathway.language.digest import is_written_as
from pathway.logs.chain import Log, log_lines
from pathway.logs.durable import replace_file
from pathway.logs.jsonl import read_log
from pathway.logs.problems import LogError, disk_cause
from pathway.store.heads import Noted
from pathway.store.port import Conflict, StoreError
from pathway.store.tabled import TabledStore

DEFINITIONS, CHECKPOINT = "definitions", "checkpoint.json"
NEW, MORE, SAME, REFUSED = "new", "continued", "already there", "not taken"
Changed = Callable[[Log], Log]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. `events` is how many of its events the store took."""

    file: str
    case: str | None
    what: str
    events: int = 0
    why: str | None = None


def head_of_store(store: TabledStore) -> Noted | None:
    """The head of the store by now, to be kept elsewhere; None for an empty one. Raises StoreError."""
    with store.tables.reading() as rows:
        first, last = rows.step(1), rows.last_step()
    return None if first is None or last is None else Noted(first.seal, last.number, last.seal)


def read_checkpoint(file: Path) -> Noted:
    """A head that was written by `write_checkpoint`. Raises StoreError."""
    try:
        match json.loads(file.read_bytes()):
            case {"store": str(store), "step": int(step), "seal": str(seal)}:
                return Noted(store, step, seal)
            case _:
                why = "It has not the three values `store`, `step` and `seal`"
    except OSError as error:
        raise _not_at(file, "cannot be read", error) from error
    except (ValueError, RecursionError):
        why = "It is not JSON"
    raise StoreError(f"{file} is no checkpoint", why, "Give a file that `pathway cases checkpoint` wrote.")


def write_checkpoint(file: Path, head: Noted) -> None:
    """Write the head of a store. Raises StoreError."""
    write(file, (json.dumps(asdict(head), indent=1) + "\n").encode())


def carry_out(store: TabledStore, folder: Path, change: Changed | None = None) -> int:
    """Every log of every case, the kept definitions and the head, into an empty or new folder; how many logs.

    The files are named by number: no name or id is in them. Without `change` each is the kept log byte for
    byte. Raises StoreError; a damaged case stops it (see `saving`).
    """
    make_empty(folder)
    number = 0
    for number, log in enumerate(_logs(store), 1):
        lines = log if change is None else change(log)
        write(folder / f"case-{number:06}.jsonl", b"".join(log_lines(lines.header, lines.events)))
    with store.tables.reading() as rows:
        texts = {digest: rows.definition(digest) for digest in rows.digests()}
    for digest, text in texts.items():
        write(folder / DEFINITIONS / f"{digest}.json", (text or "").encode())
    head = head_of_store(store)
    if head is not None and change is None:  # of changed logs it would say nothing
        write_checkpoint(folder / CHECKPOINT, head)
    return number


def log_files(given: Sequence[Path]) -> list[Path]:
    """The files that are meant: each itself, and of a folder all logs in it, by name. Raises StoreError."""
    found = list[Path]()
    for path in given:
        try:
            found += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        except OSError as error:
            raise _not_at(path, "cannot be read", error) from error
    return found


def carry_in(store: TabledStore, files: Sequence[Path]) -> Iterator[Taken]:
    """Take logs into the store, one by one; one that cannot be taken is told, and the others go on.

    A log whose beginning the store has already brings what is new in it. Definitions are taken from a folder
    `definitions` beside the logs. Raises StoreError when the store itself cannot be written.
    """
    for file in files:
        try:
            log = read_log(file)
        except LogError as error:
            yield Taken(str(file), None, REFUSED, why=str(error))
            continue
        try:
            yield _taken(store, file, log)
        except Conflict as conflict:
            yield Taken(str(file), log.header.case, REFUSED, why=str(conflict))


def _taken(store: TabledStore, file: Path, log: Log) -> Taken:
    case = log.header.case
    text = _definition_beside(file, log.header.digest)
    if not store.exists(case):
        store.create(log.header, log.events, text)
        return Taken(str(file), case, NEW, len(log.events))
    courses = store.courses(case)
    if log.header.continues == courses[-1].head:
        store.move(case, (), len(courses[-1].events), log.header, log.events, text)
        return Taken(str(file), case, MORE, len(log.events))
    for kept in courses:
        if kept.header == log.header and kept.events[: len(log.events)] == log.events:
            return Taken(str(file), case, SAME)
    kept = courses[-1]
    if kept.header == log.header and log.events[: len(kept.events)] == kept.events:
        more = log.events[len(kept.events) :]
        store.append(case, more, len(kept.events))
        return Taken(str(file), case, MORE, len(more))
    why = f"The store has another case of the id {case!r}"
    raise Conflict("This log was not taken", why, "Keep one of both in another store.")


def _logs(store: TabledStore) -> Iterator[Log]:
    for entry in store.entries():
        yield from store.courses(entry.case)


def _definition_beside(file: Path, digest: str) -> str | None:
    """The text of the definition, where a whole one lies beside the log."""
    beside = file.parent / DEFINITIONS / f"{digest}.json"
    try:
        text = beside.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None
    except OSError as error:
        raise _not_at(beside, "cannot be read", error) from error
    return text if is_written_as(text, digest) else None


def make_empty(folder: Path) -> None:
    """Make a folder that holds nothing yet. Raises StoreError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            fix = "Name a new folder."
            raise StoreError(f"{folder} is not empty", "An export never mixes with other files", fix)
    except OSError as error:
        raise _not_at(folder, "cannot be used", error) from error


def write(file: Path, content: bytes) -> None:
    """A file, whole or not at all. Raises StoreError."""
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(file, content)
    except OSError as error:
        raise _not_at(file, "cannot be written", error) from error


def _not_at(path: Path, doing: str, error: OSError) -> StoreError:
    cause, fix = disk_cause(error)
    return StoreError(f"{path} {doing}", f"Reason: {cause}", fix)
