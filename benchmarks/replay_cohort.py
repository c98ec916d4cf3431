"""A log of any size to replay: simulated cases, repeated under other names and at other times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from pathway.engine.compiled import CompiledPathway
from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.replay.bulk import codes
from pathway.replay.bulk.reading import BulkFile, case_starts
from pathway.replay.bulk.rows import INSTANT
from pathway.replay.bulk.schema import SCHEMA
from pathway.replay.bulk.tables import bulk_pathway
from pathway.replay.bulk.vocabulary import Vocabulary
from pathway.replay.bulk.writing import ROWS_A_GROUP, BulkWriter, write_bulk
from pathway.simulating.cases import Simulator

DAY = 86400
SEED, MISSING = 1, 10
Cases: TypeAlias = list[tuple[Header, list[Event]]]


def simulated(compiled: CompiledPathway, cases: int) -> Cases:
    """So many cases, all different, with a tenth of their facts missing."""
    definition = compiled.definition
    simulator = Simulator(compiled, SEED, MISSING)
    return [
        (
            Header(
                pathway=definition.id, version=definition.version, digest=definition.digest, case=f"S{number}"
            ),
            list(simulator.case(number).events),
        )
        for number in range(1, cases + 1)
    ]


def write_repeated(
    path: Path, compiled: CompiledPathway, base: Path, events: int, at_other_times: bool = True
) -> int:
    """Write at least so many events: the cases of a bulk log again and again. How many there are.

    A pathway that reckons in calendar dates has to have them at the same times.
    """
    file = BulkFile(base)
    rows = pa.concat_tables([file.whole(group) for group in range(file.groups)]).combine_chunks()
    written = 0
    with BulkWriter(path, bulk_pathway(compiled)) as writer:
        writer.vocabulary = file.vocabulary
        for table in _copies(rows, file.vocabulary, -(-events // rows.num_rows), at_other_times):
            writer.write(table)
            written += table.num_rows
    return written


def with_one_wrong(path: Path, compiled: CompiledPathway, base: Path, events: int) -> int:
    """The same, with one more move at the end that goes elsewhere."""
    whole = path.with_suffix(".whole")
    count = write_repeated(whole, compiled, base, events)
    file = BulkFile(whole)
    with BulkWriter(path, bulk_pathway(compiled)) as writer:
        writer.vocabulary = file.vocabulary
        for group in range(file.groups):
            last = group + 1 == file.groups
            writer.write(_last_move_turned(file.whole(group)) if last else file.whole(group))
    whole.unlink()
    return count


def _last_move_turned(rows: pa.Table) -> pa.Table:
    """The last move goes to where it came from."""
    value = rows["value"].to_numpy().copy()
    place = np.flatnonzero(rows["kind"].to_numpy() == codes.TAKEN)[-1]
    value[place] = value[place] & ~0xFFFF | (value[place] >> 16) & 0xFFFF
    at = rows.column_names.index("value")
    return rows.set_column(at, SCHEMA.field(at), pa.array(value))


def write_base(path: Path, compiled: CompiledPathway, cases: Cases) -> None:
    write_bulk(path, bulk_pathway(compiled), cases)


def _copies(rows: pa.Table, names: Vocabulary, copies: int, at_other_times: bool) -> Iterator[pa.Table]:
    """Several copies a row group, each case at some other time."""
    together = max(1, ROWS_A_GROUP // rows.num_rows)
    moving = _tells_a_time(rows, names)
    for first in range(0, copies, together):
        yield pa.concat_tables(
            [
                _copy(rows, moving, copy, at_other_times)
                for copy in range(first, min(first + together, copies))
            ]
        ).combine_chunks()


def _per_case(rows: pa.Table, copy: int) -> np.ndarray:
    """For every row by how much its case happens later: some seconds within ten years, other ones a copy."""
    starts, _ = case_starts(rows)
    draw = np.random.default_rng(SEED + copy)
    return np.repeat(draw.integers(0, 3650 * DAY, len(starts) - 1), np.diff(starts))


def _tells_a_time(rows: pa.Table, names: Vocabulary) -> np.ndarray:
    kind, what = rows["kind"].to_numpy(), rows["what"].to_numpy()
    instants = np.array([fact.kind == INSTANT for fact in names.facts] + [False] * 100)
    return (kind == codes.DONE) | (kind == codes.PASSED) | ((kind == codes.RECORDED) & instants[what])


def _copy(rows: pa.Table, moving: np.ndarray, copy: int, at_other_times: bool) -> pa.Table:
    later = _per_case(rows, copy) * int(at_other_times)
    columns = {name: rows[name] for name in rows.column_names}
    cases = rows["case"].combine_chunks().dictionary_encode()
    names = pa.array([f"{case}-{copy:06d}" for case in cases.dictionary.to_pylist()])
    columns["case"] = pa.DictionaryArray.from_arrays(cases.indices, names).cast(pa.string())
    columns["at"] = pa.array(rows["at"].to_numpy() + later)
    columns["value"] = pa.array(rows["value"].to_numpy() + later * moving)
    return pa.table(columns, schema=SCHEMA)
