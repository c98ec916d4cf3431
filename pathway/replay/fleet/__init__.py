"""The same replay over a data set of many files: by processes of this machine, or by a Dask cluster."""
