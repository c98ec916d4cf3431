"""The tour as a page: every course with its pictures, the keys before each, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .course import Shown

HEAD = """# Six courses on the case screen

Every picture is the screen of `pathway step` at 80x24, made by `docs/make_tour.py` from cases of
`{pathway}`, at their own times. Nothing is recorded but with the keys written above each
picture: text in `this type` is typed, Enter is the key, and a new line begins a new entry. The pathway's
status stands in every header.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A course as it was stepped: its name, its title, where it ends, its pictures."""

    name: str
    title: str
    ending: str
    shown: Sequence[Shown]


def page(pathway: str, courses: Sequence[Told]) -> Iterator[str]:
    """The index, block by block."""
    yield HEAD.format(pathway=pathway)
    for course in courses:
        yield f"## {course.name.capitalize()}\n\n{course.title.rstrip('.')}. {course.ending}\n"
        for number, one in enumerate(course.shown, start=1):
            yield f"### {number}. {one.caption}\n"
            yield from [*(f"- {keys}" for keys in one.keys), ""] if one.keys else []
            yield f"![{one.alt}]({course.name}/{number:02}.svg)\n"
