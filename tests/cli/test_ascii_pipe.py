"""A pipe or terminal without the signs of a text still gets every word of it."""

from __future__ import annotations

import io
import json

import pytest

from pathway.cli.signs import let_read
from tests.cli.conftest import in_a_process

FLAGSHIP = "spinal-leptomeningeal-infection"


def written(text: str, encoding: str = "ascii", exact: bool = False) -> str:
    """What a stream of an encoding gets."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding)
    let_read(stream, exact=exact)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("weight ≥ 40 kg", "weight >= 40 kg"),
        ("100 mg/kg × 45 kg → 4 g", "100 mg/kg x 45 kg -> 4 g"),
        ("µg", "microg"),
        ("10² m²", "10^2 m^2"),
        ("38 °C", "38 deg C"),
        ("Zoë", "Zo\\u00eb"),
        ("plain", "plain"),
    ],
)
def test_a_sign_is_written_so_that_it_cannot_be_misread(text: str, plain: str) -> None:
    assert written(text) == plain


def test_what_an_encoding_has_is_left_as_it_is() -> None:
    assert written("Zoë ≥ 40 µg", "latin-1") == "Zoë >= 40 µg"
    assert written("Zoë ≥ 40 µg", "utf-8") == "Zoë ≥ 40 µg"


def test_json_is_read_back_sign_by_sign() -> None:
    told = {"text": "Zoë ≥ \N{GRINNING FACE} \udcff"}
    assert json.loads(written(json.dumps(told, ensure_ascii=False), exact=True)) == told


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_document_of_a_pathway_goes_through_an_ascii_pipe(form: list[str]) -> None:
    done = in_a_process("show", FLAGSHIP, *form, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("ascii")
    assert json.loads(text)["pathway"] == FLAGSHIP if form else "-> [3] MRI" in text
