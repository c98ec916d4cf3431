"""From what was written to a checked definition: names resolved, guards typed, amounts exact."""
