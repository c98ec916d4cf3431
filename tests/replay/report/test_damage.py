"""Files with good and damaged cases: each damage has its class, and the good cases are read all the same."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.logs.chain import Header, log_lines
from pathway.logs.problems import LogError
from pathway.logs.wire import MAX_LINE, canonical
from pathway.replay.report.cases import cases_in, log_files
from tests.replay.plays import Play

Lines = list[bytes]
TIMELINE = """
  - {at: 2026-03-01T08:00, facts: {suspected: true, platelet_count: 210}}
  - {at: 2026-03-01T11:00, done: [lumbar_puncture]}
"""


@pytest.fixture
def lines_of(demo: Play) -> Callable[[str], Lines]:
    """The lines of a good log of seven lines."""
    events, definition = demo.events(TIMELINE), demo.compiled.definition

    def lines(case: str) -> Lines:
        header = Header(pathway="demo", version=definition.version, digest=definition.digest, case=case)
        return list(log_lines(header, events))

    return lines


def resealed(line: bytes, **fields: Any) -> bytes:
    """A line with other fields and a hash that fits them, as a program at fault would write it."""
    told = {**json.loads(line), **fields}
    rest = canonical({key: value for key, value in told.items() if key != "hash"})
    digest = hashlib.sha256(str(told.get("prev", "")).encode() + rest).hexdigest()
    return canonical({**told, "hash": digest}) + b"\n"


def typed_as_float(lines: Lines) -> Lines:
    return [*lines[:3], lines[3].replace(b'"batch":2', b'"batch":2.5'), *lines[4:]]


DAMAGES: dict[str, tuple[Callable[[Lines], Lines], str, int, str]] = {
    "cut off in a line": (lambda lines: [*lines[:-1], lines[-1][:-9]], "truncated", 6, "cut off"),
    "without its beginning": (lambda lines: lines[2:], "truncated", 0, "before it is missing"),
    "two lines swapped": (
        lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "wrong order", 3, "belongs after line 12",
    ),
    "a line twice": (lambda lines: [*lines[:4], lines[3], *lines[4:]], "duplicated", 4, "repeats line 11"),
    "a line lost": (lambda lines: [*lines[:3], *lines[4:]], "tampered", 3, "the line before it is missing"),
    "a value changed": (
        lambda lines: [*lines[:2], lines[2].replace(b"210", b"250"), *lines[3:]],
        "tampered", 2, "was changed",
    ),
    "a number for a text": (
        lambda lines: [*lines[:2], resealed(lines[2], value=210), *lines[3:]], "mis-typed", 2, "`value`",
    ),
    "a fraction": (typed_as_float, "mis-typed", 3, "not whole"),
    "an unknown type": (
        lambda lines: [*lines[:2], resealed(lines[2], type="fact_guessed"), *lines[3:]],
        "mis-typed", 2, "type",
    ),
    "an earlier time": (
        lambda lines: [*lines[:6], resealed(lines[6], at="2020-01-01T00:00:00+00:00")],
        "wrong order", 6, "order",
    ),
    "another format": (
        lambda lines: [resealed(lines[0], schema=99), *lines[1:]], "other version", 0, "schema 99",
    ),
    "a header of numbers": (
        lambda lines: [resealed(lines[0], version=1), *lines[1:]], "mis-typed", 0, "version",
    ),
    "a header changed": (
        lambda lines: [lines[0].replace(b"BAD", b"WAS"), *lines[1:]], "tampered", 0, "chain breaks",
    ),
    "saved by another program": (
        lambda lines: [line.replace(b"\n", b"\r\n") for line in lines], "tampered", 0, "another program",
    ),
    "a key twice": (
        lambda lines: [*lines[:3], lines[3].replace(b'"batch":2', b'"batch":2,"batch":2'), *lines[4:]],
        "tampered", 3, "another program",
    ),
    "without its header": (lambda lines: lines[1:], "truncated", 0, "before it is missing"),
    "cut off in its header": (lambda lines: [lines[0][:60]], "truncated", 0, "cut off"),
    "an empty line": (lambda lines: [*lines, b"\n"], "unreadable", 7, "It is empty"),
    "no JSON": (lambda lines: [*lines[:2], b"\x00\xff{{{\n", *lines[3:]], "unreadable", 2, "not text"),
    "nested without end": (
        lambda lines: [*lines[:2], b"[" * 200_000 + b"\n", *lines[3:]], "unreadable", 2, "not JSON",
    ),
    "a line without end": (
        lambda lines: [*lines[:2], b"x" * (2 * MAX_LINE + 9) + b"\n", *lines[3:]],
        "unreadable", 2, "too long",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_has_its_class_and_leaves_the_cases_around_it_good(
    name: str, lines_of: Callable[[str], Lines], tmp_path: Path
) -> None:
    damage, class_, seq, words = DAMAGES[name]
    file = tmp_path / "many.jsonl"
    file.write_bytes(b"".join([*lines_of("A"), *damage(lines_of("BAD")), *lines_of("C")]))
    found = list(cases_in(file))
    if name == "without its beginning":  # these lines run on from the case before, whose log they are not
        assert [one.origin.case for one in found] == ["A", "C"]
        assert found[0].damage is not None
        assert (found[0].damage.class_, found[0].damage.seq) == ("tampered", 7)
        assert found[1].damage is None
        return
    good, bad, last = found
    assert [(one.origin.case, one.damage) for one in (good, last)] == [("A", None), ("C", None)]
    assert bad.damage is not None
    assert (bad.damage.class_, bad.damage.seq) == (class_, seq)
    assert words in f"{bad.damage.fault} {bad.damage.more}"
    assert bad.damage.fault.line == 8 + seq


def test_a_byte_order_mark_before_a_log_is_told(lines_of: Callable[[str], Lines], tmp_path: Path) -> None:
    file = tmp_path / "marked.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"".join([*lines_of("A"), *lines_of("B")]))
    marked, good = cases_in(file)
    assert marked.damage is not None
    assert (marked.damage.class_, good.damage) == ("unreadable", None)
    assert "byte order mark" in str(marked.damage.fault)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=st.sampled_from(["flip", "cut", "swap", "twice", "lose"]), line=st.integers(1, 6), data=st.data())
def test_whatever_happens_to_a_line_is_found_and_touches_no_other_case(
    what: str, line: int, data: st.DataObject, lines_of: Callable[[str], Lines], tmp_path: Path
) -> None:
    lines = lines_of("BAD")
    here = lines[line]
    if what in ("flip", "cut"):
        at = data.draw(st.integers(0, len(here) - 2))
        flipped = here[:at] + bytes([here[at] ^ data.draw(st.integers(1, 127))]) + here[at + 1 :]
        lines[line] = flipped if what == "flip" else here[:at]
    elif what == "swap":
        other = data.draw(st.integers(1, 6).filter(lambda number: number != line))
        lines[line], lines[other] = lines[other], here
    else:
        lines[line : line + 1] = [here, here] if what == "twice" else []
    file = tmp_path / "many.jsonl"
    file.write_bytes(b"".join([*lines_of("A"), *lines, *lines_of("C")]))
    found = list(cases_in(file))
    assert [one.origin.case for one in found] == ["A", "BAD", "C"]
    assert (found[0].damage, found[2].damage) == (None, None)
    if what == "lose" and line == 6:  # a log that ends early is whole as far as it goes
        assert found[1].damage is None
    else:
        assert found[1].damage is not None
        assert found[1].damage.seq <= line + 1


def test_a_log_without_its_beginning_is_truncated(lines_of: Callable[[str], Lines], tmp_path: Path) -> None:
    file = tmp_path / "tail.jsonl"
    file.write_bytes(b"".join(lines_of("A")[3:]))
    [found] = cases_in(file)
    assert found.damage is not None
    assert (found.damage.class_, found.damage.more) == (
        "truncated", "It is an event: what stood before it is missing.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", gzip.compress(b"x", mtime=0), b"log", b"[1]\n", b'{"type":"header"}\n']
)
def test_what_is_no_log_is_one_damaged_case(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "none.jsonl"
    file.write_bytes(content)
    [found] = cases_in(file)
    assert found.log is None
    assert found.damage is not None
    assert found.damage.class_ in ("unreadable", "truncated", "tampered")


def test_a_text_that_looks_like_a_header_begins_no_case(demo: Play, tmp_path: Path) -> None:
    note = r"{\"case\":\"X\",\"type\":\"header\"}"
    events = demo.events(f'  - {{at: 2026-03-01T08:00, note: "{note}"}}\n')
    definition = demo.compiled.definition
    header = Header(pathway="demo", version=definition.version, digest=definition.digest, case=note)
    file = tmp_path / "note.jsonl"
    file.write_bytes(b"".join(log_lines(header, events)))
    [found] = cases_in(file)
    assert (found.damage, found.origin.case) == (None, note)


def test_a_folder_stands_for_the_logs_below_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.jsonl", "1.jsonl", "notes.txt"):
        (tmp_path / name).write_text("", "utf-8")
    assert [file.name for file in log_files([str(tmp_path)])] == ["1.jsonl", "2.jsonl"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(LogError, match="no log in this folder"):
        log_files([str(tmp_path / "empty")])
