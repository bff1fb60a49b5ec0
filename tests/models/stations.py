"""Eleven models as their users write them, through every station from training to a prediction.

    python tests/models/stations.py

prints the table of docs/own_models.md: how far the scores of 50 test images lie, at each station, from those of the
training run. Every stage is a fresh process: one trains, one executes the scripts again and finds the runs in the
store, one opens the saved networks in plain Keras and never imports netgain.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
SCRIPTS = HERE.parent / "scripts"
NUM_IMAGES = 50

MODELS = {
    "residual": "residual blocks, BatchNormalization",
    "separable": "depthwise and separable convolutions",
    "vit": "ViT: own patches and positions, MultiHeadAttention",
    "lstm_rows": "LSTM over rows",
    "adapted_normalization": "adapted Normalization",
    "mobilenet": "MobileNet of keras.applications, weights=None",
    "scaling_lambda": "Lambda that scales the pixels",
    "mixed_precision": "mixed precision (mixed_bfloat16)",
    "own_module": "own layer and activation in a module",
    "notebook_cell": "own layer in a notebook cell",
    "efficientnet": "EfficientNetB0 of keras.applications, weights=None",
}
LARGE = {"efficientnet"}
"""Too large for the suite: tried by hand, with the command above."""
IN_THE_SUITE = tuple(name for name in MODELS if name not in LARGE)
COLOUR = {"mobilenet", "efficientnet"}
OWN = {
    "vit": ["Patches", "PatchEncoder"],
    "own_module": ["SqueezeExcite", "steep_swish"],
    "notebook_cell": ["Cosine"],
}
"""The names to hand to Keras as `custom_objects`, by model."""
WITH_LAMBDA = {"scaling_lambda"}
STATIONS = ("restart", "report", "save", "plain Keras", "predict")


def executed(name: str) -> dict[str, Any]:
    """The names that a user's script leaves behind, run as `python scripts/<name>.py` or as a notebook's cell."""
    path = SCRIPTS / f"{name}.py"
    if name == "notebook_cell":  # IPython runs a cell in __main__, and there is no file to read it from
        scope = vars(sys.modules["__main__"])
        exec(compile(path.read_text(), "<ipython-input-1-6f0c1e>", "exec"), scope)
        return scope
    sys.path.insert(0, str(SCRIPTS))
    try:
        scope = {"__name__": "__main__", "__file__": str(path)}
        exec(compile(path.read_text(), str(path), "exec"), scope)
    finally:
        sys.path.remove(str(SCRIPTS))
    return scope


def own_objects(name: str) -> dict[str, Any]:
    """The classes and functions that a user hands to Keras with a saved network."""
    scope = executed(name) if name in OWN else {}
    return {each: scope[each] for each in OWN.get(name, ())}


def coloured_images() -> Any:
    """300 images 32×32×3 in three classes: noise, brighter in one colour and one corner."""
    import netgain as ng

    generator = np.random.default_rng(0)
    labels = np.arange(300) % 3
    images = generator.integers(0, 150, (300, 32, 32, 3), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[10 * label : 10 * label + 12, :, label] += 100
    return ng.Dataset(images[:200], labels[:200], images[200:], labels[200:], name="colours")


def study_of(images: Any, names: list[str]) -> Any:
    """A study of which each model is an arm, the first the baseline."""
    import netgain as ng

    networks = {name: ng.KerasNetwork(executed(name)["model"]) for name in names}
    training = {"dataset": images, "optimizer": "adam", "batch_size": 25, "epochs": 1 if images.name == "digits" else 3}
    first, *others = (ng.Recipe(network=network, **training) for network in networks.values())
    return ng.Study(f"models-on-{images.name}", baseline=first, arms=dict(zip(names[1:], others, strict=True)))


def run_all(folder: Path, models: Sequence[str]) -> dict[str, Any]:
    """What a user's script does at its end: every model's result, recipe and run by name."""
    import netgain as ng

    found: dict[str, Any] = {}
    grey, colour = ([name for name in models if (name in COLOUR) == coloured] for coloured in (False, True))
    for images, names in ((ng.load_dataset("digits"), grey), (coloured_images(), colour)):
        study = study_of(images, names)
        result = ng.run(study, [0], store=folder / "runs.db", workers=1)
        for arm, recipe in study.recipes.items():
            found[names[0] if arm == "baseline" else arm] = (result, recipe, result.runs[arm][0])
    return found


def train_stage(folder: Path, models: Sequence[str]) -> None:
    """Train all of them."""
    found = run_all(folder, models)
    keep(folder, "train", {name: run.test_scores[:NUM_IMAGES] for name, (_, _, run) in found.items()})
    for name, (result, _, _) in found.items():
        np.save(folder / f"{name}.npy", result.dataset.x_test[:NUM_IMAGES])
    tell(folder, "train", {"num_trained": sum({id(r): r.num_trained for r, _, _ in found.values()}.values())})


def restart_stage(folder: Path, models: Sequence[str]) -> None:
    """Execute the same scripts again, then report, save and predict."""
    from netgain.engine.saving import load_model
    from netgain.engine.score import score
    from netgain.runs.trained import model_of, open_network

    found = run_all(folder, models)
    keep(folder, "restart", {name: run.test_scores[:NUM_IMAGES] for name, (_, _, run) in found.items()})
    said: dict[str, Any] = {
        "num_trained": sum({id(r): r.num_trained for r, _, _ in found.values()}.values()),
        "accuracies": {name: run.test_accuracy for name, (_, _, run) in found.items()},
        "reported": {},
        "pixels": {},
    }
    saved, predicted = {}, {}
    for name, (result, recipe, run) in found.items():
        images = np.load(folder / f"{name}.npy")
        if run is next(iter(result.runs.values()))[0]:
            result.report(folder / f"{name}.html")
            rows = result.as_dict()["runs"]
            said["reported"] |= {name if row["arm"] == "baseline" else row["arm"]: row["test_accuracy"] for row in rows}
        kept = model_of(run, folder / "runs.db")
        kept.save_model(folder / f"{name}.keras")
        saved[name] = score(open_network(kept, recipe), images)
        trusted = name in WITH_LAMBDA
        model, note = load_model(folder / f"{name}.keras", own_objects(name), trusted=trusted)
        said["pixels"][name] = note["pixels"]
        predicted[name] = score(model, images)
    keep(folder, "save", saved)
    keep(folder, "predict", predicted)
    tell(folder, "restart", said)


def plain_stage(folder: Path, models: Sequence[str]) -> None:
    """Open the saved networks as anyone who has Keras and the user's own code, and not netgain."""
    import keras

    scores = {}
    for name in models:
        path = folder / f"{name}.keras"
        model: Any = keras.saving.load_model(path, custom_objects=own_objects(name), safe_mode=name not in WITH_LAMBDA)
        with zipfile.ZipFile(path) as archive:
            pixels = json.loads(archive.read("netgain.json"))["pixels"]
        images = np.load(folder / f"{name}.npy").astype("float32") / (255 if pixels == "0..1" else 1)
        scores[name] = np.asarray(
            model.predict(images.reshape(-1, *model.input_shape[1:]), batch_size=NUM_IMAGES, verbose=0)
        )
    assert "netgain" not in sys.modules
    keep(folder, "plain", scores)


