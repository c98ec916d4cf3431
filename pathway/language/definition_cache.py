"""Definitions read before, kept on disk, and taken again while not one byte of what made them differs."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathway.language.bundled import MAIN_FILE
from pathway.language.collecting import garbage_put_off
from pathway.language.definition import Definition

if TYPE_CHECKING:  # the readers bring YAML, the grammar and the schema, which a kept definition does without
    from pathway.language.gather import Gathered

SUFFIX, MOST_ENTRIES = ".kept", 64
# What reads a definition besides this room's own modules, and the file that names its version.
READERS = {"yaml": "__init__.py", "lark": "__init__.py", "pydantic": "version.py"}


@dataclass(frozen=True, slots=True)
class DefinitionCache:
    """A folder of definitions read before. `folder` is None where nothing is to be kept.

    What is kept is never trusted by age or name: every file of the definition is read and its SHA-256
    compared, and so are the program's modules, Python's version and those of the libraries that read.
    The folder has to belong to the user, and nobody else may be able to write in it.
    """

    folder: Path | None

    def definition(self, path: Path) -> Definition:
        """What `load_definition` gives. Raises DefinitionError."""
        entry = self._entry("definition", path)
        taken: Definition | None = _taken(entry, path)
        if taken is None:
            taken, gathered = _read(path)
            _keep(entry, gathered.contents, taken)
        return taken

    def as_written(self, path: Path) -> tuple[Definition, Gathered]:
        """What `load_as_written` gives. Raises DefinitionError."""
        entry = self._entry("as written", path)
        taken: tuple[Definition, Gathered] | None = _taken(entry, path)
        if taken is None:
            taken = _read(path)
            _keep(entry, taken[1].contents, taken)
        return taken

    def _entry(self, kind: str, path: Path) -> Path | None:
        """The file that keeps this definition, or None where none can be kept."""
        if self.folder is None or program_digest() is None or not _is_private(self.folder):
            return None
        # A definition knows its files by the names it was read under.
        meant = "\n".join((kind, "" if path.is_absolute() else os.getcwd(), path.as_posix()))
        return self.folder / f"{_sha256(meant.encode('utf-8', 'surrogateescape'))}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of an entry: SHA-256 of the program, of each file that was read, and of what follows."""

    program: str
    contents: dict[str, str]
    payload: str


def _read(path: Path) -> tuple[Definition, Gathered]:
    from pathway.language.load import load_as_written

    return load_as_written(path)


def _taken(entry: Path | None, path: Path) -> Any:
    """What an entry keeps, or None when there is none or anything that made it differs now."""
    if entry is None:
        return None
    try:
        head, payload = entry.read_bytes().split(b"\n", 1)
        kept = _Head(**json.loads(head))
    except (OSError, ValueError, TypeError):  # not there, not whole, or of another make
        return None
    main = path / MAIN_FILE if path.is_dir() else path
    if kept.program != program_digest() or main.as_posix() not in kept.contents:
        return None
    if not _still(kept.contents) or kept.payload != _sha256(payload):
        return None
    with suppress(OSError):
        entry.touch()  # the oldest that nobody asks for are forgotten
    with garbage_put_off():
        # Whole, our own, and by this very program: nobody else may write in the folder.
        return pickle.loads(payload)  # nosec B301


def _keep(entry: Path | None, contents: Mapping[str, str], value: object) -> None:
    """Write an entry whole or not at all; what cannot be kept is read again the next time."""
    if entry is None:
        return
    payload = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    head = {"program": program_digest(), "contents": contents, "payload": _sha256(payload)}
    with suppress(OSError):
        descriptor, beside = tempfile.mkstemp(dir=entry.parent)
        with open(descriptor, "wb") as file:
            file.write(json.dumps(head).encode() + b"\n" + payload)
        os.replace(beside, entry)
        _forget_the_oldest(entry.parent)


def _still(contents: Mapping[str, str]) -> bool:
    """Whether every file has the content that was read."""
    try:
        return all(_sha256(Path(name).read_bytes()) == digest for name, digest in contents.items())
    except (OSError, ValueError):
        return False


def _forget_the_oldest(folder: Path) -> None:
    entries = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime_ns)
    for old in entries[:-MOST_ENTRIES]:
        old.unlink(missing_ok=True)


def _is_private(folder: Path) -> bool:
    """Whether the folder is the user's and nobody else writes in it; it is made where there is none."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(seen.st_mode):
        return False
    return os.name == "nt" or (seen.st_uid == os.getuid() and not seen.st_mode & 0o022)


@cache
def program_digest() -> str | None:
    """SHA-256 over all that decides how a definition is read; None where that is not in files."""
    room = Path(__file__).parent
    modules = sorted([*room.rglob("*.py"), *room.rglob("*.lark")])
    found = [*modules, *(path for path in map(_version_file, READERS) if path is not None)]
    try:
        texts = [path.read_bytes() for path in found]
    except OSError:
        return None
    if len(found) != len(modules) + len(READERS) or not modules:
        return None
    whole = hashlib.sha256(sys.version.encode())
    for text in texts:
        whole.update(hashlib.sha256(text).digest())
    return whole.hexdigest()


def _version_file(library: str) -> Path | None:
    found = find_spec(library)
    return Path(found.origin).parent / READERS[library] if found and found.origin else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
