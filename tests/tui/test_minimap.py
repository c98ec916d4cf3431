"""The map of the pathway: what it calls here, been, open, waiting, possible and closed is so."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from pathway.engine.batch import Batch, DeedEntry, FactEntry, TakeEntry
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition, Fact
from pathway.language.expression import Kind
from pathway.language.load import definition_from_text, load_definition
from pathway.language.numbers import exact_text
from pathway.supposing.reach import Standing, StateId, standing_words, standings
from tests.tui.hostile import hostile_demo
from tests.tui.support import NOON, EngineSession
from tui.lines import Tone, columns
from tui.minimap import ASCII_SIGNS, SIGNS, minimap_lines
from tui.session import EntryError

SMALL, WIDE = (78, 14), (158, 46)
SIZES = pytest.mark.parametrize("size", [SMALL, WIDE, (78, 20), (40, 8), (20, 3), (130, 60)])

SHIFTING = """
pathway: shifting
version: 1.0.0
title: Shifting
status: draft
facts:
  worse: {ask: "Worse?", type: boolean}
  inr: {ask: INR, type: quantity, unit: "1", range: [0, 30], step: 0.1}
  risky: {label: risky, type: boolean, formula: inr > 1.4}
  result: {ask: Result, type: code, values: {pending: Pending, back: Back}}
  seen: {ask: When seen, type: dateTime}
actions:
  test: {title: Test, type: order, records: [{fact: result, value: back}]}
  talk: {title: Talk, type: information}
tracks:
  care:
    start: ward
    states:
      ward:
        kind: action
        do: [{action: test}, {action: talk}]
        next:
          - {to: theatre, when: not risky}
          - {to: lab, when: result = back}
          - {to: later, when: time since seen > 24 h}
          - {to: told, when: done(talk)}
          - {to: watched, when: in(watch.alert)}
      theatre: {kind: end}
      lab: {kind: end}
      later: {kind: end}
      told: {kind: end}
      watched: {kind: end}
      nowhere: {kind: enquiry, next: [{to: ward, when: worse}]}
  watch:
    start: calm
    states:
      calm: {kind: enquiry, next: [{to: alert, when: worse}]}
      alert: {kind: end}