STAGES = {"train": train_stage, "restart": restart_stage, "plain": plain_stage}


def keep(folder: Path, stage: str, scores: dict[str, np.ndarray]) -> None:
    np.savez(folder / f"{stage}.npz", **scores)  # pyright: ignore[reportArgumentType]


def tell(folder: Path, stage: str, said: dict[str, Any]) -> None:
    (folder / f"{stage}.json").write_text(json.dumps(said))


def go(folder: Path, models: Sequence[str]) -> None:
    """Run the stages one after the other, each in a fresh process whose current folder is not that of the scripts.

    Raises:
        RuntimeError: where one fails, with what it wrote.
    """
    for stage in STAGES:
        command = [sys.executable, str(HERE), stage, str(folder), *models]
        environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the stage {stage!r} failed:\n{done.stdout}\n{done.stderr}")


def differences(folder: Path) -> dict[str, dict[str, float]]:
    """The largest difference of a score from the training run's, by model and station.

    A report has no scores: there it is the difference of the accuracy.
    """
    of = {stage: dict(np.load(folder / f"{stage}.npz")) for stage in ("train", "restart", "save", "plain", "predict")}
    said = json.loads((folder / "restart.json").read_text())

    def distance(stage: str, name: str) -> float:
        return float(np.abs(of[stage][name].astype(np.float64) - of["train"][name]).max())

    return {
        name: {
            "restart": distance("restart", name),
            "report": abs(said["reported"][name] / 100 - said["accuracies"][name]),
            "save": distance("save", name),
            "plain Keras": distance("plain", name),
            "predict": distance("predict", name),
        }
        for name in of["train"]
    }


def table(folder: Path) -> str:
    """The differences as a Markdown table."""
    said = json.loads((folder / "restart.json").read_text())
    lines = [f"| model | pixels | accuracy, % | {' | '.join(STATIONS)} |", f"|{'---|' * (3 + len(STATIONS))}"]
    for name, of_model in differences(folder).items():
        accuracy, pixels = 100 * said["accuracies"][name], said["pixels"][name]
        cells = " | ".join("0" if value < 1e-12 else f"{value:.0e}" for value in of_model.values())
        lines.append(f"| {MODELS[name]} | {pixels} | {accuracy:.1f} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        STAGES[sys.argv[1]](Path(sys.argv[2]), sys.argv[3:])
    else:
        with tempfile.TemporaryDirectory(prefix="stations-") as scratch:
            go(Path(scratch), tuple(MODELS))
            print(table(Path(scratch)))
