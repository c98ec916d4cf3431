"""Cases that are hard to come to are found, and found again whatever patients the solver proposes."""

from __future__ import annotations

import pytest

from benchmarks.layered import layered_pathway
from benchmarks.seeding.originals import names, path_of
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.oracle import Oracle
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.smt import conj, disj
from pathway.check.proofs.symbols import DAY, FIRST_DAY
from pathway.check.proofs.terms import Amount
from pathway.check.proving import Proofs, prove
from pathway.engine.compiling import assemble
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from pathway.vignettes.finding import case_files
from tests.check.proofs.walks import SEPSIS

OTHER_SEEDS = (5, pytest.param(2, marks=pytest.mark.campaign))


def pathway(facts: str, tracks: str, more: str = "", actions: str = "") -> Definition:
    return definition_from_text(f"""
pathway: searched
version: 1.0.0
title: Searched
status: draft
facts:
{facts}
actions:
  watch: {{title: Watch, type: measure}}
{actions}
tracks:
{tracks}
{more}""")


def decided(proofs: Proofs) -> tuple[list[object], list[str]]:
    """What was found out, and that nothing was left open."""
    assert [one.render() for one in proofs.undecided] == []
    return [(one.code, one.place, one.state) for one in proofs.findings], [one.claim for one in proofs.proved]


def test_what_was_proved_before_changes_no_counter_example() -> None:
    definition = load_definition(path_of(SEPSIS))
    alone = prove(definition)
    prove(load_definition(path_of("theatre_handshake")))
    assert prove(definition) == alone


@pytest.mark.parametrize("seed", OTHER_SEEDS)
@pytest.mark.parametrize("name", names())
def test_other_patients_lead_to_the_same_answers(name: str, seed: int) -> None:
    definition, files = load_definition(path_of(name)), case_files(path_of(name))
    found = decided(prove(definition, case_files=files, seed=seed))
    assert found == decided(prove(definition, case_files=files))


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_a_generated_pathway_is_decided_whatever_patients_are_proposed(seed: int) -> None:
    definition = definition_from_text(layered_pathway(140, 61, 0))
    proofs = prove(definition, seed=seed)
    assert set(decided(proofs)[1]) == set(definition.claims)
    assert [one for one in proofs.findings if one.severity in ("error", "warning")] == []


def test_an_instant_is_proposed_only_where_it_can_be_entered() -> None:
    """What is proved holds in every zone, where the calendar may begin a day earlier; cases are in UTC."""
    definition = pathway(
        "  onset: {type: dateTime}",
        "  care:\n    start: ward\n    states:\n"
        '      ward: {kind: enquiry, next: [{to: home, when: "time since onset > 12 h"}]}\n'
        "      home: {kind: end}",
    )
    explorer = Explorer.of(assemble(definition), Oracle())
    for _ in explorer.explore():
        pass
    onset = explorer.symbols.fact("onset")
    assert isinstance(onset, Amount)
    before, after = (onset.value == FIRST_DAY * DAY + minutes * 60 for minutes in (-1, 1))
    assert explorer.possible((onset.known, before)) is not None
    beginning = conj((onset.known, disj((before, after))))
    node = explorer.attempt(explorer.all_nodes()[0], beginning, Reads({"onset"}), lambda case: True)
    assert node is not None


def test_one_entry_makes_other_tracks_move_first() -> None:
    """Watching ends with care and begins again when a cause opens its arm, which brings care back."""
    definition = pathway(
        "  cause: {type: code, values: [none, bacterial]}\n  resolved: {type: boolean}",
        "  arm:\n    start: shut\n    states:\n"
        '      shut: {kind: enquiry, next: [{to: treating, when: "cause = bacterial", auto: true}]}\n'
        '      treating: {kind: enquiry, next: [{to: shut, when: "cause = none", auto: true}]}\n'
        "  care:\n    start: treatment\n    states:\n"
        '      treatment: {kind: enquiry, next: [{to: closed, when: "resolved and not in(arm.treating)"}]}\n'
        '      closed: {kind: enquiry, next: [{to: treatment, when: "in(arm.treating)", auto: true}]}\n'
        "  watching:\n    start: watched\n    states:\n"
        '      watched: {kind: enquiry, next: [{to: over, when: "in(care.closed)", auto: true}]}\n'
        '      over: {kind: enquiry, next: [{to: watched, when: "in(care.treatment)", auto: true}]}',
    )
    found = {one.code for one in prove(definition).findings}
    assert prove(definition).undecided == ()
    assert "unreachable" not in found


def test_a_case_stays_in_a_state_that_others_went_through() -> None:
    """At the desk the porter is called. Nobody gets as far without being known to be well or ill, and whoever
    is known goes on at once: only a value that is taken back makes a case stay there."""
    definition = pathway(
        "  well: {type: boolean}\n  asked: {type: boolean}\n  shift: {type: boolean}",
        "  care:\n    start: lobby\n    states:\n"
        '      lobby: {kind: enquiry, next: [{to: door, when: "well is known"}]}\n'
        '      door: {kind: enquiry, next: [{to: desk, when: "asked"}]}\n'
        '      desk: {kind: decision, next: [{to: ward, when: "not well"}, {to: home, when: "well"}]}\n'
        "      ward: {kind: end}\n      home: {kind: end}\n"
        "  porter:\n    start: away\n    states:\n"
        '      away: {kind: enquiry, next: [{to: waits, when: "shift and in(care.lobby)"}]}\n'
        '      waits: {kind: enquiry, next: [{to: called, when: "in(care.desk)", auto: true}]}\n'
        "      called: {kind: end}",
    )
    assert prove(definition).undecided == ()
    assert "unreachable" not in {one.code for one in prove(definition).findings}
