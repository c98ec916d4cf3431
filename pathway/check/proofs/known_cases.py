"""The cases beside a definition, as ways to places that are hard to come to: the likeliest are run first.

Whoever wrote the pathway has written cases for the hard corners too. A case is believed for what the engine
does with it now, not for what it says; one that cannot be read or stepped is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathway.check.proofs.exploring import Explorer, Node
from pathway.check.proofs.ways import key_of
from pathway.engine.batch import Batch
from pathway.engine.case import Case, open_case
from pathway.engine.entries import EntryError
from pathway.engine.playing import CONFIRM
from pathway.engine.timeline import read_timeline
from pathway.language.definition import Transition
from pathway.language.problems import DefinitionError

LIKELIEST = 6  # cases run for one way


@dataclass(slots=True)
class KnownCases:
    """Cases that people have written for this pathway."""

    explorer: Explorer
    files: Sequence[Path]
    _texts: dict[Path, str] = field(default_factory=dict[Path, str])
    _run: set[Path] = field(default_factory=set[Path])

    def take(self, way: Transition) -> bool:
        """Run the shortest cases that name the state a way leads to, until one takes it."""
        for file in self._likeliest(f"{way.track}.{way.to}"):
            if file not in self._run:
                self._run.add(file)
                self._note(file)
            if key_of(way) in self.explorer.taken:
                return True
        return False

    def _likeliest(self, state: str) -> list[Path]:
        if not self._texts:
            self._texts.update((file, _text(file)) for file in self.files)
        naming = [file for file in self.files if state in self._texts[file]]
        return sorted(naming, key=lambda file: (len(self._texts[file]), file.name))[:LIKELIEST]

    def _note(self, file: Path) -> None:
        """Let the engine step a case, and remember where it came to."""
        try:
            timeline = read_timeline(file)
        except DefinitionError:
            return
        if timeline.pathway not in (None, self.explorer.definition.id) or timeline.timezone != "UTC":
            return
        entries: tuple[Batch, ...] = ()
        node: Node | None = None
        for batch in (entry.batch for entry in timeline.entries):
            entries = (*entries, batch)
            try:
                case = self._opened(batch) if node is None else node.case.fork()
                events = case.enter(batch, CONFIRM)
            except EntryError:
                return
            node = Node(case, entries)
            self.explorer.note(node, events)

    def _opened(self, first: Batch) -> Case:
        case, _ = open_case(self.explorer.compiled, "known", first.at, first.by, first.recorded_at)
        return case


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
