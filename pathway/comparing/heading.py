"""What stands over a pathway and behind it, compared: version, status, layers, phases, sources, claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pathway.comparing.both import Both
from pathway.comparing.citing import in_layer
from pathway.comparing.conditions import condition
from pathway.comparing.difference import Difference, Spot, Weight
from pathway.comparing.figures import spelled
from pathway.comparing.pairing import by_id
from pathway.comparing.wording import worded
from pathway.language.definition import Claim, Source

CONTENT = Weight.CONTENT


def heading_compared(both: Both) -> Iterator[Difference]:
    """Every difference of the pathway as a whole. (Its digest is no difference of its own.)"""
    old, new = both.old, both.new
    spot = Spot(("pathway",), "pathway", "pathway")
    yield from spot.value("id", old.id, new.id, CONTENT)
    yield from spot.value("status", old.status, new.status, CONTENT)
    yield from spot.value("version", old.version, new.version, CONTENT)
    yield from worded(spot, "title", old.title, new.title)
    yield from worded(spot, "review", old.review, new.review, CONTENT)
    yield from worded(spot, "disclaimer", old.disclaimer, new.disclaimer)
    yield from _texts("layers", "layer", old.layers, new.layers)
    yield from _texts("phases", "phase", old.phases, new.phases)
    yield from _texts("references", "reference", old.references, new.references)
    grades = [{str(grade): text for grade, text in one.grades.items()} for one in (old, new)]
    yield from _texts("grades", "grade", *grades)


def _texts(section: str, what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for name, before, after in by_id(old, new):
        spot = Spot((section, name), section, f"{what} {name}")
        if before is None:
            yield spot.came(what, f'"{after}"', CONTENT)
        elif after is None:
            yield spot.went(what, f'"{before}"', CONTENT)
        else:
            yield from worded(spot, "text", before, after)


def sources_compared(both: Both) -> Iterator[Difference]:
    """Every difference between the sources of both versions."""
    for name, old, new in by_id(both.old.sources, both.new.sources):
        spot = Spot(("sources", name), f"source {name}", f"source {name}")
        if old is None and new is not None:
            yield spot.came("source", _source_words(new), CONTENT)
        elif new is None and old is not None:
            yield spot.went("source", _source_words(old), CONTENT)
        elif old is not None and new is not None and old != new:
            yield from _source(spot, old, new)


def _source_words(source: Source) -> str:
    return f'{source.layer}, "{source.text}"'


def _source(spot: Spot, old: Source, new: Source) -> Iterator[Difference]:
    yield from worded(spot, "text", old.text, new.text, CONTENT)
    yield from spot.value("layer", old.layer, new.layer, CONTENT)
    yield from spot.value("references", ", ".join(old.ref) or None, ", ".join(new.ref) or None, CONTENT)
    then, now = (None if one.grade is None else str(one.grade) for one in (old, new))
    yield from spot.value("grade", then, now, CONTENT)
    yield from worded(spot, "problem", old.problem, new.problem, CONTENT)


def claims_compared(both: Both) -> Iterator[Difference]:
    """Every difference between what the two versions claim of themselves."""
    for name, old, new in by_id(both.old.claims, both.new.claims):
        spot = Spot(("claims", name), f"claim {name}", f"claim {name}")
        if old is None and new is not None:
            yield spot.came("claim", _claim_words(new, both), CONTENT)
        elif new is None and old is not None:
            yield spot.went("claim", _claim_words(old, both), CONTENT)
        elif old is not None and new is not None and old != new:
            yield from _claim(spot, old, new, both)


def _claim_words(claim: Claim, both: Both) -> str:
    guard = None if claim.guard is None else both.guard(claim.guard)
    parts = (claim.form, ", ".join(claim.actions), spelled(claim.limit), guard)
    return ": ".join(part for part in parts if part)


def _claim(spot: Spot, old: Claim, new: Claim, both: Both) -> Iterator[Difference]:
    yield from spot.value("form", old.form, new.form, CONTENT)
    yield from spot.value("of", ", ".join(old.actions) or None, ", ".join(new.actions) or None, CONTENT)
    yield from spot.value("limit", spelled(old.limit), spelled(new.limit))
    yield from condition(spot, "condition", old.guard, new.guard, both)
    yield from spot.flag(
        "override", old.unless_overridden, new.unless_overridden, "unless overridden", "overridden or not"
    )
    yield from in_layer(spot, old, new)
