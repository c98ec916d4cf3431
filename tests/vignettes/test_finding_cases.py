"""Every YAML file below `cases/` is a case: none is left out by its suffix or folder."""

from __future__ import annotations

from pathlib import Path

from pathway.vignettes.finding import case_files, pathway_of


def test_a_case_is_found_whatever_its_suffix_and_folder(tmp_path: Path) -> None:
    main_file = tmp_path / "pathway.yaml"
    names = ("a.yaml", "b.yml", "puncture/c.yaml")
    for name in (*names, "notes.txt", "d.yaml.bak"):
        file = tmp_path / "cases" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
    main_file.write_text("", encoding="utf-8")
    found = case_files(main_file)
    assert [file.relative_to(tmp_path / "cases").as_posix() for file in found] == list(names)
    assert {pathway_of(file) for file in found} == {main_file}
    assert pathway_of(tmp_path / "cases" / "notes.txt") is None
    assert pathway_of(main_file) is None
