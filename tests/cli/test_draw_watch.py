"""`pathway draw --watch` below the browser: when it draws again, what it says, and whom it lets in."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest

from pathway.cli.draw_watch import Preview
from pathway.cli.draw_watch_check import Checked, Checking, read_answer
from pathway.cli.draw_watch_files import QUIET, Saves, files_of
from pathway.cli.draw_watch_site import Board, Site
from pathway.language.load import load_definition

PATHWAY = """
pathway: fever
version: 1.0.0
title: Fever
status: draft
facts:
  suspected: {ask: "Infection suspected?", type: boolean}
tracks:
  care:
    start: intake
    states:
      intake:
        title: Intake
        kind: enquiry
        asks: [suspected]
        next: [{to: home, when: suspected}]
      home: {title: Home, kind: end}
"""


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: int = 0

    def __call__(self) -> int:
        return self.now


@dataclass(slots=True)
class Prepared(Checking):
    """A check whose answer is given by the test; `shown` is the page as it was at each start."""

    board: Board = field(default_factory=Board)
    answers: list[Checked] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.shown.append(self.board.page())

    def answer(self) -> Checked | None:
        return self.answers.pop() if self.answers else None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "fever.yaml"
    written.write_text(PATHWAY, "utf-8")
    return written


def save(file: Path, text: str, at: int) -> None:
    """Save as many editors do: another file takes the place of the old one."""
    draft = file.with_suffix(".new")
    draft.write_text(text, "utf-8")
    os.utime(draft, ns=(at, at))
    draft.replace(file)


# --- when it draws again --------------------------------------------------------------------------
def test_a_save_is_due_once_the_file_has_come_to_rest(file: Path) -> None:
    clock = Clock()
    saves = Saves(clock)
    saves.follow(frozenset({file}))
    assert not saves.are_due()
    save(file, "half", 10**9)
    clock.now = 5 * QUIET
    assert not saves.are_due()
    clock.now += QUIET - 1
    save(file, "half a file", 2 * 10**9)
    assert not saves.are_due()
    clock.now += QUIET
    assert saves.are_due()
    saves.follow(frozenset({file}))
    assert not saves.are_due()


def test_a_file_that_goes_and_comes_back_unchanged_is_no_save(file: Path) -> None:
    clock = Clock()
    saves = Saves(clock)
    saves.follow(frozenset({file}))
    away = file.rename(file.with_suffix(".away"))
    assert not saves.are_due()
    away.rename(file)
    clock.now = 2 * QUIET
    assert not saves.are_due()


def test_what_is_saved_while_it_is_drawn_is_drawn_again(file: Path) -> None:
    clock = Clock()
    saves = Saves(clock)
    saves.follow(frozenset({file}))
    save(file, "changed while it was drawn", 10**9)
    saves.follow(frozenset({file}))
    saves.are_due()
    clock.now = QUIET
    assert saves.are_due()


def test_while_it_is_broken_any_file_of_the_folder_may_mend_it(file: Path) -> None:
    definition = load_definition(file)
    beside = file.with_name("part.yaml")
    beside.write_text("facts: {}\n", "utf-8")
    assert beside not in files_of(file, definition)
    from pathway.language.problems import Problem

    assert {file, beside} <= files_of(file, definition, [Problem(None, "broken")])


# --- what it says ---------------------------------------------------------------------------------
@pytest.fixture
def preview(file: Path) -> Preview:
    board = Board()
    return Preview(file, "auto", Clock(), board, Prepared([], board=board))


def redraw(preview: Preview, text: str) -> str:
    """Save, look until the save is seen, and read the page."""
    clock = preview.clock
    assert isinstance(clock, Clock)
    save(preview.main, text, clock.now + 10**9)
    preview.look()
    clock.now += 10**9
    preview.look()
    return preview.board.page()


def test_a_broken_file_keeps_the_last_good_chart_until_it_is_mended(preview: Preview) -> None:
    preview.draw()
    assert "Drawing 1 of" in preview.board.page()
    broken = redraw(preview, PATHWAY.replace("to: home", "to: hme"))
    assert "fever.yaml:16:21: There is no state called `hme`." in broken
    assert "Did you mean `home`?" in broken
    assert "LAST GOOD CHART" in broken
    assert "1. Intake" in broken
    assert "Not checked" in broken
    mended = redraw(preview, PATHWAY.replace("Intake", "Reception"))
    assert "LAST GOOD CHART" not in mended
    assert "1. Reception" in mended
    assert "Drawing 2 of" in mended


def test_a_definition_that_was_never_good_says_why_and_shows_no_chart(preview: Preview) -> None:
    preview.main.write_text("pathway: [", "utf-8")
    preview.draw()
    assert "fever.yaml:" in preview.board.page()
    assert "There is no chart yet" in preview.board.page()
    assert "<svg" not in preview.board.page()
    assert "<svg" in redraw(preview, PATHWAY)


def test_findings_come_after_the_picture_and_only_for_this_very_definition(preview: Preview) -> None:
    preview.draw()
    checking = preview.checking
    assert isinstance(checking, Prepared)
    assert len(checking.shown) == 1
    assert "1. Intake" in checking.shown[0]
    assert "The check is under way" in preview.board.page()
    checking.answers = [Checked("another digest", "3 errors")]
    preview.look()
    assert "3 errors" not in preview.board.page()
    checking.answers = [Checked(load_definition(preview.main).digest, "1 warning, nothing undecided")]
    preview.look()
    assert "1 warning, nothing undecided" in preview.board.page()
    assert "1 warning" not in redraw(preview, PATHWAY.replace("Intake", "Reception"))


def test_what_the_check_prints_becomes_findings_that_lead_to_their_states() -> None:
    where = {"file": "a.yaml", "line": 3, "column": 5, "state": "care.intake"}
    document = {
        "digest": "d",
        "findings": [{"severity": "info", "code": "uncited", "where": {"state": None}, "text": "No source."},
                     {"severity": "error", "code": "gap", "where": where, "text": "A gap. Close it."}],
        "undecided": [{"code": "time", "about": "claim x", "why": "out of time", "where": {"state": None}}],
    }  # fmt: skip
    found = read_answer(json.dumps(document), "", 1)
    assert (found.digest, found.verdict) == ("d", "1 error, 1 note, 1 not decided")
    assert [one.box for one in found.remarks] == ["", "state-care-intake", ""]
    assert found.remarks[1].text == "a.yaml:3:5: A gap. Close it. [gap]"


def test_a_check_that_fails_is_told_as_such() -> None:
    found = read_answer("", "coverage.yaml:1:1: broken\n1 problem found.\n", 2)
    assert "did not come to an end (exit code 2)" in found.verdict
    assert [one.text for one in found.remarks] == ["coverage.yaml:1:1: broken", "1 problem found."]


# --- whom it lets in ------------------------------------------------------------------------------
@pytest.fixture
def site() -> Iterator[Site]:
    serving = Site(Board())
    serving.board.put_up(3, "<p>the page</p>")
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield serving
    serving.close()


def asked(site: Site, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, words and cookie of an answer."""
    connection = HTTPConnection(site.admission.host, timeout=5)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.getheader("Set-Cookie", "")
    connection.close()
    return found


