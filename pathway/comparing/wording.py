"""Sentences compared: what stands there now and what stood there, and whether figures or denials differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pathway.comparing.difference import Difference, Spot, Weight

# What turns the meaning of a sentence: figures and their units, denials, bounds, directions.
DECIDING = re.compile(
    r"[<>≤≥=±×%]|\d+(?:[.,]\d+)*"
    r"|\b(?:no|not|never|nor|none|nobody|cannot|without|unless|until|only|avoid|stop|must|may|should"
    r"|contra-?indicated|forbidden|before|after|above|below|over|under|least|most|more|less|than|within"
    r"|half|halve|double|twice|once|daily|weekly|hourly|increase|reduce|raise|lower|left|right"
    r"|(?:n|u|µ|μ|m|k)?g|mcg|m?L|IU|units?|h|hours?|min|minutes?|d|days?|wk|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
WHOLE, AROUND = 90, 5  # characters told whole; words kept on either side of a change in a longer text


def worded(
    spot: Spot, what: str, old: str | None, new: str | None, least: Weight = Weight.WORDING
) -> Iterator[Difference]:
    """A text that differs; line breaks and blanks do not count. Figures and denials make it clinical."""
    before, after = _flat(old), _flat(new)
    if before == after:
        return
    weight = weight_of(before or "", after or "", least)
    if before is None:
        yield spot.added(what, f'"{after}"', weight)
    elif after is None:
        yield spot.removed(what, f'"{before}"', weight)
    else:
        then, now = _apart(before, after)
        yield spot.says(what, f'{what} "{now}", was "{then}"', before, after, weight)


def weight_of(old: str, new: str, least: Weight = Weight.WORDING) -> Weight:
    """How much hangs on one text in place of another: figures, bounds or denials differ, or words only."""
    counts = [Counter(word.lower() for word in DECIDING.findall(text)) for text in (old, new)]
    orders = [[word.lower() for word in DECIDING.findall(text)] for text in (old, new)]
    return Weight.CLINICAL if counts[0] != counts[1] or orders[0] != orders[1] else least


def _flat(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())


def _apart(old: str, new: str) -> tuple[str, str]:
    """Both texts, long ones from shortly before the first word that differs to shortly after the last."""
    if max(len(old), len(new)) <= WHOLE:
        return old, new
    before, after = old.split(), new.split()
    start = _alike(before, after)
    end = min(_alike(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    return _cut(before, start, end), _cut(after, start, end)


def _alike(before: list[str], after: list[str]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(before), len(after)))


def _cut(words: list[str], start: int, end: int) -> str:
    first, last = max(start - AROUND, 0), len(words) - max(end - AROUND, 0)
    lead, tail = "… " if first else "", " …" if last < len(words) else ""
    return f"{lead}{' '.join(words[first:last])}{tail}"
