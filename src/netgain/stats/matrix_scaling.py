"""Scores made into class probabilities that are right on average: matrix scaling, shrunk towards one temperature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from netgain.stats.arrays import SMALLEST_PROBABILITY

MOST_STEPS = 50
CLOSE_ENOUGH = 1e-6

WEAKEST, STRONGEST = 150.0, 1e6
"""Limits of the shrinkage: a million leaves one temperature. The labels often ask for less than 150, but they say
nothing of samples with other class fractions, where a free matrix errs more (docs/validation.md)."""

OF_TEMPERATURE, OF_BIAS = 1.0, 0.01
"""Weak penalties that keep a temperature and its biases finite where no labelled image is wrong."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MatrixScaling:
    """p = softmax(B x), with x the log-scores of an image, centred and scaled, and 1 as the last one.

    Attributes:
        weights: B `[K, K+1]`; the last column is the bias of every class.
        scale: by which centred log-scores are divided.
        shrinkage: λ of the penalty λ |D|²/2 on what of B is neither a temperature nor a bias.
        inverse: of the Hessian of the penalised likelihood `[K(K+1), K(K+1)]`.
        prior: second derivatives of the penalty, of the same shape.
    """

    weights: Floats
    scale: float
    shrinkage: float
    inverse: Floats
    prior: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Class probabilities `[n, K]` of scores `[n, K]`, for images with the template images' class fractions."""
        return special.softmax(self.features(scores) @ self.weights.T, axis=1)

    def features(self, scores: Floats) -> Floats:
        """X of every image `[n, K+1]`."""
        return _features(scores, self.scale)


def fit_matrix_scaling(scores: Floats, labels: NDArray[np.intp]) -> MatrixScaling:
    """Fit B on labelled images: scores `[m, K]`, labels `[m]`.

    Matrix scaling (Guo et al. 2017, ICML, section 4.2) with a normal prior around temperature and biases, as in
    Kull et al. (2019), NeurIPS, "off-diagonal and intercept regularisation". The width of the prior is the one that
    makes the labels most probable (MacKay 1992, Neural Computation 4, 415, eq. 2.22): few labelled images give a
    temperature and biases, many give a matrix.
    """
    num_classes = scores.shape[1]
    scale = float(_centred(scores).std()) or 1.0
    features = _features(scores, scale)
    targets = np.eye(num_classes)[labels]
    of_matrix, fixed = _penalties(num_classes, scale)
    start = np.concatenate([scale * np.eye(num_classes), np.zeros((num_classes, 1))], axis=1)
    weights, shrinkage = start, WEAKEST
    inverse = prior = np.zeros(of_matrix.shape)
    for _ in range(MOST_STEPS):
        prior = shrinkage * of_matrix + fixed
        p = special.softmax(features @ weights.T, axis=1)
        inverse = np.asarray(np.linalg.inv(hessian(p, features) + prior), np.float64)
        slope = ((p - targets).T @ features).ravel() + prior @ (weights - start).ravel()
        step = (inverse @ slope).reshape(weights.shape)
        step = _shortened(step, weights, start, features, targets, prior)
        weights = weights - step
        deviation = (weights - start).ravel()
        determined = np.trace(of_matrix) - shrinkage * float((of_matrix * inverse).sum())
        found = float(np.clip(determined / max(deviation @ of_matrix @ deviation, 1e-12), WEAKEST, STRONGEST))
        is_settled = np.abs(step).max() < CLOSE_ENOUGH * scale and abs(np.log(found / shrinkage)) < 0.01
        shrinkage = found
        if is_settled:
            break
    return MatrixScaling(weights, scale, shrinkage, inverse, prior)


def hessian(p: Floats, features: Floats) -> Floats:
    """Second derivatives of the negative log-likelihood by B `[K(K+1), K(K+1)]`."""
    num_classes, width = p.shape[1], features.shape[1]
    second = np.empty((num_classes, width, num_classes, width))
    for one in range(num_classes):
        for other in range(one, num_classes):
            curvature = p[:, one] * ((one == other) - p[:, other])
            second[one, :, other] = features.T @ (features * curvature[:, np.newaxis])
            second[other, :, one] = second[one, :, other].T
    return second.reshape(num_classes * width, num_classes * width)


def _shortened(
    step: Floats, weights: Floats, start: Floats, features: Floats, targets: Floats, prior: Floats
) -> Floats:
    """Newton's step, halved until the penalised likelihood does not fall."""

    def loss(at: Floats) -> float:
        logits = features @ at.T
        deviation = (at - start).ravel()
        nll = (special.logsumexp(logits, axis=1) - (logits * targets).sum(axis=1)).sum()
        return float(nll) + float(deviation @ prior @ deviation) / 2

    before = loss(weights)
    for _ in range(30):
        if loss(weights - step) <= before + 1e-9 * abs(before):
            return step
        step = step / 2
    return np.zeros_like(step)


def _penalties(num_classes: int, scale: float) -> tuple[Floats, Floats]:
    """The quadratic forms of the penalties on B: that of the matrix for λ = 1, and the weak ones."""
    shape = (num_classes, num_classes + 1)
    diagonal = np.concatenate([np.eye(num_classes), np.zeros((num_classes, 1))], axis=1).ravel()
    bias = np.zeros(shape)
    bias[:, -1] = 1.0
    along = np.outer(diagonal, diagonal) / num_classes
    of_matrix = np.diag(1.0 - bias.ravel()) - along
    fixed = OF_TEMPERATURE / scale**2 / num_classes * along + OF_BIAS * np.diag(bias.ravel())
    return of_matrix, fixed


def _centred(scores: Floats) -> Floats:
    logs = np.log(np.maximum(scores, SMALLEST_PROBABILITY))
    return logs - logs.mean(axis=1, keepdims=True)


def _features(scores: Floats, scale: float) -> Floats:
    return np.concatenate([_centred(scores) / scale, np.ones((len(scores), 1))], axis=1)
