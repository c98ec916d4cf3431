"""Faults of the flow: dead ends, states out of reach, circles, mutual waits, no deadlines, idle claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.seeding.bench import Bench, Candidate, constructed, state_path, ways_path
from benchmarks.seeding.editing import at
from benchmarks.seeding.fault import Edit, Expected, Path, expect
from benchmarks.seeding.safety import PLACE
from benchmarks.seeding.showing import Tried, shows_circle
from benchmarks.seeding.waiting import shows_mutual_wait, shows_waiting
from pathway.language.definition import Claim, State


def flow_faults(bench: Bench) -> Iterator[Candidate]:
    """Every candidate of these kinds."""
    for state in bench.states:
        if state.kind != "end":
            yield from _dead_end(state)
            yield from _circle(bench, state)
            yield from _mutual_wait(bench, state)
            yield from _never_arrives(bench, state)
        yield from _unreachable(bench, state)
    for claim in bench.definition.claims.values():
        yield from _vacuous(bench, claim)
        yield from _too_late(bench, claim)


# --- shape --------------------------------------------------------------------------------------
def _dead_end(state: State) -> Iterator[Candidate]:
    here = state_path(state.track, state.name)
    targets = ", ".join(way.to for way in state.next)
    why = "the state is no end and has no way out"
    gone = Edit((*here, "next"), [])
    yield Candidate("dead end", gone, targets, "no way out", constructed(why, expect("dead-end", here)))
    if len(state.next) == 1:
        path, text = ways_path(state, 0, "when"), state.next[0].when.text
        new = f"({text}) and not ({text})"
        why = "the only way out needs a condition and its contrary"
        expected = expect("dead-end dead-guard", here)
        yield Candidate("dead end", Edit(path, new), text, new, constructed(why, expected))
    elsewhere = f"in({state.track}.{state.next[0].to})"
    if len(state.next) == 1:
        path = ways_path(state, 0, "when")
        why = "the only way out needs the track to be in the state that it leads to"
        expected = expect("dead-end dead-guard unreachable", here)
        shown = constructed(why, expected)
        yield Candidate("dead end", Edit(path, elsewhere), state.next[0].when.text, elsewhere, shown)


def _entries(bench: Bench, state: State) -> list[tuple[State, int]]:
    track = bench.definition.tracks[state.track]
    return [
        (source, index)
        for source in track.states.values()
        for index, way in enumerate(source.next)
        if way.to == state.name and source.name != state.name
    ]


def _unreachable(bench: Bench, state: State) -> Iterator[Candidate]:
    entries = _entries(bench, state)
    track = bench.definition.tracks[state.track]
    if len(entries) != 1 or track.start == state.name:
        return
    source, index = entries[0]
    here = state_path(state.track, state.name)
    expected = expect("unreachable", here)
    why = "no way leads to the state any more"
    others = [way.to for way in source.next if way.to != state.name]
    for other in others[:1]:
        edit = Edit(ways_path(source, index, "to"), other)
        yield Candidate("unreachable state", edit, state.name, other, constructed(why, expected))
    if len(source.next) > 2:
        edit = Edit(ways_path(source, index), None, removes=True)
        yield Candidate(
            "unreachable state", edit, f"way to {state.name}", "taken out", constructed(why, expected)
        )
    text, path = source.next[index].when.text, ways_path(source, index, "when")
    if text != "otherwise":
        new = f"({text}) and in({state.track}.{state.name})"
        why = "the only way in needs the track to be there already"
        either = expect("unreachable dead-guard", here, state_path(source.track, source.name))
        yield Candidate("unreachable state", Edit(path, new), text, new, constructed(why, either))


# --- circles and waits --------------------------------------------------------------------------
def _circle(bench: Bench, state: State) -> Iterator[Candidate]:
    """An automatic way that leads back to its own state, or to one that led here."""
    before = [source.name for source, index in _entries(bench, state) if source.next[index].auto]
    for index, way in enumerate(state.next):
        for target in (state.name, *before) if way.auto else ():
            edit = Edit(ways_path(state, index, "to"), target)
            elements = tuple(state_path(state.track, name) for name in dict.fromkeys((state.name, target)))
            show = _shown(edit, shows_circle, state, Expected(frozenset({"auto-cycle"}), elements))
            yield Candidate("automatic circle", edit, way.to, target, show)


def _mutual_wait(bench: Bench, state: State) -> Iterator[Candidate]:
    """A way that waits for another track to be in another state than meant."""
    for index, way in enumerate(state.next):
        found = PLACE.fullmatch(way.when.text)
        for other in bench.definition.tracks[found[1]].states if found is not None else ():
            if found is None or other == found[2]:
                continue
            new = f"in({found[1]}.{other})"
            edit = Edit(ways_path(state, index, "when"), new)
            yield Candidate("mutual wait", edit, way.when.text, new, _shown_wait(edit))


def _shown_wait(edit: Edit) -> Callable[[Bench], tuple[str, Expected] | None]:
    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        found = None if tried is None else shows_mutual_wait(tried)
        if found is None:
            return None
        why, places = found
        return why, Expected(
            frozenset({"deadlock", "dead-end"}), tuple(state_path(*place) for place in places)
        )

    return show


def _shown(
    edit: Edit, shows: Callable[[Tried, tuple[str, str]], str | None], state: State, expected: Expected
) -> Callable[[Bench], tuple[str, Expected] | None]:
    def show(bench: Bench) -> tuple[str, Expected] | None:
        tried = bench.tried(edit)
        why = None if tried is None else shows(tried, (state.track, state.name))
        return None if why is None else (why, expected)

    return show


def _never_arrives(bench: Bench, state: State) -> Iterator[Candidate]:
    """The deadline of a state that waits for a fact is taken out, with or without its call."""
    here = state_path(state.track, state.name)
    timed = [index for index, do in enumerate(state.do) if do.within is not None]
    if len(timed) != 1:
        return
    expected = expect("input-never-arrives", here)
    call: Path = (*here, "do", timed[0])
    action = state.do[timed[0]].action
    for path, before in (((*call, "within"), bench.text((*call, "within"))), (call, f"call for {action}")):
        if path == call or not at(bench.original.data, (*call, "of")):
            edit = Edit(path, None, removes=True)
            show = _shown(edit, shows_waiting, state, expected)
            yield Candidate("input that never arrives", edit, before, "taken out", show)


# --- claims that say nothing, or too little -----------------------------------------------------
def _calls(bench: Bench, action: str) -> list[Path]:
    return [
        (*state_path(state.track, state.name), "do", index)
        for state in bench.states
        for index, do in enumerate(state.do)
        if do.action == action
    ]


def _vacuous(bench: Bench, claim: Claim) -> Iterator[Candidate]:
    here: Path = ("claims", claim.name)
    calls = _calls(bench, claim.actions[0]) if claim.form in ("only", "within") else []
    if len(calls) == 1:
        edit = Edit(calls[0], None, removes=True)
        why = f"no state calls for {claim.actions[0]}, so it is never offered"
        codes = "vacuous" if claim.form == "only" else "vacuous claim-refuted"
        show = constructed(why, expect(codes, here))
        yield Candidate("claim about nothing", edit, f"call for {claim.actions[0]}", "taken out", show)
    text = bench.text((*here, "always"))
    found = PLACE.match(text)
    if found is not None and " implies " in text:
        other = next(name for name in bench.definition.tracks[found[1]].states if name != found[2])
        new = text.replace(found[0], f"({found[0]} and in({found[1]}.{other}))", 1)
        show = constructed("a track is in one state at a time", expect("vacuous", here))
        yield Candidate("claim about nothing", Edit((*here, "always"), new), text, new, show)


def _too_late(bench: Bench, claim: Claim) -> Iterator[Candidate]:
    """An action takes longer than the claim leaves time for."""
    if claim.form != "within" or claim.limit is None:
        return
    action = claim.actions[0]
    chain = _before(bench, action)
    why = f"the steps up to {action} then take a minute longer than the limit"
    whole = sum(bench.definition.actions[name].takes or 0 for name in chain)
    for name in chain:
        takes = bench.definition.actions[name].takes
        if takes is None:
            continue
        longer = f"{(takes + claim.limit - whole) // 60 + 1} min"
        edit = Edit(("actions", name, "takes"), longer)
        show = constructed(why, expect("claim-refuted", ("claims", claim.name)))
        yield Candidate("deadline that cannot be kept", edit, f"{takes // 60} min", longer, show)
    path: Path = ("claims", claim.name, "within", "limit")
    shorter = f"{whole // 60 - 1} min"
    show = constructed(why, expect("claim-refuted", ("claims", claim.name)))
    yield Candidate("deadline that cannot be kept", Edit(path, shorter), bench.text(path), shorter, show)


def _before(bench: Bench, action: str) -> list[str]:
    """The action, after those that its track waits for on the only path to the state that calls for it."""
    calling = next((state for state in bench.states if any(do.action == action for do in state.do)), None)
    chain: list[str] = []
    state: Any = calling
    while state is not None:
        chain = [do.action for do in state.do] + chain
        entries = _entries(bench, state)
        state = entries[0][0] if len(entries) == 1 else None
    return chain
