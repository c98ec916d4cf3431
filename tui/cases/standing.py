"""Where a case stands, in the few words and figures that a list of cases has room for."""

from __future__ import annotations

from pathway.engine.view import TrackView, View
from tui.presenting import KINDS, deadlines, is_at_rest, is_idle
from tui.session import Standing


def standing_of(view: View, now: int) -> Standing:
    """The standing of a case; of a closed one nothing is due any more."""
    due = () if view.closed else deadlines(view, now)
    unseen = [warning for warning in view.warnings if warning.acknowledged is None]
    first = due[0] if due else None
    return Standing(
        stands=stands_words(view),
        timezone=view.timezone,
        due=first.due if first is not None else None,
        due_title=first.title if first is not None else "",
        urgency=_urgency(view, first.due) if first is not None else None,
        warnings=len(unseen),
        grave=sum(warning.severity == "high" for warning in unseen),
        next_change_at=None if view.closed else view.next_change_at,
    )


def stands_words(view: View) -> tuple[str, ...]:
    """The present states with their box numbers: those in a phase first, then where something is to be done.

    Where nothing is, or the case is closed, the first track comes first: it tells how the case has ended.
    Tracks that have nothing of their own to show are left away, unless there is no other.
    """
    first = view.tracks[0] if view.closed or is_at_rest(view) else None
    busy = [track for track in view.tracks if track is first or not is_idle(view, track)] or view.tracks
    ordered = sorted(busy, key=lambda track: (track is not first, *_rank(track)))
    return tuple(f"{track.number} {track.state_title}" for track in ordered)


def _rank(track: TrackView) -> tuple[bool, int]:
    return track.phase is None, KINDS.index(track.kind)


def _urgency(view: View, due: int) -> str | None:
    return next((action.urgency for action in view.actions if action.due == due), None)
