"""Cases at the boundaries of a definition, written down as they come out."""
