"""Why a step shows what it shows: from the reasons that the engine's view and readings already carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pathway.engine import calls as called_for
from pathway.engine.memory import Call
from pathway.engine.view import ActionView, SafeguardView, TransitionView
from pathway.language.definition import Fact, Notice, Safeguard
from pathway.language.verdict import FactUse, Reason, Verdict
from pathway.vignettes.expecting import LISTS, VALUES
from pathway.vignettes.names import ACTION, FACT, STATE, TRACK, WARNING
from pathway.vignettes.present import Present

MOST = 3  # of what cites one source, as many are told


def why_of(key: str, name: str, now: Present, value: Any = None) -> str:
    """Why a step shows this under a key of `expect`, or does not."""
    if key == "next_change_at":
        return "this is the next instant at which a guard, shelf life or deadline can change"
    kind = LISTS.get(key) or VALUES[key]
    if key == "states" and isinstance(value, str):
        return _why_way(f"{name}.{value}", now)
    if key == "needs":
        return _why_needed(name, now)
    return WHY[kind](name, now)


def why_action(name: str, now: Present) -> str:
    """Why an action stands as it does: who calls for it or why nobody does, and what stands against it."""
    if name not in now.definition.actions:
        return "this definition has no such action"
    view = now.actions.get(name)
    parts = _done_words(name, now)
    if view is None or not view.called:
        parts.append(_why_not_called(name, now))
    else:
        callers = ", ".join(f"{track}.{state}" for track, state in view.called_by)
        parts.append(f"{callers} {'called' if view.outstanding else 'calls'} for it")
    parts += _against(view)
    return "; ".join(parts)


def _done_words(name: str, now: Present) -> list[str]:
    deeds = [deed for deed in now.step.view.done if deed.action == name]
    return [f"done at {now.time(deed.at) if deed.at is not None else 'an unknown time'}" for deed in deeds]


def _against(view: ActionView | None) -> list[str]:
    """What blocks or holds an action, or that nothing does."""
    if view is None:
        return []
    if view.standing == "shown":
        return ["it is no order, so it is shown and never recommended"]
    standing = [guard for guard in view.safeguards if guard.standing in ("blocks", "holds", "lifted")]
    if not standing:
        return ["no safeguard stands against it"] if view.called else []
    return [_guard_words(guard) for guard in standing]


def _guard_words(guard: SafeguardView) -> str:
    word = {"blocks": "blocked by", "holds": "held by", "lifted": "overridden:"}[guard.standing]
    return f"{word} {guard.safeguard}, for {reason_words(guard.reason)}"


def _why_not_called(name: str, now: Present) -> str:
    calls = called_for.calls_of(name, now.case.readings)
    if calls:
        return "; ".join(dict.fromkeys(_why_no_longer(call, now) for call in calls))
    callers = [
        f"{state.track}.{state.name}"
        for track in now.definition.tracks.values()
        for state in track.states.values()
        if any(do.action == name for do in state.do)
    ]
    if not callers:
        return "no state of the pathway calls for it"
    stands = ", ".join(f"{track.track} stands in {track.state}" for track in now.step.view.tracks
                       if any(caller.startswith(f"{track.track}.") for caller in callers))  # fmt: skip
    return f"no state calls for it: only {', '.join(callers)} would, and {stands}"


def _why_no_longer(call: Call, now: Present) -> str:
    """Why a call that was made is not live."""
    who, readings = f"{call.track}.{call.state}", now.case.readings
    if called_for.satisfied(call, readings):
        declined = any(entry.action == call.do.action for entry in now.step.view.declined)
        return f"the call of {who} is answered: {'declined' if declined else 'done'}"
    if call.do.until is not None:
        reason = readings.reason(call.do.until, call.seq)
        if reason.verdict is Verdict.TRUE:
            return f"{who} calls for it only until {reason_words(reason)}"
    if call.do.when is not None:
        return f"{who} calls for it only when {reason_words(readings.reason(call.do.when, call.seq))}"
    return f"{who} calls for it"


# --- tracks -------------------------------------------------------------------------------------
def _why_way(name: str, now: Present) -> str:
    """Why a track came to a state, or did not: how its ways out stand."""
    track, _, state = name.partition(".")
    view = now.tracks.get(track)
    if view is None:
        return "this definition has no such track"
    moves = [move for move in now.step.taken if move.track == track]
    went = f"{track} went {' -> '.join([moves[0].source, *(move.to for move in moves)])}; " if moves else ""
    leading = [way for way in view.transitions if way.to == state]
    told = leading or view.transitions
    ways = "; ".join(_way_words(way) for way in told) or "there is no way out of it"
    if leading and all(way.verdict is Verdict.TRUE for way in leading):
        others = [way for way in view.transitions if way.to != state and way.verdict is not Verdict.FALSE]
        ways += "".join(f"; {_way_words(way)}" for way in others)
    return f"{went}{track} stands in {view.state}: {ways}"


def _way_words(way: TransitionView) -> str:
    return f"to {way.to} is {way.standing}, for {reason_words(way.reason)}"


def _why_track(name: str, now: Present) -> str:
    return _why_way(f"{name}.", now)


# --- warnings -----------------------------------------------------------------------------------
def _why_warning(name: str, now: Present) -> str:
    definition = now.definition
    shown = [warning for warning in now.step.view.warnings if name == warning.id or name in warning.cites]
    if shown:
        return "; ".join(f"{one.id} is shown ({one.severity}): {one.text}" for one in shown[:MOST])
    every = (*definition.notices.values(), *definition.safeguards.values())
    found = [one for one in every if name == one.name or name in one.cites]
    if not found:
        return "nothing in the definition with the layers that are on has this id or cites it"
    return "; ".join(_why_not_shown(one, now) for one in found[:MOST])


def _why_not_shown(one: Notice | Safeguard, now: Present) -> str:
    if isinstance(one, Safeguard):
        what = "a warning" if one.effect == "warn" else "no warning but blocks"
        called = [name for name in one.actions if now.called(name)]
        whom = f"{', '.join(called)} called for" if called else "none of its actions called for"
        words = reason_words(now.case.readings.reason(one.when))
        return f"{one.name} is {what}, with {whom}, and {words}"
    reason = None if one.when is None else now.case.readings.reason(one.when)
    if reason is not None and reason.verdict is not Verdict.TRUE:
        return f"{one.name} is not shown, for {reason_words(reason)}"
    concerned = [*one.about, *(f"{track}.{state}" for track, state in one.states)]
    return f"{one.name} is not shown, for none of what it is about is there: {', '.join(concerned)}"


# --- facts --------------------------------------------------------------------------------------
def _why_fact(name: str, now: Present) -> str:
    fact = now.definition.facts.get(name)
    if fact is None:
        return "this definition has no such fact"
    reading = now.case.readings.fact(name)
    own, *used = reading.uses or (FactUse(name, None, why="not recorded"),)
    parts = [_row_words(fact, now)] if fact.formula is not None and own.seq is None else []
    if own.seq is not None:
        parts.append(f"it was recorded at {now.time(own.at)} by {own.by}")
    elif own.value is None:
        parts.append(own.why or "what it rests on is not known")
    parts += [_use_words(use) for use in dict.fromkeys(used)]
    if reading.value is None and reading.needs:
        parts.append(f"needs {', '.join(reading.needs)}")
    return "; ".join(part for part in parts if part)


def _row_words(fact: Fact, now: Present) -> str:
    """The case of a formula that decides, or the one that is not decided."""
    assert fact.formula is not None
    for row in fact.formula.rows:
        reason = now.case.readings.reason(row.when)
        if reason.verdict is Verdict.TRUE:
            return f"its case `{_line(reason.text)}` is TRUE"
        if reason.verdict is Verdict.UNKNOWN:
            return f"its case `{_line(reason.text)}` is not decided"
    return "none of its cases is TRUE" if fact.formula.rows else ""


def _why_needed(name: str, now: Present) -> str:
    need = next((need for need in now.step.view.needs if need.fact == name), None)
    if need is not None:
        return f"it is needed for {', '.join(need.needed_for)}"
    if name in now.definition.facts and now.case.readings.fact(name).value is not None:
        return f"it is known: {_why_fact(name, now)}"
    return "nothing that waits now could be changed by it"


# --- words --------------------------------------------------------------------------------------
def reason_words(reason: Reason) -> str:
    """A guard with its verdict and the facts it was read from, on one line."""
    uses = _uses(reason)
    return f"`{_line(reason.text)}` is {reason.verdict.value}" + (f" ({uses})" if uses else "")


def _uses(reason: Reason) -> str:
    """What decided: for an UNKNOWN guard what is missing, else every fact read."""
    uses: Iterable[FactUse] = dict.fromkeys(use for atom in reason.atoms for use in atom.uses)
    if reason.verdict is Verdict.UNKNOWN:
        uses = [use for use in uses if use.value is None]
    return ", ".join(_use_words(use) for use in uses)


def _use_words(use: FactUse) -> str:
    if use.value is None:
        return f"{use.fact} is unknown: {use.why or 'not recorded'}"
    unit = f" {use.unit}" if use.unit and use.unit != "1" else ""
    return f"{use.fact} is {use.value}{unit}"


def _line(text: str) -> str:
    return " ".join(text.split())


WHY: dict[str, Callable[[str, Present], str]] = {
    ACTION: why_action,
    STATE: _why_way,
    TRACK: _why_track,
    WARNING: _why_warning,
    FACT: _why_fact,
}
