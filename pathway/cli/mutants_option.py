"""`pathway test --mutants`: does a small change of the definition make one of its cases fail?"""

from __future__ import annotations

import argparse

from pathway.cli.faults import UsageError

ONLY_WITH_MUTANTS = ("only", "kind", "sample", "seed", "jobs")
NEVER_WITH_MUTANTS = ("case", "junit")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments beside those of `pathway test`."""
    group = parser.add_argument_group("mutants of the definition")
    group.add_argument(
        "--mutants", action="store_true", help="change the definition in every small way: does a case fail?"
    )
    group.add_argument("--only", metavar="ELEMENT", help="only mutants of this element, as safeguards.lp_inr")
    group.add_argument("--kind", help="only mutants of this kind, such as comparison or deletion")
    group.add_argument("--sample", metavar="N", type=_count, help="only so many, drawn by the seed")
    group.add_argument("--seed", metavar="S", type=int, help="another seed draws another sample (0)")
    jobs = "on so many processes (one for each processor)"
    group.add_argument("--jobs", metavar="N", type=_count, help=jobs)


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")


def check(options: argparse.Namespace) -> None:
    """Refuse what does not go together. Raises UsageError."""
    unfit = NEVER_WITH_MUTANTS if options.mutants else ONLY_WITH_MUTANTS
    for name in unfit:
        if getattr(options, name) is not None:
            word = "does not go with" if options.mutants else "goes with"
            raise UsageError(f"--{name} {word} --mutants. `pathway test --help` says what they do.")
