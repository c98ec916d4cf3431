"""Where guards and formulas stand, what has to be so for one to matter, and what shows its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from pathway.check.boundaries import showing
from pathway.check.boundaries.showing import Expect, merged
from pathway.check.proofs.patient import Reads
from pathway.check.proofs.seeking import Goal
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.check.proofs.terms import Truth
from pathway.check.proofs.ways import Ways, name_of
from pathway.language import expression as ex
from pathway.language.definition import Action, Definition, Do, Fact, Guard, Notice, Safeguard, State
from pathway.vignettes.present import Present

MOST_SETTINGS = 4  # places in which one guard is tried


@dataclass(frozen=True, slots=True)
class Setting:
    """Where tracks stand before the last entry, and what else holds after it, for a guard to matter."""

    here: Mapping[str, str] = field(default_factory=dict[str, str])
    context: Bool = True
    reads: Reads = field(default_factory=Reads)

    def goal(self, formula: Bool, reads: Reads) -> Goal:
        """The goal of a case in which a formula holds in this setting."""
        return Goal(conj((self.context, formula)), Reads.of((self.reads, reads)), self.here)


@dataclass(frozen=True, slots=True)
class Holder:
    """A guard or formula in its place: `name` for files, `words` for titles.

    `verdicts` are what a change of it can be seen by, `show` is what the engine shows of it; `asks` says
    whether something waits, is held or asked for while it is UNKNOWN.
    """

    name: str
    words: str
    cites: tuple[str, ...]
    expression: ex.Expression
    reads: Reads
    verdicts: tuple[Truth, ...]
    settings: tuple[Setting, ...]
    show: Callable[[Present], Expect]
    scope: str | None = None
    asks: bool = True


@dataclass(slots=True)
class Holders:
    """Every guard and formula of a definition that decides something, in written order."""

    ways: Ways

    @property
    def definition(self) -> Definition:
        return self.ways.definition

    def all(self) -> Iterator[Holder]:
        """Ways, calls, safeguards, notices, doses, records of deeds, and formulas."""
        for track in self.definition.tracks.values():
            for state in track.states.values():
                yield from self._of_state(state)
        for safeguard in self.definition.safeguards.values():
            yield from self._of_safeguard(safeguard)
        for notice in self.definition.notices.values():
            yield from self._of_notice(notice)
        yield from self._of_actions()
        for fact in self.definition.facts.values():
            yield from self._of_fact(fact)

    # --- states ---------------------------------------------------------------------------------
    def _of_state(self, state: State) -> Iterator[Holder]:
        here = Setting({state.track: state.name}, reads=self.ways.reads(state))
        for way, verdict in zip(state.next, self.ways.verdicts(state), strict=True):
            if way.when.expression is not None:
                show = partial(showing.way, track=way.track, source=way.source, to=way.to)
                words = f"{way.track} goes from {way.source} to {way.to}"
                name = f"{way.track}.{way.source}-to-{way.to}"
                cites = (*way.cites, *state.cites)
                yield self._guarded(way.when, name, words, cites, (verdict,), (here,), show, name_of(state))
        for do in state.do:
            yield from self._of_call(state, do)

    def _of_call(self, state: State, do: Do) -> Iterator[Holder]:
        scope = name_of(state)
        plain = Setting({state.track: state.name}, self._answerable(state, do), Reads(deeds={do.action}))
        show = partial(self._show_call, state=state, action=do.action)
        cites = (*do.cites, *state.cites)
        for guard, what in ((do.when, "calls"), (do.until, "calls-until")):
            if guard is not None:
                verdict = self.ways.encoding.guard(guard, scope)
                words = f"{scope} calls for {do.action}"
                name = f"{scope}-{what}-{do.action}"
                yield self._guarded(guard, name, words, cites, (verdict,), (plain,), show, scope)
        if do.of is not None:
            name, words = f"{scope}-due-{do.action}", f"{do.action} is due"
            show = partial(showing.due, name=do.action)
            yield self._amount(do.of, name, words, cites, (self._live(state, do),), show)

    @staticmethod
    def _show_call(now: Present, state: State, action: str) -> Expect:
        return merged(showing.states(now, [state.track]), showing.action(now, action))

    def calls(self, action: str) -> Iterator[Setting]:
        """The states that call for an action, with what makes the call live."""
        for track in self.definition.tracks.values():
            for state in track.states.values():
                yield from (self._live(state, do) for do in state.do if do.action == action)

    def _live(self, state: State, do: Do) -> Setting:
        scope, encoding = name_of(state), self.ways.encoding
        wanted = True if do.when is None else encoding.guard(do.when, scope).true
        over = False if do.until is None else encoding.guard(do.until, scope).true
        guards = [guard for guard in (do.when, do.until) if guard is not None]
        reads = Reads.of((Reads(deeds={do.action}), *map(self.ways.reader.guard, guards)))
        context = conj((wanted, neg(over), self._answerable(state, do)))
        return Setting({state.track: state.name}, context, reads)

    def _answerable(self, state: State, do: Do) -> Bool:
        """When a call has been neither answered nor declined."""
        encoding, scope = self.ways.encoding, name_of(state)
        course = self.definition.actions[do.action].course and not do.again
        done = False if course else encoding.done(do.action, scope if do.again else None).true
        return conj((neg(done), neg(encoding.symbols.declined(do.action, scope))))

    # --- safeguards and notices -----------------------------------------------------------------
    def _of_safeguard(self, safeguard: Safeguard) -> Iterator[Holder]:
        for action in safeguard.actions:
            clear, reads = self._others_clear(safeguard, action)
            calls = tuple(self.calls(action))[:MOST_SETTINGS]
            alone = [
                Setting(one.here, conj((one.context, clear)), Reads.of((one.reads, reads))) for one in calls
            ]
            settings = (*alone, *calls, Setting())
            more = f"-{action}" if len(safeguard.actions) > 1 else ""
            verdict = self.ways.encoding.guard(safeguard.when)
            show = partial(self._show_safeguard, safeguard=safeguard, action=action)
            words = f"{safeguard.name} stands against {action}"
            name = f"{safeguard.name}{more}"
            yield self._guarded(safeguard.when, name, words, safeguard.cites, (verdict,), settings, show)

    def _others_clear(self, safeguard: Safeguard, action: str) -> tuple[Bool, Reads]:
        """When every other safeguard of an action is FALSE."""
        others = [one for one in self.definition.safeguards.values() if action in one.actions]
        guards = [one.when for one in others if one is not safeguard]
        clear = conj(self.ways.encoding.guard(guard).false for guard in guards)
        return clear, Reads.of(map(self.ways.reader.guard, guards))

    @staticmethod
    def _show_safeguard(now: Present, safeguard: Safeguard, action: str) -> Expect:
        warns = "warn" in (safeguard.effect, safeguard.unknown)
        said = showing.warning(now, safeguard.name) if warns else {}
        return merged(showing.action(now, action), said)

    def _of_notice(self, notice: Notice) -> Iterator[Holder]:
        if notice.when is None:
            return
        places = [Setting({track: state}) for track, state in notice.states]
        calls = [setting for action in notice.about for setting in self.calls(action)]
        settings = tuple([*places, *calls] or [Setting()])[:MOST_SETTINGS]
        verdict = self.ways.encoding.guard(notice.when)
        show = partial(showing.warning, name=notice.name)
        words = f"the notice {notice.name} is shown"
        found = self._guarded(notice.when, notice.name, words, notice.cites, (verdict,), settings, show)
        yield replace(found, asks=False)

    # --- actions --------------------------------------------------------------------------------
    def _of_actions(self) -> Iterator[Holder]:
        for action in self.definition.actions.values():
            yield from self._of_doses(action)
            told = [(row.when, "record") for row in action.records if row.when is not None]
            told += [(action.evidence, "evidence")] if action.evidence is not None else []
            for guard, what in told:
                show = partial(showing.done, name=action.name)
                words, name = f"{action.name} counts as done", f"{action.name}-{what}"
                verdict, settings = self.ways.encoding.guard(guard), (Setting(),)
                found = self._guarded(guard, name, words, action.cites, (verdict,), settings, show)
                yield replace(found, asks=False)

    def _of_doses(self, action: Action) -> Iterator[Holder]:
        show, before, read = partial(showing.dose, name=action.name), True, Reads()
        for number, dose in enumerate(action.doses, 1):
            settings = tuple(
                Setting(call.here, conj((call.context, before)), Reads.of((call.reads, read)))
                for call in islice(self.calls(action.name), MOST_SETTINGS)
            )
            name, cites = f"{action.name}-dose-{number}", (*dose.cites, *action.cites)
            if dose.times is not None:
                words = f"row {number} of the doses of {action.name} can be computed"
                yield self._amount(dose.times, f"{name}-amount", words, cites, settings, show)
            if dose.when is not None:
                words, verdict = (
                    f"row {number} of the doses of {action.name} applies",
                    self.ways.encoding.guard(dose.when),
                )
                yield self._guarded(dose.when, name, words, cites, (verdict,), settings, show)
                before = conj((before, verdict.false))
                read = Reads.of((read, self.ways.reader.guard(dose.when)))

    def _amount(
        self,
        fact: str,
        name: str,
        words: str,
        cites: tuple[str, ...],
        settings: tuple[Setting, ...],
        show: Callable[[Present], Expect],
    ) -> Holder:
        """A fact by which something is reckoned."""
        known = self.ways.encoding.term(node := self._named(fact)).known
        reads = self.ways.reader.fact(fact)
        return Holder(name, words, cites, node, reads, (Truth(known, False),), settings, show)

    def _named(self, fact: str) -> ex.FactRef:
        return ex.FactRef(self.definition.facts[fact].type, ex.Span(0, len(fact)), fact, fact)

    def _guarded(
        self,
        guard: Guard,
        name: str,
        words: str,
        cites: tuple[str, ...],
        verdicts: tuple[Truth, ...],
        settings: tuple[Setting, ...],
        show: Callable[[Present], Expect],
        scope: str | None = None,
    ) -> Holder:
        assert guard.expression is not None
        reads = self.ways.reader.guard(guard)
        return Holder(name, words, cites, guard.expression, reads, verdicts, settings, show, scope)

    # --- formulas -------------------------------------------------------------------------------
    def _of_fact(self, fact: Fact) -> Iterator[Holder]:
        if fact.formula is None:
            return
        encoding = self.ways.encoding
        unsaid = neg(encoding.symbols.known(fact.name)) if fact.recordable else True
        setting, reads = Setting(context=unsaid), self.ways.reader.fact(fact.name)
        term = encoding.fact(fact.name)
        verdicts = tuple(Truth(one, neg(one)) for one in encoding.chosen_rows(fact))
        verdicts = (term,) if isinstance(term, Truth) else verdicts
        show = partial(showing.fact, name=fact.name)
        for number, row in enumerate(fact.formula.rows, 1):
            for node in (row.when.expression, row.value):
                if node is not None:
                    words, name = f"row {number} of {fact.name} applies", f"{fact.name}-row-{number}"
                    cites = (*row.cites, *fact.cites)
                    yield Holder(name, words, cites, node, reads, verdicts, (setting,), show, asks=False)
        if fact.formula.otherwise is not None:
            words, node = f"the formula of {fact.name} says so", fact.formula.otherwise
            yield Holder(fact.name, words, fact.cites, node, reads, verdicts, (setting,), show, asks=False)
