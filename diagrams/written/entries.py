"""Entries within entries, and how they are set as plain text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from diagrams.written.title_block import TitleBlock
from pathway.handover.markdown import escaped, opening

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Entry:
    """A line and those that belong to it; `text` is inert and never wrapped, so a diff shows it whole."""

    text: str
    inside: tuple[Entry, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[tuple[int, str]]:
        """This line and all below it, each with how deep it stands."""
        yield depth, self.text
        for entry in self.inside:
            yield from entry.lines(depth + 1)


def entry(text: str, inside: Iterable[Entry | str] = ()) -> Entry:
    """A line with those below it; plain strings stand alone."""
    return Entry(text, tuple(one if isinstance(one, Entry) else Entry(one) for one in inside))


def plain_text(head: TitleBlock, chapters: Sequence[Entry]) -> str:
    """Plain text: two spaces a level, an empty line before chapters and entries with lines of their own."""
    lines = list(head.lines)
    for chapter in chapters:
        lines += ["", chapter.text]
        for one in chapter.inside:
            lines += [""] if one.inside or one is chapter.inside[0] else []
            lines += [f"{INDENT * depth}{text}" for depth, text in one.lines(1)]
    return "\n".join(lines) + "\n"


def markdown(head: TitleBlock, chapters: Sequence[Entry]) -> str:
    """CommonMark: a heading for each chapter, below it nested lists; nothing written is read as markup."""
    lines = [f"# {escaped(head.title)}", "", f"**{escaped(head.status)}**", ""]
    lines += [f"- {opening(text)}" for text in head.lines if text not in (head.title, head.status)]
    for chapter in chapters:
        lines += ["", f"## {escaped(chapter.text)}", ""]
        for one in chapter.inside:
            lines += [f"{INDENT * (depth - 1)}- {opening(text)}" for depth, text in one.lines(1)]
    return "\n".join(lines) + "\n"
