"""What every part of resolving shares: the written pathway, its places, its problems and its vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pathway.language import expression as ex
from pathway.language import written
from pathway.language.calendar import parse_duration
from pathway.language.clockwork import Drift
from pathway.language.definition import OTHERWISE, Formula, Guard
from pathway.language.english import Names, english, in_words
from pathway.language.expression import Kind, ValueType
from pathway.language.gather import Gathered
from pathway.language.numbers import parse_decimal
from pathway.language.problems import DefinitionError, Place, Problem, nearest
from pathway.language.syntax import GuardError
from pathway.language.typed import facts_named, typed_expression, typed_guard
from pathway.language.units import Unit, UnitError, parse_unit

DataPath = tuple[str | int, ...]
LONGEST = 200 * 366 * 86400
MOST_PROBLEMS = 300  # whoever has more has one cause for most of them


@dataclass(slots=True)
class Context:
    """Collects problems instead of stopping at the first, and serves as the guards' vocabulary."""

    gathered: Gathered
    fact_types: dict[str, ValueType] = field(default_factory=dict[str, ValueType])
    display_only: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    states: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    formulas: dict[str, Formula] = field(default_factory=dict[str, Formula])
    drifts: dict[str, Drift] = field(default_factory=dict[str, Drift])
    evidence: dict[str, Guard] = field(default_factory=dict[str, Guard])
    problems: list[Problem] = field(default_factory=list[Problem])
    names: Names = field(default_factory=lambda: Names({}, {}, {}, {}))

    @property
    def written(self) -> written.Pathway:
        return self.gathered.pathway

    def fact_drift(self, fact: str) -> Drift:
        """How a fact moves with the clock; recorded facts stand still."""
        return self.drifts.get(fact, Drift.FIXED)

    # --- problems -------------------------------------------------------------------------------
    def place(self, path: DataPath, key: bool = False) -> Place:
        return self.gathered.places.of(path, key)

    def refuse(self, path: DataPath, what: str, fix: str = "", key: bool = False) -> None:
        """Note a problem at the place of a part of the definition. Raises DefinitionError with very many."""
        self._note(Problem(self.place(path, key), what, fix))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            raise DefinitionError(self.problems)

    def named(self, path: DataPath, name: str, names: Iterable[str], what: str) -> bool:
        """Whether a name exists; if not, that is noted with the nearest one that does."""
        known = tuple(names)
        if name in known:
            return True
        close = nearest(name, known)
        fix = f"Did you mean `{close}`?" if close else f"Declare it under `{what}s:`, or correct the name."
        self.refuse(path, f"There is no {what} called `{name}`", fix)
        return False

    # --- guards and expressions -----------------------------------------------------------------
    def guard(self, path: DataPath, text: str, in_state: bool = False) -> Guard:
        """A typed guard; where it is wrong, the problem is noted and a never-TRUE guard stands in."""
        place = self.place(path)
        try:
            expression = typed_guard(text, self, in_state)
        except GuardError as error:
            self._guard_problem(place, error)
            return Guard(text, text, None, place=place)
        return self.described(text, expression, place)

    def optional_guard(self, path: DataPath, text: str | None, in_state: bool = False) -> Guard | None:
        return None if text is None else self.guard(path, text, in_state)

    def evidence_of(self, action: str) -> Guard | None:
        """The guard that shows an action done, read when it is first asked for: formulas may rest on it."""
        text = self.written.actions[action].evidence
        if text is not None and action not in self.evidence:
            path: DataPath = ("actions", action, "evidence")
            guard = self.evidence[action] = self.guard(path, text)
            if guard.deeds:
                self.refuse(
                    path, "Evidence rests on facts, not on what else was done", "Leave done(...) out of it."
                )
        return self.evidence.get(action)

    def transition_guard(self, path: DataPath, text: str) -> Guard:
        if text.strip() == OTHERWISE:
            return Guard(OTHERWISE, OTHERWISE, None, place=self.place(path))
        return self.guard(path, text, in_state=True)

    def expression(self, path: DataPath, text: str) -> ex.Expression | None:
        """A typed expression, or None after its problem was noted."""
        try:
            return typed_expression(text, self)
        except GuardError as error:
            self._guard_problem(self.place(path), error)
            return None

    def _guard_problem(self, place: Place, error: GuardError) -> None:
        offset = place.excerpt.find(error.text, max(place.column - 1, 0))
        if offset >= 0:
            length = max(error.span.end - error.span.start, 1)
            place = replace(place, column=offset + error.span.start + 1, length=length)
        self._note(Problem(place, error.what, error.fix, "guard"))

    def described(self, text: str, expression: ex.Expression, place: Place | None) -> Guard:
        """The guard of a typed expression, with everything whose change can change it."""
        nodes = ex.walk(expression)
        reads = facts_named([expression])
        deeds = {node.action for node in nodes if isinstance(node, (ex.Done, ex.Declined))}
        below = [self.formulas[name] for name in reads if name in self.formulas]
        for formula in below:
            deeds |= formula.deeds
        shown = [self.evidence[name] for name in sorted(deeds) if name in self.evidence]
        return Guard(
            text=" ".join(text.split()),
            english=english(expression, self.names),
            expression=expression,
            reads=reads,
            facts=self.base_facts(reads).union(*(guard.facts for guard in shown)),
            deeds=frozenset(deeds),
            tracks=frozenset(node.track for node in nodes if isinstance(node, ex.InState)).union(
                *(part.tracks for part in (*below, *shown))
            ),
            reads_clock=any(isinstance(node, (ex.Clock, ex.Since)) for node in nodes)
            or any(part.reads_clock for part in (*below, *shown)),
            reads_entry=any(
                isinstance(node, (ex.Done, ex.Declined, ex.Recorded)) and node.since_entry for node in nodes
            ),
            place=place,
        )

    def base_facts(self, names: Iterable[str]) -> frozenset[str]:
        """The recordable facts that the named facts rest on, themselves included where recordable."""
        found: set[str] = set()
        for name in names:
            formula = self.formulas.get(name)
            if formula is not None:
                found |= formula.facts
            if formula is None or self.written.facts[name].recordable:
                found.add(name)
        return frozenset(found)

    # --- amounts --------------------------------------------------------------------------------
    def duration(self, path: DataPath, text: str | None) -> int | None:
        """Whole seconds of `4 h`; None where absent or wrong."""
        if text is None:
            return None
        try:
            seconds = parse_duration(text)
        except ValueError as error:
            self.refuse(path, str(error))
            return None
        if not 0 < seconds <= LONGEST:
            self.refuse(
                path,
                f"`{text}` is no length of time for a patient",
                "Write more than zero, at most 200 years.",
            )
            return None
        return seconds

    def number(self, path: DataPath, text: str) -> Fraction | None:
        """An exact decimal; None where it is wrong."""
        try:
            return parse_decimal(text)
        except ValueError as error:
            self.refuse(path, str(error))
            return None

    def unit(self, path: DataPath, text: str) -> Unit | None:
        try:
            return parse_unit(text)
        except UnitError as error:
            self.refuse(path, str(error))
            return None

    def amount(self, path: DataPath, text: str) -> tuple[Fraction, Unit] | None:
        """A number with its unit, in base units."""
        node = self.expression(path, text)
        if node is None:
            return None
        if not isinstance(node, ex.Literal) or node.type.kind is not Kind.NUMBER or node.type.unit is None:
            self.refuse(path, f"`{text}` is not an amount", "Write a number and its unit, such as 15 mg.")
            return None
        assert isinstance(node.value, Fraction)
        return node.value, node.type.unit

    # --- citations ------------------------------------------------------------------------------
    def cited(self, path: DataPath, cites: Iterable[str]) -> tuple[str, ...]:
        """The cited source ids; those that do not exist are noted."""
        ids = tuple(cites)
        for index, cite in enumerate(ids):
            self.named((*path, "cites", index), cite, self.written.sources, "source")
        return ids

    def layer(self, path: DataPath, element: written.Cited) -> str | None:
        """The layer an element belongs to: its own, or that of its first source."""
        if element.layer is not None:
            self.named((*path, "layer"), element.layer, self.written.layers, "layer")
            return element.layer
        source = self.written.sources.get(element.cites[0]) if element.cites else None
        return source.from_ if source is not None else None


def title_of(name: str, title: str | None) -> str:
    """The given title, or the id in words with a capital."""
    words = in_words(name.replace("-", " "))
    return title or words[:1].upper() + words[1:]
