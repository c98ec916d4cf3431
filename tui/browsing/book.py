"""A definition as a book to browse: how its elements are called, what they cite, and where they are used."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from pathway.engine.view import FactView, View
from pathway.language.definition import Definition, Guard, State
from pathway.language.problems import Place
from pathway.language.uses import Element, Sort, Use, Uses, named_in, state_element
from pathway.supposing.reach import StateId, StateStanding, standing_words, standings
from tui.explaining import fact_value
from tui.lines import Line, Tone, gap, heading
from tui.minimap import SIGNS
from tui.presenting import fact_names, named_fact

OTHERWISE = "otherwise: the guards of all the other ways are FALSE"


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of a page or list; with a `key` it can be chosen and leads to what the key names."""

    line: Line
    key: Hashable | None = None


def plain_rows(lines: Iterable[Line]) -> list[PageRow]:
    return [PageRow(line) for line in lines]


def section(title: str, rows: Iterable[PageRow]) -> list[PageRow]:
    """Rows under a heading; nothing at all where there are none."""
    kept = list(rows)
    return [PageRow(gap()), PageRow(heading(title)), *kept] if kept else []


class Book:
    """A definition with the index of its uses and, where a case is at hand, how it stands there."""

    def __init__(self, definition: Definition, view: View | None = None) -> None:
        self.definition = definition
        self.view = view
        self.names = fact_names(definition)
        self._files: dict[str, str] = {}

    @cached_property
    def uses(self) -> Uses:
        return Uses(self.definition)

    @cached_property
    def standings(self) -> dict[StateId, StateStanding]:
        return standings(self.definition, self.view) if self.view is not None else {}

    @cached_property
    def known(self) -> dict[str, FactView]:
        """The facts known in the case, by name."""
        return {fact.fact: fact for fact in self.view.facts} if self.view is not None else {}

    # --- names ------------------------------------------------------------------------------------
    def state(self, element: Element) -> State:
        track, _, name = element.name.partition(".")
        return self.definition.tracks[track].states[name]

    def title(self, element: Element) -> str:
        """What people call an element."""
        definition, name = self.definition, element.name
        match element.sort:
            case Sort.PHASE:
                return definition.phases[name]
            case Sort.TRACK:
                return definition.tracks[name].title
            case Sort.STATE:
                state = self.state(element)
                return f"{state.number}. {state.title}"
            case Sort.FACT:
                return definition.facts[name].label
            case Sort.ACTION:
                return definition.actions[name].title
            case _:
                return name

    def named(self, element: Element) -> str:
        """The title with the name that guards and commands use, where that is another."""
        if element.sort is Sort.FACT:
            return named_fact(self.title(element), element.name)
        title = self.title(element)
        return title if title == element.name else f"{title} ({element.name})"

    def place(self, place: Place | None) -> str:
        """`facts.yaml:312`, from the pathway's own folder on; empty for what was not read from a file."""
        if place is None or place.line < 1:
            return ""
        return f"{self._file(place.file)}:{place.line}"

    def _file(self, file: str) -> str:
        """A file from the pathway's own folder on."""
        if file not in self._files:
            path, main = PurePath(file), self.definition.files[:1]
            root = PurePath(main[0]).parent if main else path.parent
            self._files[file] = str(path.relative_to(root)) if path.is_relative_to(root) else path.name
        return self._files[file]

    # --- the case ---------------------------------------------------------------------------------
    def in_case(self, element: Element) -> str:
        """How an element stands in the case, in a few words; empty without a case."""
        if self.view is None:
            return ""
        if element.sort is Sort.STATE:
            track, _, name = element.name.partition(".")
            stand = self.standings[track, name]
            return f"{SIGNS[stand.standing]} {standing_words(stand, self.names)}"
        return self.value(element.name) if element.sort is Sort.FACT else ""

    def value(self, fact: str) -> str:
        """The present value of a fact in the case, or UNKNOWN."""
        known = self.known.get(fact)
        return "UNKNOWN" if known is None else fact_value(self.definition, fact, known.value, known.unit)

    # --- rows -------------------------------------------------------------------------------------
    def link(self, element: Element, text: str = "", lead: str = "", indent: int = 1) -> PageRow:
        """A row that leads to an element: its name, then `text`."""
        words = f"{lead} {self.named(element)}".strip()
        standing = self.in_case(element)
        return PageRow(
            Line("; ".join(part for part in (text, standing) if part), words, indent=indent), element
        )

    def guard(self, guard: Guard, lead: str, indent: int = 3) -> list[PageRow]:
        """A guard in English, and below it as it is written."""
        english = OTHERWISE if guard.is_otherwise else guard.english
        lines = [Line(english, lead, indent=indent)]
        if not guard.is_otherwise and guard.english != guard.text:
            lines.append(Line(guard.text, "written", indent=indent + 2))
        return plain_rows(lines)

    def reads(self, guards: Iterable[Guard | None]) -> list[PageRow]:
        """What the guards name, each once, as links."""
        named: dict[Element, None] = {}
        for guard in guards:
            if guard is not None and guard.expression is not None:
                named.update(dict.fromkeys(named_in(guard.expression)))
        return section("Reads", [self.link(element) for element in named])

    def sources(self, cites: Iterable[str], title: str = "Sources") -> list[PageRow]:
        """Every source cited, in full, with its layer and grade."""
        return section(title, [self.source(cite) for cite in dict.fromkeys(cites)])

    def source(self, cite: str) -> PageRow:
        source = self.definition.sources[cite]
        grade = f", grade {source.grade}" if source.grade is not None else ""
        return PageRow(
            Line(source.text, f"{cite} ({source.layer}{grade}):", indent=1), Element(Sort.SOURCE, cite)
        )

    def used(self, element: Element) -> list[PageRow]:
        """Where an element is used: where it is named itself, then through which derived facts."""
        every = self.uses.everywhere(element)
        direct = [use for use in every if not use.through]
        rows = section(f"Used directly ({len(direct)})", self._uses(direct))
        chains = [use for use in every if use.through]
        rows += section(f"Used through derived facts ({len(chains)})", self._uses(chains))
        return rows or section("Used", plain_rows([Line("Nothing in the pathway uses it.", indent=1)]))

    def _uses(self, uses: Iterable[Use]) -> Iterator[PageRow]:
        for use in uses:
            through = (
                f"; through {', '.join(self.names[name] for name in use.through)}" if use.through else ""
            )
            place = self.place(use.place)
            yield PageRow(
                Line(f"{use.where}{through}{f' ({place})' if place else ''}", self._user(use.by), indent=1),
                use.by,
            )
            if use.english and use.english != OTHERWISE:
                yield PageRow(Line(use.english, indent=3))
            if use.text and use.text not in (use.english, "otherwise"):
                yield PageRow(Line(use.text, "written", indent=5))

    def _user(self, element: Element) -> str:
        return f"{element.sort.value} {self.named(element)}:"


def states_of(definition: Definition) -> Iterator[tuple[Element, State]]:
    for track in definition.tracks.values():
        for name, state in track.states.items():
            yield state_element(track.name, name), state


def caution(text: str, indent: int = 1) -> PageRow:
    return PageRow(Line(text, tone=Tone.CAUTION, indent=indent))
