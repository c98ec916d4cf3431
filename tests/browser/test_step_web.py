"""`pathway step --web` in a real browser: a whole case typed into the page, and nobody else let in."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pathway.engine.compiling import compile_pathway
from pathway.language.load import load_definition
from pathway.store.places import open_store
from pathway.store.session import Session
from tests.cli.conftest import CHECKOUT

pytest.importorskip("textual_serve", reason="the page needs textual-serve", exc_type=ImportError)
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.skipif(os.name == "nt", reason="needs ctrl+c")]

PATHWAY = """
pathway: fever
version: 1.0.0
title: Fever
status: draft
facts:
  suspected: {ask: "Infection suspected?", type: boolean}
  recovered: {ask: "Recovered?", type: boolean}
tracks:
  care:
    start: intake
    states:
      intake:
        title: Intake
        kind: enquiry
        asks: [suspected]
        next: [{to: ward, when: suspected}, {to: home, when: not suspected}]
      ward:
        title: On the ward
        kind: enquiry
        asks: [recovered]
        next: [{to: home, when: recovered}]
      home: {title: Home, kind: end}
"""
CONTROLS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
PATIENCE = 60.0  # a busy machine draws late; who waits for nothing does not wait longer
# What the terminal in the page says of its own speed: of the connection, and of a frame drawn late.
REMARKS = ("ping=", "task queue exceeded allotted deadline")


@dataclass
class Served:
    """The command at work: its process, the address it printed, where the case is kept."""

    process: subprocess.Popen[str]
    address: str
    store: Path
    pathway: Path

    @property
    def origin(self) -> str:
        return self.address.partition("/?")[0]

    def answer(self, path: str, **headers: str) -> tuple[int, str]:
        """What a program without the cookie is told."""
        connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        found = response.status, response.read().decode()
        connection.close()
        return found

    def kinds(self) -> list[str]:
        """The types of the events on the disk, in order, without those of passing time."""
        log = open_store(self.store, heads=False).load("web-1")
        return [event.type for event in log.events if event.type != "time_passed"]


@dataclass
class Tab:
    """A browser tab: what was typed goes to the page, what the terminal shows is read from its socket."""

    page: Any
    shown: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, socket: Any) -> None:
        self.requests.append(socket.url)
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            self.shown += payload.decode("utf-8", "replace")

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Let the browser work until something is so."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, f"not within {PATIENCE} s: {what}; shown: {self.words()[-2000:]}"
            self.page.wait_for_timeout(30)

    def words(self) -> str:
        return CONTROLS.sub("", self.shown)

    def sees(self, *words: str) -> None:
        """Wait for words in what is drawn from now on, or was since the last key."""
        for one in words:
            self.until(lambda one=one: one in self.words(), one)

    def types(self, keys: str, goes_on: bool = False) -> None:
        """Type as a user does: a change of screen drops keys that come at once after it."""
        self.page.wait_for_timeout(450)
        self.shown = self.shown if goes_on else ""
        self.page.keyboard.press("Enter") if keys == "\r" else self.page.keyboard.type(keys)


def chooses_the_first(tab: Tab) -> None:
    """The first answer of the list: its number, then Enter."""
    tab.types("1")
    tab.sees(">  1")
    tab.types("\r")


def fills_in(tab: Tab, value: str, until: str) -> None:
    """The form of the first question: a value, the time as it stands; Enter until something is said."""
    chooses_the_first(tab)
    tab.sees("Value")
    enters(tab, value, until)


def enters(tab: Tab, value: str, until: str) -> None:
    """The rest of a form that is open."""
    tab.types(value)
    tab.sees("records:")
    for _ in range(4):
        if until not in tab.words():
            tab.types("\r", goes_on=True)
            tab.page.wait_for_timeout(600)
    tab.sees(until)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A new case, served as the command does it."""
    file, store = tmp_path / "fever.yaml", tmp_path / "store"
    file.write_text(PATHWAY, "utf-8")
    command = [sys.executable, "-m", "pathway", "step", str(file), "--case", "web-1", "--store", str(store)]
    process = subprocess.Popen(
        [*command, "--by", "dr_a", "--web"], cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    said = next((line for line in process.stderr if "http://" in line), "")
    assert said, "the command did not print its address"
    yield Served(process, said.split()[-1], store, file)
    if process.poll() is None:
        process.terminate()
        process.wait(PATIENCE)
    process.stderr.close()


@pytest.fixture
def open_tab(browser: Any) -> Iterator[Callable[[str], Tab]]:
    """Open an address in the one window of this test; further ones share its cookies."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})

    def opened(address: str) -> Tab:
        tab = Tab(context.new_page())
        tab.page.on("request", lambda request: tab.requests.append(request.url))
        tab.page.on("console", lambda said: tab.complaints.append(said.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("websocket", tab.hear)
        tab.page.goto(address)
        return tab

    yield opened
    context.close()


def test_a_whole_case_is_stepped_in_the_page_and_kept_on_the_disk(
    served: Served, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(served.address)
    tab.sees("Infection suspected?", "DRAFT: not approved for clinical use")
    assert tab.page.title() == "DRAFT: not approved for clinical use · Fever 1.0.0 · case web-1"
    for question in ("On the ward", "Home"):
        fills_in(tab, "y", until="Recorded:")
        tab.sees(question)
        chooses_the_first(tab)
        tab.sees("WILL BE RECORDED")
        tab.types("\r")
    tab.sees("come to its end")
    assert served.kinds() == ["case_opened", *["fact_recorded", "transition_taken"] * 2]
    session = Session.resume(
        open_store(served.store, heads=False), "web-1", compile_pathway(load_definition(served.pathway))
    )
    assert [track.state for track in session.view.tracks] == ["home"]
    assert [said for said in tab.complaints if not said.startswith(REMARKS)] == []
    tab.types("q")
    tab.page.get_by_role("button", name="Open the case again").wait_for()
    assert tab.page.get_by_text("Everything that was shown as recorded is kept").is_visible()
    strangers = [url for url in tab.requests if urlsplit(url).hostname != "127.0.0.1"]
    assert [url for url in strangers if not url.startswith("data:")] == []


def test_the_address_lets_one_browser_in_and_is_then_spent(
    served: Served, open_tab: Callable[[str], Tab], browser: Any
) -> None:
    tab = open_tab(served.address)
    tab.sees("Infection suspected?")
    assert tab.page.url == f"{served.origin}/"
    cookie = tab.page.context.cookies()[0]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    with browser.new_context() as other:
        again = other.new_page()
        assert again.goto(served.address).status == 403
        assert "works once, in one browser" in again.inner_text("body")


def test_whoever_has_no_cookie_sees_nothing(served: Served) -> None:
    for path in ("/", "/?token=guessed", "/ws", "/page/page.js", "/static/js/textual.js", "/download/1"):
        status, words = served.answer(path)
        assert status == 403
        assert "not let in" in words
    status, words = served.answer(served.address.removeprefix(served.origin), Host="rebound.example")
    assert status == 403
    assert "another name" in words
    assert served.answer(served.address.removeprefix(served.origin))[0] == 200


def test_a_page_of_another_site_cannot_reach_the_terminal(
    served: Served, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(served.address)
    tab.sees("Infection suspected?")
    cookie = tab.page.context.cookies()[0]
    known = {"Cookie": f"{cookie['name']}={cookie['value']}", "Upgrade": "websocket"}
    for origin in ("http://rebound.example", "null", served.origin.replace("http", "https")):
        status, words = served.answer("/ws", Origin=origin, **known)
        assert status == 403
        assert "another page" in words
    assert served.answer("/ws", **known)[0] == 403


def test_two_tabs_on_a_case_never_write_over_each_other(
    served: Served, open_tab: Callable[[str], Tab]
) -> None:
    first, second = open_tab(served.address), open_tab(served.origin)
    second.sees("Infection suspected?")
    first.sees("Infection suspected?")
    second.page.bring_to_front()
    chooses_the_first(second)
    second.sees("Value")
    first.page.bring_to_front()
    fills_in(first, "y", until="Recorded:")
    second.page.bring_to_front()
    enters(second, "n", until="someone else recorded")
    assert served.kinds() == ["case_opened", "fact_recorded"]
    second.page.keyboard.press("Escape")
    second.sees("Recorded meanwhile")


def test_ctrl_c_stops_the_server_and_everything_behind_it(
    served: Served, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(served.address)
    tab.sees("Infection suspected?")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE) == 0
    tab.page.get_by_text("session has ended").wait_for()
    with pytest.raises(ConnectionRefusedError):
        served.answer("/")
