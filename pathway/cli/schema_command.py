"""`pathway schema`: the JSON Schema of pathway files, for completion and checks in editors."""

from __future__ import annotations

import argparse
import json

from pathway.cli.main import FINE
from pathway.language.schema import pathway_schema


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: none."""


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(pathway_schema(), indent=1, ensure_ascii=False))
    return FINE
