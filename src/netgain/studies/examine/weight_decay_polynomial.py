"""Why smaller weights overtrain less: a polynomial fitted to noisy points with and without the penalty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

if TYPE_CHECKING:
    import altair
    import pandas

DEGREE, NUM_POINTS, NOISE, STRENGTH = 9, 15, 0.15, 0.1
"""λ = 0.1 with n = 15 points; the slides state none of the four."""
TRUE_COEFFICIENTS = (0.2, 0.5, 0.8)
"""w₀ + w₁x + w₂x², from which the points scatter."""
WITHOUT, WITH = "no penalty", f"L2 penalty, λ = {STRENGTH:g}"
RATE = 0.1


def examine(given: DemonstrationInput) -> Findings:
    """Fit the points of every seed both ways, and take one step of Keras' own gradient descent with its L2 penalty."""
    fits = {
        name: [fit_polynomial(*noisy_points(seed), strength) for seed in given.seeds]
        for name, strength in ((WITHOUT, 0.0), (WITH, STRENGTH))
    }
    frame = _fits_frame(fits[WITHOUT][0], fits[WITH][0], given.seeds[0])
    coefficients = Figure(
        _coefficients_frame(fits, given.seeds),
        lambda table: _draw_coefficients(table, given.seeds),
        "Size of each coefficient against its order: without the penalty the high orders are large, with it they are "
        "small.",
    )
    figures = {"fits": Figure(frame, _draw_fits, _FITS_IN_WORDS), "coefficients": coefficients}
    return Findings((*_on_fits(fits), *_on_keras(given.seeds[0])), figures)


def _on_fits(fits: dict[str, list[np.ndarray]]) -> list[Statement]:
    high = {name: np.array([np.abs(fit[3:]).max() for fit in of_name]) for name, of_name in fits.items()}
    errors = {name: np.mean([_error(fit) for fit in of_name]) for name, of_name in fits.items()}
    return [
        Statement(
            "The penalty makes the coefficients of x³ and higher small",
            bool((high[WITH] < 0.2 * high[WITHOUT]).all()),
            f"the largest of them is {high[WITHOUT].mean():.3g} without and {high[WITH].mean():.3g} with it "
            f"(means over {len(high[WITH])} sets of points)",
        ),
        Statement(
            "The fit follows the noise less",
            bool(errors[WITH] < errors[WITHOUT]),
            f"its distance from the true curve (root of the mean square) is {errors[WITHOUT]:.3f} without and "
            f"{errors[WITH]:.3f} with the penalty",
        ),
    ]


def _on_keras(seed: int) -> list[Statement]:
    deviation, slope = keras_step(seed)
    return [
        Statement(
            "A step with the penalty is w → (1 − ηλ/n) w − η ∂L₀/∂w: the weights decay",
            deviation < 1e-5,
            f"Keras' SGD on a Dense layer with its L2 regularizer deviates from it by at most {deviation:.1e}",
        ),
        Statement(
            "The penalised fit is the minimum of the loss that Keras trains",
            slope < 1e-4,
            f"the gradient of Keras' loss there is at most {slope:.1e}",
        ),
    ]


_FITS_IN_WORDS = (
    "Noisy points, the true parabola, and two fits: without penalty the fit swings through the points, with the "
    "penalty it stays near the parabola."
)


