"""What the replay screen shows: a log, its frames on its pathway, and another version if one is given."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.logs.chain import Log
from pathway.replay.frames import Frames


@dataclass(frozen=True, slots=True)
class Recording:
    """A log that is looked at; nothing of it is ever written. `against` is the version to compare with."""

    log: Log
    frames: Frames
    against: CompiledPathway | None = None

    @property
    def compiled(self) -> CompiledPathway:
        return self.frames.compiled

    @property
    def definition(self) -> Definition:
        return self.compiled.definition


def recording_of(log: Log, compiled: CompiledPathway, against: CompiledPathway | None = None) -> Recording:
    """A log ready to be shown: its events are folded once."""
    return Recording(log, Frames(compiled, log.header.case, log.events), against)


def version_words(definition: Definition) -> str:
    """`demo@1.0.0`."""
    return f"{definition.id}@{definition.version}"
