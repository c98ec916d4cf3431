"""Scenes at the screen of a case: what is pressed and typed, and what stands on the screen then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from textual.pilot import Pilot

from tests.tui.support import NOON
from tui.app import CaseApp, PathwayApp
from tui.session import CaseSession
from tui.settings import Settings
from tui.window import SETTLE

SMALL, WIDE = (80, 24), (160, 50)
SIZES = pytest.mark.parametrize("size", [SMALL, WIDE])
Scene = Callable[[Pilot[None]], Awaitable[None]]
AnyApp = TypeVar("AnyApp", bound=PathwayApp)


def played(app: AnyApp, scene: Scene, size: tuple[int, int] = SMALL) -> AnyApp:
    """Play a scene in an application, from its first picture on."""

    async def play() -> None:
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await scene(pilot)

    asyncio.run(play())
    return app


def at_the_screen(
    session: CaseSession,
    scene: Scene,
    size: tuple[int, int] = SMALL,
    now: list[int] | None = None,
    settings: Settings | None = None,
) -> CaseApp:
    """Play a scene on the screen of a case. `now` holds the time; the scene may change it."""
    clock = now or [NOON]
    return played(CaseApp(session, lambda: clock[0], "ms", settings), scene, size)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        while not getattr(pilot.app.screen, "is_settled", True):
            await pilot.pause(0.05)


async def write(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if character == " " else character for character in text))
    await pilot.pause()


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause(SETTLE + 0.1)


async def go_on(pilot: Pilot[None], number: str) -> None:
    """Take a way on by its number; it asks once more."""
    await press(pilot, *number, "enter")
    await settled(pilot)
    await press(pilot, "enter")


def shown(pilot: Pilot[None]) -> str:
    """The text of the whole screen, row by row."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def flat(text: str) -> str:
    """The text without line breaks and the frame of a box."""
    return " ".join(text.replace("│", " ").split())


def panel_text(pilot: Pilot[None], name: str) -> str:
    """What can be read in a panel as it stands on the screen."""
    region = pilot.app.screen.query_one(f"#panel-{name}").region
    rows = shown(pilot).splitlines()[region.y : region.bottom]
    return "\n".join(row[region.x : region.right] for row in rows)
