"""A definition beside the words in which it was written, and how a document speaks of its elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pathway.document.content import Line, LineKind, Span, Tone
from pathway.language import written
from pathway.language.ask import names_of
from pathway.language.definition import Definition, Guard, State
from pathway.language.english import english
from pathway.language.expression import Expression, Literal

UNCITED = "no source"


def flat(text: str) -> str:
    """A text of several lines as one line; figures and words stay as written."""
    return " ".join(text.split())


def line(*parts: Span | str, depth: int = 0, kind: LineKind = LineKind.PLAIN) -> Line:
    """A line of spans; plain strings are plain words."""
    spans = (Span(flat_ends(part)) if isinstance(part, str) else part for part in parts)
    return Line(tuple(span for span in spans if span.text), depth, kind)


def flat_ends(text: str) -> str:
    """The text on one line, with a blank kept at either end so that it can stand between other words."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{flat(text)}{' ' if after and text.strip() else ''}"


def strong(text: str) -> Span:
    """A title."""
    return Span(flat(text), Tone.STRONG)


def quiet(text: str) -> Span:
    """Words that explain others."""
    return Span(flat_ends(text), Tone.QUIET)


def code(text: str) -> Span:
    """A name, guard or amount exactly as it was written."""
    return Span(flat(text), Tone.WRITTEN)


def mark(text: str, look: str) -> Span:
    """A short word that must catch the eye, such as a severity."""
    return Span(text, Tone.MARK, look)


@dataclass(frozen=True)
class Reading:
    """The checked definition for meaning, and the written one for every figure as its author put it."""

    definition: Definition
    written: written.Pathway
    safeguard_numbers: Mapping[str, str] = field(init=False)
    notice_numbers: Mapping[str, str] = field(init=False)
    layer_places: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        definition = self.definition
        object.__setattr__(self, "safeguard_numbers", _numbered(definition.safeguards, "G"))
        object.__setattr__(self, "notice_numbers", _numbered(definition.notices, "N"))
        places = {name: place for place, name in enumerate(definition.layers, start=1)}
        object.__setattr__(self, "layer_places", places)

    # --- elements by name -------------------------------------------------------------------------
    def fact(self, name: str) -> Span:
        """A fact by its label, leading to its row."""
        return Span(flat(self.definition.facts[name].label), Tone.LINK, f"fact-{name}")

    def action(self, name: str) -> Span:
        """An action by its title, leading to its row."""
        return Span(flat(self.definition.actions[name].title), Tone.LINK, f"action-{name}")

    def state(self, state: State) -> Span:
        """A state by its box number and title, leading to its row."""
        return Span(f"[{state.number}] {flat(state.title)}", Tone.LINK, state_anchor(state))

    def safeguard(self, name: str) -> Span:
        """A safeguard by its number and name."""
        return Span(f"{self.safeguard_numbers[name]} {name}", Tone.LINK, f"safeguard-{name}")

    def notice(self, name: str) -> Span:
        """A notice by its number and name."""
        return Span(f"{self.notice_numbers[name]} {name}", Tone.LINK, f"notice-{name}")

    def grave_notices(self, action: str, depth: int = 0) -> Iterator[Line]:
        """The notices of high severity about an action, in words."""
        for name, one in self.definition.notices.items():
            if one.severity == "high" and action in one.about:
                when = f" (while {one.when.english})" if one.when is not None else ""
                yield line(mark("!!", "high"), " ", self.notice(name), f"{when}: ", one.text, depth=depth)
                yield from self.sources(one.cites, depth + 1)

    # --- layers and sources -----------------------------------------------------------------------
    def layer(self, name: str) -> Span:
        """The name of a layer, in its look."""
        return Span(name, Tone.LAYER, str(self.layer_places[name]))

    def belongs(self, name: str | None) -> tuple[Span, ...]:
        """The layer of an element as words that open its row."""
        return () if name is None else (self.layer(name), Span(" "))

    def sources(self, cites: Iterable[str], depth: int = 0) -> tuple[Line, ...]:
        """The sources of an element by layer, each with its grade; nothing where none is cited."""
        ids = tuple(cites)
        if not ids:
            return ()
        spans: list[Span] = [quiet("sources: ")]
        for place, (layer, cited) in enumerate(self._by_layer(ids)):
            spans += [Span("; ")] if place else []
            spans += [self.layer(layer), Span(" "), *joined([self.source(one) for one in cited])]
        return (Line(tuple(spans), depth, LineKind.SOURCES),)

    def source(self, name: str) -> tuple[Span, ...]:
        """A source by its id with its grade."""
        grade = self.definition.sources[name].grade
        cited = Span(name, Tone.CITE, f"source-{name}")
        return (cited,) if grade is None else (cited, quiet(f" grade {grade}"))

    def _by_layer(self, ids: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
        """The ids in the order of the layers, within a layer as written, each once."""
        sources = self.definition.sources
        for layer in self.definition.layers:
            cited = [name for name in dict.fromkeys(ids) if sources[name].layer == layer]
            if cited:
                yield layer, cited

    # --- conditions and values --------------------------------------------------------------------
    def guard(self, guard: Guard, before: str = "", depth: int = 0) -> tuple[Line, ...]:
        """A guard in English, and below it exactly as it was written."""
        words = "otherwise: all the other ways are FALSE" if guard.is_otherwise else guard.english
        return (line(quiet(before), words, depth=depth), self.as_written(guard.text, depth))

    def as_written(self, text: str, depth: int = 0) -> Line:
        """The text of a guard or formula as its author put it."""
        return line(quiet("written: "), code(text), depth=max(depth, 1), kind=LineKind.WRITTEN)

    def value(self, expression: Expression) -> str:
        """A value in English; a plain truth value answers the fact's question."""
        match expression:
            case Literal(value=bool() as truth):
                return "yes" if truth else "no"
            case _:
                return english(expression, names_of(self.definition))


def joined(groups: Iterable[Iterable[Span]], between: str = ", ") -> tuple[Span, ...]:
    """Groups of spans with words between them."""
    spans: list[Span] = []
    for place, group in enumerate(groups):
        spans += [Span(between)] if place else []
        spans += group
    return tuple(spans)


def state_anchor(state: State) -> str:
    """Where the row of a state stands in the document."""
    return f"state-{state.track}-{state.name}"


def _numbered(names: Iterable[str], letter: str) -> dict[str, str]:
    """The numbers under which charts speak of safeguards and notices: their order in the definition."""
    return {name: f"{letter}{place}" for place, name in enumerate(names, start=1)}
