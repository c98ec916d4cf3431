"""What is not the article's: limits of entry, codes, names to pick, and figures seen second-hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from pathway.language import written
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.gather import gather
from pathway.language.load import load_definition

FLAGSHIP = "spinal-leptomeningeal-infection"
LIMITS, CODES, NAMES = "U27", "U28", "U31"


@cache
def flagship() -> Definition:
    return load_definition(find_pathway(FLAGSHIP))


@cache
def spoken() -> written.Pathway:
    return gather(find_pathway(FLAGSHIP)).pathway


def text_of(source: str) -> str:
    return flagship().sources[source].text.lower()


def test_every_limit_of_entry_is_called_one_of_this_program() -> None:
    limited = {name for name, one in spoken().facts.items() if one.range is not None or one.step is not None}
    assert len(limited) >= 23
    assert {name for name in limited if LIMITS not in flagship().facts[name].cites} == set()


def test_every_unit_of_entry_is_called_one_of_this_program_where_the_article_has_none() -> None:
    entered = {name for name, one in spoken().facts.items() if one.ask is not None and one.unit is not None}
    assert len(entered) >= 20
    assert {name for name in entered if LIMITS not in flagship().facts[name].cites} == set()
    for unprinted in ("opening pressure", "glucose of csf and serum", "white cells", "lymphocytes", "age"):
        assert unprinted in text_of(LIMITS).split("prints no unit")[1]


@pytest.mark.parametrize(("fact", "moment"), [("presentation_time", "U29"), ("csf_collection_time", "U30")])
def test_a_moment_from_which_a_clock_was_said_to_count_names_who_said_so(fact: str, moment: str) -> None:
    assert moment in flagship().facts[fact].cites


def test_the_hour_for_a_rash_is_never_shown_as_the_articles() -> None:
    """S43 has the hour for severe sepsis only; the rash is A26, the moment from which it counts U29."""
    states = flagship().tracks["emergency"].states
    within = {name for name, state in states.items() if any(one.within for one in state.do)}
    assert within == {"antibiotic_first_hour", "new_episode_first_hour"}
    shown = [states[name].cites for name in within]
    shown += [one.cites for state in states.values() for one in state.next if one.to in within]
    shown += [one.cites for name, one in flagship().claims.items() if name.startswith("sepsis_")]
    assert len(shown) == 7
    assert [cites for cites in shown if not {"A26", "U29"} <= set(cites)] == []
    for name in within:
        assert "article's ideal" in (states[name].text or "")
        assert "for the rash too is A26" in " ".join((states[name].text or "").split())


def test_every_loinc_code_carries_what_was_verified_of_it() -> None:
    coded = {name for name, one in spoken().facts.items() if one.code}
    assert len(coded) == 16
    assert {name for name in coded if CODES not in flagship().facts[name].cites} == set()


@pytest.mark.parametrize("fact", ["current_drugs", "corticosteroid_drug"])
def test_a_drug_to_pick_that_the_article_does_not_name_is_said_not_to_be_its(fact: str) -> None:
    article = " ".join(one.text for one in flagship().sources.values() if one.layer == "article").lower()
    others = [
        words
        for value, words in flagship().facts[fact].values.items()
        if value != "none" and words.lower() not in article
    ]
    assert "dexamethasone" in others
    assert [words for words in others if words.lower() not in text_of(NAMES)] == []
    assert NAMES in flagship().facts[fact].cites


# --- what was seen second-hand --------------------------------------------------------------------
def deciding() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every element that decides something, with what it rests on."""
    definition = flagship()
    for name, one in (*definition.safeguards.items(), *definition.claims.items()):
        yield name, one.cites
    for fact in definition.facts.values():
        yield fact.name, fact.cites
        yield from ((fact.name, row.cites) for row in (fact.formula.rows if fact.formula else ()))
    for track in definition.tracks.values():
        for state in track.states.values():
            yield f"{state.track}.{state.name}", state.cites
            yield from ((f"{state.name} {one.action}", one.cites) for one in state.do)
            yield from ((f"{state.name} to {one.to}", one.cites) for one in state.next)


def second_hand(cites: tuple[str, ...]) -> list[str]:
    return [one for one in cites if flagship().sources[one].grade == 2]


def test_nothing_that_decides_rests_on_what_was_seen_second_hand() -> None:
    assert [(name, second_hand(cites)) for name, cites in deciding() if second_hand(cites)] == []


def test_what_was_seen_second_hand_is_shown_with_the_words_to_check_it() -> None:
    shown = [one for one in flagship().notices.values() if second_hand(one.cites)]
    assert len(shown) >= 15
    assert [one.name for one in shown if "check the source" not in one.text.lower()] == []


def test_a_source_seen_second_hand_says_so_wherever_it_is_read() -> None:
    graded = [one for one in flagship().sources.values() if one.grade == 2]
    assert len(graded) >= 15
    assert [one.id for one in graded if "check the source" not in one.text.lower()] == []


def test_of_a_dose_that_can_be_read_in_two_ways_none_is_computed() -> None:
    for name in ("isoniazid", "rifampicin", "pyrazinamide"):
        action = flagship().actions[name]
        assert "U23" in action.cites
        assert "so none is computed" in (action.text or "")
        assert [dose.when is not None and dose.when.text for dose in action.doses] == ["is_child"]
