"""Proving a definition: guards as formulas, a solver's answers, and cases that show what was found."""
