"""The key of pseudonyms: one secret in a file of its own, and the names it gives to cases and people."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pathway.language.problems import Fault
from pathway.logs.durable import open_for_append, sync_folder, write_all

SHORTEST, LONGEST = 32, 4096  # bytes
_FEWEST = 8  # different bytes: 64 random hexadecimal digits have fewer once in a billion billion keys
_DIGITS = 16  # 64 bits: among a million cases two share a pseudonym once in 37 million keys
_MAKE = "`pathway cases key FILE` makes a key"


class KeyFileError(Fault):
    """A file that cannot be the key of pseudonyms, or cannot become one: which, why, what to do."""

    def __init__(self, file: Path, what: str, why: str, fix: str) -> None:
        super().__init__(f"{file}: {what}. {why}. {fix}.")


@dataclass(frozen=True, slots=True)
class Key:
    """Gives the same case or person the same pseudonym; without the secret none can be led back or guessed.

    One word that stands for a case, a person and a text gets three pseudonyms, so none tells of another.
    """

    secret: bytes = field(repr=False)

    def case(self, case_id: str) -> str:
        """The pseudonym of a case id, such as `case-0a1b2c3d4e5f6789`."""
        return self._named("case", case_id)

    def person(self, name: str) -> str:
        """The pseudonym of who recorded something, by the name as it was recorded."""
        return self._named("person", name)

    def text(self, text: str) -> str:
        """What stands for a text that a fact holds: equal texts are told to be equal, and no more."""
        return self._named("text", text)

    def head(self, head: str) -> str:
        """What stands for the hash of a log that is not told along: the hash itself would lead back to it."""
        return self._digest("head", head)

    def _named(self, kind: str, name: str) -> str:
        return f"{kind}-{self._digest(kind, name)[:_DIGITS]}"

    def _digest(self, kind: str, name: str) -> str:
        message = f"{kind}\0{name}".encode(errors="surrogatepass")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def read_key(file: Path, store: Path | None = None) -> Key:
    """The key in a file. Raises KeyFileError where it does not keep its secret, and OSError.

    `store` is the file of the cases, or a folder full of them: a key in the same place would be copied along.
    """
    _refuse_in_store(file, store)
    if not file.is_file():
        what = "this is no file" if file.exists() else "there is no such file"
        raise KeyFileError(file, what, "Pseudonyms rest on a key", f"Name its file; {_MAKE}")
    with file.open("rb") as opened:
        _refuse_open_to_others(file, os.fstat(opened.fileno()).st_mode)
        secret = _secret(opened.read(LONGEST + 1))
    _refuse_weak(file, secret)
    return Key(secret)


def write_key(file: Path, secret: bytes, store: Path | None = None) -> None:
    """Write random bytes as a new key file that its owner alone may read; it is on the disk on return.

    Raises KeyFileError, also where there is such a file already, and OSError.
    """
    _refuse_in_store(file, store)
    _refuse_weak(file, secret)
    try:
        descriptor = open_for_append(file, new=True)
    except FileExistsError:
        why = "A key is never replaced: the pseudonyms given under it could be led back no more"
        raise KeyFileError(file, "there is such a file already", why, "Name another file") from None
    with ExitStack() as failed:
        failed.callback(file.unlink)
        with ExitStack() as opened:
            opened.callback(os.close, descriptor)
            write_all(descriptor, secret.hex().encode() + b"\n")
        sync_folder(file.absolute().parent)
        failed.pop_all()


def _secret(content: bytes) -> bytes:
    """A key that is text is the same with and without the line end that editors add."""
    return content.rstrip(b"\r\n") if content.isascii() else content


def _refuse_in_store(file: Path, store: Path | None) -> None:
    if store is None:
        return
    real, cases = file.resolve(), store.resolve()
    if real.parent == cases.parent or real.is_relative_to(cases):
        why = f"It lies with the store {store}: whoever copies the cases has it too"
        raise KeyFileError(file, "the key is kept with the cases", why, "Keep it in another folder")


def _refuse_open_to_others(file: Path, mode: int) -> None:
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        why = f"Its mode is {stat.S_IMODE(mode):03o}, and who reads it can lead the pseudonyms back"
        raise KeyFileError(file, "others may read this key", why, "Make it yours alone: chmod 600")


def _refuse_weak(file: Path, secret: bytes) -> None:
    if len(secret) < SHORTEST:
        what = f"the key has {len(secret)} bytes"
        raise KeyFileError(file, what, f"With fewer than {SHORTEST} a guess may find it", f"{_MAKE} that is")
    if len(secret) > LONGEST:
        what, why = "this is no key", f"A key has at most {LONGEST} bytes"
        raise KeyFileError(file, what, why, f"Name the file of the key; {_MAKE}")
    if len(set(secret)) < _FEWEST:
        what, why = "this is no random key", "It is made of few different bytes, and a guess finds it"
        raise KeyFileError(file, what, why, _MAKE)
