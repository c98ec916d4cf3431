"""Cases at boundaries as they are drafted: file name, title, timeline, and what is expected at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from pathway.check.boundaries.showing import Entries, Expect, Replays
from pathway.check.proofs.exploring import Explorer
from pathway.check.proofs.seeking import Seeker
from pathway.check.witness import Witness

NOT_READ = "written by `pathway check`, not yet read by anybody"
LONGEST_WORD = 60  # of a file name
LONGEST_GUARD = 120


@dataclass(frozen=True, slots=True)
class BoundaryCase:
    """A case at a boundary with what the engine shows in it: no test before a person has read it.

    `file` is its name below the folder, `title` one sentence, `timeline` the mapping of a vignette.
    """

    file: str
    title: str
    timeline: dict[str, Any]

    def as_yaml(self) -> str:
        """The vignette as text, without the comment at its head."""
        return yaml.safe_dump(self.timeline, sort_keys=False, allow_unicode=True, width=110)


@dataclass(frozen=True, slots=True)
class WithoutCase:
    """A boundary for which no case is written: the file it would have had, what it is about, and why not."""

    file: str
    about: str
    why: str

    def render(self) -> str:
        """One line."""
        return f"{self.file}: {self.about}: {self.why}"


Draft = BoundaryCase | WithoutCase


@dataclass(slots=True)
class Drafts:
    """Where cases are found and written down; every name is given once.

    `found` are the entries of cases in which much is known, to take single facts out of.
    """

    explorer: Explorer
    seeker: Seeker
    replays: Replays
    found: list[Entries] = field(default_factory=list[Entries])
    _names: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, explorer: Explorer, seeker: Seeker) -> Drafts:
        """For what an explorer has found."""
        return cls(explorer, seeker, Replays(explorer.compiled))

    def name(self, folder: str, *words: str) -> str:
        """A file name that can be read, is the same every time, and that no other case has."""
        plain = "-".join(slug(word)[:LONGEST_WORD] for word in words)
        found, number = f"{folder}/{plain}.yaml", 1
        while found.casefold() in self._names:
            number += 1
            found = f"{folder}/{plain}-{number}.yaml"
        self._names.add(found.casefold())
        return found

    def case(self, file: str, title: str, cites: Iterable[str], entries: Entries, expect: Expect) -> Draft:
        """The case that a file shall hold; none where it could cite nothing, or expects nothing."""
        sources = [cite for cite in dict.fromkeys(cites) if cite in self.explorer.definition.sources]
        if not sources:
            return WithoutCase(file, title, "It cites no source, and a case with expectations has to")
        if not expect:
            return WithoutCase(file, title, "Nothing that a case can expect shows it")
        plain = Witness(self.explorer.definition.id, entries, title).as_json()
        timeline = [dict(entry) for entry in plain["timeline"]]
        if entries[-1].take:
            timeline[-1]["take"] = {take.track: take.to for take in entries[-1].take}
        timeline[-1]["expect"] = expect
        vignette = {
            "pathway": plain["pathway"],
            "case": file.removesuffix(".yaml").replace("/", "-"),
            "title": f"{title} ({NOT_READ})",
            "cites": sources,
            "timeline": timeline,
        }
        return BoundaryCase(file, title, vignette)


def slug(text: str) -> str:
    """A text as part of a file name."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.") or "case"


def short(guard: str) -> str:
    """A guard in a title: cut where it is long."""
    words = " ".join(guard.split())
    return words if len(words) <= LONGEST_GUARD else f"{words[:LONGEST_GUARD].rsplit(' ', 1)[0]} ..."
