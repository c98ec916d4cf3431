"""Saves hand-overs from the screen; what draws and renders is loaded only when one is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.language.definition import Definition

if TYPE_CHECKING:
    from pathway.handover.content import Handover


def saver(definition: Definition) -> Callable[[Handover, Path, bool], Sequence[Path]]:
    """Writes hand-overs of cases on this pathway into a folder; `over` replaces files that are there."""

    def save(handover: Handover, folder: Path, over: bool) -> Sequence[Path]:
        from pathway.cli.handover import save_into

        return save_into(handover, definition, folder, over)

    return save
