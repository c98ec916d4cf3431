"""The hand-over of a stored case as files: the case at an instant, as Markdown and as a page with charts."""

from __future__ import annotations

import argparse
import errno
import hashlib
import hmac
import sys
import time
from pathlib import Path

from diagrams.layout import Engine, RenderError
from pathway.cli.faults import UsageError
from pathway.cli.handover_charts import charts_of
from pathway.cli.loading import existing, load
from pathway.cli.pathway_of_log import PathwaysOfLogs
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
from pathway.store.session import header_of

STDOUT = "-"
SHORTEST_KEY = 16  # bytes


def write_handover(log: Log, options: argparse.Namespace) -> None:
    """Write what the options of `pathway cases handover` ask for. Raises what the command line explains."""
    if options.html == STDOUT and options.markdown == STDOUT:
        raise UsageError("Only one of --html and --markdown can be written to standard output. Name a file.")
    named = load(options.pathway) if options.pathway is not None else None
    compiled = PathwaysOfLogs(named).of(log.header)
    other = other_pathway(log.header, header_of(compiled, log.header.case))
    if other is not None:
        raise UsageError(other)
    case = case_from_events(compiled, log.header.case, log.events)
    pseudonym = None if options.pseudonym is None else pseudonym_of(case.id, _key(Path(options.pseudonym)))
    by = recorder(options.by, settings_to_record())
    handover = hand_over(case, _time(case, options.at), by, pseudonym)
    if options.html is not None:
        _write(options.html, page_with_charts(handover, compiled.definition, options.engine))
    if options.markdown is not None or options.html is None:
        _write(options.markdown or STDOUT, markdown_of(handover))


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


def _key(file: Path) -> bytes:
    return existing(str(file)).read_bytes()


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
    print(f"wrote {name}", file=sys.stderr)


def hand_over(case: Case, now: int, by: str, pseudonym: str | None = None) -> content.Handover:
    """The hand-over of a case at `now`; what the clock alone brings since its last entry is said to be so.

    `case` is moved on to `now` in memory only. Raises UsageError for a time before its last entry.
    """
    if now < case.now:
        raise UsageError("--at: a hand-over tells how the case stands; this time lies before its last entry.")
    kept = len(case.events)
    view = case.pass_time(now, now).view
    definition = case.compiled.definition
    return handover_of(definition, view, case.events, now, by, kept=kept, pseudonym=pseudonym)


def pseudonym_of(case_id: str, key: bytes) -> str:
    """A short name that only holders of the key can lead back to a case. Raises UsageError."""
    if len(key) < SHORTEST_KEY:
        raise UsageError(
            f"--pseudonym: the key has {len(key)} bytes and a guess would find it. Use {SHORTEST_KEY} or "
            "more random bytes in the file."
        )
    return hmac.new(key, case_id.encode(), hashlib.sha256).hexdigest()[:12]


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