"""


@pytest.fixture(scope="module")
def flagship() -> Definition:
    return load_definition(find_pathway("spinal_leptomeningeal_infection"))


@pytest.fixture
def shifting() -> EngineSession:
    return EngineSession(definition_from_text(SHIFTING))


def said(session: EngineSession, width: int = 78, height: int = 20, ascii: bool = False) -> list[str]:
    return [line.plain for line in minimap_lines(session.definition, session.view, width, height, ascii)]


def stands(session: EngineSession) -> dict[StateId, Standing]:
    found = standings(session.definition, session.view)
    return {key: stand.standing for key, stand in found.items()}


def row_of(rows: list[str], title: str) -> str:
    return next(row for row in rows if title in row)


# --- what the words mean ----------------------------------------------------------------------------
def test_a_new_case_is_here_waits_for_what_is_not_known_and_may_still_come_to_the_rest(
    session: EngineSession,
) -> None:
    assert stands(session) == {
        ("care", "intake"): Standing.HERE,
        ("care", "workup"): Standing.WAITS,
        ("care", "not_suspected"): Standing.WAITS,
        ("care", "finished"): Standing.POSSIBLE,
        ("care", "without_csf"): Standing.POSSIBLE,
    }
    assert "waits for suspected" in row_of(said(session), "Workup")


def test_a_known_fact_opens_one_way_and_closes_the_other_for_now(session: EngineSession) -> None:
    session.enter(facts={"suspected": "true"})
    assert stands(session)["care", "workup"] is Standing.OPEN
    assert stands(session)["care", "not_suspected"] is Standing.CLOSED
    assert "closed now, FALSE: not suspected" in row_of(said(session), "Not suspected")


def test_what_is_closed_opens_again_when_the_fact_changes(session: EngineSession) -> None:
    session.enter(facts={"suspected": "true"})
    session.enter(facts={"suspected": "false"})
    assert stands(session)["care", "not_suspected"] is Standing.OPEN
    assert stands(session)["care", "workup"] is Standing.CLOSED


def test_a_deed_that_is_not_done_yet_closes_nothing(in_workup: EngineSession) -> None:
    assert stands(in_workup) == {
        ("care", "intake"): Standing.BEEN,
        ("care", "workup"): Standing.HERE,
        ("care", "not_suspected"): Standing.CLOSED,
        ("care", "finished"): Standing.POSSIBLE,
        ("care", "without_csf"): Standing.POSSIBLE,
    }
    assert "no way leads there from here" in row_of(said(in_workup), "Not suspected")


def test_a_deed_that_is_done_closes_what_asks_that_it_was_not(in_workup: EngineSession) -> None:
    in_workup.commit(Batch(NOON, "ms", NOON, done=(DeedEntry("lumbar_puncture"),)))
    assert stands(in_workup)["care", "finished"] in (Standing.OPEN, Standing.HERE)
    assert stands(in_workup)["care", "without_csf"] is Standing.CLOSED


def test_a_computed_fact_closes_as_a_recorded_one_does(shifting: EngineSession) -> None:
    shifting.enter(facts={"inr": "1.5"})
    assert stands(shifting)["care", "theatre"] is Standing.CLOSED
    shifting.enter(facts={"inr": "1.4"})
    assert stands(shifting)["care", "theatre"] is not Standing.CLOSED


def test_a_result_that_is_pending_may_still_come_back(shifting: EngineSession) -> None:
    shifting.enter(facts={"result": "pending", "inr": "2"})
    assert stands(shifting)["care", "lab"] is Standing.POSSIBLE


def test_what_only_time_or_another_track_can_bring_is_possible(shifting: EngineSession) -> None:
    shifting.enter(facts={"seen": "2026-03-01T11:00:00Z", "inr": "2"})
    assert stands(shifting)["care", "later"] is Standing.POSSIBLE
    assert stands(shifting)["care", "watched"] is Standing.POSSIBLE


def test_a_state_of_another_track_that_cannot_come_closes_what_reads_it(shifting: EngineSession) -> None:
    shifting.enter(facts={"worse": "false", "inr": "2"})
    assert stands(shifting)["watch", "alert"] is Standing.CLOSED
    assert stands(shifting)["care", "watched"] is Standing.CLOSED


def test_a_state_that_nothing_leads_to_is_closed_and_says_so(shifting: EngineSession) -> None:
    stand = standings(shifting.definition, shifting.view)["care", "nowhere"]
    assert standing_words(stand, {}) == "closed now, no way leads there from here"


# --- honest on the flagship -------------------------------------------------------------------------
def some_value(fact: Fact, chance: random.Random) -> str | tuple[str, ...]:
    """A value that the fact can hold."""
    match fact.type.kind:
        case Kind.BOOLEAN:
            return chance.choice(("true", "false"))
        case Kind.CODE:
            return chance.choice(fact.type.codes or ("such_a_thing",))
        case Kind.LIST:
            return (chance.choice(fact.type.codes),) if fact.type.codes and chance.random() < 0.7 else ()
        case Kind.NUMBER if fact.low is not None and fact.high is not None and fact.step is not None:
            steps = (fact.high - fact.low) / fact.step
            return exact_text(fact.low + fact.step * chance.randint(0, int(steps)))
        case Kind.INSTANT:
            return f"2026-03-01T{chance.randint(0, 11):02}:00:00Z"
        case _:
            return f"2026-02-{chance.randint(1, 28):02}"


def go_on(session: EngineSession, chance: random.Random) -> None:
    """One entry that changes nothing known: a missing fact, a way taken, or a deed."""
    definition, view = session.definition, session.view
    known = {fact.fact for fact in view.facts}
    open_ways = [way for track in view.tracks for way in track.transitions if way.standing == "open"]
    deeds = [
        action.action
        for action in view.actions
        if action.standing == "recommended"
        and not known & {deed.fact for deed in definition.actions[action.action].records}
    ]
    missing = [name for name, one in definition.facts.items() if not one.is_derived and name not in known]
    roll = chance.random()
    if open_ways and roll < 0.3:
        way = chance.choice(open_ways)
        session.commit(Batch(NOON, "ms", NOON, take=(TakeEntry(way.track, way.to),)))
    elif deeds and roll < 0.6:
        session.commit(Batch(NOON, "ms", NOON, done=(DeedEntry(chance.choice(deeds)),)))
    elif missing:
        asked = [question.fact for track in view.tracks for question in track.questions if not question.known]
        name = chance.choice([one for one in asked if one in missing] or missing)
        value = some_value(definition.facts[name], chance)
        session.commit(Batch(NOON, "ms", NOON, facts=(FactEntry(name, value),)))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("pathway", ["spinal_leptomeningeal_infection", "sepsis_first_hours"])
def test_no_case_ever_gets_where_it_was_closed_while_no_known_fact_changes(pathway: str, seed: int) -> None:
    definition = load_definition(find_pathway(pathway))
    chance, session = random.Random(seed), EngineSession(definition)
    closed: dict[StateId, int] = {}
    for step in range(60):
        for key, standing in stands(session).items():
            if standing is Standing.CLOSED:
                closed.setdefault(key, step)
        with suppress(EntryError):
            go_on(session, chance)
        here = {(track.track, track.state) for track in session.view.tracks}
        assert not here & set(closed), f"seed {seed}, step {step}"
    assert closed, "nothing was ever closed, so nothing was tried"
    assert len(session.view.path) > 1


# --- how it is drawn --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def course(flagship: Definition) -> list[EngineSession]:
    """The flagship's case at its start and after each of some entries."""
    found: list[EngineSession] = []
    for entries in (0, 4, 12, 25):
        session, chance = EngineSession(flagship), random.Random(1)
        for _ in range(entries):
            with suppress(EntryError):
                go_on(session, chance)
        found.append(session)
    return found


