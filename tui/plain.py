"""The line mode: a case stepped by typed lines, for screen readers, pipes and small terminals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from tui.acting import not_asked_lines
from tui.acts import acts
from tui.choices import Choice, Kind, choices, find_action, find_way
from tui.commands import help_lines, read_command, said_surely
from tui.fact_forms import fact_form
from tui.forms import take_form
from tui.lines import Line, Tone, gap
from tui.plain_answers import ANSWERS, choose_act
from tui.plain_talk import EndOfTalkError, PlainTalk, StoreLostError
from tui.session import CaseSession, Clock, EntryError, entry_error
from tui.sitting import Sitting

INTERRUPTED = 130
LOST = 1


def run_plain(session: CaseSession, clock: Clock, by: str, input: TextIO, output: TextIO) -> int:
    """Step the case line by line until `quit` or the end of the input; everything recorded is kept.

    Returns 0; 130 when interrupted; 1 when the store cannot be read any more.
    """
    talk = PlainTalk(Sitting(session, clock, by), input, output)
    try:
        _go_on(talk)
    except KeyboardInterrupt:
        talk.say([gap(), Line(f"Interrupted. {talk.kept}")])
        return INTERRUPTED
    except StoreLostError:
        talk.say([Line("The case cannot be read from its store any more. Leaving.", "!!", Tone.ALARM)])
        return LOST
    return 0


def _go_on(talk: PlainTalk) -> None:
    """Greet, then answer line after line."""
    talk.reach_now()
    talk.show_state()
    try:
        while True:
            _answer(talk, talk.read("> "))
    except EndOfTalkError:
        talk.say([Line(talk.kept)])


def _answer(talk: PlainTalk, typed: str) -> None:
    shown = talk.menu
    has_news = talk.reach_now()
    try:
        if has_news and typed.strip() not in ("", "quit"):
            talk.look_first()
        elif not typed.strip():
            talk.show_state()
        elif typed.strip().isdecimal():
            talk.is_sure = False
            _take_number(talk, int(typed), shown)
        else:
            _obey(talk, typed)
    except EntryError as error:
        talk.refuse(error)


def _obey(talk: PlainTalk, typed: str) -> None:
    command, rest = read_command(typed)
    rest, talk.is_sure = said_surely(rest) if command.asks else (rest, False)
    if command.name == "quit":
        raise EndOfTalkError
    if command.name == "help":
        talk.say(help_lines(rest))
    elif command.name == "state":
        talk.show_state()
    elif command.name == "menu":
        talk.show_menu(most=999)
    else:
        ANSWERS[command.name](talk, rest)


def _take_number(talk: PlainTalk, number: int, shown: Sequence[Choice]) -> None:
    """Take an answer of the menu as it was last printed, if it is still on offer. Raises EntryError."""
    if not 1 <= number <= len(shown):
        raise entry_error(f"There is no line {number}: type a number of the menu, or help.")
    choice, sitting = shown[number - 1], talk.sitting
    if choice.key not in [other.key for other in choices(sitting.definition, sitting.view, sitting.now)]:
        talk.show_menu()
        raise entry_error(f"{choice.text} is not on offer any more: time has passed. The menu above is new.")
    _take(talk, choice)


def _take(talk: PlainTalk, choice: Choice) -> None:
    sitting = talk.sitting
    if choice.kind is Kind.RECORD:
        events = sitting.session.events
        talk.fill(fact_form(sitting.definition, sitting.view, choice.subject, sitting.now, events))
    elif choice.kind is Kind.TAKE and (way := find_way(sitting.view, choice.subject)) is not None:
        talk.fill(take_form(sitting.definition, way.track, way.to))
    elif (action := find_action(sitting.view, choice.subject)) is not None:
        events = sitting.session.events
        offered = acts(sitting.definition, sitting.view, choice.subject, sitting.now, events)
        choose_act(talk, offered, action.title, not_asked_lines(sitting.definition, action))
