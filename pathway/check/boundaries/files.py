"""Writing cases into a folder: what a person has changed stays as it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathway.check.boundaries.drafts import NOT_READ, BoundaryCase

HEAD = (
    f"# A case {NOT_READ}.\n"
    "# It says what the pathway does, not what it should do: it is a test once a person has read it,\n"
    "# compared it with the sources, and taken these lines and the words in its title out.\n"
)
FOLDERS = ("safeguards", "thresholds", "transitions", "unknown")
DIGEST = "# sha256 of the rest of this file, to tell whether a person has changed it: "


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each file, by its name below the folder.

    `kept` were changed by a person and left as they are; `left_over` were written before and would not be
    written now.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    left_over: tuple[str, ...]


def file_text(case: BoundaryCase) -> str:
    """What stands in the file of a case: a comment that says what it is, and the vignette."""
    rest = HEAD + case.as_yaml()
    return f"{DIGEST}{_digest(rest)}\n{rest}"


def write_cases(directory: Path, cases: Iterable[BoundaryCase]) -> Written:
    """Write cases below a folder, each file whole or not at all. Raises OSError.

    A file that is there and differs is replaced only where its own digest says that nobody has changed it.
    """
    said: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    for case in cases:
        said[_written(directory / case.file, file_text(case).encode("utf-8"))].append(case.file)
    names = {name for found in said.values() for name in found}
    left = tuple(name for name in _as_written(directory) if name not in names)
    written, unchanged, kept = (tuple(sorted(found)) for found in said.values())
    return Written(written, unchanged, kept, left)


def _written(path: Path, content: bytes) -> str:
    if path.is_file():
        before = path.read_bytes()
        if before == content:
            return "unchanged"
        if not _untouched(before):
            return "kept"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return "written"


def _untouched(content: bytes) -> bool:
    """Whether a file is as it was written here, now or before."""
    first, _, rest = content.partition(b"\n")
    return first == f"{DIGEST}{hashlib.sha256(rest).hexdigest()}".encode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _as_written(directory: Path) -> list[str]:
    """The files below a folder that were written here and that nobody has changed."""
    found = sorted(path for name in FOLDERS for path in (directory / name).glob("*.yaml") if path.is_file())
    return [path.relative_to(directory).as_posix() for path in found if _untouched(path.read_bytes())]
