"""`pathway step --web` before a browser is opened: who would be let in, and what is told in trouble."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

import pytest

from pathway.cli import step_web
from pathway.cli.faults import UsageError
from pathway.cli.step_web import page_title, serve, tab_command
from pathway.cli.web.admission import Admission
from pathway.language.definition import Definition
from pathway.language.load import load_definition


@pytest.fixture
def demo(demo_file: str) -> Definition:
    return load_definition(Path(demo_file))


def options(port: int = 0, pathway: str | None = None, layers: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(port=port, pathway=pathway, layers=layers)


def test_the_token_opens_once_and_only_at_its_own_address() -> None:
    ours = Admission(8000, token="good")
    assert not ours.spends("127.0.0.1:8000", None)
    assert not ours.spends("127.0.0.1:8000", "better")
    assert not ours.spends("rebound.example:8000", "good")
    assert ours.spends("127.0.0.1:8000", "good")
    assert not ours.spends("127.0.0.1:8000", "good")


@pytest.mark.parametrize("host", [None, "", "127.0.0.1", "127.0.0.1:8001", "localhost:8000", "evil:8000"])
def test_a_known_browser_that_names_another_host_is_refused(host: str | None) -> None:
    ours = Admission(8000, cookie="good")
    assert ours.refusal("127.0.0.1:8000", "good") is None
    assert "another name" in str(ours.refusal(host, "good"))


@pytest.mark.parametrize("cookie", [None, "", "goo", "good ", "gööd", "\udcff"])
def test_another_cookie_is_refused_in_plain_words(cookie: str | None) -> None:
    words = str(Admission(8000, cookie="good").refusal("127.0.0.1:8000", cookie))
    assert "not let in" in words
    assert "good" not in words


def test_no_two_addresses_are_alike_and_neither_secret_is_told_in_a_message() -> None:
    first, second = Admission(8000), Admission(8000)
    assert len({first.token, first.cookie, second.token, second.cookie}) == 4
    assert first.token not in repr(first)
    assert first.cookie not in repr(first) + first.address


def test_the_title_of_the_tab_begins_with_the_stamp_of_an_unapproved_pathway(demo: Definition) -> None:
    assert page_title(demo, "bed 7") == "DRAFT: not approved for clinical use · Demo 1.0.0 · case bed 7"


def test_a_tab_takes_the_case_up_as_the_command_line_named_it() -> None:
    command = tab_command("-x", "kept", "dr a", options(pathway="-odd.yaml", layers="article"))
    assert command[3:] == [
        "step", "--case=-x", "--store=kept", "--by=dr a", "--layers=article", "--", "-odd.yaml",
    ]  # fmt: skip


def test_without_textual_serve_one_line_names_the_fix(
    demo: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_web, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'clinical-pathway\[web\]'"):
        serve(demo, "x", "kept", "dr a", options())


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_refused(demo: Definition, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_web, "find_spec", lambda _: object())
    with pytest.raises(UsageError, match="a port is a number from 1 to 65535"):
        serve(demo, "x", "kept", "dr a", options(port))


def test_a_port_that_is_taken_is_refused(demo: Definition) -> None:
    pytest.importorskip("textual_serve", exc_type=ImportError)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"--port {port}: .*Choose another port"):
            serve(demo, "x", "kept", "dr a", options(port))
