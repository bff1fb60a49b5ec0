"""The pictures of the lessons, made from the formulas themselves or from one digit of scikit-learn's set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas

from netgain.data import load_dataset
from netgain.data.shifts import KINDS
from netgain.report.palette import ARM_COLOURS
from netgain.web import look

Function = Callable[[np.ndarray], np.ndarray]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z) = 1/(1 + e^-z), as (1 + tanh(z/2))/2."""
    return (1 + np.tanh(z / 2)) / 2


def curves(
    functions: Mapping[str, Function], reach: tuple[float, float], x_title: str, y_title: str, alternative: str
) -> str:
    """Functions of one variable as lines."""
    x = np.linspace(*reach, 161)
    table = pandas.DataFrame(
        [
            {"x": float(at), "y": float(value), "curve": name}
            for name, function in functions.items()
            for at, value in zip(x, function(x), strict=True)
        ]
    )
    names = list(functions)
    scale = alt.Scale(domain=names, range=list(ARM_COLOURS[: len(names)]))
    legend = alt.Legend(orient="bottom", symbolType="stroke", symbolStrokeWidth=3, labelLimit=300, columns=2)
    chart = alt.Chart(table).mark_line(strokeWidth=2.4)
    chart = chart.encode(
        x=alt.X("x:Q", title=x_title, axis=alt.Axis(tickCount=8)),
        y=alt.Y("y:Q", title=y_title, axis=alt.Axis(tickCount=6)),
        color=alt.Color("curve:N", title=None, sort=names, scale=scale, legend=legend),
    )
    return look.picture(chart.properties(width=520, height=240), f"lesson-{names[0]}", alternative)


def penalties() -> str:
    """What each penalty adds to the loss for one weight."""
    functions: dict[str, Function] = {"L1: λ|w|": np.abs, "L2: λw²": np.square}
    return curves(functions, (-1.6, 1.6), "weight w", "penalty, in units of λ", "L1 has a corner, L2 is a parabola.")


def output_gradients() -> str:
    """The gradient by z of both losses for the target 0."""
    functions: dict[str, Function] = {
        "mean squared error: (σ − t) σ′": lambda z: sigmoid(z) ** 2 * (1 - sigmoid(z)),
        "cross-entropy: σ − t": sigmoid,
    }
    words = "For large z, the gradient of the squared error falls to zero, that of cross-entropy rises to one."
    return curves(functions, (-6, 8), "z, input of the output neuron (target t = 0)", "gradient ∂L/∂z", words)


def softmax_bars() -> str:
    """What softmax makes of the outputs of three classes as one of them grows."""
    functions: dict[str, Function] = {
        "y₁": lambda z: np.exp(z) / (np.exp(z) + np.exp(1) + 1),
        "y₂, with z₂ = 1": lambda z: np.e / (np.exp(z) + np.e + 1),
        "y₃, with z₃ = 0": lambda z: 1 / (np.exp(z) + np.e + 1),
    }
    words = "When one output grows, the others shrink; the three always sum to one."
    return curves(functions, (-4, 6), "z₁, input of the first of three outputs", "softmax output", words)


def activations() -> str:
    """The three activations."""
    functions: dict[str, Function] = {"sigmoid": sigmoid, "tanh": np.tanh, "ReLU": lambda z: np.maximum(z, 0)}
    return curves(functions, (-4, 2.5), "z, input of a neuron", "output", "Sigmoid, tanh and ReLU against z.")


def counted() -> str:
    """The share of the answers against the true fraction, for a classifier that is wrong in one of ten images."""
    functions: dict[str, Function] = {
        "counted answers: 0.9 f + 0.1 (1 − f)": lambda f: 0.9 * f + 0.1 * (1 - f),
        "without bias": lambda f: f,
    }
    words = "Of a rare class too many are counted, of a frequent one too few; only at one half both agree."
    return curves(functions, (0, 1), "true fraction f of one of two classes", "fraction of the answers", words)


def slopes() -> str:
    """The product of slopes that a gradient meets on its way through layers of sigmoids."""
    functions: dict[str, Function] = {
        "sigmoid: at most (¼)ᵏ": lambda layers: 0.25**layers,
        "ReLU, switched on: 1": lambda layers: 0 * layers + 1,
    }
    words = "Through k sigmoid layers a gradient shrinks by at least (¼)ᵏ; through ReLU it need not shrink."
    return curves(functions, (0, 5), "layers k that the gradient passes", "factor on the gradient", words)


def masses() -> str:
    """How the masses of signal and background are distributed in the study kept-information."""
    functions: dict[str, Function] = {
        "signal: N(0°, 5°)": lambda m: np.exp(-np.square(m / 5) / 2) / (5 * np.sqrt(2 * np.pi)),
        "background: flat": lambda m: 0 * m + 1 / 90,
    }
    words = "The masses of the signal are a narrow peak around 0°, those of the background are flat within ±45°."
    return curves(functions, (-45, 45), "mass m: angle of the digit, degrees", "share per degree", words)


def schedules() -> str:
    """The learning rate against the epoch."""
    functions: dict[str, Function] = {
        "constant": lambda t: 0 * t + 1,
        "η/(1 + 0.1 t)": lambda t: 1 / (1 + 0.1 * t),
        "exponential, 0.95ᵗ": lambda t: 0.95**t,
        "cosine": lambda t: (1 + np.cos(np.pi * t / 40)) / 2,
    }
    return curves(functions, (0, 40), "epoch t", "learning rate / η", "Four ways to lower the learning rate.")


