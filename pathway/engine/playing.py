"""Stepping a timeline through a pathway, entry by entry, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pathway.engine.case import Case, Step, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.timeline import Timeline, TimelineEntry
from pathway.language.problems import DefinitionError, Problem

CONFIRM = "timeline"


@dataclass(frozen=True, slots=True)
class Ran:
    """A step of a timeline, with the entry that caused it."""

    entry: TimelineEntry
    step: Step
    case: Case


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """An entry of which nothing was recorded, and why. `case` is None where it could not even be opened."""

    entry: TimelineEntry
    error: EntryError
    case: Case | None

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the entry, each with the place of what it is about."""
        return [
            Problem(self.entry.places.get(problem.about, self.entry.place), problem.text, code="timeline")
            for problem in self.error.problems
        ]


def play_timeline(compiled: CompiledPathway, timeline: Timeline) -> Iterator[Ran | NotRecorded]:
    """Step a timeline entry by entry, confirmed transitions taken as the clinician would.

    An entry that cannot be recorded changes nothing, and the next one is stepped from where the case stood.
    """
    case: Case | None = None
    for entry in timeline.entries:
        batch = entry.batch
        opening: tuple[Step, ...] = ()
        try:
            if case is None:
                case, first = open_case(
                    compiled,
                    timeline.case,
                    batch.at,
                    batch.by,
                    batch.recorded_at,
                    timeline.timezone,
                    timeline.label,
                )
                opening = (first,)
            step = case.commit(batch, confirm=CONFIRM)
        except EntryError as error:
            yield NotRecorded(entry, error, case)
            if case is None:
                return
            continue
        taken = (*(move for one in opening for move in one.taken), *step.taken)
        yield Ran(entry, replace(step, taken=taken), case)


def step_timeline(compiled: CompiledPathway, timeline: Timeline) -> Iterator[Ran]:
    """Step a timeline entry by entry. Raises DefinitionError naming the line of bad input."""
    problem = other_pathway(compiled.definition.id, timeline)
    if problem is not None:
        raise DefinitionError([problem])
    for played in play_timeline(compiled, timeline):
        if isinstance(played, NotRecorded):
            raise DefinitionError(played.problems)
        yield played


def other_pathway(pathway: str, timeline: Timeline) -> Problem | None:
    """The problem of a timeline that says it is for another pathway."""
    if timeline.pathway is None or timeline.pathway == pathway:
        return None
    text = f"{timeline.name}: this timeline is for `{timeline.pathway}`, not for `{pathway}`"
    return Problem(None, text, "Name the pathway it is for")
