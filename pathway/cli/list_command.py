"""`pathway list`: the pathways that come with the program."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pathway.cli.main import FINE
from pathway.language.bundled import bundled_pathways, pathway_id
from pathway.language.nodes import Mapping, Scalar
from pathway.language.source import read_source


@dataclass(frozen=True, slots=True)
class Listed:
    """What the main file of a pathway says about it; nothing else of it is read or checked."""

    pathway: str
    version: str
    status: str
    title: str
    file: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print id, version, status and title of every bundled pathway."""
    found = listed_pathways()
    if options.json:
        print(json.dumps({"pathways": [asdict(one) for one in found]}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(list_lines(found)))
    return FINE


def listed_pathways() -> list[Listed]:
    """The bundled pathways, by folder name."""
    return [_listed(file) for file in bundled_pathways()]


def list_lines(found: list[Listed]) -> list[str]:
    """The list as aligned text."""
    columns = zip(*(_row(one) for one in found), strict=True)
    widths = [max(len(text) for text in column) for column in columns]
    return ["  ".join(map(str.ljust, _row(one), widths)).rstrip() for one in found]


def _row(one: Listed) -> tuple[str, str, str, str]:
    return one.pathway, one.version, one.status, one.title


def _listed(file: Path) -> Listed:
    root = read_source(file)
    entries = root.entries if isinstance(root, Mapping) else ()
    texts = {key.text: value.text for key, value in entries if isinstance(value, Scalar)}
    return Listed(
        pathway=texts.get("pathway", pathway_id(file)),
        version=texts.get("version", "?"),
        status=texts.get("status", "?"),
        title=texts.get("title", file.parent.name),
        file=file.as_posix(),
    )
