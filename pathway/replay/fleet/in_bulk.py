"""Files of bulk logs (Parquet) replayed by the bulk engine, one task a file; read only on demand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.definition import Definition
from pathway.replay.bulk.replaying import Ready, made_ready, replay_ready
from pathway.replay.bulk.results import BulkResult, Diverged
from pathway.replay.fleet.work import Json, Replaying


def in_bulk(compiled: CompiledPathway, cores: int = 1) -> Replaying[BulkResult]:
    """Replaying files in bulk on a pathway. A case must lie in one file; `cores` is that of each process."""
    of = compiled.definition
    replaying = _File(of, frozenset(of.layers) - frozenset(compiled.layers), cores)
    return Replaying(replaying, BulkResult, _logs, BulkResult.whole, result_of)


@dataclass(slots=True)
class _File:
    """Replays one file; each process compiles the pathway and builds its tables once."""

    definition: Definition
    without_layers: frozenset[str]
    cores: int
    _ready: list[Ready] = field(default_factory=list[Ready])

    def __call__(self, file: Path) -> BulkResult:
        if not self._ready:
            self._ready.append(made_ready(compile_pathway(self.definition, self.without_layers)))
        return replay_ready([file], self._ready[0], self.cores)

    def __reduce__(self) -> tuple[type[_File], tuple[Definition, frozenset[str], int]]:
        return _File, (self.definition, self.without_layers, self.cores)


def _logs(result: BulkResult) -> int:
    return result.cases


def result_of(whole: Json) -> BulkResult:
    """The inverse of `BulkResult.whole`."""
    result = BulkResult(
        cases=whole["logs"],
        events=whole["events"],
        conforming=whole["conforming"],
        moves=whole["moves"],
        singly=Counter(whole["singly"]),
        final=Counter(whole["final"]),
    )
    for row in whole["divergences"]:
        told = (row["log"], row["seq"], row["class"], row["expected"], row["logged"], row["why"])
        result.diverges(Diverged(*told))
    result.classes = Counter(whole["classes"])  # of all divergences, not only of those that are told
    for row in whole["deadlines"]:
        action = row["action"]
        result.kept.update({(action, word): row[word] for word in ("met", "late", "never") if row[word]})
    return result
