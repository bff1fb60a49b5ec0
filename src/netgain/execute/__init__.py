"""Trains what a study lacks, on all cores, and gives its result."""

from netgain.execute.run import run, train
from netgain.execute.trained import model_of

__all__ = ["model_of", "run", "train"]
