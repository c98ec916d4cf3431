"""The mutants of the flagship against its cases: how many are killed, by kind, and how long it takes.

Run `python benchmarks/mutants.py` for a sample of 200, or `python benchmarks/mutants.py --all` for every one.
Survivors are told by `pathway test --mutants`.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter

from pathway.language.bundled import find_pathway
from pathway.vignettes.mutant_campaign import Campaign, Result, run_campaign
from pathway.vignettes.mutants import Choice

FLAGSHIP = "spinal-leptomeningeal-infection"
SAMPLE = 200


def line(words: str, results: tuple[Result, ...]) -> str:
    """How many of some mutants are killed, proven equivalent, and left."""
    killed = sum(one.fate.killer is not None for one in results)
    equal = sum(one.fate.equivalent for one in results)
    share = killed * 1000 // max(len(results) - equal, 1)
    left = len(results) - killed - equal
    return f"{words:12} {len(results):5} {killed:6} {equal:10} {left:9} {share // 10:5}.{share % 10} %"


def figures(found: Campaign) -> list[str]:
    """A table by kind."""
    kinds = Counter(one.mutant.kind for one in found.results)
    lines = [f"{'kind':12} {'all':>5} {'killed':>6} {'equivalent':>10} {'survivors':>9} killed of the rest"]
    for kind, _ in kinds.most_common():
        lines.append(line(kind, tuple(one for one in found.results if one.mutant.kind == kind)))
    return [*lines, line("together", found.results)]


def main() -> None:
    """Run the campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--all", action="store_true", help="every mutant, not a sample")
    parser.add_argument("--seed", type=int, default=0, help="draws another sample")
    options = parser.parse_args()
    choice = Choice() if options.all else Choice(sample=SAMPLE, seed=options.seed)
    begun = time.perf_counter()
    found = run_campaign(find_pathway(FLAGSHIP), choice, os.cpu_count() or 1)
    minutes = (time.perf_counter() - begun) / 60
    print("\n".join(figures(found)))
    print(f"{found.vignettes} cases, {len(found.failing)} of them fail on the definition itself")
    print(f"{minutes:.1f} min on {os.cpu_count() or 1} processes")


if __name__ == "__main__":
    main()
