"""The activation functions of the slides, and that the sigmoid is a tanh in disguise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult


def sigmoid_is_a_tanh(result: StudyResult) -> Findings:
    """σ(z) = (1 + tanh(z/2))/2, checked on Keras' own functions, and the three functions drawn."""
    del result  # an identity of functions, whatever was trained with them
    import keras
    import pandas

    z = np.linspace(-5, 5, 201, dtype=np.float32)
    values = {
        name: np.asarray(getattr(keras.activations, function)(z), float)
        for name, function in {"sigmoid σ(z)": "sigmoid", "tanh(z)": "tanh", "ReLU max(0, z)": "relu"}.items()
    }
    values["(1 + tanh(z/2))/2"] = (1 + np.asarray(keras.activations.tanh(z / 2), float)) / 2
    worst = float(np.abs(values["sigmoid σ(z)"] - values["(1 + tanh(z/2))/2"]).max())
    statement = Statement(
        "σ(z) = (1 + tanh(z/2))/2",
        worst < 1e-6,
        f"Keras' sigmoid and tanh deviate from it by at most {worst:.1e} for z from −5 to 5 (float32)",
    )
    frame = pandas.DataFrame(
        [
            {"function": name, "z": float(a), "value": float(b)}
            for name, of_z in values.items()
            for a, b in zip(z, of_z, strict=True)
        ]
    )
    figure = Figure(
        frame,
        lambda table: curves(
            table,
            x=("z", "z"),
            y=("value", "activation"),
            by="function",
            title="The activation functions",
            notes=["The dashed (1 + tanh(z/2))/2 lies on the sigmoid."],
            size=(520, 320),
        ),
        "Sigmoid, tanh and ReLU against z; (1 + tanh(z/2))/2 coincides with the sigmoid.",
    )
    return Findings((statement,), {"activation-functions": figure})
