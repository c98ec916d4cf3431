"""A mapping file, checked against its pathway: what each activity and column of a foreign log means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pathway.language.definition import Definition
from pathway.language.nodes import Mapping as MappingNode
from pathway.language.nodes import Scalar
from pathway.language.problems import DefinitionError, Problem
from pathway.language.source import read_source
from pathway.logs.foreign.cells import ColumnReading
from pathway.logs.foreign.checking import Checking, time_of
from pathway.logs.foreign.sheet import CODE, Sheet
from pathway.logs.foreign.times import TimeReading
from pathway.logs.foreign.written import Activity, Csv, WrittenMapping


@dataclass(frozen=True, slots=True)
class LogMapping:
    """How a foreign log is read for a pathway; every name and constant in it has been checked."""

    definition: Definition
    name: str
    title: str | None
    case: str
    activity: str
    by: str | None
    time: TimeReading
    lifecycle: str | None
    kept: frozenset[str]
    csv: Csv
    empty: frozenset[str]
    activities: Mapping[str, Activity]
    ignored: frozenset[str]
    columns: tuple[ColumnReading, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that the log has to have."""
        named = (self.case, self.activity, self.by, self.lifecycle, *self.time.columns)
        facts = (column.name for column in self.columns)
        return tuple(dict.fromkeys(name for name in (*named, *facts) if name is not None))


def pathway_of_mapping(path: Path) -> str:
    """The id of the pathway that a mapping file is for. Raises DefinitionError."""
    root = read_source(path)
    for key, value in root.entries if isinstance(root, MappingNode) else ():
        if key.text == "pathway" and isinstance(value, Scalar) and not value.is_null:
            return value.text
    text = "A mapping file says which pathway it is for"
    raise DefinitionError([Problem(root.place, text, "Add pathway: ID", CODE)])


def read_mapping(path: Path, definition: Definition) -> LogMapping:
    """Read a mapping file for a pathway. Raises DefinitionError with everything that is wrong in it."""
    sheet = Sheet(read_source(path))
    written = sheet.written()
    if written is None or sheet.problems:
        raise DefinitionError(sheet.problems)
    time = time_of(written, sheet)
    columns = Checking(written, definition, time, sheet).columns()
    if sheet.problems:
        raise DefinitionError(sheet.problems)
    return _mapping(path, written, definition, time, columns)


def _mapping(
    path: Path,
    written: WrittenMapping,
    definition: Definition,
    time: TimeReading,
    columns: tuple[ColumnReading, ...],
) -> LogMapping:
    lifecycle = written.lifecycle
    return LogMapping(
        definition=definition,
        name=path.as_posix(),
        title=written.title,
        case=written.case,
        activity=written.activity,
        by=written.by,
        time=time,
        lifecycle=None if lifecycle is None else lifecycle.column,
        kept=frozenset(() if lifecycle is None else lifecycle.keep),
        csv=written.csv,
        empty=frozenset(written.empty),
        activities=written.activities,
        ignored=frozenset(written.ignore),
        columns=columns,
    )
