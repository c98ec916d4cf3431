"""An executable clinical pathway: a guideline in YAML, compiled to guarded state machines."""
