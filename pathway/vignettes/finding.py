"""Finding the vignettes of a pathway: the files in `cases/` beside its definition."""

from __future__ import annotations

from pathlib import Path

from pathway.language.bundled import MAIN_FILE

CASES = "cases"


def case_files(main_file: Path) -> tuple[Path, ...]:
    """The vignettes beside a pathway's main file, in order of name."""
    return tuple(sorted(file for file in (main_file.parent / CASES).glob("*.yaml") if file.is_file()))


def pathway_of(case_file: Path) -> Path | None:
    """The main file of the pathway that a file is a vignette of; None where it is none."""
    folder = case_file.parent
    main_file = folder.parent / MAIN_FILE
    is_case = folder.name == CASES and case_file.suffix == ".yaml" and main_file.is_file()
    return main_file if is_case else None
