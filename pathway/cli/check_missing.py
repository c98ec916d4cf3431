"""What happens if a fact never arrives, as `pathway check` says it: as a table, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from pathway.check.missing import Against, Call, Closed, Missing, Wait, missing_facts
from pathway.language.calendar import format_duration
from pathway.language.definition import Definition

HEADING = "missing: what happens if a fact never arrives"
GAP = "  "
NARROWEST = 40


def missing_json(definition: Definition) -> dict[str, Any]:
    """Each fact that can be recorded, with what happens if it never is; durations as they are written."""
    return {name: _document(one) for name, one in missing_facts(definition).items()}


def _document(one: Missing) -> dict[str, Any]:
    waits = [{**asdict(wait), "deadline": _duration(wait.deadline)} for wait in one.waits]
    return {**asdict(one), "waits": waits}


def _duration(seconds: int | None) -> str | None:
    return None if seconds is None else format_duration(seconds)


# --- text ---------------------------------------------------------------------------------------
def missing_lines(definition: Definition, width: int | None = None) -> Iterator[str]:
    """Facts with the same consequences together, in written order; without a width, a line each."""
    together: dict[Missing, list[str]] = {}
    for name, one in missing_facts(definition).items():
        together.setdefault(one, []).append(name)
    yield HEADING
    for one, names in together.items():
        facts, said = ", ".join(names), list(_phrases(one))
        yield from [f"{facts}: {'; '.join(said)}"] if width is None else _row(names, said, width, together)


def _row(names: list[str], said: list[str], width: int, together: dict[Missing, list[str]]) -> Iterator[str]:
    """The facts on the left, what happens on the right."""
    wide = max(width, NARROWEST)
    longest = max(len(name) for group in together.values() for name in group)
    left = min(longest + 1, wide * 2 // 5)
    listed = [f"{name}," for name in names[:-1]] + names[-1:]
    facts = [line for name in listed for line in textwrap.wrap(name, left)]
    right = wide - left - len(GAP)
    phrases = [line for one in said for line in textwrap.wrap(one, right, subsequent_indent="  ")]
    for fact, phrase in zip_longest(facts, phrases, fillvalue=""):
        yield f"{fact:<{left}}{GAP}{phrase}".rstrip()


def _phrases(one: Missing) -> Iterator[str]:
    """What happens, one phrase a consequence."""
    found = [phrase for what, say in SAID for phrase in map(say, getattr(one, what))]
    derived = [f"{name} (unless recorded)" if name in one.unless else name for name in one.derived]
    listed = {"stays unknown": derived, "notice not shown": one.notices, "decides claim": one.claims}
    lists = [f"{words}: {', '.join(names)}" for words, names in listed.items() if names]
    yield from found
    yield from lists
    if one.computed_from:
        yield f"computed, unless recorded, from: {', '.join(one.computed_from)}"
    elif not one.is_read:
        yield "nothing: nobody reads it"
    elif not found and not lists:
        yield "nothing waits for it"


def _wait(one: Wait) -> str:
    due = "no deadline" if one.deadline is None else f"deadline {format_duration(one.deadline)}"
    on = f"may go on to {' or '.join(dict.fromkeys(one.goes_on_to))}" if one.goes_on_to else "no other way on"
    return f"{one.state} waits: {due}, {on}"


def _closed(one: Closed) -> str:
    return f"{one.state} does not go on to {one.to}"


def _call(one: Call) -> str:
    return f"not known whether {one.state} calls for {one.action}"


def _no_due_time(one: Call) -> str:
    return f"{one.action} has no due time in {one.state}"


def _stands(word: str) -> Callable[[Against], str]:
    return lambda one: f"{one.action} {word} by {one.safeguard}"


def _no_dose(action: str) -> str:
    return f"no dose of {action}"


def _not_shown(action: str) -> str:
    return f"nothing on record shows that {action} was done"


SAID: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("waits", _wait),
    ("closed", _closed),
    ("calls", _call),
    ("holds", _stands("held")),
    ("warns", _stands("warned of")),
    ("asks", _stands("asked about")),
    ("doses", _no_dose),
    ("deadlines", _no_due_time),
    ("evidence", _not_shown),
)
