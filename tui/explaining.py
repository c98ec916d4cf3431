"""The detail panels as plain lines: why, what is missing, facts, the path so far and the log."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.engine.event_words import CAUSES
from pathway.engine.view import ActionView, FactView, SafeguardView, TransitionView, View
from pathway.language.definition import Definition
from pathway.language.units import display, parse_unit
from pathway.language.verdict import Atom, FactUse, Reason
from tui.acting import action_block, standing_words
from tui.entering import hints
from tui.lines import Line, Tone, heading
from tui.presenting import cited, fact_names, named_fact
from tui.times import show_time

_STANDING_WORDS = {
    "open": "open",
    "waiting": "waits for what is not known",
    "closed": "closed",
    "conflict": "in CONFLICT with another way that is open too",
}


def why_now(definition: Definition, view: View, now: int) -> list[Line]:
    """Why each track stands where it does, and how each way on is judged."""
    lines: list[Line] = []
    for track in view.tracks:
        lines.append(heading(f"{track.title}: {track.number}. {track.state_title}"))
        lines += _arrival(view, track.track, track.state, now)
        for way in track.transitions:
            lines += why_transition(definition, view, way, now)
        if not track.transitions:
            lines.append(Line("No way leads on from here.", indent=1))
    return lines


def why_transition(definition: Definition, view: View, way: TransitionView, now: int) -> list[Line]:
    how = "moves automatically" if way.auto else "you confirm it"
    first = Line(f"{_STANDING_WORDS.get(way.standing, way.standing)}; {how}", f"To {way.to_title}:", indent=1)
    text = [Line(way.text, indent=3)] if way.text else []
    needs = [_needs_line(definition, way.needs)] if way.needs else []
    return [first, *text, *reason_lines(way.reason, view, now), *needs, *source_lines(definition, way.cites)]


def why_action(definition: Definition, view: View, action: ActionView, now: int) -> list[Line]:
    """Why an action stands as it does: who calls for it, each safeguard with its evidence, the sources."""
    how = "called for" if definition.actions[action.action].orderable else "shown, not as an order,"
    calls = [Line(f"{how} by {state} of {track}", indent=3) for track, state in action.called_by]
    lines = [
        heading(f"{action.title}: {standing_words(definition, action)}"),
        *action_block(definition, action, view, now),
        *calls,
    ]
    for guard in action.safeguards:
        lines += _why_safeguard(definition, view, guard, now)
    if not action.safeguards:
        lines.append(Line("No safeguard stands on this action.", indent=1))
    dose = action.dose.cites if action.dose is not None else ()
    cites = [*action.cites, *dose, *(cite for guard in action.safeguards for cite in guard.cites)]
    return lines + source_lines(definition, dict.fromkeys(cites))


def why_fact(definition: Definition, view: View, name: str, now: int) -> list[Line]:
    """What is known of a fact, what waits for it, what may be typed, and its sources."""
    fact = definition.facts[name]
    known = next((one for one in view.facts if one.fact == name), None)
    state = "UNKNOWN" if known is None else fact_value(definition, name, known.value, known.unit)
    lines = [heading(named_fact(fact.label, name)), Line(state, "now", indent=1)]
    if known is not None:
        lines.append(_fact_line(definition, known, view, now))
    waiting = [need for need in view.needs if need.fact == name]
    lines += [
        Line(", ".join(waiting_words(definition, name) for name in need.needed_for), "needed for", indent=1)
        for need in waiting
        if need.needed_for
    ]
    asked = "computed, cannot be recorded" if fact.is_derived and not fact.recordable else hints(fact)
    return [*lines, Line(asked, "value", indent=1), *source_lines(definition, fact.cites)]


def reason_lines(reason: Reason, view: View, now: int) -> list[Line]:
    """A guard in words with its verdict, then each condition with what it read."""
    lines = [Line(reason.english or reason.text, reason.verdict.value, Tone.STRONG, indent=3)]
    if reason.english and reason.english != reason.text:
        lines.append(Line(reason.text, "guard", indent=5))
    for atom in reason.atoms:
        lines += _atom_lines(atom, view, now)
    return lines


def source_lines(definition: Definition, cites: Iterable[str]) -> list[Line]:
    """The statements cited, in full, with layer and grade."""
    return [_source_line(definition, cite) for cite in cites]


def missing_lines(definition: Definition, view: View) -> list[Line]:
    """The facts that could change something now, most useful first, and what waits for each."""
    if not view.needs:
        return [Line("Nothing is missing for what is open now.")]
    lines: list[Line] = []
    for need in view.needs:
        lines.append(Line(f"({need.fact})", need.ask))
        waiting = ", ".join(waiting_words(definition, name) for name in need.needed_for)
        lines.append(Line(f"for {waiting}" if waiting else "asked here", indent=2))
    return lines


def waiting_words(definition: Definition, name: str) -> str:
    """What waits for a fact, in words: an action by its title, a way on by the state it leads to."""
    if name in definition.actions:
        return definition.actions[name].title
    track, _, state = name.partition(".")
    if track in definition.tracks and state in definition.tracks[track].states:
        return f"going on to {definition.tracks[track].states[state].title}"
    return name


def fact_lines(definition: Definition, view: View, now: int, part: str = "") -> list[Line]:
    """What is known: value, unit, when, by whom, until when it is valid; `part` filters by name."""
    shown = [fact for fact in view.facts if part.lower() in f"{fact.fact} {fact.label}".lower()]
    if not shown:
        return [Line("No fact is known yet." if not part else f"No known fact is called {part!r}.")]
    recorded = [_fact_line(definition, fact, view, now) for fact in shown if not fact.derived]
    derived = [_fact_line(definition, fact, view, now) for fact in shown if fact.derived]
    lines = [heading("RECORDED"), *recorded] if recorded else []
    return lines + ([heading("COMPUTED"), *derived] if derived else [])


def fact_value(definition: Definition, name: str, value: str | tuple[str, ...], unit: str | None) -> str:
    """A value in words: yes and no, codes with their meaning, lists joined, the unit after the number."""
    if isinstance(value, tuple):
        return (
            ", ".join(fact_value(definition, name, item, unit) for item in value)
            or "none (a complete, empty list)"
        )
    fact = definition.facts.get(name)
    if fact is not None and fact.written_type == "boolean":
        return {"true": "yes", "false": "no"}.get(value, value)
    meaning = fact.values.get(value, value) if fact is not None else value
    text = value if meaning == value else f"{value} ({meaning})"
    return f"{text} {unit_words(unit)}".strip() if unit else text


def unit_words(unit: str) -> str:
    """A unit as the pathway's own sentences write it: `x10^9/L`, `months`."""
    return display(parse_unit(unit))


