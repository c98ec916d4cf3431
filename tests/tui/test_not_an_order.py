"""What is no order never looks like one; what is added to the encoded source names its layer and grade."""

from __future__ import annotations

import io

import pytest
from textual.pilot import Pilot

from pathway.engine.view import ActionView, WarningView
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text
from tests.tui.scenes import at_the_screen, flat, panel_text, press
from tests.tui.support import NOON, EngineSession
from tui.acting import action_lines
from tui.choices import choices
from tui.explaining import why_action
from tui.lines import Line, Tone, unbroken
from tui.plain import run_plain
from tui.presenting import warning_line, warning_lines

LAYERED = """
pathway: layered
version: 1.0.0
title: Layered
status: draft
layers: {article: What the article says, supplement: What others say}
sources:
  S1: {text: Give 2 g a day, from: article}
  A1: {text: A doubt, from: supplement}
  C1: {text: Twice as much, from: supplement, grade: "2"}
  C2: {text: Seen itself, from: supplement, grade: "1"}
facts:
  weight_kg: {ask: Weight, type: quantity, unit: kg, range: [1, 300], step: 0.1}
  jaundice: {ask: "Jaundice?", type: boolean}
actions:
  puncture: {title: Puncture, type: procedure, cites: [S1]}
  printed:
    title: Drug as printed
    type: medication
    orderable: false
    dose: {amount: 2000 mg/d, unit: mg/d, route: IV, divided: [{every: 12 h}], cites: [S1, C1]}
    cites: [S1]
  by_weight: {title: Drug of others, type: medication, orderable: false,
              dose: {amount: 15 mg/kg/d, times: weight_kg, unit: mg/d, cites: [C2]}, cites: [C2]}
safeguards:
  jaundiced:
    {action: printed, when: jaundice, effect: block, override: specialist, text: Not in jaundice, cites: [C2]}
notices:
  half: {text: Half the dose. Do not order from it, severity: high, about: [printed], cites: [A1, C1]}
  taste: {text: Tastes of metal, severity: low, about: [printed], cites: [C1]}
tracks:
  care:
    title: Care
    start: ward
    states:
      ward:
        kind: action
        do: [{action: puncture}, {action: printed}, {action: by_weight}]
        next: [{to: home, when: done(puncture)}]
      home: {kind: end}
"""


@pytest.fixture(scope="module")
def layered() -> Definition:
    return definition_from_text(LAYERED)


@pytest.fixture
def session(layered: Definition) -> EngineSession:
    session = EngineSession(layered)
    session.enter(facts={"weight_kg": "70", "jaundice": "false"})
    return session


def said(lines: list[Line]) -> str:
    return "\n".join(line.plain for line in lines)


def the(session: EngineSession, action: str) -> ActionView:
    return next(one for one in session.view.actions if one.action == action)


def test_its_figure_is_what_the_source_prints_and_nothing_in_it_is_bold(session: EngineSession) -> None:
    lines = action_lines(session.definition, session.view, NOON)
    text = said(lines)
    shown = text[text.index("NOT AN ORDER") :]
    assert "DOSE" not in text
    assert "the source prints: 2,000 mg per day, IV" in shown
    assert "read as 1,000 mg every 12 hours" in shown
    assert "the source prints: 15 mg/kg per day x 70 kg" in shown
    assert "for this patient 1,050 mg per day" in shown
    assert [line.lead for line in lines if "1,050" in line.plain or "2,000" in line.plain] == ["", ""]


def test_it_says_so_first_and_gives_the_grave_warning_in_words(session: EngineSession) -> None:
    text = said(action_lines(session.definition, session.view, NOON))
    title, caution, grave, figure = (
        text.index(words)
        for words in ("Drug as printed", "NOT AN ORDER:", "!! WARNING Half the dose", "the source prints")
    )
    assert title < caution < grave < figure
    assert "Tastes of metal" not in text


def test_blocked_it_is_no_order_either(session: EngineSession) -> None:
    session.enter(facts={"jaundice": "true"})
    text = said(why_action(session.definition, session.view, the(session, "printed"), NOON))
    assert "Drug as printed: blocked, NOT AN ORDER" in text
    assert "DOSE" not in text
    answers = [one.text for one in choices(session.definition, session.view, NOON) if one.lead == "BLOCKED:"]
    assert answers == [f"Drug as printed  the source prints: {unbroken('2,000 mg per day IV')}"]


def test_it_is_never_among_the_things_to_do(session: EngineSession) -> None:
    leads = {one.subject: one.lead for one in choices(session.definition, session.view, NOON)}
    assert leads["puncture"] == "Do:"
    assert "printed" not in leads


def test_the_line_mode_says_so_when_it_comes_up(layered: Definition) -> None:
    output = io.StringIO()
    session = EngineSession(layered)
    typed = "fact weight_kg 70\nfact jaundice no\nwhy printed\nquit\n"
    run_plain(session, lambda: NOON, "ms", io.StringIO(typed), output)
    printed = " ".join(output.getvalue().split())
    words = "the source prints: 15 mg/kg per day x 70 kg, which is 1,050 mg per day"
    assert f"Drug of others, NOT AN ORDER: {words}" in printed
    assert "== Drug as printed: NOT AN ORDER ==" in printed
    assert "shown, not as an order, by ward of care" in printed
    assert "Drug as printed: shown" not in printed


def test_the_small_screen_shows_all_of_it_in_the_actions_panel(session: EngineSession) -> None:
    async def scene(pilot: Pilot[None]) -> None:
        await press(pilot, "a", "a")
        words = flat(panel_text(pilot, "actions"))
        for part in ("NOT AN ORDER: shown as", "!! WARNING Half the dose", "the source prints: 2,000 mg"):
            assert part in words
        assert "[supplement: A1, C1 grade 2]" in words

    at_the_screen(session, scene, (80, 24))


@pytest.mark.parametrize(
    ("cites", "layer", "sources"),
    [
        (("S1",), "article", " [S1]"),
        (("C1",), "supplement", " [supplement, grade 2: C1]"),
        (("C2", "A1"), "supplement", " [supplement: C2 grade 1, A1]"),
        (("A1", "S1"), "supplement", " [supplement: A1; article: S1]"),
        (("S1", "C1"), "article", " [S1; supplement, grade 2: C1]"),
        ((), None, ""),
    ],
)
def test_a_warning_names_layer_and_grade(
    layered: Definition, cites: tuple[str, ...], layer: str | None, sources: str
) -> None:
    warning = WarningView("w", "medium", layer, cites, "Mind this")
    assert warning_line(layered, warning) == Line(f"Mind this{sources}", "! CAUTION", Tone.CAUTION)


def test_the_panel_of_warnings_gives_the_weakest_grade(session: EngineSession) -> None:
    text = said(warning_lines(session.definition, session.view))
    assert "half, supplement, grade 2" in text


def test_why_names_layer_and_grade_of_a_safeguard_and_of_a_dose(session: EngineSession) -> None:
    session.enter(facts={"jaundice": "true"})
    text = said(why_action(session.definition, session.view, the(session, "printed"), NOON))
    assert "jaundiced blocks: Not in jaundice [supplement, grade 1: C2]" in text
    assert "sources of the dose: [S1; supplement, grade 2: C1]" in text
    assert "source C1 Twice as much (What others say, grade 2)" in text
