"""What elements rest on and belong to: their sources, their layer, and whether they stay without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pathway.comparing.difference import Difference, Spot, Weight


class Kept(Protocol):
    """An element of a layer."""

    @property
    def cites(self) -> tuple[str, ...]: ...
    @property
    def layer(self) -> str | None: ...


class Lasting(Kept, Protocol):
    """An element that may outlast its layer."""

    @property
    def safety(self) -> bool: ...


def sourced(spot: Spot, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    """Other sources; the first one decides the layer, so that their order counts."""
    if old != new:
        then, now = (", ".join(cites) or None for cites in (old, new))
        yield from spot.value("sources", then, now, Weight.CONTENT)


def in_layer(spot: Spot, old: Kept, new: Kept) -> Iterator[Difference]:
    """Other sources or another layer."""
    yield from sourced(spot, old.cites, new.cites)
    yield from spot.value("layer", old.layer, new.layer, Weight.CONTENT)


def kept_as(spot: Spot, old: Lasting, new: Lasting) -> Iterator[Difference]:
    """The same, and whether it stays when its layer is switched off."""
    yield from in_layer(spot, old, new)
    yield from spot.flag(
        "safety", old.safety, new.safety, "stays when its layer is switched off", "goes with its layer"
    )
