"""Whether a finding's case ends where the finding says: seen by the engine, and by nothing of the prover."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from benchmarks.seeding.patients import Played
from benchmarks.seeding.values import thresholds, values_of
from pathway.check.findings import Finding
from pathway.engine import calls as called_for
from pathway.engine.batch import Batch, DeclineEntry, DeedEntry, FactEntry
from pathway.engine.case import Case
from pathway.engine.compiling import assemble
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM, NotRecorded, Ran, play_timeline, step_timeline
from pathway.engine.timeline import Timeline, read_timeline
from pathway.engine.view import ActionView, TrackView
from pathway.language.definition import Claim, Definition
from pathway.language.evaluate import explained
from pathway.language.problems import DefinitionError
from pathway.language.verdict import Verdict

WITH_CASE = frozenset(
    ["gap", "overlap", "dead-end", "deadlock", "auto-cycle", "input-never-arrives", "claim-refuted"]
)  # a dose has no case of its own: its facts are in its text
WALKS, STEPS = 12, 4


def ends_as(finding: Finding, definition: Definition, folder: Path) -> None:
    """Fails unless the case, written as YAML and read back, ends in what was found."""
    if finding.witness is None:
        assert finding.code not in WITH_CASE or finding.place is None or _needs_no_case(finding)
        return
    timeline = reread(finding, folder)
    if finding.code == "auto-cycle":
        spins(definition, timeline)
        return
    ran = list(step_timeline(assemble(definition), timeline))
    assert [one.step.refused for one in ran] == [()] * len(ran), "something entered was refused"
    ENDINGS[finding.code](finding, definition, ran)


def _needs_no_case(finding: Finding) -> bool:
    """A state without any way out is a dead end whoever comes to it."""
    return finding.code == "dead-end" and "no way out" in finding.text


def reread(finding: Finding, folder: Path) -> Timeline:
    """The case as a person gets it: text that `pathway run` reads."""
    assert finding.witness is not None
    file = folder / "counter_example.yaml"
    file.write_text(finding.witness.as_yaml(), encoding="utf-8")
    timeline = read_timeline(file)
    assert len(timeline.entries) == len(finding.witness.entries)
    return timeline


# --- states -------------------------------------------------------------------------------------
def here(finding: Finding, ran: list[Ran]) -> TrackView:
    """The track that the finding is about; it stands in the state of the finding."""
    assert finding.state is not None
    track, _, state = finding.state.partition(".")
    found = next(one for one in ran[-1].step.view.tracks if one.track == track)
    assert found.state == state
    return found


def gap(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """Every way is closed; or no case of a formula applies, and nothing is asked for it."""
    if finding.state is None:
        name = next(fact.name for fact in definition.facts.values() if fact.place == finding.place)
        reading = ran[-1].case.readings.fact(name)
        assert (reading.value, reading.needs) == (None, ())
        return
    assert {way.standing for way in here(finding, ran).transitions} == {"closed"}


def overlap(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """Two ways are in conflict, those that the finding names."""
    rivals = [way for way in here(finding, ran).transitions if way.standing == "conflict"]
    assert len(rivals) >= 2
    assert all(f"`{way.reason.text}` (to {way.to})" in finding.text for way in rivals)


def dead_end(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """No way is open, nor does whatever is entered later open one."""
    track = here(finding, ran)
    assert all(way.standing != "open" for way in track.transitions)
    assert_stays(ran[-1].case, {track.track: track.state})


def deadlock(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """Each of the tracks stands in its state, and whatever is entered later, none moves."""
    here(finding, ran)
    said = finding.text.partition(" wait for each other")[0].split(" and ")
    stands = {track: state for track, _, state in (one.partition(".") for one in said)}
    assert len(stands) >= 2
    assert {one.track: one.state for one in ran[-1].step.view.tracks}.items() >= stands.items()
    assert_stays(ran[-1].case, stands)


def assert_stays(case: Case, stands: dict[str, str]) -> None:
    """Random entries, a few upon each other, again and again: the tracks stand where they stood."""
    draw = Random(0)
    for _ in range(WALKS):
        walked = case
        for _ in range(STEPS):
            walked = _entered(walked, draw)
            assert {track: walked.memory.stands[track].state for track in stands} == stands


def _entered(case: Case, draw: Random) -> Case:
    """The case with one more entry, unless it is refused."""
    definition = case.compiled.definition
    numbers = thresholds(definition)
    at = case.now + draw.choice((60, 3600, 100_000))
    facts = [fact for fact in definition.facts.values() if fact.recordable and draw.random() < 0.5]
    entered = tuple(
        FactEntry(fact.name, draw.choice(values_of(fact, numbers.get(fact.name, ()), at))) for fact in facts
    )
    done = tuple(DeedEntry(name) for name in definition.actions if draw.random() < 0.2)
    declined = tuple(DeclineEntry(name, "no") for name in definition.actions if draw.random() < 0.1)
    fork = case.fork()
    try:
        fork.enter(Batch(at, "test", at, entered, done=done, declined=declined), CONFIRM)
    except EntryError:
        return case
    return fork


def waits(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """A way waits for just the facts that the finding names, and nothing there is due."""
    track = here(finding, ran)
    names = finding.text.partition(" can wait for ever for ")[2].partition(":")[0].split(", ")
    needs = {need for way in track.transitions if way.standing == "waiting" for need in way.needs}
    assert set(names) <= needs
    assert all(definition.facts[name].recordable for name in names)
    assert all(way.standing != "open" for way in track.transitions)
    assert all(do.within is None for do in definition.tracks[track.track].states[track.state].do)


# --- circles ------------------------------------------------------------------------------------
def spins(definition: Definition, timeline: Timeline) -> None:
    """The last entry is refused, for the case goes round in a circle; the others are taken."""
    compiled = assemble(definition)
    played = list(play_timeline(compiled, timeline))
    assert [isinstance(one, NotRecorded) for one in played] == [False] * (len(played) - 1) + [True]
    with pytest.raises(DefinitionError, match="goes round in a circle"):
        list(step_timeline(compiled, timeline))


# --- claims -------------------------------------------------------------------------------------
def refuted(finding: Finding, definition: Definition, ran: list[Ran]) -> None:
    """The claim is broken at the end."""
    claim = claim_of(finding, definition)
    CLAIMS[claim.form](claim, finding, ran)


def claim_of(finding: Finding, definition: Definition) -> Claim:
    """The claim that a finding is about, by its name in the text."""
    claims = definition.claims.values()
    (found,) = (one for one in claims if finding.text.startswith(f"claim {one.name} does not hold"))
    assert found.place == finding.place
    return found


def offered(name: str, ran: list[Ran]) -> ActionView | None:
    """An action that is recommended at the end."""
    actions = ran[-1].step.view.actions
    return next((one for one in actions if one.action == name and one.standing == "recommended"), None)


def verdict(claim: Claim, ran: list[Ran]) -> Verdict:
    assert claim.guard is not None
    return explained(claim.guard, ran[-1].case.readings).verdict


def only(claim: Claim, finding: Finding, ran: list[Ran]) -> None:
    action = offered(claim.actions[0], ran)
    assert action is not None
    assert verdict(claim, ran) is not Verdict.TRUE
    assert not (claim.unless_overridden and action.overridden)


def before(claim: Claim, finding: Finding, ran: list[Ran]) -> None:
    """Offered, or entered, while the first action was not done by then."""
    first, then = claim.actions
    if "." not in then:
        assert offered(then, ran) is not None
        assert not ran[-1].case.readings.done(first, 0)
        return
    track, _, state = then.partition(".")
    undone = True
    for one in ran:
        entered = any((move.track, move.to) == (track, state) for move in one.step.taken)
        undone = undone and not one.case.readings.done(first, 0)
        if entered and undone:
            return
    # The deed may have come in the very entry, after the move.
    moves = [move.seq for move in ran[-1].case.memory.path if (move.track, move.to) == (track, state)]
    deeds = [deed.seq for deed in ran[-1].case.memory.deeds.get(first, ())]
    assert moves
    assert not deeds or min(moves) < min(deeds)


def within(claim: Claim, finding: Finding, ran: list[Ran]) -> None:
    """Due too late, held for a fact, or still not done after the limit although nothing was put off."""
    case, (action, fact) = ran[-1].case, claim.actions
    if "can be held" in finding.text:
        views = [one for one in ran[-1].step.view.actions if one.action == action]
        assert [(one.standing, one.called) for one in views] == [("held", True)]
        return
    start = case.readings.fact(fact).value
    assert isinstance(start, int)
    assert claim.limit is not None
    if "has no deadline" in finding.text or "is due only" in finding.text:
        live = called_for.called(action, case.readings).calls
        due = [called_for.deadline(one, case.readings).due for one in live]
        assert any(one is None or one > start + claim.limit for one in due)
        return
    assert case.now > start + claim.limit
    assert not case.readings.done(action, 0)
    assert_nothing_put_off(ran, claim)


def assert_nothing_put_off(ran: list[Ran], claim: Claim, put_off: bool = True) -> None:
    """Every action was done as soon as stated: none was recommended longer than it takes.

    The claim's own action may be put off, where what was found is that it takes too long.
    """
    since: dict[str, int] = {}
    for one in ran:
        now = one.step.view.at
        live = {
            view.action: one.case.compiled.definition.actions[view.action].takes
            for view in one.step.view.actions
            if view.standing == "recommended" and view.called and not view.started
        }
        for action, takes in live.items():
            first = since.setdefault(action, now)
            stays = (put_off and action in claim.actions) or takes is None or now - first <= takes
            assert stays, f"{action} takes {takes} s and was put off for {now - first} s"
        since = {action: at for action, at in since.items() if action in live}


def never(claim: Claim, finding: Finding, ran: list[Ran]) -> None:
    assert verdict(claim, ran) is Verdict.TRUE


def always(claim: Claim, finding: Finding, ran: list[Ran]) -> None:
    assert verdict(claim, ran) is not Verdict.TRUE


CLAIMS: dict[str, Callable[[Claim, Finding, list[Ran]], None]] = {
    "only": only,
    "never": never,
    "always": always,
    "before": before,
    "within": within,
}
ENDINGS: dict[str, Callable[[Finding, Definition, list[Ran]], None]] = {
    "gap": gap,
    "overlap": overlap,
    "dead-end": dead_end,
    "deadlock": deadlock,
    "input-never-arrives": waits,
    "claim-refuted": refuted,
}


# --- findings without a case ----------------------------------------------------------------------
def nobody_does(finding: Finding, cases: list[Played]) -> None:
    """What is said never to come about comes about in none of these cases."""
    said = finding.text.partition("`")[2].partition("`")[0]
    for played in cases:
        moves = played.case.memory.path
        match finding.code:
            case "unreachable":
                assert finding.state not in {f"{move.track}.{move.to}" for move in moves}
            case "dead-end":
                assert finding.state not in {f"{move.track}.{move.source}" for move in moves}
            case "dead-guard" if finding.state is not None and "so no case goes" in finding.text:
                taken = {(f"{move.track}.{move.source}", move.guard) for move in moves}
                assert (finding.state, said) not in taken
            case "vacuous":
                assert said not in {
                    one.action
                    for step in played.steps
                    for one in step.view.actions
                    if one.standing == "recommended"
                }
            case _:
                pass
