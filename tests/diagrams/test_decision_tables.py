"""Decision tables: every way is a row, every missing fact is a row, and a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from fractions import Fraction
from html.parser import HTMLParser
from random import Random

import pytest

from diagrams.text import inert
from diagrams.written.cells import ANY
from diagrams.written.decision_tables import UNKNOWN, DecisionTable, decision_tables
from diagrams.written.table_forms import tables_csv, tables_html
from diagrams.written.writers import written
from pathway.language.definition import Definition, State
from pathway.language.evaluate import FactReading, verdict_of
from pathway.language.expression import Value
from pathway.language.load import definition_from_text
from pathway.language.verdict import Verdict
from tests.diagrams.test_picture import HOSTILE, _titled
from tests.engine.rich_ward import compiled_ward

TRIAGE = """\
pathway: triage
version: 1.0.0
title: Triage
status: draft
facts:
  systolic: {type: quantity, unit: "mm[Hg]", range: [0, 300], step: 1}
  lactate: {type: quantity, unit: mmol/L, range: [0, 30], step: 0.1}
  cause: {type: code, values: [tb, bacterial, none]}
  drugs: {type: list, of: code, values: [rifampin, warfarin]}
  septic: {type: boolean}
  shocked: {type: boolean, label: shock, formula: systolic < 90}
  seen: {type: dateTime}
actions: {culture: {title: Culture, type: order}}
tracks:
  care:
    start: triage
    states:
      triage:
        kind: decision
        next:
          - {to: unit, when: shocked and lactate >= 2.2 and not septic}
          - to: ward
            when: cause is one of (tb, bacterial) and systolic between 90 mm[Hg] and 120 mm[Hg] and septic
          - {to: home, when: otherwise}
      unit:
        kind: enquiry
        next:
          - {to: ward, when: done(culture) and time since seen >= 6 h and drugs includes warfarin}
          - {to: home, when: septic or lactate < 1}
      ward: {kind: enquiry, choice: true, next: [{to: home, when: septic}, {to: unit, when: lactate > 4}]}
      home: {kind: end}
