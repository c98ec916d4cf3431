"""The pathways that are installed, in every version that is there, and which of them a log was begun on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from pathway.cli.list_command import Listed, listed_pathways
from pathway.cli.loading import definition_cache
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.logs.chain import Header
from tui.session import PathwayEntry

DEMO = Path("cases") / "demo.yaml"


class Installed:
    """Main files of pathways, loaded once each; several threads may ask at the same time.

    `kept` gives the text of a definition by its digest, where the store of the cases has kept it.
    """

    def __init__(
        self, listed: Sequence[Listed] | None = None, kept: Callable[[str], str | None] | None = None
    ) -> None:
        found = listed_pathways() if listed is None else listed
        self._listed: dict[Path, PathwayEntry] = {Path(one.file): _entry(one) for one in found}
        self._loaded: dict[Path, Definition] = {}
        self._compiled: dict[tuple[Path, frozenset[str]], CompiledPathway] = {}
        self._kept = kept
        self._lock = Lock()

    @property
    def entries(self) -> tuple[PathwayEntry, ...]:
        return tuple(self._listed.values())

    def of(self, entry: PathwayEntry) -> CompiledPathway:
        """An installed pathway with all its layers. Raises DefinitionError."""
        return self._compiled_of(Path(entry.key), frozenset())

    def present(self, pathway: str) -> PathwayEntry | None:
        """The newest installed version of a pathway."""
        found = [entry for entry in self._listed.values() if entry.pathway == pathway]
        return max(found, key=lambda entry: _number(entry.version), default=None)

    def begun_on(self, header: Header) -> CompiledPathway | None:
        """The very text that a log was begun on, without its switched-off layers. Raises DefinitionError."""
        for file, entry in self._listed.items():
            if (entry.pathway, entry.version) != (header.pathway, header.version):
                continue
            if self._definition(file).digest == header.digest:
                return self._without(file, header)
        return self._as_kept(header)

    def newest(self, header: Header) -> CompiledPathway | None:
        """The newest installed version, without the layers that the log was begun without."""
        entry = self.present(header.pathway)
        return None if entry is None else self._without(Path(entry.key), header)

    def remark(self, header: Header) -> str | None:
        """One line where a case was begun on another text than the installed one. Raises DefinitionError."""
        entry = self.present(header.pathway)
        if entry is None:
            return f"begun on {visible(header.version)}; {visible(header.pathway)} is not installed"
        digest = self._definition(Path(entry.key)).digest
        if digest == header.digest:
            return None
        if entry.version != header.version:
            return f"begun on {visible(header.version)}; {entry.version} is installed"
        return f"begun on {entry.version} ({header.digest[:8]}); another text, {digest[:8]}, is installed"

    def _as_kept(self, header: Header) -> CompiledPathway | None:
        """The text that was kept with the case, where that version is installed no more."""
        text = None if self._kept is None else self._kept(header.digest)
        if text is None:
            return None
        from pathway.language.load import definition_from_text  # reads YAML, which the installed need not

        file = Path(header.digest)
        with self._lock:
            if file not in self._loaded:
                self._loaded[file] = definition_from_text(text)
        return self._without(file, header)

    def _without(self, file: Path, header: Header) -> CompiledPathway:
        layers = frozenset(self._definition(file).layers)
        return self._compiled_of(file, frozenset(header.without_layers) & layers)

    def _definition(self, file: Path) -> Definition:
        with self._lock:
            if file not in self._loaded:
                self._loaded[file] = definition_cache().definition(file)
            return self._loaded[file]

    def _compiled_of(self, file: Path, without: frozenset[str]) -> CompiledPathway:
        definition = self._definition(file)
        with self._lock:
            if (file, without) not in self._compiled:
                self._compiled[file, without] = compile_pathway(definition, without)
            return self._compiled[file, without]


def _entry(listed: Listed) -> PathwayEntry:
    stamp = None if listed.status == "approved" else f"{listed.status.upper()}: not approved for clinical use"
    has_demo = (Path(listed.file).parent / DEMO).is_file()
    return PathwayEntry(listed.file, listed.pathway, listed.version, listed.title, stamp, has_demo)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
