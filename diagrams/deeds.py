"""What a chart says of an action: dose, schedule, deadline, when it is called for, what can stop it."""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.chart import NOT_AN_ORDER, Column, Row, Table
from diagrams.tables import LINES_IN_A_BOX, SOURCES, Notes, cited, english, numbered
from diagrams.text import inert, listed, span
from pathway.document.citing import cited_words
from pathway.language.amounts import PRINTED, interval_text, quantity_text
from pathway.language.definition import Action, Definition, Do, Dose, Guard, Notice

LINES_OF_A_CONDITION = 2
DOSE, DIVIDED, SCHEDULE, GUARDED = "DOSE ", "divided: ", "Schedule: ", "! "
COURSE, AGAIN = "a course: goes on after its start", "again at each entry"
UNTIL, NOTICED, NOTED = "until: ", "Notice ", "see "


class Deeds:
    """The actions of a definition in words; what is too long for a box goes into the notes."""

    def __init__(self, definition: Definition, conditions: Notes, remarks: Notes) -> None:
        self._definition = definition
        self._conditions = conditions
        self._remarks = remarks
        self._safeguards = numbered(definition.safeguards, "G")
        self._notices = numbered(definition.notices, "N")

    def row(self, do: Do) -> Row:
        """An action as a state calls for it, or shows it; what is no order says so before anything else."""
        action = self._definition.actions[do.action]
        own = [self._remark(do.text)] if do.text else []
        caution = () if action.orderable else (NOT_AN_ORDER, *self._gravest(action))
        lines = (*caution, *own, *self._substance(action), *self._bounds(do), *self._marks(action))
        sources = cited((*do.cites, *_cites(action)), action.layer, self._definition)
        return Row(do.action, self._deadline(do), inert(action.title), lines, sources)

    def uncalled(self) -> tuple[Table, ...]:
        """The actions that no state calls for, such as a dose that is quoted only to warn of it."""
        states = (state for track in self._definition.tracks.values() for state in track.states.values())
        called = {do.action for state in states for do in state.do}
        left = [action for name, action in self._definition.actions.items() if name not in called]
        words = Column("What the pathway says of it", 90)
        columns = (Column("Action", 36), Column("Order", 15), words, SOURCES)
        rows = tuple(self._told(action) for action in left)
        return (Table("uncalled", "Actions that no step calls for", columns, rows),) if rows else ()

    def _told(self, action: Action) -> tuple[str, ...]:
        grave = () if action.orderable else self._gravest(action)
        words = "; ".join((*grave, *self._substance(action), *self._marks(action)))
        order = "" if action.orderable else NOT_AN_ORDER
        return inert(action.title), order, words, cited(_cites(action), action.layer, self._definition)

    def _deadline(self, do: Do) -> str:
        if do.within is None:
            return ""
        counted = f" of {self._definition.facts[do.of].label}" if do.of else ""
        return inert(f"within {span(do.within)}{counted}")

    def _substance(self, action: Action) -> Iterator[str]:
        """What the action is, whoever calls for it."""
        if action.text:
            yield self._remark(action.text)
        before = DOSE if action.orderable else f"{PRINTED} "
        yield from (line for dose in action.doses for line in self._dose(dose, before))
        if action.schedule is not None:
            yield inert(f"{SCHEDULE}{'; then '.join(period.text for period in action.schedule.periods)}")
            yield from (self._remark(note) for note in (action.schedule.note,) if note)
        if action.course:
            yield COURSE

    def _dose(self, dose: Dose, before: str) -> Iterator[str]:
        """The amount in words as on every screen, with cap, route and division; then when it applies."""
        times = f" × {self._definition.facts[dose.times].label}" if dose.times else ""
        cap = f", at most {quantity_text(dose.cap_text)}" if dose.cap_text else ""
        route = f", {dose.route}" if dose.route else ""
        yield inert(f"{before}{quantity_text(dose.amount_text)}{times}{cap}{route}")
        if dose.divided:
            yield f"{DIVIDED}{listed((interval_text(span(every)) for every in dose.divided), 'or')}"
        if dose.when is not None:
            yield f"this dose: {self._condition(dose.when)}"
        if dose.note:
            yield self._remark(dose.note)

    def _bounds(self, do: Do) -> Iterator[str]:
        if do.when is not None:
            yield f"when: {self._condition(do.when)}"
        if do.until is not None:
            yield f"{UNTIL}{self._condition(do.until)}"
        if do.again:
            yield AGAIN

    def _marks(self, action: Action) -> Iterator[str]:
        guards = [
            self._safeguards[name]
            for name, safeguard in self._definition.safeguards.items()
            if action.name in safeguard.actions
        ]
        if guards:
            yield f"{GUARDED}{len(guards)} safeguard{'s' if len(guards) > 1 else ''}: {listed(guards)}"
        notices = [one for one in self._about(action) if action.orderable or one.severity != "high"]
        if notices:
            yield f"{NOTICED}{listed(self._notices[one.name] for one in notices)}"

    def _gravest(self, action: Action) -> Iterator[str]:
        """The notices of high severity in words: nobody should have to look them up."""
        for notice in self._about(action):
            if notice.severity == "high":
                when = f" (while {self._condition(notice.when)})" if notice.when is not None else ""
                sources = cited_words(notice.cites, notice.layer, self._definition)
                yield inert(f"!! {self._notices[notice.name]}{when}: {notice.text} [{sources}]")

    def _about(self, action: Action) -> list[Notice]:
        return [notice for notice in self._definition.notices.values() if action.name in notice.about]

    def _remark(self, text: str) -> str:
        return self._remarks.short(text, LINES_IN_A_BOX)

    def _condition(self, guard: Guard) -> str:
        return self._conditions.short(english(guard), LINES_OF_A_CONDITION)


def _cites(action: Action) -> tuple[str, ...]:
    """The sources of an action with those of its doses and schedule."""
    schedule = action.schedule.cites if action.schedule is not None else ()
    return (*action.cites, *(cite for dose in action.doses for cite in dose.cites), *schedule)
