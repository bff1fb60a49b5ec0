"""The pictures of the lessons on generators, made from the formulas or from a few real digits."""

from __future__ import annotations

import numpy as np
from scipy import stats

from netgain.data import load_dataset
from netgain.web.lesson_pictures import Function, curves, enlarged, row_of

DAMPING = 0.5
"""γ of the penalty R1 in the picture."""


def losses() -> str:
    """What a generator's loss says of one image, against the critic's logit D of it."""
    functions: dict[str, Function] = {
        "minimax: ln(1 − σ(D))": lambda d: -np.logaddexp(0, d),
        "non-saturating: −ln σ(D)": lambda d: np.logaddexp(0, -d),
        "Wasserstein, hinge: −D": lambda d: -d,
    }
    words = "Where the critic is sure that an image is generated, at negative D, the minimax loss is flat."
    return curves(functions, (-6, 6), "D, the critic's logit of a generated image", "loss of the generator", words)


def damped() -> str:
    """A generator and a critic of one weight each (Mescheder et al. 2018, section 2), with and without R1."""
    fast = np.sqrt(1 - DAMPING**2 / 4)

    def with_penalty(time: np.ndarray) -> np.ndarray:
        return np.exp(-DAMPING * time / 2) * (np.cos(fast * time) + DAMPING / (2 * fast) * np.sin(fast * time))

    functions: dict[str, Function] = {"no penalty": np.cos, "R1, γ = 0.5": with_penalty}
    words = "Without a penalty the generator circles around the real image for ever; with R1 it comes to rest there."
    return curves(functions, (0, 30), "time, in units of 1 / learning rate", "generator's distance to the data", words)


def collapsed() -> str:
    """Ten different digits, and ten of one kind."""
    digits = load_dataset("digits")
    first = [np.flatnonzero(digits.y_test == digit)[0] for digit in range(10)]
    ones = np.flatnonzero(digits.y_test == 1)[[0] * 7 + [1] * 3]
    rows = {"healthy": first, "collapsed": ones}
    shown = {
        name: np.concatenate([enlarged(digits.x_test[i, :, :, 0]) for i in of], axis=1) for name, of in rows.items()
    }
    sketch = '<p class="soft">This picture is a sketch, made of real digits.</p>'
    return row_of(shown, 430) + sketch


def told_apart() -> str:
    """The ROC curves of scores whose two samples lie some standard deviations apart."""

    def roc(distance: float) -> Function:
        return lambda rate: 100 * stats.norm.sf(stats.norm.isf(rate / 100) - distance)

    functions = {
        f"{distance:g} σ apart: AUC {stats.norm.cdf(distance / np.sqrt(2)):.2f}": roc(distance)
        for distance in (0, 1, 2)
    }
    words = "The further apart the scores of real and generated images, the larger the area under the curve."
    return curves(functions, (0, 100), "real images taken for generated, %", "generated images found, %", words)
