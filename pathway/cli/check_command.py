"""`pathway check`: prove or refute what definitions promise, and say all that is wrong with them."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.check.coverage_file import COVERAGE_FILE
from pathway.check.findings import Finding
from pathway.cli.check_certificates import write_certificates
from pathway.cli.check_files import sarif_json, write_sarif, write_witnesses
from pathway.cli.check_json import check_json
from pathway.cli.check_report import report_lines
from pathway.cli.check_run import CheckedPathway, check_pathway
from pathway.cli.check_watch import SECOND, Clock, watching
from pathway.cli.faults import UsageError
from pathway.cli.main import BAD_INPUT, FINDING, FINE
from pathway.language.collecting import garbage_put_off
from pathway.language.problems import DefinitionError

if TYPE_CHECKING:
    from pathway.check.proofs.certificates import Answers

STDOUT = "-"
LONGEST = 10**9  # seconds
FOLDERS = ("witnesses", "write-cases", "certificates")  # options that name one


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("pathways", metavar="PATHWAY", nargs="+", help="a name, a file or a folder")
    parser.add_argument("--json", action="store_true", help="one JSON document, a list for several pathways")
    parser.add_argument(
        "--sarif", metavar="FILE", help="also write the findings as SARIF 2.1.0; - prints it instead of text"
    )
    parser.add_argument(
        "--witnesses", metavar="DIR", help="write each counter-example as a file that `pathway run` steps"
    )
    parser.add_argument(
        "--write-cases", metavar="DIR", help="write a test case for every transition, safeguard and threshold"
    )
    parser.add_argument(
        "--certificates", metavar="DIR",
        help="write what proofs rest on as questions that another solver can be asked again (SMT-LIB)",
    )  # fmt: skip
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_nanoseconds,
        help="for each pathway; what is not done by then is not decided, and the exit code is 1",
    )  # fmt: skip
    parser.add_argument(
        "--missing", action="store_true", help="say of every fact what happens if it never arrives"
    )
    parser.add_argument("--strict", action="store_true", help="a warning, too, makes the exit code 1")
    parser.add_argument(
        "--write-coverage",
        action="store_true",
        help=f"first write the matrix of statements and elements into {COVERAGE_FILE}",
    )


def _nanoseconds(text: str) -> int:
    try:
        seconds = Decimal(text)
    except InvalidOperation:
        seconds = Decimal(0)
    if not seconds.is_finite() or not 0 < seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0, such as 30 or 0.5")
    return max(int(seconds * SECOND), 1)


def run(options: argparse.Namespace, clock: Clock = time.monotonic_ns) -> int:
    """Check: 0 nothing grave, all decided; 1 a finding or an open question; 2 one cannot be loaded."""
    _refuse(options)
    with (
        garbage_put_off()
    ):  # next to nothing of a check is a circle; looking for them takes a tenth of the time
        return _run(options, clock)


def _run(options: argparse.Namespace, clock: Clock) -> int:
    everything: list[CheckedPathway] = []
    exit_code = FINE
    for name in options.pathways:
        try:
            checked, is_fine = _check(name, everything, options, clock)
        except DefinitionError as fault:
            print(fault, file=sys.stderr)
            exit_code = BAD_INPUT
            continue
        everything.append(checked)
        exit_code = max(exit_code, FINE if is_fine else FINDING)
    _print_documents(everything, options)
    if options.sarif is not None:
        _sarif(everything, options)
    return exit_code


def _refuse(options: argparse.Namespace) -> None:
    """What cannot be carried out is said before a long check, not after it. Raises UsageError."""
    if options.json and options.sarif == STDOUT:
        raise UsageError("--sarif - and --json both want standard output. Give --sarif a file name.")
    folders = {name: getattr(options, name.replace("-", "_")) for name in FOLDERS}
    for name, path in folders.items():
        if path is not None and Path(path).exists() and not Path(path).is_dir():
            raise UsageError(f"--{name}: {path} is a file, and a folder is needed. Give another name.")


def _check(
    name: str, before: list[CheckedPathway], options: argparse.Namespace, clock: Clock
) -> tuple[CheckedPathway, bool]:
    """One pathway with the files that are asked for, its text printed, and whether it is fine."""
    with watching(clock, options.timeout) as watch:
        answers = _answers(options.certificates)
        checked = check_pathway(name, options.write_coverage, watch, answers)
        is_fine = checked.is_fine(options.strict)
        below = _folder(checked, before) if len(options.pathways) > 1 else ""
        if options.write_cases is not None:
            from pathway.cli.check_cases import write_boundary_cases

            folder = Path(options.write_cases, below)
            is_fine = write_boundary_cases(folder, checked.definition, watch) and is_fine
    files: dict[Finding, Path] = {}
    if options.witnesses is not None:
        files = write_witnesses(Path(options.witnesses, below), checked)
    if answers is not None:
        write_certificates(Path(options.certificates, below), checked, answers)
    if not options.json and options.sarif != STDOUT:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        print("\n".join(report_lines(checked, files, width, options.missing)))
    return checked, is_fine


def _answers(folder: str | None) -> Answers | None:
    """Keeps the answers of the solver where they are asked for."""
    if folder is None:
        return None
    from pathway.check.proofs.certificates import Answers

    return Answers()


def _folder(checked: CheckedPathway, before: list[CheckedPathway]) -> str:
    """Several pathways have a folder each, two versions of one as well."""
    name = checked.definition.id
    number = sum(one.definition.id == name for one in before) + 1
    return name if number == 1 else f"{name}-{number}"


def _print_documents(everything: list[CheckedPathway], options: argparse.Namespace) -> None:
    if options.json and everything:
        documents = [check_json(checked) for checked in everything]
        _print_json(documents[0] if len(options.pathways) == 1 else documents)


def _sarif(everything: list[CheckedPathway], options: argparse.Namespace) -> None:
    """A log without a pathway that could not be loaded would tell the code host that it is mended."""
    if len(everything) < len(options.pathways):
        print("no SARIF was written: a definition above cannot be loaded.", file=sys.stderr)
    elif options.sarif == STDOUT:
        _print_json(sarif_json(everything))
    else:
        write_sarif(Path(options.sarif), everything)


# --- standard output ----------------------------------------------------------------------------
def _print_json(document: object) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=1)
    print(text)
