"""A damaged log is never read as if it were whole: the message names the line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.engine.events import Event, NoteAdded
from pathway.logs.chain import Chain, Header, log_lines
from pathway.logs.jsonl import read_log, write_log
from pathway.logs.problems import LogError
from pathway.logs.wire import MAX_LINE, canonical


def resealed(lines: list[bytes]) -> bytes:
    """The lines with their chain computed anew, as the specification words it."""
    head, sealed = "", list[bytes]()
    for text in lines:
        line = json.loads(text)
        line.pop("hash", None)
        if line["type"] != "header":
            line["prev"] = head
        head = hashlib.sha256(head.encode() + canonical(line)).hexdigest()
        sealed.append(canonical({**line, "hash": head}) + b"\n")
    return b"".join(sealed)


def changed(path: Path, number: int, change: Callable[[dict[str, object]], object]) -> None:
    """Change a line (1 is the header) and seal the log again, so that only the content is wrong."""
    lines = path.read_bytes().splitlines()
    line = json.loads(lines[number - 1])
    change(line)
    lines[number - 1] = canonical(line)
    path.write_bytes(resealed(lines))


def test_a_log_comes_back_as_it_was_written(
    log_file: Path, header: Header, events: tuple[Event, ...]
) -> None:
    log = read_log(log_file)
    assert (log.header, log.events, log.problem) == (header, events, None)
    assert log.size == log_file.stat().st_size


def test_equal_logs_are_equal_bytes(
    log_file: Path, tmp_path: Path, header: Header, events: tuple[Event, ...]
) -> None:
    again = tmp_path / "again.jsonl"
    assert write_log(again, header, events) == read_log(log_file).head
    assert again.read_bytes() == log_file.read_bytes() == b"".join(log_lines(header, events))


def test_the_chain_can_be_checked_with_nothing_but_sha256_and_json(log_file: Path) -> None:
    lines = log_file.read_bytes().splitlines()
    assert resealed(lines) == log_file.read_bytes()
    assert all(json.loads(after)["prev"] == json.loads(before)["hash"] for before, after in pairwise(lines))


def test_any_byte_that_changes_is_noticed_and_its_line_named(log_file: Path) -> None:
    good = log_file.read_bytes()
    for place in range(len(good)):
        flip = (0x01, 0x20, 0x80)[place % 3]
        log_file.write_bytes(good[:place] + bytes([good[place] ^ flip]) + good[place + 1 :])
        with pytest.raises(LogError) as caught:
            read_log(log_file)
        assert caught.value.line == good.count(b"\n", 0, place) + 1
        assert str(caught.value).startswith(f"{log_file}:{caught.value.line}: ")


def test_a_log_cut_anywhere_is_refused_or_shows_by_its_head_that_lines_are_missing(log_file: Path) -> None:
    good, head = log_file.read_bytes(), read_log(log_file).head
    heads = {head}
    for length in range(len(good)):
        log_file.write_bytes(good[:length])
        if length and good[length - 1] == ord("\n"):
            heads.add(read_log(log_file).head)
            continue
        with pytest.raises(LogError) as caught:
            read_log(log_file)
        assert caught.value.line == good.count(b"\n", 0, length) + 1
        assert caught.value.torn == (length > 0)
    assert len(heads) == good.count(b"\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 5000), length=st.integers(1, 2000), junk=st.binary(max_size=50))
def test_no_stretch_can_be_replaced_unnoticed(log_file: Path, start: int, length: int, junk: bytes) -> None:
    path, good = log_file.with_name("other"), log_file.read_bytes()
    spoilt = good[:start] + junk + good[start + length :]
    path.write_bytes(spoilt)
    whole_lines = good.startswith(spoilt) and spoilt.endswith(b"\n")
    if whole_lines:
        assert (read_log(path).head == read_log(log_file).head) == (spoilt == good)
    else:
        with pytest.raises(LogError):
            read_log(path)


def test_lines_that_are_lost_doubled_or_exchanged_break_the_chain(log_file: Path) -> None:
    lines = log_file.read_bytes().splitlines(keepends=True)
    for number in range(1, len(lines) - 1):
        before, line, after = lines[:number], lines[number], lines[number + 1 :]
        for spoilt in (
            [*before, *after],
            [*before, line, line, *after],
            [*before, after[0], line, *after[1:]],
        ):
            log_file.write_bytes(b"".join(spoilt))
            with pytest.raises(LogError):
                read_log(log_file)


def test_a_line_from_another_log_breaks_the_chain_at_prev(log_file: Path, header: Header) -> None:
    lines = log_file.read_bytes().splitlines(keepends=True)
    other = list(log_lines(replace(header, case="other"), read_log(log_file).events))
    log_file.write_bytes(b"".join([*lines[:5], other[5], *lines[6:]]))
    with pytest.raises(LogError, match=r":6: The chain breaks here.*`prev`"):
        read_log(log_file)


def test_a_changed_line_breaks_the_chain_at_its_hash(log_file: Path) -> None:
    log_file.write_bytes(log_file.read_bytes().replace(b'"1.10"', b'"9.10"'))
    with pytest.raises(LogError, match=r":3: The chain breaks here.*`hash`"):
        read_log(log_file)


@pytest.mark.parametrize(
    ("number", "change", "message"),
    [
        (1, lambda line: line.update(schema=2), "schema 2.*reads schema 1"),
        (1, lambda line: line.update(semantics=7), "semantics 7.*reads semantics 1"),
        (1, lambda line: line.update(patient="Ann"), "`header` has no field `patient`"),
        (1, lambda line: line.pop("digest"), "`header` lacks `digest`"),
        (1, lambda line: line.pop("semantics"), "`header` lacks `semantics`"),
        (1, lambda line: line.update(version=1), "`version` of `header` is 1"),
        (4, lambda line: line.update(seq=4), "seq 4 stands where 3 belongs"),
        (4, lambda line: line.update(batch=1), "batch 1 follows batch 2"),
        (
            13,
            lambda line: line.update(at="2026-03-01T09:00:00+00:00"),
            "undone at 2026-03-01T09.* follows .*T10",
        ),
        (3, lambda line: line.update(type="fact_record"), "did you mean `fact_recorded`"),
        (3, lambda line: line.pop("entered"), "lacks `entered`"),
        (3, lambda line: line.update(dose=1), "no field `dose`"),
    ],
)
def test_what_is_wrong_in_a_line_is_said_with_file_and_line(
    log_file: Path, number: int, change: Callable[[dict[str, object]], object], message: str
) -> None:
    changed(log_file, number, change)
    with pytest.raises(LogError, match=rf"case\.jsonl:{number}: .*{message}"):
        read_log(log_file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: The file is empty"),
        (b"\n", ":1: This line is not JSON"),
        (b"hello\n", ":1: This line is not JSON"),
        (b"\x1f\x8b\x08\x00\n", ":1: This line is not text"),
        (b"[]\n", ":1: This line is not a JSON object"),
        (b'{"seq":1,"type":"note_added"}\n', ":1: This log has no header"),
        (b"x" * (MAX_LINE + 1), ":1: This line is too long"),
    ],
)
def test_what_is_no_log_is_said_plainly(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "no.jsonl"
    path.write_bytes(content)
    with pytest.raises(LogError, match=message):
        read_log(path)


def test_a_line_without_end_is_not_read_into_memory(log_file: Path) -> None:
    with log_file.open("ab") as file:
        file.write(b"x" * 3 * MAX_LINE + b"\n")
    with pytest.raises(LogError, match=":16: This line is too long"):
        read_log(log_file)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b'","', b'", "'),
        lambda text: text.replace("Æ".encode(), b"\\u00c6"),
        lambda text: text.replace(b"\\u001f", b"\\u001F"),
    ],
)
def test_a_log_that_another_program_wrote_anew_is_refused(
    log_file: Path, rewrite: Callable[[bytes], bytes]
) -> None:
    log_file.write_bytes(rewrite(log_file.read_bytes()))
    with pytest.raises(LogError, match="written anew by another program"):
        read_log(log_file)


def test_a_key_written_twice_is_refused(log_file: Path) -> None:
    good = log_file.read_bytes()
    log_file.write_bytes(good.replace(b'"fact":"inr"', b'"fact":"x","fact":"inr"', 1))
    with pytest.raises(LogError, match=":3: This line was written anew"):
        read_log(log_file)


def test_the_good_part_before_a_problem_can_be_had(log_file: Path, events: tuple[Event, ...]) -> None:
    good = log_file.read_bytes()
    log_file.write_bytes(good.replace(b'"refuses"', b'"accepts"'))
    log = read_log(log_file, repair=True)
    assert log.events == events[:6]
    assert log.problem is not None
    assert log.problem.line == 8
    assert good[: log.size].count(b"\n") == 7


def test_a_damaged_header_leaves_no_good_part(log_file: Path) -> None:
    log_file.write_bytes(log_file.read_bytes()[1:])
    with pytest.raises(LogError, match=":1: "):
        read_log(log_file, repair=True)


def test_a_missing_file_and_a_folder_are_said_plainly(tmp_path: Path, log_file: Path) -> None:
    whys = {tmp_path / "none": "no such file", tmp_path: "a folder", log_file / "x": "not a folder"}
    for path, why in whys.items():
        with pytest.raises(LogError, match=why):
            read_log(path)


def test_an_older_value_and_a_late_deed_may_follow_newer_ones(
    events: tuple[Event, ...], header: Header
) -> None:
    late = [replace(event, seq=number) for number, event in enumerate((events[0], events[12], events[1]), 1)]
    chain = Chain.start(header)
    for event in late:
        chain = chain.then(replace(event, batch=chain.batch))
    assert chain.seq == 3


def test_an_event_too_long_for_a_line_is_never_written(tmp_path: Path, header: Header) -> None:
    note = NoteAdded(seq=1, batch=1, at=0, recorded_at=0, by="a", text="x" * MAX_LINE)
    with pytest.raises(LogError, match="too long"):
        write_log(tmp_path / "log", header, [note])
    assert not list(tmp_path.iterdir())
