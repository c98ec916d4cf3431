"""What would change it, the next best question and what a correction touches, as plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathway.engine import events as ev
from pathway.engine.event_words import CAUSES
from pathway.engine.view import View
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.definition import Definition
from pathway.language.expression import Kind
from pathway.supposing.dependents import Dependence, Dependent
from pathway.supposing.nearest import Nearest
from pathway.supposing.needed import Change, DeedNeeded, FactNeeded
from pathway.supposing.questions import QuestionRank, Weight
from tui.explaining import fact_value, waiting_words
from tui.lines import Line, Tone, heading
from tui.presenting import named_fact
from tui.times import show_time

MOST_NAMED = 3
SUPPOSED_ONLY = "Tried on a copy of the case. Record only what was measured, seen or done."
_BOUNDS = {"at_least": "at least", "at_most": "at most", "such_as": "such as"}
_TIME_BOUNDS = {"at_least": "at the earliest", "at_most": "at the latest", "such_as": "such as"}
_WEIGHTS = {
    Weight.COURSE: "CAN CHANGE THE NEXT STEP",
    Weight.FIGURES: "CAN CHANGE A DOSE, A DEADLINE, A WARNING OR A COMPUTED VALUE",
    Weight.WITH_OTHERS: "COUNTS TOGETHER WITH OTHER ANSWERS",
    Weight.NOTHING: "MAKES NO DIFFERENCE AS THINGS STAND",
}


# --- what would change it -----------------------------------------------------------------------
def nearest_lines(definition: Definition, found: Nearest, view: View, now: int) -> list[Line]:
    """The smallest changes that would open what is closed, or honestly that none was found."""
    lines = [heading("WHAT WOULD CHANGE IT")]
    if not found.changes:
        return [*lines, Line(_without_change(found), indent=1)]
    for place, change in enumerate(found.changes):
        lines += _change_lines(definition, change, view, now, first=place == 0)
    only_time = all(not change.facts and not change.deeds for change in found.changes)
    return lines if only_time else [*lines, Line(SUPPOSED_ONLY, indent=1)]


def _without_change(found: Nearest) -> str:
    match found.outcome:
        case "open":
            return "It is open already."
        case "closed":
            return "This case is closed: nothing more is entered."
        case "none":
            return "No single entry opens it, with any value at or beside a limit that it is compared with."
        case _:
            return f"Not found in {found.tried} tries; there may be a way all the same. See each condition."


def _change_lines(definition: Definition, change: Change, view: View, now: int, first: bool) -> list[Line]:
    when = "" if change.from_at is None else f"from {show_time(change.from_at, now, view.timezone)} on"
    entries = len(change.facts) + len(change.deeds)
    if entries == 0:
        return [Line(f"Only time stands against it: it opens {when}, if nothing else changes.", indent=1)]
    these = {1: "this were", 2: "both of these were"}.get(entries, f"all {entries} of these were")
    opening = f"It would open{f' {when}' if when else ''} if {these} recorded:"
    lines = [Line(opening if first else f"or, {opening[0].lower()}{opening[1:]}", tone=Tone.STRONG, indent=1)]
    lines += [_fact_needed(definition, fact, view, now) for fact in change.facts]
    return lines + [_deed_needed(definition, deed) for deed in change.deeds]


def _fact_needed(definition: Definition, needed: FactNeeded, view: View, now: int) -> Line:
    fact = definition.facts[needed.fact]
    present = "UNKNOWN" if needed.present is None else _value(definition, needed, needed.present, view, now)
    return Line(
        f"{_value_needed(definition, needed, view, now)} (now {present})",
        f"{named_fact(fact.label, fact.name)}:",
        indent=3,
    )


def _value_needed(definition: Definition, needed: FactNeeded, view: View, now: int) -> str:
    value = _value(definition, needed, needed.value, view, now)
    if needed.bound == "any":
        return "any value"
    if needed.bound == "anew":
        return f"{value}, recorded anew"
    is_time = definition.facts[needed.fact].type.kind in (Kind.DATE, Kind.INSTANT)
    bound = (_TIME_BOUNDS if is_time else _BOUNDS).get(needed.bound, "")
    others = [_value(definition, needed, other, view, now) for other in needed.others]
    return " or ".join([f"{bound} {value}".strip(), *others])


def _value(
    definition: Definition, needed: FactNeeded, value: str | tuple[str, ...], view: View, now: int
) -> str:
    if definition.facts[needed.fact].type.kind is Kind.INSTANT and isinstance(value, str):
        return show_time(parse_instant(value, parse_zone(view.timezone)), now, view.timezone)
    return fact_value(definition, needed.fact, value, needed.unit)


def _deed_needed(definition: Definition, needed: DeedNeeded) -> Line:
    words = "recorded as declined" if needed.declined else "recorded as done"
    return Line(words, f"{definition.actions[needed.action].title}:", indent=3)


# --- the next best question ---------------------------------------------------------------------
def question_lines(definition: Definition, ranks: Sequence[QuestionRank]) -> list[Line]:
    """What is missing, the weightiest first, under what an answer can change at the next step."""
    if not ranks:
        return [Line("Nothing is missing for what is open now.")]
    lines: list[Line] = []
    for weight, title in _WEIGHTS.items():
        of_weight = [rank for rank in ranks if rank.weight is weight]
        lines += [heading(title)] if of_weight else []
        for rank in of_weight:
            lines += _question(definition, rank)
    return lines


def _question(definition: Definition, rank: QuestionRank) -> list[Line]:
    lines = [Line(f"({rank.fact})", rank.ask, indent=1)]
    if rank.waiting:
        lines.append(Line(_some(waiting_words(definition, one) for one in rank.waiting), "for", indent=3))
    elif rank.changes:
        lines.append(Line(_some(_changed(definition, rank.changes)), "can change", indent=3))
    if not rank.tried:
        lines.append(Line("not tried out: there is too much to try. It may change more.", indent=3))
    return lines


def _changed(definition: Definition, names: Iterable[str]) -> list[str]:
    """What changes, in words: a track that moves stands for its ways; warnings are not told one by one."""
    given = list(names)
    tracks = [name for name in given if name in definition.tracks]
    found = [f"where {definition.tracks[name].title} stands" for name in tracks]
    found += [definition.actions[name].title for name in given if name in definition.actions]
    ways = [name for name in given if name.partition(".")[0] in definition.tracks and "." in name]
    found += [waiting_words(definition, way) for way in ways if way.partition(".")[0] not in tracks]
    found += [definition.facts[name].label for name in given if name in definition.facts]
    return list(dict.fromkeys(found)) or ["what is shown beside it, such as a warning"]


def _some(words: Iterable[str]) -> str:
    given = list(words)
    more = f" and {len(given) - MOST_NAMED} more" if len(given) > MOST_NAMED else ""
    return ", ".join(given[:MOST_NAMED]) + more


# --- what a correction touches ------------------------------------------------------------------
def dependence_lines(definition: Definition, found: Dependence, view: View, now: int) -> list[Line]:
    """The later steps that a correction of the fact's present record would touch; they all stay."""
    fact = definition.facts[found.fact]
    if found.line is None:
        return [Line(f"{fact.label} was never recorded: nothing rests on it.")]
    direct, indirect = found.direct, [step for step in found.steps if not step.directly]
    if not found.steps:
        return [Line("No later step rested on this value.")]
    count = f"{len(direct)} later {'step' if len(direct) == 1 else 'steps'} rested on this value"
    further = f", and {len(indirect)} more on these" if indirect else ""
    lines = [Line(f"{count}{further}. A correction does not take them back:", tone=Tone.CAUTION)]
    lines += [_step_line(definition, step, view, now) for step in direct]
    return lines + [_step_line(definition, step, view, now) for step in indirect]


def _step_line(definition: Definition, step: Dependent, view: View, now: int) -> Line:
    said = "" if step.directly else "; rests on it through an earlier step"
    at = step.event.done_at if isinstance(step.event, ev.ActionDone) else step.event.at
    text = f"{_step_words(definition, step)}{said}"
    return Line(text, show_time(at, now, view.timezone), indent=1)


def _step_words(definition: Definition, step: Dependent) -> str:
    event = step.event
    match event:
        case ev.TransitionTaken():
            state = definition.tracks[event.track].states[event.to]
            cause = CAUSES.get(event.cause, event.cause)
            marked = "; it will be marked BASIS CHANGED" if step.directly else ""
            title = definition.tracks[event.track].title
            return f"{title} moved to {state.number}. {state.title}, {cause}{marked}"
        case ev.ActionDone():
            by = "; this value itself says so" if step.says_it else ""
            return f"{definition.actions[event.action].title} done while {event.judged}{by}"
        case ev.ActionDeclined():
            return f"{definition.actions[event.action].title} declined while {event.judged}"
        case ev.Overridden():
            title = definition.actions[event.action].title if event.action is not None else event.track
            return f"OVERRIDE for {title} of {', '.join(event.safeguards)}; it ends when the value changes"
