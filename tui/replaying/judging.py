"""Does the log conform? Worked out once, and told in one or two lines that stay on show."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.events import Event
from pathway.replay.conformance import Divergence, conformance_of_events, other_version
from tui.lines import Line, Tone
from tui.replaying.recording import Recording

FAILS = "does not conform:"
WORKING = Line("being worked out ...", "Conformance:")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The lines to show, and the first event that does not follow, if there is one to jump to."""

    lines: tuple[Line, ...]
    divergence: Divergence | None

    @property
    def conforms(self) -> bool:
        return all(line.tone is not Tone.ALARM for line in self.lines)


def judged(recording: Recording, key: str) -> Judgement:
    """Every line of the log is derived anew; of a log that cannot be read to its end, the good part.

    `key` goes to the first event that does not follow.
    """
    outcome = conformance_of_events(_whole(recording), recording.compiled)
    lines = [*_broken(recording), *_other(recording)]
    divergence = outcome.divergence
    if recording.log.problem is not None and divergence is not None and divergence.seq == 0:
        divergence = None  # what is left of the log has no whole entry
    if divergence is not None:
        lines.append(_diverging(divergence, recording, key))
    if not lines:
        count = len(recording.log.events)
        lines.append(Line(f"every move of the {count} events follows from the facts.", "Conforms:"))
    return Judgement(tuple(lines), divergence if divergence is not None and divergence.seq > 0 else None)


def _whole(recording: Recording) -> tuple[Event, ...]:
    """The events of whole entries: where a log breaks off, the entry before that may not be complete."""
    frames = recording.frames
    if recording.log.problem is None or not frames.batches:
        return frames.events
    return frames.events[: -len(frames.batches[-1].events)]


def divergence_lines(divergence: Divergence) -> list[Line]:
    """Expected and logged, and the guard with its values."""
    return [
        Line(divergence.class_, FAILS, Tone.ALARM),
        Line(divergence.expected, "expected", indent=1),
        Line(divergence.logged, "logged", indent=1),
        Line(divergence.why, "because", indent=1),
    ]


def _diverging(divergence: Divergence, recording: Recording, key: str) -> Line:
    if divergence.seq == 0:
        return Line(f"{divergence.class_}: {divergence.why}", FAILS, Tone.ALARM)
    where = f"event {divergence.seq} of {len(recording.log.events)}"
    return Line(f"{where}: {divergence.class_}, {divergence.logged} ({key} goes there)", FAILS, Tone.ALARM)


def _broken(recording: Recording) -> list[Line]:
    """What is wrong with the file itself."""
    problem = recording.log.problem
    if problem is None:
        return []
    word = "cut off" if problem.torn else "damaged"
    shown = f"Shown are the {len(recording.log.events)} events before it; the last entry may not be whole."
    where = f"line {problem.line}: " if problem.line is not None else ""
    text = f"the log is {word}, {where}{problem.what}. {problem.why}. {problem.fix} {shown}"
    return [Line(text, FAILS, Tone.ALARM)]


def _other(recording: Recording) -> list[Line]:
    other = other_version(recording.log.header, recording.compiled)
    if other is None:
        return []
    return [Line(f"{other.class_}: {other.why}. Its states are shown by this one.", FAILS, Tone.ALARM)]
