"""The head of a store noted outside it: a chain cannot tell by itself that its end was cut off.

One line for each recorded step in a file of its own, on another path than the store's: the step's number and
its seal, no word of any case. Whoever removes the last steps of a store, or puts an older copy in its place,
would have to know of this file too.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pathway.logs.durable import PRIVATE, replace_file, sync_folder, write_all
from pathway.logs.problems import disk_cause
from pathway.store.port import StoreError
from pathway.store.rows import Step

MOST_BYTES = 1 << 20  # then only the last line is kept


@dataclass(frozen=True, slots=True)
class Noted:
    """The head of a store at a moment. `store` is the seal of its first step, `seal` that of step `step`."""

    store: str
    step: int
    seal: str


class Heads:
    """The noted heads of the store at one place, in `folder`.

    `caution` says what keeps the last head from being noted; None while all is well.
    """

    def __init__(self, folder: Path, place: str) -> None:
        self.caution: str | None = None
        name = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self.file = folder / f"heads-{name}.jsonl"

    def note(self, step: Step, first: str) -> None:
        """Note a step that is on the disk. Where that fails the step is kept all the same: see `caution`."""
        line = json.dumps(asdict(Noted(first, step.number, step.seal))).encode() + b"\n"
        try:
            self._write(line)
        except OSError as error:
            cause, fix = disk_cause(error)
            self.caution = f"Entries are kept, but not noted in {self.file}. Reason: {cause}. {fix}"
        else:
            self.caution = None

    def noted(self) -> list[Noted]:
        """The noted heads, each store's last one, in the order they were noted. Raises StoreError."""
        try:
            lines = self.file.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            cause, fix = disk_cause(error)
            raise StoreError(f"{self.file} cannot be read", f"Reason: {cause}", fix) from error
        found: dict[str, Noted] = {}
        for line in lines:
            one = _read(line)
            if one is not None and (one.store not in found or found[one.store].step <= one.step):
                found[one.store] = one
        return list(found.values())

    def _write(self, line: bytes) -> None:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not self.file.exists()
        if not is_new and self.file.stat().st_size > MOST_BYTES:
            kept = b"".join(json.dumps(asdict(one)).encode() + b"\n" for one in self.noted())
            replace_file(self.file, kept)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE)
        try:
            write_all(descriptor, line if _is_whole(descriptor) else b"\n" + line)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.file.parent)


def _is_whole(descriptor: int) -> bool:
    """Whether the file does not end with a line that a crash tore."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"


def _read(line: bytes) -> Noted | None:
    """A noted head; None for a line that a crash tore."""
    try:
        match json.loads(line):
            case {"store": str(store), "step": int(step), "seal": str(seal)}:
                return Noted(store, step, seal)
            case _:
                return None
    except ValueError:
        return None
