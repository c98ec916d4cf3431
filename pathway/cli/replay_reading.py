"""The logs that a replay is given: files, folders, files of many cases, logs of other programs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.cli.check_watch import Watch
from pathway.cli.faults import UsageError, explain
from pathway.cli.loading import load
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.engine.compiled import CompiledPathway
from pathway.language.definition import Definition
from pathway.language.problems import DefinitionError, visible
from pathway.logs.problems import LogError
from pathway.replay.divergence import DUPLICATED, OTHER_PATHWAY, UNREADABLE, Divergence
from pathway.replay.report.cases import Damage, FoundCase, cases_in, log_files
from pathway.replay.report.findings import Origin
from pathway.replay.report.gathering import Report

if TYPE_CHECKING:
    from pathway.logs.foreign.mapping import LogMapping

TABLES = (".csv", ".csv.gz", ".xes", ".xes.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs of one call. With `mapping` they are of another program; `named` is the pathway asked for."""

    names: Sequence[str]
    named: Definition | None
    mapping: LogMapping | None

    def pathways(self) -> PathwaysOfLogs:
        """The pathways that the logs were written on."""
        return PathwaysOfLogs(self.named)

    def cases(self, watch: Watch) -> Iterator[FoundCase]:
        """Every case in the order of the files; how many have been read goes to the watch."""
        files = log_files(self.names) if self.mapping is None else log_files(self.names, TABLES)
        read = set[Path]()
        for number, file in enumerate(files):
            again = self.mapping is not None and file.resolve() in read
            read.add(file.resolve())
            for found in [_twice(file)] if again else self._cases_in(file):
                yield found
                parts = max(found.of, 1)
                watch.progress("replaying", (number * parts + found.end) * 100 // (len(files) * parts))

    def _cases_in(self, file: Path) -> Iterator[FoundCase]:
        is_table = file.name.lower().endswith(TABLES)
        if self.mapping is None and not is_table:
            return cases_in(file)
        # Imported here: logs of our own in JSON lines need no tables.
        from pathway.engine.compiling import compile_pathway
        from pathway.replay.report.tables import foreign_cases, table_cases

        if self.mapping is None:
            return table_cases(file)
        return foreign_cases(file, self.mapping, compile_pathway(self.mapping.definition, frozenset()))


def _twice(file: Path) -> FoundCase:
    """A log of another program has no seal by which its cases would be known again."""
    what, why = "This log is given twice", "It was read already, and its cases are counted once"
    fault = LogError(what, why, "Name it once.", path=file)
    return FoundCase(Origin(str(file)), None, Damage(DUPLICATED, 0, fault))


def logs_of(options: argparse.Namespace) -> Logs:
    """The logs that the options name. Raises DefinitionError for a pathway or mapping that cannot be used."""
    if options.map is None:
        return Logs(options.logs, None if options.pathway is None else load(options.pathway), None)
    from pathway.logs.foreign.mapping import pathway_of_mapping, read_mapping

    file = Path(options.map)
    definition = load(options.pathway or pathway_of_mapping(file))
    return Logs(options.logs, definition, read_mapping(file, definition))


# --- into the report ------------------------------------------------------------------------------
def take_case(report: Report, found: FoundCase, pathways: PathwaysOfLogs) -> None:
    """Replay one case; what cannot be replayed is kept as such, and the others go on."""
    log = found.log
    if found.notes is not None:
        report.notes.append((found.origin.log, found.notes))
    fault: DefinitionError | UsageError | None = None
    compiled: CompiledPathway | None = None
    try:
        compiled = None if log is None else pathways.of(log.header)
    except (DefinitionError, UsageError) as error:
        fault = error
    if found.damage is not None:
        _refuse_damaged(report, found.origin, found.damage, compiled)
    elif fault is not None:
        _refuse_unknown(report, found.origin, fault)
    elif log is not None and compiled is not None:
        if found.rows is None:
            report.take(found.origin, log.events, compiled, log.header, log.head)
        else:
            report.take_rows(found.origin, log.events, compiled, found.rows)


def _refuse_damaged(report: Report, origin: Origin, damage: Damage, compiled: CompiledPathway | None) -> None:
    told = " ".join(filter(None, [explain(damage.fault), damage.more]))
    line = f"line {damage.fault.line}" if damage.fault.line is not None else "no such log"
    why = Divergence(damage.seq, damage.class_, "an unbroken chain", line, told)
    report.refuse(origin, why, told, compiled)


def _refuse_unknown(report: Report, origin: Origin, fault: DefinitionError | UsageError) -> None:
    class_ = OTHER_PATHWAY if isinstance(fault, UsageError) else UNREADABLE
    give = " Give it as: --pathway FILE." if class_ == OTHER_PATHWAY else ""
    told = f"{visible(origin.words)}: {explain(fault)}{give}"
    report.refuse(origin, Divergence(0, class_, "a log of a known pathway", "no such log", told), told)
