"""`pathway cases handover`: a stored case told to the next person, as Markdown and as one page."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from diagrams.layout import RenderError
from pathway.cli.handover import save_into
from pathway.engine.batch import Batch, FactEntry, TakeEntry
from pathway.engine.compiling import compile_pathway
from pathway.handover.content import HandoverError
from pathway.language.load import load_definition
from pathway.store.places import open_store
from pathway.store.port import Store
from pathway.store.session import Session
from tests.cli.conftest import Command, Outcome
from tests.handover.ward import EIGHT, WARD, busy, opened
from tests.handover.ward import handed as ward_handed

AT = "2026-03-01T10:00"


@pytest.fixture
def ward_file(tmp_path: Path) -> Path:
    file = tmp_path / "ward.yaml"
    file.write_text(WARD, "utf-8")
    return file


@pytest.fixture
def stored(tmp_path: Path, ward_file: Path) -> Store:
    """A case of eight o'clock in the store of the command."""
    store = open_store(tmp_path / "store", heads=False)
    compiled = compile_pathway(load_definition(ward_file))
    session, _ = Session.open_new(
        store, compiled, "MRN-7741", at=EIGHT, by="ms", recorded_at=EIGHT, label="Mrs Example"
    )
    facts, take = (FactEntry("infected", "true"),), (TakeEntry("care", "work"),)
    session.commit(Batch(at=EIGHT + 300, by="ms", recorded_at=EIGHT + 300, facts=facts, take=take))
    return store


@pytest.fixture
def handed(pathway: Command, stored: Store, ward_file: Path) -> Command:
    def command(*more: str | Path, at: str = AT) -> Outcome:
        given = ("--pathway", ward_file, "--by", "dr", "--at", at)
        return pathway("cases", "handover", "MRN-7741", *given, *more)

    return command


def test_without_a_file_the_markdown_goes_to_standard_output(handed: Command) -> None:
    told = handed()
    assert told.returncode == 0
    assert told.stdout.startswith("# Hand-over: The ward\n\n**DRAFT: not approved for clinical use**\n")
    assert "- **As of**: 2026-03-01 10:00 (UTC" in told.stdout
    assert "**LATE** **Drug" in told.stdout


