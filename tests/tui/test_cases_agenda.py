"""In which order the logs of many cases are read."""

from __future__ import annotations

from dataclasses import replace

from tui.cases.agenda import HEADS, WHOLES, Agenda
from tui.session import ListedCase


def cases(number: int) -> list[ListedCase]:
    return [ListedCase(f"f{index}", f"v-{index}", index, (index,)) for index in range(number)]


def test_what_is_on_show_is_read_whole_before_anything_else() -> None:
    agenda = Agenda()
    agenda.meet(cases(500))
    agenda.prefer(["f3", "f4"])
    taken, is_whole = agenda.take()
    assert ([one.key for one in taken], is_whole) == (["f3", "f4"], True)


def test_then_how_each_begins_the_last_written_first_then_the_whole_of_each() -> None:
    agenda = Agenda()
    agenda.meet(cases(HEADS + 1))
    first, is_whole = agenda.take()
    assert (len(first), first[0].key, is_whole) == (HEADS, f"f{HEADS}", False)
    agenda.again(first)
    second, _ = agenda.take()
    assert [one.key for one in second] == ["f0"]
    third, is_whole = agenda.take()
    assert (len(third), is_whole) == (WHOLES, True)


def test_a_case_is_read_once_and_again_only_when_its_file_is_another() -> None:
    agenda = Agenda()
    agenda.meet(cases(1))
    taken, _ = agenda.take()
    agenda.done([replace(taken[0], is_read=True)])
    agenda.meet(cases(1))
    assert agenda.take() == ([], True)
    agenda.meet([replace(taken[0], mark=(9,))])
    assert [one.key for one in agenda.take()[0]] == ["f0"]


def test_a_case_that_was_taken_but_not_read_is_read_at_the_next_look() -> None:
    agenda = Agenda()
    agenda.meet(cases(1))
    agenda.take()
    agenda.meet(cases(1))
    assert [one.key for one in agenda.take()[0]] == ["f0"]


def test_a_case_that_is_gone_is_not_read_any_more() -> None:
    agenda = Agenda()
    agenda.meet(cases(2))
    agenda.again(agenda.take()[0])
    agenda.meet(cases(1))
    assert {one.key for one in agenda.take()[0]} == {"f0"}
    assert agenda.take() == ([], True)
