"""Reading a timeline of facts and deeds: YAML or JSON to batches, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import pairwise
from pathlib import Path

from pathway.engine.batch import (
    Batch,
    DeclineEntry,
    DeedEntry,
    FactEntry,
    OverrideEntry,
    Retraction,
    TakeEntry,
)
from pathway.language.calendar import parse_instant, parse_zone
from pathway.language.nodes import Mapping, Node, Scalar, Sequence
from pathway.language.problems import DefinitionError, Place, Problem, nearest
from pathway.language.source import read_source

TOP = ("pathway", "case", "label", "timezone", "by", "timeline", "title", "cites", "layers")
ENTRY = (
    "at",
    "facts",
    "correct",
    "done",
    "declined",
    "take",
    "override",
    "undo",
    "note",
    "close",
    "expect",
    "by",
)
MOST_PROBLEMS = 300  # whoever has more has one cause for most of them
MOST_NAMED = 1000  # facts or deeds that one entry names
BESIDE = ("title", "cites", "layers")
BY = "timeline"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry: what it records, where it stands, and where each named thing in it stands.

    `expect` is what a vignette says the step shall show, unread; stepping takes no notice of it.
    """

    batch: Batch
    place: Place
    places: dict[str, Place]
    expect: Node | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A case to step without a screen. `beside` holds the keys that only vignettes read."""

    pathway: str | None
    case: str
    label: str | None
    timezone: str
    entries: tuple[TimelineEntry, ...]
    name: str
    beside: dict[str, Node] = field(default_factory=dict[str, Node])
    place: Place | None = None


@dataclass(slots=True)
class _Reader:
    zone: tzinfo
    by: str = BY
    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, node: Node, text: str, fix: str = "") -> None:
        self.problems.append(Problem(node.place, text, fix, "timeline"))
        if len(self.problems) >= MOST_PROBLEMS:
            raise DefinitionError(self.problems)

    # --- pieces ---------------------------------------------------------------------------------
    def mapping(self, node: Node, what: str) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        self.refuse(node, f"{what} is a mapping of names to values", "Write {name: value}")
        return None

    def text(self, node: Node, what: str) -> str:
        if isinstance(node, Scalar) and not node.is_null:
            return node.text
        fix = "Write `unknown` where nothing is known, or leave it out"
        self.refuse(
            node, f"{what} has no value" if isinstance(node, Scalar) else f"{what} takes one text", fix
        )
        return ""

    def instant(self, node: Node, what: str) -> int:
        text = self.text(node, what)
        if not text:
            return 0
        try:
            return parse_instant(text, self.zone)
        except ValueError as error:
            self.refuse(node, str(error))
            return 0

    def keys(self, node: Mapping, known: tuple[str, ...], what: str) -> dict[str, Node]:
        for key, _ in node.entries:
            if key.text not in known:
                close = nearest(key.text, known)
                fix = f"Did you mean `{close}`?" if close else f"Known keys: {', '.join(known)}"
                self.refuse(key, f"{what} has no key `{key.text}`", fix)
        return {key.text: value for key, value in node.entries}

    def bounded(self, keys: dict[str, Node]) -> None:
        """Refuse an entry that names more than a ward round finds."""
        for name, node in keys.items():
            parts = node.entries if isinstance(node, Mapping) else getattr(node, "items", ())
            if len(parts) > MOST_NAMED and name != "expect":
                self.refuse(node, f"`{name}` names more than {MOST_NAMED} things", "Write several entries")
                raise DefinitionError(self.problems)

    # --- entry ----------------------------------------------------------------------------------
    def entry(self, node: Node) -> TimelineEntry | None:
        mapping = self.mapping(node, "An entry of the timeline")
        if mapping is None:
            return None
        keys = self.keys(mapping, ENTRY, "An entry")
        self.bounded(keys)
        if "at" not in keys:
            self.refuse(node, "This entry has no time", "Add at: 2026-03-01T08:00")
            return None
        at = self.instant(keys["at"], "at")
        facts, retracted = self.facts(keys.get("facts"), corrects=False)
        corrected, withdrawn = self.facts(keys.get("correct"), corrects=True)
        batch = Batch(
            at=at,
            by=self.text(keys["by"], "by") if "by" in keys else self.by,
            recorded_at=at,
            facts=(*facts, *corrected),
            retracted=(*retracted, *withdrawn),
            done=tuple(self.deeds(keys.get("done"))),
            declined=tuple(
                DeclineEntry(key.text, self.text(value, key.text))
                for key, value in self.pairs(keys, "declined")
            ),
            overrides=tuple(self.override(key, value) for key, value in self.pairs(keys, "override")),
            take=tuple(
                TakeEntry(key.text, self.text(value, key.text)) for key, value in self.pairs(keys, "take")
            ),
            notes=(self.text(keys["note"], "note"),) if "note" in keys else (),
            undo="undo" in keys and self.flag(keys["undo"]),
            close=self.text(keys["close"], "close") if "close" in keys else None,
        )
        places = {"at": keys["at"].place, **self.places(keys)}
        return TimelineEntry(batch, mapping.place, places, keys.get("expect"))

    def flag(self, node: Node) -> bool:
        text = self.text(node, "undo")
        if text not in ("true", "false"):
            self.refuse(node, "undo takes true", "Write undo: true")
        return text == "true"

    def pairs(self, keys: dict[str, Node], name: str) -> Iterator[tuple[Scalar, Node]]:
        if name in keys:
            mapping = self.mapping(keys[name], name)
            yield from mapping.entries if mapping is not None else ()

    def places(self, keys: dict[str, Node]) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for name in ("facts", "correct", "declined", "take", "override", "done"):
            node = keys.get(name)
            if isinstance(node, Mapping):
                found |= {key.text: key.place for key, _ in node.entries}
            elif isinstance(node, Sequence):
                found |= {item.text: item.place for item in node.items if isinstance(item, Scalar)}
        return found

    def facts(self, node: Node | None, corrects: bool) -> tuple[list[FactEntry], list[Retraction]]:
        entries: list[FactEntry] = []
        retracted: list[Retraction] = []
        mapping = None if node is None else self.mapping(node, "facts")
        for key, value in mapping.entries if mapping is not None else ():
            found = self.fact(key.text, value, corrects)
            if isinstance(found, Retraction):
                retracted.append(found)
            elif found is not None:
                entries.append(found)
        return entries, retracted

    def fact(self, name: str, node: Node, corrects: bool) -> FactEntry | Retraction | None:
        if not isinstance(node, Mapping):
            entered = self.entered(name, node)
            return None if entered is None else FactEntry(name, entered, None, corrects)
        keys = self.keys(node, ("value", "at", "correct", "unknown"), f"The value of {name}")
        if "unknown" in keys:
            return Retraction(name, self.text(keys["unknown"], name))
        if "value" not in keys:
            self.refuse(node, f"{name} has no value", "Write {value: V, at: T}, or {unknown: pending}")
            return None
        entered = self.entered(name, keys["value"])
        at = self.instant(keys["at"], "at") if "at" in keys else None
        corrects = corrects or ("correct" in keys and self.flag(keys["correct"]))
        return None if entered is None else FactEntry(name, entered, at, corrects)

    def entered(self, name: str, node: Node) -> str | tuple[str, ...] | None:
        if isinstance(node, Sequence):
            return tuple(self.text(item, name) for item in node.items)
        return self.text(node, name) or None

    def deeds(self, node: Node | None) -> Iterator[DeedEntry]:
        if isinstance(node, Mapping):
            for key, value in node.entries:
                yield DeedEntry(key.text, self.instant(value, key.text))
        elif isinstance(node, Sequence):
            yield from (DeedEntry(self.text(item, "done")) for item in node.items)
        elif node is not None:
            yield DeedEntry(self.text(node, "done"))

    def override(self, key: Scalar, node: Node) -> OverrideEntry:
        if not isinstance(node, Mapping):
            return OverrideEntry(self.text(node, key.text), action=key.text)
        keys = self.keys(node, ("reason", "code", "to"), f"The override of {key.text}")
        reason = self.text(keys["reason"], "reason") if "reason" in keys else ""
        code = self.text(keys["code"], "code") if "code" in keys else "clinical_judgement"
        if "to" in keys:
            return OverrideEntry(reason, code, track=key.text, to=self.text(keys["to"], "to"))
        return OverrideEntry(reason, code, action=key.text)


def read_timeline(path: Path) -> Timeline:
    """Read a timeline file. Raises DefinitionError with everything that is wrong in it."""
    timeline, problems = timeline_and_problems(path)
    if problems:
        raise DefinitionError(problems)
    return timeline


def timeline_and_problems(path: Path) -> tuple[Timeline, list[Problem]]:
    """A timeline file as far as it can be read, and everything that is wrong in it.

    Raises DefinitionError where the file is no YAML mapping at all.
    """
    root = read_source(path)
    if not isinstance(root, Mapping):
        raise DefinitionError(
            [Problem(root.place, "A timeline holds `timeline:` with its entries", "See the README")]
        )
    reader = _Reader(parse_zone("UTC"))
    keys = reader.keys(root, TOP, "A timeline")
    name = _zone(reader, keys)
    reader.by = _text(reader, keys, "by") or BY
    entries = _entries(reader, root, keys)
    pathway, case, label = (_text(reader, keys, key) for key in ("pathway", "case", "label"))
    beside = {key: node for key, node in keys.items() if key in BESIDE}
    timeline = Timeline(
        pathway, case or path.stem, label, name, tuple(entries), path.as_posix(), beside, root.place
    )
    return timeline, reader.problems


def _zone(reader: _Reader, keys: dict[str, Node]) -> str:
    """The name of the case's time zone, in which the reader then reads times."""
    name = _text(reader, keys, "timezone") or "UTC"
    try:
        reader.zone = parse_zone(name)
    except ValueError as error:
        reader.refuse(keys["timezone"], str(error))
        return "UTC"
    return name


def _text(reader: _Reader, keys: dict[str, Node], name: str) -> str | None:
    return reader.text(keys[name], name) if name in keys else None


def _entries(reader: _Reader, root: Mapping, keys: dict[str, Node]) -> list[TimelineEntry]:
    node = keys.get("timeline")
    if not isinstance(node, Sequence):
        reader.refuse(
            node or root,
            "`timeline:` is a list of entries",
            "Write timeline: with lines `- at: ...` below it",
        )
        return []
    if not node.items:
        reader.refuse(node, "`timeline:` has no entries", "Write at least one: - at: 2026-03-01T08:00")
    found = [reader.entry(item) for item in node.items]
    entries = [entry for entry in found if entry is not None]
    for earlier, later in pairwise(entries):
        if later.batch.at < earlier.batch.at:
            text = "This entry lies before the one above it"
            reader.problems.append(
                Problem(later.places["at"], text, "Put the entries in order of time", "timeline")
            )
    return entries
