"""`pathway cases move`: a case goes on on another version of its pathway; what changes is shown first."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathway.cli.faults import UsageError
from pathway.cli.installed import Installed
from pathway.cli.loading import compiled_for
from pathway.cli.main import FINE
from pathway.cli.recorder import recorder, settings_to_record
from pathway.cli.step_command import wall_clock
from pathway.engine.batch import Batch
from pathway.engine.case import Case, case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import Event
from pathway.engine.view import Refusal
from pathway.language.problems import visible
from pathway.logs.chain import Header, Log, log_lines
from pathway.logs.wire import parsed
from pathway.replay.again import entered_anew
from pathway.store.session import header_of
from pathway.store.tabled import TabledStore
from tui.cases.comparing import comparison_lines
from tui.session import Comparison, Side


@dataclass(frozen=True, slots=True)
class _Move:
    """A case on the version it was begun on and on the other one; what that one did not take."""

    log: Log
    begun: Case
    other: Case
    refused: tuple[Refusal, ...]


def move(store: TabledStore, options: argparse.Namespace) -> int:
    """Show what another version says of the case; with --yes, let it go on there."""
    log = store.load(options.case)
    if log.closed:
        raise UsageError(f"The case {options.case!r} is closed. Undo that first, or leave it where it is.")
    found = _prepared(store, log, options.to)
    now = max(wall_clock(), found.begun.now, found.other.now)
    _show(found, now, options.json)
    if not options.yes:
        print("Nothing was moved. To move it, give --yes too.", file=sys.stderr)
        return FINE
    by = recorder(options.by, settings_to_record())
    last = _last(found, by, now)
    header = replace(
        header_of(found.other.compiled, options.case), continues=_head(log.header, (*log.events, *last))
    )
    text = found.other.compiled.definition.written
    store.move(options.case, last, len(log.events), header, found.other.events, text)
    print(
        f"moved to {visible(header.version)} ({header.digest[:8]}); its earlier log is kept", file=sys.stderr
    )
    return FINE


def _prepared(store: TabledStore, log: Log, to: str | None) -> _Move:
    installed = Installed(kept=store.definition)
    begun, other = installed.begun_on(log.header), _other(installed, log.header, to)
    name = f"{visible(log.header.pathway)} {visible(log.header.version)} ({log.header.digest[:8]})"
    if begun is None:
        fix = "Replay it with that text first: pathway cases replay ID --pathway FILE --against NEW."
        raise UsageError(f"The text of {name}, on which the case was begun, is neither kept nor here. {fix}")
    if other.definition.digest == log.header.digest:
        raise UsageError(f"The case is on {name} already. Name another version: --to FILE.")
    case_id = log.header.case
    anew = entered_anew(other, case_id, log.events)
    if anew is None:
        raise UsageError(
            f"{other.definition.version} cannot open the case: it does not begin with an opening."
        )
    return _Move(log, case_from_events(begun, case_id, log.events), *anew)


def _other(installed: Installed, header: Header, to: str | None) -> CompiledPathway:
    """The named version, else the installed one, without the layers that the case is without."""
    if to is not None:
        found = compiled_for(to, None)
        if found.definition.id != header.pathway:
            raise UsageError(f"{to} is {found.definition.id}, and the case is on {visible(header.pathway)}.")
        kept = sorted(found.definition.layers.keys() - set(header.without_layers))
        return compiled_for(to, ",".join(kept)) if header.without_layers else found
    newest = installed.newest(header)
    if newest is None:
        raise UsageError(f"{visible(header.pathway)} is not installed. Name its file: --to FILE.")
    return newest


def _show(found: _Move, now: int, as_json: bool) -> None:
    left_out = tuple(f"{visible(one.what)}: {visible(one.why)}" for one in found.refused)
    begun, other = (
        Side(one.compiled.definition, one.fork().pass_time(now, now).view)
        for one in (found.begun, found.other)
    )
    comparison = Comparison(
        found.begun.id, other.view.label, found.log.header.version, begun, other, left_out
    )
    lines = [line.plain for line in comparison_lines(comparison, now)]
    if as_json:
        print(json.dumps({"case": found.begun.id, "changes": lines}, indent=1, ensure_ascii=False))
    else:
        stamps = (other.definition.title, other.definition.version, other.definition.stamp)
        print("  ".join(word for word in stamps if word is not None))
        print("\n".join(lines))


def _last(found: _Move, by: str, now: int) -> Sequence[Event]:
    """The events that end the case's log on the version it was begun on, and say where it goes on."""
    to = found.other.compiled.definition
    reason = f"moved to {to.id} {to.version} ({to.digest[:12]})"
    return found.begun.commit(Batch(now, by, now, close=reason)).events


def _head(header: Header, events: Sequence[Event]) -> str:
    *_, line = log_lines(header, events)
    return str(parsed(line)["hash"])
