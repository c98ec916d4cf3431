"""Which ids were renamed: an id that is gone and a new one that stand for the very same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pathway.comparing.essence import essence
from pathway.comparing.renames import Renames, StateId, rewritten, sections, with_new_ids
from pathway.language.definition import Definition, Fact, Safeguard, State, Track
from pathway.language.english import in_words

TRACKS = "tracks"
# Stands for every id that only one version has, while the rest of what names it is compared.
SOME_ID = "?"


def renamed_ids(old: Definition, new: Definition) -> Renames:
    """The ids of the older version that go on under another name. Two that could be either are none."""
    gone, come = _only_in(old, new), _only_in(new, old)
    found = Renames(
        {section: _matched(old, new, section, gone, come) for section in (*sections(old), TRACKS)},
        _matched_states(old, new, gone, come),
    )
    return _confirmed(old, new, found)


def _only_in(here: Definition, there: Definition) -> Renames:
    """Every id that only one version has, each renamed to the same sign."""
    ids: dict[str, dict[str, str]] = {}
    for (section, members), others in zip(_parts(here), dict(_parts(there)).values(), strict=True):
        ids[section] = {name: SOME_ID for name in members if name not in others}
    return Renames(ids, dict.fromkeys(_states_only_in(here, there), SOME_ID))


def _parts(definition: Definition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from sections(definition).items()
    yield TRACKS, definition.tracks


def _states_only_in(here: Definition, there: Definition) -> Iterator[StateId]:
    for name, track in here.tracks.items():
        if name in there.tracks:
            yield from ((name, state) for state in track.states if state not in there.tracks[name].states)


def _matched(
    old: Definition, new: Definition, section: str, gone: Renames, come: Renames
) -> Mapping[str, str]:
    befores = {name: getattr(old, section)[name] for name in gone.ids[section]}
    afters = {name: getattr(new, section)[name] for name in come.ids[section]}
    return _pairs(befores, afters, gone, come)


def _matched_states(old: Definition, new: Definition, gone: Renames, come: Renames) -> Mapping[StateId, str]:
    found: dict[StateId, str] = {}
    for track in dict.fromkeys(track for track, _ in gone.states):
        befores = {n: s for n, s in old.tracks[track].states.items() if (track, n) in gone.states}
        afters = {n: s for n, s in new.tracks[track].states.items() if (track, n) in come.states}
        pairs = _pairs(befores, afters, gone, come)
        found |= {(track, before): after for before, after in pairs.items()}
    return found


def _pairs(
    befores: Mapping[str, Any], afters: Mapping[str, Any], gone: Renames, come: Renames
) -> dict[str, str]:
    """Ids of equal content, those first whose words are equal too; what could be one of several is none."""
    found: dict[str, str] = {}
    for spoken in (True, False):
        told = {n: content(n, part, gone, spoken) for n, part in befores.items() if n not in found}
        taken = set(found.values())
        others = {n: content(n, part, come, spoken) for n, part in afters.items() if n not in taken}
        found |= _only_pairs(told, others)
    return found


def _only_pairs(befores: Mapping[str, Hashable], afters: Mapping[str, Hashable]) -> dict[str, str]:
    counts = Counter([*befores.values(), *afters.values()])
    by_content = {content: name for name, content in afters.items()}
    return {
        name: by_content[content]
        for name, content in befores.items()
        if content in by_content and counts[content] == 2
    }


def _confirmed(old: Definition, new: Definition, found: Renames) -> Renames:
    """Those under which the contents are equal to the last id named in them; one that fails fails others."""
    while True:
        moved = with_new_ids(old, found)
        ids = {
            section: {
                a: b for a, b in pairs.items() if _alike(getattr(moved, section), getattr(new, section), b, a)
            }
            for section, pairs in found.ids.items()
        }
        states = {
            (track, a): b
            for (track, a), b in found.states.items()
            if _alike(moved.tracks[track].states, new.tracks[track].states, b, a)
        }
        kept = Renames(ids, states)
        if kept == found:
            return kept
        found = kept


def _alike(befores: Mapping[str, Any], afters: Mapping[str, Any], name: str, before: str) -> bool:
    nothing, old, new = Renames(), befores[name], afters[name]
    return any(
        content(before, old, nothing, spoken) == content(name, new, nothing, spoken)
        for spoken in (True, False)
    )


def content(name: str, part: Any, renames: Renames, spoken: bool) -> Hashable:
    """What an id stands for; not `spoken`, without words made of the id, unless there is nothing else."""
    if isinstance(part, Safeguard) and part.text[1:] == part.when.english[1:]:
        part = replace(part, text="")
    return essence(rewritten(part if spoken else _without_words_of(name, part), renames))


def _without_words_of(name: str, part: Any) -> Any:
    words = in_words(name.replace("-", " "))
    titled = words[:1].upper() + words[1:]
    match part:
        case State(title=title) if title == titled and (part.do or part.next or part.asks or part.text):
            return replace(part, title="")
        case Track(title=title) if title == titled:
            return replace(part, title="")
        case Fact(label=label) if label == words and (part.ask != titled or part.formula is not None):
            return replace(part, label="", ask="" if part.ask == titled else part.ask)
        case _:
            return part
