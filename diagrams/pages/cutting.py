"""A phase is cut into sheets on each of which all type stays legible: by track first, then within one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from diagrams.pages.routes import Route

Fits = Callable[[frozenset[str]], bool]


def cut(tracks: Sequence[Sequence[str]], routes: Iterable[Route], fits: Fits) -> list[frozenset[str]]:
    """Sheets of states that each fit; `tracks` are the states of one phase, track by track.

    A state that does not fit alone has a sheet of its own all the same.
    """
    everything = frozenset(state for track in tracks for state in track)
    if fits(everything):
        return [everything]
    ways = [(route.source, route.target) for route in routes]
    pieces = [piece for track in tracks for piece in _pieces(track, ways, fits)]
    return _joined(pieces, fits)


def _pieces(states: Sequence[str], ways: Sequence[tuple[str, str]], fits: Fits) -> list[frozenset[str]]:
    """A track in as many parts as it needs, cut where the fewest transitions cross."""
    if len(states) == 1 or fits(frozenset(states)):
        return [frozenset(states)]
    count = len(states)
    places = range(max(1, count // 3), min(count - 1, count - count // 3) + 1)
    place = min(places, key=lambda at: (_crossing(states[:at], states[at:], ways), abs(2 * at - count)))
    return [*_pieces(states[:place], ways, fits), *_pieces(states[place:], ways, fits)]


def _crossing(first: Sequence[str], second: Sequence[str], ways: Sequence[tuple[str, str]]) -> int:
    left, right = set(first), set(second)
    return sum((a in left and b in right) or (a in right and b in left) for a, b in ways)


def _joined(pieces: Sequence[frozenset[str]], fits: Fits) -> list[frozenset[str]]:
    """Neighbouring parts put together again for as long as they fit on one sheet."""
    sheets: list[frozenset[str]] = []
    for piece in pieces:
        if sheets and fits(sheets[-1] | piece):
            sheets[-1] |= piece
        else:
            sheets.append(piece)
    return sheets
