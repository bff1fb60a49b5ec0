"""The pictures of the lessons on techniques after the lecture, from the formulas or from two real digits."""

from __future__ import annotations

import numpy as np
from scipy import stats

from netgain.data import load_dataset
from netgain.web.lesson_pictures import Function, curves, enlarged, example_digit, row_of

CLASSES = 10


def smoothed_losses() -> str:
    """The cross-entropy of an image against the score of the right class, where all other classes share the rest."""

    def loss(smoothing: float) -> Function:
        others = smoothing * (CLASSES - 1) / CLASSES
        return lambda p: -(1 - others) * np.log(p) - others * np.log((1 - p) / (CLASSES - 1))

    functions: dict[str, Function] = {
        "target 100 %": lambda p: -np.log(p),
        "ε = 0.1": loss(0.1),
        "ε = 0.2": loss(0.2),
    }
    words = "Without smoothing the loss falls until the score is 1; with it the loss has a minimum below 1."
    return curves(functions, (0.3, 0.9999), "score of the right class", "loss of the image", words)


def decays() -> str:
    """A weight that has no gradient but that of the penalty, with η = 0.01, λ = 0.5: Adam on λw, and decoupled."""
    rate, strength, steps = 0.01, 0.5, 200

    def adam(times: np.ndarray) -> np.ndarray:
        weight, mean, square, weights = 1.0, 0.0, 0.0, [1.0]
        for step in range(1, steps + 1):
            gradient = strength * weight
            mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
            weight -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-7)
            weights.append(weight)
        return np.interp(times, np.arange(steps + 1), weights)

    functions: dict[str, Function] = {
        "decoupled: (1 − ηλ)ᵗ": lambda t: (1 - rate * strength) ** t,
        "L2 penalty in Adam, for any λ": adam,
    }
    words = "A weight without other gradient: decay takes a small part per update, the penalty in Adam takes η."
    return curves(functions, (0, 150), "update t (η = 0.01, λ = 0.5)", "weight", words)


def averaged() -> str:
    """A weight that walks at random around the minimum at 0, and its moving average."""
    steps, generator = 300, np.random.default_rng(4)
    weight, mean, weights, means = 1.0, 1.0, [1.0], [1.0]
    for noise in generator.normal(0, 1, steps):
        weight -= 0.05 * (weight + 2 * noise)
        mean = 0.98 * mean + 0.02 * weight
        weights.append(weight)
        means.append(mean)
    times = np.arange(steps + 1)
    functions: dict[str, Function] = {
        "weight": lambda t: np.interp(t, times, weights),
        "average, μ = 0.98": lambda t: np.interp(t, times, means),
    }
    words = "The average varies less than the weight."
    return curves(functions, (0, steps), "update", "distance to the minimum", words)


def warm_ups() -> str:
    """The learning rate against the epoch, with and without warm-up."""

    def cosine(share: np.ndarray) -> np.ndarray:
        return (1 + np.cos(np.pi * share)) / 2

    functions: dict[str, Function] = {
        "cosine": lambda t: cosine(t / 40),
        "5 epochs of warm-up, then cosine": lambda t: np.where(t < 5, t / 5, cosine((t - 5) / 35)),
    }
    words = "With warm-up the rate rises linearly for five epochs and then falls as a cosine."
    return curves(functions, (0, 40), "epoch t", "learning rate / η", words)


def normalized() -> str:
    """The inputs of one map over a mini-batch: before the normalization, after it, and with γ and β."""
    functions: dict[str, Function] = {
        "x: mean 4, spread 2": lambda x: stats.norm.pdf(x, 4, 2),
        "x̂: mean 0, spread 1": lambda x: stats.norm.pdf(x, 0, 1),
        "γx̂ + β, γ = 1.5, β = −1": lambda x: stats.norm.pdf(x, -1, 1.5),
    }
    words = "The inputs are moved to mean 0 and spread 1; then γ and β choose another mean and spread."
    return curves(functions, (-6, 10), "input of a map's activation", "share of the mini-batch", words)


def shortcuts() -> str:
    """The product of slopes that a gradient meets on its way through blocks of slope ±0.1."""
    functions: dict[str, Function] = {
        "plain, F′ = 0.1": lambda blocks: 0.1**blocks,
        "with shortcut, F′ = 0.1": lambda blocks: 1.1**blocks,
        "with shortcut, F′ = −0.1": lambda blocks: 0.9**blocks,
    }
    words = "Through plain blocks of slope 0.1 a gradient vanishes; past them, on the shortcuts, it stays near 1."
    return curves(functions, (0, 8), "blocks that the gradient passes", "factor on the gradient", words)


def cut() -> str:
    """A digit with a square of 12 pixels hidden, each time at another place."""
    generator, digit = np.random.default_rng(5), enlarged(example_digit())
    pictures = {"the image": digit}
    for step in (1, 2, 3):
        row, column = generator.integers(0, 28, 2)
        hidden = digit.copy()
        hidden[max(0, row - 6) : row + 6, max(0, column - 6) : column + 6] = 0
        pictures[f"update {step}"] = hidden
    return row_of(pictures)


def mixed() -> str:
    """Two digits and sums of them."""
    first, second = (enlarged(load_dataset("digits").x_test[i, :, :, 0]).astype(float) for i in (3, 0))
    sums = {f"λ = {share:g}": share * first + (1 - share) * second for share in (1.0, 0.75, 0.5, 0.0)}
    return row_of({name: np.round(mixture).astype(np.uint8) for name, mixture in sums.items()})


def shared_mistakes() -> str:
    """The spread of an ensemble's mean score against the number of its networks, for three correlations."""
    functions: dict[str, Function] = {
        f"correlation ρ = {correlation:g}": (
            lambda networks, rho=correlation: np.sqrt(rho + (1 - rho) / networks)  # the spread, so the root of Var
        )
        for correlation in (0.0, 0.3, 0.7)
    }
    words = "The spread falls with the number of networks, but not below the root of their correlation."
    return curves(functions, (1, 20), "networks M in the ensemble", "spread of the mean score / σ", words)


def asked_again() -> str:
    """A digit, and its versions shifted by two pixels."""
    framed = np.pad(enlarged(example_digit()), 2)
    corners = {"the image": (2, 2), "left": (2, 4), "right": (2, 0), "up": (4, 2), "down": (0, 2)}
    return row_of({name: framed[top : top + 28, left : left + 28] for name, (top, left) in corners.items()}, 92)
