"""Logs held against another version of their pathway: which cases would go elsewhere, and by which guard."""
