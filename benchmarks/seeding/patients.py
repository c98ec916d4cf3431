"""Patients made up to come to every state of a pathway, and the engine run on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from benchmarks.seeding.values import thresholds, values_of
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry, OverrideEntry, TakeEntry
from pathway.engine.case import Case, Step, open_case
from pathway.engine.compiled import CompiledPathway
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.language.definition import Definition

START = 1_772_352_000  # 1 March 2026, 08:00 UTC
PAUSE = 600
FIRST = START + PAUSE
BY = "made up"
KEPT = 5
WALKS = 600

Story = tuple[Batch, ...]
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Played:
    """A case after a story; `stopped` is why the engine refused the last entry, if it did."""

    case: Case
    steps: tuple[Step, ...]
    stopped: str | None = None

    @property
    def entered(self) -> set[Place]:
        """The states that were come to, also those only passed."""
        return {(move.track, move.to) for step in self.steps for move in step.taken}

    def stands(self, track: str) -> str:
        return self.case.memory.stands[track].state


def play(
    compiled: CompiledPathway, story: Sequence[Batch], see: Callable[[Case], None] | None = None
) -> Played:
    """Run a story as `pathway run` does; `see` looks at the case after every entry."""
    steps: list[Step] = []
    begins = min(START, story[0].at) if story else START
    case, first = open_case(compiled, "made up", begins, BY, begins)
    steps.append(first)
    for batch in story:
        try:
            steps.append(case.commit(batch, confirm=CONFIRM))
        except EntryError as error:
            return Played(case, tuple(steps), "; ".join(one.text for one in error.problems))
        if see is not None:
            see(case)
    return Played(case, tuple(steps))


def entry(at: int, **parts: object) -> Batch:
    """One entry at an instant."""
    return replace(Batch(at, BY, at), **parts)  # type: ignore[arg-type]


def with_facts(batch: Batch, facts: dict[str, str | tuple[str, ...]]) -> Batch:
    """The entry with these values instead of its own."""
    kept = [one for one in batch.facts if one.fact not in facts]
    said = [FactEntry(name, value) for name, value in facts.items()]
    gone = tuple(one for one in batch.retracted if one.fact not in facts)
    return replace(batch, facts=(*kept, *said), retracted=gone)


@dataclass(slots=True)
class Library:
    """For every state that a made-up patient came to, a few stories whose last entry brought them there.

    `long` stories take a while to play, so few variants of them are tried. `offers` are stories in which an
    action is recommended at the end."""

    compiled: CompiledPathway
    long: bool = False
    stories: dict[Place, list[Story]] = field(default_factory=dict[Place, list[Story]])
    offers: dict[str, list[Story]] = field(default_factory=dict[str, list[Story]])

    @property
    def definition(self) -> Definition:
        return self.compiled.definition

    def keep(self, played: Played, story: Story) -> bool:
        """Remember a story for each state that its last entry brought; whether any was new."""
        new = False
        entered = {(move.track, move.to) for move in played.steps[-1].taken} if played.steps else set[Place]()
        if len(played.steps) == 1 + len(story):
            for place in entered:
                kept = self.stories.setdefault(place, [])
                if len(kept) < KEPT:
                    kept.append(story)
                    new = True
        return new

    def to(self, place: Place) -> list[Story]:
        """Stories that end in a state; a start is there at once."""
        track, state = place
        begun: list[Story] = [()] if self.definition.tracks[track].start == state else []
        return begun + self.stories.get(place, [])

    @property
    def places(self) -> list[Place]:
        return [(track.name, state) for track in self.definition.tracks.values() for state in track.states]


def explored(compiled: CompiledPathway, seed: int = 0, walks: int = WALKS) -> Library:
    """Walk at random from entry to entry until every state was come to a few times, or for so many walks."""
    definition = compiled.definition
    draw = random.Random(seed)
    library = Library(compiled)
    numbers = thresholds(definition)
    known: list[Story] = [()]
    for _ in range(walks):
        story = draw.choice(known)
        batch = _drawn(definition, numbers, START + PAUSE * (len(story) + 1), draw)
        played = play(compiled, (*story, batch))
        if played.stopped is None and library.keep(played, (*story, batch)) and len(story) < 6:
            known.append((*story, batch))
        for chosen in _choices(played, (*story, batch)):
            library.keep(play(compiled, chosen), chosen)
            known.append(chosen)
        if all(len(library.to(place)) >= KEPT for place in library.places):
            break
    return library


def told_before(compiled: CompiledPathway, stories: Iterable[Story], enough: int = 2) -> Library:
    """A library of stories that others wrote, such as the cases of a pathway, up to each of their entries."""
    library = Library(compiled, long=True)
    for whole in stories:
        for length, step in enumerate(play(compiled, whole).steps[1:], 1):
            for move in step.taken:
                kept = library.stories.setdefault((move.track, move.to), [])
                if len(kept) < enough:
                    kept.append(whole[:length])
        if all(len(library.to(place)) >= enough for place in library.places):
            break
    return library


def _choices(played: Played, story: Story) -> Iterator[Story]:
    """The story with each choice that it leaves to the clinician."""
    for track in played.case.view.tracks if played.stopped is None else ():
        for way in track.transitions:
            if track.choice and way.standing == "open":
                yield later(story, take=(TakeEntry(track.track, way.to),))


def _drawn(
    definition: Definition, numbers: dict[str, tuple[Fraction, ...]], at: int, draw: random.Random
) -> Batch:
    facts = [fact for fact in definition.facts.values() if fact.recordable and draw.random() < 0.5]
    chosen = [
        FactEntry(fact.name, draw.choice(values_of(fact, numbers.get(fact.name, ()), at)))  # type: ignore[arg-type]
        for fact in facts
        if not (fact.is_derived and draw.random() < 0.7)
    ]
    deeds = [DeedEntry(name) for name in definition.actions if draw.random() < 0.15]
    done = {one.action for one in deeds}
    refusals = [
        DeclineEntry(name, "no") for name in definition.actions if draw.random() < 0.1 and name not in done
    ]
    said = {row.fact for action in done for row in definition.actions[action].records}
    chosen = [one for one in chosen if one.fact not in said]
    return entry(at, facts=tuple(chosen), done=tuple(deeds), declined=tuple(refusals))


def later(story: Story, **parts: object) -> Story:
    """The story with one more entry."""
    return (*story, entry(START + PAUSE * (len(story) + 1) if not story else story[-1].at + PAUSE, **parts))


def overriding(action: str) -> tuple[OverrideEntry, ...]:
    """An override of whatever stands against an action."""
    return (OverrideEntry("made up", action=action),)


def stories_of(library: Library) -> Iterator[Story]:
    """Every story kept, each once."""
    seen: set[int] = set()
    for kept in library.stories.values():
        for story in kept:
            if id(story) not in seen:
                seen.add(id(story))
                yield story


def said(facts: Mapping[str, str | tuple[str, ...]]) -> tuple[FactEntry, ...]:
    """Values as they are entered."""
    return tuple(FactEntry(name, value) for name, value in facts.items())
