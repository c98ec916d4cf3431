"""The files that `pathway check` writes beside what it prints: counter-examples, SARIF and boundary cases."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pathway.check.findings import Finding
from pathway.check.sarif import Checked, sarif
from pathway.check.witness import Witness
from pathway.cli.check_report import counted
from pathway.cli.check_run import CheckedPathway
from pathway.language.problems import visible

Json = dict[str, Any]


def write_witnesses(directory: Path, checked: CheckedPathway) -> dict[Finding, Path]:
    """Each counter-example as a timeline that `pathway run` steps: `01-gap-care.triage.yaml` and so on."""
    shown = [finding for finding in checked.findings if finding.witness is not None]
    files: dict[Finding, Path] = {}
    for number, finding in enumerate(shown, 1):
        claim = checked.claim_at(finding.place)
        about = finding.state or ("" if claim is None else claim.name)
        files[finding] = directory / f"{'-'.join(filter(None, (f'{number:02}', finding.code, about)))}.yaml"
    if not files:
        print("no counter-examples to write", file=sys.stderr)
        return files
    directory.mkdir(parents=True, exist_ok=True)
    for finding, file in files.items():
        assert finding.witness is not None
        file.write_text(_text(finding, finding.witness), "utf-8", newline="\n")
    print(f"wrote {counted(len(files), 'counter-example')} to {visible(str(directory))}", file=sys.stderr)
    return files


def _text(finding: Finding, witness: Witness) -> str:
    return f"# {visible(finding.render())}\n# ends: {visible(witness.ends)}\n{witness.as_yaml()}"


def sarif_json(everything: Iterable[CheckedPathway]) -> Json:
    """All pathways of a call in one SARIF log, files named from the present folder."""
    checked = [
        Checked(one.definition, one.findings, one.allowed, tuple(each.render() for each in one.undecided))
        for one in everything
    ]
    return sarif(checked, _version(), Path.cwd())


def write_sarif(file: Path, everything: Iterable[CheckedPathway]) -> None:
    """The same as a file."""
    text = json.dumps(sarif_json(everything), indent=1, ensure_ascii=False)
    file.write_text(f"{text}\n", "utf-8", newline="\n")
    print(f"wrote {visible(str(file))}", file=sys.stderr)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("clinical-pathway")
    except PackageNotFoundError:
        return "not installed"
