"""The report as text: of many logs a few examples, and figures that explain themselves."""

from __future__ import annotations

from pathway.logs.foreign.finding import Notes
from pathway.replay.report.findings import Origin
from pathway.replay.report.gathering import Report
from pathway.replay.report.passed_over import passed_over_lines
from pathway.replay.report.text import LONGEST, report_lines
from tests.replay.plays import Play

OVERDUE = "  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n  - {at: 2026-03-01T12:00}\n"
NOT_DUE = "  - {at: 2026-03-01T08:00, facts: {suspected: true}}\n"


def test_of_many_logs_a_few_findings_of_each_kind_are_told_in_full(rich: Play) -> None:
    report, events = Report(), rich.events(OVERDUE)
    for number in range(25):
        report.take(Origin("all.jsonl", number * 9 + 1, f"case {number}"), events, rich.compiled)
    lines = list(report_lines(report, ()))
    told = [line for line in lines if line.startswith("    departs")]
    kinds = len({(one.class_, one.spot.action) for one in report.findings})
    assert len(told) == 3 * kinds
    assert f"{22 * kinds} more findings of the same kinds" in "\n".join(lines)
    assert "all.jsonl (case case 0): conforms" in "\n".join(lines)


def test_what_was_never_done_is_told_apart_by_whether_it_was_due(rich: Play) -> None:
    report = Report()
    for name, entries in (("overdue", OVERDUE), ("not due", NOT_DUE), ("not due either", NOT_DUE)):
        report.take(Origin(name), rich.events(entries), rich.compiled)
    [line] = [one for one in report_lines(report, ()) if one.startswith("    antibiotic: ")]
    assert line == "    antibiotic: 0 met, 0 late, 3 never (1 overdue when the log ended, 2 not due yet)"


def test_a_text_of_a_log_is_repeated_briefly(rich: Play) -> None:
    report = Report()
    report.take(Origin("log", 1, "x"), rich.events(NOT_DUE), rich.compiled)
    report.take(Origin("log", 9, "\x1b[2J" + "x" * 9_000), rich.events(NOT_DUE), rich.compiled)
    lines = list(report_lines(report, ()))
    assert max(map(len, lines)) < LONGEST + 100
    assert not any("\x1b" in line for line in lines)


def test_rows_that_were_passed_over_are_told_with_the_reason() -> None:
    notes = Notes(9, 4, 2, {"Lunch": 3, "\x1b[0m": 1}, {"CRP": 1}, ("Lactate",))
    lines = list(passed_over_lines([("ward.csv", notes)]))
    assert lines == [
        "rows of ward.csv: 9 read, 4 entered",
        "    ignored, as the mapping says: Lunch 3, \\x1b[0m 1",
        "    entries of a lifecycle that does not count: CRP 1",
        "    stood behind a later row of their case, and were put in order of time: 2",
        "    columns of the mapping without any value: Lactate",
    ]
