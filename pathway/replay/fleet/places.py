"""Files of a data set and of its results: on this machine's disks, or in any store that fsspec can open.

An address with `://`, such as `s3://bucket/logs`, is opened by fsspec, which has to be installed for it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from pathway.logs.durable import replace_file
from pathway.replay.fleet.problems import FleetError
from pathway.replay.report.cases import ENDING, log_files

BLOCK = 1 << 20


def is_address(name: str) -> bool:
    """Whether a name is an address in a store, not a path on this machine."""
    return "://" in name


def files_of(names: Iterable[str], endings: tuple[str, ...] = (ENDING,)) -> list[str]:
    """The files that are meant, each once: folders stand for those below them, in order of their names.

    Raises LogError or FleetError for a folder without any.
    """
    found: list[str] = []
    for name in names:
        inside = _stored(name, endings) if is_address(name) else map(str, log_files([name], endings))
        found += inside
    return list(dict.fromkeys(found))


def _stored(name: str, endings: tuple[str, ...]) -> list[str]:
    system, path = _opened(name)
    if not system.isdir(path):
        return [name]
    found = sorted(one for one in system.find(path) if PurePosixPath(one).suffix in endings)
    if not found:
        why = f"Logs are files that end in {', '.join(endings)}"
        raise FleetError(
            f"There is no log below {name}", why, "Name another folder, or the files themselves."
        )
    return [str(system.unstrip_protocol(one)) for one in found]


@contextmanager
def local_copy(name: str) -> Generator[Path]:
    """A file as a path on this machine; what lies in a store is fetched for as long. Raises OSError."""
    if not is_address(name):
        yield Path(name)
        return
    system, path = _opened(name)
    with TemporaryDirectory(prefix="pathway-") as folder:
        here = Path(folder, PurePosixPath(path).name)
        system.get_file(path, str(here))
        yield here


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_bytes(name: str) -> bytes | None:
    """A whole file; None where there is none. Raises OSError."""
    try:
        if not is_address(name):
            return Path(name).read_bytes()
        system, path = _opened(name)
        return bytes(system.cat_file(path))
    except FileNotFoundError:
        return None


def write_bytes(name: str, data: bytes) -> None:
    """A whole file or none of it: written beside and renamed; a store takes it in one piece."""
    if not is_address(name):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(Path(name), data)
        return
    system, path = _opened(name)
    system.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
    system.pipe_file(path, data)


def below(folder: str, name: str) -> str:
    """The name of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}" if is_address(folder) else os.path.join(folder, name)


def _opened(name: str) -> tuple[Any, str]:
    """The store of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
    except ImportError:
        fix = "Install it: pip install fsspec, and what your store needs, such as s3fs."
        raise FleetError(
            f"{name} cannot be opened", "It lies in a store, and fsspec is missing", fix
        ) from None
    try:
        system, path = url_to_fs(name)  # pyright: ignore[reportUnknownVariableType]
    except (ValueError, ImportError) as error:
        fix = "Check the address, and install what opens this kind of store."
        raise FleetError(f"{name} cannot be opened", str(error), fix) from None
    return system, str(path)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