def test_both_forms_are_written_and_only_their_owner_may_read_them(handed: Command, tmp_path: Path) -> None:
    told = handed("--html", "a.html", "--markdown", "a.md")
    assert (told.returncode, told.stdout) == (0, "")
    assert told.stderr == "wrote a.html\nwrote a.md\n"
    for file in (tmp_path / "a.html", tmp_path / "a.md"):
        assert "MRN-7741" in file.read_text("utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_page_shows_the_flowchart_with_the_way_that_was_taken(handed: Command) -> None:
    page = handed("--html", "-").stdout
    assert page.startswith("<!doctype html>")
    chart = page[page.index("<svg") : page.index("</svg>")]
    assert "HERE NOW, since" in chart
    assert "taken 2026-03-01" in chart


def test_handing_over_changes_nothing_in_the_store(handed: Command, stored: Store) -> None:
    before = stored.load("MRN-7741")
    assert "not in the stored log" in handed().stdout
    assert stored.load("MRN-7741") == before


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_bytes(b"0123456789abcdef0123456789abcdef")
    file.chmod(0o600)
    return file


def test_under_pseudonyms_nobody_is_named_and_the_same_key_names_alike(handed: Command, key: Path) -> None:
    first, again = (handed("--pseudonymise", "key").stdout for _ in range(2))
    key.write_bytes(b"fedcba9876543210fedcba9876543210")
    other = handed("--pseudonymise", "key").stdout
    assert first == again != other
    assert [name for name in ("MRN-7741", "Mrs Example", "by ms", "Made by**: dr") if name in first] == []
    assert "- **Case**: case-58f9f2aa48ed18ec" in first
    assert "Told under pseudonyms" in first
    assert "Told under pseudonyms" not in handed().stdout


def test_texts_that_people_typed_are_left_out_with_the_names(
    handed: Command, stored: Store, ward_file: Path, key: Path
) -> None:
    session = Session.resume(stored, "MRN-7741", compile_pathway(load_definition(ward_file)))
    at = EIGHT + 600
    remark = (FactEntry("remark", "Son of Ada"),)
    session.commit(Batch(at=at, by="ms", recorded_at=at, facts=remark, notes=("Ada is informed",)))
    assert handed().stdout.count("Ada") == 2
    told = handed("--pseudonymise", "key").stdout
    assert "Ada" not in told
    assert "[text left out]" in told
    assert handed("--pseudonym", "key").stdout == told
    kept = handed("--pseudonymise", "key", "--keep-text").stdout
    assert kept.count("Ada") == 2
    assert "read them before this leaves" in kept
    assert "--keep-text: without --pseudonymise" in handed("--keep-text").stderr


def test_a_new_key_is_made_once_and_not_among_the_cases(pathway: Command, tmp_path: Path) -> None:
    made = pathway("cases", "key", "my.key")
    assert (made.returncode, made.stdout) == (0, "")
    assert "Keep it apart from the cases" in made.stderr
    content = (tmp_path / "my.key").read_text("utf-8")
    assert content.strip() not in made.stderr
    assert pathway("cases", "key", "my.key").returncode == 2
    assert (tmp_path / "my.key").read_text("utf-8") == content
    (tmp_path / "store").mkdir()
    assert "the key is kept with the cases" in pathway("cases", "key", "store/key").stderr


@pytest.mark.usefixtures("stored")
def test_who_hands_over_is_told_by_the_settings_too(
    pathway: Command, ward_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text('by = "Dr Ada Grey"\n', "utf-8")
    monkeypatch.setenv("PATHWAY_CONFIG", str(tmp_path / "mine.toml"))
    told = pathway("cases", "handover", "MRN-7741", "--pathway", ward_file, "--at", AT)
    assert "- **Made by**: Dr Ada Grey" in told.stdout


def test_a_short_key_is_refused(handed: Command, key: Path) -> None:
    key.write_bytes(b"secret")
    told = handed("--pseudonymise", "key")
    assert (told.returncode, told.stdout) == (2, "")
    assert "key: the key has 6 bytes" in told.stderr


def test_a_key_in_the_folder_of_the_cases_is_refused(handed: Command, key: Path) -> None:
    told = handed("--pseudonymise", key.rename(key.parent / "store" / "key"))
    assert (told.returncode, told.stdout) == (2, "")
    assert "the key is kept with the cases" in told.stderr


def test_a_time_before_the_last_entry_is_refused(handed: Command) -> None:
    told = handed(at="2026-03-01T08:01")
    assert told.returncode == 2
    assert "--at: a hand-over tells how the case stands" in told.stderr


def test_a_time_that_is_none_says_how_to_write_one(handed: Command) -> None:
    told = handed(at="noon")
    assert told.returncode == 2
    assert "--at: 'noon' is not a time" in told.stderr


def test_two_forms_cannot_share_standard_output(handed: Command) -> None:
    assert handed("--html", "-", "--markdown", "-").returncode == 2


def test_a_folder_is_no_file(handed: Command, tmp_path: Path) -> None:
    told = handed("--html", tmp_path)
    assert told.returncode == 2
    assert "is a folder. Name a file in it" in told.stderr


def test_a_case_that_is_not_there_is_said_so(pathway: Command, stored: Store) -> None:
    told = pathway("cases", "handover", "nobody")
    assert told.returncode == 2
    assert "There is no case 'nobody'" in told.stderr


def test_a_case_is_told_on_the_pathway_it_was_stepped_on_and_on_no_other(
    pathway: Command, stored: Store, ward_file: Path
) -> None:
    changed = ward_file.with_name("changed.yaml")
    changed.write_text(WARD.replace("2.1.0", "2.2.0"), "utf-8")
    told = pathway("cases", "handover", "MRN-7741", "--pathway", changed, "--at", AT)
    assert (told.returncode, told.stdout) == (2, "")
    assert "was stepped on ward 2.1.0" in told.stderr
    assert "give its file with --pathway" in told.stderr


def test_json_is_refused_with_what_to_do_instead(pathway: Command, stored: Store) -> None:
    told = pathway("cases", "--json", "handover", "MRN-7741")
    assert told.returncode == 2
    assert "pathway cases export" in told.stderr


# --- files that the screen saves --------------------------------------------------------------------
def test_both_files_are_saved_under_names_that_say_nothing_of_the_case(tmp_path: Path) -> None:
    case = busy(opened("MRN-7741", "Mrs Example"))
    files = save_into(ward_handed(case), case.compiled.definition, tmp_path, over=False)
    assert [file.name for file in files] == ["handover-20260301-085000.md", "handover-20260301-085000.html"]
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_where_one_file_is_there_neither_is_written(tmp_path: Path) -> None:
    case = busy(opened())
    page = tmp_path / "handover-20260301-085000.html"
    page.write_text("of yesterday", "utf-8")
    with pytest.raises(FileExistsError) as refused:
        save_into(ward_handed(case), case.compiled.definition, tmp_path, over=False)
    assert refused.value.filename == str(page)
    assert [(file.name, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [
        (page.name, "of yesterday")
    ]
    save_into(ward_handed(case), case.compiled.definition, tmp_path, over=True)
    assert "TEST-014" in page.read_text("utf-8")


def test_a_chart_that_cannot_be_drawn_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise RenderError("There is no dot", "Install Graphviz")

    monkeypatch.setattr("pathway.cli.handover_charts.picture", fails)
    case = busy(opened())
    with pytest.raises(HandoverError, match="There is no dot"):
        save_into(ward_handed(case), case.compiled.definition, tmp_path, over=False)
    assert list(tmp_path.iterdir()) == []
