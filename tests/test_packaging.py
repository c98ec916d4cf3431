"""The wheel carries all it needs and runs where nothing but its declared dependencies is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = ("pathway", "diagrams", "tui")
DATA = (".lark", ".tcss", ".ttf", ".otf", ".woff2", ".txt", ".yaml", ".json", ".svg", ".typed")
BIN = "Scripts" if os.name == "nt" else "bin"

pytestmark = pytest.mark.xdist_group("packaging")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout with the build tools of the test environment."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT]
    outcome = subprocess.run(build, capture_output=True, text=True, timeout=120, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return next(folder.glob("clinical_pathway-*-py3-none-any.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a new environment: the wheel and its declared dependencies, no more.

    The dependencies are linked from the test environment, so this needs no network; that the package
    index delivers them is for the continuous integration to see.
    """
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / BIN
    paths = subprocess.check_output(
        [programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    for needed in declared_dependencies("clinical-pathway"):
        link_into(Path(paths.strip()), needed)
    pip = [sys.executable, "-m", "pip", "--python", folder, "install", "--quiet", "--no-index", "--no-deps"]
    outcome = subprocess.run([*pip, wheel], capture_output=True, text=True, timeout=120, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return programs


def declared_dependencies(name: str) -> list[Distribution]:
    """Every distribution that `name` requires, directly or not, leaving optional extras aside."""
    found: dict[str, Distribution] = {}
    waiting = requirements(name, "")
    while waiting:
        needed = waiting.pop()
        key = canonicalize_name(needed.name)
        if key not in found:
            found[key] = distribution(needed.name)
            waiting += [each for extra in ("", *needed.extras) for each in requirements(needed.name, extra)]
    return list(found.values())


def requirements(name: str, extra: str) -> list[Requirement]:
    """What one distribution requires on this machine, with one of its extras or (`""`) without."""
    written = [Requirement(text) for text in distribution(name).requires or []]
    return [each for each in written if each.marker is None or each.marker.evaluate({"extra": extra})]


def link_into(site: Path, needed: Distribution) -> None:
    """Make an installed distribution importable from another environment's site-packages."""
    tops = {file.parts[0] for file in needed.files or [] if file.parts[0] not in ("..", "__pycache__")}
    for top in tops:
        link = site / top
        if not link.exists():
            link.symlink_to(Path(str(needed.locate_file(top))))


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run an installed program from a folder that is not the checkout, seeing no other environment."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    command = [str(program), *arguments]
    return subprocess.run(
        command,
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def shipped() -> list[tuple[str, str]]:
    """(path in the checkout, path in the wheel) of every module and data file that has to travel."""
    modules = [
        (file, file) for room in ROOMS for file in files_under(room) if Path(file).suffix in (".py", *DATA)
    ]
    return modules + [(file, f"pathway/{file}") for file in files_under("definitions")]


def files_under(folder: str) -> list[str]:
    every = (file for file in (CHECKOUT / folder).rglob("[!.]*") if file.is_file())
    return sorted(file.relative_to(CHECKOUT).as_posix() for file in every if "__pycache__" not in file.parts)


def test_the_wheel_carries_every_module_definition_and_data_file(wheel: Path) -> None:
    expected = shipped()
    assert {room for room in ROOMS if any(path.startswith(f"{room}/") for path, _ in expected)} == set(ROOMS)
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        assert [path for path, there in expected if there not in inside] == []
        changed = [path for path, there in expected if (CHECKOUT / path).read_bytes() != archive.read(there)]
    assert changed == []


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(ROOMS)


# They need the extras `web`, `dask`, `bulk` and `server`, and say so where these are missing.
OF_EXTRAS = (
    "pathway/cli/web/",
    "pathway/replay/fleet/on_dask.py",
    "pathway/replay/bulk/",
    "pathway/store/server/",
    "pathway/replay/fleet/in_bulk.py",
)


def test_every_room_imports_where_only_the_declared_dependencies_are(installed: Path, tmp_path: Path) -> None:
    modules = sorted(
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, _ in shipped()
        if path.endswith(".py")
        and not path.startswith(("definitions/", *OF_EXTRAS))
        and not path.endswith("__main__.py")
    )
    script = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    outcome = run(installed / "python", "-c", script, *modules, cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr


def test_the_installed_package_finds_its_own_definitions(installed: Path, tmp_path: Path) -> None:
    script = "from pathway.language.bundled import bundled_definitions; print(bundled_definitions())"
    outcome = run(installed / "python", "-c", script, cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert Path(outcome.stdout.strip()).resolve().is_relative_to(installed.parent.resolve())


@pytest.mark.parametrize("arguments", [("--help",), ("list",)], ids=" ".join)
def test_the_installed_command_answers_from_any_folder(
    installed: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    outcome = run(installed / "pathway", *arguments, cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip()


def test_the_bundled_flagship_is_drawn_from_any_folder(installed: Path, tmp_path: Path) -> None:
    target = tmp_path / "flowchart.svg"
    arguments = ("draw", "spinal-leptomeningeal-infection", "-o", str(target))
    outcome = run(installed / "pathway", *arguments, cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert "<svg" in target.read_text(encoding="utf-8")
