"""Cases in which one fact is unknown and all else is as a case had it: what waits for it, if anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from pathway.check.boundaries import showing
from pathway.check.boundaries.drafts import Draft, Drafts, WithoutCase
from pathway.check.boundaries.holders import Holder, Holders, Setting
from pathway.check.boundaries.showing import Entries, Expect, merged
from pathway.check.proofs.exploring import Node, Verify
from pathway.check.proofs.patient import LATER
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.engine.batch import Batch, Retraction
from pathway.engine.case import Case
from pathway.language.definition import Fact
from pathway.vignettes.present import Present

MOST, MOST_MADE, STARTS = 12, 3, 3  # cases tried for a fact, cases made for it, and from how many each
UNREAD = "Nothing reads it"
NO_CASE = "No case was found in which it was known before"
WAITS, HELD, ASKED, IDLE = range(4)
TITLES = {
    WAITS: "{1} waits while {0} is unknown",
    HELD: "{1} is held while {0} is unknown",
    ASKED: "{0} is asked for while it is unknown, and nothing waits for it",
    IDLE: "Nothing waits for {0} while it is unknown",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A case with what waits in it: `order` is what kind of thing, and how many other facts are missing."""

    order: tuple[int, int]
    title: str
    entries: Entries
    expect: Expect


@dataclass(slots=True)
class Unknowns:
    """Finds the cases of facts that are unknown."""

    drafts: Drafts
    holders: Holders
    _readers: dict[str, list[Holder]] = field(default_factory=dict[str, list[Holder]])

    def __post_init__(self) -> None:
        for holder in self.holders.all():
            for name in sorted(holder.reads.facts):
                self._readers.setdefault(name, []).append(holder)

    def facts(self) -> list[Fact]:
        """The facts that can be recorded."""
        return [fact for fact in self.drafts.explorer.definition.facts.values() if fact.recordable]

    def all(self) -> Iterator[Draft]:
        """One case for each fact that something reads."""
        for fact in self.facts():
            file = self.drafts.name("unknown", fact.name)
            found = self._found(fact) if fact.name in self._readers else UNREAD
            if isinstance(found, str):
                yield WithoutCase(file, f"{fact.name} is unknown", found)
            else:
                yield self.drafts.case(file, found.title, fact.cites, found.entries, found.expect)

    # --- finding --------------------------------------------------------------------------------
    def _found(self, fact: Fact) -> _Shown | str:
        """The case in which most waits for the fact and for little else."""
        best: _Shown | None = None
        for entries in self._candidates(fact):
            now = self.drafts.replays.present(entries)
            if now is None or self._is_known(now.case, fact):
                continue
            found = self._shown(now, fact, entries)
            if best is None or found.order < best.order:
                best = found
            if best.order <= (HELD, 0):
                break
        return NO_CASE if best is None else best

    def _candidates(self, fact: Fact) -> Iterator[Entries]:
        """Cases without the fact: left out of the entry that brought it, taken back, or sought."""
        nodes = list(dict.fromkeys((*self.drafts.explorer.taken.values(), *self.drafts.explorer.all_nodes())))
        found = [*self.drafts.found, *(node.entries for node in nodes)]
        yield from islice(self._left_out(found, fact), MOST)
        yield from islice(self._sought(fact), MOST_MADE)
        yield from islice(self._taken_back(nodes, fact), MOST)
        yield from islice(self._made_known(fact), MOST_MADE)

    def _left_out(self, found: list[Entries], fact: Fact) -> Iterator[Entries]:
        for *before, last in found:
            others = tuple(entry for entry in last.facts if entry.fact != fact.name)
            if len(others) < len(last.facts):
                retracted = (*last.retracted, Retraction(fact.name))
                yield (*before, replace(last, facts=others, retracted=retracted))

    def _taken_back(self, nodes: list[Node], fact: Fact) -> Iterator[Entries]:
        """Of cases that stand where something reads the fact."""
        for node in nodes:
            if self._is_known(node.case, fact) and self._is_read(node, fact):
                at = node.case.now + LATER
                yield (*node.entries, Batch(at, "check", at, retracted=(Retraction(fact.name),)))

    @staticmethod
    def _is_known(case: Case, fact: Fact) -> bool:
        record = case.readings.valid_record(fact.name)
        return record is not None and record.value is not None

    def _is_read(self, node: Node, fact: Fact) -> bool:
        settings = [setting for holder in self._readers[fact.name] for setting in holder.settings]
        return any(
            all(node.stands(track) == state for track, state in setting.here.items()) for setting in settings
        )

    def _sought(self, fact: Fact) -> Iterator[Entries]:
        """Cases made for each guard that waits for the fact, everything else it reads being known."""
        symbols = self.drafts.explorer.symbols
        for holder in self._readers[fact.name]:
            if not holder.asks:
                continue
            verdict = holder.verdicts[0]
            unknown = conj((neg(symbols.known(fact.name)), neg(verdict.true), neg(verdict.false)))
            others = [symbols.known(name) for name in sorted(holder.reads.facts) if name != fact.name]
            for node in self._from(holder, (conj((unknown, *others)), unknown), self._asked(fact)):
                *before, last = node.entries
                retracted = tuple(dict.fromkeys((*last.retracted, Retraction(fact.name))))
                yield (*before, replace(last, retracted=retracted))

    def _made_known(self, fact: Fact) -> Iterator[Entries]:
        """Cases in which the fact makes a guard TRUE, or is known at least, and is then taken back."""
        known = self.drafts.explorer.symbols.known(fact.name)
        for holder in self._readers[fact.name]:
            goals = (conj((known, holder.verdicts[0].true)), known)
            for node in self._from(holder, goals, lambda case: self._is_known(case, fact)):
                at = node.case.now + LATER
                yield (*node.entries, Batch(at, "check", at, retracted=(Retraction(fact.name),)))

    def _from(self, holder: Holder, goals: tuple[Bool, ...], verify: Verify) -> Iterator[Node]:
        """Cases that go on by one entry from where a guard can matter, so that one of the goals holds."""
        for setting in holder.settings:
            for formula in goals:
                goal = setting.goal(formula, holder.reads)
                for node in self._standing(setting):
                    found = self.drafts.explorer.attempt(node, goal.formula, goal.reads, verify)
                    if found is not None:
                        yield found
                        break

    def _standing(self, setting: Setting) -> list[Node]:
        place = next(iter(setting.here.items()), None)
        nodes = self.drafts.explorer.all_nodes() if place is None else self._nodes_at(place)
        return nodes[:STARTS]

    def _nodes_at(self, place: tuple[str, str]) -> list[Node]:
        return list(self.drafts.explorer.nodes.get(place, ()))

    def _asked(self, fact: Fact) -> Verify:
        def shown(case: Case) -> bool:
            return any(need.fact == fact.name for need in case.view.needs)

        return shown

    # --- showing --------------------------------------------------------------------------------
    def _shown(self, now: Present, fact: Fact, entries: Entries) -> _Shown:
        """What waits for a fact, as an expectation, and how well that shows it."""
        name, others = fact.name, sum(need.fact != fact.name for need in now.step.view.needs)
        asked = showing.needs(now, name)
        ways = [one.name for one in now.shown("waiting") if name in one.details]
        held = [one.name for one in now.shown("held") if name in one.details]
        if ways:
            tracks = [one.partition(".")[0] for one in ways]
            waiting = {"waiting": {one: [name] for one in ways}}
            expect = merged(showing.states(now, tracks), waiting, asked)
            return _Shown((WAITS, others), _title(WAITS, name, ways), entries, expect)
        if held:
            expect = merged({"held": {one: [name] for one in held}}, asked)
            return _Shown((HELD, others), _title(HELD, name, held), entries, expect)
        rank = ASKED if "needs" in asked else IDLE
        readers = [holder.show(now) for holder in self._readers[name] if self._matters(holder, now)]
        expect = merged(showing.states(now, now.definition.tracks), asked, *readers[:MOST_MADE])
        return _Shown((rank, others), _title(rank, name, []), entries, expect)

    @staticmethod
    def _matters(holder: Holder, now: Present) -> bool:
        """Whether a guard stands where its verdict can be seen."""
        standing = {track: view.state for track, view in now.tracks.items()}
        return any(setting.here.items() <= standing.items() for setting in holder.settings)


def _title(rank: int, fact: str, waiting: list[str]) -> str:
    return TITLES[rank].format(fact, " and ".join(dict.fromkeys(waiting)))
