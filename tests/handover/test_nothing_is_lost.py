"""Every field of the view is in the hand-over, or it is left out on purpose and stands in this list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from pathway.engine import view as views
from pathway.engine.batch import DeclineEntry, DeedEntry, FactEntry, OverrideEntry, TakeEntry
from pathway.engine.view import View
from pathway.handover.handover import handover_of
from pathway.handover.html import page_of
from pathway.handover.markdown import flat, markdown_of
from tests.handover.test_markup import read, words_of
from tests.handover.ward import enter, handed, opened

KINDS = (
    views.View, views.TrackView, views.TransitionView, views.Question, views.SafeguardView, views.ActionView,
    views.DeedView, views.DeclineView, views.WarningView, views.FactView, views.Need, views.PathStep,
)  # fmt: skip
BY_THE_FORMATTER = (views.DoseView, views.PartDose, views.ScheduleView)  # its tests are in tests/tui
AS_TEXT = {
    "View": "case label",
    "TrackView": "title text",
    "TransitionView": "text",
    "SafeguardView": "override text",
    "ActionView": "title text",
    "DeedView": "by",
    "DeclineView": "reason by",
    "WarningView": "text acknowledged",
    "FactView": "label by note",
    "Need": "ask",
    "PathStep": "by reason",
}
IN_WORDS = {
    "View": "at timezone tracks actions done declined warnings facts needs path next_change_at closed",
    "TrackView": "track state phase entered_at choice transitions questions cites",
    "TransitionView": "track to standing auto needs cites",
    "Question": "fact known",
    "SafeguardView": "standing reason cites layer",
    "ActionView": "action standing called outstanding started overridden due urgency due_needs safeguards "
    "needs dose schedule cites called_by",
    "DeedView": "action at due urgency judged",
    "DeclineView": "action at",
    "WarningView": "severity layer cites",
    "FactView": "fact value unit derived at entered expires",
    "Need": "fact needed_for",
    "PathStep": "at track source to cause guard basis_changed cites",
}
# Left out on purpose. Titles and numbers of states, and the titles of deeds, are the definition's; a guard's
# verdicts one by one are for the screen; log lines and keys serve the program; kinds and types say nothing
# that the words do not; what may be undone is for the one who entered it.
LEFT_OUT = {
    "View": "can_undo",
    "TrackView": "state_title number kind",
    "TransitionView": "source to_title verdict reason",
    "Question": "ask",
    "SafeguardView": "safeguard effect severity",
    "ActionView": "type",
    "DeedView": "title seq",
    "DeclineView": "title seq",
    "WarningView": "id action key rests_on",
    "FactView": "seq",
    "PathStep": "seq",
}


def names(table: dict[str, str], kind: type[Any]) -> list[str]:
    return table.get(kind.__name__, "").split()


def test_every_field_of_the_view_is_decided_on_once() -> None:
    for kind in KINDS:
        decided = [*names(AS_TEXT, kind), *names(IN_WORDS, kind), *names(LEFT_OUT, kind)]
        assert sorted(decided) == sorted(field.name for field in dataclasses.fields(kind)), kind.__name__


def test_no_kind_of_the_view_is_forgotten() -> None:
    beside = {views.Refusal, views.Taken, views.Reason}  # of a step, not of a view; and the guards' own
    found = {
        one for one in vars(views).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == views.__name__
    }  # fmt: skip
    assert found - beside == {*KINDS, *BY_THE_FORMATTER}


def marked(value: Any) -> Any:
    """The view with each of its free texts replaced by the name of its field."""
    if isinstance(value, tuple):
        return tuple(marked(one) for one in value)
    if not isinstance(value, KINDS):
        return value
    kind, new = type(value), {}
    for field in dataclasses.fields(value):
        is_text = field.name in names(AS_TEXT, kind)
        new[field.name] = f"<{kind.__name__}.{field.name}>" if is_text else marked(getattr(value, field.name))
    return dataclasses.replace(value, **new)


def everything() -> Iterator[str]:
    return (f"<{kind}.{name}>" for kind, fields in AS_TEXT.items() for name in fields.split())


def full_view() -> tuple[Any, View]:
    case = opened()
    enter(case, 5, facts=(FactEntry("infected", "true"),), take=(TakeEntry("care", "work"),))
    enter(case, 6, facts=(FactEntry("platelets", "35"),), acknowledged=("half",))
    enter(case, 8, declined=(DeclineEntry("scan", "no"),))
    enter(case, 9, overrides=(OverrideEntry("so be it", action="puncture"),))
    enter(case, 10, facts=(FactEntry("platelets", "unknown"), FactEntry("weight_kg", "45")))
    enter(case, 11, done=(DeedEntry("drug"), DeedEntry("scan")))
    return case, case.view


def test_every_free_text_of_the_view_comes_out_in_both_forms() -> None:
    case, view = full_view()
    handover = handover_of(case.compiled.definition, marked(view), case.events, case.now, "dr")
    markdown, page = words_of(markdown_of(handover)), read(page_of(handover)).words
    joined = " ".join(page)
    missing = [text for text in everything() if text not in markdown or text not in joined]
    assert missing == []


def test_every_action_that_is_called_for_or_blocked_is_told() -> None:
    _, view = full_view()
    told = markdown_of(handed(full_view()[0]))
    wanted = [one.title for one in view.actions if one.called or one.standing == "blocked"]
    assert wanted
    assert all(flat(title) in told for title in wanted)


def test_what_is_left_out_is_said_in_the_hand_over_itself() -> None:
    handover = handed(full_view()[0])
    assert handover.left_out
    assert all(flat(text) in words_of(markdown_of(handover)) for text in handover.left_out)
    assert all(text in " ".join(read(page_of(handover)).words) for text in handover.left_out)
