"""Judging a vignette: its timeline is stepped, and every expectation compared with what its step shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathway.engine.case import Case, Step
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import NotRecorded, Ran, play_timeline
from pathway.engine.view import Refusal
from pathway.language.definition import Definition
from pathway.language.problems import Place, Problem
from pathway.vignettes.comparing import came_of
from pathway.vignettes.present import Present, Shown
from pathway.vignettes.reasons import why_of
from pathway.vignettes.vignette import NOT, ONLY, Expectation, Miss, Verdicts, Vignette


def compile_for(definition: Definition, vignette: Vignette) -> CompiledPathway:
    """The pathway with the layers that the vignette wants. Raises DefinitionError."""
    return compile_pathway(definition, vignette.without_layers & frozenset(definition.layers))


def judge(compiled: CompiledPathway, vignette: Vignette, first_miss_only: bool = False) -> Verdicts:
    """Step a vignette and judge all it expects; with `first_miss_only`, stop at the first thing wrong.

    `compiled` may be any pathway with the same layers, such as a mutant. A case is not stepped beyond an
    entry that could not be recorded, unless its `refused` said so. Raises ValueError on other layers.
    """
    wanted = frozenset(compiled.definition.layers) - vignette.without_layers
    if compiled.layers != wanted:
        raise ValueError(f"{vignette.case} is judged with the layers {sorted(wanted)}: use compile_for")
    misses: list[Miss] = []
    judged = 0
    for index, played in enumerate(play_timeline(compiled, vignette.timeline)):
        expected = vignette.expected[index]
        faults, refused = _refused(played, expected)
        if faults:
            return Verdicts(vignette, judged, tuple(misses), tuple(faults))
        assert played.case is not None
        now = Present(_step(played, played.case), played.case)
        for miss in _misses(now, expected, refused, played):
            misses.append(miss)
            if first_miss_only:
                return Verdicts(vignette, judged, tuple(misses), ())
        judged += len(expected)
    return Verdicts(vignette, judged, tuple(misses), ())


def _step(played: Ran | NotRecorded, case: Case) -> Step:
    """The step of an entry; where nothing was recorded, the case as it stands."""
    if isinstance(played, Ran):
        return played.step
    return Step(case.now, (), (), (), case.view)


# --- what was refused ---------------------------------------------------------------------------
def _refused(
    played: Ran | NotRecorded, expected: tuple[Expectation, ...]
) -> tuple[list[Problem], list[tuple[Place, Refusal]]]:
    """Bad input that nobody expected, and everything that was refused with its place."""
    entry = played.entry
    if isinstance(played, Ran):
        refusals = [_of_step(refusal) for refusal in played.step.refused]
        return [], [(entry.places.get(_about(one), entry.place), one) for one in refusals]
    told = [
        (problem.place or entry.place, Refusal(said.about or "the entry", said.text))
        for problem, said in zip(played.problems, played.error.problems, strict=True)
    ]
    unexpected = [Problem(place, one.why) for place, one in told if not _words_in(one, expected)]
    return (unexpected or played.problems if played.case is None else unexpected), told


def _of_step(refusal: Refusal) -> Refusal:
    """A refusal with its kind in words: the engine names a choice only by where it leads."""
    return replace(refusal, what=f"take {refusal.what}") if " -> " in refusal.what else refusal


def _about(refusal: Refusal) -> str:
    words = refusal.what.split()
    return words[1] if len(words) > 1 else words[0]


def _words_in(refusal: Refusal, expected: tuple[Expectation, ...]) -> bool:
    return any(one.name in _said(refusal) for one in expected if one.key == "refused")


def _said(refusal: Refusal) -> str:
    return f"{refusal.what}: {refusal.why}"


# --- misses -------------------------------------------------------------------------------------
def _misses(
    now: Present,
    expected: tuple[Expectation, ...],
    refused: list[tuple[Place, Refusal]],
    played: Ran | NotRecorded,
) -> Iterator[Miss]:
    at = played.entry.batch.at
    for place, refusal in refused:
        if not _words_in(refusal, expected):
            yield Miss(place, at, "refused", "nothing to be refused", refusal.what, refusal.why)
    for one in expected:
        if one.key == "refused":
            missed = _refusal_missed(one, at, [refusal for _, refusal in refused])
        else:
            missed = _missed(one, at, now)
        if missed is not None:
            yield missed


def _refusal_missed(one: Expectation, at: int, refused: list[Refusal]) -> Miss | None:
    if any(one.name in _said(refusal) for refusal in refused):
        return None
    came = "; ".join(_said(refusal) for refusal in refused) or "nothing was refused"
    expected = f"a refusal that says `{one.name}`"
    return Miss(one.place, at, one.what, expected, came, "all that the entry says could be recorded")


def _missed(one: Expectation, at: int, now: Present) -> Miss | None:
    if one.mode == ONLY:
        return _exactly(one, at, now)
    if one.mode == NOT:
        return _never(one, at, now)
    if isinstance(one.value, tuple):
        return _among(one, at, now)
    came = came_of(one, now)
    if came is None:
        return None
    return Miss(one.place, at, one.what, one.text, came, why_of(one.key, one.name, now, one.value))


def _among(one: Expectation, at: int, now: Present) -> Miss | None:
    """A name that shall be listed, and what shall be among its reasons."""
    assert isinstance(one.value, tuple)
    shown = now.shown(one.key)
    found = [thing for thing in shown if one.name in thing.labels]
    details = frozenset(detail for thing in found for detail in thing.details)
    missing = [name for name in one.value if name not in details]
    if found and not missing:
        return None
    because = f" because of {', '.join(one.value)}" if one.value else ""
    expected = f"{one.name} to be {WORDS[one.key]}{because}"
    if found:
        came = f"{WORDS[one.key]} because of {', '.join(sorted(details)) or 'nothing'}"
    else:
        came = f"not {WORDS[one.key]} ({_names(shown)})"
    return Miss(one.place, at, one.what, expected, came, why_of(one.key, one.name, now))


def _never(one: Expectation, at: int, now: Present) -> Miss | None:
    if not any(one.name in thing.labels for thing in now.shown(one.key)):
        return None
    word = WORDS[one.key]
    return Miss(one.place, at, one.what, f"{one.name} not to be {word}", word, why_of(one.key, one.name, now))


def _exactly(one: Expectation, at: int, now: Present) -> Miss | None:
    """Exactly the names: each is shown, and each thing shown answers to one of them."""
    assert isinstance(one.value, tuple)
    wanted, shown = frozenset(one.value), now.shown(one.key)
    extra = [thing.name for thing in shown if not thing.labels & wanted]
    missing = [name for name in one.value if not any(name in thing.labels for thing in shown)]
    if not extra and not missing:
        return None
    reasons = [f"{name} is there: {why_of(one.key, name, now)}" for name in dict.fromkeys(extra)]
    reasons += [f"{name} is not: {why_of(one.key, name, now)}" for name in missing]
    expected = f"{WORDS[one.key]}: exactly {one.text}"
    return Miss(one.place, at, one.what, expected, _names(shown), "; ".join(reasons))


def _names(shown: tuple[Shown, ...]) -> str:
    return ", ".join(dict.fromkeys(thing.name for thing in shown)) or "nothing"


WORDS = {
    "taken": "entered in this step", "open": "open", "waiting": "waiting", "recommended": "recommended",
    "outstanding": "outstanding", "overridden": "recommended by override", "held": "held",
    "blocked": "blocked", "done": "done", "declined": "declined", "warnings": "shown as a warning",
    "needs": "needed",
}  # fmt: skip
