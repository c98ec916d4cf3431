"""Faults that a user can put right, and how each is told: where, what, why, how to fix it."""

from __future__ import annotations

from diagrams.layout import RenderError
from pathway.engine.entries import EntryError
from pathway.engine.memory import FoldError
from pathway.language.problems import DefinitionError, visible
from pathway.language.syntax import GuardError
from pathway.logs.problems import LogError
from pathway.store.port import StoreError


class UsageError(Exception):
    """A command that cannot be carried out as it was given."""


# Importing these is cheap: none of their modules loads what it draws or stores with before it is used.
EXPECTED: tuple[type[Exception], ...] = (
    DefinitionError,
    EntryError,
    FoldError,
    GuardError,
    LogError,
    RenderError,
    StoreError,
    UsageError,
    OSError,
)


def explain(fault: Exception) -> str:
    """The message of an expected fault."""
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
