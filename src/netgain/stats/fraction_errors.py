"""The errors of fitted class fractions, from what every single image contributes to them.

The fit solves fᵀM = mean contents of the soft bins in the sample. To first order its error is A times the sum of what
every image adds, with A the inverse of Mᵀ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgain.stats.template_weights import TemplateWeights

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ErrorParts:
    """The covariances of fitted fractions.

    Attributes:
        within: covariance of A g(x) in images of one class, summed over the classes with their fractions `[K, K]`;
            divided by n it is the data error of the fractions of these n images.
        own: of its diagonal what images of the class itself give, for a fraction of one `[K]`.
        templates: covariance from the limited number of template images `[K, K]`.
        systematics: covariance from the nuisances `[K, K]`.
    """

    within: Floats
    own: Floats
    templates: Floats
    systematics: Floats


def error_parts(weights: TemplateWeights, contents: Floats, fractions: Floats, systematics: Floats) -> ErrorParts:
    """The covariances for template images with bin contents `[m, K]` and fractions `[K]`, none negative."""
    solve = np.linalg.inv(weights.matrix(contents).T)
    solved = contents @ solve.T
    means = np.diag(weights.matrix(solved))
    own = (weights.weights * solved**2).sum(axis=0) / weights.templates.counts - means**2
    within = solve @ weights.within(contents, fractions) @ solve.T
    noise = weights.noise(contents, fractions)
    return ErrorParts(within, own, solve @ noise @ solve.T, systematics)
