"""Runs scripts of this folder twice, with `ng.fit` and with Keras' `model.fit`: losses and seconds side by side.

    python examples/lecture/compare.py convnet --epochs 2

Both begin with the same weights and see the images in the same order. Only the masks of `Dropout` are drawn in another
way, so losses of scripts with dropout differ by what chance does.
"""

from __future__ import annotations

import netgain as ng  # before Keras, whose backend it chooses

import argparse
import contextlib
import io
import runpy
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import keras


FOLDER = Path(__file__).parent
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in {"compare", "digits"})


class Trained(NamedTuple):
    """One call of `fit`: the last epoch's loss, the seconds of all epochs, and those of the epochs after the first."""

    loss: float
    seconds: float
    later_seconds: float


class Times(keras.callbacks.Callback):
    """When each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.ends.append(time.perf_counter())


def plain_fit(model: Any, *data: Any, **how: Any) -> Any:
    """Keras' own."""
    return model.fit(*data, **how)


def run(script: str, fit: Any, epochs: int | None = None) -> list[Trained]:
    """Run a script with another `ng.fit`, whatever it prints: what each of its calls came to.

    Args:
        script: its name, without ".py".
        fit: called as `ng.fit` is.
        epochs: at most so many for each call; None for the script's own.
    """
    calls: list[Trained] = []

    def timed(model: Any, *data: Any, **how: Any) -> Any:
        times = Times()
        how |= {"callbacks": [*how.get("callbacks", []), times], "verbose": 0}
        how |= {"epochs": min(how["epochs"], epochs or how["epochs"])}
        started = time.perf_counter()
        history = fit(model, *data, **how)
        calls.append(Trained(history.history["loss"][-1], times.ends[-1] - started, times.ends[-1] - times.ends[0]))
        for values in history.history.values():  # a script may look at an epoch that was left out
            values += [values[-1]] * 100
        return history

    keras.utils.set_random_seed(0)
    own, ng.fit = ng.fit, timed
    sys.path.insert(0, str(FOLDER))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(str(FOLDER / f"{script}.py"))
    finally:
        ng.fit = own
        sys.path.remove(str(FOLDER))
    return calls


def main() -> None:
    parser = argparse.ArgumentParser(description="ng.fit beside model.fit on the lecture's scripts")
    parser.add_argument("scripts", nargs="*", choices=[*SCRIPTS, []], help=f"of {', '.join(SCRIPTS)}; all by default")
    parser.add_argument("--epochs", type=int, help="at most so many for each network")
    given = parser.parse_args()
    print(f"{'script':28} {'last loss, Keras':>17} {'netgain':>9} {'seconds, Keras':>15} {'netgain':>8} {'ratio':>6}")
    for script in given.scripts or SCRIPTS:
        slow = run(script, plain_fit, given.epochs)
        fast = run(script, ng.fit, given.epochs)
        for theirs, ours in zip(slow, fast, strict=True):
            ratio = theirs.later_seconds / ours.later_seconds if ours.later_seconds else float("nan")
            losses = f"{theirs.loss:17.5f} {ours.loss:9.5f}"
            print(f"{script:28} {losses} {theirs.seconds:15.1f} {ours.seconds:8.1f} {ratio:6.1f}")
    print("Seconds with what is compiled first; the ratio is of the epochs after the first one.")


if __name__ == "__main__":
    main()
