"""`pathway replay LOGS --export FILE`: the logs in one file that process mining programs and tables read."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathway.cli.check_watch import Clock, watching
from pathway.cli.faults import explain
from pathway.cli.main import BAD_INPUT, FINE
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.pseudonymising import key_of
from pathway.cli.replay_reading import logs_of
from pathway.engine.events import Event
from pathway.language.problems import visible
from pathway.logs.chain import Header, Log
from pathway.logs.foreign.own import write_own
from pathway.replay.report.cases import FoundCase
from pathway.replay.report.counting import counted


def export(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Write: 0 all logs are in the file, 2 one could not be read. Raises LogError."""
    logs = logs_of(options)
    exporting = Exporting(_change(options, logs.pathways()))
    with watching(clock, None) as watch:
        events = write_own(Path(options.export), exporting.good(logs.cases(watch)))
    print(
        f"wrote {visible(options.export)}: {counted(exporting.cases, 'case')}, {counted(events, 'event')}",
        file=sys.stderr,
    )
    return BAD_INPUT if exporting.has_fault else FINE


def as_it_is(log: Log) -> Log:
    """A log under the names it has."""
    return log


@dataclass(slots=True)
class Exporting:
    """What has been written so far; damaged logs are told and left out. `change` is made to each log."""

    change: Callable[[Log], Log] = as_it_is
    cases: int = 0
    events: int = 0
    has_fault: bool = False

    def good(self, found: Iterator[FoundCase]) -> Iterator[tuple[Header, Sequence[Event]]]:
        """The logs that can be read whole."""
        for one in found:
            if one.log is None or one.damage is not None:
                self.has_fault = True
                print("no log" if one.damage is None else explain(one.damage.fault), file=sys.stderr)
                continue
            if not one.log.events:
                print(visible(f"{one.origin.named}: no event, so a table has no row of it"), file=sys.stderr)
                continue
            self.cases += 1
            log = self.change(one.log)
            yield log.header, log.events


def _change(options: argparse.Namespace, pathways: PathwaysOfLogs) -> Callable[[Log], Log]:
    """How logs are pseudonymised; as they are where no key was named."""
    key = key_of(options)
    if key is None:
        return as_it_is
    from pathway.pseudonyms.copies import Copies, what_was_replaced

    print(what_was_replaced(options.keep_text), file=sys.stderr)
    return Copies(key, pathways.definition_of, keep_text=options.keep_text)
