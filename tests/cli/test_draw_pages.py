"""`pathway draw` for paper: pages of a phase, the day in the footer, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calling import CHECKOUT
from tests.cli.conftest import Command

ZETA = CHECKOUT / "tests" / "diagrams" / "zeta.yaml"


def test_a_pdf_is_written_with_the_day_that_was_given(pathway: Command, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="PDF is optional: pip install typst runs this too")
    call = (
        "draw",
        ZETA,
        "--phase",
        "treat",
        "--engine",
        "wasm",
        "--printed",
        "2026-11-22",
        "-o",
        "treat.pdf",
    )
    outcome = pathway(*call)
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert outcome.stderr.splitlines() == [
        "wrote treat.pdf",
        "wrote treat.dot",
        "DRAFT: not approved for clinical use",
    ]
    first = (tmp_path / "treat.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    pathway(*call)
    assert (tmp_path / "treat.pdf").read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pages", "--printed", "yesterday"), "'yesterday' is no day. Write it as 2026-11-22."),
        (("--paper", "A3"), "--paper and --printed are for pages"),
        (("--phase", "tret", "-o", "x.svg"), "no phase 'tret'. Perhaps Treat was meant."),
        (("--pages", "-o", "x.jpg"), "End the file's name with .pdf, .svg, .png, .dot"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_one_line(
    pathway: Command, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    outcome = pathway("draw", ZETA, *arguments)
    assert outcome.returncode != 0
    assert said in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir() if file.suffix in (".svg", ".pdf", ".jpg")] == []
