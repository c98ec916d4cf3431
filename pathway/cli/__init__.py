"""The command line: the one place that knows every room. Heavy parts are imported by the command in use."""

from pathway.cli.main import main

__all__ = ["main"]
