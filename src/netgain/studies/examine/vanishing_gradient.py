"""Vanishing and exploding gradients: the slides' chain of neurons, and real networks through training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from netgain.experiment.measurement import Measurement
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import Dataset
    from netgain.runs.record import RunResult
    from netgain.tasks.classification.recipe import Recipe

BOUND = 1 / 64
"""¼ · ¼ · ¼ = 0.0156: three derivatives of the sigmoid between b₁ and b₄."""
NUM_CHAINS, NUM_IMAGES = 10_000, 500
SIGMOID, RELU, LARGE = "sigmoid", "ReLU", "ReLU, large weights"
"""The names of the recipes: networks of three hidden layers, so that b₁ and b₄ are their first and last biases."""


def examine(given: DemonstrationInput) -> Findings:
    """The bound on random chains, then the layers' gradients in real networks while they train."""
    ratios, deviation = chain_ratios(np.random.default_rng(given.seeds[0]))
    norms = {name: [MEASUREMENT.of(run) for run in given.finished(name)] for name in given.runs if given.finished(name)}
    statements = (
        Statement(
            "In a chain of four sigmoid neurons with |w| ≤ 1, ∂L/∂b₁ < 0.0156 ∂L/∂b₄",
            ratios.max() < BOUND,
            f"{NUM_CHAINS:,} random chains: at most {ratios.max():.5f}, half of them below {np.median(ratios):.5f}",
        ),
        Statement(
            "∂L/∂b₁ = σ′(z₁) w₂ σ′(z₂) w₃ σ′(z₃) w₄ ∂L/∂b₄",
            deviation < 1e-4,
            f"automatic differentiation deviates from the product by at most {deviation:.1e} (relative)",
        ),
        *(said for name, of_name in norms.items() for said in _SAID[name](of_name, given)),
    )
    return Findings(
        statements,
        {
            "gradients-through-training": Figure(
                _norms_frame(given, norms), lambda frame: _draw_norms(frame, given), _NORMS_IN_WORDS
            ),
            "chain-of-neurons": Figure(_chains_frame(ratios), _draw_chains, _CHAINS_IN_WORDS),
        },
    )


