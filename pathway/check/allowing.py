"""Comments `# allow: CODE reason`, each of which silences one finding where it stands, and says why."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from pathway.check.codes import CODES, UNUSED_ALLOW
from pathway.check.findings import Finding, gravest_first
from pathway.language.characters import LINE_BREAK, split_lines
from pathway.language.problems import DefinitionError, Place, Problem, nearest
from pathway.language.source import read_text

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALLOW = re.compile(r"#[ \t]*allow[ \t]*:")
_ANOTHER = re.compile(rf"(?:^|(?<=[ \t]))(?={_ALLOW.pattern})")
_COMMENT = re.compile("#[^\n\r\x85\u2028\u2029]*")
_STATE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
SHAPE = "# allow: CODE reason"


@dataclass(frozen=True, slots=True)
class Allow:
    """One comment: the finding it allows and why.

    `place` is where the comment stands and `line` the line of the findings it speaks of: its own, or the one
    below its block of comments; None where nothing stands directly below. `state` is the `track.state` it
    names behind the code, if any: then only what is found about that state is meant.
    """

    code: str
    reason: str
    place: Place
    line: int | None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that a comment silences."""

    finding: Finding
    allow: Allow


@dataclass(frozen=True, slots=True)
class Silenced:
    """What is left to say, the gravest first, and what comments silence, in the order it was found."""

    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]


def read_allows(files: Iterable[str | Path]) -> tuple[Allow, ...]:
    """The comments `# allow: CODE reason` of a definition's files, as `Definition.files` names them.

    Raises DefinitionError with every such comment that has no reason or no known code.
    """
    found: list[Allow] = []
    problems: list[Problem] = []
    for path in map(Path, files):
        name = path.as_posix()
        try:
            found += allows_in(_text_of(path, name), name)
        except DefinitionError as error:
            problems += error.problems
    if problems:
        raise DefinitionError(problems)
    return tuple(found)


def allows_in(text: str, name: str) -> tuple[Allow, ...]:
    """The comments of one YAML text; `name` is what its places call it. Raises DefinitionError."""
    text = text.removeprefix("\ufeff")
    if _ALLOW.search(text) is None:
        return ()
    read_text(text, name)
    found: list[Allow] = []
    problems: list[Problem] = []
    for place, words, line in _directives(text, name):
        match _read(place, words, line):
            case Allow() as allow:
                found.append(allow)
            case problem:
                problems.append(problem)
    if problems:
        raise DefinitionError(problems)
    return tuple(found)


def silence(
    findings: Iterable[Finding], allows: Iterable[Allow], undecided: Collection[str] = ()
) -> Silenced:
    """Take out what comments allow, and add an `unused-allow` for each comment that silences nothing.

    A comment silences the findings of its code on its line. Where these are about several states it has to
    name one, lest it hides what nobody meant. `undecided` are the codes that were not looked for to the end:
    whether a comment for them is in use cannot be told.
    """
    found = tuple(findings)
    spots = _spots(found)
    taken: dict[int, Allow] = {}
    unused: list[Finding] = []
    for allow in allows:
        here = spots.get((allow.place.file, allow.line, allow.code), [])
        meant = [number for number in here if allow.state in (None, found[number].state)]
        fresh = [number for number in meant if number not in taken]
        if fresh and len({found[number].state for number in meant}) == 1:
            taken |= dict.fromkeys(fresh, allow)
        elif meant or allow.code not in undecided:
            unused.append(_unused(allow, [found[number] for number in meant], found))
    left = [finding for number, finding in enumerate(found) if number not in taken]
    allowed = tuple(Allowed(found[number], taken[number]) for number in sorted(taken))
    return Silenced(gravest_first([*left, *unused]), allowed)


def _spots(found: Sequence[Finding]) -> Mapping[tuple[str, int | None, str], list[int]]:
    """The numbers of the findings by file, line and code."""
    spots: dict[tuple[str, int | None, str], list[int]] = {}
    for number, finding in enumerate(found):
        if finding.place is not None:
            key = (finding.place.file, finding.place.line, finding.code)
            spots.setdefault(key, []).append(number)
    return spots


