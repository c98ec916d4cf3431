"""Replaying logs by the million: a pathway as integer tables, interpreted by one compiled kernel.

    write_bulk(path, bulk_pathway(compiled), cases)      # writing.py, tables.py; a case: header, events
    result = replay_bulk(paths, compiled, cores=2)       # replaying.py; raises LogError for no bulk log
    result.as_json(), result.divergences, result.singly  # results.py; the same bytes in any partition
    kernel_folder().exists()                             # kernels.py; else the first replay compiles a minute

The kernel says of a case that it conforms, or that it is not sure and why. All of the latter are replayed by
the single-case engine, which alone explains; `singly` counts them by reason. Nothing here is imported by a
command that does not replay bulk logs: numba, numpy and pyarrow start slowly.
"""
