"""The page of an action: doses as the source gives them, schedule, safeguards, deadlines, and deeds."""

from __future__ import annotations

from collections.abc import Iterator

from pathway.language.amounts import PRINTED, interval_text, quantity_text, unit_text
from pathway.language.calendar import format_duration
from pathway.language.definition import Action, Dose
from pathway.language.uses import Element, Sort
from tui.acting import action_block
from tui.browsing.book import Book, PageRow, caution, plain_rows, section, states_of
from tui.lines import Line, unbroken
from tui.presenting import NOT_AN_ORDER, SIGNAL_WORDS

UNKNOWN_EFFECTS = {
    "hold": "UNKNOWN holds and asks",
    "warn": "UNKNOWN warns and asks, without holding",
    "ask": "UNKNOWN asks, without holding",
}


def action_page(book: Book, element: Element) -> list[PageRow]:
    """An action in full. What is no order says so first, with the grave warnings about it."""
    action = book.definition.actions[element.name]
    guards = [*(dose.when for dose in action.doses), action.evidence, *(deed.when for deed in action.records)]
    schedule = action.schedule.cites if action.schedule is not None else ()
    cites = [*action.cites, *(cite for dose in action.doses for cite in dose.cites), *schedule]
    return [
        *_head(book, action),
        *section("In this case", _now(book, action)),
        *section("Dose", [row for dose in action.doses for row in _dose(book, dose, action.orderable)]),
        *section("Schedule, counted from the first dose", _schedule(action)),
        *section("Called for by" if action.orderable else "Shown, not as an order, by", _calls(book, action)),
        *section("Safeguards", _safeguards(book, action)),
        *section("Notices", _notices(book, action)),
        *section("Counts as done", list(_deeds(book, action))),
        *book.reads(guards),
        *book.sources(cites),
        *book.used(element),
    ]


def grave_rows(book: Book, action: str) -> list[PageRow]:
    """The notices of high severity about an action, in full."""
    grave = [
        (name, one)
        for name, one in book.definition.notices.items()
        if one.severity == "high" and action in one.about
    ]
    return [
        PageRow(
            Line(
                f"{one.text}{f' (while {one.when.english})' if one.when else ''}",
                SIGNAL_WORDS["high"],
                indent=3,
            ),
            Element(Sort.NOTICE, name),
        )
        for name, one in grave
    ]


def _head(book: Book, action: Action) -> list[PageRow]:
    rows: list[PageRow] = []
    if not action.orderable:
        rows = [caution(f"{NOT_AN_ORDER}: shown as its source prints it"), *grave_rows(book, action.name)]
    course = ", a course: stays recommended after its start for as long as it is called for"
    lines = [Line(f"{action.type}{course if action.course else ''}", "type", indent=1)]
    if action.text:
        lines.append(Line(action.text, indent=1))
    if action.takes is not None:
        lines.append(Line(f"at most {format_duration(action.takes)}", "takes", indent=1))
    return [*rows, *plain_rows(lines)]


def _now(book: Book, action: Action) -> list[PageRow]:
    if book.view is None:
        return []
    shown = next((one for one in book.view.actions if one.action == action.name), None)
    if shown is not None:
        first = Line(shown.standing if shown.standing != "shown" else NOT_AN_ORDER, "now:", indent=1)
        return plain_rows([first, *action_block(book.definition, shown, book.view, book.view.at)])
    done = any(deed.action == action.name for deed in book.view.done)
    return plain_rows([Line("done" if done else "not called for", "now:", indent=1)])


# --- doses ------------------------------------------------------------------------------------------
def _dose(book: Book, dose: Dose, is_order: bool) -> list[PageRow]:
    """A dose as its source gives it; only an order has the label DOSE and its amount in bold."""
    amount = quantity_text(dose.amount_text)
    rest = "  ".join(_further(book, dose))
    first = (
        Line(rest, unbroken("DOSE ") + amount, indent=1)
        if is_order
        else Line(f"{PRINTED} {amount}  {rest}".rstrip(), indent=1)
    )
    rows = [PageRow(first)]
    if dose.times is not None:
        rows.append(book.link(Element(Sort.FACT, dose.times), lead="times", indent=3))
    rows += book.guard(dose.when, "when") if dose.when is not None else []
    rows += plain_rows([Line(dose.note, indent=3)]) if dose.note else []
    return rows + plain_rows([Line(", ".join(dose.cites), "sources", indent=3)] if dose.cites else [])


def _further(book: Book, dose: Dose) -> Iterator[str]:
    if dose.times is not None:
        yield f"times {book.names[dose.times]}, in {unbroken(unit_text(dose.unit.text))}"
    if dose.cap_text is not None:
        yield f"at most {quantity_text(dose.cap_text)}"
    if dose.route is not None:
        yield dose.route
    if dose.divided:
        yield f"divided, {' or '.join(interval_text(format_duration(every)) for every in dose.divided)}"


def _schedule(action: Action) -> list[PageRow]:
    if action.schedule is None:
        return []
    lines = [
        Line(f"{period.text}{', until reviewed' if period.lasts is None else ''}", indent=1)
        for period in action.schedule.periods
    ]
    note = [Line(action.schedule.note, indent=1)] if action.schedule.note else []
    return plain_rows([*lines, *note])


# --- what it is tied to -----------------------------------------------------------------------------
def _calls(book: Book, action: Action) -> list[PageRow]:
    rows: list[PageRow] = []
    for element, state in states_of(book.definition):
        for do in (do for do in state.do if do.action == action.name):
            start = "entering" if do.of is None else book.names[do.of]
            within = f"within {format_duration(do.within)} of {start}" if do.within is not None else ""
            rows.append(book.link(element, within))
            rows += book.guard(do.when, "when") if do.when is not None else []
            rows += book.guard(do.until, "until") if do.until is not None else []
    return rows


def _safeguards(book: Book, action: Action) -> list[PageRow]:
    """Each with its effect, what UNKNOWN does, who may override it, and its guard."""
    rows: list[PageRow] = []
    standing = _standings(book, action)
    for name, guard in book.definition.safeguards.items():
        if action.name in guard.actions:
            override = f"override: {guard.override}" if guard.override else "no override"
            parts = (
                f"{guard.effect}s while TRUE",
                UNKNOWN_EFFECTS[guard.unknown],
                override,
                standing.get(name, ""),
            )
            rows.append(book.link(Element(Sort.SAFEGUARD, name), "; ".join(part for part in parts if part)))
            rows.append(PageRow(Line(guard.text, indent=3)))
            rows += book.guard(guard.when, "when")
    return rows


def _standings(book: Book, action: Action) -> dict[str, str]:
    shown = book.view.actions if book.view is not None else ()
    return {
        guard.safeguard: f"now {guard.standing}"
        for one in shown
        if one.action == action.name
        for guard in one.safeguards
    }


def _notices(book: Book, action: Action) -> list[PageRow]:
    return [
        book.link(Element(Sort.NOTICE, name), f"{SIGNAL_WORDS[one.severity]}: {one.text}")
        for name, one in book.definition.notices.items()
        if action.name in one.about
    ]


def _deeds(book: Book, action: Action) -> Iterator[PageRow]:
    for deed in action.records:
        words = "by its time" if deed.value is None else f"when it is {deed.value}"
        yield book.link(Element(Sort.FACT, deed.fact), words)
        yield from book.guard(deed.when, "only while") if deed.when is not None else []
    if action.evidence is not None:
        yield from book.guard(action.evidence, "at an unknown time while", indent=1)
