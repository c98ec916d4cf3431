"""The chart of what two versions of a pathway have between them, with what was added, changed and removed."""
