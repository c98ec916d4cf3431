"""Correct pathways of any size, shaped like guidelines, to time proofs on: nothing is to be found in them.

One long track of about 60 % of the states (care) and several side tracks that wait for it by `in(care.X)`.
Every track is layered, four states wide, each with two or three ways out into the next layer or one further.

Why nothing is to be found. The ways out of a decision are the leaves of one tree over facts that share no
recorded fact, so that exactly one is TRUE once all are known, and none while the first fact is UNKNOWN. That
first fact is none of those that bring a case there from one state before: it can wait and leave by every way.
Every state that waits has a deadline or a way for what was declined. Side tracks wait for care only after
steps that read no fact, so that care can still be anywhere. Claims follow from one of these, or from a
safeguard, or from a state whose single way in asks for a deed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random

from benchmarks.layered_facts import NOTHING, Deck, Fact, derived_fact, recorded_fact, tree
from benchmarks.layered_shape import State, layers_of

STATES_A_CLAIM, PANEL, PHASES = 20, 5, 5
SHORTEST, LONGEST, WITH_GATE = 5, 25, 10


# --- writing it down ----------------------------------------------------------------------------
@dataclass
class Candidates:
    """What claims can be made of, each form with the YAML of its claims."""

    only: list[str] = field(default_factory=list[str])
    settled: list[str] = field(default_factory=list[str])
    before_state: list[str] = field(default_factory=list[str])
    within: list[str] = field(default_factory=list[str])
    always: list[str] = field(default_factory=list[str])
    left: list[str] = field(default_factory=list[str])
    before_action: list[str] = field(default_factory=list[str])
    overridden: list[str] = field(default_factory=list[str])

    def some(self, number: int, draw: Random) -> list[str]:
        """So many claims, one of each form in turn."""
        forms = [draw.sample(form, len(form)) for form in vars(self).values()]
        found: list[str] = []
        while len(found) < number and any(forms):
            found += [form.pop(0) for form in forms if form]
        return found[:number]


class Writer:
    """Writes states and what they call for; remembers what is true of them."""

    def __init__(self, facts: Sequence[Fact], times: Sequence[str], sources: int, draw: Random) -> None:
        self.draw, self.times, self.deck = draw, cycle(times), Deck(facts, draw)
        self.actions: list[str] = []
        self.safeguards: list[str] = []
        self.candidates = Candidates()
        self.panels: set[int] = set()
        self._cites, self._sources = count(), sources

    def cites(self) -> str:
        """Every source in turn."""
        return f"cites: [G{next(self._cites) % self._sources + 1}]"

    # --- actions --------------------------------------------------------------------------------
    def action(self, track: str, state: State, guarded: bool) -> str:
        """A new action, perhaps with safeguards."""
        name = state.action = f"{track}_{state.name}"
        kind = ("medication", "procedure", "order", "referral")[len(self.actions) % 4]
        self.actions.append(f"  {name}: {{title: Do {name}, type: {kind}, takes: 20 min, {self.cites()}}}")
        used = NOTHING
        for _ in range(self.draw.randint(0, 2) if guarded else 0):
            used |= self._safeguard(name, used)
        return name

    def _safeguard(self, action: str, avoid: frozenset[str]) -> frozenset[str]:
        """A safeguard and the claim it makes true. Those of one action share no fact: all can be clear."""
        bad, good, reads = self._danger(avoid)
        kind = self.draw.choices(("plain", "overridden", "warn"), (6, 2, 2))[0]
        effect = {"plain": "block", "overridden": "block, override: specialist", "warn": "warn"}[kind]
        self._guarded(action, bad, effect)
        if kind == "plain":
            self.candidates.only.append(f'only: {action}, when: "{good}"')
        elif kind == "overridden":
            self.candidates.overridden.append(f'only: {action}, when: "{good}", unless_overridden: true')
        return reads

    def _guarded(self, action: str, when: str, effect: str) -> None:
        name = f"guard_{len(self.safeguards)}"
        keys = f'action: {action}, when: "{when}", effect: {effect}, {self.cites()}'
        self.safeguards.append(f"  {name}: {{{keys}}}")

    def _danger(self, avoid: frozenset[str]) -> tuple[str, str, frozenset[str]]:
        """A condition that forbids, the same said as known and good, and the facts it rests on."""
        form = len(self.safeguards) % 4
        if form == 3:
            last = next(self.times)
            return f"time since {last} < 12 h", f"time since {last} >= 12 h", NOTHING
        facts = self.deck.several(form + 1, avoid, avoid)
        pairs = [fact.split(self.draw, 2) for fact in facts]
        bad, good = zip(*(self.draw.sample(pair, 2) for pair in pairs), strict=True)
        reads = frozenset[str]().union(*(fact.rests_on for fact in facts))
        if form < 2:
            return " or ".join(bad), " and ".join(good), reads
        return f"{bad[0]} and ({bad[1]} or {bad[2]})", f"{good[0]} or ({good[1]} and {good[2]})", reads

    # --- states ---------------------------------------------------------------------------------
    def state(self, track: str, state: State, phase: int, place: str) -> Iterator[str]:
        """A state with its ways, after those that lead to it; `place` is where it waits for care to be."""
        if state.gate_of is not None:
            self._claims_of_gate(track, state, state.gate_of.action)
        kinds = {"decide": "decision", "enquire": "enquiry", "idle": "enquiry", "end": "end"}
        yield f"      {state.name}:"
        yield f"        kind: {kinds.get(state.kind, 'action')}"
        yield f"        phase: part-{phase}"
        yield f"        {self.cites()}"
        if state.kind in ("decide", "enquire"):
            yield from self._asking(track, state)
        elif state.kind == "act":
            yield from self._acting(track, state)
        elif place:
            yield from self._waiting(track, state, place)

    def _claims_of_gate(self, track: str, state: State, deed: str) -> None:
        here = f"{track}.{state.name}"
        self.candidates.before_state.append(f"before: [{deed}, {here}]")
        self.candidates.always.append(f'always: "in({here}) implies done({deed})"')

    def _asking(self, track: str, state: State) -> Iterator[str]:
        """A decision, or an enquiry that its clinician may confirm or give up."""
        avoid = state.parent.reads if state.parent is not None else NOTHING
        deciding, gives_up = state.kind == "decide", state.kind == "enquire" and state.degree == 3
        facts = self.deck.several(self.draw.randint(2, 4) if deciding else 2 - gives_up, avoid)
        yield from self._obtained(state, facts)
        auto = not deciding and self.draw.random() < 0.5
        if gives_up:
            yield from self._ways(state, self._or_given_up(facts[0]), auto)
            return
        guards = tree(facts, state.degree, self.draw)
        if deciding:
            self._claims_of_decision(f"in({track}.{state.name})", facts, guards)
        if self.draw.random() < 0.3:
            guards[-1] = "otherwise"
        yield from self._ways(state, guards, auto)

    def _or_given_up(self, fact: Fact) -> list[str]:
        known = [f"{fact.name} is known and {part}" for part in fact.split(self.draw, 2)]
        panel = self._panels([fact])[0]
        return [*known, f"{fact.name} is unknown and declined(obtain_{panel}) since entry"]

    def _claims_of_decision(self, here: str, facts: Sequence[Fact], guards: Sequence[str]) -> None:
        known = " and ".join(f"{fact.name} is known" for fact in facts)
        self.candidates.settled.append(f'never: "{here} and {known}"')
        self.candidates.left.append(f'never: "{here} and ({guards[0]})"')

    def _obtained(self, state: State, facts: Sequence[Fact]) -> Iterator[str]:
        """What is asked, and the orders that bring it, each by its deadline."""
        state.reads = frozenset[str]().union(*(fact.rests_on for fact in facts))
        yield f"        asks: [{', '.join(sorted(state.reads))}]"
        yield "        do:"
        for panel in self._panels(facts):
            yield f"          - {{action: obtain_{panel}, within: 4 h, again: true, {self.cites()}}}"

    def _panels(self, facts: Sequence[Fact]) -> list[int]:
        found = sorted({int(name[1:]) // PANEL for fact in facts for name in fact.rests_on})
        self.panels |= set(found)
        return found

    def _acting(self, track: str, state: State) -> Iterator[str]:
        """An action that is done or declined; with three ways, what it found matters too."""
        urgent = track != "care" and state.layer == 0
        name = self.action(track, state, guarded=track == "care" or state.layer > 1)
        if state.gate_of is not None:
            self._guarded(name, f"not done({state.gate_of.action})", "block")
            self.candidates.before_action.append(f"before: [{state.gate_of.action}, {name}]")
        gates = any(target.gate_of is state for target in state.targets)
        again = state.degree == 2 and not gates and not urgent and self.draw.random() < 0.25
        found = [""]
        if state.degree == 3:
            fact = self.deck.one(state.parent.reads if state.parent is not None else NOTHING)
            yield from self._obtained(state, [fact])
            found = [f" and {part}" for part in fact.split(self.draw, 2)]
        else:
            yield "        do:"
        deadline = self._urgently(name) if urgent else f"within: {self.draw.randint(1, 48)} h"
        extra, since = (", again: true", " since entry") if again else ("", "")
        yield f"          - {{action: {name}, {deadline}{extra}, {self.cites()}}}"
        done, declined = f"done({name}){since}", f"declined({name}){since}"
        guards = [*(done + part for part in found), f"{declined} and not {done}"]
        yield from self._ways(state, guards, self.draw.random() < 0.7)

    def _urgently(self, action: str) -> str:
        """A deadline that counts from an instant, and the claim that it is in time."""
        of = next(self.times)
        self.candidates.within.append(f"within: {{action: {action}, of: {of}, limit: 60 min}}")
        return f"within: 40 min, of: {of}"

    def _ways(self, state: State, guards: Sequence[str], auto: bool) -> Iterator[str]:
        yield "        next:"
        word = "auto: true, " if auto else ""
        for target, guard in zip(state.targets, guards, strict=True):
            yield f'          - {{to: {target.name}, when: "{guard}", {word}{self.cites()}}}'

    def _waiting(self, track: str, state: State, place: str) -> Iterator[str]:
        """A state that waits for care to be somewhere: the start of a track, or a gate further on."""
        there = f"in({place})"
        if state.kind == "idle":
            yield from self._ways(state, [there], True)
            return
        name = self.action(track, state, guarded=False)
        yield "        do:"
        yield f"          - {{action: {name}, within: 24 h, {self.cites()}}}"
        yield from self._ways(state, [there, f"not {there} and (done({name}) or declined({name}))"], True)


# --- the whole ----------------------------------------------------------------------------------
def layered_pathway(states: int, facts: int, seed: int) -> str:
    """The YAML of a correct pathway with so many states (35 or more) and facts (26 or more)."""
    draw, sources = Random(seed), states // 10
    times = [f"t{number}" for number in range(max(1, facts // 30))]
    cited = [f"G{number % sources + 1}" for number in range(facts)]
    recorded = [recorded_fact(number, cited[number]) for number in range(facts - facts // 8 - len(times))]
    derived = [derived_fact(number, recorded, draw, cited[number]) for number in range(facts // 8)]
    writer = Writer([*recorded, *derived], times, sources, draw)
    tracks = list(_tracks(states, writer, draw))
    measure = "type: measure, cites: [G1]"
    panels = (f"  obtain_{n}: {{title: Panel {n}, {measure}}}" for n in sorted(writer.panels))
    claims = writer.candidates.some((states + STATES_A_CLAIM // 2) // STATES_A_CLAIM, draw)
    lines = [f"pathway: layered-{states}-{facts}-{seed}", "version: 1.0.0", "title: Layered", "status: draft"]
    lines += ["layers: {made: Made up for measuring}", "phases:"]
    lines += [f"  part-{number}: Part {number}" for number in range(PHASES)]
    lines += ["sources:", *(f"  G{number + 1}: {{text: Made up, from: made}}" for number in range(sources))]
    lines += ["facts:", *(f"  {fact.name}: {fact.line}" for fact in (*recorded, *derived))]
    lines += [f"  {time}: {{type: dateTime, cites: [G1]}}" for time in times]
    lines += ["actions:", *panels, *writer.actions, "safeguards:", *writer.safeguards, "tracks:", *tracks]
    lines += ["claims:", *(f"  claim_{n}: {{{text}, {writer.cites()}}}" for n, text in enumerate(claims))]
    return "\n".join(lines) + "\n"


def _tracks(states: int, writer: Writer, draw: Random) -> Iterator[str]:
    """Care, and side tracks that wait for it; every other one begins with something urgent instead."""
    size = states * 3 // 5
    care = layers_of(["decide"], size, draw)
    yield from _track("care", care, writer, {})
    for number, side in enumerate(_sizes(states - size, draw)):
        urgent, gated = number % 2 == 1, side >= WITH_GATE
        head = ["act"] if urgent else ["idle", "act"] if gated else ["idle", "decide"]
        layers = layers_of([*head, "gate"] if gated else head, side, draw)
        first = draw.choice([state for layer in care[1 : len(care) // 2] for state in layer])
        awaited = {"idle": first, "gate": draw.choice(_below(first))}
        for (state,) in (layer for layer in layers if layer[0].kind in awaited):
            # It moves as care arrives there, while the facts that brought care there are known.
            arrived = awaited[state.kind].parent
            state.reads = arrived.reads if arrived is not None else NOTHING
        places = {kind: f"care.{state.name}" for kind, state in awaited.items()}
        yield from _track(f"side{number}", layers, writer, places)


def _sizes(states: int, draw: Random) -> Iterator[int]:
    while states:
        size = draw.randint(SHORTEST, min(LONGEST, states))
        if 0 < states - size < SHORTEST:
            size = states if states <= LONGEST else states - SHORTEST
        states -= size
        yield size


def _below(state: State) -> list[State]:
    """The states that can come after one, nearest first."""
    found: dict[str, State] = {}
    waiting = [state]
    while waiting:
        fresh = [one for one in waiting.pop(0).targets if one.name not in found]
        found.update((one.name, one) for one in fresh)
        waiting += fresh
    return list(found.values())


def _track(name: str, layers: list[list[State]], writer: Writer, places: dict[str, str]) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    start: {layers[0][0].name}"
    yield "    states:"
    for depth, layer in enumerate(layers):
        for state in layer:
            yield from writer.state(name, state, depth * PHASES // len(layers), places.get(state.kind, ""))
