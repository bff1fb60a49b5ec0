"""Trains what a study lacks, on all cores, and gives its result."""

from netgain.execute.run import model_of, run, train

__all__ = ["model_of", "run", "train"]
