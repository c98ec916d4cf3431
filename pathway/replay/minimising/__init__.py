"""Tests out of logs: a diverging log shrunk to what still diverges, and a log frozen as a case file."""

from pathway.replay.minimising.freezing import Frozen, freeze, write_case
from pathway.replay.minimising.shrinking import Minimised, minimise

__all__ = ["Frozen", "Minimised", "freeze", "minimise", "write_case"]
