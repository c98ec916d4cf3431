"""Circles of automatic transitions that need no new event are refused: compiling, or when they spin."""

from __future__ import annotations

import pytest

from pathway.engine.batch import Batch, FactEntry
from pathway.engine.case import EntryError, open_case
from pathway.engine.circles import circles, spinning
from pathway.engine.compiling import assemble, compile_pathway
from pathway.language.problems import DefinitionError
from tests.turning import turning

NOON = 1_772_366_400


def test_a_circle_that_spins_from_the_start_does_not_compile() -> None:
    with pytest.raises(DefinitionError, match="circle: ward -> unit -> ward, with nothing recorded") as error:
        compile_pathway(turning("septic is unknown", "not done(bolus)"))
    assert error.value.problems[0].code == "auto-cycle"


def test_that_patient_does_spin_and_nothing_of_the_entry_is_recorded() -> None:
    compiled = compile_pathway(turning("lactate >= 2", "lactate <= 2"))
    case, _ = open_case(compiled, "c", NOON, "dr_a", NOON)
    before = list(case.events)
    with pytest.raises(EntryError, match="goes round in a circle"):
        case.commit(Batch(NOON, "dr_a", NOON, facts=(FactEntry("lactate", "2"),)))
    assert case.events == before
    assert case.commit(Batch(NOON, "dr_a", NOON, facts=(FactEntry("lactate", "2.1"),))).taken


def test_each_circle_is_listed_once() -> None:
    definition = turning("septic", "not septic")
    (circle,) = circles(definition.tracks["care"])
    assert [way.source for way in circle] == ["ward", "unit"]
    assert spinning(assemble(definition), circle, 100) is None
