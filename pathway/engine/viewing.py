"""Building the explained view of a case: every reason, every atom, nothing decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pathway.engine import calls as called_for
from pathway.engine.changes import Changes, next_urgency
from pathway.engine.compiled import CLOCK
from pathway.engine.doses import dose_view, schedule_view
from pathway.engine.events import Acknowledged, TransitionTaken
from pathway.engine.readings import Readings
from pathway.engine.settling import ways
from pathway.engine.view import (
    ActionView,
    DeclineView,
    DeedView,
    FactView,
    Need,
    PathStep,
    Question,
    SafeguardView,
    TrackView,
    TransitionView,
    View,
    WarningView,
)
from pathway.language.definition import Action, Fact, Notice
from pathway.language.values import shown
from pathway.language.verdict import Verdict

TRUE, UNKNOWN = Verdict.TRUE, Verdict.UNKNOWN
SEVERITIES = {"high": 0, "medium": 1, "low": 2, "info": 3}


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an action stands, and the next instant at which its urgency changes."""

    view: ActionView
    next_change: int | None


class Viewer:
    """Builds views of one case; parts whose evidence did not change are taken over as they were."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings
        self.changes = Changes()
        self._facts: dict[str, tuple[object, FactView | None]] = {}
        self._standings: dict[str, _Standing] = {}
        self._urgencies: dict[str, tuple[int | None]] = {}
        self._next_change: int | None = None
        self._unchanged = False
        self._deeds: dict[str, tuple[DeedView, ...]] = {}
        self._tracks: dict[str, TrackView] = {}
        self._steps: tuple[PathStep, ...] = ()
        self._steps_of = (0, 0)

    def fork(self, readings: Readings) -> Viewer:
        """A viewer of a forked case, with all that was found here."""
        found = Viewer(readings)
        found.changes = self.changes.copy()
        found._facts, found._standings = dict(self._facts), dict(self._standings)
        found._urgencies = dict(self._urgencies)
        found._next_change, found._unchanged = self._next_change, self._unchanged
        found._deeds, found._tracks = dict(self._deeds), dict(self._tracks)
        found._steps, found._steps_of = self._steps, self._steps_of
        return found

    def view(self, case: str) -> View:
        """The view of the case at its present instant."""
        memory = self.readings.memory
        assert memory.opened is not None
        self._forget_changed()
        tracks = tuple(self._known_track(name) for name in self.readings.compiled.definition.tracks)
        actions = tuple(self._actions())
        return View(
            at=self.readings.now,
            timezone=memory.opened.timezone,
            case=case,
            label=memory.opened.label,
            tracks=tracks,
            actions=actions,
            done=tuple(self._done()),
            declined=tuple(self._declined()),
            warnings=tuple(self._warnings(tracks, actions)),
            facts=tuple(self._known_facts()),
            needs=self._needs(tracks, actions),
            path=self._path(),
            next_change_at=self.next_change(),
            can_undo=bool(memory.human_batches),
            closed=memory.closed is not None,
        )

    def next_change(self) -> int | None:
        """The next instant at which a guard, shelf life or deadline can change."""
        self._forget_changed()
        known = self._next_change
        if not self._unchanged or (known is not None and known <= self.readings.now):
            urgencies = [self._next_urgency(name) for name in self.readings.memory.calls]
            ahead = [instant for instant in urgencies if instant is not None]
            self._next_change = self.changes.next_change(self.readings, ahead)
            self._unchanged = True
        return self._next_change

    def _next_urgency(self, name: str) -> int | None:
        """When the urgency of an action changes next; how it stands otherwise need not be known for that."""
        known = self._urgencies.get(name)
        if known is None or (known[0] is not None and known[0] <= self.readings.now):
            known = self._urgencies[name] = (next_urgency(name, self.readings),)
        return known[0]

    def _forget_changed(self) -> None:
        """Let go of the actions that something has changed for."""
        for signal in self.readings.changes_since_asked():
            self._unchanged = self._unchanged and signal == CLOCK
            for name in self.readings.compiled.concerned.get(signal, ()):
                self._standings.pop(name, None)
                self._urgencies.pop(name, None)
                self._deeds.pop(name, None)
            for name in self.readings.compiled.guiding.get(signal, ()):
                self._tracks.pop(name, None)

    def _standing(self, name: str) -> _Standing:
        """How an action stands, as it was found unless something it rests on has changed since."""
        known = self._standings.get(name)
        if known is None or (known.next_change is not None and known.next_change <= self.readings.now):
            view = self._action(self.readings.compiled.definition.actions[name])
            known = self._standings[name] = _Standing(view, self._next_urgency(name))
        return known

    # --- tracks ---------------------------------------------------------------------------------
    def _known_track(self, name: str) -> TrackView:
        """A track as it was shown, unless something that guides it has changed since."""
        known = self._tracks.get(name)
        if known is None:
            known = self._tracks[name] = self._track(name)
        return known

    def _track(self, name: str) -> TrackView:
        compiled, stand = self.readings.compiled, self.readings.memory.stands[name]
        state = compiled.state(name, stand.state)
        return TrackView(
            track=name,
            title=compiled.definition.tracks[name].title,
            state=state.name,
            state_title=state.title,
            number=state.number,
            kind=state.kind,
            text=state.text,
            phase=state.phase,
            entered_at=stand.entered_at,
            choice=state.choice,
            transitions=tuple(self._ways(name)),
            questions=tuple(self._question(fact) for fact in state.asks),
            cites=state.cites,
        )

    def _ways(self, track: str) -> Iterator[TransitionView]:
        for way in ways(track, self.readings):
            transition = way.transition
            yield TransitionView(
                track=track,
                source=transition.source,
                to=transition.to,
                to_title=self.readings.compiled.state(track, transition.to).title,
                standing=way.standing,
                verdict=way.reason.verdict,
                auto=transition.auto,
                reason=way.reason,
                needs=way.needs,
                cites=transition.cites,
                text=transition.text,
            )

    def _question(self, fact: str) -> Question:
        definition = self.readings.compiled.definition.facts[fact]
        return Question(fact, definition.ask, self.readings.fact(fact).value is not None)

    # --- actions --------------------------------------------------------------------------------
    def _actions(self) -> Iterator[ActionView]:
        calls, guards = self.readings.memory.calls, self.readings.compiled.safeguards
        for name in self.readings.compiled.definition.actions:
            if name not in calls and not guards[name]:
                continue
            view = self._standing(name).view
            if view.called or view.standing == "blocked" or view.needs:
                yield view

    def _action(self, action: Action) -> ActionView:
        readings = self.readings
        live = called_for.called(action.name, readings)
        guards = called_for.safeguard_views(action.name, readings)
        standings = {guard.standing for guard in guards}
        standing = "blocked" if "blocks" in standings else "held" if "holds" in standings else "recommended"
        if standing != "blocked" and not action.orderable:
            standing = "shown"
        pending = called_for.pending(live.calls, readings)
        limit = called_for.earliest(pending, readings)
        started = readings.done(action.name, 0)
        is_called = bool(live.calls)
        asking = [guard for guard in guards if guard.standing in ("holds", "asks")]
        return ActionView(
            action=action.name,
            title=action.title,
            type=action.type,
            standing=standing,
            called=is_called,
            outstanding=bool(pending) and all(call.left for call in pending),
            started=started,
            overridden="lifted" in standings,
            due=limit.due,
            urgency=called_for.urgency(limit, readings.now),
            due_needs=limit.needs,
            safeguards=guards,
            needs=_joined([live.needs, *(guard.reason.needs for guard in asking if is_called)]),
            dose=dose_view(action, readings, standing) if is_called else None,
            schedule=schedule_view(action, readings) if is_called else None,
            text=next((call.do.text for call in live.calls if call.do.text), None) or action.text,
            cites=_joined([action.cites, *(call.do.cites for call in live.calls)]),
            called_by=tuple(dict.fromkeys((call.track, call.state) for call in live.calls)),
        )

    def _done(self) -> Iterator[DeedView]:
        for name, action in self.readings.compiled.definition.actions.items():
            if name not in self._deeds:
                self._deeds[name] = tuple(self._deeds_of(action))
            yield from self._deeds[name]

    def _deeds_of(self, action: Action) -> Iterator[DeedView]:
        name, readings = action.name, self.readings
        deeds = readings.memory.deeds.get(name, [])
        for deed in deeds:
            due = called_for.deed_deadline(name, deed, readings)
            urgency = "met" if due is None or deed.at <= due else "late"
            yield DeedView(name, action.title, deed.at, due, urgency, deed.judged, deed.seq, deed.by)
        if not deeds and readings.done(name, 0):
            yield DeedView(name, action.title, None, None, "met", "recommended", None, None)

    def _declined(self) -> Iterator[DeclineView]:
        for name, action in self.readings.compiled.definition.actions.items():
            for entry in self.readings.memory.declines.get(name, ()):
                yield DeclineView(name, action.title, entry.at, entry.reason, entry.by, entry.seq)

    # --- warnings -------------------------------------------------------------------------------
    def _warnings(self, tracks: tuple[TrackView, ...], actions: tuple[ActionView, ...]) -> list[WarningView]:
        shown_actions = {view.action for view in actions if view.called or view.standing == "blocked"}
        states = {(view.track, view.state) for view in tracks}
        found = [*self._alerts(tracks), *self._safeguard_warnings(actions)]
        found += [self._notice(notice) for notice in self._relevant(shown_actions, states)]
        found += list(self._disagreements())
        acknowledged = self.readings.memory.acknowledged
        return sorted(
            (_acknowledged(one, acknowledged) for one in found), key=lambda one: SEVERITIES[one.severity]
        )

    def _relevant(self, actions: set[str], states: set[tuple[str, str]]) -> Iterator[Notice]:
        reason = self.readings.reason
        for notice in self.readings.compiled.notices:
            placed = notice.about or notice.states
            if placed and actions.isdisjoint(notice.about) and states.isdisjoint(notice.states):
                continue
            if notice.when is None or reason(notice.when).verdict is TRUE:
                yield notice

    def _notice(self, notice: Notice) -> WarningView:
        basis = () if notice.when is None else self.readings.reason(notice.when).basis
        return WarningView(
            notice.name,
            notice.severity,
            notice.layer,
            notice.cites,
            notice.text,
            key=notice.name,
            rests_on=max(basis, default=0),
        )

    def _alerts(self, tracks: tuple[TrackView, ...]) -> Iterator[WarningView]:
        """Deeds done while held or blocked are marked for good (rule 22); conflicts are shown."""
        for name, deeds in self.readings.memory.deeds.items():
            title = self.readings.compiled.definition.actions[name].title
            for deed in deeds:
                if deed.judged in ("held", "blocked"):
                    alert, text = f"done_while_{deed.judged}", f"{title} was done while it was {deed.judged}."
                    key = f"{alert}:{name}:{deed.seq}"
                    yield WarningView(alert, "high", None, (), text, action=name, key=key)
        for track in tracks:
            rivals = [way.to_title for way in track.transitions if way.standing == "conflict"]
            if rivals:
                text = f"{track.title} stops here: {' and '.join(rivals)} are both open. Choose one."
                key = f"conflict:{track.track}:{track.state}"
                yield WarningView("conflict", "high", None, (), text, key=key)

    def _safeguard_warnings(self, actions: tuple[ActionView, ...]) -> Iterator[WarningView]:
        for view in actions:
            for guard in view.safeguards:
                if guard.standing == "warns" and (view.called or guard.reason.verdict is TRUE):
                    yield _safeguard_warning(view, guard)

    def _disagreements(self) -> Iterator[WarningView]:
        """A recorded value that its own formula contradicts (rule 6)."""
        for name, record in self.readings.memory.current.items():
            fact = self.readings.compiled.definition.facts[name]
            if fact.formula is None or record.value is None:
                continue
            computed = self.readings.computed(fact).value
            if computed is not None and computed != self.readings.fact(name).value:
                text = f"{fact.label} was recorded as {record.text}, but the other facts say otherwise."
                text += " The record counts."
                name = f"disagrees_{fact.name}"
                yield WarningView(name, "medium", fact.layer, fact.cites, text, key=name, rests_on=record.seq)

    # --- facts and needs ------------------------------------------------------------------------
    def _known_facts(self) -> Iterator[FactView]:
        readings, shown_before = self.readings, self._facts
        current = readings.memory.current
        for name, fact in readings.compiled.definition.facts.items():
            if fact.formula is None and name not in current:
                continue
            reading = readings.fact(name)
            known = shown_before.get(name)
            if known is None or known[0] is not reading:
                known = shown_before[name] = (reading, self._fact(fact))
            if known[1] is not None:
                yield known[1]

    def _fact(self, fact: Fact) -> FactView | None:
        reading = self.readings.fact(fact.name)
        record = self.readings.memory.current.get(fact.name)
        recorded = record is not None and reading.uses[0].seq == record.seq
        if reading.value is None:
            return _display_unknown(fact)
        text, unit = shown(fact, reading.value, self.readings.zone)
        return FactView(
            fact=fact.name,
            label=fact.label,
            value=text,
            unit=unit,
            derived=not recorded,
            at=record.at if recorded and record else None,
            by=record.by if recorded and record else None,
            seq=record.seq if recorded and record else None,
            entered=record.entered if recorded and record else None,
            expires=self.readings.last_valid(fact.name, record) if recorded and record else None,
        )

    def _needs(self, tracks: tuple[TrackView, ...], actions: tuple[ActionView, ...]) -> tuple[Need, ...]:
        """Missing facts, those that most waits for first, then in written order."""
        wanted: dict[str, dict[str, None]] = {}
        for track in tracks:
            for way in track.transitions:
                _note(wanted, way.needs if way.standing == "waiting" else (), f"{way.track}.{way.to}")
        for action in actions:
            dose = action.dose.needs if action.dose is not None else ()
            _note(wanted, (*action.needs, *dose, *action.due_needs), action.action)
        facts = self.readings.compiled.definition.facts
        order = {name: index for index, name in enumerate(facts)}
        names = sorted(wanted, key=lambda name: (-len(wanted[name]), order[name]))
        return tuple(Need(name, facts[name].ask, tuple(wanted[name])) for name in names)

    def _path(self) -> tuple[PathStep, ...]:
        memory = self.readings.memory
        present = (len(memory.path), len(memory.unsettled_basis))
        if present != self._steps_of:
            known = self._steps if present[1] == self._steps_of[1] else ()
            self._steps = (*known, *(self._step(move) for move in memory.path[len(known) :]))
            self._steps_of = present
        return self._steps

    def _step(self, move: TransitionTaken) -> PathStep:
        ways = self.readings.compiled.state(move.track, move.source).next
        return PathStep(
            seq=move.seq,
            at=move.at,
            track=move.track,
            source=move.source,
            to=move.to,
            cause=move.cause,
            guard=move.guard,
            by=move.by,
            basis_changed=not self.readings.memory.unsettled_basis.isdisjoint(move.basis),
            reason=move.reason,
            cites=next((way.cites for way in ways if way.to == move.to and way.when.text == move.guard), ()),
        )


def _joined(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))


def _note(wanted: dict[str, dict[str, None]], facts: Iterable[str], what: str) -> None:
    for fact in facts:
        wanted.setdefault(fact, {})[what] = None


def _safeguard_warning(view: ActionView, guard: SafeguardView) -> WarningView:
    unsure = "" if guard.reason.verdict is TRUE else f" Not known: {', '.join(guard.reason.needs)}."
    return WarningView(
        guard.safeguard,
        guard.severity,
        guard.layer,
        guard.cites,
        f"{view.title}: {guard.text}{unsure}",
        action=view.action,
        key=f"{guard.safeguard}:{view.action}",
        rests_on=max(guard.reason.basis, default=0),
    )


def _acknowledged(warning: WarningView, seen: Mapping[str, Acknowledged]) -> WarningView:
    """An acknowledgement silences this very warning, until something it rests on has changed."""
    entry = seen.get(warning.key)
    if entry is None or entry.seq < warning.rests_on:
        return warning
    return replace(warning, acknowledged=entry.by)


def _display_unknown(fact: Fact) -> FactView | None:
    """A fact that has a value for display while undecided, such as `cannot_clear`."""
    if fact.unknown is None:
        return None
    note = "not decided: a fact it rests on is not known"
    return FactView(fact.name, fact.label, fact.unknown, None, True, None, None, None, None, None, note)
