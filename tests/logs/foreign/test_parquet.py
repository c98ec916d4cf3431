"""Parquet logs of other programs: times to the second whatever their unit, numbers as they were written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pathway.logs.foreign.parquet_rows import instant_text
from pathway.logs.foreign.reading import read_foreign
from pathway.logs.foreign.replaying import replay_foreign
from pathway.logs.problems import LogError
from tests.logs.foreign.conftest import COLUMNS, Ward, said, ward_compiled

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

AT = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def written(folder: Path, **columns: object) -> Path:
    """A log of two rows of one case, columns that are not given all null."""
    given = {
        "patient": pa.array(["NA", "NA"]).dictionary_encode(),
        "what": pa.array(["Arrival", "Culture"]).dictionary_encode(),
        "when": pa.array([AT, AT], pa.timestamp("ns", "Europe/Berlin")),
        **columns,
    }
    file = folder / "log.parquet"
    pq.write_table(pa.table({name: given.get(name, pa.nulls(2, pa.string())) for name in COLUMNS}), file)
    return file


@pytest.mark.parametrize(
    ("when", "zone"), [("s", "UTC"), ("us", "America/New_York"), ("ns", None)], ids=["s", "us", "ns"]
)
def test_times_are_exact_in_every_unit_and_ties_keep_the_order_of_the_file(
    ward: Ward, when: str, zone: str | None
) -> None:
    times = pa.array([AT, AT], pa.timestamp(when, zone) if zone else pa.timestamp(when))
    [case] = read_foreign(written(ward.folder, when=times), ward.mapping).cases
    assert case.id == "NA"
    assert [entry.place.line for entry in case.timeline.entries] == [1, 2]
    expected = AT.timestamp() - (0 if zone else 3600)  # without a zone it is the ward's local time
    assert {entry.batch.at for entry in case.timeline.entries} == {expected}


def test_cells_of_every_type_are_read_as_they_were_written(ward: Ward) -> None:
    file = written(
        ward.folder,
        crp=pa.array([None, 0.3]),
        gluc=pa.array([None, 90], pa.int64()),
        ca=pa.array([float("nan"), float("nan")]),
        temp=pa.array([None, Decimal("100.4")], pa.decimal128(10, 1)),
        born=pa.array([None, date(1950, 2, 28)]),
    )
    [case] = read_foreign(file, ward.mapping).cases
    assert said(replay_foreign(case, ward_compiled())) == [
        "arrival_time=2026-03-01T07:00:00+00:00",
        "birth=1950-02-28",
        "crp=3",
        "glucose=4.995",
        "temperature=38",
        "culture",
    ]


def test_small_floats_are_read_with_the_digits_that_were_written(ward: Ward) -> None:
    file = written(ward.folder, crp=pa.array([None, 12.3], pa.float32()), gluc=pa.array([None, 1e2]))
    [case] = read_foreign(file, ward.mapping).cases
    assert {"crp=123", "glucose=5.55"} <= set(said(replay_foreign(case, ward_compiled())))


def test_a_column_of_bytes_or_groups_is_refused(ward: Ward) -> None:
    for cells, kind in (([b"A", b"A"], "binary"), ([{"x": 1}] * 2, "struct")):
        with pytest.raises(LogError, match=f"`patient` holds {kind}.*Write the column anew as text"):
            read_foreign(written(ward.folder, patient=pa.array(cells)), ward.mapping)


def test_fractions_of_a_second_are_seen() -> None:
    assert instant_text(1_000_000_001, 1_000_000_000, "") == "1970-01-01T00:00:01.000000001"
    assert instant_text(-1, 1000, "Z") == "1969-12-31T23:59:59.999Z"


def test_a_damaged_file_and_a_missing_column_are_told(ward: Ward) -> None:
    file = written(ward.folder)
    with pytest.raises(LogError, match="no column `whom`"):
        read_foreign(file, ward.mapped(by="by: whom"))
    table = pq.read_table(file)
    pq.write_table(table.append_column("crp", table["crp"]), file)
    with pytest.raises(LogError, match="`crp` stands twice"):
        read_foreign(file, ward.mapping)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(LogError, match="damaged, or no Parquet"):
        read_foreign(file, ward.mapping)
