"""`pytest definitions/` runs every case beside a pathway, and leaves all other files alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.vignettes.ward import WARD, story

CHECKOUT = Path(__file__).resolve().parents[2]
ADMIT = "at: 2026-03-01T08:00, facts: {suspected: true}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pathway with two cases, one of which does not hold, and other YAML files about."""
    cases = tmp_path / "definitions" / "ward" / "cases"
    cases.mkdir(parents=True)
    (cases.parent / "pathway.yaml").write_text(WARD, "utf-8")
    (cases / "held.yaml").write_text(story(f"{ADMIT}, expect: {{held: [puncture]}}"), "utf-8")
    (cases / "cleared.yaml").write_text(story(f"{ADMIT}, expect: {{recommended: [puncture]}}"), "utf-8")
    (cases / "notes.txt").write_text("none", "utf-8")
    (tmp_path / "definitions" / "other.yaml").write_text("a: [", "utf-8")
    elsewhere = tmp_path / "definitions" / "no_pathway" / "cases"
    elsewhere.mkdir(parents=True)
    (elsewhere / "held.yaml").write_text("a: [", "utf-8")
    return tmp_path


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "400",
    }
    command = [sys.executable, "-m", "pytest", "-p", "pathway.vignettes.collect", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments, "definitions"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_every_case_is_a_test_and_nothing_else_is(folder: Path) -> None:
    outcome = run_pytest(folder, "--collect-only", "-q")
    collected = [line for line in outcome.stdout.splitlines() if "::" in line]
    assert collected == [
        "definitions/ward/cases/cleared.yaml::cleared",
        "definitions/ward/cases/held.yaml::held",
    ]


def test_a_case_that_does_not_hold_fails_and_says_what_came_and_why(folder: Path) -> None:
    outcome = run_pytest(folder)
    assert outcome.returncode == 1
    assert "1 failed, 1 passed" in outcome.stdout
    said = next(line for line in outcome.stdout.splitlines() if "cleared.yaml:4: cleared" in line)
    assert "at 2026-03-01T08:00:00+00:00" in said
    assert "expected puncture to be recommended; came not recommended" in said
    assert "held by low_platelets" in said
    assert "Traceback" not in outcome.stdout


def test_a_case_that_cannot_be_read_fails_with_its_place(folder: Path) -> None:
    case = folder / "definitions" / "ward" / "cases" / "cleared.yaml"
    case.write_text(story(f"{ADMIT}, expect: {{recomended: [puncture]}}"), "utf-8")
    outcome = run_pytest(folder)
    assert outcome.returncode == 1
    assert (
        "cleared.yaml:4:63: `expect` has no key `recomended`. Did you mean `recommended`?" in outcome.stdout
    )


def test_bad_input_in_a_case_fails_with_its_place(folder: Path) -> None:
    case = folder / "definitions" / "ward" / "cases" / "cleared.yaml"
    case.write_text(story("at: 2026-03-01T08:00, facts: {platelet_count: 5000}"), "utf-8")
    outcome = run_pytest(folder)
    assert outcome.returncode == 1
    assert "cleared.yaml:4:36: platelet_count: 5000 is outside 0 to 3000" in outcome.stdout


def test_a_pathway_that_cannot_be_loaded_fails_each_of_its_cases(folder: Path) -> None:
    (folder / "definitions" / "ward" / "pathway.yaml").write_text(
        WARD.replace("inr > 1.4", "inr > 4 mg"), "utf-8"
    )
    outcome = run_pytest(folder)
    assert "2 failed" in outcome.stdout
    assert "inr > 4 mg" in outcome.stdout


def test_a_pathway_is_loaded_once_for_all_its_cases(folder: Path) -> None:
    (folder / "conftest.py").write_text(
        "import pathway.vignettes.bench as bench\n"
        "load = bench.load_definition\n"
        "def counted(path):\n"
        "    print(f'LOADED {path.name}', file=__import__('sys').__stderr__)\n"
        "    return load(path)\n"
        "bench.load_definition = counted\n",
        "utf-8",
    )
    outcome = run_pytest(folder, "-s")
    assert "1 failed, 1 passed" in outcome.stdout
    assert outcome.stderr.count("LOADED pathway.yaml") == 1


def test_the_plugin_is_announced_to_pytest() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"pathway-vignettes": "pathway.vignettes.collect"}


def test_the_room_needs_no_pytest_to_be_imported() -> None:
    script = (
        "import sys\n"
        "class NoPytest:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('pytest', '_pytest'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoPytest())\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'pytest' else real(name, *more)\n"
        "import pathway.vignettes.collect, pathway.vignettes.bench\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=True, timeout=60)
