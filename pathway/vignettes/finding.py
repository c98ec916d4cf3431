"""Finding the vignettes of a pathway: the files in `cases/` beside its definition."""

from __future__ import annotations

from pathlib import Path

from pathway.language.bundled import MAIN_FILE

CASES = "cases"
SUFFIXES = (".yaml", ".yml")


def case_files(main_file: Path) -> tuple[Path, ...]:
    """The vignettes beside a pathway's main file, in order of name."""
    folder = main_file.parent / CASES
    found = (file for file in folder.rglob("*.y*ml") if file.suffix in SUFFIXES and file.is_file())
    return tuple(sorted(found))


def pathway_of(case_file: Path) -> Path | None:
    """The main file of the pathway that a file is a vignette of; None where it is none."""
    if case_file.suffix not in SUFFIXES:
        return None
    folders = (folder for folder in case_file.parents if folder.name == CASES)
    return next((main for folder in folders if (main := folder.parent / MAIN_FILE).is_file()), None)
