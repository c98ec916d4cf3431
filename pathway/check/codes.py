"""What a check can find: every code with its title, its meaning, what to do, and how grave it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pathway.check.findings import ERROR, INFO, WARNING

UNUSED_ALLOW = "unused-allow"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: `meaning` and `remedy` are one sentence each, `severity` is the usual one.

    A single finding may be less grave than its kind: what was tried and not seen is told as info.
    """

    name: str
    title: str
    meaning: str
    remedy: str
    severity: str


_CODES = (
    Code(
        "gap",
        "Nothing applies",
        "There are values of known facts for which every way out of a decision is false, or which lie in a "
        "hole between values that are covered.",
        "Cover these values with a guard, or say with `otherwise` where they lead.",
        ERROR,
    ),
    Code(
        "overlap",
        "Two ways at once",
        "Two ways out of a state are true together although the state leaves no choice.",
        "Make the guards exclude each other, or write `choice: true` where a clinician chooses.",
        ERROR,
    ),
    Code(
        "dead-guard",
        "A guard that is never true",
        "No values of the facts make this guard true, so what it guards never happens.",
        "Correct its thresholds, or remove what it guards.",
        ERROR,
    ),
    Code(
        "always-true",
        "A guard that is never false",
        "No values of the facts make this guard anything but true, so it decides nothing.",
        "Correct its thresholds, or say without a guard what always holds.",
        WARNING,
    ),
    Code(
        "unreachable",
        "Out of every patient's reach",
        "No case can ever come to this state, take this way, or be given this action.",
        "Lead there from some state, correct the guards on the way, or remove it.",
        ERROR,
    ),
    Code(
        "dead-end",
        "No way on",
        "A case that comes to this state can never leave it, and it is no end.",
        "Give it a way out that some case can take, or write `kind: end`.",
        ERROR,
    ),
    Code(
        "deadlock",
        "Tracks that wait for each other",
        "States of several tracks each wait for another of them to move, so that none ever does.",
        "Let one of them move on by itself, by a deadline, or by a clinician's choice.",
        ERROR,
    ),
    Code(
        "auto-cycle",
        "A circle without a new event",
        "Automatic ways lead round in a circle that nothing recorded and no clinician interrupts.",
        "Make one guard of the circle need a new entry, or let a clinician confirm that way.",
        ERROR,
    ),
    Code(
        "input-never-arrives",
        "Waiting without a deadline",
        "A case stays in this state until a fact is recorded, with no deadline and no other way on.",
        "Give it a deadline, or a way on for the case that the fact stays unknown.",
        WARNING,
    ),
    Code(
        "claim-refuted",
        "A claim does not hold",
        "There is a case in which something happens that the pathway claims never to happen.",
        "Correct the pathway so that the case can no longer happen, or state the claim as it is meant.",
        ERROR,
    ),
    Code(
        "vacuous",
        "A claim about nothing",
        "No case ever puts this claim to the test, so that it holds whatever the pathway does.",
        "Correct its guard, or the pathway that should lead there.",
        ERROR,
    ),
    Code(
        "dose",
        "A dose out of bounds",
        "For some values within their ranges a dose is above its cap, zero or negative, or in another unit.",
        "Correct the amount, the cap, or the range of the facts it is computed from.",
        ERROR,
    ),
    Code(
        "uncited",
        "Without a source, or left out",
        "A statement of the source is carried out nowhere, or an element rests on no statement.",
        "Cite the statement where it is carried out, or set it aside with the reason.",
        ERROR,
    ),
    Code(
        "never-called",
        "An action nobody calls for",
        "No state calls for this action, so nobody is ever told to do it.",
        "Put it under `do:` of a state, or remove it.",
        WARNING,
    ),
    Code(
        "never-read",
        "A fact nobody reads",
        "Nothing reads this fact, so whatever is recorded changes nothing.",
        "Use it in a guard, formula or dose, or remove it.",
        INFO,
    ),
    Code(
        UNUSED_ALLOW,
        "An allow without a finding",
        "A comment `# allow: CODE reason` stands where no such finding is.",
        "Remove the comment, or move it to the line of the finding that is meant.",
        WARNING,
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.name: code for code in _CODES})
