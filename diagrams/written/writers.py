"""The written forms by the ending of the file that asks for them; a further form is one more entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from diagrams.layout import RenderError
from diagrams.written.decision_tables import decision_tables
from diagrams.written.mermaid import mermaid_of
from diagrams.written.outline import outline_markdown, outline_text
from diagrams.written.scxml import scxml_of
from diagrams.written.table_forms import tables_csv, tables_html, tables_markdown
from pathway.language.definition import Definition


class Writer(Protocol):
    """Writes a pathway in one form. Equal definitions give equal texts."""

    @property
    def name(self) -> str:
        """What the form is called, for people."""
        ...

    @property
    def suffix(self) -> str:
        """How the name of its files ends, with the dot."""
        ...

    def write(self, definition: Definition, /) -> str:
        """The whole file as text."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """A writer made of a function."""

    name: str
    suffix: str
    write: Callable[[Definition], str]


CHARTS: tuple[Writer, ...] = (
    Form("outline", ".txt", outline_text),
    Form("outline", ".md", outline_markdown),
    Form("Mermaid flowchart", ".mmd", mermaid_of),
    Form("SCXML", ".scxml", scxml_of),
)
TABLES: tuple[Writer, ...] = (
    Form(
        "decision tables", ".md", lambda definition: tables_markdown(definition, decision_tables(definition))
    ),
    Form("decision tables", ".html", lambda definition: tables_html(definition, decision_tables(definition))),
    Form("decision tables", ".csv", lambda definition: tables_csv(definition, decision_tables(definition))),
)
SUFFIXES = tuple(writer.suffix for writer in CHARTS)
TABLE_SUFFIXES = tuple(writer.suffix for writer in TABLES)


def written(definition: Definition, suffix: str, tables: bool = False) -> str:
    """The pathway, or with `tables` its decision tables, in the form that a file with this ending holds.

    Raises RenderError, naming the endings that there are, for any other ending.
    """
    writers = TABLES if tables else CHARTS
    for writer in writers:
        if writer.suffix == suffix.lower():
            return writer.write(definition)
    what = "decision tables" if tables else "a pathway"
    endings = ", ".join(writer.suffix for writer in writers)
    raise RenderError(
        f"Cannot write {what} as {suffix or 'a file without an ending'}", f"End it with {endings}"
    )
