"""The desk of the terminal: stored cases listed, opened, begun and compared on the installed pathways."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pathway.cli.faults import EXPECTED, explain
from pathway.cli.installed import DEMO, Installed
from pathway.cli.kept_case import KeptCase, case_id_for
from pathway.engine.case import Case, case_from_events
from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import TimePassed
from pathway.engine.playing import CONFIRM
from pathway.engine.view import View
from pathway.language.problems import visible
from pathway.logs.chain import Header, Log
from pathway.replay.again import Again, entered_again
from pathway.store.places import open_store
from pathway.store.port import Store
from pathway.store.session import Session
from tui.cases.standing import standing_of
from tui.session import (
    Comparison,
    DeskError,
    ListedCase,
    NewCase,
    Opened,
    PathwayEntry,
    Side,
    Standing,
)

_COMPARE = "The list of `pathway step` can compare the case with the installed version."


class CaseDesk:
    """A `Desk` over a store of cases. `clock` gives seconds since 1970 UTC."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        by: str,
        timezone: str,
        installed: Installed | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._by = by
        self._timezone = timezone
        self._installed = installed or Installed(kept=store.definition)
        self._demos: list[TemporaryDirectory[str]] = []

    @property
    def place(self) -> str:
        return self._store.place

    @property
    def timezone(self) -> str:
        return self._timezone

    def pathways(self) -> Sequence[PathwayEntry]:
        return self._installed.entries

    def cases(self) -> Sequence[ListedCase]:
        with _told():
            found = self._store.entries()
        return [ListedCase(one.case, one.case, one.written_at, (one.mark,)) for one in found]

    def with_head(self, listed: ListedCase) -> ListedCase:
        """The label, the pathway and its status; a case that cannot be read gets its problem."""
        return self._read(listed, self._head)

    def with_standing(self, listed: ListedCase, now: int) -> ListedCase:
        """The whole log, folded and looked at as time has passed since; nothing of that is written."""
        return self._read(listed, lambda one: self._whole(self._head(one), now))

    def open(self, case_id: str) -> Opened:
        return Opened(self.taken_up(case_id))

    def taken_up(self, case_id: str) -> KeptCase:
        """A case on the very version that it was begun on, with a remark where that is not the installed one.

        Raises DeskError.
        """
        with _told():
            log = self._store.load(case_id)
            header = log.header
            compiled = self._installed.begun_on(header)
            if compiled is None:
                raise DeskError(_not_here(header, self._installed.remark(header)))
            session = Session.resume(self._store, case_id, compiled, log)
            return KeptCase(session, self._clock, self._remark(header))

    def open_new(self, wanted: NewCase) -> Opened:
        now = self._clock()
        with _told():
            session, _ = Session.open_new(
                self._store,
                self._installed.of(wanted.pathway),
                wanted.case or case_id_for(wanted.pathway.pathway, now),
                at=now,
                by=self._by,
                recorded_at=now,
                timezone=wanted.timezone,
                label=wanted.label or None,
            )
        return Opened(KeptCase(session, self._clock))

    def open_demo(self, pathway: PathwayEntry) -> Opened:
        """Step the made-up case of a pathway in a store of its own; its clock stands at its last entry."""
        from pathway.engine.timeline import read_timeline

        with _told():
            timeline = read_timeline(Path(pathway.key).parent / DEMO)
            folder = TemporaryDirectory(prefix="pathway-demo-")
            self._demos.append(folder)
            session, _ = Session.open_new(
                open_store(folder.name, heads=False),
                self._installed.of(pathway),
                timeline.case,
                at=timeline.entries[0].batch.at,
                by=timeline.entries[0].batch.by,
                recorded_at=timeline.entries[0].batch.recorded_at,
                timezone=timeline.timezone,
                label="DEMO, made up",
            )
            for entry in timeline.entries:
                session.commit(entry.batch, confirm=CONFIRM)
        end = session.now
        remark = "a made-up case at its end; its clock stands still, and it is gone when you leave"
        return Opened(KeptCase(session, lambda: end, remark), lambda: end)

    def compare(self, case_id: str, now: int) -> Comparison:
        with _told():
            log = self._store.load(case_id)
            newest = self._installed.newest(log.header)
            if newest is None:
                raise DeskError(_not_here(log.header, self._installed.remark(log.header)))
            begun = self._installed.begun_on(log.header)
            side = None if begun is None else Side(begun.definition, _now(_folded(log, begun), now))
            rows = _entered_on(newest, log, now)
        label = rows[-1].view.label
        return Comparison(
            log.header.case,
            label,
            log.header.version,
            side,
            Side(newest.definition, rows[-1].view),
            tuple(f"{visible(one.what)}: {visible(one.why)}" for row in rows for one in row.refused),
        )

    def _remark(self, header: Header) -> str | None:
        """What is different about the version of a case, and how the two are compared."""
        remark = self._installed.remark(header)
        if remark is None or self._installed.present(header.pathway) is None:
            return remark
        case, pathway = shlex.quote(visible(header.case)), visible(header.pathway)
        return f"{remark}. Compare: pathway cases replay {case} --screen --against {pathway}"

    def _read(self, listed: ListedCase, work: Callable[[ListedCase], ListedCase]) -> ListedCase:
        try:
            return work(listed)
        except EXPECTED as error:
            return replace(listed, problem=explain(error), is_read=True)

    def _head(self, listed: ListedCase) -> ListedCase:
        head = self._store.head_of(listed.key)
        header = head.header
        entry = self._installed.present(header.pathway)
        begun = next((one for one in self._installed.entries if _is(one, header)), None)
        known = begun or entry
        return replace(
            listed,
            case=header.case,
            label=head.label,
            pathway=header.pathway,
            version=header.version,
            stamp=known.stamp if known is not None else "UNKNOWN STATUS: its pathway is not installed",
            has_head=True,
        )

    def _whole(self, listed: ListedCase, now: int) -> ListedCase:
        log = self._store.load(listed.case)
        compiled = self._installed.begun_on(log.header)
        return replace(
            listed,
            standing=None if compiled is None else _standing(log, compiled, now),
            closed=log.closed,
            remark=self._installed.remark(log.header),
            is_read=True,
        )


