"""Vignettes: cases that say what each of their steps shall show, and whether a pathway shows it."""
