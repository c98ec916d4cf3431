"""Counting what logged cases tried of a definition: case by case, in any order, in parts put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pathway.engine import calls
from pathway.engine import events as ev
from pathway.engine.compiled import CompiledPathway
from pathway.engine.readings import Readings
from pathway.language.definition import Definition, Do, Safeguard
from pathway.language.evaluate import judge, value_of
from pathway.language.verdict import Atom, Verdict
from pathway.replay.coverage import sites as at
from pathway.replay.coverage.decisions import Effect, Verdicts
from pathway.replay.coverage.following import snapshots
from pathway.replay.coverage.places import Reached
from pathway.replay.coverage.report import Coverage, coverage_from
from pathway.replay.coverage.seen import Seen
from pathway.replay.coverage.sites import Site, sites_of


class Ruled(Protocol):
    """A verdict with its atoms, as explanations and rulings both have them."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def atoms(self) -> tuple[Atom, ...]: ...


Asked = tuple[Site, Ruled, int]  # a guard, its verdict, and the line from which `since entry` counts


class CoverageTally:
    """What the cases added so far have tried of a definition.

    The guards of a transition are asked while its state is present, those of a call while it is unanswered;
    every other guard, and every case of a formula, on each snapshot that a case passes through.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.seen = Seen(Reached.nothing(definition))
        self._sites = sites_of(definition)
        self._ways = {id(site.element): site for site in self._of(at.TRANSITION)}
        self._calls = self._of(at.CALL, at.UNTIL)
        self._layered = self._of(at.SAFEGUARD, at.NOTICE)
        self._fixed = self._of(at.DOSE, at.EVIDENCE, at.RECORDS)
        self._formulas = self._of(at.FORMULA)
        self._known: dict[str, dict[Verdicts, frozenset[Effect]]] = {}

    def _of(self, *kinds: str) -> tuple[Site, ...]:
        return tuple(site for site in self._sites if site.kind in kinds)

    def add(self, compiled: CompiledPathway, events: Sequence[ev.Event], until: int | None = None) -> None:
        """Count one case; `compiled` is this definition with the layers of the log.

        Of a log that diverges, `until` is the event that does not follow: what comes before its batch counts.
        Raises ValueError where the log is of another definition.
        """
        if compiled.definition.digest != self.definition.digest:
            raise ValueError("coverage is counted for one definition, and this log is of another")
        if compiled.definition.facts is not self.definition.facts:
            raise ValueError("coverage is counted on the very definition that the pathway was compiled from")
        stop = None if until is None else next((one.batch for one in events if one.seq >= until), None)
        kept = [one for one in events if stop is None or one.batch < stop]
        self.seen.reached.add(self.definition, kept)
        case = _OneCase(self, compiled)
        for readings in snapshots(compiled, kept):
            case.look(readings)
        case.close()

    def merge(self, other: Seen) -> None:
        """Add what another part of the same logs showed."""
        self.seen.merge(other)

    def coverage(self, what: str) -> Coverage:
        """The report. `what` names the cases, such as `the cases beside the pathway`."""
        return coverage_from(self.definition, self._sites, self.seen, what)

    # --- who is asked ---------------------------------------------------------------------------
    def asked(self, readings: Readings, formulas: Formulas) -> Iterator[Asked]:
        """Every guard that is asked on a snapshot, with its verdict."""
        yield from self._transitions(readings)
        yield from self._open_calls(readings)
        definition = readings.compiled.definition
        for site in self._layered:
            if site.name in (definition.safeguards if site.kind == at.SAFEGUARD else definition.notices):
                yield from _reason(site, readings)
        for site in self._fixed:
            yield from _reason(site, readings)
        for site in self._formulas:
            yield site, formulas.judged(site, readings), 0

    def _transitions(self, readings: Readings) -> Iterator[Asked]:
        for track, stand in readings.memory.stands.items():
            for way, reason in readings.ways_out(track):
                site = self._ways.get(id(way))
                if site is not None:
                    yield site, reason, stand.entered_seq

    def _open_calls(self, readings: Readings) -> Iterator[Asked]:
        for site in self._calls:
            assert isinstance(site.element, Do)
            for call in readings.memory.calls.get(site.element.action, ()):
                if call.do is site.element and not calls.satisfied(call, readings):
                    yield from _reason(site, readings, call.seq)

    def effects(self, site: Site, verdicts: Verdicts) -> frozenset[Effect]:
        """The conditions that alone decided or held up an evaluation, reckoned once."""
        known = self._known.setdefault(site.key, {})
        if verdicts not in known:
            known[verdicts] = frozenset(site.decision.effects(verdicts))
        return known[verdicts]


def _reason(site: Site, readings: Readings, entry: int = 0) -> Iterator[Asked]:
    assert site.guard is not None
    yield site, readings.reason(site.guard, entry), entry


@dataclass(slots=True)
class Formulas:
    """The cases of formulas as they were last judged; anew only once something that they read has changed."""

    _last: dict[str, tuple[tuple[object, ...], Ruled]] = field(
        default_factory=dict[str, tuple[tuple[object, ...], Ruled]]
    )

    def judged(self, site: Site, readings: Readings) -> Ruled:
        """The ruling on a case of a formula."""
        read = tuple(readings.fact(name) for name in site.facts)
        last = self._last.get(site.key) if site.is_plain else None
        if last is not None and all(one is other for one, other in zip(last[0], read, strict=True)):
            return last[1]
        ruling = judge(site.expression, readings)
        self._last[site.key] = read, ruling
        return ruling


class _OneCase:
    """One case on its way: each verdict counts once."""

    def __init__(self, tally: CoverageTally, compiled: CompiledPathway) -> None:
        self._tally = tally
        self._seen = tally.seen
        self._formulas = Formulas()
        self._verdicts: set[tuple[str, Verdict]] = set()
        self._last: dict[tuple[str, int], Ruled] = {}
        self._triggered: set[str] = set()
        self._called: set[str] = set()

    def look(self, readings: Readings) -> None:
        """Take in one snapshot."""
        for site, ruled, entry in self._tally.asked(readings, self._formulas):
            if ruled.verdict is Verdict.TRUE and isinstance(site.element, Safeguard):
                self._trigger(site.element, readings)
            if self._last.get((site.key, entry)) is ruled:
                continue
            self._last[site.key, entry] = ruled
            self._take(site, ruled, readings, entry)

    def close(self) -> None:
        """Count the case."""
        for key, verdict in self._verdicts:
            self._seen.verdicts.setdefault(key, Counter())[verdict] += 1
        self._seen.triggered.update(self._triggered)
        self._seen.called_for.update(self._called)

    def _take(self, site: Site, ruled: Ruled, readings: Readings, entry: int) -> None:
        self._verdicts.add((site.key, ruled.verdict))
        verdicts = site.decision.of_atoms(atom.verdict for atom in ruled.atoms)
        self._seen.conditions.setdefault(site.key, set()).update(enumerate(verdicts))
        self._seen.effects.setdefault(site.key, set()).update(self._tally.effects(site, verdicts))
        for index, threshold in enumerate(site.thresholds):
            amount = value_of(threshold.amount, readings, entry).value
            side = threshold.side(amount, value_of(threshold.limit, readings, entry).value)
            if side is not None:
                self._seen.sides.setdefault(site.key, set()).add((index, side))

    def _trigger(self, safeguard: Safeguard, readings: Readings) -> None:
        self._triggered.add(safeguard.name)
        if safeguard.name not in self._called and any(
            calls.called(action, readings).calls for action in safeguard.actions
        ):
            self._called.add(safeguard.name)