@contextmanager
def _told() -> Generator[None]:
    """Every fault that a user can put right becomes one message."""
    try:
        yield
    except EXPECTED as fault:
        raise DeskError(explain(fault)) from fault


def _is(entry: PathwayEntry, header: Header) -> bool:
    return (entry.pathway, entry.version) == (header.pathway, header.version)


def _not_here(header: Header, remark: str | None) -> str:
    text = f"The case {visible(header.case)!r} cannot be opened: {remark}"
    wanted = f"{visible(header.pathway)} {visible(header.version)} ({header.digest[:8]})"
    fix = f"Give the file of {wanted}: pathway step FILE --case {visible(header.case)}."
    return f"{text}. A case goes on only with the text it was begun on. {fix} {_COMPARE}"


def _folded(log: Log, compiled: CompiledPathway) -> Case:
    return case_from_events(compiled, log.header.case, log.events)


def _now(case: Case, now: int) -> View:
    """The case as it is now that time has passed; the stored log is left as it is."""
    return case.view if case.memory.closed is not None else case.pass_time(max(now, case.now), now).view


def _standing(log: Log, compiled: CompiledPathway, now: int) -> Standing:
    return standing_of(_now(_folded(log, compiled), now), now)


def _entered_on(compiled: CompiledPathway, log: Log, now: int) -> list[Again]:
    """What people entered, entered again on another version, up to the present."""
    events = list(log.events)
    if not log.closed:
        last = events[-1]
        to = max(now, max(event.at for event in events))
        line = {"seq": last.seq + 1, "at": to, "recorded_at": to, "batch": last.batch + 1}
        events.append(TimePassed(**line, by="system", to=to))
    rows = list(entered_again(compiled, log.header.case, events))
    if not rows:
        raise DeskError(
            f"The case {log.header.case!r} cannot be entered again: it does not begin with an opening."
        )
    return rows
