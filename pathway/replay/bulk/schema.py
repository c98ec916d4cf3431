"""The columns of a bulk log.

`what` numbers a fact, action, track or (of `case_opened`) a header; `value` is a fact's value, a deed's
time, the time that passed, a zone, or a move as `guard << 32 | from << 16 | to`; `link` is the line that a
value corrects or a deed rests on, or a move's round; `how` is a standing or a cause; `written` the seconds
from `at` to when it was written down. `rest` is the whole event as JSON where the columns do not say all of
it. The names behind the numbers are in the file's metadata.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pathway.logs.foreign.parquet_rows import arrow

pa, parquet = arrow(), arrow("pyarrow.parquet")
ArrowTable: TypeAlias = Any

NAMES_KEY = "pathway.bulk"
SCHEMA: Any = pa.schema(
    [
        pa.field("case", pa.string(), nullable=False),
        pa.field("seq", pa.int32(), nullable=False),
        pa.field("batch", pa.int32(), nullable=False),
        pa.field("kind", pa.int8(), nullable=False),
        pa.field("what", pa.int16(), nullable=False),
        pa.field("how", pa.int8(), nullable=False),
        pa.field("at", pa.int64(), nullable=False),
        pa.field("written", pa.int32(), nullable=False),
        pa.field("value", pa.int64(), nullable=False),
        pa.field("link", pa.int32(), nullable=False),
        pa.field("basis", pa.list_(pa.field("line", pa.int32(), nullable=False)), nullable=False),
        pa.field("by", pa.string(), nullable=False),
        pa.field("entered", pa.string()),
        pa.field("rest", pa.string()),
    ]
)
FOLLOWED = ("case", "seq", "batch", "kind", "what", "how", "at", "written", "value", "link", "basis")
TEXTS = ["case", "by", "entered", "rest", "kind", "what", "how", "written", "link"]
PACKED = {"seq": "DELTA_BINARY_PACKED", "batch": "DELTA_BINARY_PACKED"}
