"""The store that needs no server: one SQLite file, everything on the disk before it is acknowledged."""