def bias_norms(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
    """The norms of the gradient by each layer's biases through training, `[E + 1, L]` a run, which is trained again."""
    from netgain.studies.examine.gradients import gradient_norms

    del dataset  # the recipe names it
    return [gradient_norms(recipe, run.seed).biases for run, recipe in runs]


MEASUREMENT = Measurement("bias-gradient-norms", bias_norms)


_NORMS_IN_WORDS = (
    "Gradient norm of each layer against epoch, logarithmic: in the sigmoid network the first layer starts lowest, "
    "with ReLU the layers are close together, with large weights the first layer is highest."
)
_CHAINS_IN_WORDS = (
    "How often each ratio of the first to the last bias gradient occurs in random chains; all are below 0.0156."
)


def chain_ratios(generator: np.random.Generator) -> tuple[np.ndarray, float]:
    """|∂L/∂b₁| / |∂L/∂b₄| by automatic differentiation of random chains `[chains]`, and the largest relative
    deviation from the slides' product. Weights are uniform in ±1, biases and inputs normal.
    """
    import jax
    import jax.numpy as jnp

    weights = jnp.asarray(generator.uniform(-1, 1, (NUM_CHAINS, 4)), jnp.float32)
    biases = jnp.asarray(generator.normal(size=(NUM_CHAINS, 4)), jnp.float32)
    inputs = jnp.asarray(generator.normal(size=NUM_CHAINS), jnp.float32)

    def loss(b: jax.Array, w: jax.Array, x: jax.Array) -> tuple[jax.Array, jax.Array]:
        slopes = []
        for i in range(4):
            x = jax.nn.sigmoid(w[i] * x + b[i])
            slopes.append(x * (1 - x))
        return 0.5 * x**2, jnp.stack(slopes)  # target 0

    gradients, slopes = jax.vmap(jax.grad(loss, has_aux=True))(biases, weights, inputs)
    found = np.asarray(gradients, np.float64)
    product = np.asarray(slopes[:, :3].prod(axis=1) * weights[:, 1:].prod(axis=1), np.float64)
    ratios = found[:, 0] / found[:, 3]
    return np.abs(ratios), float(np.max(np.abs(ratios - product)) / np.abs(product).max())


def _first_to_last(norms: list[np.ndarray]) -> np.ndarray:
    """‖∂L/∂b₁‖ / ‖∂L/∂b₄‖, every seed and epoch one after the other."""
    return np.concatenate([of_run[:, 0] / of_run[:, -1] for of_run in norms])


def _of_sigmoid(norms: list[np.ndarray], given: DemonstrationInput) -> list[Statement]:
    ratios, start = _first_to_last(norms), np.mean([of_run[0, 0] / of_run[0, -1] for of_run in norms])
    share = 100 * np.mean(ratios < BOUND)
    median, worst = by_image(given)
    at_start = np.array([of_run[0] for of_run in norms])
    by_layer = ", ".join(f"{norm:.4f}" for norm in at_start.mean(axis=0))
    falling = Statement(
        "Before training the gradient of a real sigmoid network falls with every layer towards the first",
        bool((np.diff(at_start) > 0).all()),
        f"‖∂L/∂b‖ of layers 1 to {at_start.shape[1]}: {by_layer} (means over {len(norms)} networks)",
    )
    bounded = Statement(
        "The factor of 0.0156 bounds a real sigmoid network too, first layer against fourth",
        ratios.max() < BOUND,
        f"‖∂L/∂b₁‖ / ‖∂L/∂b₄‖ is {start:.4f} before training, {ratios.min():.4f} to {ratios.max():.4f} over all "
        f"epochs, below 0.0156 in {share:.0f} % of them (per image after training: median {median:.3f}). Layers are "
        "wider than one neuron and weights grow beyond 1: only multiplied by the norms of the weights between is it a "
        f"bound, and the trained networks reach at most {worst:.3f} of that",
    )
    return [falling, bounded]


def by_image(given: DemonstrationInput) -> tuple[float, float]:
    """In the trained sigmoid networks: the median over images of ‖δ₁‖ / ‖δ₄‖, and the largest of
    ‖δ₁‖ / (BOUND ‖W₂‖ ‖W₃‖ ‖W₄‖ ‖δ₄‖), which is below 1 always.

    δ = ∂L/∂z of one image's loss, equal to its gradient by the biases; ‖W‖ is the largest singular value.
    """
    from netgain.runs.trained import open_network
    from netgain.studies.examine.gradients import bias_gradients_by_image

    images, labels = given.images.x_train[:NUM_IMAGES], given.images.y_train[:NUM_IMAGES]
    worst, ratios = 0.0, []
    for run in given.finished(SIGMOID):
        model = open_network(run)
        errors = bias_gradients_by_image(model, given.classifier(SIGMOID), images, labels)
        first, last = (np.linalg.norm(error.astype(np.float64), axis=1) for error in (errors[0], errors[-1]))
        kernels = [np.asarray(v.value) for v in model.trainable_variables if v.path.endswith("kernel")]
        largest = BOUND * np.prod([np.linalg.norm(kernel, 2) for kernel in kernels[1:]])
        ratios.append(first[last > 0] / last[last > 0])
        worst = max(worst, float(ratios[-1].max() / largest))
    return float(np.median(np.concatenate(ratios))), worst


def _of_relu(norms: list[np.ndarray], given: DemonstrationInput) -> list[Statement]:
    del given
    ratios = _first_to_last(norms)
    statement = Statement(
        "ReLU has no small σ′(z): the first layer's gradient does not vanish",
        ratios.min() > BOUND,
        f"‖∂L/∂b₁‖ / ‖∂L/∂b₄‖ is between {ratios.min():.3f} and {ratios.max():.3f} during training",
    )
    return [statement]


def _of_large_weights(norms: list[np.ndarray], given: DemonstrationInput) -> list[Statement]:
    del given
    start = np.array([of_run[0, 0] / of_run[0, -1] for of_run in norms])
    statement = Statement(
        "With large weights the gradient explodes towards the first layer",
        start.min() > 10,
        f"with ReLU and initial weights from N(0, 1), ‖∂L/∂b₁‖ is {start.min():.0f} to {start.max():.0f} times "
        "‖∂L/∂b₄‖ before training",
    )
    return [statement]


_SAID = {SIGMOID: _of_sigmoid, RELU: _of_relu, LARGE: _of_large_weights}


def _norms_frame(given: DemonstrationInput, norms: dict[str, list[np.ndarray]]) -> pandas.DataFrame:
    rows = [
        {"network": name, "layer": f"layer {number}", "epoch": epoch, "seed": run.seed, "norm": float(norm)}
        for name, of_name in norms.items()
        for run, found in zip(given.finished(name), of_name, strict=True)
        for epoch, row in enumerate(found)
        for number, norm in enumerate(row, 1)
    ]
    return over_seeds(rows, "norm")


def _draw_norms(frame: pandas.DataFrame, given: DemonstrationInput) -> altair.TopLevelMixin:
    return curves(
        frame,
        x=("epoch", "epoch (0: before training)"),
        y=("mean", "‖∂L/∂b‖ of the layer"),
        by="layer",
        facet="network",
        log=True,
        size=(250, 260),
        title="How large the gradient is in each layer",
        notes=[
            "Gradient of the mean loss of 1,000 training images with respect to the layer's biases.",
            seeds_in_words(given.seeds),
        ],
    )


def _chains_frame(ratios: np.ndarray) -> pandas.DataFrame:
    import pandas

    lowest = -6  # the few that are smaller still stand in the first bar
    counts, edges = np.histogram(np.maximum(np.log10(ratios), lowest), bins=45, range=(lowest, -1.5))
    return pandas.DataFrame({"low": 10 ** edges[:-1], "high": 10 ** edges[1:], "chains": counts})


def _draw_chains(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    scale = alt.Scale(type="log", domain=[1e-6, 0.04])
    axis = alt.X(
        "low:Q",
        title="|∂L/∂b₁| / |∂L/∂b₄|",
        scale=scale,
        axis=alt.Axis(format="~g", values=[1e-6, 1e-5, 1e-4, 1e-3, 1e-2]),
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(color=ARM_COLOURS[0])
        .encode(x=axis, x2=alt.X2("high:Q"), y=alt.Y("chains:Q", title=f"chains, of {NUM_CHAINS:,}"), y2=alt.Y2Datum(0))
    )
    at_bound = alt.Chart(alt.Data(values=[{"bound": BOUND, "text": "0.0156"}]))
    rule = at_bound.mark_rule(color=ARM_COLOURS[1], strokeWidth=2, strokeDash=[6, 3]).encode(x=alt.X("bound:Q"))
    label = at_bound.mark_text(align="left", dx=5, color=ARM_COLOURS[1], fontSize=12).encode(
        x=alt.X("bound:Q"), y=alt.YValue(12), text=alt.Text("text:N")
    )
    title = alt.TitleParams(
        "Chains of four sigmoid neurons",
        subtitle="Weights uniform between −1 and 1, biases and inputs from N(0, 1). First bar: 0.000001 and below.",
        anchor="start",
        subtitleColor="#666",
    )
    return (bars + rule + label).properties(width=600, height=260, title=title)