"""


@pytest.fixture(scope="module")
def triage() -> tuple[DecisionTable, ...]:
    return decision_tables(definition_from_text(TRIAGE))


def _rows(table: DecisionTable) -> list[tuple[str, ...]]:
    return [rule.cells for rule in table.rules]


def test_a_conjunction_stands_split_over_its_facts(triage: tuple[DecisionTable, ...]) -> None:
    table = triage[0]
    assert table.columns == ("shock", "lactate", "septic", "cause", "systolic")
    assert _rows(table) == [
        ("yes", "at least 2.2 mmol/L", "no", ANY, ANY),
        (ANY, ANY, "yes", "tb or bacterial", "from 90 mmHg to 120 mmHg"),
        ("otherwise",) * 5,
    ]
    assert [(rule.number, rule.taken) for rule in table.rules] == [(i, "automatic") for i in (1, 2, 3)]


def test_any_other_condition_stands_whole(triage: tuple[DecisionTable, ...]) -> None:
    table = triage[1]
    assert table.columns == ("Culture done", "time since seen", "drugs", "Whole condition")
    assert _rows(table) == [
        ("yes", "at least 6 h", "include warfarin", "as in the columns"),
        (*("see whole condition",) * 3, "septic or lactate below 1 mmol/L"),
    ]
    assert {rule.taken for rule in table.rules} == {"the clinician confirms"}


def test_the_hit_policy_is_named(triage: tuple[DecisionTable, ...]) -> None:
    assert [table.policy[:11] for table in triage] == ["U (unique):", "U (unique):", "C (collect)"]
    assert "conflict" in triage[0].policy


def test_what_happens_while_a_value_is_missing_is_a_row(triage: tuple[DecisionTable, ...]) -> None:
    first, second, choice = triage
    told = dict(zip(("shock", "lactate", "septic", "cause", "systolic"), first.missing, strict=True))
    assert told["shock"].cells == (UNKNOWN, ANY, ANY, ANY, ANY)
    assert told["shock"].then == (
        "stay here and ask for shock (derived from systolic), unless without it row 2 or 3 is TRUE "
        "and every other row FALSE"
    )
    assert told["septic"].then == (
        "stay here and ask for septic, unless without it row 3 is TRUE and every other row FALSE"
    )
    assert len(second.missing) == 4
    assert [rule.then for rule in choice.missing] == [
        "stay here and ask for septic; row 2 is still offered where it is TRUE without it",
        "stay here and ask for lactate; row 1 is still offered where it is TRUE without it",
    ]


@dataclass
class Moment:
    """A snapshot with these values and nothing else known."""

    values: dict[str, Value]
    answers: Random
    now: int = 1_774_684_800
    zone: tzinfo = UTC

    def fact(self, name: str) -> FactReading:
        return FactReading(self.values.get(name), ())

    def done(self, action: str, since: int) -> bool:
        return self.answers.random() < 0.5

    def declined(self, action: str, since: int) -> bool:
        return self.answers.random() < 0.5

    def recorded(self, fact: str, since: int) -> bool:
        return self.answers.random() < 0.5

    def in_state(self, track: str, state: str) -> bool:
        return self.answers.random() < 0.5

    def lines(self, kind: str, name: str) -> tuple[int, ...]:
        return ()


def _value(kind: str, fact: str, answers: Random) -> Value:
    drawn: dict[str, list[Value]] = {
        "boolean": [True, False],
        "code": ["tb", "bacterial", "none"],
        "list": [(), ("warfarin",)],
        "dateTime": [1_774_684_800, 1_774_600_000],
        "date": [date(2026, 3, 28), date(2026, 1, 1)],
    }
    return answers.choice(drawn.get(kind, [Fraction(number) for number in (0, 1, 2, 40, 14400)]))


def _taken(state: State, moment: Moment) -> set[int]:
    """The rows that are taken (or offered) at this moment, by the rule of the semantics."""
    found = {
        way.index + 1: verdict_of(way.when.expression, moment)
        for way in state.next
        if way.when.expression is not None
    }
    true = {number for number, verdict in found.items() if verdict is Verdict.TRUE}
    if state.choice:
        return true
    if all(verdict is Verdict.FALSE for verdict in found.values()):
        return {way.index + 1 for way in state.next if way.when.is_otherwise}
    return true if len(true) == 1 and Verdict.UNKNOWN not in found.values() else set()


@pytest.mark.parametrize("ward", [None, 3, 11, 40, 77])
def test_no_row_is_taken_without_a_value_but_those_that_the_table_names(ward: int | None) -> None:
    definition = definition_from_text(TRIAGE) if ward is None else compiled_ward(ward).definition
    answers = Random(5)
    for table in decision_tables(definition):
        _, track, name = table.id.split("-")
        state = definition.tracks[track].states[name]
        read = list(dict.fromkeys(fact for way in state.next for fact in way.when.reads))
        for missing, rule in zip(read, table.missing, strict=True):
            named = {int(word.strip(",;")) for word in _rows_named(rule.then)}
            for _ in range(60):
                values = {
                    fact: _value(definition.facts[fact].type.kind.value, fact, answers) for fact in read
                }
                values.pop(missing)
                assert _taken(state, Moment(values, answers)) <= named


def _rows_named(then: str) -> list[str]:
    """The numbers after the word `row` in the sentence of a missing fact."""
    words = then.split(" row ")[1].split(" is ")[0] if " row " in then else ""
    return [word for word in words.replace(",", " ").split() if word.isdigit()]


# --- the forms --------------------------------------------------------------------------------------
class _Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            assert tag == "td" or dict(attrs).get("scope") in ("row", "col")
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_cell = self.is_cell and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.is_cell:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_shows_every_text_as_text_and_loads_nothing(demo: Definition, text: str) -> None:
    page = _Page()
    page.feed(written(_titled(demo, text), ".html", tables=True))
    assert page.tags == {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "ul", "li", "table", "caption",
        "strong", "br", "span", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert page.attributes == {"lang", "charset", "name", "content", "http-equiv", "class", "id", "scope"}
    assert f"1. {inert(text)} [care.intake]" in page.words
    assert "DRAFT: not approved for clinical use" in page.words


def test_page_and_csv_have_every_row_of_every_table(triage: tuple[DecisionTable, ...]) -> None:
    definition = definition_from_text(TRIAGE)
    page = _Page()
    page.feed(tables_html(definition, triage))
    sheet = list(csv.reader(io.StringIO(tables_csv(definition, triage).removeprefix("\ufeff"))))
    for table in triage:
        for rule in (*table.rules, *table.missing):
            row = [str(rule.number or UNKNOWN), *rule.cells, rule.then, rule.taken, rule.sources]
            assert row in sheet
            assert row in page.rows


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "'=1", '=HYPERLINK("http://x","y")']
)
def test_no_cell_is_a_formula(demo: Definition, text: str) -> None:
    text_of = written(_titled(demo, text), ".csv", tables=True)
    cells = [cell for row in csv.reader(io.StringIO(text_of.removeprefix("\ufeff"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert f"'{inert(text)}" in cells


def test_a_pathway_without_a_decision_says_so(demo: Definition) -> None:
    care = demo.tracks["care"]
    alone = {"finished": care.states["finished"]}
    definition = replace(demo, tracks={"care": replace(care, start="finished", states=alone)})
    for suffix in (".md", ".html", ".csv"):
        assert "No step of this pathway has more than one way out." in written(
            definition, suffix, tables=True
        )
