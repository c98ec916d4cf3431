"""Ids that were renamed: rewritten wherever an older version names them, so that all else can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeAlias, TypeVar

from pathway.language import definition as d
from pathway.language import expression as ex

Ids: TypeAlias = Mapping[str, str]
StateId: TypeAlias = tuple[str, str]
Part = TypeVar("Part")

INFERRED = "*"  # behind a reference that the source itself does not print

# The fields that hold ids of a section; those of tracks and states are rewritten one by one below.
NAMING: Mapping[tuple[type[Any], str], str] = {
    (ex.FactRef, "name"): "facts",
    (ex.Recorded, "fact"): "facts",
    (ex.Done, "action"): "actions",
    (ex.Declined, "action"): "actions",
    (d.Fact, "name"): "facts",
    (d.Action, "name"): "actions",
    (d.Safeguard, "name"): "safeguards",
    (d.Notice, "name"): "notices",
    (d.Claim, "name"): "claims",
    (d.Source, "id"): "sources",
    (d.Source, "layer"): "layers",
    (d.Source, "ref"): "references",
    (d.DeedFact, "fact"): "facts",
    (d.Dose, "times"): "facts",
    (d.Do, "action"): "actions",
    (d.Do, "of"): "facts",
    (d.State, "asks"): "facts",
    (d.State, "phase"): "phases",
    (d.Safeguard, "actions"): "actions",
    (d.Notice, "about"): "actions",
}


@dataclass(frozen=True, slots=True)
class Renames:
    """The newer id of each renamed one: by section, and of states by their track (as it was) and id."""

    ids: Mapping[str, Ids] = field(default_factory=dict[str, Ids])
    states: Mapping[StateId, str] = field(default_factory=dict[StateId, str])

    def of(self, section: str, name: str) -> str:
        """The newer id, which is the same where nothing was renamed."""
        return self.ids.get(section, {}).get(name, name)

    def state(self, track: str, name: str) -> str:
        """The newer id of a state."""
        return self.states.get((track, name), name)

    def __bool__(self) -> bool:
        return bool(self.states) or any(self.ids.values())


def rewritten(part: Part, renames: Renames) -> Part:
    """The part with every renamed id in it replaced, in conditions and formulas too."""
    return _rewritten(part, renames)


def _rewritten(part: Any, renames: Renames) -> Any:
    if isinstance(part, tuple):
        return tuple(_rewritten(one, renames) for one in _members(part))
    if isinstance(part, Mapping):
        return {key: _rewritten(one, renames) for key, one in _items(part)}
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {one.name: _field(part, one.name, renames) for one in fields(part)}
    special = SPECIAL.get(type(part))
    return replace(part, **{**changed, **({} if special is None else special(part, renames))})


def _field(part: Any, name: str, renames: Renames) -> Any:
    value = getattr(part, name)
    if name == "cites":
        return tuple(renames.of("sources", one) for one in value)
    section = "layers" if name == "layer" else NAMING.get((_kind(part), name))
    if section is None or value is None:
        return _rewritten(value, renames)
    if isinstance(value, tuple):
        return tuple(_named(section, one, renames) for one in _members(value))
    return renames.of(section, value)


def _kind(part: object) -> type[Any]:
    return type(part)


def _named(section: str, name: str, renames: Renames) -> str:
    plain = name.rstrip(INFERRED) if section == "references" else name
    return renames.of(section, plain) + name[len(plain) :]


def _items(part: Any) -> list[tuple[Any, Any]]:
    return list(part.items())


def _members(part: Any) -> tuple[Any, ...]:
    return part


# --- tracks and states --------------------------------------------------------------------------
def _in_state(node: ex.InState, renames: Renames) -> dict[str, Any]:
    return {"track": renames.of("tracks", node.track), "state": renames.state(node.track, node.state)}


def _transition(way: d.Transition, renames: Renames) -> dict[str, Any]:
    return {
        "track": renames.of("tracks", way.track),
        "source": renames.state(way.track, way.source),
        "to": renames.state(way.track, way.to),
    }


def _state(state: d.State, renames: Renames) -> dict[str, Any]:
    return {
        "track": renames.of("tracks", state.track),
        "name": renames.state(state.track, state.name),
    }


def _track(track: d.Track, renames: Renames) -> dict[str, Any]:
    return {"name": renames.of("tracks", track.name), "start": renames.state(track.name, track.start)}


def _notice(notice: d.Notice, renames: Renames) -> dict[str, Any]:
    return {"states": tuple(_place(track, state, renames) for track, state in notice.states)}


def _place(track: str, state: str, renames: Renames) -> StateId:
    return renames.of("tracks", track), renames.state(track, state)


def _claim(claim: d.Claim, renames: Renames) -> dict[str, Any]:
    """A claim names actions, then perhaps a state (`before`) or the fact a limit counts from (`within`)."""
    first, *rest = claim.actions or ("",)
    section = "facts" if claim.form == "within" else "actions"
    told = [_claimed(name, section, renames) for name in rest]
    return {"actions": (renames.of("actions", first), *told) if claim.actions else ()}


def _claimed(name: str, section: str, renames: Renames) -> str:
    track, dot, state = name.partition(".")
    return ".".join(_place(track, state, renames)) if dot else renames.of(section, name)


SPECIAL: Mapping[type[Any], Callable[[Any, Renames], dict[str, Any]]] = {
    ex.InState: _in_state,
    d.Transition: _transition,
    d.State: _state,
    d.Track: _track,
    d.Notice: _notice,
    d.Claim: _claim,
}


def with_new_ids(definition: d.Definition, renames: Renames) -> d.Definition:
    """The definition under its newer ids."""
    if not renames:
        return definition
    moved: dict[str, Any] = {
        section: {renames.of(section, key): _rewritten(one, renames) for key, one in members.items()}
        for section, members in sections(definition).items()
    }
    tracks = {name: _with_new_states(track, renames) for name, track in definition.tracks.items()}
    moved["tracks"] = {renames.of("tracks", name): track for name, track in tracks.items()}
    return replace(definition, **moved)


def _with_new_states(track: d.Track, renames: Renames) -> d.Track:
    states = {renames.state(track.name, name): state for name, state in track.states.items()}
    return _rewritten(replace(track, states=states), renames)


def sections(definition: d.Definition) -> Mapping[str, Mapping[str, Any]]:
    """The parts of a definition that have ids, by section, but for tracks."""
    return {
        "layers": definition.layers,
        "phases": definition.phases,
        "references": definition.references,
        "sources": definition.sources,
        "facts": definition.facts,
        "actions": definition.actions,
        "safeguards": definition.safeguards,
        "notices": definition.notices,
        "claims": definition.claims,
    }
