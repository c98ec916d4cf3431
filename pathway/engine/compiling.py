"""Compiling a definition: the machine of each track, and what has to be read again when something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transitions import Machine

from pathway.engine.circles import refuse_spinning
from pathway.engine.compiled import CLOCK, CompiledPathway, Signal, permitted, trigger_of
from pathway.language.definition import Action, Definition, Guard, Notice, Safeguard, State


def compile_pathway(definition: Definition, without_layers: frozenset[str] = frozenset()) -> CompiledPathway:
    """Compile a definition. Of switched-off layers only safeguards, notices and calls for safety stay.

    Raises DefinitionError where automatic transitions spin before anything is recorded.
    """
    compiled = assemble(definition, without_layers)
    refuse_spinning(compiled)
    return compiled


def assemble(definition: Definition, without_layers: frozenset[str] = frozenset()) -> CompiledPathway:
    """What `compile_pathway` gives, whether or not it can be stepped."""
    definition = _without(definition, without_layers)
    guards = list(_guards(definition))
    return CompiledPathway(
        definition=definition,
        machines={name: _machine(definition, name) for name in definition.tracks},
        safeguards={
            name: tuple(item for item in definition.safeguards.values() if name in item.actions)
            for name in definition.actions
        },
        notices=tuple(definition.notices.values()),
        readers=_readers(guards),
        derived=_derived(definition),
        concerned=_concerned(definition),
        guiding=_guiding(definition),
        lasting=tuple(name for name, fact in definition.facts.items() if fact.valid_for is not None),
        clocked=tuple(
            guard for guard in (*(guard for guard, _ in guards), *_rows(definition)) if guard.reads_clock
        ),
        transition_guards=frozenset(
            id(way.when)
            for track in definition.tracks.values()
            for state in track.states.values()
            for way in state.next
        ),
        deed_facts=_deed_facts(definition),
        layers=frozenset(definition.layers) - without_layers,
    )


def _without(definition: Definition, layers: frozenset[str]) -> Definition:
    if not layers:
        return definition

    def stays(item: Safeguard | Notice | Action) -> bool:
        return item.safety or item.layer not in layers

    def calls(state: State) -> State:
        return replace(state, do=tuple(do for do in state.do if stays(definition.actions[do.action])))

    return replace(
        definition,
        safeguards={name: item for name, item in definition.safeguards.items() if stays(item)},
        notices={name: item for name, item in definition.notices.items() if stays(item)},
        tracks={
            name: replace(track, states={key: calls(state) for key, state in track.states.items()})
            for name, track in definition.tracks.items()
        },
    )


def _machine(definition: Definition, track_name: str) -> Machine:
    track = definition.tracks[track_name]
    rows = [
        {"trigger": trigger_of(way), "source": way.source, "dest": way.to, "conditions": [permitted]}
        for state in track.states.values()
        for way in state.next
    ]
    return Machine(
        model=None,
        states=list(track.states),
        transitions=rows,
        initial=track.start,
        auto_transitions=False,
        send_event=True,
        queued=False,
        ignore_invalid_triggers=True,
    )


def _guards(definition: Definition) -> Iterable[tuple[Guard, str | None]]:
    """Every guard with the track whose entry it may read."""
    for track in definition.tracks.values():
        for state in track.states.values():
            yield from ((way.when, track.name) for way in state.next)
            for do in state.do:
                yield from ((guard, track.name) for guard in (do.when, do.until) if guard is not None)
    for safeguard in definition.safeguards.values():
        yield safeguard.when, None
    for notice in definition.notices.values():
        if notice.when is not None:
            yield notice.when, None
    for action in definition.actions.values():
        if action.evidence is not None:
            yield action.evidence, None
        yield from ((dose.when, None) for dose in action.doses if dose.when is not None)
        yield from ((deed.when, None) for deed in action.records if deed.when is not None)


def _rows(definition: Definition) -> Iterable[Guard]:
    """The conditions of derived facts: they are shown, so the instants at which they change count."""
    for fact in definition.facts.values():
        if fact.formula is not None:
            yield from (row.when for row in fact.formula.rows)


def _readers(guards: list[tuple[Guard, str | None]]) -> dict[Signal, frozenset[int]]:
    found: dict[Signal, set[int]] = {}
    for guard, track in guards:
        for signal in _signals_of_guard(guard, track):
            found.setdefault(signal, set()).add(id(guard))
    return {signal: frozenset(ids) for signal, ids in found.items()}


def _signals_of_guard(guard: Guard, track: str | None) -> set[Signal]:
    signals: set[Signal] = {("fact", name) for name in guard.facts}
    signals |= {("deed", name) for name in guard.deeds} | {("track", name) for name in guard.tracks}
    if guard.reads_clock:
        signals.add(CLOCK)
    if guard.reads_entry and track is not None:
        signals.add(("track", track))
        signals |= {("fact", name) for name in guard.reads}
    return signals


def _guiding(definition: Definition) -> dict[Signal, frozenset[str]]:
    """What changes the ways out of a track or what it asks: its moves, its guards, the facts it asks for."""
    found: dict[Signal, set[str]] = {}
    for track in definition.tracks.values():
        signals: set[Signal] = {("track", track.name)}
        for state in track.states.values():
            for way in state.next:
                signals |= _signals_of_guard(way.when, track.name)
            for fact in state.asks:
                signals |= _signals_of_fact(definition, fact)
        for signal in signals:
            found.setdefault(signal, set()).add(track.name)
    return {signal: frozenset(names) for signal, names in found.items()}


def _signals_of_fact(definition: Definition, fact: str) -> set[Signal]:
    signals: set[Signal] = {("fact", fact)}
    formula = definition.facts[fact].formula
    if formula is not None:
        signals |= {("fact", base) for base in formula.facts} | {("deed", deed) for deed in formula.deeds}
        signals |= {("track", track) for track in formula.tracks} | (
            {CLOCK} if formula.reads_clock else set()
        )
    return signals


def _derived(definition: Definition) -> dict[Signal, frozenset[str]]:
    found: dict[Signal, set[str]] = {}
    for name, fact in definition.facts.items():
        if fact.formula is None:
            continue
        formula = fact.formula
        signals: set[Signal] = {("fact", base) for base in formula.facts} | {("fact", name)}
        signals |= {("deed", deed) for deed in formula.deeds} | {("track", track) for track in formula.tracks}
        if formula.reads_clock:
            signals.add(CLOCK)
        for signal in signals:
            found.setdefault(signal, set()).add(name)
    return {signal: frozenset(names) for signal, names in found.items()}


def _concerned(definition: Definition) -> dict[Signal, frozenset[str]]:
    """What changes how an action stands: its safeguards, its calls, its dose, its own deeds."""
    found: dict[Signal, set[str]] = {}
    for name in definition.actions:
        for signal in _signals_of_action(definition, name):
            found.setdefault(signal, set()).add(name)
    return {signal: frozenset(names) for signal, names in found.items()}


def _signals_of_action(definition: Definition, name: str) -> set[Signal]:
    action = definition.actions[name]
    calls = [
        (track.name, do)
        for track in definition.tracks.values()
        for state in track.states.values()
        for do in state.do
        if do.action == name
    ]
    guards = [item.when for item in definition.safeguards.values() if name in item.actions]
    guards += [guard for _, do in calls for guard in (do.when, do.until) if guard is not None]
    guards += [dose.when for dose in action.doses if dose.when is not None]
    guards += [action.evidence] if action.evidence is not None else []
    read = [dose.times for dose in action.doses if dose.times] + [do.of for _, do in calls if do.of]
    signals: set[Signal] = {("deed", name), ("override", name)} | {("track", track) for track, _ in calls}
    for guard in guards:
        signals |= {("fact", fact) for fact in guard.facts} | {("deed", deed) for deed in guard.deeds}
        signals |= {("track", track) for track in guard.tracks}
    for fact in read:
        signals |= _signals_of_fact(definition, fact)
    if any(guard.reads_clock for guard in guards) or action.schedule is not None:
        signals.add(CLOCK)
    return signals


def _deed_facts(definition: Definition) -> dict[str, tuple[str, ...]]:
    """For each fact that says an action was done, those actions in written order."""
    found: dict[str, list[str]] = {}
    for name, action in definition.actions.items():
        for deed in action.records:
            found.setdefault(deed.fact, []).append(name)
    return {fact: tuple(actions) for fact, actions in found.items()}
