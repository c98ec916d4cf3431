"""A pathway is found by file, by folder, by the name of its folder and by its id."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway.language import bundled
from pathway.language.bundled import bundled_definitions, bundled_pathways, find_pathway, pathway_id
from pathway.language.problems import DefinitionError


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two bundled pathways, and an empty folder of the user's own to work in."""
    folder = tmp_path / "shelf"
    written(folder / "spinal_infection", "# First\npathway: spinal-leptomeningeal-infection  # the id\n")
    written(folder / "sepsis_first_hours", 'pathway: "sepsis-first-hours"\nversion: 1.0.0\n')
    monkeypatch.setattr(bundled, "bundled_definitions", lambda: folder)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    file = folder / "pathway.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "name",
    [
        "spinal_infection",
        "spinal-infection",
        "spinal-leptomeningeal-infection",
        "spinal_leptomeningeal_infection",
        "spinal_leptomeningeal-infection",
    ],
)
def test_a_bundled_pathway_answers_to_its_folder_and_its_id(shelf: Path, name: str) -> None:
    assert find_pathway(name) == shelf / "spinal_infection" / "pathway.yaml"


def test_a_quoted_id_is_read_without_its_quotes(shelf: Path) -> None:
    assert pathway_id(shelf / "sepsis_first_hours" / "pathway.yaml") == "sepsis-first-hours"


def test_a_definition_without_id_answers_to_its_folder(shelf: Path) -> None:
    file = written(shelf / "begun", "title: Not named yet\n")
    assert pathway_id(file) == "begun"
    assert find_pathway("begun") == file


def test_a_file_stands_for_itself(shelf: Path) -> None:
    Path("mine.yaml").write_text("pathway: mine\n", encoding="utf-8")
    assert find_pathway("mine.yaml") == Path("mine.yaml")


def test_a_folder_stands_for_its_main_file(shelf: Path) -> None:
    file = written(Path("mine"), "pathway: mine\n")
    assert find_pathway("mine") == file
    assert find_pathway("./mine/") == file


def test_the_users_own_folder_goes_before_a_bundled_pathway(shelf: Path) -> None:
    own = written(Path("spinal_infection"), "pathway: mine\n")
    assert find_pathway("spinal_infection") == own


def test_a_folder_of_another_kind_does_not_hide_a_bundled_pathway(shelf: Path) -> None:
    Path("spinal_infection").mkdir()
    assert find_pathway("spinal_infection") == shelf / "spinal_infection" / "pathway.yaml"


def test_a_misspelt_name_gets_the_nearest_and_all_there_is(shelf: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        find_pathway("sepsis-frist-hours")
    message = str(refused.value)
    assert 'called "sepsis-frist-hours"' in message
    assert 'Did you mean "sepsis-first-hours"?' in message
    assert "sepsis-first-hours, spinal-leptomeningeal-infection" in message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is empty"),
        ("nowhere/pathway.yaml", 'no file "nowhere/pathway.yaml"'),
        ("a\0b", "no pathway, file or folder"),
        ("x" * 5000, "no pathway, file or folder"),
        (".", 'folder "." has no pathway.yaml'),
    ],
)
def test_what_is_not_there_is_named_with_its_kind(shelf: Path, name: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        find_pathway(name)


def test_an_empty_name_does_not_mean_the_folder_one_stands_in(shelf: Path) -> None:
    Path("pathway.yaml").write_text("pathway: mine\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="is empty"):
        find_pathway("")


def test_a_name_that_two_bundled_pathways_share_is_not_guessed(shelf: Path) -> None:
    written(shelf / "spinal-infection", "pathway: another\n")
    with pytest.raises(DefinitionError, match="any of several"):
        find_pathway("spinal-infection")


def test_an_installed_program_reads_the_definitions_inside_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pathway" / "definitions").mkdir(parents=True)
    (tmp_path / "definitions").mkdir()
    monkeypatch.setattr(bundled, "files", lambda _: tmp_path / "pathway")
    assert bundled_definitions() == tmp_path / "pathway" / "definitions"


def test_a_checkout_reads_the_definitions_at_its_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "definitions").mkdir()
    monkeypatch.setattr(bundled, "files", lambda _: tmp_path / "pathway")
    assert bundled_definitions() == tmp_path / "definitions"


def test_lost_definitions_are_said_to_be_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "files", lambda _: tmp_path / "pathway")
    with pytest.raises(DefinitionError, match="has lost its pathways"):
        bundled_definitions()


def test_every_name_of_a_bundled_pathway_leads_to_it_alone() -> None:
    assert bundled_pathways()
    for file in bundled_pathways():
        assert find_pathway(pathway_id(file)) == find_pathway(file.parent.name) == file
