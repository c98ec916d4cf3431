"""The same log in CSV, XES and Parquet gives the same cases, events and findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathway.logs.foreign.mapping import LogMapping, read_mapping
from pathway.logs.foreign.reading import ForeignCase, read_foreign
from pathway.logs.foreign.replaying import replay_foreign
from tests.logs.foreign.conftest import COLUMNS, WARD_MAP, csv_text, row, ward_compiled, ward_definition

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

MAPPING = read_mapping(WARD_MAP, ward_definition())
ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["NA", "B", "é & <c>"]),
        st.sampled_from(["Arrival", "Antibiotic", "Culture", "Meal", "Strange"]),
        st.integers(0, 3).map(lambda hour: f"2026-03-01T0{hour}:00:00"),
        crp=st.sampled_from(["", "1.2", "n/a", "<5"]),
        temp=st.sampled_from(["", "98.6"]),
        who=st.sampled_from(["", "Dr B"]),
    ),
    min_size=1,
    max_size=12,
)


def written(folder: Path, rows: list[list[str]]) -> dict[str, LogMapping]:
    """The log in three formats, each file with the mapping that reads it."""
    (folder / "log.csv").write_text(csv_text(rows), "utf-8", newline="")
    columns = [[cells[index] or None for cells in rows] for index in range(len(COLUMNS))]
    pq.write_table(
        pa.table({name: pa.array(columns[i], pa.string()) for i, name in enumerate(COLUMNS)}),
        folder / "log.parquet",
    )
    events = "".join(_trace(cells) for cells in rows)
    (folder / "log.xes").write_text(f"<log>{events}</log>", "utf-8")
    return {"log.csv": MAPPING, "log.parquet": MAPPING, "log.xes": replace(MAPPING, case="case:patient")}


def _trace(cells: list[str]) -> str:
    """A trace of one event: a case may stand in several."""
    first, *others = zip(COLUMNS, cells, strict=True)
    inner = "".join(f'<string key="{key}" value={quoteattr(text)}/>' for key, text in others if text)
    return f'<trace><string key="{first[0]}" value={quoteattr(first[1])}/><event>{inner}</event></trace>'


def outcome(case: ForeignCase) -> tuple[object, ...]:
    """All that replaying it shows, but for the lines, which each format counts in its own way."""
    played = replay_foreign(case, ward_compiled())
    return played.header, played.events, [replace(finding, row=0) for finding in played.findings]


@settings(max_examples=settings().max_examples // 2)
@given(ROWS)
def test_the_format_of_a_log_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("formats")
    logs = {name: read_foreign(folder / name, mapping) for name, mapping in written(folder, rows).items()}
    first, *others = ([outcome(case) for case in log.cases] for log in logs.values())
    assert all(other == first for other in others)
    assert len({log.notes.rows for log in logs.values()}) == 1
