"""Makes docs/tour again: six courses on the case screen at 80x24, keys only, a picture after every step.

Run `python docs/make_tour.py`; it takes about a minute and a half. Each entry of a bundled case is keyed in
at the entry's own time, as `touring` does it. The clock stands still in between, so the same definitions
give the same pictures, byte by byte.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from touring.course import Course, Plan
from touring.page import Told, page

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.timeline import read_timeline
from pathway.language.bundled import find_pathway
from pathway.language.load import load_definition

FLAGSHIP = "spinal-leptomeningeal-infection"
TOUR = Path(__file__).parent / "tour"
COURSES = {
    "bacterial": Plan(
        "demo", "follow-up ended, recovered", frozenset({"fact", "unknown", "facts", "act", "done", "close"})
    ),
    "tuberculosis": Plan("tb", "follow-up ended, recovered"),
    "fungal": Plan("cryptococcus", "follow-up ended, recovered"),
    "malignant": Plan("malignant_active", "the patient has died"),
    "neurosarcoidosis": Plan("neurosarcoidosis", "follow-up ended, in remission", frozenset({"override"})),
    "undetermined": Plan("cause_undetermined", "follow-up ended, recovered"),
}
WORKERS = 6  # each mostly waits for its screen


@cache
def flagship() -> CompiledPathway:
    """The pathway, compiled once: processes that are forked afterwards have it."""
    return compile_pathway(load_definition(find_pathway(FLAGSHIP)))


def told(name: str) -> Told:
    """Step a course to its end. Raises StuckError where keys do not lead through it."""
    plan = COURSES[name]
    timeline = read_timeline(find_pathway(FLAGSHIP).parent / "cases" / f"{plan.case}.yaml")
    with tempfile.TemporaryDirectory() as folder:
        course = Course(flagship(), timeline, plan, Path(folder))
        shown = asyncio.run(course.step())
    return Told(name, str(getattr(timeline.beside["title"], "text", name)), course.ending, shown)


def main() -> None:
    """Make all pictures and the index; what was there before goes."""
    flagship()
    with ProcessPoolExecutor(WORKERS) as pool:
        courses = list(pool.map(told, COURSES))
    shutil.rmtree(TOUR, ignore_errors=True)
    for course in courses:
        (TOUR / course.name).mkdir(parents=True)
        for number, one in enumerate(course.shown, start=1):
            (TOUR / course.name / f"{number:02}.svg").write_text(one.svg, "utf-8")
        print(f"{TOUR / course.name}: {len(course.shown)} pictures")
    (TOUR / "README.md").write_text("\n".join(page(FLAGSHIP, courses)), "utf-8")


if __name__ == "__main__":
    main()
