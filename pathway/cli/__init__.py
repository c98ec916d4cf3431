"""The command line: the one place that knows every room. Nothing heavy is imported until a command needs it."""

from pathway.cli.main import main

__all__ = ["main"]
