"""Case ids, which may be any text, as file names that every file system keeps apart."""

from __future__ import annotations

import hashlib
from string import ascii_lowercase, digits
from urllib.parse import unquote_to_bytes

from pathway.store.port import StoreError

_PLAIN = frozenset((ascii_lowercase + digits + "-_").encode())
_PREFIX, _SUFFIX = "case-", ".jsonl"
_LONGEST = 180  # of 255 that file systems allow, leaving room for a temporary name
_CUT = "~"


def file_name(case_id: str) -> str:
    """The file name of a case; capitals are encoded too, since some file systems do not tell them apart.

    >>> file_name("V-demo")
    'case-%56-demo.jsonl'
    """
    if case_id == "":
        raise StoreError("A case needs an id", "The given id is empty", "Give it one.")
    try:
        given = case_id.encode()
    except UnicodeEncodeError:
        why = "It holds half of a character pair (a lone surrogate), which is not text"
        raise StoreError(f"{case_id!r} cannot be a case id", why, "Choose another id.") from None
    written = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in given)
    if len(written) > _LONGEST:
        written = written[:100].rsplit("%", 1)[0] + _CUT + hashlib.sha256(given).hexdigest()
    return _PREFIX + written + _SUFFIX


def is_case_file(name: str) -> bool:
    return name.startswith(_PREFIX) and name.endswith(_SUFFIX)


def case_id_of(name: str) -> str:
    """The case id in a file name, for a file whose header cannot be read; a long id is cut short."""
    written = name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    short, cut, _ = written.partition(_CUT)
    return unquote_to_bytes(short).decode(errors="replace") + ("..." if cut else "")
