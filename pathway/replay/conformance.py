"""Does a log follow from its facts? Every automatic move is derived anew and compared, none is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import Event
from pathway.language.definition import Definition
from pathway.logs.chain import Header, Log
from pathway.replay.batches import batches
from pathway.replay.divergence import (
    NO_EVENTS,
    OTHER_PATHWAY,
    OTHER_VERSION,
    Conformance,
    DivergedError,
    Divergence,
)
from pathway.replay.walk import Walk

__all__ = [
    "Conformance",
    "Divergence",
    "Followed",
    "conformance",
    "conformance_of_events",
    "followed",
    "other_version",
]


@dataclass(frozen=True, slots=True)
class Followed:
    """A log followed as far as it goes. In `walk` the case stands as it did where the following ended."""

    outcome: Conformance
    walk: Walk


def conformance(log: Log, compiled: CompiledPathway) -> Conformance:
    """Whether a log conforms to the pathway, compiled with the layers that its header names."""
    other = other_version(log.header, compiled)
    if other is not None:
        return Conformance(False, len(log.events), other)
    return conformance_of_events(log.events, compiled)


def conformance_of_events(events: Sequence[Event], compiled: CompiledPathway) -> Conformance:
    """Whether events follow from one another, and the first that does not (rule 27)."""
    return followed(events, compiled).outcome


def followed(events: Sequence[Event], compiled: CompiledPathway) -> Followed:
    """Events followed up to the first that does not follow, or to their end."""
    walk = Walk(compiled)
    if not events:
        why = "the case was never opened: the log is its first line alone, or all others were lost"
        lost = Divergence(0, NO_EVENTS, "case_opened", "no event at all", why)
        return Followed(Conformance(False, 0, lost), walk)
    try:
        for batch in batches(events):
            walk.take(batch)
    except DivergedError as error:
        return Followed(Conformance(False, len(events), error.divergence), walk)
    return Followed(Conformance(True, len(events)), walk)


def other_version(header: Header, compiled: CompiledPathway) -> Divergence | None:
    """The divergence of a log that was written with another definition; None when it is the same."""
    definition = compiled.definition
    logged = f"{header.pathway} {header.version}, digest {header.digest[:12]}"
    here = f"{definition.id} {definition.version}, digest {definition.digest[:12]}"
    why = _difference(header, definition)
    if why is None and header.without_layers != tuple(sorted(definition.layers.keys() - compiled.layers)):
        why = f"the log was written without the layers {', '.join(header.without_layers) or 'none'}"
    class_ = OTHER_VERSION if header.pathway == definition.id else OTHER_PATHWAY
    return None if why is None else Divergence(0, class_, here, logged, why)


def _difference(header: Header, definition: Definition) -> str | None:
    if header.pathway != definition.id:
        return f"this log is of the pathway {header.pathway}, not of {definition.id}"
    if header.digest == definition.digest:
        return None
    if header.version != definition.version:
        return f"this log was written with version {header.version}, and this is {definition.version}"
    return "this log was written with a definition of the same version but another content"
