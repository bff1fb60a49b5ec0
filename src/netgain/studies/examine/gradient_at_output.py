"""The gradient at the output: mean squared error carries σ′(z), cross-entropy does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves

if TYPE_CHECKING:
    import pandas

TOLERANCE = 1e-5
"""Largest deviation that counts as equal: gradients are of order 1 and come in float32."""

SQUARED = "½ squared error: [σ(z) − t] σ′(z)"
ENTROPY = "cross-entropy: σ(z) − t"


def examine(given: DemonstrationInput) -> Findings:
    """One neuron against z by automatic differentiation, then the output layers of trained networks."""
    frame = gradients_against_z()
    figure = Figure(
        frame,
        lambda table: curves(
            table,
            x=("z", "z, the neuron's weighted input"),
            y=("gradient", "∂L/∂w for an input of 1"),
            by="loss",
            facet="target",
            size=(360, 280),
            title="The gradient at the output neuron",
            notes=["By automatic differentiation of one Keras neuron; the slides' formulas lie on the lines."],
        ),
        "Gradient against z: for the squared error a bump that vanishes on both sides, for cross-entropy a step that "
        "stays at ±1 where the neuron is wrong.",
    )
    statements = (*_on_one_neuron(frame), *(_on_trained_networks(given, name) for name in given.runs))
    return Findings(statements, {"gradient-against-z": figure})


def gradients_against_z() -> pandas.DataFrame:
    """Columns loss, target, z, gradient (by automatic differentiation) and formula (the slides')."""
    import pandas

    z = np.linspace(-8, 8, 161)
    parts = [
        pandas.DataFrame(
            {
                "loss": name,
                "target": f"target t = {target:g}",
                "z": z,
                "gradient": neuron_gradient(name == ENTROPY, z, target),
                "formula": formula(z, target),
            }
        )
        for target in (0.0, 1.0)
        for name, formula in ((SQUARED, squared_error_formula), (ENTROPY, entropy_formula))
    ]
    return pandas.concat(parts, ignore_index=True)


def _on_one_neuron(frame: pandas.DataFrame) -> list[Statement]:
    statements, at_six = [], {}
    texts = {
        SQUARED: "∂L/∂w of the squared error is [σ(z) − t] σ′(z) ∂z/∂w",
        ENTROPY: "∂L/∂w of cross-entropy is [σ(z) − t] ∂z/∂w, without σ′(z)",
    }
    for name, text in texts.items():
        rows = frame.loc[frame["loss"] == name]
        gradient, formula, z = (np.asarray(rows[column], float) for column in ("gradient", "formula", "z"))
        worst = float(np.abs(gradient - formula).max())
        measured = f"automatic differentiation of a Keras neuron deviates by at most {worst:.1e}"
        statements.append(Statement(text, worst < TOLERANCE, measured))
        at_six[name] = float(gradient[np.isclose(z, 6)][0])  # the first is that of target 0
    vanishes = at_six[SQUARED] < 0.01 < 0.9 < at_six[ENTROPY]
    measured = f"at z = 6 with target 0 it is {at_six[SQUARED]:.4f}, that of cross-entropy {at_six[ENTROPY]:.4f}"
    text = "Where z is large and wrong, only the squared error's gradient vanishes"
    return [*statements, Statement(text, vanishes, measured)]


def squared_error_formula(z: np.ndarray, target: float) -> np.ndarray:
    """[σ(z) − t] σ′(z) with σ′ = σ(1 − σ), the slide "The choice of loss"."""
    sigma = 1 / (1 + np.exp(-z))
    return (sigma - target) * sigma * (1 - sigma)


def entropy_formula(z: np.ndarray, target: float) -> np.ndarray:
    """σ(z) − t, the slide "The choice of loss (II)"."""
    return 1 / (1 + np.exp(-z)) - target


def neuron_gradient(entropy: bool, z: np.ndarray, target: float) -> np.ndarray:
    """∂L/∂w at each z of a Keras neuron whose input is 1, so that z is its weight: float32 `[Z]`."""
    import jax
    import jax.numpy as jnp
    import keras

    from netgain.engine.ambient import keras_alone

    with keras_alone():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid", use_bias=False)])
        loss: Any = keras.losses.BinaryCrossentropy() if entropy else keras.losses.MeanSquaredError()
        share = 1.0 if entropy else 0.5  # Keras' squared error has no ½

        def objective(weight: jax.Array) -> Any:
            scores: Any = model.stateless_call([weight.reshape(1, 1)], [], jnp.ones((1, 1)), training=False)[0]
            return share * loss(jnp.full((1, 1), target), scores)

        return np.asarray(jax.vmap(jax.grad(objective))(jnp.asarray(z, jnp.float32)))


def _on_trained_networks(given: DemonstrationInput, name: str) -> Statement:
    """The slide's formula against automatic differentiation, by the output biases of trained networks."""
    from netgain.runs.trained import open_network
    from netgain.studies.examine.gradients import bias_gradients_by_image

    recipe, images, labels = given.classifier(name), given.images.x_test[:200], given.images.y_test[:200]
    squared = recipe.loss == "mean_squared_error"
    texts = {  # Keras takes the means of the first two over the K outputs
        "mean_squared_error": "∂L/∂bᵢ = (yᵢ − tᵢ) σ′(zᵢ) · 2/K",
        "binary_crossentropy": "∂L/∂bᵢ = (yᵢ − tᵢ) · 1/K",
        "categorical_crossentropy": "∂L/∂bᵢ = yᵢ − tᵢ",
    }
    worst = 0.0
    for run in given.finished(name):
        scores = run.test_scores[:200].astype(float)
        wrong_by = scores - np.eye(scores.shape[1])[labels]
        means_over_classes = 1 if recipe.loss == "categorical_crossentropy" else scores.shape[1]
        formula = wrong_by * (2 * scores * (1 - scores) if squared else 1) / means_over_classes
        measured = bias_gradients_by_image(open_network(run, recipe), recipe, images, labels)[-1]
        worst = max(worst, float(np.abs(measured - formula).max()))
    return Statement(
        f"In trained networks ({name}) {texts[str(recipe.loss)]} at the output layer",
        worst < TOLERANCE,
        f"{len(given.finished(name))} networks, 200 test images each: largest deviation {worst:.1e}",
    )
