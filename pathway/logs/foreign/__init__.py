"""Logs of other programs, read through a mapping file, and our own logs as XES, CSV and Parquet.

A foreign log says what was done and measured, not which transitions were taken: its rows become entries of
cases, and the single-case engine derives the rest.

    mapping = read_mapping(Path("sepsis_map.yaml"), definition)      # mapping.py; raises DefinitionError
    log = read_foreign(Path("sepsis.csv.gz"), mapping)               # reading.py; raises LogError
    for case in log.cases:                                           # in the order of the file
        played = replay_foreign(case, compiled)                      # replaying.py; raises nothing
        played.header, played.events, played.findings                # a log like any other
    log.findings, log.notes                                          # rows of no case; what was passed over

`pathway_of_mapping(path)` names the pathway before its definition is loaded. A `Finding` has `case`, `row`,
`class_`, `expected`, `logged` and `why`, as a divergence has. A case with a row that cannot be read is set
aside whole (`played.events` is empty): half a case would show deeds as never done.

Our own logs (own.py): `read_own(path)` yields every case of a .parquet, .csv or .xes file (also .csv.gz,
.xes.gz) as a `Log`, or as the LogError that says what is wrong with it; `write_own(path, cases)` writes one
from pairs of header and events. Columns: flat.COLUMNS, one row an event; in Parquet `at`, `recorded_at`,
`done_at` are timestamps, lists are lists, and `value_number` holds a number as decimal128(38, 12).
"""
