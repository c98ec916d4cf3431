"""The list of cases: opening, resuming, beginning and comparing them."""
