"""The safeguards, notices and claims of a pathway."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.document.content import Chapter, Column, Line, Row, Span, Table
from pathway.document.reading import Reading, code, joined, line, mark, quiet, strong
from pathway.language.definition import Claim, Notice, Safeguard

SEVERITIES = {
    "high": "High severity",
    "medium": "Medium severity",
    "low": "Low severity",
    "info": "For information",
}
UNKNOWN = {
    "hold": "while UNKNOWN: held, and the missing facts are asked for",
    "warn": "while UNKNOWN: not held; warned, and the missing facts are asked for",
    "ask": "while UNKNOWN: not held; the missing facts are asked for",
}
SAFETY = ("SAFETY", "safety")


# --- safeguards -----------------------------------------------------------------------------------
def safeguards_chapter(reading: Reading) -> Chapter:
    """Every safeguard: on what, when, what TRUE and UNKNOWN do, and who may override it."""
    rows = tuple(_safeguard(reading, one) for one in reading.definition.safeguards.values())
    columns = (
        Column("Safeguard", width="26%"), Column("Condition", width="37%"), Column("What it does and says"),
    )  # fmt: skip
    opening = line(
        "A safeguard stands between an action and the patient. TRUE blocks or warns, FALSE clears, and "
        "UNKNOWN does what the safeguard says. Without an override nobody can lift it."
    )
    tables = (Table("Safeguards", columns, rows),) if rows else ()
    return Chapter("safeguards", "Safeguards", (opening,), (), tables)


def _safeguard(reading: Reading, item: Safeguard) -> Row:
    acts = "block" if item.effect == "block" else "warn"
    on = line(quiet("on "), *joined([[reading.action(name)] for name in item.actions]))
    cells = (
        (*_head(reading, reading.safeguard_numbers[item.name], item), on, *reading.sources(item.cites)),
        reading.guard(item.when, f"{acts} when "),
        tuple(_effect(item)),
    )
    return Row(f"safeguard-{item.name}", cells, item.layer, item.safety)


def _head(reading: Reading, number: str, item: Safeguard | Notice) -> Iterator[Line]:
    yield line(strong(number), " ", code(item.name))
    kept = (" ", mark(*SAFETY), " stays when its layer is switched off") if item.safety else ()
    yield line(*reading.belongs(item.layer), mark(item.severity, item.severity), *kept)


def _effect(item: Safeguard) -> Iterator[Line]:
    yield line(item.text)
    yield line(strong("blocks" if item.effect == "block" else "warns"), " while TRUE")
    yield line(UNKNOWN[item.unknown])
    if item.override is not None:
        yield line(quiet("override: "), strong(item.override))
    elif item.effect == "block":
        yield line(strong("no override"))


# --- notices --------------------------------------------------------------------------------------
def notices_chapter(reading: Reading) -> Chapter:
    """Every warning and explanation, the gravest first."""
    notices = reading.definition.notices.values()
    columns = (Column("Notice", width="26%"), Column("Text", width="40%"), Column("Shown"))
    tables = tuple(
        Table(title, columns, tuple(_notice(reading, one) for one in notices if one.severity == severity))
        for severity, title in SEVERITIES.items()
        if any(one.severity == severity for one in notices)
    )
    opening = line("Shown beside the actions and states that they qualify.")
    return Chapter("notices", "Warnings and notices", (opening,), (), tables)


def _notice(reading: Reading, notice: Notice) -> Row:
    number = reading.notice_numbers[notice.name]
    cells = (
        (*_head(reading, number, notice), *reading.sources(notice.cites)),
        (line(notice.text),),
        (*_shown_when(reading, notice), line(quiet("about: "), *_about(reading, notice))),
    )
    return Row(f"notice-{notice.name}", cells, notice.layer, notice.safety)


def _shown_when(reading: Reading, notice: Notice) -> tuple[Line, ...]:
    return reading.guard(notice.when, "when ") if notice.when is not None else (line("always"),)


def _about(reading: Reading, notice: Notice) -> tuple[Span, ...]:
    tracks = reading.definition.tracks
    states = [[reading.state(tracks[track].states[state])] for track, state in notice.states]
    return joined(
        [*states, *([reading.action(name)] for name in notice.about)] or [[quiet("the whole case")]]
    )


# --- claims ---------------------------------------------------------------------------------------
def claims_chapter(reading: Reading) -> Chapter:
    """The properties that are stated for proof."""
    rows = tuple(_claim(reading, one) for one in reading.definition.claims.values())
    columns = (Column("Claim", width="30%"), Column("What is claimed"))
    opening = line(
        "What this pathway claims of itself, so that it can be proved or refuted. A claim is no proof; ",
        code("pathway check"), " says which of them hold.",
    )  # fmt: skip
    tables = (Table("Claims", columns, rows),) if rows else ()
    return Chapter("claims", "Claims", (opening,), (), tables)


def _claim(reading: Reading, claim: Claim) -> Row:
    head = (line(*reading.belongs(claim.layer), code(claim.name)), *reading.sources(claim.cites))
    return Row(f"claim-{claim.name}", (head, tuple(_claimed(reading, claim))), claim.layer)


def _claimed(reading: Reading, claim: Claim) -> Iterator[Line]:
    said = reading.written.claims[claim.name]
    match claim.form:
        case "only":
            yield line(
                reading.action(claim.actions[0]), " is recommended or done only when the following holds"
            )
        case "before":
            yield line(*joined([[_named(reading, name)] for name in claim.actions], " comes before "))
        case "within":
            action, start = claim.actions
            limit = strong(said.within.limit if said.within is not None else "")
            yield line(reading.action(action), " is done within ", limit, " of ", reading.fact(start))
        case form:
            yield line(f"{form} is the following TRUE")
    if claim.guard is not None:
        yield from reading.guard(claim.guard)
    if claim.unless_overridden:
        yield line("unless overridden")


def _named(reading: Reading, name: str) -> Span:
    """An action, or a state written as track.state."""
    track, dot, state = name.partition(".")
    return reading.state(reading.definition.tracks[track].states[state]) if dot else reading.action(name)
