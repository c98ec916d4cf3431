"""A campaign against readers in a process of its own, whose time and memory the system limits.

`python -m tests.fuzzing.campaign FOLDER SECONDS SEED SIZE READER...`: first the files made to bring each
reader down, then damaged ones until its share of time is up. Prints one JSON document. The file at hand is
kept in the folder, also after a crash that no Python survives.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import FrameType

from tests.fuzzing.law import MOST_MEMORY, broken
from tests.fuzzing.readers import READERS, Reader
from tests.fuzzing.worst import worst_of

ADDRESSES = 4 << 30  # beyond this the system itself refuses memory
GIVEN_UP = 10  # seconds of this process after which a reader is stopped where it stands
KEPT = 30


class StillReadingError(BaseException):
    """A reader that does not come to an end."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise StillReadingError


def peak() -> int:
    """The most memory that this program has used, in bytes.

    Linux counts in `ru_maxrss` what the process was that started it, too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))
        assert found is not None
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def outcome(reader: Reader, path: Path) -> str | None:
    """How the law was broken, in words that are the same for the same defect; None where it was kept."""
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP)
    try:
        return broken(reader, path)
    except StillReadingError as error:
        return f"more than {GIVEN_UP} s in {_place(error)}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]} in {_place(error)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _place(error: BaseException) -> str:
    """The innermost place in the program."""
    ours = [one for one in traceback.extract_tb(error.__traceback__) if "/pathway/" in one.filename]
    return " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(ours[-2:]))


class Tried:
    """What came of the files that were tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.most = MOST_MEMORY
        self.found: dict[str, str] = {}

    def file(self, reader: Reader, content: bytes, what: str) -> None:
        """Read one file, and keep it where the law was broken in a new way."""
        path = self.folder / reader.name
        path.write_bytes(content)
        wrong = outcome(reader, path)
        self.count += 1
        if wrong is None and peak() > self.most:
            wrong, self.most = f"{peak() >> 20} MB", peak()
        if wrong is not None and len(self.found) < KEPT and self.found.setdefault(wrong, what) == what:
            (self.folder / f"{len(self.found)}-{reader.name}").write_bytes(content)


def tried(name: str, seconds: float, seed: int, size: int, folder: Path) -> Tried:
    """One reader: what was made for it, then damaged files until the time of this process is up."""
    reader, chance = READERS[name], Random(f"{name} {seed}")
    seeds, found = reader.seeds(), Tried(folder)
    folder.mkdir(parents=True)
    reader.prepare(folder)
    for what, content in worst_of(name, size).items():
        found.file(reader, content, what)
    end = time.process_time() + seconds
    while time.process_time() < end:
        found.file(reader, reader.damage(chance.choice(seeds), chance), f"damaged file {found.count}")
    return found


def main(folder: Path, seconds: float, seed: int, size: int, names: Sequence[str]) -> dict[str, object]:
    """The whole campaign."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    signal.signal(signal.SIGPROF, _stop)
    every = {name: tried(name, seconds, seed, size, folder / name) for name in names}
    return {
        "files": sum(one.count for one in every.values()),
        "megabytes": peak() >> 20,
        "found": [
            f"{name}: {what}: {wrong}" for name, one in every.items() for wrong, what in one.found.items()
        ],
    }


if __name__ == "__main__":
    print(
        json.dumps(
            main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
        )
    )
