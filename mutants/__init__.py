"""Breaks the code on purpose, one change at a time, and asks whether a test notices; `python -m mutants --help`."""
