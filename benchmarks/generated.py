"""Pathways of any size for benchmarks and tests: the same seedless shape, only larger.

Each track is a chain of enquiries, decisions and actions like those of a real guideline: about one fact
for two states, one action with two safeguards for three, deadlines, expiring facts and derived facts.
"""

from __future__ import annotations

from collections.abc import Iterator

STATES_A_TRACK = 25


def generated_pathway(states: int) -> str:
    """The YAML of a pathway with this many states (a multiple of 25)."""
    tracks = states // STATES_A_TRACK
    facts, actions = states // 2, states // 3
    lines = [f"pathway: generated-{states}", "version: 1.0.0", "title: Generated", "status: draft"]
    lines += ["layers: {made: Made up for measuring}", "sources: {G1: {text: Made up, from: made}}"]
    lines += ["facts:", *_facts(facts), "actions:", *_actions(actions)]
    lines += ["safeguards:", *_safeguards(actions, facts), "notices:", *_notices(states // 10, facts)]
    lines += ["tracks:", *(line for track in range(tracks) for line in _track(track, facts, actions))]
    return "\n".join(lines) + "\n"


def _facts(count: int) -> Iterator[str]:
    for number in range(count):
        expiry = ", valid_for: 24 h" if number % 7 == 0 else ""
        if number % 5 == 4:
            yield f"  f{number}: {{type: boolean, cites: [G1]}}"
        elif number % 5 == 3 and number % 3 == 0:
            yield f"  f{number}: {{type: quantity, unit: mg/dL, formula: f{number - 1} + f{number - 2}}}"
        else:
            shape = f"type: quantity, unit: mg/dL, range: [0, 1000], step: 1{expiry}"
            yield f"  f{number}: {{{shape}, cites: [G1]}}"


def _condition(number: int, facts: int) -> str:
    fact = number % facts
    return f"f{fact}" if fact % 5 == 4 else f"f{fact} < {50 + number % 7 * 100}"


def _actions(count: int) -> Iterator[str]:
    for number in range(count):
        course = ", course: true" if number % 4 == 0 else ""
        yield f"  a{number}: {{title: Action {number}, type: order{course}, cites: [G1]}}"


def _safeguards(actions: int, facts: int) -> Iterator[str]:
    for number in range(actions * 2):
        first, second, third = (_condition(n, facts) for n in (number * 3, number * 5 + 1, number + 2))
        guard = f"{first} and ({second} or {third})"
        effect = "block" if number % 3 else "warn"
        yield f'  s{number}: {{action: a{number % actions}, when: "{guard}", effect: {effect}, cites: [G1]}}'


def _notices(count: int, facts: int) -> Iterator[str]:
    for number in range(count):
        guard = _condition(number * 13, facts)
        yield f'  n{number}: {{text: Notice {number}, severity: info, when: "{guard}", cites: [G1]}}'


def _track(track: int, facts: int, actions: int) -> Iterator[str]:
    yield f"  t{track}:"
    yield "    start: s0"
    yield "    states:"
    for number in range(STATES_A_TRACK - 1):
        yield from _state(track, number, facts, actions)
    yield f"      s{STATES_A_TRACK - 1}: {{kind: end}}"


def _state(track: int, number: int, facts: int, actions: int) -> Iterator[str]:
    place = track * STATES_A_TRACK + number
    kind = ("enquiry", "action", "decision")[number % 3]
    yield f"      s{number}:"
    yield f"        kind: {kind}"
    if kind == "action":
        yield f"        do: [{{action: a{place // 3 % actions}, within: {1 + number} h}}]"
    guard = _condition(place, facts)
    skip = min(number + 2, STATES_A_TRACK - 1)
    yield "        next:"
    yield f'          - {{to: s{number + 1}, when: "{guard}", cites: [G1]}}'
    yield f'          - {{to: s{skip}, when: "not ({guard})", cites: [G1]}}'
