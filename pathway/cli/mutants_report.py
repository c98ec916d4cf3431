"""What became of the mutants of a pathway, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pathway.cli.step_json import pathway_json
from pathway.language.problems import visible
from pathway.vignettes.mutant_campaign import Campaign, Result
from pathway.vignettes.mutant_reasons import Standing

Json = dict[str, Any]


def campaign_lines(found: Campaign, standing: Standing) -> Iterator[str]:
    """Survivors by place, reasons too many, and how many mutants make a case fail."""
    definition = found.definition
    yield f"{definition.id} {definition.version}: {len(found.results)} mutants, {found.vignettes} cases"
    if definition.stamp is not None:
        yield f"*** {definition.stamp} ***"
    for name in found.failing:
        yield f"{name} fails on the definition itself, so it judges no mutant: see `pathway test`"
    for one in sorted(standing.unexplained, key=_position):
        yield _survivor(one)
    for one, accepted in standing.accepted:
        yield f"{_survivor(one)}\n    accepted: {visible(accepted.reason)}"
    for name, accepted in standing.no_longer:
        where = f"{accepted.place.file}:{accepted.place.line}"
        yield f"{where}: {visible(name)} does not survive (any more). Take it out"
    unseen = [one for one in found.unseen_deletions]
    if unseen:
        names = ", ".join(one.mutant.element for one in unseen)
        yield f"deletions that only coverage.yaml can tell of: {names}"
    yield from _counts(found, standing)


def _position(one: Result) -> tuple[str, int]:
    place = one.mutant.place
    return (place.file, place.line) if place is not None else ("", 0)


def _survivor(one: Result) -> str:
    mutant, place = one.mutant, one.mutant.place
    where = f"{place.file}:{place.line}: " if place is not None else ""
    change = f"{_short(mutant.before)} -> {_short(mutant.after)}"
    reached = f"{one.fate.reached} cases reach it" if one.fate.reached else "no case reaches it"
    return visible(f"{where}{mutant.element}: {mutant.kind}: {change} ({reached}; {mutant.id})")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 90 else f"{words[:60]} ... {words[-25:]}"


def _counts(found: Campaign, standing: Standing) -> Iterator[str]:
    every, equal = len(found.results), len(found.equivalent)
    if not every:
        return
    by_kind = Counter(one.mutant.kind for one in found.survivors)
    if by_kind:
        yield "survivors by kind: " + ", ".join(f"{kind} {count}" for kind, count in by_kind.most_common())
    yield (
        f"{every} mutants: {found.killed} killed ({_percent(found.killed, every)} of all, "
        f"{_percent(found.killed, every - equal)} of those that some patient can tell apart), "
        f"{equal} proven equivalent, {len(standing.accepted)} survive with a reason, "
        f"{len(standing.unexplained)} without"
    )


def _percent(part: int, whole: int) -> str:
    """A percentage with one decimal, never rounded up."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"


def campaign_json(found: Campaign, standing: Standing) -> Json:
    """The same, with every mutant."""
    reasons = {one.mutant.id: accepted.reason for one, accepted in standing.accepted}
    return {
        "pathway": pathway_json(found.definition),
        "cases": found.vignettes,
        "failing": list(found.failing),
        "mutants": [_mutant_json(one, reasons.get(one.mutant.id)) for one in found.results],
        "killed": found.killed,
        "equivalent": len(found.equivalent),
        "accepted": len(standing.accepted),
        "unexplained": [one.mutant.id for one in standing.unexplained],
        "no_longer": [name for name, _ in standing.no_longer],
        "unseen_deletions": [one.mutant.id for one in found.unseen_deletions],
    }


def _mutant_json(one: Result, reason: str | None) -> Json:
    mutant, place = one.mutant, one.mutant.place
    return {
        "id": mutant.id,
        "kind": mutant.kind,
        "element": mutant.element,
        "place": f"{place.file}:{place.line}" if place is not None else None,
        "before": mutant.before,
        "after": mutant.after,
        "killer": one.fate.killer,
        "equivalent": one.fate.equivalent,
        "reached": one.fate.reached,
        "reason": reason,
    }
