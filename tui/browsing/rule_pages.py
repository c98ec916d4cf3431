"""The pages of safeguards, notices and claims."""

from __future__ import annotations

from pathway.language.calendar import format_duration
from pathway.language.definition import Claim
from pathway.language.uses import Element, Sort, state_element
from tui.browsing.action_page import UNKNOWN_EFFECTS
from tui.browsing.book import Book, PageRow, plain_rows, section
from tui.explaining import reason_lines
from tui.lines import Line
from tui.presenting import SIGNAL_WORDS

CLAIMED = {
    "only": "recommended or done only when the following is TRUE",
    "never": "the following is never TRUE",
    "always": "the following is always TRUE",
    "before": "the first comes before the second",
    "within": "done within the limit",
}
SAFETY = "SAFETY: stays when its layer is switched off"


def safeguard_page(book: Book, element: Element) -> list[PageRow]:
    """A safeguard: on what, when, what TRUE and UNKNOWN do, and who may override it."""
    guard = book.definition.safeguards[element.name]
    override = (
        f"may be overridden by: {guard.override}" if guard.override else "no override: nobody can lift it"
    )
    lines = [
        Line(guard.text, indent=1),
        Line(f"TRUE {guard.effect}s; {UNKNOWN_EFFECTS[guard.unknown]}; FALSE clears", "effect", indent=1),
        *([] if guard.effect == "warn" else [Line(override, indent=1)]),
        Line(guard.severity, "severity", indent=1),
        *([Line(SAFETY, indent=1)] if guard.safety else []),
    ]
    return [
        *plain_rows(lines),
        *section(f"{guard.effect.capitalize()}s when", book.guard(guard.when, "", indent=1)),
        *section("On", [book.link(Element(Sort.ACTION, name)) for name in guard.actions]),
        *section("In this case", _now(book, element.name)),
        *book.reads([guard.when]),
        *book.sources(guard.cites),
    ]


def _now(book: Book, name: str) -> list[PageRow]:
    """How the safeguard stands on each action that the case shows."""
    if book.view is None:
        return []
    lines: list[Line] = []
    for action in book.view.actions:
        for guard in (guard for guard in action.safeguards if guard.safeguard == name):
            lines.append(Line(guard.standing, f"{action.title}:", indent=1))
            lines += reason_lines(guard.reason, book.view, book.view.at)
    return plain_rows(lines or [Line("no action of the case is judged by it now", indent=1)])


def notice_page(book: Book, element: Element) -> list[PageRow]:
    """A notice: its words, when it is shown, and beside what."""
    notice = book.definition.notices[element.name]
    lines = [Line(notice.text, SIGNAL_WORDS[notice.severity], indent=1)]
    lines += [Line(SAFETY, indent=1)] if notice.safety else []
    about = [
        *(book.link(state_element(track, state)) for track, state in notice.states),
        *(book.link(Element(Sort.ACTION, name)) for name in notice.about),
    ]
    always = plain_rows([Line("always", indent=1)])
    shown = book.guard(notice.when, "", indent=1) if notice.when is not None else always
    whole = plain_rows([Line("the whole case", indent=1)])
    return [
        *plain_rows(lines),
        *section("Shown when", shown),
        *section("About", about or whole),
        *section("In this case", _shown_now(book, element.name)),
        *book.reads([notice.when]),
        *book.sources(notice.cites),
    ]


def _shown_now(book: Book, name: str) -> list[PageRow]:
    if book.view is None:
        return []
    is_shown = any(warning.id == name for warning in book.view.warnings)
    return plain_rows([Line("shown" if is_shown else "not shown", indent=1)])


def claim_page(book: Book, element: Element) -> list[PageRow]:
    """A claim: what is stated for proof. A claim is no proof."""
    claim = book.definition.claims[element.name]
    limit = f" of {format_duration(claim.limit)}" if claim.limit is not None else ""
    unless = ", unless overridden" if claim.unless_overridden else ""
    lines = [
        Line(f"{CLAIMED[claim.form]}{limit}{unless}", claim.form, indent=1),
        Line("A claim is no proof: `pathway check` says whether it holds.", indent=1),
    ]
    guard = book.guard(claim.guard, "", indent=1) if claim.guard is not None else []
    return [
        *plain_rows(lines),
        *section("About", _about(book, claim)),
        *section("States", guard),
        *book.reads([claim.guard]),
        *book.sources(claim.cites),
    ]


def _about(book: Book, claim: Claim) -> list[PageRow]:
    rows: list[PageRow] = []
    for place, name in enumerate(claim.actions):
        track, dot, state = name.partition(".")
        if claim.form == "within" and place == 1:
            rows.append(book.link(Element(Sort.FACT, name), lead="counted from"))
        else:
            rows.append(book.link(state_element(track, state) if dot else Element(Sort.ACTION, name)))
    return rows