def test_the_address_works_once_and_its_cookie_from_then_on(site: Site) -> None:
    path = site.admission.address.removeprefix(site.admission.origin)
    assert asked(site, path, Host="rebound.example")[0] == 403
    status, words, cookie = asked(site, path)
    assert (status, words) == (200, "<p>the page</p>")
    assert "HttpOnly; SameSite=Strict" in cookie
    assert asked(site, path)[0] == 403
    known = {"Cookie": f"a=b; {cookie.partition(';')[0]}"}
    assert asked(site, "/", **known)[:2] == (200, "<p>the page</p>")
    assert asked(site, "/wait?after=2", **known)[:2] == (200, "<p>the page</p>")
    for path in ("/wait?after=x", "/wait?after=%C2%B2", "/wait", "/other", f"/wait?after={'9' * 5000}"):
        assert asked(site, path, **known)[0] == 404


def test_nobody_else_is_told_anything(site: Site) -> None:
    for path in ("/", "/?token=guessed", "/wait?after=0", "/?token="):
        status, words, _ = asked(site, path, Cookie=f"{site.admission.cookie_name}=guessed")
        assert status == 403
        assert "pathway draw --watch" in words
        assert "the page" not in words


def test_who_waits_is_told_of_a_newer_page_and_let_go_at_the_end() -> None:
    board = Board()
    board.put_up(1, "one")
    assert board.newer(1, seconds=0) is None
    assert board.newer(0, seconds=0) == "one"
    heard: list[str | None] = []
    for change in (lambda: board.put_up(2, "two"), board.close):
        known = 1 + len(heard)
        waiting = threading.Thread(target=lambda known=known: heard.append(board.newer(known, seconds=5)))
        waiting.start()
        change()
        waiting.join(5)
    assert heard == ["two", None]
