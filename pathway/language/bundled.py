"""Where the pathways that come with the program are, and which one a name or path means."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from pathway.language.problems import DefinitionError, Problem, nearest

MAIN_FILE = "pathway.yaml"
ID_LINE = re.compile(r"""^pathway:[ \t]*["']?([a-z][a-z0-9_-]*)""", re.MULTILINE)


def bundled_definitions() -> Path:
    """The folder of the pathways that come with the program.

    An installed program carries them inside its package; a checkout has them at its top, so that an
    author works on the very files that run. Raises DefinitionError where neither is there.
    """
    package = Path(str(files("pathway")))
    for folder in (package / "definitions", package.parent / "definitions"):
        if folder.is_dir():
            return folder
    raise DefinitionError(
        [Problem(None, "This installation has lost its pathways", "Install clinical-pathway again")]
    )


def bundled_pathways() -> tuple[Path, ...]:
    """The main file of every pathway that comes with the program, in order of folder name."""
    return tuple(sorted(bundled_definitions().glob(f"*/{MAIN_FILE}")))


def find_pathway(name_or_path: str) -> Path:
    """The main file of the pathway that is meant: a file, a folder with `pathway.yaml`, or a bundled one.

    A file or folder goes before a bundled pathway of the same name. A bundled pathway answers to its
    folder's name and to its pathway id, and `-` and `_` are the same. Raises DefinitionError with what
    there is and the nearest name.
    """
    for candidate in (name_or_path, os.path.join(name_or_path, MAIN_FILE)):
        if name_or_path and os.path.isfile(candidate):
            return Path(candidate)
    meant = [file for file in bundled_pathways() if _folded(name_or_path) in _names(file)]
    if len(meant) == 1:
        return meant[0]
    raise DefinitionError([_ambiguous(name_or_path, meant) if meant else _missing(name_or_path)])


def pathway_id(file: Path) -> str:
    """The id that a definition gives itself, read without checking it; else its folder's name."""
    written = ID_LINE.search(file.read_text(encoding="utf-8", errors="replace"))
    return written[1] if written else file.parent.name


def _names(file: Path) -> set[str]:
    return {_folded(file.parent.name), _folded(pathway_id(file))}


def _folded(name: str) -> str:
    return name.replace("_", "-")


def _ambiguous(name: str, meant: list[Path]) -> Problem:
    paths = ", ".join(str(file) for file in meant)
    return Problem(None, f'"{name}" may be any of several pathways: {paths}', "Give the path of one of them")


def _missing(name: str) -> Problem:
    ids = [pathway_id(file) for file in bundled_pathways()]
    close = nearest(_folded(name), [_folded(each) for each in ids])
    hint = f'Did you mean "{close}"? ' if close else ""
    fix = f"{hint}Give the path of a definition, or one of the bundled pathways: {', '.join(ids) or 'none'}"
    return Problem(None, _what_is_wrong(name), fix)


def _what_is_wrong(name: str) -> str:
    if not name:
        return "The name of the pathway is empty"
    if os.path.isdir(name):
        return f'The folder "{name}" has no {MAIN_FILE}'
    if os.path.splitext(name)[1] or os.path.dirname(name):
        return f'There is no file "{name}"'
    return f'There is no pathway, file or folder called "{name}"'
