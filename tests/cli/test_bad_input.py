"""Hostile and mistaken input: exit 2, one clear message, nothing on stdout, nothing lost.

What could bring a program down runs in a process of its own; slips of the pen do so here.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Command, in_a_process
from tests.language.guard_strategies import LAB

LONGEST_WAIT = 30
WHEN = "timeline:\n - "


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB, "utf-8")
    return file


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.yaml"
    file.write_text(f"{WHEN}{{at: 2026-03-01, facts: {{suspected: true}}}}\n", "utf-8")
    return file


def refused(*arguments: str | Path) -> str:
    """What a call that cannot be carried out says; it must cost no time, print nothing and never crash."""
    started = time.monotonic()
    done = in_a_process(*arguments)
    assert time.monotonic() - started < LONGEST_WAIT
    return clear(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def clear(code: int, printed: str, said: str) -> str:
    """A message that a person can act on, and no half-done output beside it."""
    assert (code, printed) == (2, ""), said
    assert "Traceback" not in said
    assert all(line.isprintable() for line in said.split("\n"))
    assert 0 < len(said) < 3000
    return said


# --- facts of a guard -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("kpss=70", "Did you mean `kps`?"),
        ("kps", "Write NAME=VALUE"),
        ("kps=70 mg", "takes a plain number"),
        ("platelets=40 mg/dL", "It takes 10*9/L"),
        ("kps=300", "outside 0 to 100"),
        ("kps=35", "steps of 10"),
        ("kps=", "has no value"),
        ("kps=70,kps=80", "entered twice"),
        ("ratio=1", "computed"),
        ("note=\u202e", "\\u202e"),
        ("kps=\x1b[31m", "\\x1b"),
        (f"kps={'9' * 100_000}", "more than 200"),
        ("start=2026-02-30", "not a day of the calendar"),
    ],
)
def test_facts_that_cannot_be(facts: str, words: str, lab: Path, pathway: Command) -> None:
    outcome = pathway("eval", lab, "kps > 1", "--facts", facts)
    assert words in clear(outcome.returncode, outcome.stdout, outcome.stderr)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--at", "2026-02-30"), "not a day of the calendar"),
        (("--at", "2026-03-29T02:30", "--timezone", "Europe/Berlin"), "does not exist"),
        (("--timezone", "Europe/Berln"), "Europe/Berlin"),
        (("--timezone", "../../etc/passwd"), "not a time zone"),
        (("--facts-file", "nowhere.yaml"), "no such file"),
    ],
)
def test_options_that_cannot_be(options: tuple[str, ...], words: str, lab: Path, pathway: Command) -> None:
    outcome = pathway("eval", lab, "kps > 1", *options)
    assert words in clear(outcome.returncode, outcome.stdout, outcome.stderr)


@pytest.mark.parametrize(
    "text",
    ["[a]", "kps: {a: b}", "kps: null", "kps: 70\nkps: 80", "kpss: 70", "[" * 10_000],
    ids=["a list", "a mapping", "null", "twice", "unknown", "deep"],
)
def test_a_facts_file_that_cannot_be(text: str, lab: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text, "utf-8")
    refused("eval", lab, "kps > 1", "--facts-file", file)


# --- guards -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "guard",
    [
        pytest.param("(" * 10_000 + "suspected" + ")" * 10_000, id="ten thousand deep"),
        pytest.param("(" * 3000 + "suspected" + ")" * 3000, id="parentheses"),
        pytest.param("not " * 1900 + "suspected", id="not"),
        pytest.param("- " * 3900 + "1 > kps", id="minus"),
        pytest.param("+".join(["1"] * 3900) + " > kps", id="a sum"),
        pytest.param("at least 1 of (" * 500, id="at least"),
        pytest.param("kps < 5 m" + ".m2" * 2000 + "_", id="a unit"),
        pytest.param("kps < \u0663", id="digits of another script"),
        pytest.param("\u202ekps < 3", id="a mark that turns the text"),
        pytest.param("kps < NaN", id="NaN"),
        pytest.param("kps < 1e999", id="an exponent"),
        pytest.param("kps == 3", id="two signs"),
        pytest.param("", id="empty"),
        pytest.param("kps < " + "9" * 7000, id="digits"),
    ],
)
def test_a_guard_that_cannot_be(guard: str, lab: Path) -> None:
    assert refused("eval", lab, guard).startswith("guard:1:")


# --- definitions ------------------------------------------------------------------------------------
def bomb() -> str:
    """Ten aliases of ten aliases of ten ..."""
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]"
        for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    return "\n".join(rows)


HOSTILE = {
    "an empty file": b"",
    "binary junk": bytes(range(256)) * 40,
    "zero bytes": b"\x00" * 1000,
    "UTF-16": "timeline: []".encode("utf-16"),
    "not UTF-8": b"title: \xff\xfe",
    "3 MiB": b"# x\n" * (3 * 1024 * 1024 // 4),
    "lists ten thousand deep": b"[" * 10_000 + b"]" * 10_000,
    "mappings ten thousand deep": b"{a: " * 10_000 + b"}" * 10_000,
    "dashes ten thousand deep": b"- " * 10_000 + b"a",
    "a bomb of aliases": bomb().encode(),
    "an alias of itself": b"a: &a [*a]",
    "two documents": b"a: b\n---\nc: d\n",
    "a tag": b"a: !!python/object/apply:os.system [x]",
    "a merge key": b"a: {<<: {b: c}}",
    "a list": b"[1, 2]",
    "a word": b"hello",
    "a key twice": b"a: 1\na: 2\n",
    "a tab": b"a:\n\t- b\n",
    "a mark that turns the text": "title: \u202ex".encode(),
    "an unclosed quotation mark": b'title: "x\n',
    "an unclosed brace": b"timeline: [{at: 2026-03-01\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_definition_that_cannot_be(what: str, good: Path, tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_bytes(HOSTILE[what])
    assert "hostile.yaml" in refused("run", file, good, "--json")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_timeline_that_cannot_be(what: str, lab: Path, tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_bytes(HOSTILE[what])
    assert "hostile.yaml" in refused("run", lab, file, "--json")


def test_a_pathway_that_is_not_there(lab: Path, good: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "has no pathway.yaml" in refused("run", empty, good)
    assert "There is no file" in refused("run", tmp_path / "nowhere.yaml", good)
    assert "bundled pathways" in refused("run", "no-such-pathway", good)
    assert "bundled pathways" in refused("run", "", good)
    assert "there is no such file" in refused("run", lab, tmp_path / "nowhere.yaml")
    assert "is not a file" in refused("run", lab, tmp_path)


# --- timelines --------------------------------------------------------------------------------------
def facts(text: str) -> str:
    return f"{WHEN}{{at: 2026-03-01, facts: {text}}}\n"


TIMELINES = {
    "an unknown fact": (facts("{kpss: 70}"), ":2:29: ", "Did you mean `kps`?"),
    "a wrong unit": (facts("{kps: 70 mg}"), ":2:29: ", "takes a plain number"),
    "out of range": (facts("{kps: 300}"), ":2:29: ", "outside 0 to 100"),
    "off its step": (facts("{kps: 35}"), ":2:29: ", "steps of 10"),
    "null": (facts("{kps: null}"), ":2:34: ", "`unknown`"),
    "nothing": (facts("{kps: }"), ":2:34: ", "`unknown`"),
    "a key twice": (facts("{kps: 30, kps: 40}"), ":2:38: ", "stands twice"),
    "NaN": (facts("{kps: NaN}"), ":2:29: ", "takes a number"),
    "infinity": (facts("{kps: .inf}"), ":2:29: ", "not a plain number"),
    "an exponent": (facts("{kps: 1e999}"), ":2:29: ", "Write all digits"),
    "a huge integer": (facts("{kps: %s}" % ("9" * 5000)), ":2:29: ", "more than 200"),
    "digits of another script": (facts("{kps: \u0667\u0660}"), ":2:29: ", "takes a number"),
    "a hidden mark": (facts('{kps: "\\u202e70"}'), ":2:34: ", "U+202E"),
    "a list for one value": (facts("{kps: [70]}"), ":2:29: ", "takes one value"),
    "a list in a list": (facts("{drugs: [[a]]}"), ":2:37: ", "takes one text"),
    "an unknown code": (facts("{etiology: TB}"), ":2:29: ", "Did you mean `tb`?"),
    "a computed fact": (facts("{ratio: 1}"), ":2:29: ", "computed"),
    "an unknown reason": (facts("{kps: {unknown: forgotten}}"), ":2:29: ", "not_asked"),
    "an unknown key of a value": (facts("{kps: {value: 70, when: x}}"), ":2:46: ", "has no key `when`"),
    "facts that are a list": (facts("[kps]"), ":2:28: ", "mapping"),
    "no day of the calendar": (f"{WHEN}{{at: 2026-02-30}}", ":2:9: ", "not a day"),
    "no time of day": (f"{WHEN}{{at: 2026-03-01T25:00}}", ":2:9: ", "not a time of day"),
    "a time that the clocks skip": (
        f"timezone: Europe/Berlin\n{WHEN}{{at: 2026-03-29T02:30}}", ":3:9: ", "does not exist"),
    "a time that the clocks show twice": (
        f"timezone: Europe/Berlin\n{WHEN}{{at: 2026-10-25T02:30}}", ":3:9: ", "shown twice"),
    "no time zone": (f"timezone: Mars\n{WHEN}{{at: 2026-03-01}}", ":1:11: ", "not a time zone"),
    "a year long ago": (f"{WHEN}{{at: 1500-01-01}}", ":2:9: ", "1800 to 2299"),
    "no time": (f"{WHEN}{{facts: {{kps: 70}}}}", ":2:4: ", "no time"),
    "entries out of order": (f"{WHEN}{{at: 2026-03-02}}\n - {{at: 2026-03-01}}", ":3:9: ", "order of time"),
    "a deed in the future": (
        f"{WHEN}{{at: 2026-03-01, done: {{mri: 2026-03-02}}}}", ":2:28: ", "in the future"),
    "a value of the future": (facts("{kps: {value: 70, at: 2026-03-02}}"), ":2:29: ", "in the future"),
    "an unknown action": (f"{WHEN}{{at: 2026-03-01, done: [mry]}}", ":2:28: ", "Did you mean `mri`?"),
    "an unknown track": (f"{WHEN}{{at: 2026-03-01, take: {{cares: b}}}}", ":2:28: ", "Did you mean `care`?"),
    "an unknown state": (f"{WHEN}{{at: 2026-03-01, take: {{care: nowhere}}}}", ":2:", "no state of care"),
    "an unknown key": (f"{WHEN}{{at: 2026-03-01, notes: x}}", ":2:21: ", "Did you mean `note`?"),
    "an override without a reason": (
        f"{WHEN}{{at: 2026-03-01, override: {{mri: }}}}", ":2:37: ", "has no value"),
    "an entry that is none": (f"{WHEN}5", ":2:4: ", "mapping"),
    "no entries at all": ("case: x", ":1:1: ", "list of entries"),
    "entries that are none": ("timeline: {at: 2026-03-01}", ":1:11: ", "list of entries"),
    "another pathway": (f"pathway: other\n{WHEN}{{at: 2026-03-01}}", "timeline.yaml", "not for `guard-lab`"),
    "an entry after the end": (
        f"{WHEN}{{at: 2026-03-01, close: done}}\n - {{at: 2026-03-02, facts: {{kps: 70}}}}",
        ":3:4: ", "closed"),
}  # fmt: skip


@pytest.mark.parametrize("what", TIMELINES)
def test_a_timeline_with(what: str, lab: Path, tmp_path: Path, pathway: Command) -> None:
    text, place, words = TIMELINES[what]
    file = tmp_path / "timeline.yaml"
    file.write_text(text, "utf-8")
    outcome = pathway("run", lab, file, "--json")
    said = clear(outcome.returncode, outcome.stdout, outcome.stderr)
    assert "timeline.yaml" in said
    assert place in said
    assert words in said


OPEN = {
    "an empty timeline": "timeline: []",
    "a case without a name": f"case: \n{WHEN}{{at: 2026-03-01}}",
    "a case that is a list": f"case: [x]\n{WHEN}{{at: 2026-03-01}}",
    "a pathway that is a list": f"pathway: [other]\n{WHEN}{{at: 2026-03-01}}",
    "a deed twice at one time": f"{WHEN}{{at: 2026-03-01, done: [mri, mri]}}",
}


@pytest.mark.parametrize("what", OPEN)
def test_a_timeline_that_says_nothing_usable(what: str, lab: Path, tmp_path: Path, pathway: Command) -> None:
    file = tmp_path / "timeline.yaml"
    file.write_text(OPEN[what], "utf-8")
    outcome = pathway("run", lab, file, "--json")
    assert "timeline.yaml" in clear(outcome.returncode, outcome.stdout, outcome.stderr)


@pytest.mark.parametrize("what", ["null", "a key twice", "a deed in the future", "entries out of order"])
def test_a_process_of_its_own_refuses_a_timeline_with(what: str, lab: Path, tmp_path: Path) -> None:
    file = tmp_path / "timeline.yaml"
    file.write_text(TIMELINES[what][0], "utf-8")
    assert TIMELINES[what][2] in refused("run", lab, file, "--json")


def test_a_list_in_a_list_of_a_facts_file_is_not_read_as_an_empty_list(lab: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("drugs: [[rifampin]]", "utf-8")
    assert "drugs" in refused("eval", lab, "drugs is empty", "--facts-file", file)


# --- nothing lost -----------------------------------------------------------------------------------
def test_a_log_that_cannot_be_written(lab: Path, good: Path, tmp_path: Path) -> None:
    assert "cannot be written" in refused(
        "run", lab, good, "--json", "--write-log", tmp_path / "no" / "log.jsonl"
    )
    assert "cannot be written" in refused("run", lab, good, "--json", "--write-log", tmp_path)


def test_a_log_without_a_name(lab: Path, good: Path) -> None:
    refused("run", lab, good, "--json", "--write-log", "")


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="needs a folder that this user may not write"
)
def test_a_log_in_a_folder_that_may_not_be_written(lab: Path, good: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "cannot be written" in refused("run", lab, good, "--write-log", closed / "log.jsonl")


def test_bad_input_leaves_the_log_of_an_earlier_run_alone(lab: Path, good: Path, tmp_path: Path) -> None:
    log, bad = tmp_path / "log.jsonl", tmp_path / "bad.yaml"
    assert in_a_process("run", lab, good, "--write-log", log).returncode == 0
    written = log.read_bytes()
    assert written
    bad.write_text(facts("{kps: 35}"), "utf-8")
    refused("run", lab, bad, "--write-log", log)
    assert log.read_bytes() == written
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "bad.yaml",
        "good.yaml",
        "lab.yaml",
        "log.jsonl",
    ]


def test_a_name_that_would_act_on_the_terminal_is_shown_escaped(lab: Path, tmp_path: Path) -> None:
    refused("run", lab, tmp_path / "\x1b[31mred\x07")
    refused("eval", "\x1b[31mred\x07", "true")
    refused("eval", lab, "true", "--facts", "\x1b[31mred\x07")
    refused("run", lab, tmp_path / "x", "--layers", "\x1b[31m")
