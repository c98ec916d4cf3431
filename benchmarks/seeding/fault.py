"""What a seeded fault is: one edit of one original, what should be found, and why it is a true fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A correct pathway, merged from its files, every scalar as written."""

    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """One place of an original: what stands there now, or None where it is taken out."""

    path: Path
    value: Any
    removes: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding of one of these codes, about one of these elements (paths from the top of the pathway)."""

    codes: frozenset[str]
    elements: tuple[Path, ...]

    @property
    def words(self) -> str:
        """For the list of what was missed."""
        places = ", ".join(dotted(path) for path in self.elements)
        return f"{' or '.join(sorted(self.codes))} at {places}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A single fault. `why` says how it is known to be one."""

    kind: str
    original: str
    edit: Edit
    before: str
    after: str
    expected: Expected
    why: str

    @property
    def element(self) -> str:
        return dotted(self.edit.path)

    @property
    def id(self) -> str:
        """A readable name: original, kind, element, and what stands there now."""
        return f"{self.original}: {self.kind}: {self.element}: {self.before or '(nothing)'} -> {self.after}"


def dotted(path: Path) -> str:
    """`care.banding.next.1.when` for the path of a way's guard, `safeguards.low_inr` for a safeguard."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path]
    if parts[:1] == ["tracks"]:
        parts = [part for part in parts[1:] if part != "states"]
    return ".".join(parts)


def expect(codes: str, *elements: Path) -> Expected:
    """`expect("gap overlap", path)`."""
    return Expected(frozenset(codes.split()), elements)
