"""The results of `pathway test` as text, as a JSON document and as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pathway.cli.step_json import pathway_json
from pathway.language.calendar import format_instant, parse_zone
from pathway.language.definition import Definition
from pathway.language.problems import DefinitionError, Problem, visible
from pathway.vignettes.vignette import Miss, Verdicts, miss_line

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One pathway's cases as judged; `definition` is None where it could not be loaded.

    `unread` are the definition or the case files that cannot be used as they are.
    """

    main_file: Path
    definition: Definition | None
    verdicts: tuple[Verdicts, ...]
    unread: tuple[DefinitionError, ...]

    @property
    def faults(self) -> tuple[DefinitionError, ...]:
        """Everything that could not be read, or that a case could not record."""
        stopped = (DefinitionError(one.problems) for one in self.verdicts if one.problems)
        return (*self.unread, *stopped)


# --- text ---------------------------------------------------------------------------------------
def report_lines(judged: Judged) -> Iterator[str]:
    """Pathway, status, and a line for every expectation that does not hold."""
    definition = judged.definition
    if definition is None:
        return
    yield f"{definition.id} {definition.version}: {_counted(len(judged.verdicts), 'case')}"
    if definition.stamp is not None:
        yield f"*** {definition.stamp} ***"
    if not judged.verdicts and not judged.faults:
        yield "no cases: write what it shall show into cases/*.yaml beside the definition"
    for one in judged.verdicts:
        if not one.vignette.expectations:
            yield f"{one.vignette.file}: {one.vignette.case} expects nothing: it only runs"
        yield from (miss_line(miss, one.vignette) for miss in one.misses)
    yield ""


def summary(judged: list[Judged]) -> str:
    """`61 cases, 412 expectations, all hold`, or how many do not."""
    verdicts = [one for each in judged for one in each.verdicts]
    expectations = sum(one.vignette.expectations for one in verdicts)
    head = f"{_counted(len(verdicts), 'case')}, {_counted(expectations, 'expectation')}"
    silent = sum(1 for one in verdicts if not one.vignette.expectations)
    head += f" ({silent} only run{'s' if silent == 1 else ''})" if silent else ""
    missed = sum(len(one.misses) for one in verdicts)
    faulty = sum(len(each.faults) for each in judged)
    ends = [f"{missed} do{'es' if missed == 1 else ''} not hold"] if missed else []
    ends += [f"{faulty} could not be used"] if faulty else []
    return f"{head}, {', '.join(ends) or ('all hold' if expectations else 'nothing to judge')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


# --- JSON ---------------------------------------------------------------------------------------
def report_json(judged: list[Judged]) -> Json:
    """All results as one document; `misses` and `problems` carry file, line and column."""
    verdicts = [one for each in judged for one in each.verdicts]
    return {
        "pathways": [_pathway(one) for one in judged],
        "cases": len(verdicts),
        "expectations": sum(one.vignette.expectations for one in verdicts),
        "misses": sum(len(one.misses) for one in verdicts),
        "problems": sum(len(fault.problems) for each in judged for fault in each.faults),
    }


def _pathway(judged: Judged) -> Json:
    head = {"pathway": None} if judged.definition is None else pathway_json(judged.definition)
    return {
        **head,
        "file": judged.main_file.as_posix(),
        "cases": [_case(one) for one in judged.verdicts],
        "problems": [_problem(problem) for fault in judged.unread for problem in fault.problems],
    }


def _case(one: Verdicts) -> Json:
    vignette = one.vignette
    return {
        "case": vignette.case,
        "file": vignette.file,
        "title": vignette.title or None,
        "cites": list(vignette.cites),
        "steps": len(vignette.timeline.entries),
        "expectations": vignette.expectations,
        "hold": one.hold,
        "misses": [_miss(miss, one) for miss in one.misses],
        "problems": [_problem(problem) for problem in one.problems],
    }


def _miss(miss: Miss, one: Verdicts) -> Json:
    return {
        "file": miss.place.file,
        "line": miss.place.line,
        "column": miss.place.column,
        "at": format_instant(miss.at, parse_zone(one.vignette.timeline.timezone)),
        "what": miss.what,
        "expected": miss.expected,
        "came": miss.came,
        "why": miss.why,
    }


def _problem(problem: Problem) -> Json:
    place = problem.place
    where = {} if place is None else {"file": place.file, "line": place.line, "column": place.column}
    return {**where, "text": problem.text, "fix": problem.fix}


# --- JUnit --------------------------------------------------------------------------------------
def write_junit(path: Path, judged: list[Judged]) -> None:
    """One test case a vignette, for build servers."""
    suites = ElementTree.Element("testsuites")
    for each in judged:
        name = each.main_file.parent.name if each.definition is None else each.definition.id
        suite = ElementTree.SubElement(suites, "testsuite", name=visible(name))
        for one in each.verdicts:
            _junit_case(suite, name, one)
        for fault in each.faults:
            place = next((problem.place for problem in fault.problems if problem.place), None)
            file = place.file if place is not None else each.main_file.as_posix()
            case = ElementTree.SubElement(suite, "testcase", classname=name, name=visible(file))
            ElementTree.SubElement(case, "error", message="cannot be used").text = visible_lines(str(fault))
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(sum(1 for case in suite if case.find("failure") is not None)))
        suite.set("errors", str(len(each.faults)))
    ElementTree.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _junit_case(suite: ElementTree.Element, pathway: str, one: Verdicts) -> None:
    if one.problems:
        return
    case = ElementTree.SubElement(suite, "testcase", classname=pathway, name=visible(one.vignette.case))
    if one.misses:
        lines = "\n".join(miss_line(miss, one.vignette) for miss in one.misses)
        ElementTree.SubElement(case, "failure", message=f"{len(one.misses)} do not hold").text = lines


def visible_lines(text: str) -> str:
    """The text with its lines kept and everything else that does not print written as an escape."""
    return "\n".join(visible(line) for line in text.split("\n"))
