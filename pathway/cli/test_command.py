"""`pathway test`: run the cases beside a definition and say which expectations do not hold, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from pathway.cli import mutants_option
from pathway.cli.case_report import Judged, report_json, report_lines, summary, write_junit
from pathway.cli.faults import UsageError
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.engine.timeline import timeline_and_problems
from pathway.language.bundled import bundled_pathways, find_pathway
from pathway.language.problems import DefinitionError, nearest
from pathway.vignettes.bench import bench_of
from pathway.vignettes.finding import case_files
from pathway.vignettes.vignette import Verdicts

Tick = Callable[[str], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    which = "a name, a file or a folder; without any, every bundled one"
    parser.add_argument("pathways", metavar="PATHWAY", nargs="*", help=which)
    parser.add_argument("--case", metavar="NAME", help="only the case with this name or file name")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML as well")
    mutants_option.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Test: 0 all hold, 1 an expectation does not, 2 a case or a definition that cannot be used."""
    mutants_option.check(options)
    wanted = [find_pathway(name) for name in options.pathways] or list(bundled_pathways())
    if options.mutants:
        from pathway.cli.mutants_option_run import run_mutants

        return run_mutants(options, wanted)
    files = {main_file: _chosen(case_files(main_file), options.case) for main_file in wanted}
    if options.case is not None:
        files = {main_file: cases for main_file, cases in files.items() if cases}
    if options.case is not None and not files:
        raise UsageError(_no_case(options.case, wanted))
    with _progress(sum(len(cases) for cases in files.values())) as tick:
        judged = [_judged(main_file, cases, tick) for main_file, cases in files.items()]
    if options.junit is not None:
        write_junit(Path(options.junit), judged)
    if options.json:
        print(json.dumps(report_json(judged), indent=1, ensure_ascii=False))
    else:
        print("\n".join([*(line for one in judged for line in report_lines(one)), summary(judged)]))
    for fault in (fault for one in judged for fault in one.faults):
        print(fault, file=sys.stderr)
    if any(one.faults for one in judged):
        return BAD_INPUT
    return FINDING if any(each.misses for one in judged for each in one.verdicts) else FINE


def _chosen(files: tuple[Path, ...], case: str | None) -> tuple[Path, ...]:
    return files if case is None else tuple(file for file in files if case in _names_of(file))


def _names_of(file: Path) -> tuple[str, ...]:
    """What a case answers to: its file's name, and the name it gives itself."""
    try:
        return (file.stem, timeline_and_problems(file)[0].case)
    except DefinitionError:
        return (file.stem,)


def _no_case(case: str, main_files: list[Path]) -> str:
    names = [file.stem for main_file in main_files for file in case_files(main_file)]
    close = nearest(case, names)
    fix = f"Did you mean {close}?" if close else f"There are: {', '.join(names) or 'none'}."
    return f"--case: there is no case `{case}`. {fix}"


def _judged(main_file: Path, files: tuple[Path, ...], tick: Tick) -> Judged:
    """Judge the cases of one pathway; what cannot be read is a fault, and the rest is judged all the same."""
    try:
        bench = bench_of(main_file)
    except DefinitionError as fault:
        return Judged(main_file, None, (), (fault,))
    verdicts, unread = list[Verdicts](), list[DefinitionError]()
    for file in files:
        try:
            verdicts.append(bench.judge(bench.read(file)))
        except DefinitionError as fault:
            unread.append(fault)
        tick(file.stem)
    return Judged(main_file, bench.definition, tuple(verdicts), tuple(unread))


@contextmanager
def _progress(cases: int) -> Generator[Tick, None, None]:
    """A bar on standard error while cases run, where a person sees it."""
    if not sys.stderr.isatty() or not cases:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("cases", total=cases)

        def tick(case: str) -> None:
            bar.update(task, advance=1, description=case)

        yield tick
