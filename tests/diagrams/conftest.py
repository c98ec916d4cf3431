"""The pathways that are drawn, and the engines that draw them."""

from __future__ import annotations

from pathlib import Path
from shutil import which

import pytest

from diagrams.layout import Renderer, renderer
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition

DEMO = """\
pathway: demo
version: 1.0.0
title: Demo
status: draft
layers: {article: What the source article says, supplement: Added from primary guidelines}
sources:
  S90: {text: No LP below 40 platelets, from: article, ref: 2}
facts:
  platelet_count: {ask: Platelet count, type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1,
                   valid_for: 24 h}
  suspected: {ask: "Leptomeningeal infection suspected?", type: boolean}
actions:
  lumbar_puncture: {title: Lumbar puncture, type: procedure, cites: [S90]}
safeguards:
  lp_platelets: {action: lumbar_puncture, when: platelet_count < 40, effect: block,
                 override: specialist, cites: [S90]}
tracks:
  care:
    start: intake
    states:
      intake:
        phase: suspected-infection
        kind: enquiry
        asks: [suspected]
        next:
          - {to: workup, when: suspected}
          - {to: not_suspected, when: not suspected}
      workup:
        phase: imaging-lp
        kind: action
        do: [{action: lumbar_puncture, within: 4 h}]
        next:
          - {to: finished, when: done(lumbar_puncture)}
          - {to: without_csf, when: declined(lumbar_puncture) and not done(lumbar_puncture)}
      not_suspected: {kind: end}
      finished: {kind: end}
      without_csf: {kind: end}
"""


@pytest.fixture(scope="session")
def demo() -> Definition:
    """The demo of the design, one track, one safeguard."""
    return definition_from_text(DEMO)


@pytest.fixture(scope="session")
def zeta() -> Definition:
    """An invented pathway with one of everything that a chart has to show."""
    return load_definition(Path(__file__).with_name("zeta.yaml"))


@pytest.fixture(params=["wasm", "dot"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; the program `dot` only where it is installed."""
    if request.param == "dot" and which("dot") is None:
        pytest.skip("Graphviz is not installed here: apt install graphviz runs these too")
    return request.param


@pytest.fixture
def placing(engine: str) -> Renderer:
    """The renderer of each engine."""
    return renderer(engine)  # pyright: ignore[reportArgumentType]
