"""Random guards, random claims, random cases: whatever is proved no case breaks, whatever is found is so.

The pathways are the random wards of the engine's tests. What a person answers for is left out, as the prover
leaves it out: undoing, corrections, records taken back as errors, and sending a track back by an override.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.seeding.showing import broken_now
from pathway.check.findings import Finding
from pathway.check.proving import Proofs, prove
from pathway.engine.batch import Batch
from pathway.engine.case import Case, open_case
from pathway.engine.compiling import assemble
from pathway.engine.entries import EntryError
from pathway.engine.events import TransitionTaken
from pathway.engine.playing import CONFIRM
from pathway.engine.settling import Way, ways
from pathway.language.definition import Claim, Definition
from tests.check.proofs.endings import ends_as
from tests.check.proofs.walks import FLAGSHIP, SEPSIS, SMALL, compiled_of, entered, walks
from tests.check.proofs.walks import opened as opened_on
from tests.engine.rich_ward import ACTIONS, FACTS, POOL, SIBLINGS, SLOTS, START, STATES, TRACKS, batches
from tests.semantics.stepping import definition

WARDS = 12  # in the suite; a campaign draws from many more
HARDER = settings().max_examples > 1000
NUMBERS = st.integers(0, 3000 if HARDER else WARDS)
PLACES = [f"{track}.{state}" for track, states in STATES.items() for state in states]
STARTS = ("care.intake", "emergency.calm", "watch.early")  # where cases begin has its own test
LATER = [place for place in PLACES if place not in STARTS]
SAYABLE = [guard for guard in POOL if "entry" not in guard]


@cache
def ward(number: int) -> Definition:
    """A ward with random guards, and claims about it."""
    pick = Random(number)
    guards = pick.choices(POOL, k=SLOTS)
    for first, second in SIBLINGS:
        if pick.random() < 0.7:
            guards[second] = f"not ({guards[first]})"
    return definition(FACTS + TRACKS.format(*guards) + "claims:\n" + "".join(_claims(pick)))


def _claims(pick: Random) -> list[str]:
    def guard() -> str:
        return pick.choice(SAYABLE)

    actions = pick.sample(ACTIONS, 2)
    return [
        f"  a: {{never: 'in({pick.choice(PLACES)}) and {guard()}'}}\n",
        f"  b: {{never: 'in({pick.choice(PLACES)}) and in({pick.choice(PLACES)})'}}\n",
        f"  c: {{always: 'in({pick.choice(PLACES)}) implies ({guard()})'}}\n",
        f"  d: {{only: {pick.choice(ACTIONS)}, when: '{guard()}'}}\n",
        f"  e: {{only: {pick.choice(ACTIONS)}, when: '{guard()}', unless_overridden: true}}\n",
        f"  f: {{before: [{actions[0]}, {actions[1]}]}}\n",
        f"  g: {{before: [{actions[0]}, {pick.choice(LATER)}]}}\n",
    ]


@cache
def said(number: int) -> Proofs:
    return prove(ward(number))


@dataclass
class Walk:
    """A case as it goes, and the first thing that it shows to be a lie."""

    number: int
    case: Case

    def enter(self, batch: Batch) -> bool:
        fork = self.case.fork()
        try:
            fork.enter(batch, CONFIRM)
        except EntryError:
            return False
        self.case = fork
        return True

    def takes_open_ways(self, batch: Batch) -> bool:
        """The clinician takes what the entry says, where it is open; what is in conflict has its own test."""
        take = tuple(
            one
            for one in batch.take
            if any(way.standing == "open" and way.transition.to == one.to for way in self._ways(one.track))
        )
        at = self.case.now + 60
        return take != () and self.enter(Batch(at, "test", at, take=take))

    def _ways(self, track: str) -> tuple[Way, ...]:
        return ways(track, self.case.readings)

    def check(self) -> None:
        proofs = said(self.number)
        for one in proofs.proved:
            claim = ward(self.number).claims[one.claim]
            assert broken(self.case, claim) is None, f"ward {self.number}: {claim.name} is proved"
        for finding in proofs.findings:
            if finding.witness is None:
                never_seen(finding, self.case)


def broken(case: Case, claim: Claim) -> str | None:
    """What breaks a claim, now or, of `before`, at any time."""
    if claim.form != "before":
        return broken_now(case, claim)
    first, then = claim.actions
    if "." not in then:
        offered = any(one.action == then and one.standing == "recommended" for one in case.view.actions)
        return then if offered and not case.readings.done(first, 0) else None
    track, _, state = then.partition(".")
    deeds = [deed.seq for deed in case.memory.deeds.get(first, ())]
    evidence = case.compiled.definition.actions[first].evidence
    moves = [move.seq for move in case.memory.path if (move.track, move.to) == (track, state)]
    began = [0] if case.compiled.definition.tracks[track].start == state else []
    early = [seq for seq in began + moves if not any(deed < seq for deed in deeds)]
    return then if early and evidence is None else None


def never_seen(finding: Finding, case: Case) -> None:
    """What is said never to come about did not come about."""
    moves = [event for event in case.events if isinstance(event, TransitionTaken)]
    if finding.code == "unreachable":
        assert finding.state not in {f"{move.track}.{move.to}" for move in moves}, finding.text
    if finding.code == "dead-end":
        assert finding.state not in {f"{move.track}.{move.source}" for move in moves}, finding.text
    if finding.code == "dead-guard" and finding.state is not None and "so no case goes" in finding.text:
        guard = finding.text.partition("`")[2].partition("`")[0]
        places = {(f"{one.track}.{one.source}", one.guard, one.to) for one in moves}
        to = finding.text.rpartition(" to ")[2]
        assert (finding.state, guard, to) not in places, finding.text


def entered_by_anybody(batch: Batch) -> Batch:
    """The entry without what a person answers for."""
    return replace(
        batch,
        facts=tuple(replace(one, corrects=False) for one in batch.facts),
        retracted=tuple(replace(one, reason="asked_unknown") for one in batch.retracted),
        overrides=tuple(one for one in batch.overrides if one.action is not None),
        undo=False,
    )


def opened(number: int) -> Case | None:
    try:
        return open_case(assemble(ward(number)), "case", START, "test", START)[0]
    except EntryError:
        return None


@given(NUMBERS, st.data())
def test_what_is_proved_no_case_breaks_and_what_never_happens_no_case_shows(
    number: int, data: st.DataObject
) -> None:
    case = opened(number)
    if case is None:
        return
    walk = Walk(number, case)
    walk.check()
    for _ in range(data.draw(st.integers(1, 6))):
        batch = entered_by_anybody(data.draw(batches(walk.case.now, "UTC")))
        if walk.enter(replace(batch, take=())):
            walk.check()
        if walk.takes_open_ways(batch):
            walk.check()


@given(NUMBERS)
@settings(max_examples=settings().max_examples // 8)
def test_every_counter_example_of_a_random_pathway_ends_where_it_says(number: int) -> None:
    with TemporaryDirectory() as folder:
        for finding in said(number).findings:
            ends_as(finding, ward(number), Path(folder))


# --- the pathways of the package, and those written for testing -----------------------------------
@cache
def said_of(name: str) -> Proofs:
    return prove(compiled_of(name).definition)


@given(st.sampled_from([*SMALL, SEPSIS, FLAGSHIP]).flatmap(lambda n: st.tuples(st.just(n), walks(n))))
@settings(max_examples=settings().max_examples // 2)
def test_what_is_proved_of_a_real_pathway_no_random_case_breaks(drawn: tuple[str, tuple[Batch, ...]]) -> None:
    name, entries = drawn
    claims = compiled_of(name).definition.claims
    proved = [claims[one.claim] for one in said_of(name).proved]
    assert proved
    case = opened_on(name)
    for batch in entries:
        case = entered(case, batch) or case
        for claim in proved:
            assert broken(case, claim) is None, f"{name}: {claim.name} is proved"
        for finding in said_of(name).findings:
            if finding.witness is None:
                never_seen(finding, case)
