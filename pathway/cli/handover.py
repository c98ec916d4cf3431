"""The hand-over of a stored case as files: the case at an instant, as Markdown and as a page with charts."""

from __future__ import annotations

import argparse
import errno
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from diagrams.layout import Engine, RenderError
from pathway.cli.faults import UsageError
from pathway.cli.handover_charts import charts_of
from pathway.cli.loading import load
from pathway.cli.pathway_of_log import PathwaysOfLogs
from pathway.cli.pseudonymising import key_of
from pathway.cli.recorder import recorder, settings_to_record
from pathway.engine.case import Case, case_from_events
from pathway.handover import content
from pathway.handover.handover import handover_of
from pathway.handover.html import page_of
from pathway.handover.markdown import markdown_of
from pathway.language.calendar import parse_instant
from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.logs.chain import Header, Log
from pathway.logs.durable import replace_file
from pathway.pseudonyms.copies import pseudonymised, what_was_replaced
from pathway.store.session import header_of

STDOUT = "-"


def write_handover(
    log: Log, options: argparse.Namespace, kept: Callable[[str], str | None] | None = None
) -> None:
    """Write what the options of `pathway cases handover` ask for. Raises what the command line explains.

    `kept` gives the text of the definition by its digest, where the store has it.
    """
    if options.html == STDOUT and options.markdown == STDOUT:
        raise UsageError("Only one of --html and --markdown can be written to standard output. Name a file.")
    named = load(options.pathway) if options.pathway is not None else None
    compiled = PathwaysOfLogs(named, kept).of(log.header)
    other = other_pathway(replace(log.header, continues=None), header_of(compiled, log.header.case))
    if other is not None:
        raise UsageError(other)
    told = _told(log, compiled.definition, options)
    case = case_from_events(compiled, told.log.header.case, told.log.events)
    handover = hand_over(case, _time(case, options.at), told.by)
    handover = replace(handover, cautions=(*handover.cautions, *told.cautions))
    if options.html is not None:
        _write(options.html, page_with_charts(handover, compiled.definition, options.engine))
    if options.markdown is not None or options.html is None:
        _write(options.markdown or STDOUT, markdown_of(handover))


@dataclass(frozen=True, slots=True)
class _Told:
    """The log to be told and who tells it, under names or pseudonyms, and what a reader has to know of it."""

    log: Log
    by: str
    cautions: tuple[str, ...] = ()


def _told(log: Log, definition: Definition, options: argparse.Namespace) -> _Told:
    key, by = key_of(options), recorder(options.by, settings_to_record())
    if key is None:
        return _Told(log, by)
    copy = pseudonymised(log, key, definition, keep_text=options.keep_text)
    return _Told(copy, key.person(by), (what_was_replaced(options.keep_text),))


def other_pathway(stored: Header, ours: Header) -> str | None:
    """Why a log cannot be told on this pathway: it was written on another one, or on another version."""
    if stored == ours:
        return None
    return (
        f"The case {visible(stored.case)} was stepped on {visible(stored.pathway)} {visible(stored.version)} "
        f"({stored.digest[:12]}), and this is {ours.pathway} {ours.version} ({ours.digest[:12]}). A "
        "hand-over tells a case on the pathway it was stepped on: give its file with --pathway. "
        "`pathway replay --against` shows what the other one would do."
    )


def _time(case: Case, given: str | None) -> int:
    """The time of the hand-over: the given one, else now, but never before the case's last entry."""
    if given is None:
        return max(int(time.time()), case.now)
    try:
        return parse_instant(given, case.zone)
    except ValueError as error:
        raise UsageError(f"--at: {error}.") from None


def _write(name: str, text: str) -> None:
    """The text as a file, replaced in one step, or on standard output, always in UTF-8."""
    if name == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    file = Path(name)
    if file.is_dir() or not file.name:
        raise UsageError(f"{file} is a folder. Name a file in it, such as {file / 'handover.html'}.")
    replace_file(file, text.encode("utf-8"))
    print(f"wrote {visible(name)}", file=sys.stderr)


def hand_over(case: Case, now: int, by: str) -> content.Handover:
    """The hand-over of a case at `now`; what the clock alone brings since its last entry is said to be so.

    `case` is moved on to `now` in memory only. Raises UsageError for a time before its last entry.
    """
    if now < case.now:
        raise UsageError("--at: a hand-over tells how the case stands; this time lies before its last entry.")
    kept = len(case.events)
    view = case.pass_time(now, now).view
    definition = case.compiled.definition
    return handover_of(definition, view, case.events, now, by, kept=kept)


# --- files ----------------------------------------------------------------------------------------
def save_into(
    handover: content.Handover, definition: Definition, folder: Path, over: bool, engine: Engine = "auto"
) -> tuple[Path, ...]:
    """Write Markdown and page into a folder, each in one step; returns the files.

    The names hold the time and nothing of the case. Raises FileExistsError, with nothing written, where one
    of them is there already unless `over`; OSError where it cannot write; HandoverError where it cannot draw.
    """
    files = (folder / f"{handover.file_stem}.md", folder / f"{handover.file_stem}.html")
    there = next((file for file in files if file.exists()), None)
    if there is not None and not over:
        raise FileExistsError(errno.EEXIST, "There is such a file already", str(there))
    try:
        texts = (markdown_of(handover), page_with_charts(handover, definition, engine))
    except RenderError as error:
        raise content.HandoverError(str(error)) from None
    for file, text in zip(files, texts, strict=True):
        replace_file(file, text.encode("utf-8"))
    return files


def page_with_charts(handover: content.Handover, definition: Definition, engine: Engine = "auto") -> str:
    """The page with the flowchart of each track that moved. Raises RenderError."""
    return page_of(handover, tuple(charts_of(definition, handover, engine)))
