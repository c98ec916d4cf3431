"""A desk over a real store: two versions of the demo pathway, cases on them, and scenes at the list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from pathway.cli.case_desk import CaseDesk
from pathway.cli.installed import Installed
from pathway.cli.list_command import Listed
from pathway.engine.batch import Batch, FactEntry, TakeEntry
from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.store.places import open_store
from pathway.store.session import Session
from tests.tui.support import DEMO, NOON
from tui.cases.app import CasesApp
from tui.cases.cases_screen import CasesScreen

SMALL, WIDE = (80, 24), (160, 50)
HOUR = 3600
Scene = Callable[[Pilot[None]], Awaitable[None]]
STRICTER = DEMO.replace("version: 1.0.0", "version: 1.1.0").replace(
    "platelet_count < 40, effect", "platelet_count < 140, effect"
)


@dataclass
class Ward:
    """A store, the pathways that are installed, and a clock that stands still."""

    root: Path
    now: list[int] = field(default_factory=lambda: [NOON])

    def __post_init__(self) -> None:
        self.store = open_store(self.root / "store", heads=False)
        self.first = self.written("first", DEMO)
        self.files = [self.first]

    def written(self, name: str, text: str) -> Path:
        file = self.root / name / "pathway.yaml"
        file.parent.mkdir()
        file.write_text(text, "utf-8")
        return file

    def desk(self) -> CaseDesk:
        listed = [_listed(file) for file in self.files]
        return CaseDesk(self.store, lambda: self.now[0], "ms", "Europe/Berlin", Installed(listed))

    def case(self, case_id: str, label: str | None = "bed 7", at: int = NOON) -> Session:
        """A case that was opened on the first version."""
        compiled = compile_pathway(load_definition(self.first))
        session, _ = Session.open_new(
            self.store, compiled, case_id, at=at, by="ms", recorded_at=at, timezone="UTC", label=label
        )
        return session

    def in_workup(self, case_id: str, label: str | None = "bed 7", at: int = NOON) -> Session:
        """A case in the workup: the antibiotic is due an hour later, the puncture after four."""
        session = self.case(case_id, label, at)
        enter(session, facts={"suspected": "true"})
        enter(session, take=("care", "workup"))
        return session

    def log_of(self, case_id: str) -> bytes:
        return self.store.lines(case_id)


def enter(session: Session, facts: dict[str, str] | None = None, take: tuple[str, str] | None = None) -> None:
    entries = tuple(FactEntry(name, value) for name, value in (facts or {}).items())
    session.commit(
        Batch(session.now, "ms", session.now, facts=entries, take=(TakeEntry(*take),) if take else ())
    )


def at_the_list(ward: Ward, scene: Scene, size: tuple[int, int] = SMALL) -> CasesApp:
    """Play a scene at the list of the ward's cases."""
    app = CasesApp(ward.desk(), lambda: ward.now[0], "ms")

    async def play() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await read(pilot)
            await scene(pilot)

    asyncio.run(play())
    return app


async def read(pilot: Pilot[None]) -> None:
    """Wait until the threads have read and opened what was asked, and the screen shows it."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    if isinstance(pilot.app.screen, CasesScreen):
        pilot.app.screen._flush()  # what a timer does four times a second
    while not getattr(pilot.app.screen, "is_settled", True):
        await pilot.pause(0.05)
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await read(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if character == " " else character for character in text))
    await read(pilot)


def shown(pilot: Pilot[None]) -> str:
    """The text of the whole screen, row by row."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def row_of(pilot: Pilot[None], words: str) -> str:
    """The first row of the screen that has these words."""
    return next(row for row in shown(pilot).splitlines() if words in row)


def _listed(file: Path) -> Listed:
    definition = load_definition(file)
    return Listed(definition.id, definition.version, definition.status, definition.title, file.as_posix())
