"""A pathway on paper: an overview, the sheets of each phase, and its tables, none of it in too small type."""
