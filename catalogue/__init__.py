"""Runs the whole catalogue at full size and writes docs/results.md with its pictures; `python -m catalogue --help`."""