@SIZES
@pytest.mark.parametrize("ascii", [False, True])
def test_the_flagship_fits_at_every_size(
    course: list[EngineSession], size: tuple[int, int], ascii: bool
) -> None:
    for session in course:
        rows = said(session, *size, ascii)
        assert 0 < len(rows) <= size[1]
        assert all(columns(row) <= size[0] for row in rows), rows


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_every_track_is_on_the_map_with_the_number_where_it_stands(
    flagship: Definition, size: tuple[int, int]
) -> None:
    session = EngineSession(flagship)
    session.enter(facts={"leptomeningitis_suspected": "true", "bacterial_meningitis_suspected": "true"})
    whole = " ".join(said(session, *size))
    for track in session.view.tracks:
        title = flagship.tracks[track.track].title[:14]
        assert title in whole
        assert f"►{track.number}" in whole or f"► {track.number:>2}." in whole


def test_tracks_stand_in_the_order_of_the_definition(flagship: Definition) -> None:
    rows = "\n".join(said(EngineSession(flagship), *WIDE))
    places = [rows.index(f"\n{track.title}") for track in flagship.tracks.values()]
    assert places == sorted(places)


def test_tracks_that_moved_are_opened_and_idle_ones_folded_to_a_row(flagship: Definition) -> None:
    session = EngineSession(flagship)
    session.enter(facts={"leptomeningitis_suspected": "true"})
    rows = said(session, 158, 34)
    assert any(row.startswith(" ► ") and "3. MRI of the whole spine" in row for row in rows)
    assert any(row.startswith("Fungal disease: ►23. ") for row in rows)


def test_every_sign_has_a_word_in_the_legend_and_none_is_used_twice(session: EngineSession) -> None:
    legend = said(session)[0]
    for signs in (SIGNS, ASCII_SIGNS):
        assert len(set(signs.values())) == len(Standing)
    for standing, sign in SIGNS.items():
        assert f"{sign} {standing.value}" in legend


def test_in_ascii_there_is_nothing_else(in_workup: EngineSession) -> None:
    rows = said(in_workup, ascii=True)
    assert all(row.isascii() for row in rows)
    assert any(row.startswith(" >  2. Workup") for row in rows)


def test_the_present_state_stands_out_by_its_word_and_tone_too(in_workup: EngineSession) -> None:
    lines = minimap_lines(in_workup.definition, in_workup.view, 78, 20)
    here = next(line for line in lines if "2. Workup" in line.text)
    assert here.tone is Tone.STRONG
    assert here.text.endswith("here")


def test_the_phases_say_where_the_case_is(in_workup: EngineSession) -> None:
    assert row_of(said(in_workup), "Phase:") == "Phase: ✓1 Suspected infection  ►2 Imaging and LP"


def test_hostile_titles_stay_words() -> None:
    rows = said(EngineSession(hostile_demo()))
    assert "[/b] [red]x \\x1b[31mred" in "\n".join(rows)
    assert all(row.isprintable() for row in rows)
