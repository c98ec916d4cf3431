"""`pathway cases server-setup`: a PostgreSQL database made ready for cases, by its administrator."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from pathway.cli.main import FINE
from pathway.language.problems import visible

if TYPE_CHECKING:
    from pathway.store.server.setting_up import Prepared


def set_up(_: object, options: argparse.Namespace) -> int:
    """Make the tables, and give the named roles their rights. Raises StoreError; then nothing was changed."""
    from pathway.store.server import prepare_database

    prepared = prepare_database(options.url, options.writer, options.reader)
    if options.json:
        print(json.dumps({**asdict(prepared), "writer": options.writer, "reader": options.reader}, indent=1))
    else:
        print("\n".join(visible(line) for line in _lines(prepared, options)))
    return FINE


def _lines(prepared: Prepared, options: argparse.Namespace) -> list[str]:
    tables = "its tables were made" if prepared.made else "its tables were there already"
    return [
        f"{prepared.place} is ready for cases: {tables}.",
        *([f"{options.writer} may read and add."] if options.writer is not None else []),
        *([f"{options.reader} may read."] if options.reader is not None else []),
        *(f"Caution: {caution}" for caution in prepared.cautions),
    ]
