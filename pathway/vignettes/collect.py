"""A pytest plugin: `pytest definitions/` runs every case beside a pathway as a test of its own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pathway.vignettes.finding import pathway_of

# The program runs where pytest is not installed; nobody but pytest asks for what stands below.
if TYPE_CHECKING or find_spec("pytest") is not None:
    from collections.abc import Iterator

    import pytest

    if TYPE_CHECKING:
        from pathway.vignettes.bench import Bench

    BENCHES = pytest.StashKey["dict[Path, Bench | str]"]()

    def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> VignetteFile | None:
        """Take the files in `cases/` beside a `pathway.yaml`; every other file is left to others."""
        if pathway_of(file_path) is None:
            return None
        return VignetteFile.from_parent(parent, path=file_path)  # pyright: ignore[reportUnknownMemberType]

    class VignetteFile(pytest.File):
        """A file with one vignette."""

        def collect(self) -> Iterator[VignetteItem]:
            yield VignetteItem.from_parent(self, name=self.path.stem)  # pyright: ignore[reportUnknownMemberType]

    class VignetteItem(pytest.Item):
        """One vignette: passes when it can be stepped and all that it expects holds."""

        def runtest(self) -> None:
            wrong = _what_is_wrong(self.path, self.config.stash.setdefault(BENCHES, {}))
            if wrong:
                pytest.fail("\n".join(wrong), pytrace=False)

        def reportinfo(self) -> tuple[Path, int, str]:
            return self.path, 0, f"case {self.name}"

    # Every pytest session of this environment loads this module: the engine only comes with a first case.
    def _what_is_wrong(case_file: Path, benches: dict[Path, Bench | str]) -> list[str]:
        """What cannot be read or recorded, and every expectation that does not hold."""
        from pathway.language.problems import DefinitionError
        from pathway.vignettes.vignette import miss_line

        bench = _bench(case_file, benches)
        if isinstance(bench, str):
            return [bench]
        try:
            verdicts = bench.judge(bench.read(case_file))
        except DefinitionError as fault:
            return [str(fault)]
        said = [problem.render() for problem in verdicts.problems]
        return [*said, *(miss_line(miss, verdicts.vignette) for miss in verdicts.misses)]

    def _bench(case_file: Path, benches: dict[Path, Bench | str]) -> Bench | str:
        """The bench of a case's pathway, or what is wrong with the pathway; loaded once a session."""
        from pathway.language.problems import DefinitionError
        from pathway.vignettes.bench import bench_of

        main_file = pathway_of(case_file)
        assert main_file is not None
        if main_file not in benches:
            try:
                benches[main_file] = bench_of(main_file)
            except DefinitionError as fault:
                benches[main_file] = str(fault)
        return benches[main_file]
