"""The terminal as a user waits for it: `python benchmarks/tui.py`, on a quiet machine."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # This file is named as the package that it measures, which must be found in its stead.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from benchmarks.terminal.measuring import main

    main()
