"""The published estimators of class fractions, plainly written: to be compared with, not to be used.

All take scores of labelled images `[m, K]`, their labels `[m]` and scores of the sample `[n, K]`, and give the class
weights w `[K]`: the fraction of every class in the sample over that among the labelled images.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]
Peer = Callable[[Floats, Labels, Floats], Floats]

SMALLEST = 1e-30


def bbse_hard(scores: Floats, labels: Labels, sample: Floats) -> Floats:
    """Lipton, Wang & Smola (2018), ICML, "Black box shift estimation": the confusion matrix of answers, inverted."""
    return _solved(_answers(scores), labels, _answers(sample))


def bbse_soft(scores: Floats, labels: Labels, sample: Floats) -> Floats:
    """The same with scores in place of answers."""
    return _solved(scores, labels, sample)


def rlls(scores: Floats, labels: Labels, sample: Floats) -> Floats:
    """Azizzadenesheli et al. (2019), ICLR, "Regularized learning under label shifts", eq. 4-5, with answers.

    min |C (1 + θ) - q| + Δ |θ|, w = 1 + θ, with Δ from the number of images as in their theorem, at 95 %.
    """
    answers, sample_answers = _answers(scores), _answers(sample)
    joint = _joint(answers, labels)
    num_classes, total = scores.shape[1], len(scores)
    distance = sample_answers.mean(axis=0) - joint.sum(axis=1)
    delta = 3 * (2 * np.log(2 * num_classes / 0.05) / (3 * total) + np.sqrt(2 * np.log(2 * num_classes / 0.05) / total))

    def loss(theta: Floats) -> float:
        return float(np.linalg.norm(joint @ theta - distance) + 0.01 * delta * np.linalg.norm(theta))

    start = np.linalg.lstsq(joint, distance, rcond=None)[0]
    found = optimize.minimize(loss, start, method="L-BFGS-B", bounds=[(-1.0, None)] * num_classes)
    return 1 + found.x


def em(scores: Floats, labels: Labels, sample: Floats) -> Floats:
    """Saerens, Latinne & Decaestecker (2002), Neural Computation 14, 21: the most probable fractions."""
    priors = np.bincount(labels, minlength=scores.shape[1]) / len(labels)
    return _em(sample, priors) / priors


def em_bcts(scores: Floats, labels: Labels, sample: Floats) -> Floats:
    """Alexandari, Kundaje & Shrikumar (2020), ICML: the same after bias-corrected temperature scaling."""
    logs, targets = np.log(np.maximum(scores, SMALLEST)), np.eye(scores.shape[1])[labels]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = parameters[0] * logs + parameters[1:]
        apart = special.softmax(logits, axis=1) - targets
        nll = float((special.logsumexp(logits, axis=1) - (logits * targets).sum(axis=1)).mean())
        return nll, np.concatenate([[(apart * logs).sum(axis=1).mean()], apart.mean(axis=0)])

    start = np.concatenate([[1.0], np.zeros(scores.shape[1])])
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"gtol": 1e-8, "maxiter": 500}).x
    calibrated = special.softmax(best[0] * np.log(np.maximum(sample, SMALLEST)) + best[1:], axis=1)
    return em(scores, labels, calibrated)


PEERS: dict[str, Peer] = {
    "BBSE, hard": bbse_hard,
    "BBSE, soft": bbse_soft,
    "RLLS": rlls,
    "EM": em,
    "EM + BCTS": em_bcts,
}


def _answers(scores: Floats) -> Floats:
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


def _joint(outputs: Floats, labels: Labels) -> Floats:
    """C_kj: mean of output k over all labelled images, those of class j alone `[K, K]`."""
    return outputs.T @ np.eye(outputs.shape[1])[labels] / len(labels)


def _solved(outputs: Floats, labels: Labels, sample: Floats) -> Floats:
    return np.maximum(np.linalg.solve(_joint(outputs, labels), sample.mean(axis=0)), 0.0)


def _em(posteriors: Floats, priors: Floats) -> Floats:
    fractions, ratios = priors.copy(), posteriors / priors
    for _ in range(2000):
        weights = ratios * fractions
        found = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(found - fractions).max() < 1e-8:
            return found
        fractions = found
    return fractions
