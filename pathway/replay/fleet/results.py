"""Results of single files, kept so that a run that was interrupted goes on where it was, and its manifest.

A result counts only when it is complete: its last line is the SHA-256 of all before it. Its name tells the
file, its content and the replay, so that a changed file or another version of a pathway never finds it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from pathway.replay.fleet.places import below, read_bytes, write_bytes
from pathway.replay.fleet.problems import FleetError

FORMAT = 1  # the number of the form of results and manifests
MANIFEST = "manifest.json"
LONGEST_STEM = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """What the manifest says of one file once all are done."""

    file: str
    digest: str | None
    result: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Results:
    """The folder of the results of one replay; `identity` says what replay it is, to the version."""

    folder: str
    identity: str

    def name(self, file: str, digest: str) -> str:
        """The name of the result of a file with this content."""
        key = hashlib.sha256(json.dumps([FORMAT, self.identity, file, digest]).encode()).hexdigest()
        stem = PureWindowsPath(PurePosixPath(file).name).stem[:LONGEST_STEM]
        return f"{stem}.{key[:16]}.json"

    def kept(self, file: str, digest: str) -> dict[str, Any] | None:
        """The sum that was kept of a file; None where there is none, or it is not complete."""
        data = read_bytes(below(self.folder, self.name(file, digest)))
        found = None if data is None else _unsealed(data)
        if found is None or (found["identity"], found["file"], found["digest"]) != (
            self.identity,
            file,
            digest,
        ):
            return None
        kept: dict[str, Any] = found["sum"]
        return kept

    def keep(self, file: str, digest: str, found: dict[str, Any]) -> None:
        """Keep the sum of a file. Raises OSError."""
        head = {"format": FORMAT, "identity": self.identity, "file": file, "digest": digest}
        data = _sealed({**head, "sum": found})
        write_bytes(below(self.folder, self.name(file, digest)), data)

    # --- the manifest ---------------------------------------------------------------------------
    def begin(self, files: Sequence[str]) -> None:
        """Say in the folder what is going to be replayed. Raises FleetError where it holds another replay."""
        data = read_bytes(below(self.folder, MANIFEST))
        found = None if data is None else _unsealed(data)
        if data is not None and (found is None or found["identity"] != self.identity):
            what = "another replay" if found is not None else "a manifest that is not ours, or was changed"
            why = "Results of different replays would mix"
            raise FleetError(f"{self.folder} holds {what}", why, "Name an empty or a new folder.")
        self._say([{"file": file} for file in files], done=False)

    def finish(self, files: Sequence[Kept]) -> None:
        """Say what became of every file."""
        self._say([asdict(one) for one in files], done=True)

    def _say(self, rows: Sequence[dict[str, Any]], done: bool) -> None:
        manifest = {"format": FORMAT, "identity": self.identity, "done": done, "files": rows}
        write_bytes(below(self.folder, MANIFEST), _sealed(manifest))


def _sealed(content: dict[str, Any]) -> bytes:
    body = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    return body + hashlib.sha256(body).hexdigest().encode() + b"\n"


def _unsealed(data: bytes) -> dict[str, Any] | None:
    """The content, if it is whole and in our form."""
    body, _, seal = data.removesuffix(b"\n").rpartition(b"\n")
    if seal != hashlib.sha256(body + b"\n").hexdigest().encode():
        return None
    found: dict[str, Any] = json.loads(body)
    return found if found.get("format") == FORMAT else None
