"""`pathway step` without a case: the list in a pipe, the label and the time zone of a new case."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from pathway.cli import step_command
from pathway.cli.local_zone import local_zone
from pathway.cli.main import main
from pathway.engine.events import CaseOpened
from pathway.store.places import open_store
from tests.cli.conftest import CHECKOUT, Command
from tests.damaging import asked


class Terminal(io.StringIO):
    """Keys typed ahead, or a screen, of a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")


def opening(folder: Path) -> CaseOpened:
    store = open_store(folder / "store")
    [only] = store.entries()
    first = store.load(only.case).events[0]
    assert isinstance(first, CaseOpened)
    return first


@pytest.mark.usefixtures("in_berlin")
def test_a_new_case_has_the_time_zone_of_the_machine_and_says_so(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    outcome = pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert "time zone Europe/Berlin" in outcome.stderr
    assert opening(tmp_path).timezone == "Europe/Berlin"


@pytest.mark.usefixtures("in_berlin")
def test_the_time_zone_asked_for_goes_before_that_of_the_machine(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    pathway("step", demo_file, "--case", "V-1", "--by", "ms", "--timezone", "Asia/Tokyo", stdin="quit\n")
    assert opening(tmp_path).timezone == "Asia/Tokyo"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text('by = "Dr Ada Grey"\ntimezone = "Asia/Tokyo"\n', "utf-8")
    monkeypatch.setenv("PATHWAY_CONFIG", str(file))
    return file


@pytest.mark.usefixtures("in_berlin", "settings")
def test_the_settings_say_who_records_and_in_which_zone_before_the_machine_does(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    outcome = pathway("step", demo_file, "--case", "V-1", stdin="quit\n")
    assert outcome.returncode == 0, outcome.stderr
    assert (opening(tmp_path).by, opening(tmp_path).timezone) == ("Dr Ada Grey", "Asia/Tokyo")


@pytest.mark.usefixtures("in_berlin", "settings")
def test_the_command_line_goes_before_the_settings(pathway: Command, demo_file: str, tmp_path: Path) -> None:
    pathway("step", demo_file, "--case", "V-1", "--by", "ms", "--timezone", "UTC", stdin="quit\n")
    assert (opening(tmp_path).by, opening(tmp_path).timezone) == ("ms", "UTC")


def test_a_setting_that_cannot_be_opens_no_case(
    pathway: Command, demo_file: str, tmp_path: Path, settings: Path
) -> None:
    settings.write_text('# mine\ntimezone = "Asia/Tokio"\n', "utf-8")
    outcome = pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert (
        f"{settings}:2: timezone: 'Asia/Tokio' is not a time zone: did you mean Asia/Tokyo?" in outcome.stderr
    )
    assert not (tmp_path / "store").exists()


def test_the_line_mode_tells_what_of_the_settings_was_not_taken(
    pathway: Command, demo_file: str, settings: Path
) -> None:
    settings.write_text('theme = "pink"\n', "utf-8")
    outcome = pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert outcome.returncode == 0
    assert "there is no theme 'pink'" in outcome.stderr


def test_who_records_must_be_told_where_nothing_tells_it(
    pathway: Command, demo_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    outcome = pathway("step", demo_file, "--case", "V-1", stdin="quit\n")
    assert outcome.returncode == 2
    assert "does not tell who you are. Give --by NAME, or write by =" in outcome.stderr
    assert not (tmp_path / "store").exists()


def test_a_machine_that_does_not_tell_its_time_zone_gets_utc_and_that_is_said(
    pathway: Command, demo_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_command, "local_zone", lambda: None)
    outcome = pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert "time zone UTC (this machine does not tell its time zone" in outcome.stderr
    assert opening(tmp_path).timezone == "UTC"


def test_the_zone_of_a_machine_is_read_from_its_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    assert local_zone(tmp_path) is None
    (tmp_path / "timezone").write_text("America/Lima\n", "utf-8")
    assert local_zone(tmp_path) == "America/Lima"
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert local_zone(tmp_path) == "Europe/Berlin"
    monkeypatch.setenv("TZ", "no-such-zone")
    assert local_zone(tmp_path) == "Europe/Berlin"


@pytest.mark.parametrize(("typed", "label"), [("bed 4", "bed 4"), ("", None)])
def test_in_a_terminal_a_new_case_without_an_id_asks_for_its_label_first(
    demo_file: str, tmp_path: Path, typed: str, label: str | None
) -> None:
    pexpect = pytest.importorskip("pexpect", reason="pseudo-terminals need pexpect", exc_type=ImportError)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "pathway", "step", demo_file, "--by", "ms", "--plain"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PATHWAY_STORE": str(tmp_path / "store")},
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Label, a second identifier")
    child.sendline(typed)
    child.expect("DRAFT: not approved for clinical use")
    child.sendline("quit")
    child.expect(pexpect.EOF)
    assert opening(tmp_path).label == label


def test_a_label_that_is_not_answered_opens_nothing(
    pathway: Command, demo_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(""))
    monkeypatch.setattr("sys.stdout", Terminal())
    assert main(["step", demo_file, "--by", "ms", "--plain"]) == 2
    assert not (tmp_path / "store").exists()


def test_in_a_pipe_nothing_is_asked(pathway: Command, demo_file: str, tmp_path: Path) -> None:
    outcome = pathway("step", demo_file, "--by", "ms", stdin="quit\n")
    assert outcome.returncode == 0
    assert opening(tmp_path).label is None


def test_plain_without_a_case_prints_the_list_also_in_a_terminal(
    pathway: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", screen)
    assert main(["step", "--plain"]) == 0
    assert "stored cases:" in screen.getvalue()


def test_a_case_of_a_pathway_that_is_not_installed_goes_on_with_the_text_kept_with_it(
    pathway: Command, demo_file: str
) -> None:
    pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    outcome = pathway("step", "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert outcome.returncode == 0, outcome.stderr
    assert "begun on 1.0.0; demo is not installed" in outcome.stderr
    assert "everything recorded is kept" in outcome.stdout


def test_a_case_whose_text_was_not_kept_says_which_file_it_needs(
    pathway: Command, demo_file: str, tmp_path: Path
) -> None:
    pathway("step", demo_file, "--case", "V-1", "--by", "ms", stdin="quit\n")
    asked(tmp_path / "store", "DELETE FROM definition")
    outcome = pathway("step", "--case", "V-1", "--by", "ms", stdin="quit\n")
    assert outcome.returncode == 2
    assert "begun on 1.0.0; demo is not installed" in outcome.stderr
    assert "pathway step FILE --case V-1" in outcome.stderr
