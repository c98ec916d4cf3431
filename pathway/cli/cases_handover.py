"""`pathway cases handover`: what it rests on, and the drawing, are loaded only for it."""

from __future__ import annotations

import argparse

from pathway.cli.faults import UsageError
from pathway.cli.handover import write_handover
from pathway.cli.main import FINE
from pathway.store.port import Store


def hand_over(store: Store, options: argparse.Namespace) -> int:
    """Write the hand-over of a case."""
    if options.json:
        raise UsageError("--json: a hand-over is Markdown or HTML. `pathway cases export` writes the log.")
    if not store.exists(options.case):
        raise UsageError(f"There is no case {options.case!r} in {store.place}. `pathway cases` lists them.")
    write_handover(store.load(options.case), options, store.definition)
    return FINE
