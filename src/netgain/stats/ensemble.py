"""The ensemble: the seeds of a recipe answering together, as one network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.stats import student
from netgain.stats.arrays import label_array, score_array
from netgain.stats.crossed import MeanAccuracy, mean_accuracy, sum_of_squares
from netgain.stats.difference import FEW_DISCORDANT
from netgain.stats.intervals import Interval, clopper_pearson
from netgain.stats.mcnemar import mcnemar_exact

if TYPE_CHECKING:
    import pandas
'''
