"""The one error of this room: a data set that cannot be replayed as it was asked for."""

from __future__ import annotations

from pathway.language.problems import Fault


class FleetError(Fault):
    """A data set that cannot be replayed as asked: what, why, what to do."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(f"{what}. {why}. {fix}")
