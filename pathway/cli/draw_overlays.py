"""What `pathway draw` marks on a chart: the path of a log, what can still come, coverage, flow, findings."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from diagrams.overlays.coverage import Coverage, coverage_of
from diagrams.overlays.findings import Findings, findings_at
from diagrams.overlays.flow import flow_of
from diagrams.overlays.overlaid import Overlay
from diagrams.overlays.path_taken import path_taken
from diagrams.overlays.standing import Standings, Stands, standings_of
from pathway.cli.check_run import check_pathway
from pathway.cli.check_watch import Watch, watching
from pathway.cli.faults import UsageError
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.engine.case import case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import Event
from pathway.engine.playing import play_timeline
from pathway.engine.timeline import Timeline
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.logs.chain import Log
from pathway.logs.jsonl import read_log
from pathway.supposing.reach import standing_words, standings
from pathway.vignettes.bench import Bench
from pathway.vignettes.finding import case_files
from pathway.vignettes.judging import compile_for


def overlay_asked_for(options: argparse.Namespace, definition: Definition) -> Overlay:
    """The overlay that the options of `pathway draw` name. Raises UsageError, LogError, DefinitionError."""
    if options.findings:
        return _findings(options.pathway, definition)
    logs = [_read(Path(name), definition) for name in options.log or ()]
    if options.coverage:
        return _coverage(options.pathway, definition, logs)
    if options.flow:
        if not logs:
            raise UsageError("--flow counts logs. Give them with --log FILE...")
        return flow_of(definition, (log.events for log in logs), _named(logs))
    if len(logs) != 1:
        raise UsageError("A path, or what can still come, is of one case. Give one --log FILE.")
    case = _case(logs[0], options.name_case)
    if options.standing:
        return _standings(definition, logs[0], case)
    return path_taken(definition, logs[0].events, case)


def _read(path: Path, definition: Definition) -> Log:
    """A log of this very definition: boxes and ways of another version are not those of this chart."""
    log = read_log(path)
    header = log.header
    if (header.pathway, header.digest) == (definition.id, definition.digest):
        return log
    raise UsageError(
        f"{path} was written on {visible(header.pathway)} {visible(header.version)} "
        f"({visible(header.digest[:12])}), and this chart is of {definition.id} {definition.version} "
        f"({definition.digest[:12]}). Draw the pathway it was written on."
    )


def _standings(definition: Definition, log: Log, case: str | None) -> Standings:
    compiled = PathwaysOfLogs(definition).of(log.header)
    view = case_from_events(compiled, log.header.case, log.events).view
    labels = {name: fact.label for name, fact in definition.facts.items()}
    found = standings(compiled.definition, view)
    words = {key: Stands(one.standing.value, standing_words(one, labels)) for key, one in found.items()}
    return standings_of(definition, view, words, case)


def _case(log: Log, named: bool) -> str | None:
    """What stands for the case in the caption: its id only where asked for, since pictures get about."""
    without = log.header.without_layers
    words = [log.header.case] if named else []
    if without:
        words.append(f"(stepped without {', '.join(without)})")
    return " ".join(words) or None


def _coverage(name: str, definition: Definition, logs: list[Log]) -> Coverage:
    """What the logs reached; without any, what the cases beside the pathway reach."""
    if logs:
        return coverage_of(definition, (log.events for log in logs), _named(logs))
    files = case_files(find_pathway(name))
    if not files:
        raise UsageError("There are no cases beside this pathway. Give logs with --log FILE...")
    with watching(time.monotonic_ns, None) as watch:
        stepped = _stepped(definition, files, watch)
        return coverage_of(definition, stepped, "the cases beside the pathway")


def _stepped(definition: Definition, files: Sequence[Path], watch: Watch) -> Iterator[list[Event]]:
    """The log of each vignette as far as it can be stepped; the pathway is compiled once for each choice of
    layers, which takes longer than stepping a case."""
    bench = Bench(definition)
    compiled: dict[frozenset[str], CompiledPathway] = {}
    for place, file in enumerate(files):
        watch.progress("stepping the cases", place * 100 // len(files))
        vignette = bench.read(file)
        if vignette.without_layers not in compiled:
            compiled[vignette.without_layers] = compile_for(definition, vignette)
        yield _events(compiled[vignette.without_layers], vignette.timeline)


def _events(compiled: CompiledPathway, timeline: Timeline) -> list[Event]:
    events: list[Event] = []
    for played in play_timeline(compiled, timeline):
        events = played.case.events if played.case is not None else events
    return events


def _named(logs: list[Log]) -> str:
    return "one log" if len(logs) == 1 else f"{len(logs)} logs"


def _findings(name: str, definition: Definition) -> Findings:
    print("checking the pathway, as `pathway check` does", file=sys.stderr)
    with watching(time.monotonic_ns, None) as watch:
        checked = check_pathway(name, False, watch)
    allowed = (one.finding for one in checked.allowed)
    return findings_at(definition, checked.findings, checked.undecided, allowed)
