"""Cases in which a safeguard stands against each of its actions, and cases in which it is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.check.boundaries import showing
from pathway.check.boundaries.drafts import Draft, Drafts, WithoutCase
from pathway.check.boundaries.holders import Holders, Setting
from pathway.check.boundaries.showing import Expect, merged
from pathway.check.proofs.exploring import Node
from pathway.check.proofs.smt import Bool, conj, neg
from pathway.engine.calls import called, cleared, standing_of
from pathway.engine.case import Case
from pathway.language.definition import Safeguard
from pathway.vignettes.present import Present

WHEN_UNKNOWN = {"hold": "holds", "warn": "warns", "ask": "asks"}
NO_PATIENT = "No patient makes it so"
NO_CASE = "No case was found in which it is so"
NOT_SHOWN = (
    "No case was found that shows it: no state calls for the action there, or another safeguard blocks"
)
UNCALLED = "No state calls for the action, so that nothing shows it"
TITLES = {
    "blocks": "{0} blocks {1}",
    "warns": "{0} warns of {1}",
    "holds": "{0} holds {1} while it is not known",
    "asks": "{0} asks before {1} while it is not known",
    "warns-unknown": "{0} warns of {1} while it is not known",
}


@dataclass(frozen=True, slots=True)
class Stand:
    """How a safeguard is to stand to one of its actions; `name` for files."""

    safeguard: Safeguard
    action: str
    name: str
    word: str
    known: bool

    def seen(self, case: Case) -> bool:
        """Whether it stands so."""
        word, reason = standing_of(self.safeguard, self.action, case.readings)
        return word == self.word and bool(reason.needs) is not self.known

    def seen_at_a_call(self, case: Case) -> bool:
        """Whether it stands so to an action that is called for, and whether that shows."""
        if not self.seen(case) or not called(self.action, case.readings).calls:
            return False
        return self.word != "holds" or cleared(self.action, case.readings) == "held"

    def shown(self, now: Present) -> bool:
        """Whether the view shows it beside the action."""
        view = now.actions.get(self.action)
        if view is None or not (view.called or self.word == "blocks"):
            return False
        return self.word != "holds" or view.standing == "held"


@dataclass(slots=True)
class Safeguards:
    """Finds the cases of safeguards."""

    drafts: Drafts
    holders: Holders

    def all(self) -> Iterator[Draft]:
        """Two cases for each safeguard and action: it stands against it, and it is not known."""
        for safeguard in self.drafts.explorer.definition.safeguards.values():
            for action in safeguard.actions:
                for stand in self._stands(safeguard, action):
                    yield self._draft(stand)

    def count(self) -> int:
        """How many cases there are to find."""
        return 2 * sum(len(one.actions) for one in self.drafts.explorer.definition.safeguards.values())

    def _stands(self, safeguard: Safeguard, action: str) -> Iterator[Stand]:
        word = "blocks" if safeguard.effect == "block" else "warns"
        yield Stand(safeguard, action, word, word, True)
        unknown = WHEN_UNKNOWN[safeguard.unknown]
        yield Stand(
            safeguard, action, f"{unknown}-unknown" if unknown == "warns" else unknown, unknown, False
        )

    # --- finding --------------------------------------------------------------------------------
    def _draft(self, stand: Stand) -> Draft:
        safeguard = stand.safeguard
        more = [stand.action] if len(safeguard.actions) > 1 else []
        file = self.drafts.name("safeguards", safeguard.name, stand.name, *more)
        title = TITLES[stand.name].format(safeguard.name, stand.action)
        found = self._found(stand)
        if isinstance(found, str):
            return WithoutCase(file, title, found)
        return self.drafts.case(
            file, title, safeguard.cites, found[0].entries, self._expected(stand, found[1])
        )

    def _found(self, stand: Stand) -> tuple[Node, Present] | str:
        """A case with what it shows: called for if that can be; or why there is none."""
        explorer, seeker = self.drafts.explorer, self.drafts.seeker
        verdict = explorer.ways.encoding.guard(stand.safeguard.when)
        unknown = conj((neg(verdict.true), neg(verdict.false)))
        formula = verdict.true if stand.known else unknown
        if explorer.possible((formula,)) is None:
            return NO_PATIENT
        calls = list(self.holders.calls(stand.action))
        why, reads = NO_CASE if calls else UNCALLED, explorer.ways.reader.guard(stand.safeguard.when)
        tries = [(setting, stand.seen_at_a_call) for setting in calls]
        for setting, verify in (*tries, (Setting(), stand.seen)):
            for alone in (self._alone(stand), True):
                node = seeker.seek([setting.goal(conj((formula, alone)), reads)], verify)
                now = None if node is None else self.drafts.replays.present(node.entries)
                if node is not None and now is not None and stand.shown(now):
                    return node, now
                why = why if node is None or not calls else NOT_SHOWN
        return why

    def _alone(self, stand: Stand) -> Bool:
        """When no other safeguard blocks the action."""
        encoding = self.drafts.explorer.ways.encoding
        others = [
            one
            for one in self.drafts.explorer.compiled.safeguards[stand.action]
            if one is not stand.safeguard and one.effect == "block"
        ]
        return conj(neg(encoding.guard(one.when).true) for one in others)

    def _expected(self, stand: Stand, now: Present) -> Expect:
        found = showing.action(now, stand.action)
        if stand.word == "warns":
            found = merged(found, showing.warning(now, stand.safeguard.name))
        if not stand.known:
            _, reason = standing_of(stand.safeguard, stand.action, now.case.readings)
            facts = [need for need in reason.needs if need in now.definition.facts]
            found = merged(found, *(showing.needs(now, need) for need in facts))
        return merged(showing.states(now, self._tracks(stand.action)), found)

    def _tracks(self, action: str) -> list[str]:
        return [track for setting in self.holders.calls(action) for track in setting.here]
