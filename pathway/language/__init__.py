"""YAML to checked definition: the pathway format, its values, units and time, and the guard language."""
