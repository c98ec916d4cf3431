"""Resolving tracks: states, what they ask and call for, and the transitions between them."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.language import written
from pathway.language.definition import Do, State, Track, Transition
from pathway.language.expression import Kind
from pathway.language.resolve.context import Context, DataPath, title_of


def resolve_track(context: Context, name: str, track: written.Track, first_number: int) -> Track:
    """The checked track; its boxes are numbered from `first_number` in written order."""
    path: DataPath = ("tracks", name)
    context.named((*path, "start"), track.start, track.states, "state")
    states = {
        state_name: _state(context, (*path, "states", state_name), name, state_name, state, number)
        for number, (state_name, state) in enumerate(track.states.items(), first_number)
    }
    return Track(name, title_of(name, track.title), track.start, states)


def _state(
    context: Context, path: DataPath, track: str, name: str, state: written.State, number: int
) -> State:
    if state.phase is not None and context.written.phases:
        context.named((*path, "phase"), state.phase, context.written.phases, "phase")
    for index, fact in enumerate(state.asks):
        _asked(context, (*path, "asks", index), fact)
    _ways_out(context, path, state)
    return State(
        track=track,
        name=name,
        number=number,
        title=title_of(name, state.title),
        phase=state.phase,
        kind=state.kind,
        text=state.text,
        asks=tuple(state.asks),
        do=tuple(_do(context, (*path, "do", index), do) for index, do in enumerate(state.do)),
        choice=state.choice,
        next=tuple(
            _transition(context, (*path, "next", index), track, name, state, index)
            for index in range(len(state.next))
        ),
        cites=context.cited(path, state.cites),
        place=context.place(path, key=True),
    )


def _asked(context: Context, path: DataPath, fact: str) -> None:
    if not context.named(path, fact, context.fact_types, "fact"):
        return
    written_fact = context.written.facts[fact]
    derived = written_fact.formula is not None or written_fact.cases is not None
    if derived and not written_fact.recordable:
        context.refuse(path, f"`{fact}` is computed and cannot be asked", "Ask the facts it rests on.")


def _ways_out(context: Context, path: DataPath, state: written.State) -> None:
    if state.kind == "end" and state.next:
        context.refuse(
            (*path, "next"), "An end has no way out", "Give it another kind, or drop `next`.", key=True
        )
    others = [index for index, way in enumerate(state.next) if way.when.strip() == "otherwise"]
    if len(others) > 1:
        context.refuse(
            (*path, "next", others[1], "when"), "A state has at most one `otherwise`", "Keep one of them."
        )
    if others and len(state.next) == 1:
        context.refuse((*path, "next", 0, "when"), "`otherwise` needs siblings", "Write when: true.")


def _transition(
    context: Context, path: DataPath, track: str, source: str, state: written.State, index: int
) -> Transition:
    way = state.next[index]
    context.named((*path, "to"), way.to, context.states[track], "state")
    return Transition(
        track=track,
        source=source,
        index=index,
        to=way.to,
        when=context.transition_guard((*path, "when"), way.when),
        auto=(way.auto or state.kind == "decision") and not state.choice,
        text=way.text,
        cites=context.cited(path, way.cites),
    )


def _do(context: Context, path: DataPath, do: written.Do) -> Do:
    context.named((*path, "action"), do.action, context.actions, "action")
    if do.of is not None and context.named((*path, "of"), do.of, context.fact_types, "fact"):
        if context.fact_types[do.of].kind is not Kind.INSTANT:
            context.refuse((*path, "of"), f"`{do.of}` is no dateTime", "A deadline counts from an instant.")
        if do.within is None:
            context.refuse((*path, "of"), "`of` needs `within`", "Add how long after it the action is due.")
    return Do(
        action=do.action,
        when=context.optional_guard((*path, "when"), do.when, in_state=True),
        until=context.optional_guard((*path, "until"), do.until, in_state=True),
        within=context.duration((*path, "within"), do.within),
        of=do.of,
        soon=context.duration((*path, "soon"), do.soon),
        again=do.again,
        text=do.text,
        cites=context.cited(path, do.cites),
    )


def phases_of(context: Context) -> dict[str, str]:
    """The declared phases, or those that states name, in order of appearance."""
    declared = context.written.phases
    if declared:
        return dict(declared)
    named: Iterable[str | None] = (
        state.phase for track in context.written.tracks.values() for state in track.states.values()
    )
    return {phase: title_of(phase, None) for phase in dict.fromkeys(named) if phase is not None}
