"""What the clinician may answer now, as one numbered list that screen and line mode share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from pathway.engine.dose_words import dose_phrase
from pathway.engine.view import ActionView, SafeguardView, TransitionView, View
from pathway.language.definition import Definition
from pathway.language.verdict import Verdict
from tui.acting import most_urgent_first, not_asked
from tui.lines import Line, unbroken
from tui.presenting import fact_names, in_order, is_idle, urgency_words
from tui.times import show_time

MOST_NAMED = 3
SINCE_ENTRY = re.compile(r"(\w+) recorded since entry")


class Kind(Enum):
    """What choosing it does: take a way on, say what became of an action, or record a fact."""

    TAKE = "take"
    ACT = "act"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer. `subject` is a fact, an action, or `track.state` for a way on."""

    kind: Kind
    subject: str
    lead: str
    text: str

    @property
    def key(self) -> tuple[Kind, str]:
        """What is answered, however it is worded by now."""
        return (self.kind, self.subject)

    @property
    def line(self) -> Line:
        return Line(self.text, self.lead)


def choices(definition: Definition, view: View, now: int) -> tuple[Choice, ...]:
    """All answers in order of use: what to do comes before what to ask, courses under way come late."""
    if view.closed:
        return ()
    ranked = (
        *_ways(view, "conflict", "CONFLICT, choose"),
        *_recommended(definition, view, now, started=False),
        *_ways(view, "open", "Go on to"),
        *_held(definition, view, now),
        *_blocked(view, now),
        *_questions(view),
        *_asked_again(definition, view),
        *_recommended(definition, view, now, started=True),
        *_other_needs(view),
    )
    return tuple(ranked)


def find_action(view: View, name: str) -> ActionView | None:
    return next((action for action in view.actions if action.action == name), None)


def find_way(view: View, subject: str) -> TransitionView | None:
    ways = (way for track in view.tracks for way in track.transitions)
    return next((way for way in ways if f"{way.track}.{way.to}" == subject), None)


def lifted_by_override(action: ActionView) -> tuple[SafeguardView, ...]:
    """The safeguards against an action that an override would lift."""
    return tuple(
        guard for guard in action.safeguards if guard.standing in ("blocks", "holds") and guard.override
    )


def beyond_override(action: ActionView) -> tuple[SafeguardView, ...]:
    """The safeguards against an action that nobody may override."""
    return tuple(
        guard for guard in action.safeguards if guard.standing in ("blocks", "holds") and not guard.override
    )


def may_be_overridden(action: ActionView) -> bool:
    return action.standing in ("held", "blocked") and bool(lifted_by_override(action))


def _ways(view: View, standing: str, lead: str) -> list[Choice]:
    ways = [way for track in view.tracks for way in track.transitions if way.standing == standing]
    titles = {track.track: track.title for track in view.tracks}
    return [
        Choice(Kind.TAKE, f"{way.track}.{way.to}", f"{lead}:", f"{way.to_title} ({titles[way.track]})")
        for way in ways
    ]


def _recommended(definition: Definition, view: View, now: int, started: bool) -> list[Choice]:
    """What to do, or what is under way already; what has to be asked before it is named."""
    group = most_urgent_first(a for a in view.actions if a.standing == "recommended" and a.started == started)
    return [_recommendation(definition, action, view, now) for action in group]


def _recommendation(definition: Definition, action: ActionView, view: View, now: int) -> Choice:
    asks = _first_few(not_asked(action), fact_names(definition), "asks")
    lead = "Under way:" if action.started else "Ask first, then do:" if asks else "Do:"
    return _act(action, view, now, lead, asks)


def _held(definition: Definition, view: View, now: int) -> list[Choice]:
    names = fact_names(definition)
    return [_act(a, view, now, "HELD:", _needs(a, names)) for a in view.actions if a.standing == "held"]


def _blocked(view: View, now: int) -> list[Choice]:
    return [_act(a, view, now, "BLOCKED:") for a in view.actions if a.standing == "blocked" and a.called]


def _needs(action: ActionView, names: dict[str, str]) -> str:
    """The facts that hold an action, the first few by name."""
    holding = [guard.reason.needs for guard in action.safeguards if guard.standing == "holds"]
    return _first_few(list(dict.fromkeys(need for needs in holding for need in needs)), names, "needs")


def _first_few(facts: list[str], names: dict[str, str], verb: str) -> str:
    named = [names.get(fact, fact) for fact in facts[:MOST_NAMED]]
    more = f" and {len(facts) - MOST_NAMED} more" if len(facts) > MOST_NAMED else ""
    return f"{verb} {', '.join(named)}{more}" if named else ""


def _act(action: ActionView, view: View, now: int, lead: str, needs: str = "") -> Choice:
    due = ""
    if action.due is not None:
        due = unbroken(f"due {show_time(action.due, now, view.timezone)}, {urgency_words(action, now)}")
    parts = (action.title, dose_phrase(action.dose), due, needs)
    return Choice(Kind.ACT, action.action, lead, "  ".join(part for part in parts if part))


def _questions(view: View) -> list[Choice]:
    """The first that each track in use asks, then what holds an action back, then everything else."""
    tracks = in_order(view)
    in_use = [track for track in tracks if not is_idle(view, track)]
    open_now = {track.track: [q for q in track.questions if not q.known] for track in tracks}
    asked = {q.fact: q.ask for track in in_use for q in open_now[track.track][:1]}
    asked |= {need.fact: need.ask for need in view.needs if need.fact in _holding(view)}
    asked |= {q.fact: q.ask for track in tracks for q in open_now[track.track]}
    by_tracks = {question.fact for found in open_now.values() for question in found}
    leads = {fact: "Answer:" if fact in by_tracks else "Missing:" for fact in asked}
    return [Choice(Kind.RECORD, fact, leads[fact], ask) for fact, ask in asked.items()]


def _asked_again(definition: Definition, view: View) -> list[Choice]:
    """Known facts that a way out of a present state wants recorded anew since it was entered."""
    listed = {question.subject for question in _questions(view)}
    ways = [way for track in view.tracks for way in track.transitions if way.standing != "open"]
    texts = [atom.text for way in ways for atom in way.reason.atoms if atom.verdict is Verdict.FALSE]
    found = [match[1] for text in texts if (match := SINCE_ENTRY.fullmatch(" ".join(text.split())))]
    known = {fact.fact for fact in view.facts} - listed
    again = [name for name in dict.fromkeys(found) if name in known and definition.facts[name].recordable]
    return [Choice(Kind.RECORD, name, "Answer again:", definition.facts[name].ask) for name in again]


def _holding(view: View) -> set[str]:
    """The facts that safeguards of actions wait for."""
    held = [action for action in view.actions if action.standing == "held"]
    guards = [guard for action in held for guard in action.safeguards if guard.standing == "holds"]
    return {need for guard in guards for need in guard.reason.needs}


def _other_needs(view: View) -> list[Choice]:
    asked = {question.subject for question in _questions(view)}
    return [
        Choice(Kind.RECORD, need.fact, "Missing:", need.ask) for need in view.needs if need.fact not in asked
    ]
