"""What a chart says of an action: dose, schedule, deadline, when it is called for, what can stop it."""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.chart import Column, Row, Table
from diagrams.tables import LINES_IN_A_BOX, SOURCES, Notes, cited, english, numbered
from diagrams.text import inert, listed, span
from pathway.language.definition import Action, Definition, Do, Dose, Guard

LINES_OF_A_CONDITION = 2


class Deeds:
    """The actions of a definition in words; what is too long for a box goes into the notes."""

    def __init__(self, definition: Definition, conditions: Notes, remarks: Notes) -> None:
        self._definition = definition
        self._conditions = conditions
        self._remarks = remarks
        self._safeguards = numbered(definition.safeguards, "G")
        self._notices = numbered(definition.notices, "N")

    def row(self, do: Do) -> Row:
        """An action as a state calls for it."""
        action = self._definition.actions[do.action]
        own = [self._remark(do.text)] if do.text else []
        lines = (*own, *self._substance(action), *self._bounds(do), *self._marks(action))
        sources = cited(dict.fromkeys((*do.cites, *action.cites)), action.layer, self._definition)
        return Row(do.action, self._deadline(do), inert(action.title), lines, sources)

    def uncalled(self) -> tuple[Table, ...]:
        """The actions that no state calls for, such as a dose that is quoted only to warn of it."""
        states = (state for track in self._definition.tracks.values() for state in track.states.values())
        called = {do.action for state in states for do in state.do}
        left = [action for name, action in self._definition.actions.items() if name not in called]
        columns = (Column("Action", 36), Column("What the pathway says of it", 90), SOURCES)
        rows = tuple(self._told(action) for action in left)
        return (Table("uncalled", "Actions that no step calls for", columns, rows),) if rows else ()

    def _told(self, action: Action) -> tuple[str, ...]:
        words = "; ".join((*self._substance(action), *self._marks(action)))
        return inert(action.title), words, cited(action.cites, action.layer, self._definition)

    def _deadline(self, do: Do) -> str:
        if do.within is None:
            return ""
        counted = f" of {self._definition.facts[do.of].label}" if do.of else ""
        return inert(f"within {span(do.within)}{counted}")

    def _substance(self, action: Action) -> Iterator[str]:
        """What the action is, whoever calls for it."""
        if action.text:
            yield self._remark(action.text)
        yield from (line for dose in action.doses for line in self._dose(dose))
        if action.schedule is not None:
            yield inert(f"Schedule: {'; then '.join(period.text for period in action.schedule.periods)}")
            yield from (self._remark(note) for note in (action.schedule.note,) if note)
        if action.course:
            yield "a course: goes on after its start"
        if not action.orderable:
            yield "shown, never recommended"

    def _dose(self, dose: Dose) -> Iterator[str]:
        """The amount as written, with its cap, route and division; then when it applies."""
        times = f" × {self._definition.facts[dose.times].label}" if dose.times else ""
        cap = f", at most {dose.cap_text}" if dose.cap_text else ""
        route = f", {dose.route}" if dose.route else ""
        yield inert(f"DOSE {dose.amount_text}{times}{cap}{route}")
        if dose.divided:
            yield f"divided: {listed((f'every {span(every)}' for every in dose.divided), 'or')}"
        if dose.when is not None:
            yield f"this dose: {self._condition(dose.when)}"
        if dose.note:
            yield self._remark(dose.note)

    def _bounds(self, do: Do) -> Iterator[str]:
        if do.when is not None:
            yield f"when: {self._condition(do.when)}"
        if do.until is not None:
            yield f"until: {self._condition(do.until)}"
        if do.again:
            yield "again at each entry"

    def _marks(self, action: Action) -> Iterator[str]:
        guards = [
            self._safeguards[name]
            for name, safeguard in self._definition.safeguards.items()
            if action.name in safeguard.actions
        ]
        if guards:
            yield f"! {len(guards)} safeguard{'s' if len(guards) > 1 else ''}: {listed(guards)}"
        notices = self._definition.notices.items()
        about = [self._notices[name] for name, notice in notices if action.name in notice.about]
        if about:
            yield f"Notice {listed(about)}"

    def _remark(self, text: str) -> str:
        return self._remarks.short(text, LINES_IN_A_BOX)

    def _condition(self, guard: Guard) -> str:
        return self._conditions.short(english(guard), LINES_OF_A_CONDITION)
