"""Recipes of classifiers that are fitted as a whole, without a network and without epochs."""

from __future__ import annotations

import time

import numpy as np

from netgain.data import Dataset, Split
from netgain.engine.kernels import PLAIN_JAX
from netgain.engine.machine import describe_machine, describe_versions
from netgain.engine.versions import engine_version
from netgain.networks.network import FittedNetwork
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus
from netgain.stats import right_class_log_odds

LEAST = 1e-7
"""Keras' own floor of a probability in a cross-entropy."""


def fit(network: FittedNetwork, recipe: Recipe, seed: int, dataset: Dataset, parts: Split) -> RunResult:
    """Fit and score once; the seed only names the run. The history has one epoch, the fit, with cross-entropies."""
    started = time.perf_counter()
    scores_of = network.fit(parts.x_train, parts.y_train, dataset.num_classes)
    train_scores, test_scores = scores_of(parts.x_train), scores_of(dataset.x_test)
    has_validation = len(parts.y_validation) > 0
    validation_scores = scores_of(parts.x_validation) if has_validation else np.zeros((0, 0), np.float32)
    run_seconds = time.perf_counter() - started
    history = _evaluated("", train_scores, parts.y_train) | _evaluated("test_", test_scores, dataset.y_test)
    if has_validation:
        history |= _evaluated("val_", validation_scores, parts.y_validation)
    return RunResult(
        recipe_digest=recipe.digest,
        seed=seed,
        dataset_digest=dataset.digest,
        engine_version=engine_version(network, PLAIN_JAX),
        status=RunStatus.FINISHED,
        history=history,
        best_epoch=1,
        test_scores=test_scores,
        test_right=test_scores.argmax(axis=1) == dataset.y_test,
        train_right=train_scores.argmax(axis=1) == parts.y_train,
        train_log_odds=right_class_log_odds(train_scores, parts.y_train).astype(np.float32),
        validation_scores=validation_scores,
        run_seconds=run_seconds,
        versions=describe_versions(),
        machine=describe_machine(PLAIN_JAX),
    )


def _evaluated(prefix: str, scores: np.ndarray, labels: np.ndarray) -> dict[str, list[float]]:
    likelihood = np.maximum(scores[np.arange(len(labels)), labels], LEAST)
    right = scores.argmax(axis=1) == labels
    return {f"{prefix}loss": [float(-np.log(likelihood).mean())], f"{prefix}accuracy": [float(right.mean())]}
