"""The measures of images whose flaws are known: real ones, copies, a lost class, one image, black ones."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from netgain.data import Dataset
from netgain.engine.compiled import CompiledFunctions
from netgain.tasks.generation.figures import (
    AUC,
    COLLAPSED,
    COPIES,
    COVERAGE,
    DENSITY,
    FRACTIONS,
    KID,
    NEAR_COPIES,
    figures,
)  # fmt: skip
from netgain.tasks.generation.measures import measure_sample
from netgain.tasks.generation.reference import reference_of
from netgain.tasks.task import Figure

from .conftest import JUDGE, make_shapes, recipe_for


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of its own, so that a reference network is trained and then found."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NETGAIN_DATA", str(folder))
        yield folder


@pytest.fixture(scope="module")
def fresh() -> Dataset:
    """More images of the same kind, as a perfect generator makes them."""
    return make_shapes(seed=7)


def measured(shapes: Dataset, compiled: CompiledFunctions, images: np.ndarray, labels: np.ndarray) -> dict[str, Figure]:
    return figures(measure_sample(images, labels, shapes, recipe_for(shapes), 0, compiled))


def test_a_perfect_generator_is_at_its_floors(shapes: Dataset, compiled: CompiledFunctions, fresh: Dataset) -> None:
    found = measured(shapes, compiled, fresh.x_test, fresh.y_test)
    assert list(found) == [AUC, KID, DENSITY, COVERAGE, FRACTIONS, COPIES, NEAR_COPIES, COLLAPSED]
    for name, figure in found.items():
        assert figure.floor is not None
        assert figure.floor_error is not None
        away = abs(figure.value - figure.floor)
        assert away <= 4 * np.hypot(np.hypot(figure.error, figure.own_error), figure.floor_error), name
        assert figure.num_items == shapes.num_test
    assert found[COLLAPSED].value == 0


def test_copies_are_seen_by_copies_only(shapes: Dataset, compiled: CompiledFunctions) -> None:
    found = measured(shapes, compiled, shapes.x_train[:150], shapes.y_train[:150])
    assert found[COPIES].value > 0.99
    assert found[NEAR_COPIES].value > 0.99
    assert found[COVERAGE].value > 0.85  # as good as real images
    assert found[AUC].value < 0.7


def test_a_lost_class_is_a_collapse(shapes: Dataset, compiled: CompiledFunctions, fresh: Dataset) -> None:
    kept = np.flatnonzero(fresh.y_train < 2)[:150]
    found = measured(shapes, compiled, fresh.x_train[kept], np.arange(150) % 3)
    assert found[FRACTIONS].value == pytest.approx(1 / 3, abs=0.03)
    assert found[COLLAPSED].value == 1


def test_one_image_of_each_class_is_a_collapse(shapes: Dataset, compiled: CompiledFunctions, fresh: Dataset) -> None:
    labels = np.arange(150) % 3
    found = measured(shapes, compiled, fresh.x_test[:3][labels], labels)
    assert found[FRACTIONS].value < 0.05
    assert found[COVERAGE].value < 0.3
    assert found[COLLAPSED].value == 1


def test_black_images_of_a_diverged_generator_have_finite_numbers(shapes: Dataset, compiled: CompiledFunctions) -> None:
    found = measured(shapes, compiled, np.zeros_like(shapes.x_test), np.arange(150) % 3)
    assert all(np.isfinite([one.value, one.error, one.own_error]).all() for one in found.values())
    assert found[AUC].value > 0.99
    assert found[COLLAPSED].value == 1
    assert found[FRACTIONS].remark


def test_the_reference_network_is_trained_once_and_has_not_seen_the_images_of_the_floor(
    shapes: Dataset, compiled: CompiledFunctions, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reference_of(JUDGE, shapes, compiled)
    monkeypatch.setattr("netgain.tasks.generation.reference.train_judge", None)
    again = reference_of(JUDGE, shapes, compiled)
    assert again.test_features.tolist() == first.test_features.tolist()
    assert again.labels(shapes.x_test, compiled).tolist() == first.test_scores.argmax(axis=1).tolist()
    assert len(first.other_images) == min(shapes.num_test, shapes.num_train // 4)
    assert list((cache / "reference").glob("reference-*.npz"))


def test_a_broken_file_of_the_cache_is_made_anew(
    shapes: Dataset, compiled: CompiledFunctions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETGAIN_DATA", str(tmp_path))
    first = reference_of(JUDGE, shapes, compiled)
    (file,) = (tmp_path / "reference").iterdir()
    file.write_bytes(b"no numbers")
    assert reference_of(JUDGE, shapes, compiled).test_scores.tolist() == first.test_scores.tolist()


def test_a_run_without_measures_has_no_figures() -> None:
    assert figures({"test_scores": np.zeros((3, 2))}) == {}
