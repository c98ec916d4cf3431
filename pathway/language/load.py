"""Loading a pathway: from YAML to a checked definition, with everything that is wrong said at once."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from pathway.language import written
from pathway.language.collecting import garbage_put_off
from pathway.language.definition import Definition, Source, Track
from pathway.language.english import Names, in_words
from pathway.language.gather import Gathered, UnsoundError, gather
from pathway.language.problems import DefinitionError, Problem
from pathway.language.resolve.actions import (
    resolve_action,
    resolve_claim,
    resolve_evidence,
    resolve_notice,
    resolve_safeguard,
)
from pathway.language.resolve.context import Context, title_of
from pathway.language.resolve.facts import fact_types, resolve_fact, resolve_formulas
from pathway.language.resolve.tracks import phases_of, resolve_track


def load_definition(path: Path) -> Definition:
    """Load and check the pathway in a file or folder. Raises DefinitionError with all its problems."""
    return load_as_written(path)[0]


def load_as_written(path: Path) -> tuple[Definition, Gathered]:
    """The checked pathway, and the text it was made from. Raises DefinitionError with all its problems."""
    try:
        with garbage_put_off():
            gathered = gather(path)
            return resolve(gathered), gathered
    except UnsoundError as error:
        raise DefinitionError([*error.problems, *_further(error)]) from None


def _further(error: UnsoundError) -> list[Problem]:
    """What is wrong with the well-shaped rest, but for what only follows from the parts that are missing."""
    if error.rest is None:
        return []
    try:
        resolve(error.rest)
    except DefinitionError as found:
        return [problem for problem in found.problems if not _words_of(problem) & error.gone]
    return []


def _words_of(problem: Problem) -> set[str]:
    """The words of a problem and of the place it points at."""
    place = problem.place
    marked = place.excerpt[place.column - 1 : place.column - 1 + place.length] if place is not None else ""
    return set(re.findall(r"[A-Za-z0-9_-]+", f"{problem.text} {marked}"))


def definition_from_text(text: str, name: str = "pathway.yaml") -> Definition:
    """Load and check a pathway given as text. Raises DefinitionError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, "utf-8")
        return load_definition(path)


def resolve(gathered: Gathered) -> Definition:
    """Check a gathered pathway: names, types, units, amounts. Raises DefinitionError."""
    context = Context(gathered)
    context.actions = frozenset(gathered.pathway.actions)
    context.states = {name: frozenset(track.states) for name, track in gathered.pathway.tracks.items()}
    context.names = _names(gathered)
    _distinct(context)
    fact_types(context)
    resolve_formulas(context)
    resolve_evidence(context)
    definition = _definition(context)
    if context.problems:
        raise DefinitionError(context.problems)
    return definition


def _names(gathered: Gathered) -> Names:
    pathway = gathered.pathway
    return Names(
        facts={name: fact.label or in_words(name) for name, fact in pathway.facts.items()},
        codes={name: fact.values for name, fact in pathway.facts.items() if isinstance(fact.values, dict)},
        actions={name: action.title for name, action in pathway.actions.items()},
        states={
            (track_name, name): title_of(name, state.title)
            for track_name, track in pathway.tracks.items()
            for name, state in track.states.items()
        },
    )


# Behind a reference number: the source prints none, and the match is inferred.
INFERRED = "*"


def _distinct(context: Context) -> None:
    """Overrides name an action or a track, so these must not share a name."""
    for name in context.written.tracks:
        if name in context.written.actions:
            context.refuse(
                ("tracks", name), f"`{name}` is both a track and an action", "Rename one of them.", key=True
            )
    for name, source in context.written.sources.items():
        context.named(("sources", name, "from"), source.from_, context.written.layers, "layer")
        if context.written.references:
            for index, key in enumerate(source.ref):
                path = ("sources", name, "ref", index)
                context.named(path, key.rstrip(INFERRED), context.written.references, "reference")


def _definition(context: Context) -> Definition:
    pathway, numbered = context.written, 1
    tracks: dict[str, Track] = {}
    for name, track in pathway.tracks.items():
        tracks[name] = resolve_track(context, name, track, numbered)
        numbered += len(track.states)
    return Definition(
        id=pathway.pathway,
        version=pathway.version,
        title=pathway.title,
        status=pathway.status,
        review=pathway.review,
        disclaimer=pathway.disclaimer,
        digest=context.gathered.digest,
        layers=dict(pathway.layers),
        grades={int(grade): meaning for grade, meaning in pathway.grades.items()},
        references=dict(pathway.references),
        phases=phases_of(context),
        sources={name: _source(name, source) for name, source in pathway.sources.items()},
        facts={name: resolve_fact(context, name, fact) for name, fact in pathway.facts.items()},
        actions={name: resolve_action(context, name, action) for name, action in pathway.actions.items()},
        safeguards={
            name: resolve_safeguard(context, name, item) for name, item in pathway.safeguards.items()
        },
        notices={name: resolve_notice(context, name, item) for name, item in pathway.notices.items()},
        tracks=tracks,
        claims={name: resolve_claim(context, name, claim) for name, claim in pathway.claims.items()},
        files=tuple(path.as_posix() for path in context.gathered.files),
        written=json.dumps(context.gathered.data, separators=(",", ":"), ensure_ascii=False),
    )


def _source(name: str, source: written.Source) -> Source:
    grade = int(source.grade) if source.grade is not None else None
    return Source(name, source.text, source.from_, tuple(source.ref), grade, source.problem)
