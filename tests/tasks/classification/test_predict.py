import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image
from tests.photos import photo

from netgain.data import Dataset, load_dataset
from netgain.engine.saving import NOTE_NAME, load_model
from netgain.errors import DataError
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.runs.record import RunResult
from netgain.runs.training import train
from netgain.tasks.classification.predict import Prediction, Unanswered, predict_files
from netgain.tasks.classification.recipe import Recipe

MNIST = load_dataset("mnist")
SHOWN = slice(0, 20)


@pytest.fixture(scope="module")
def run() -> RunResult:
    network = ConvNet(filters=(8,), dropout=0.2)
    return train(Recipe(dataset="mnist", train_size=4000, network=network, optimizer="adam", epochs=6), 0)


@pytest.fixture(scope="module")
def model(run: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("predict") / "mnist.keras"
    path.write_bytes(run.model)
    return path


@pytest.mark.parametrize(
    "averaging", [{"ensemble": 2}, {"test_time": {"shift": 1}}, {"ensemble": 2, "test_time": {"shift": 1}}]
)
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_what_averages_probabilities_gives_some(averaging: dict[str, Any], output: str, tmp_path: Path) -> None:
    """Untrained sigmoids of two classes sum to one by chance."""
    images, rate = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), dtype=np.uint8), Optimizer("sgd", 1e-9)
    dataset = Dataset(images, np.arange(40) % 2, images, np.arange(40) % 2)
    last = keras.layers.Dense(2, activation=output, kernel_initializer="zeros")
    network = KerasNetwork(keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), last]), pixels="0..1")
    recipe = Recipe(dataset=dataset, network=network, loss="binary_crossentropy", optimizer=rate, epochs=1, **averaging)
    (tmp_path / "model.keras").write_bytes(train(recipe, 0).model)
    (found,) = predict_files(tmp_path / "model.keras", saved(images[:1], tmp_path), "photo")
    assert isinstance(found, Prediction)
    assert sum(found.scores.values()) == pytest.approx(1, abs=1e-3)
    assert found.are_probabilities == (output == "softmax")


def saved(images: np.ndarray, folder: Path) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(path)
    return paths


def scores(found: list[Prediction | Unanswered]) -> np.ndarray:
    return np.array([list(one.scores.values()) for one in found if isinstance(one, Prediction)])


def photographed(folder: Path, falloff: float) -> list[Path]:
    folder.mkdir(exist_ok=True)
    random, paths = np.random.default_rng(int(falloff)), []
    for number, image in enumerate(MNIST.x_test[SHOWN, :, :, 0]):
        paths.append(folder / f"{number}.jpg")
        paths[-1].write_bytes(photo(image, random, falloff))
    return paths


def test_the_test_images_get_the_scores_of_the_run(run: RunResult, model: Path, tmp_path: Path) -> None:
    found = predict_files(model, saved(MNIST.x_test[SHOWN], tmp_path))
    np.testing.assert_allclose(scores(found), run.test_scores[SHOWN], atol=1e-5)
    assert [one.best for one in found if isinstance(one, Prediction)] == [
        str(row.argmax()) for row in run.test_scores[SHOWN]
    ]


def test_photos_of_dark_ink_on_pale_paper_in_falling_light(run: RunResult, model: Path, tmp_path: Path) -> None:
    levels = [0, 20, 40, 60, 90, 110, 130]
    paths = [path for level in levels for path in photographed(tmp_path / str(level), level)]
    answers = scores(predict_files(model, paths)).argmax(axis=1).reshape(len(levels), -1)
    assert ((answers == run.test_scores[SHOWN].argmax(axis=1)).mean(axis=1) >= 0.9).all()
    assert ((answers == MNIST.y_test[SHOWN]).mean(axis=1) >= 0.9).all()


def test_white_on_black_with_a_margin(run: RunResult, model: Path, tmp_path: Path) -> None:
    found = predict_files(model, saved(np.pad(MNIST.x_test[SHOWN], ((0, 0), (20, 30), (40, 10), (0, 0))), tmp_path))
    assert (scores(found).argmax(axis=1) == run.test_scores[SHOWN].argmax(axis=1)).mean() >= 0.95


def test_photos_for_a_network_of_eight_by_eight_digits(tmp_path: Path) -> None:
    run = train(Recipe(dataset="digits", network=MLP(hidden=(60,)), optimizer="adam", epochs=25), 0)
    (tmp_path / "digits.keras").write_bytes(run.model)
    random, digits, paths = np.random.default_rng(0), load_dataset("digits"), []
    for number, image in enumerate(digits.x_test[SHOWN, :, :, 0]):
        paths.append(tmp_path / f"{number}.jpg")
        enlarged = np.asarray(Image.fromarray(image).resize((28, 28), Image.Resampling.BICUBIC))
        paths[-1].write_bytes(photo(enlarged, random, 60))
    found = predict_files(tmp_path / "digits.keras", paths)
    assert (scores(found).argmax(axis=1) == digits.y_test[SHOWN]).mean() >= 0.8


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Dataset, RunResult]:
    """A network that tells red from blue photos of 12 x 16 pixels, its dataset and its run."""
    random = np.random.default_rng(0)
    images, labels = random.integers(60, 120, (120, 12, 16, 3)), np.arange(120) % 2
    images[np.arange(120), :, :, 2 * labels] += 100
    images = images.astype(np.uint8)
    dataset = Dataset(images[:80], labels[:80], images[80:], labels[80:], class_names=["red", "blue"])
    run = train(Recipe(dataset=dataset, network=MLP(hidden=(8,)), optimizer=Optimizer("adam", 0.01), epochs=20), 0)
    path = tmp_path_factory.mktemp("colours") / "colours.keras"
    path.write_bytes(run.model)
    return path, dataset, run