def descents() -> str:
    """Steps of gradient descent down a parabola with rates too small, right and too large."""
    rates = {"η too small": 0.05, "η good": 0.6, "η too large: it jumps back and forth": 1.85}
    functions: dict[str, Function] = {
        name: (lambda step, factor=1 - rate: np.sign(factor) ** np.round(step) * np.abs(factor) ** step)
        for name, rate in rates.items()
    }
    return curves(functions, (0, 14), "update", "distance to the minimum", "Slow, good, and jumping descents.")


def momenta() -> str:
    """The same descent with and without momentum."""

    def path(momentum: float) -> Function:
        def positions(steps: np.ndarray) -> np.ndarray:
            place, speed, places = 1.0, 0.0, [1.0]
            for _ in range(60):
                speed = momentum * speed - 0.03 * place
                place += speed
                places.append(place)
            return np.interp(steps, np.arange(61), places)

        return positions

    functions = {"plain gradient descent": path(0.0), "momentum 0.7": path(0.7)}
    return curves(functions, (0, 50), "update", "distance to the minimum", "With momentum, fewer updates are needed.")


def noise() -> str:
    """The spread of a mini-batch's gradient against the size of the batch."""
    functions: dict[str, Function] = {"spread of the gradient, 1/√B": lambda size: 1 / np.sqrt(size)}
    words = "The spread falls with the root of the batch size."
    return curves(functions, (1, 100), "B, images per update", "spread, in units of one image's", words)


def overtraining() -> str:
    """A sketch of train and test accuracy."""
    functions: dict[str, Function] = {
        "training images": lambda t: 100 - 14 * np.exp(-t / 14),
        "test images": lambda t: 94 - 9 * np.exp(-t / 7) - 0.012 * np.maximum(t - 25, 0),
    }
    words = "A sketch: training accuracy rises to 100 %, test accuracy flattens, and early stopping stops there."
    return curves(functions, (0, 80), "epoch (a sketch)", "accuracy, %", words)


def example_digit() -> np.ndarray:
    """A three of scikit-learn's digits, uint8 `[8, 8]`."""
    return load_dataset("digits").x_test[3, :, :, 0]


def row_of(pictures: Mapping[str, np.ndarray], size: int = 110) -> str:
    """Pictures uint8 `[h, w]` beside each other, with their names below them."""
    shown = "".join(
        f'<div>{look.image(values, name, size)}<span class="soft">{name}</span></div>'
        for name, values in pictures.items()
    )
    return f'<div class="maps">{shown}</div>'


def dropped() -> str:
    """A digit with a fifth of its pixels dropped, each time others."""
    generator, digit = np.random.default_rng(1), enlarged(example_digit())
    pictures = {"the image": digit}
    for step in (1, 2, 3):
        kept = np.kron(generator.random((14, 14)) > 0.2, np.ones((2, 2)))
        pictures[f"update {step}"] = (digit * kept).astype(np.uint8)
    return row_of(pictures)


def turned() -> str:
    """A digit turned by angles of the lecture's ranges."""
    shown = {f"{angle:+d}°" if angle else "the image": _changed("rotation", angle) for angle in (-20, -8, 0, 8, 20)}
    return row_of(shown, 92)


def at_use() -> str:
    """A digit of a dataset, and how it may be at use."""
    amounts = {"rotated by 15°": ("rotation", 15.0), "moved by 4 pixels": ("translation", 4.0),
               "blurred by 1.5 pixels": ("blur", 1.5), "with noise": ("noise", 60.0)}  # fmt: skip
    return row_of(
        {"the test image": enlarged(example_digit()), **{name: _changed(*how) for name, how in amounts.items()}}, 92
    )


def _changed(kind: str, amount: float) -> np.ndarray:
    return KINDS[kind].change(enlarged(example_digit())[np.newaxis, :, :, np.newaxis], amount)[0, :, :, 0]


def convolved() -> str:
    """A digit and what two kernels find in it."""
    digit = enlarged(example_digit()).astype(float)
    kernels = {"vertical edges": np.array([[-1, 0, 1]] * 3), "horizontal edges": np.array([[-1, 0, 1]] * 3).T}
    pictures = {"the image": digit.astype(np.uint8)}
    for name, kernel in kernels.items():
        found = sum(
            kernel[row, column] * digit[row : 26 + row, column : 26 + column] for row in range(3) for column in range(3)
        )
        pictures[name] = np.round(255 * np.clip(found / np.abs(found).max(), 0, 1)).astype(np.uint8)
    return row_of(pictures)


def pooled() -> str:
    """A digit, and what the three kinds of pooling leave of it."""
    digit = enlarged(example_digit())
    blocks = digit.reshape(7, 4, 7, 4).astype(float)
    return row_of(
        {
            "28 × 28": digit,
            "maximum": blocks.max(axis=(1, 3)).astype(np.uint8),
            "mean": blocks.mean(axis=(1, 3)).astype(np.uint8),
            "L2 norm / 4": (np.sqrt((blocks**2).sum(axis=(1, 3))) / 4).astype(np.uint8),
        }
    )


def enlarged(digit: np.ndarray) -> np.ndarray:
    """A picture uint8 `[h, w]` at MNIST's size, 28 x 28."""
    from PIL import Image

    return np.asarray(Image.fromarray(digit).resize((28, 28), Image.Resampling.BICUBIC))
