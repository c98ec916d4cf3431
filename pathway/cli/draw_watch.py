"""`pathway draw --watch`: the chart in a browser on this computer, drawn anew whenever its files are saved.

Loopback only, one address with a token that works once. The picture comes first, the findings of the check
when they are there; a definition that cannot be read shows why, above the last good chart.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError
from diagrams.web.live import Live, Remark
from diagrams.web.page import page, page_without_chart
from diagrams.written.outline import outline_text
from pathway.cli.draw_watch_check import Checking, command
from pathway.cli.draw_watch_files import Clock, Saves, files_of
from pathway.cli.draw_watch_site import Board, Site
from pathway.cli.faults import explain
from pathway.cli.main import FINE
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError, Problem

LOOK = 0.1  # seconds between two looks at the files
SECOND, TENTH = 1_000_000_000, 100_000_000
CHECKING = "The check is under way; the findings come when it is done."
NOT_CHECKED = "Not checked: the definition cannot be drawn as it is now."

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A definition with its picture and its text twin; `number` counts the drawings of this preview."""

    definition: Definition
    svg: str
    outline: str
    number: int


@dataclass(slots=True)
class Preview:
    """The definition as it was last read, its last good picture, and what the check says of it."""

    main: Path
    engine: Engine
    clock: Clock
    board: Board
    checking: Checking
    saves: Saves = field(init=False)
    _drawn: Drawn | None = None
    _problems: tuple[str, ...] = ()
    _said: str = ""
    _checked: str = ""
    _remarks: tuple[Remark, ...] = ()
    _revision: int = 0

    def __post_init__(self) -> None:
        self.saves = Saves(self.clock)
        self.saves.follow(files_of(self.main, None))

    def look(self) -> None:
        """Draw again if the files were saved, and take in what the check has found."""
        if self.saves.are_due():
            self.draw()
        answer = self.checking.answer()
        if answer is None or self._drawn is None:
            return
        if answer.digest in (None, self._drawn.definition.digest):
            self._checked, self._remarks = answer.verdict, answer.remarks
            self._show()

    def draw(self) -> None:
        """Draw what the files say now; when they cannot be drawn, the last good chart stays."""
        began = self.clock()
        self.checking.stop()
        self._remarks = ()
        found: tuple[Problem, ...] = ()
        try:
            definition = load_definition(self.main)
            self._take(definition)
        except DefinitionError as error:
            found = error.problems
            self._fail(tuple(problem.render() for problem in found))
        except (RenderError, OSError) as error:
            self._fail((explain(error),))
        else:
            self._said = f"{self._name()}, made in {_seconds(self.clock() - began)}."
            self.checking.start()
        self.saves.follow(files_of(self.main, self._drawn and self._drawn.definition, found))
        self._show()

    def _take(self, definition: Definition) -> None:
        chart = chart_of(definition)
        svg = picture(chart, dot_of(chart), self.engine)
        number = 1 if self._drawn is None else self._drawn.number + 1
        self._drawn = Drawn(definition, svg, outline_text(definition), number)
        self._problems, self._checked = (), CHECKING

    def _fail(self, problems: tuple[str, ...]) -> None:
        self._problems, self._checked = problems, NOT_CHECKED
        self._said = f"It is {self._name()}." if self._drawn is not None else ""

    def _name(self) -> str:
        number = 0 if self._drawn is None else self._drawn.number
        return f"Drawing {number} of {self.main}"

    def _show(self) -> None:
        self._revision += 1
        drawn = self._drawn
        live = Live(
            self._revision, self._said, self._problems, drawn is not None, self._checked, self._remarks
        )
        shown = (
            page_without_chart(str(self.main), live)
            if drawn is None
            else page(drawn.definition, drawn.svg, drawn.outline, live)
        )
        self.board.put_up(self._revision, shown)


def _seconds(nanoseconds: int) -> str:
    """To the tenth, rounded up.

    >>> _seconds(120_000_000), _seconds(3 * SECOND)
    ('0.2 s', '3.0 s')
    """
    tenths = -(-nanoseconds // TENTH)
    return f"{tenths // 10}.{tenths % 10} s"


def watch(
    name: str, engine: Engine = "auto", clock: Clock = time.monotonic_ns, pause: Pause = time.sleep
) -> int:
    """Serve the preview of a pathway until ctrl+c; returns the exit code.

    Raises DefinitionError if there is no such pathway.
    """
    main, board = find_pathway(name), Board()
    site, checking = Site(board), Checking(command(str(main)))
    answering = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": LOOK}, daemon=True)
    preview = Preview(main, engine, clock, board, checking)
    try:
        answering.start()
        preview.draw()
        print(
            f"Open in a browser on this computer (works once; ctrl+c stops): {site.admission.address}",
            file=sys.stderr, flush=True,
        )  # fmt: skip
        while True:
            preview.look()
            pause(LOOK)
    except KeyboardInterrupt:
        return FINE
    finally:
        checking.stop()
        site.close()
