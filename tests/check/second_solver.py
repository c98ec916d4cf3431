"""cvc5, a solver that shares nothing with the one that proves, asked by the text of a script alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import cvc5 as _cvc5

cvc5: Any = _cvc5

STEPS = 1_000_000  # of the solver for one question: the same on every machine; it needs far fewer


def second_opinion(script: str) -> str:
    """`sat`, `unsat` or `unknown`, for a script with one question. Raises RuntimeError for bad SMT-LIB."""
    [answer] = answers(script, strict=True)
    return answer


def answers(script: str, strict: bool = False) -> Iterator[str]:
    """What the solver says to each question of a script in turn; `strict` takes SMT-LIB and no more."""
    solver = cvc5.Solver()
    solver.setOption("rlimit-per", str(STEPS))
    solver.setOption("incremental", str(not strict).lower())
    solver.setOption("strict-parsing", str(strict).lower())
    parser = cvc5.InputParser(solver)
    asked = re.sub(r"\(set-info :status \w+\)\n", "", script)  # it is not told what is expected
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, asked, "certificate")
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, parser.getSymbolManager()).strip()
        if said:
            yield said


def settled(script: str, names: Iterable[str]) -> list[str]:
    """The truths among `names` that can have one value only, by what a script asserts."""
    names = list(names)
    assumed = script.rpartition("(check-sat)")[0]
    literals = [literal for name in names for literal in (name, f"(not {name})")]
    asked = "".join(f"(check-sat-assuming ({literal}))\n" for literal in literals)
    said = list(answers(assumed + asked))
    assert len(said) == len(literals), said
    both = zip(names, said[::2], said[1::2], strict=True)
    return [name for name, yes, no in both if (yes, no) != ("sat", "sat")]
