"""What commands that export cases share: `--pseudonymise`, `--keep-text`, and a new key for them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathway.pseudonyms.key import Key


def add_pseudonymise(parser: argparse.ArgumentParser) -> None:
    """The options of every export."""
    parser.add_argument(
        "--pseudonymise", "--pseudonym", dest="pseudonym", metavar="KEY_FILE",
        help="pseudonyms for the case and for who recorded; no label, and no text that people typed",
    )  # fmt: skip
    parser.add_argument(
        "--keep-text", action="store_true", help="with --pseudonymise: notes, reasons and text facts stay"
    )


def key_of(options: argparse.Namespace) -> Key | None:
    """The key that the options name; None where the export is not to be pseudonymised.

    Raises KeyFileError, OSError, StoreError, and UsageError for --keep-text without a key.
    """
    from pathway.cli.faults import UsageError
    from pathway.pseudonyms.key import read_key

    if options.pseudonym is not None:
        return read_key(Path(options.pseudonym), _store_file(options))
    if options.keep_text:
        raise UsageError("--keep-text: without --pseudonymise every text is kept. Name the key file too.")
    return None


def write_new_key(file: Path, options: argparse.Namespace) -> None:
    """Make a key, and say what it is good for. Raises KeyFileError, OSError, StoreError."""
    import secrets

    from pathway.pseudonyms.key import SHORTEST, write_key

    write_key(file, secrets.token_bytes(SHORTEST), _store_file(options))
    print(
        f"wrote {file}: a new key that you alone may read. The same key gives the same pseudonyms, and "
        "whoever has it can tell which case one stands for. Keep it apart from the cases and from exports.",
        file=sys.stderr,
    )


def _store_file(options: argparse.Namespace) -> Path | None:
    """The file of the cases, where no key may lie; None where a server keeps them."""
    from pathway.store.places import store_place

    place = store_place(getattr(options, "store", None))
    return place if isinstance(place, Path) else None