def _arrival(view: View, track: str, state: str, now: int) -> list[Line]:
    steps = [step for step in view.path if step.track == track and step.to == state]
    if not steps:
        return [Line("here since the case was opened", indent=1)]
    step = steps[-1]
    when = show_time(step.at, now, view.timezone)
    return [Line(f"here since {when}, {CAUSES.get(step.cause, step.cause)}, because {step.guard}", indent=1)]


def _why_safeguard(definition: Definition, view: View, guard: SafeguardView, now: int) -> list[Line]:
    words = f"{guard.text}{cited(definition, guard.cites, guard.layer)}"
    first = Line(words, f"{guard.safeguard} {guard.standing}:", indent=1)
    return [first, *reason_lines(guard.reason, view, now)]


def _atom_lines(atom: Atom, view: View, now: int) -> list[Line]:
    lines = [Line(atom.text, atom.verdict.value, indent=5)]
    return lines + [Line(_use_words(use, view, now), indent=7) for use in atom.uses]


def _use_words(use: FactUse, view: View, now: int) -> str:
    if use.value is None:
        return f"{use.fact}: UNKNOWN, {use.why or 'not recorded'}"
    unit = f" {unit_words(use.unit)}".rstrip() if use.unit else ""
    when = f", {show_time(use.at, now, view.timezone)}" if use.at is not None else ", computed"
    by = f", {use.by}" if use.by else ""
    return f"{use.fact} = {use.value}{unit}{when}{by}"


def _needs_line(definition: Definition, needs: tuple[str, ...]) -> Line:
    names = fact_names(definition)
    return Line(", ".join(names.get(fact, fact) for fact in needs), "needs", indent=3)


def _source_line(definition: Definition, cite: str) -> Line:
    source = definition.sources.get(cite)
    if source is None:
        return Line(cite, "source", indent=3)
    grade = f", grade {source.grade}" if source.grade is not None else ""
    problem = f" (problem: {source.problem})" if source.problem else ""
    layer = definition.layers.get(source.layer, source.layer)
    return Line(f"{source.text} ({layer}{grade}){problem}", f"source {cite}", indent=3)


def _fact_line(definition: Definition, fact: FactView, view: View, now: int) -> Line:
    parts = [fact_value(definition, fact.fact, fact.value, fact.unit)]
    if fact.at is not None:
        parts.append(show_time(fact.at, now, view.timezone))
    if fact.by:
        parts.append(fact.by)
    if fact.expires is not None:
        parts.append(f"valid to {show_time(fact.expires, now, view.timezone)}")
    if fact.note:
        parts.append(fact.note)
    return Line("; ".join(parts), named_fact(fact.label, fact.fact), indent=1)