def _text_of(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        raise DefinitionError([Problem(None, f"{name} cannot be read: {reason}")]) from None


# --- comments that silence nothing --------------------------------------------------------------
def _unused(allow: Allow, meant: Sequence[Finding], found: Sequence[Finding]) -> Finding:
    why, fix = _why_unused(allow, meant), "Remove the comment"
    lines = _lines_of(allow, found)
    if len({finding.state for finding in meant}) > 1:
        fix = f"Name the one that is meant, `# allow: {allow.code} track.state reason`, or part the lines"
    elif not meant and lines:
        close = min(lines, key=lambda line: abs(line - allow.place.line))
        fix = f"Remove the comment, or move it to the {allow.code} in line {close}"
    text = f"`# allow: {allow.code}` silences nothing: {why}"
    return Finding(UNUSED_ALLOW, CODES[UNUSED_ALLOW].severity, text, fix, allow.place)


def _why_unused(allow: Allow, meant: Sequence[Finding]) -> str:
    states = sorted({finding.state or "the pathway" for finding in meant})
    if len(states) > 1:
        return f"{', '.join(states)} each have this finding on the line"
    if meant:
        return "another comment silences this finding already"
    if allow.line is None:
        return "no line stands directly below it"
    about = f" about {allow.state}" if allow.state is not None else ""
    line = "its line" if allow.line == allow.place.line else "the line below it"
    return f"there is no {allow.code}{about} on {line}"


def _lines_of(allow: Allow, found: Sequence[Finding]) -> list[int]:
    """The lines of the same file where this code is found."""
    places = (finding.place for finding in found if finding.code == allow.code)
    return [place.line for place in places if place is not None and place.file == allow.place.file]


# --- reading a comment --------------------------------------------------------------------------
def _read(place: Place, words: str, line: int | None) -> Allow | Problem:
    """What stands behind `# allow:`, or what is wrong with it."""
    code, _, reason = words.partition(" ")
    first, _, rest = reason.strip().partition(" ")
    state = first if _STATE.fullmatch(first) else None
    reason = (reason if state is None else rest).strip()
    if code not in CODES or code == UNUSED_ALLOW:
        return _not_allowed(place, code)
    if not any(character.isalpha() for character in reason):
        text = f"This comment allows `{code}` without a reason"
        behind = f"{code} {state}" if state is not None else code
        return Problem(place, text, f"Say behind it why it is right: `# allow: {behind} reason`")
    return Allow(code, reason, place, line, state)


def _not_allowed(place: Place, code: str) -> Problem:
    if code == UNUSED_ALLOW:
        return Problem(place, f"`{UNUSED_ALLOW}` cannot be allowed", "Remove the comment it is found at")
    if not code:
        return Problem(place, "This comment allows nothing", f"Write `{SHAPE}`, or remove it")
    close = nearest(code, CODES)
    known = ", ".join(name for name in CODES if name != UNUSED_ALLOW)
    fix = f"Did you mean `{close}`?" if close else f"Write one of {known}, then the reason"
    return Problem(place, f"There is no finding `{code}` to allow", fix)


# --- finding the comments -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment with its line and column from 1; `alone` where nothing stands before it."""

    line: int
    column: int
    text: str
    alone: bool


def _directives(text: str, name: str) -> Iterator[tuple[Place, str, int | None]]:
    """Every `# allow:` with its place, the words behind it, and the line it speaks of."""
    lines = split_lines(text)
    comments = [_comment(text, *span) for span in _located(text)]
    below = _below(comments, lines)
    for comment in comments:
        for start, part in _parts(comment.text):
            length, excerpt = len(part.rstrip()), lines[comment.line - 1]
            place = Place(name, comment.line, comment.column + start, length, excerpt)
            words = " ".join(_ALLOW.sub("", part, count=1).split())
            yield place, words, below.get(comment.line, comment.line)


def _parts(comment: str) -> Iterator[tuple[int, str]]:
    """The allows of a comment that begins with one, each with where it starts.

    Behind other words none is read: a line that was commented out keeps its allow to itself.
    """
    if _ALLOW.match(comment) is None:
        return
    starts = [found.start() for found in _ANOTHER.finditer(comment)]
    for start, stop in pairwise([*starts, len(comment)]):
        yield start, comment[start:stop]


def _below(comments: Sequence[_Comment], lines: Sequence[str]) -> Mapping[int, int | None]:
    """For each line that is a comment and nothing else: the line its block stands directly above."""
    below: dict[int, int | None] = {}
    for comment in reversed(comments):
        if comment.alone:
            after = comment.line + 1
            has_text = after <= len(lines) and bool(lines[after - 1].strip())
            below[comment.line] = below.get(after, after if has_text else None)
    return below


def _comment(text: str, line_start: int, line: int, start: int, stop: int) -> _Comment:
    return _Comment(line, start - line_start + 1, text[start:stop], not text[line_start:start].strip())


def _located(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Where the line of each comment starts, its number, and where the comment starts and stops."""
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    for start, stop in _gaps(text):
        for found in _COMMENT.finditer(text, start, stop):
            line = bisect_right(starts, found.start())
            yield starts[line - 1], line, found.start(), found.end()


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a YAML text between its tokens: blanks and comments only.

    The text of a quoted or block scalar is inside its token; of a block scalar only the header is read.
    """
    done = 0
    for token in yaml.scan(text, Loader=_LOADER):
        start, stop = token.start_mark.index, token.end_mark.index
        yield done, start
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            line_end = LINE_BREAK.search(text, start)
            yield start, line_end.start() if line_end is not None else stop
        done = max(done, stop)
