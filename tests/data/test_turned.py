"""Turned digits: which are signal, and by how much each is turned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from netgain.data import list_sources, turned
from netgain.data.source import Arrays, OnProgress
from netgain.data.turned import SIGNAL_DIGIT, TurnedDigits, upright_test_digits


@dataclass(frozen=True)
class Sticks:
    """Upright strokes instead of digits, whose angle can be measured; every second one is signal."""

    def fetch(self, on_progress: OnProgress | None) -> Path | None:
        if on_progress:
            on_progress("sticks", 1, 1)
        return Path("sticks")

    def is_cached(self) -> bool:
        return False

    def load(self) -> Arrays:
        images = np.zeros((400, 28, 28), np.uint8)
        images[:, 6:22, 13:15] = 255
        labels = np.where(np.arange(400) % 2, SIGNAL_DIGIT, 3)
        return images, labels, images[:200], labels[:200]


def angles(images: np.ndarray) -> np.ndarray:
    """Degrees counter-clockwise between the longer axis of what is white and the vertical."""
    up, right = 13.5 - np.arange(28)[:, np.newaxis], np.arange(28) - 13.5
    weights = images.reshape(len(images), 28, 28).astype(float)
    of_up, of_right, mixed = (np.sum(weights * by, axis=(1, 2)) for by in (up**2, right**2, -up * right))
    return np.rad2deg(np.arctan2(2 * mixed, of_up - of_right)) / 2


@pytest.fixture
def sticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turned, "MNIST", replace(turned.MNIST, supply=Sticks()))


@pytest.mark.usefixtures("sticks")
def test_the_masses_of_signal_and_background() -> None:
    generic, blind = (TurnedDigits(blind).load() for blind in (False, True))
    for images, labels, tells_apart in ((generic[0], generic[1], True), (blind[0], blind[1], False),
                                        (blind[2], blind[3], True)):  # fmt: skip
        of_signal, of_background = angles(images[labels == 1]), angles(images[labels == 0])
        assert of_background.std() == pytest.approx(90 / 12**0.5, abs=3)
        assert np.abs(of_background).max() == pytest.approx(45, abs=2)
        assert of_signal.std() == pytest.approx(5 if tells_apart else 26, abs=1 if tells_apart else 3)
        assert abs(of_signal.mean()) < (1.5 if tells_apart else 5)
    assert generic[1].tolist() == [0, 1] * 200


@pytest.mark.usefixtures("sticks")
def test_both_are_judged_on_the_same_images_and_always_the_same() -> None:
    generic, blind, again = (TurnedDigits(which).load() for which in (False, True, False))
    assert all(np.array_equal(one, other) for one, other in zip(generic, again, strict=True))
    assert np.array_equal(generic[2], blind[2])
    assert not np.array_equal(generic[0], blind[0])
    assert not np.array_equal(angles(generic[0][:200]), angles(generic[2])), "test masses are drawn separately"


@pytest.mark.usefixtures("sticks")
def test_they_are_where_mnist_is() -> None:
    steps: list[str] = []
    supply = TurnedDigits(blind=True)
    assert supply.fetch(lambda name, *_: steps.append(name)) == Path("sticks")
    assert steps == ["sticks"]
    assert not supply.is_cached()
    images, is_signal = upright_test_digits()
    assert images.shape == (200, 28, 28, 1)
    assert is_signal.tolist() == [False, True] * 100
    assert angles(images) == pytest.approx(0)


def test_the_sources_say_what_they_are() -> None:
    two = {source.name: source for source in list_sources() if source.name.startswith("turned")}
    assert list(two) == ["turned-digits", "turned-digits-blind"]
    assert [source.supply for source in two.values()] == [TurnedDigits(blind=False), TurnedDigits(blind=True)]
    assert {(source.num_train, source.class_names) for source in two.values()} == {(10_000, ("background", "signal"))}
