"""Makes the README's pictures again: the terminal in the middle of the demo case, and a flowchart.

Run `make pictures`. Everything is taken from the bundled pathway and its demo case, at the demo's own times,
so the same definition gives the same pictures.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from diagrams.draw import draw
from diagrams.excerpt import excerpt
from pathway.cli.kept_case import KeptCase
from pathway.engine.compiling import compile_pathway
from pathway.engine.timeline import Timeline, read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.definition import Definition
from pathway.language.load import load_definition
from pathway.store.places import open_store
from pathway.store.session import Session
from tui.app import CaseApp

FLAGSHIP = "spinal-leptomeningeal-infection"
PICTURES = Path(__file__).parent / "pictures"
SIZES = {"terminal-80x24": (80, 24), "terminal-160x50": (160, 50)}
ENTRIES = 4  # the puncture is held for its platelet count by then


def sitting_at(definition: Definition, timeline: Timeline, folder: Path) -> tuple[KeptCase, int]:
    """The demo case after its first entries, kept in a store of its own, and the time by then."""
    first = timeline.entries[0].batch
    session, _ = Session.open_new(
        open_store(folder, heads=False),
        compile_pathway(definition),
        timeline.case,
        at=first.at,
        by="dr_a",
        recorded_at=first.at,
        label="demo patient",
    )
    for entry in timeline.entries[:ENTRIES]:
        session.commit(replace(entry.batch, by="dr_a"), confirm="timeline")
    now = timeline.entries[ENTRIES - 1].batch.at
    return KeptCase(session, lambda: now), now


async def terminal(case: KeptCase, now: int, size: tuple[int, int]) -> str:
    """The screen as SVG."""
    app = CaseApp(case, lambda: now, "dr_a")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return app.export_screenshot(title="pathway step")


def main() -> None:
    """Make all pictures."""
    file = find_pathway(FLAGSHIP)
    definition, timeline = load_definition(file), read_timeline(file.parent / "cases" / "demo.yaml")
    PICTURES.mkdir(exist_ok=True)
    for name, size in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            case, now = sitting_at(definition, timeline, Path(folder))
            picture = asyncio.run(terminal(case, now, size))
        (PICTURES / f"{name}.svg").write_text(picture, "utf-8")
        print(PICTURES / f"{name}.svg")
    chart = PICTURES / "emergency.svg"
    print(draw(excerpt(definition, ["emergency"]), chart, "wasm")[0])
    chart.with_suffix(".dot").unlink()


if __name__ == "__main__":
    main()
