"""The commands of the line mode, read into values; nothing here touches a case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pathway.language.definition import Definition
from pathway.language.problems import nearest
from tui.lines import Line, heading
from tui.session import entry_error


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the line mode, as its help shows it; what `asks` is recorded after a yes or `!`."""

    name: str
    form: str
    does: str
    also: tuple[str, ...] = ()
    asks: bool = False


SURE = "!"
COMMANDS = (
    Command("state", "state", "where the case stands; an empty line does the same", ("s",)),
    Command("menu", "menu", "all numbered answers", ()),
    Command("fact", "fact NAME VALUE [@ TIME]", "record a fact: fact platelet_count 39 @ -20 min", ("f",)),
    Command("correct", "correct NAME VALUE [@ TIME]", "replace a wrong record, keeping its time", ("c",)),
    Command("unknown", "unknown NAME [REASON]", "say that a fact is not known: unknown inr pending"),
    Command("done", "done ACTION [TIME]", "an action was carried out: done lumbar_puncture 08:35", asks=True),
    Command("decline", "decline ACTION REASON", "an action is not carried out, and why", asks=True),
    Command(
        "override",
        "override ACTION REASON",
        "lift the safeguards against an action, and why",
        ("o",),
        asks=True,
    ),
    Command(
        "return", "return TRACK STATE REASON", "bring a track back to a state it was in, and why", asks=True
    ),
    Command("take", "take [TRACK.]STATE", "go on to a state that is open", asks=True),
    Command("why", "why [ACTION, FACT or STATE]", "the reasons, with values, times and sources", ("w",)),
    Command(
        "whatif",
        "whatif FACT VALUE; ...",
        "what would be different then; nothing is recorded",
        ("what-if", "x"),
    ),
    Command("near", "near ACTION or TRACK.STATE", "the nearest change that would open it", ("y",)),
    Command("questions", "questions", "what is missing, by what it can still change"),
    Command("map", "map", "the whole pathway: where the case is, was, may come", ("g",)),
    Command("handover", "handover", "the case summary to hand over"),
    Command("missing", "missing", "facts that could change something now", ("m",)),
    Command("facts", "facts [PART OF NAME]", "what is known"),
    Command("askable", "askable [PART OF NAME]", "facts that can be recorded, with what to type"),
    Command("actions", "actions", "every action with dose, due time and safeguards", ("a",)),
    Command("timers", "timers", "due times", ("t",)),
    Command("warnings", "warnings", "every warning with its source", ("!",)),
    Command("ack", "ack WARNING", "note that you have seen a warning"),
    Command("log", "log", "the path so far and every entry", ("l",)),
    Command("note", "note TEXT", "keep a note in the log", ("n",)),
    Command("undo", "undo", "take the last entry back", ("u",), asks=True),
    Command("close", "close REASON", "end the case for good", asks=True),
    Command("help", "help [COMMAND]", "this list", ("?", "h")),
    Command("quit", "quit", "leave; everything recorded is kept", ("q", "exit")),
)
_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.also)}


def read_command(typed: str) -> tuple[Command, str]:
    """The command typed and the rest of the line. Raises EntryError with the nearest command."""
    word, _, rest = typed.strip().partition(" ")
    command = _BY_NAME.get(word.lower())
    if command is not None:
        return command, rest.strip()
    close = nearest(word, [command.name for command in COMMANDS])
    meant = f" Did you mean {close}?" if close else ""
    raise entry_error(f"{word!r} is not a command.{meant} Type help for the list, or a number of the menu.")


def said_surely(rest: str) -> tuple[str, bool]:
    """The rest of a command without a `!` that stands alone at its end, and whether there was one."""
    is_sure = rest == SURE or rest.endswith(f" {SURE}")
    return (rest[: -len(SURE)].rstrip(), True) if is_sure else (rest, False)


def help_lines(about: str = "") -> list[Line]:
    """All commands, or one."""
    if about:
        command, _ = read_command(about)
        also = f"; also {', '.join(command.also)}" if command.also else ""
        return [Line(f"{command.does}{also}", command.form)]
    lines = [heading("Type a number of the menu, or a command:")]
    lines += [Line(command.does, command.form.ljust(30), indent=1) for command in COMMANDS]
    return [
        *lines,
        Line("done, decline, override, return, undo and close ask for yes; ! at the end is the yes."),
        Line("TIME is now, -20 min, 08:35, yesterday 23:50 or 2026-03-01T08:35. VALUE may carry a unit."),
    ]


def first_word(rest: str, what: str, form: str) -> tuple[str, str]:
    """Name and remainder of a command's rest. Raises EntryError when there is no name."""
    if not rest:
        raise entry_error(f"Which {what}? Write: {form}")
    word, _, remainder = rest.partition(" ")
    return word, remainder.strip()


def fact_named(definition: Definition, name: str) -> str:
    return _known_name(name, list(definition.facts), "fact")


def action_named(definition: Definition, name: str) -> str:
    return _known_name(name, list(definition.actions), "action")


def place_named(definition: Definition, name: str) -> tuple[str, str]:
    """Track and state of `track.state`, or of a state name that only one track has. Raises EntryError."""
    places = [(track.name, state) for track in definition.tracks.values() for state in track.states]
    found = [(track, state) for track, state in places if name in (f"{track}.{state}", state)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{track}.{state}" for track, state in found)
        raise entry_error(f"{name!r} is in several tracks. Write one of: {listed}.")
    full = _known_name(
        name, [f"{track}.{state}" for track, state in places] + [s for _, s in places], "state"
    )
    return place_named(definition, full)


def value_and_time(rest: str) -> tuple[str, str]:
    """Split `39 @ -20 min` (or `39 at 08:35`) into value and time; without a time it is now."""
    value, mark, when = rest.rpartition("@")
    if mark:
        return value.strip(), when.strip()
    found = re.fullmatch(
        r"(.+?)\s+at\s+(now|-.*|(?:yesterday\s+)?\d{1,2}:\d\d(?::\d\d)?|\d{4}-\d\d-\d\d\S*)", rest
    )
    return (found[1], found[2]) if found else (rest, "now")


def _known_name(name: str, names: list[str], what: str) -> str:
    if name in names:
        return name
    close = nearest(name, names)
    meant = f" Did you mean {close}?" if close else ""
    raise entry_error(f"This pathway has no {what} called {name!r}.{meant}")
