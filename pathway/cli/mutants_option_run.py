"""Runs `pathway test --mutants`: every small change of a definition against its cases."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from pathway.cli.faults import UsageError
from pathway.cli.main import FINDING, FINE
from pathway.cli.mutants_report import campaign_json, campaign_lines
from pathway.language.problems import nearest
from pathway.vignettes.mutant_campaign import Campaign, Tick, run_campaign
from pathway.vignettes.mutant_reasons import Standing, held_against, read_reasons
from pathway.vignettes.mutants import Choice


def run_mutants(options: argparse.Namespace, main_files: list[Path]) -> int:
    """0 every survivor has a reason, 1 one has none, or a case fails on the definition itself."""
    choice = Choice(options.only or "", options.kind or "", options.sample, options.seed or 0)
    held: list[tuple[Campaign, Standing]] = []
    for main_file in main_files:
        reasons = read_reasons(main_file)
        with _progress() as tick:
            found = run_campaign(main_file, choice, options.jobs or os.cpu_count() or 1, tick)
        held.append((found, held_against(found, reasons)))
    if not any(found.results for found, _ in held):
        raise UsageError(_nothing(choice, [found for found, _ in held]))
    if options.json:
        reports = [campaign_json(*one) for one in held]
        print(json.dumps({"pathways": reports}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(line for one in held for line in campaign_lines(*one)))
    return FINDING if any(found.failing or standing.unexplained for found, standing in held) else FINE


def _nothing(choice: Choice, held: list[Campaign]) -> str:
    """What to say where nothing was chosen: the nearest element or kind."""
    ids = [name for found in held for name in found.ids]
    if choice.kind and not any(f".{choice.kind}." in name for name in ids):
        kinds = {name.rsplit(".", 2)[1] for name in ids}
        close = nearest(choice.kind, kinds)
        fix = f"Did you mean {close}?" if close else f"There are: {', '.join(sorted(kinds))}."
        return f"--kind: there are no mutants of the kind `{choice.kind}`. {fix}"
    close = nearest(choice.only, set(_above(ids)))
    fix = f" Did you mean {close}?" if close else ""
    return f"--only: nothing that can be changed is called `{choice.only}`.{fix}"


def _above(ids: list[str]) -> Iterator[str]:
    """The elements of mutants and all that is around them."""
    for name in ids:
        parts = name.rsplit(".", 2)[0].split(".")
        yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


@contextmanager
def _progress() -> Generator[Tick | None, None, None]:
    """A bar on standard error, where a person sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks = {what: bar.add_task(what, total=None) for what in ("vignettes", "mutants")}
        yield lambda what, done, of: bar.update(tasks[what], completed=done, total=of)
