"""Runs: one recipe trained with one seed, its record, the store that keeps it, and the workers that train."""
