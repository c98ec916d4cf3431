"""Faults that break a claim: safeguards taken out or weakened, operators, facts, units and ways changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from benchmarks.seeding.bench import Bench, Candidate, broken_claims, constructed, state_path, ways_path
from benchmarks.seeding.decisions import numbers_of
from benchmarks.seeding.fault import Edit, Path, expect
from benchmarks.seeding.guard_text import EQUALS, inevitable, moved
from benchmarks.seeding.values import plain
from pathway.language.definition import Claim, Guard, Safeguard, State

OPPOSITE = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
BESIDE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
DEED = re.compile(r"\b(done|declined)\(([a-z0-9_]+)\)")
PLACE = re.compile(r"in\(([a-z0-9_]+)\.([a-z0-9_]+)\)")
SLIPS = {"h": "min", "min": "s", "d": "h", "mg/dL": "g/L", "mmol/L": "umol/L", "U/L": "kat/L"}
QUANTITY = re.compile(r"(?<=\d) ([A-Za-z\[\]%]+(?:/[A-Za-z]+)?)(?=[ )]|$)")


def safety_faults(bench: Bench) -> Iterator[Candidate]:
    """Every candidate of these kinds."""
    for safeguard in bench.definition.safeguards.values():
        claims = [claim for claim in _only(bench) if claim.actions[0] in safeguard.actions]
        if claims:
            yield from _weakened(bench, safeguard, claims)
            path = ("safeguards", safeguard.name, "when")
            yield from _changed(bench, path, safeguard.when, claims)
            yield from _always(bench, safeguard, claims)
    claims = [claim for claim in bench.definition.claims.values() if claim.form != "within"]
    for state in bench.states:
        yield from _of_state(bench, state, claims)


def _only(bench: Bench) -> list[Claim]:
    return [claim for claim in bench.definition.claims.values() if claim.form == "only"]


def _weakened(bench: Bench, safeguard: Safeguard, claims: list[Claim]) -> Iterator[Candidate]:
    path: Path = ("safeguards", safeguard.name)
    facts = safeguard.when.facts
    gone = Edit(path, None, removes=True)
    yield Candidate(
        "removed safeguard", gone, safeguard.when.text, "taken out", broken_claims(gone, claims, facts)
    )
    weaker = [("unknown", "ask"), ("unknown", "warn"), ("effect", "warn"), ("override", "anyone")]
    weaker += [("action", [one]) for one in safeguard.actions if len(safeguard.actions) > 1]
    for key, value in weaker:
        edit = Edit((*path, key), value)
        before = str(bench.original.data["safeguards"][safeguard.name].get(key, ""))
        yield Candidate("weakened safeguard", edit, before, str(value), broken_claims(edit, claims, facts))


def _always(bench: Bench, safeguard: Safeguard, claims: list[Claim]) -> Iterator[Candidate]:
    """A threshold beyond the range: the safeguard is TRUE of everyone, and the action is never offered."""
    path = ("safeguards", safeguard.name, "when")
    text = bench.text(path)
    for comparison, fact in numbers_of(bench, text):
        new = inevitable(comparison, fact)
        if comparison.text == text and new is not None:
            why = f"every declared value of {fact.name} meets `{new}`"
            idle = [("claims", claim.name) for claim in claims]
            expected = expect("always-true vacuous", ("safeguards", safeguard.name), *idle)
            yield Candidate("always true", Edit(path, new), text, new, constructed(why, expected))


# --- guards in which something is swapped -------------------------------------------------------
def _changed(bench: Bench, path: Path, guard: Guard, claims: list[Claim]) -> Iterator[Candidate]:
    for kind, new in _variants(bench, guard):
        edit = Edit(path, new)
        yield Candidate(kind, edit, guard.text, new, broken_claims(edit, claims, guard.facts))


def _variants(bench: Bench, guard: Guard) -> Iterator[tuple[str, str]]:
    text = guard.text
    for comparison, fact in numbers_of(bench, text):
        yield "swapped operator", comparison.with_(OPPOSITE[comparison.operator])
        yield "swapped operator", comparison.with_(BESIDE[comparison.operator])
        for steps in (-1, 1):
            yield "shifted threshold", moved(comparison, fact, steps)
        for factor in (Fraction(1000), Fraction(1, 1000)):
            yield "unit slip", comparison.with_(number=plain(Fraction(comparison.number) * factor))
        for other in bench.definition.facts.values():
            if other.name != fact.name and other.type == fact.type and not other.is_derived:
                yield "wrong fact", text.replace(comparison.name, other.name)
    for found in QUANTITY.finditer(text):
        if found[1] in SLIPS:
            yield "unit slip", text[: found.start(1)] + SLIPS[found[1]] + text[found.end(1) :]
    for found in EQUALS.finditer(text):
        yield (
            "swapped operator",
            text.replace(found[0], f"{found[1]} {'=' if found[2] == '!=' else '!='} {found[3]}"),
        )
    yield "swapped operator", text.removeprefix("not ") if text.startswith("not ") else f"not ({text})"
    if " and " in text and " or " not in text:
        yield "swapped operator", text.replace(" and ", " or ", 1)
    yield from _other_booleans(bench, guard)


def _other_booleans(bench: Bench, guard: Guard) -> Iterator[tuple[str, str]]:
    booleans = [fact.name for fact in bench.definition.facts.values() if fact.written_type == "boolean"]
    for name in booleans:
        if re.search(rf"\b{name}\b", guard.text):
            for other in booleans:
                if other != name:
                    yield "wrong fact", re.sub(rf"\b{name}\b", other, guard.text)


# --- ways and calls -----------------------------------------------------------------------------
def _of_state(bench: Bench, state: State, claims: list[Claim]) -> Iterator[Candidate]:
    here = state_path(state.track, state.name)
    for index, do in enumerate(state.do):
        if do.until is not None:
            edit = Edit((*here, "do", index, "until"), None, removes=True)
            concerned = [claim for claim in claims if claim.form == "only" and claim.actions[0] == do.action]
            kind = "call that does not end"
            yield Candidate(
                kind, edit, do.until.text, "taken out", broken_claims(edit, concerned, frozenset())
            )
    for index, way in enumerate(state.next):
        for kind, path, before, after in _ways(bench, state, index):
            edit = Edit(path, after)
            near = [claim for claim in claims if _concerns(claim, state, way.to)]
            if near:
                yield Candidate(kind, edit, before, after, broken_claims(edit, near, way.when.facts))


def _concerns(claim: Claim, state: State, target: str) -> bool:
    """Whether a claim speaks of a state or of where a way out of it leads."""
    text = " ".join((claim.guard.text if claim.guard is not None else "", *claim.actions))
    names = (f"{state.track}.{state.name}", f"{state.track}.{target}")
    return any(re.search(rf"\b{name}\b", text) for name in names)


def _ways(bench: Bench, state: State, index: int) -> Iterator[tuple[str, Path, str, str]]:
    """Targets, deeds, conditions and states of a way changed."""
    way = state.next[index]
    for other in bench.definition.tracks[state.track].states:
        if other not in (way.to, state.name):
            yield "wrong target", ways_path(state, index, "to"), way.to, other
    path, text = ways_path(state, index, "when"), way.when.text
    for kind, new in (*_deeds(bench, text), *_conditions(text), *_places(bench, text)):
        yield kind, path, text, new


def _deeds(bench: Bench, text: str) -> Iterator[tuple[str, str]]:
    for found in DEED.finditer(text):
        other = "declined" if found[1] == "done" else "done"
        yield "wrong deed", f"{text[: found.start()]}{other}({found[2]}){text[found.end() :]}"
        for name in bench.definition.actions:
            if name != found[2] and found[1] == "done":
                yield "wrong deed", text.replace(found[2], name)


def _conditions(text: str) -> Iterator[tuple[str, str]]:
    parts = text.split(" and ")
    for part in parts if len(parts) > 1 and " or " not in text else ():
        yield "dropped condition", " and ".join(one for one in parts if one != part)


def _places(bench: Bench, text: str) -> Iterator[tuple[str, str]]:
    for found in PLACE.finditer(text):
        for other in bench.definition.tracks[found[1]].states:
            if other != found[2]:
                yield "wrong state read", text.replace(found[0], f"in({found[1]}.{other})")
