"""`pathway replay`: re-run logs; each conforms, or its first divergence is told with the reason."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pathway.cli.faults import UsageError, explain
from pathway.cli.loading import load
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.engine.compiled import CompiledPathway
from pathway.language.problems import DefinitionError
from pathway.logs.chain import Header
from pathway.logs.jsonl import read_log
from pathway.logs.problems import LogError
from pathway.replay.conformance import Conformance, Divergence, conformance
from pathway.replay.deadlines import Kept, Tally
from pathway.replay.divergence import TAMPERED, UNREADABLE


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("logs", metavar="LOG", nargs="+", help="a transition log (JSON lines)")
    parser.add_argument("--pathway", metavar="PATHWAY", help="default: the bundled one that the log names")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--screen", action="store_true", help="go through one log event by event, read only")
    parser.add_argument(
        "--against",
        metavar="PATHWAY",
        help="with --screen: the same entries on another version, side by side",
    )


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one log; `fault` says why it could not be replayed at all."""

    log: str
    outcome: Conformance
    fault: str | None = None


@dataclass(slots=True)
class Replays:
    """The logs of one call, replayed one after the other."""

    pathways: PathwaysOfLogs
    tally: Tally = field(default_factory=Tally)
    replayed: list[Replayed] = field(default_factory=list[Replayed])

    def take(self, name: str) -> None:
        """Replay one log; what cannot be read is kept as such, and the others go on."""
        try:
            log = read_log(Path(name))
            compiled = self.pathways.of(log.header)
        except (LogError, DefinitionError, UsageError) as fault:
            outcome = Conformance(False, 0, _unreadable(fault))
            self.replayed.append(Replayed(name, outcome, explain(fault)))
            return
        outcome = conformance(log, compiled)
        if outcome.divergence is None or outcome.divergence.seq > 0:
            self.tally.add(compiled, log.events)
        self.replayed.append(Replayed(name, outcome))

    @property
    def exit_code(self) -> int:
        if any(one.fault is not None for one in self.replayed):
            return BAD_INPUT
        return FINE if all(one.outcome.conforms for one in self.replayed) else FINDING


def run(options: argparse.Namespace) -> int:
    """Replay the logs: 0 all conform, 1 one diverges, 2 one cannot be read or its chain is broken."""
    if options.screen:
        return _on_screen(options)
    if options.against is not None:
        raise UsageError("--against compares on a screen. Add --screen.")
    named = load(options.pathway) if options.pathway is not None else None
    replays = Replays(PathwaysOfLogs(named))
    for name in options.logs:
        replays.take(name)
    for one in replays.replayed:
        if one.fault is not None:
            print(one.fault, file=sys.stderr)
    if options.json:
        print(json.dumps(replay_json(replays), indent=1, ensure_ascii=False))
    else:
        _print_text(replays)
    return replays.exit_code


def _on_screen(options: argparse.Namespace) -> int:
    """Show one log; whether it conforms is told on the screen, and leaving it is always 0."""
    if len(options.logs) != 1 or options.json:
        raise UsageError("--screen shows one log, without --json. Give one LOG.")
    # Imported here: the other ways of replaying need no screen.
    from tui.replaying.app import run_replay
    from tui.replaying.recording import recording_of
    from tui.settings import read_settings

    path = Path(options.logs[0])
    log = read_log(path, repair=True)
    compiled = _pathway_of(path, log.header, options.pathway)
    against = None if options.against is None else PathwaysOfLogs(load(options.against)).of(log.header)
    if not _has_screen():
        raise UsageError(
            "--screen needs a terminal on both ends, and not a dumb one. Without it the log is told as text."
        )
    run_replay(recording_of(log, compiled, against), _steady_clock, read_settings(os.environ))
    return FINE


def _pathway_of(path: Path, header: Header, named: str | None) -> CompiledPathway:
    """The pathway to show a log with. Raises UsageError, DefinitionError."""
    try:
        return PathwaysOfLogs(load(named) if named is not None else None).of(header)
    except UsageError as fault:
        raise UsageError(f"{path}: {fault} Give it as: --pathway FILE.") from None


def _has_screen() -> bool:
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return is_terminal and os.environ.get("TERM", "") not in ("", "dumb")


def _steady_clock() -> int:
    """Milliseconds of a clock that is never set back, to pace the playing alone."""
    return time.monotonic_ns() // 1_000_000


def _unreadable(fault: Exception) -> Divergence:
    if isinstance(fault, LogError) and fault.line is not None and not fault.torn:
        broken = fault.line > 1 or fault.what.startswith("The chain")
        class_ = TAMPERED if broken else UNREADABLE
        return Divergence(fault.line - 1, class_, "an unbroken chain", f"line {fault.line}", explain(fault))
    return Divergence(0, UNREADABLE, "a log of a known pathway", "no such log", explain(fault))


def replay_json(replays: Replays) -> dict[str, Any]:
    """The document of `--json`; logs that cannot be read count as divergent."""
    conforming = sum(one.outcome.conforms for one in replays.replayed)
    return {
        "logs": len(replays.replayed),
        "events": sum(one.outcome.events for one in replays.replayed),
        "conforming": conforming,
        "divergent": len(replays.replayed) - conforming,
        "divergences": [
            _divergence_json(one.log, one.outcome.divergence)
            for one in replays.replayed
            if one.outcome.divergence is not None
        ],
        "deadlines": [_kept_json(kept) for kept in replays.tally.kept],
    }


def _divergence_json(log: str, divergence: Divergence) -> dict[str, Any]:
    return {
        "log": log,
        "seq": divergence.seq,
        "expected": divergence.expected,
        "logged": divergence.logged,
        "class": divergence.class_,
        "why": divergence.why,
    }


def _kept_json(kept: Kept) -> dict[str, Any]:
    return {"action": kept.action, "met": kept.met, "late": kept.late, "never": kept.never}


def _print_text(replays: Replays) -> None:
    for stamp in replays.pathways.stamps:
        print(stamp)
    for one in replays.replayed:
        if one.fault is None:
            print("\n".join(_told(one)))
    if any(one.fault is None for one in replays.replayed):
        print("\n".join(_summary(replays)))


def _told(one: Replayed) -> list[str]:
    divergence = one.outcome.divergence
    if divergence is None:
        return [f"{one.log}: conforms ({_counted(one.outcome.events, 'event')})"]
    where = f"event {divergence.seq}" if divergence.seq > 0 else "the header"
    return [
        f"{one.log}: DIVERGES at {where}: {divergence.class_}",
        f"    expected  {divergence.expected}",
        f"    logged    {divergence.logged}",
        f"    why       {divergence.why}",
    ]


def _summary(replays: Replays) -> list[str]:
    document = replay_json(replays)
    logs, events = _counted(document["logs"], "log"), _counted(document["events"], "event")
    lines = ["", f"{logs}, {events}: {document['conforming']} conforming, {document['divergent']} divergent"]
    rows = [
        f"    {one.action}: {one.met} met, {one.late} late, {one.never} never" for one in replays.tally.kept
    ]
    return [*lines, *(["deadlines:", *rows] if rows else [])]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
