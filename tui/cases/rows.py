"""The rows of the list of cases: their order, their words, and what typing narrows them to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.keymap import KeyOf
from tui.lines import Line, Tone, cut, cut_middle, inert
from tui.session import ListedCase, Standing
from tui.times import show_remaining, show_time

UNREAD = "not read yet"
NO_LABEL = "(no label)"


@dataclass(frozen=True, slots=True)
class Columns:
    """The heads of the columns and how wide each is, without the gap between two."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    is_wide: bool


HEADS = ("Case", "Label", "Pathway", "Stands", "Next due", "!", "Open")
PATHWAY = HEADS.index("Pathway")
_SMALL, _WIDE = (11, 9, 16, 10, 18, 2, 6), (20, 20, 52, 30, 20, 2, 6)


def columns_of(width: int) -> Columns:
    """The columns for a window: the words of a case are cut in the list, and stand in full below it."""
    is_wide = width >= sum(_WIDE) + len(_WIDE) + 1
    return Columns(HEADS, _WIDE if is_wide else _SMALL, is_wide)


def in_order(cases: Iterable[ListedCase], now: int) -> list[ListedCase]:
    """LATE first, then by next due time, then the last written; closed cases come after all others."""
    return sorted(cases, key=lambda one: _rank(one, now))


def is_late(one: ListedCase, now: int) -> bool:
    due = one.standing.due if one.standing is not None else None
    return due is not None and not one.closed and now > due


def narrowed(cases: Iterable[ListedCase], typed: str, now: int) -> list[ListedCase]:
    """The cases whose row has every word that was typed."""
    words = typed.casefold().split()
    if not words:
        return list(cases)
    return [one for one in cases if all(word in _sought(one, now) for word in words)]


def cells(one: ListedCase, now: int, columns: Columns) -> tuple[str, ...]:
    """A row, each cell cut to its column; nothing in it is markup, and no control character is left."""
    texts = (
        cut_middle(one.case, columns.widths[0]),
        one.label or NO_LABEL if one.has_head else "",
        pathway_words(one) if columns.is_wide else _short_pathway(one, columns.widths[PATHWAY]),
        stands_words(one),
        due_words(one, now),
        _warning_words(one.standing),
        _open_words(one),
    )
    return tuple(cut(text, width) for text, width in zip(texts, columns.widths, strict=True))


def pathway_words(one: ListedCase) -> str:
    """`DRAFT demo@1.0.0`: the status of an unapproved pathway is where nothing is ever cut."""
    if one.pathway is None:
        return ""
    status = f"{one.stamp.partition(':')[0]} " if one.stamp is not None else ""
    return f"{status}{one.pathway}@{one.version}"


def stamp_words(cases: Iterable[ListedCase]) -> str:
    """The pathways of the list that are not approved, each with its status; empty where all are approved."""
    stamped = {f"{one.stamp.partition(':')[0]} {one.pathway}" for one in cases if one.stamp is not None}
    return f"NOT APPROVED for clinical use: {', '.join(sorted(stamped))}" if stamped else ""


def _short_pathway(one: ListedCase, width: int) -> str:
    """The version whole and the name cut: of a small window the status stands above the list and below it."""
    version = f"@{one.version}"
    return "" if one.pathway is None else cut(one.pathway, max(3, width - len(version))) + version


def stands_words(one: ListedCase) -> str:
    if one.problem is not None:
        return "DAMAGED"
    if one.standing is None:
        return "not known" if one.is_read else UNREAD
    return ", ".join(one.standing.stands)


def due_words(one: ListedCase, now: int) -> str:
    """`LATE by 5 min`, `soon, 10 min left`, `ok, 2 h left`; in words, never by colour alone."""
    if one.standing is None:
        return "not known" if one.is_read or one.problem is not None else UNREAD
    due = one.standing.due
    if one.closed or due is None:
        return "nothing due"
    remaining = show_remaining(due, now)
    return remaining if now > due else f"{one.standing.urgency or 'ok'}, {remaining}"


def detail_lines(one: ListedCase | None, now: int, key: KeyOf) -> list[Line]:
    """The highlighted case in full: what the columns had to cut. `key` gives the keys of the list."""
    if one is None:
        return [Line(f"Up and Down highlight a case. {key('cases.open')} opens it.")]
    lines = [Line(one.label or (NO_LABEL if one.has_head else ""), one.case)]
    if one.problem is not None:
        return [*lines, Line(one.problem, "DAMAGED:", Tone.ALARM)]
    lines += _due_lines(one, now)
    if one.remark is not None:
        lines.append(Line(f"{one.remark} ({key('cases.compare')} compares)", "Version:", Tone.STRONG))
    lines += _warning_lines(one.standing)
    if one.pathway is not None:
        stamp = f"; {one.stamp}" if one.stamp is not None else ""
        lines.append(Line(f"{one.pathway} {one.version}{stamp}"))
    if one.standing is not None:
        where = "Closed at:" if one.closed else "Stands at:"
        lines.append(Line("; ".join(one.standing.stands), where))
    return lines


def count_words(cases: Sequence[ListedCase], found: int, most: int, now: int) -> str:
    """How many there are, how many are late, and whether that is the whole truth yet.

    `found` are left by the filter, of which the first `most` are in the table.
    """
    late = sum(is_late(one, now) for one in cases)
    read = sum(one.is_read for one in cases)
    damaged = sum(one.problem is not None for one in cases)
    words = f"{_counted(len(cases))}, {late} LATE" + (f", {damaged} DAMAGED" if damaged else "")
    if found < len(cases):
        words = f"{found:,} of {words}"
    if most < found:
        words = f"first {most:,} of {words}"
    if read < len(cases):
        words += f"; {read:,} read so far, a LATE one may still come up"
    return words


def _due_lines(one: ListedCase, now: int) -> list[Line]:
    standing = one.standing
    if standing is None:
        return [] if one.is_read else [Line(UNREAD)]
    if standing.due is None or one.closed:
        return []
    at = show_time(standing.due, now, standing.timezone)
    words = f"{at} {standing.due_title}, {due_words(one, now)}"
    return [Line(words, "Next due:", Tone.ALARM if is_late(one, now) else Tone.PLAIN)]


def _warning_lines(standing: Standing | None) -> list[Line]:
    if standing is None or not standing.warnings:
        return []
    grave = f", {standing.grave} of them high" if standing.grave else ""
    return [Line(f"{standing.warnings} not acknowledged{grave}", "Warnings:")]


def _rank(one: ListedCase, now: int) -> tuple[int, int, int, str]:
    if one.closed:
        return 3, 0, -one.written_at, one.case
    due = one.standing.due if one.standing is not None else None
    if due is None:
        return 2, 0, -one.written_at, one.case
    return (0 if now > due else 1), due, -one.written_at, one.case


def _sought(one: ListedCase, now: int) -> str:
    texts = (
        one.case,
        one.label or "",
        pathway_words(one),
        stands_words(one),
        due_words(one, now),
        _open_words(one),
        one.remark or "",
    )
    return inert(" ".join(texts)).casefold()


def _warning_words(standing: Standing | None) -> str:
    return str(standing.warnings) if standing is not None and standing.warnings else ""


def _open_words(one: ListedCase) -> str:
    return "closed" if one.closed else "open" if one.is_read and one.problem is None else ""


def _counted(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"