def test_a_users_own_photos_are_stretched_as_the_training_images_were(
    colours: tuple[Path, Dataset, RunResult], tmp_path: Path
) -> None:
    model, dataset, run = colours
    found = predict_files(model, saved(dataset.x_test, tmp_path))
    np.testing.assert_allclose(scores(found), run.test_scores, atol=1e-5)
    large = saved(dataset.x_test.repeat(20, axis=1).repeat(20, axis=2), tmp_path)
    assert scores(predict_files(model, large)).argmax(axis=1).tolist() == run.test_scores.argmax(axis=1).tolist()
    first = found[0]
    assert isinstance(first, Prediction)
    assert first.best in {"red", "blue"}
    assert np.array_equal(first.image, dataset.x_test[0])


def test_a_photo_as_a_digit_on_demand_and_a_digit_as_a_photo(model: Path, tmp_path: Path) -> None:
    paths = photographed(tmp_path, 0)[:2]
    stretched = predict_files(model, paths, "photo")
    first = stretched[0]
    assert isinstance(first, Prediction)
    assert first.image.mean() > 100
    np.testing.assert_array_equal(scores(predict_files(model, paths, "digit")), scores(predict_files(model, paths)))


def test_without_a_note_what_is_done_is_said(model: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.keras"
    load_model(model)[0].save(strange)
    paths = photographed(tmp_path, 0)
    with pytest.warns(UserWarning, match=r"does not record .* --as digit"):
        as_photos = predict_files(strange, paths)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(scores(predict_files(strange, paths, "photo")), scores(as_photos))
        as_digits = predict_files(strange, paths, "digit")
    np.testing.assert_allclose(scores(as_digits), scores(predict_files(model, paths)), atol=1e-6)


def test_a_note_of_an_older_file_does_not_count_as_a_record(model: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.keras"
    with zipfile.ZipFile(model) as source, zipfile.ZipFile(older, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == NOTE_NAME:
                note = {key: value for key, value in json.loads(content).items() if key not in {"digit_box", "border"}}
                content = json.dumps(note).encode()
            target.writestr(name, content)
    with pytest.warns(UserWarning, match="does not record"):
        predict_files(older, photographed(tmp_path, 0)[:1])


def test_a_picture_without_an_answer_leaves_the_others_theirs(model: Path, tmp_path: Path) -> None:
    good = photographed(tmp_path, 0)[:2]
    Image.new("L", (100, 100), 200).save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("I am not an image")
    wrong = [tmp_path / name for name in ("blank.png", "text.png", "missing.png")]
    found = predict_files(model, [good[0], *wrong, good[1]])
    assert [type(one) for one in found] == [Prediction, Unanswered, Unanswered, Unanswered, Prediction]
    for one, words in zip(
        found[1:4],
        ("differs from its background: draw a digit first", "cannot be read as an image", "No such file"),
        strict=True,
    ):
        assert isinstance(one, Unanswered)
        assert words in one.reason
        assert str(one.path) in one.reason
    np.testing.assert_allclose(scores(found), scores(predict_files(model, good)), atol=1e-6)
    assert all(isinstance(one, Unanswered) for one in predict_files(model, wrong))


def test_scores_that_are_not_finite_are_not_an_answer(tmp_path: Path) -> None:
    network = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    network.layers[-1].bias.assign([np.nan, 0, 0])
    network.save(tmp_path / "diverged.keras")
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    (found,) = predict_files(tmp_path / "diverged.keras", [tmp_path / "a.png"], "photo")
    assert isinstance(found, Unanswered)
    assert "not finite" in found.reason


def test_doubts_come_with_the_answer(model: Path, tmp_path: Path) -> None:
    pair = np.full((300, 500), 210, np.uint8)
    for number, left in ((0, 40), (1, 260)):
        digit = np.asarray(Image.fromarray(MNIST.x_test[number, :, :, 0]).resize((200, 200)), int)
        pair[50:250, left : left + 200] -= (digit * 170 // 255).astype(np.uint8)
    Image.fromarray(pair).save(tmp_path / "pair.png")
    (found,) = predict_files(model, [tmp_path / "pair.png"])
    assert isinstance(found, Prediction)
    assert "2 separate objects" in found.doubts[0]


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        predict_files(tmp_path / "missing.keras", [])
