"""On random small pathways the changes found agree with trying out every set of values by force."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pathway.engine.case import Case
from pathway.engine.entries import EntryError
from pathway.engine.events import ActionDone, TransitionTaken
from pathway.language.problems import DefinitionError
from pathway.supposing.comparisons import all_guards
from pathway.supposing.levers import Levers, may_change
from pathway.supposing.nearest import Nearest, nearest_changes
from pathway.supposing.subjects import Offer, Subject, WayOn, is_open
from pathway.supposing.trying import Lever, Setting, batch_of
from tests.semantics.stepping import Patient, admitted, pathway

PLENTY = 20_000
HALF = settings(max_examples=settings().max_examples // 2)
FACTS = {"a": ("true", "false"), "b": ("true", "false"), "n": ("0", "3", "7"), "c": ("x", "y", "z")}
BODY = """facts:
  a: {{type: boolean}}
  b: {{type: boolean}}
  n: {{type: quantity, unit: "1", range: [0, 9], step: 1}}
  c: {{type: code, values: [x, y, z]}}
  d: {{type: boolean, formula: '{0}'}}
actions:
  act: {{title: Act, type: procedure}}
  other: {{title: Other, type: procedure}}
safeguards:
  first: {{action: act, when: '{1}', effect: block}}
  second: {{action: [act, other], when: '{2}', effect: block}}
tracks:
  care:
    start: here
    states:
      here:
        kind: action
        do: [{{action: act}}, {{action: other, when: '{5}'}}]
        next: [{{to: there, when: '{3}', auto: {6}}}, {{to: away, when: '{4}', auto: {6}}}]
      there: {{kind: action, do: [{{action: other}}]}}
      away: {{kind: end}}
"""
PLAIN = (
    "a",
    "not a",
    "b",
    "a and b",
    "a or not b",
    "n >= 5",
    "n < 3",
    "n = 4",
    "c = x",
    "c is one of (x, y)",
)
MIXED = (
    *PLAIN,
    "a and n >= 5",
    "b or c = y",
    "n between 2 and 6 and not a",
    "a is known and b",
    "n > 8 or a",
)
READING = (*MIXED, "d", "not d and b", "d and n < 3")
MOVING = (*READING, "done(act)", "done(act) and a", "declined(act) and not b", "a recorded since entry and a")
SUBJECTS: tuple[Subject, ...] = (Offer("act"), Offer("other"), WayOn("care", "there"), WayOn("care", "away"))


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """A case on a pathway with guards from the pool, some facts known."""
    pools = (MIXED, READING, READING, MOVING, MOVING, READING)
    guards = [draw(st.sampled_from(pool)) for pool in pools]
    known = {name: draw(st.sampled_from((*values, ""))) for name, values in FACTS.items()}
    try:
        compiled = pathway(BODY.format(*guards, draw(st.sampled_from(("true", "false")))))
    except DefinitionError:  # two guards that cannot stand together
        assume(False)
        raise
    patient = admitted(compiled)
    patient.at("08:00").records(**{name: value for name, value in known.items() if value})
    return patient


def opened(case: Case, subject: Subject, settings: tuple[Setting, ...]) -> bool:
    """Whether the entry leaves the subject open, or the way taken, without a deed against a safeguard."""
    fork = case.fork()
    try:
        events = fork.enter(batch_of(settings, case.now, "force", case.now))
    except EntryError:
        return False
    if any(isinstance(event, ActionDone) and event.judged != "recommended" for event in events):
        return False
    moves = [event for event in events if isinstance(event, TransitionTaken)]
    taken = isinstance(subject, WayOn) and any(
        (move.track, move.source, move.to) == ("care", case.memory.stands["care"].state, subject.to)
        for move in moves
    )
    return taken or is_open(subject, fork.view)


def every_set(case: Case, size: int) -> Iterator[tuple[Setting, ...]]:
    """All ways of supposing this many entries."""
    levers = Levers(case, all_guards(case.compiled.definition))
    facts = [fact for fact in case.compiled.definition.facts.values() if may_change(fact, case.readings)]
    every = [Lever("fact", fact.name) for fact in facts]
    every += [Lever(kind, action) for kind in ("done", "declined") for action in ("act", "other")]
    for chosen in itertools.combinations(every, size):
        yield from itertools.product(*(levers.settings(lever) for lever in chosen))


def entered(found: Nearest) -> list[tuple[Setting, ...]]:
    """Each change found, as what is entered for it."""
    changes: list[tuple[Setting, ...]] = []
    for change in found.changes:
        facts = [Setting(Lever("fact", one.fact), one.value) for one in change.facts]
        deeds = [Setting(Lever("declined" if one.declined else "done", one.action)) for one in change.deeds]
        changes.append((*facts, *deeds))
    return changes


@given(patients(), st.sampled_from(SUBJECTS))
def test_every_change_found_opens_it_and_no_smaller_set_does(patient: Patient, subject: Subject) -> None:
    found = nearest_changes(patient.case, subject, most=PLENTY)
    changes = entered(found)
    assert all(opened(patient.case, subject, change) for change in changes)
    assert len({len(change) for change in changes}) <= 1
    smallest = len(changes[0]) if changes else 3
    for size in range(0 if found.outcome != "open" else 1, min(smallest, 3)):
        by_force = [one for one in every_set(patient.case, size) if opened(patient.case, subject, one)]
        assert found.outcome == "open" or not by_force, (found, by_force[:1])


@HALF
@given(patients(), st.sampled_from(SUBJECTS))
def test_what_is_said_of_a_bound_holds_for_every_value_on_that_side(
    patient: Patient, subject: Subject
) -> None:
    found = nearest_changes(patient.case, subject, most=PLENTY)
    for change, settings_ in zip(found.changes, entered(found), strict=True):
        for place, needed in enumerate(change.facts):
            allowed = {
                "at_least": range(int(str(needed.value)), 10) if needed.fact == "n" else (),
                "at_most": range(int(str(needed.value)) + 1) if needed.fact == "n" else (),
                "any": FACTS.get(needed.fact, ()),
            }.get(needed.bound, ())
            for value in allowed:
                turned = Setting(settings_[place].lever, str(value))
                others = (*settings_[:place], turned, *settings_[place + 1 :])
                assert opened(patient.case, subject, others), (needed, value)


@HALF
@given(patients(), st.sampled_from(SUBJECTS))
def test_looking_for_changes_leaves_no_trace(patient: Patient, subject: Subject) -> None:
    events, view = list(patient.case.events), patient.case.view
    nearest_changes(patient.case, subject)
    assert patient.case.events == events
    assert patient.case.view == view
