"""Faults that a user can put right, and how each is told: where, what, why, how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathway.language.problems import Fault, visible

if TYPE_CHECKING:  # what a message does not need is not loaded: every command reads this module
    from pathway.language.syntax import GuardError


class UsageError(Fault):
    """A command that cannot be carried out as it was given."""


EXPECTED: tuple[type[Exception], ...] = (Fault, OSError)


def explain(fault: Exception) -> str:
    """The message of an expected fault."""
    from pathway.engine.entries import EntryError
    from pathway.language.syntax import GuardError

    if isinstance(fault, GuardError):
        return guard_message(fault)
    if isinstance(fault, OSError):
        where = f"{visible(str(fault.filename))}: " if fault.filename else ""
        return f"{where}{fault.strerror or fault}. Check the path and its permissions."
    if isinstance(fault, EntryError):
        return "\n".join(sentence(problem.text) for problem in fault.problems)
    return "\n".join(visible(line) for line in str(fault).split("\n"))


def sentence(text: str) -> str:
    """A text with a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def guard_message(fault: GuardError) -> str:
    """A guard's fault with the place underlined."""
    line = " ".join(visible(fault.text[fault.span.start :][:1]).split()) or " "
    before = visible(fault.text[: fault.span.start])
    shown_from = max(len(before) - 60, 0)
    length = max(min(fault.span.end - fault.span.start, 60), 1)
    text = visible(fault.text)[shown_from : shown_from + 120]
    mark = " " * (len(before) - shown_from) + "^" + "~" * (length - 1)
    column = fault.span.start + 1
    words = sentence(fault.what) + (f" {sentence(fault.fix)}" if fault.fix else "")
    return f"guard:1:{column}: {words}\n    {text}\n    {mark}" if line else words
