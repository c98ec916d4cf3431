"""What stands at the head of every written form: name, version, digest, status, review, sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagrams.text import inert
from pathway.language.definition import Definition


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """The head of a written form; all texts are on one line each and inert."""

    title: str
    version: str
    status: str
    digest: str
    remarks: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The head from top to bottom, the title first."""
        return (self.title, self.version, self.status, self.digest, *self.remarks)


def title_block(definition: Definition) -> TitleBlock:
    """The head of any written form of a definition; what is not approved says so in capitals."""
    return TitleBlock(
        title=inert(definition.title),
        version=inert(f"{definition.id} {definition.version}"),
        status=inert(definition.stamp or f"status: {definition.status}"),
        digest=f"digest {definition.digest}",
        remarks=tuple(map(inert, _remarks(definition))),
    )


def _remarks(definition: Definition) -> Iterator[str]:
    if definition.review:
        yield f"review: {definition.review}"
    if definition.disclaimer:
        yield definition.disclaimer
    for layer, title in definition.layers.items():
        count = sum(source.layer == layer for source in definition.sources.values())
        yield f"sources, {layer}: {title} ({count})"
