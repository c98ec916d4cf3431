"""`pathway draw --watch`: the chart in a browser on this computer, drawn anew whenever its files are saved.

Loopback only, one address with a token that works once. The picture comes first, the findings of the check
when they are there; a definition that cannot be read shows why, above the last good chart.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from diagrams.dot import dot_of
from diagrams.draw import picture
from diagrams.from_definition import chart_of
from diagrams.layout import Engine, RenderError
from diagrams.web.live import Live, Remark
from diagrams.web.page import Pictured, Told, page_of, page_without_chart, pictured, told_of
from diagrams.written.outline import outline_text
from pathway.cli.draw_watch_check import Checking, command
from pathway.cli.draw_watch_files import Clock, Saves, files_of
from pathway.cli.draw_watch_site import Board, Site
from pathway.cli.faults import explain
from pathway.cli.main import FINE
from pathway.language.bundled import find_pathway
from pathway.language.collecting import garbage_put_off
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError, Problem

LOOK = 0.04  # seconds between two looks at the files
SECOND, TENTH = 1_000_000_000, 100_000_000
CHECKING = "The check is under way; the findings come when it is done."
NOT_CHECKED = "Not checked: the definition cannot be drawn as it is now."

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A definition with its picture and what is told of it; `number` counts the drawings of this preview."""

    definition: Definition
    picture: Pictured
    told: Told
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
            with garbage_put_off():
                self._take(load_definition(self.main))
        except DefinitionError as error:
            found = error.problems
            self._fail(tuple(problem.render() for problem in found))
        except (RenderError, OSError) as error:
            self._fail((explain(error),))
        else:
            self._said = f"{self._name()}, made in {_seconds(self.clock() - began)}."
        self._show()  # before anything else that takes time: the author waits for the picture
        self.saves.follow(files_of(self.main, self._drawn and self._drawn.definition, found))
        if not self._problems:
            self.checking.start()

    def _take(self, definition: Definition) -> None:
        """Take in a new definition; while Graphviz lays it out, the words of the page are made."""
        with ThreadPoolExecutor(1) as aside:
            drawing = aside.submit(self._picture, definition)
            told = told_of(definition, outline_text(definition))
            made = drawing.result()
        number = 1 if self._drawn is None else self._drawn.number + 1
        self._drawn = Drawn(definition, made, told, number)
        self._problems, self._checked = (), CHECKING

    def _picture(self, definition: Definition) -> Pictured:
        chart = chart_of(definition)
        return pictured(picture(chart, dot_of(chart), self.engine))

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
            else page_of(drawn.told, drawn.picture, live)
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
