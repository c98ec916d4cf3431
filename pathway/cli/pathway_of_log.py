"""Which pathway a log was written on: the named one, the text kept with it, or the bundled one of its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pathway.cli.faults import UsageError
from pathway.cli.loading import definition_cache
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.bundled import bundled_pathways, pathway_id
from pathway.language.definition import Definition
from pathway.language.problems import visible
from pathway.logs.chain import Header, Log


@dataclass(slots=True)
class PathwaysOfLogs:
    """Definitions loaded once however many logs name them. With `named`, every log is held against it.

    `kept` gives the text of a definition by its digest, where a store has kept it.
    """

    named: Definition | None = None
    kept: Callable[[str], str | None] | None = None
    _loaded: dict[str, Definition] = field(default_factory=dict[str, Definition])
    _compiled: dict[tuple[str, frozenset[str]], CompiledPathway] = field(
        default_factory=dict[tuple[str, frozenset[str]], CompiledPathway]
    )

    def of(self, header: Header) -> CompiledPathway:
        """The pathway of a log, without its switched-off layers. Raises UsageError, DefinitionError."""
        definition = self.named or self._as_kept(header) or self._bundled(header.pathway)
        layers = frozenset(header.without_layers) & frozenset(definition.layers)
        key = (definition.digest, layers)
        if key not in self._compiled:
            self._compiled[key] = compile_pathway(definition, layers)
        return self._compiled[key]

    def definition_of(self, log: Log) -> Definition | None:
        """The definition of a log; None where it is not here. Raises DefinitionError."""
        try:
            return self.of(log.header).definition
        except UsageError:
            return None

    @property
    def stamps(self) -> list[str]:
        """Title, version and status of every pathway that was asked for."""
        found = {one.definition.digest: one.definition for one in self._compiled.values()}
        return [
            f"{one.title}  {one.version}" + (f"  *** {one.stamp} ***" if one.stamp is not None else "")
            for one in found.values()
        ]

    def _as_kept(self, header: Header) -> Definition | None:
        """The very text that the log was written on, where it was kept."""
        if self.kept is None:
            return None
        if header.digest not in self._loaded:
            text = self.kept(header.digest)
            if text is None:
                return None
            from pathway.language.load import definition_from_text  # reads YAML, which a kept one does not

            self._loaded[header.digest] = definition_from_text(text)
        return self._loaded[header.digest]

    def _bundled(self, wanted: str) -> Definition:
        if wanted not in self._loaded:
            file = next((one for one in bundled_pathways() if pathway_id(one) == wanted), None)
            if file is None:
                known = ", ".join(pathway_id(one) for one in bundled_pathways()) or "none"
                raise UsageError(
                    f"This log is of the pathway `{visible(wanted)}`, which does not come with the program. "
                    f"Give the file of its definition. Bundled: {known}."
                )
            self._loaded[wanted] = definition_cache().definition(file)
        return self._loaded[wanted]