def noisy_points(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """X evenly from −1 to 1 and y scattered around the parabola, float64 `[n]` each."""
    x = np.linspace(-1, 1, NUM_POINTS)
    return x, true_curve(x) + np.random.default_rng(seed).normal(0, NOISE, NUM_POINTS)


def true_curve(x: np.ndarray) -> np.ndarray:
    """The parabola from which the points scatter."""
    return np.polynomial.polynomial.polyval(x, TRUE_COEFFICIENTS)


def fit_polynomial(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """The coefficients w₀ … w₉ that minimise (1/2n) Σ (f(x) − y)² + (λ/2n) Σ w², w₀ free of penalty.

    The slide "Regularization" with squared error: (XᵀX + λ I₀) w = Xᵀy, solved as least squares.

    >>> bool(np.allclose(fit_polynomial(np.linspace(0, 1, 12), np.ones(12), 0.1)[:2], [1, 0], atol=1e-9))
    True
    """
    powers = np.vander(x, DEGREE + 1, increasing=True)
    penalty = np.sqrt(strength) * np.eye(DEGREE + 1)[1:]
    return np.linalg.lstsq(np.vstack([powers, penalty]), np.append(y, np.zeros(DEGREE)), rcond=None)[0]


def keras_step(seed: int) -> tuple[float, float]:
    """A Dense layer on x … x⁹ with Keras' L2: how far one SGD step is from the slide's, and its slope at our fit."""
    import jax
    import jax.numpy as jnp
    import keras

    from netgain.engine.ambient import keras_alone

    with keras_alone():
        x, y = noisy_points(seed)
        powers, wanted = (
            jnp.asarray(np.vander(x, DEGREE + 1, increasing=True)[:, 1:], jnp.float32),
            jnp.asarray(y[:, None]),
        )
        decay = STRENGTH / NUM_POINTS  # ours is ½λ/n Σw², Keras' is l2 Σw²
        regularizer = keras.regularizers.L2(decay / 2)
        model = keras.Sequential([keras.Input((DEGREE,)), keras.layers.Dense(1, kernel_regularizer=regularizer)])

        def loss(weights: Any, penalised: bool) -> Any:
            answer: Any = model.stateless_call(weights, [], powers, return_losses=True)
            scores, _, penalties = answer
            return 0.5 * jnp.mean((scores - wanted) ** 2) + (sum(penalties) if penalised else 0)

        fit = fit_polynomial(x, y, STRENGTH).astype(np.float32)
        weights = [jnp.asarray(fit[1:, None]), jnp.asarray(fit[:1])]
        slope = max(float(jnp.abs(part).max()) for part in jax.grad(loss)(weights, True))
        start = [jnp.ones((DEGREE, 1)), jnp.ones(1)]
        optimizer = keras.optimizers.SGD(RATE)
        optimizer.build(model.trainable_variables)
        stepped: Any = optimizer.stateless_apply(
            [v.value for v in optimizer.variables], jax.grad(loss)(start, True), start
        )
        plain = jax.grad(loss)(start, False)
        slide = (1 - RATE * decay) * start[0] - RATE * plain[0]
        return float(jnp.abs(stepped[0][0] - slide).max()), slope


def _error(fit: np.ndarray) -> float:
    x = np.linspace(-1, 1, 201)
    return float(np.sqrt(np.mean((np.polynomial.polynomial.polyval(x, fit) - true_curve(x)) ** 2)))


def _fits_frame(without: np.ndarray, penalised: np.ndarray, seed: int) -> pandas.DataFrame:
    import pandas

    x = np.linspace(-1, 1, 201)
    lines = {"true curve": true_curve(x)} | {
        name: np.polynomial.polynomial.polyval(x, fit) for name, fit in ((WITHOUT, without), (WITH, penalised))
    }
    rows = [{"curve": name, "x": a, "y": b} for name, y in lines.items() for a, b in zip(x, y, strict=True)]
    rows += [{"curve": "points", "x": a, "y": b} for a, b in zip(*noisy_points(seed), strict=True)]
    return pandas.DataFrame(rows)


def _draw_fits(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    points = alt.Chart(frame.query("curve == 'points'")).mark_point(filled=True, size=55, color="#222", opacity=1)
    lines: Any = curves(
        frame.query("curve != 'points'"),
        x=("x", "x"),
        y=("y", "f(x)"),
        by="curve",
        title=f"Polynomials of order {DEGREE} through {NUM_POINTS} points",
        notes=[f"Black: points scattered around the true curve by {NOISE:g} (one standard deviation)."],
    )
    return lines + points.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))


def _coefficients_frame(fits: dict[str, list[np.ndarray]], seeds: Sequence[int]) -> pandas.DataFrame:
    rows = [
        {"fit": name, "order": order, "seed": seed, "size": abs(float(weight))}
        for name, of_name in fits.items()
        for seed, fit in zip(seeds, of_name, strict=True)
        for order, weight in enumerate(fit)
    ]
    return over_seeds(rows, "size")


def _draw_coefficients(frame: pandas.DataFrame, seeds: Sequence[int]) -> altair.TopLevelMixin:
    return curves(
        frame,
        x=("order", "order k of the term wₖ xᵏ"),
        y=("mean", "size |wₖ| of the coefficient"),
        by="fit",
        log=True,
        title="The penalty shrinks the high orders",
        notes=[seeds_in_words(seeds)],
    )
