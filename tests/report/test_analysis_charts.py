"""Every chart of a statistic: it builds, it says what its axes are, and it shows the table's numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import special

from netgain import stats
from netgain.errors import UnknownNameError
from netgain.report.analysis_charts import analysis_chart
from netgain.stats.score_distributions import right_class_log_odds
from netgain.tasks.task import Measure

NUM_IMAGES = 300


def simulated(seeds: int, classes: int, signal: float = 3.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores `[S, n, K]` of networks that agree in part, and labels `[n]`; at a high signal all are right."""
    generator = np.random.default_rng(seed)
    labels = np.arange(NUM_IMAGES) % classes
    logits = generator.normal(size=(NUM_IMAGES, classes)) + 0.5 * generator.normal(size=(seeds, NUM_IMAGES, classes))
    logits[:, np.arange(NUM_IMAGES), labels] += signal
    return special.softmax(logits, axis=2), labels


def results(seeds: int, classes: int, signal: float) -> dict[str, Any]:
    """A result of each kind that has a chart."""
    scores, labels = simulated(seeds, classes, signal)
    train, _ = simulated(seeds, classes, signal + 0.5, seed=1)
    right, train_right = scores.argmax(axis=2) == labels, train.argmax(axis=2) == labels
    train_odds, test_odds = right_class_log_odds(train, labels), right_class_log_odds(scores, labels)
    return {
        "calibration": stats.calibration(scores, labels, generator=np.random.default_rng(0)),
        "confusion": stats.confusion(scores.argmax(axis=2), labels, classes),
        "roc": stats.roc(scores, labels),
        "score distributions": stats.score_distributions(train_odds, labels, test_odds, labels),
        "overtraining": stats.overtraining(train_right, right),
        "image errors": stats.image_errors(right),
        "changed images": stats.changed_images(right, train_right),
        "check": stats.judge_check(right, {"wider": train_right})["wider"],
    }


CASES = {"ordinary": (5, 10, 3.0), "one seed": (1, 10, 3.0), "two classes": (5, 2, 2.0), "all right": (5, 10, 60.0)}
NAMES = list(results(1, 2, 2.0))


@pytest.fixture(scope="module", params=CASES, ids=str)
def of_case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return results(*CASES[request.param])


@pytest.fixture(scope="module")
def ordinary() -> dict[str, Any]:
    return results(*CASES["ordinary"])


def views(spec: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The layers of every view in a chart."""
    for key in ("hconcat", "vconcat"):
        for part in spec.get(key, []):
            yield from views(part)
    if "spec" in spec:
        yield from views(spec["spec"])
    if "layer" in spec:
        yield spec["layer"]


def shown(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    """The rows that have this column, each once, in the chart's order."""
    rows: list[dict[str, Any]] = []
    for values in spec["datasets"].values():
        rows += [row for row in values if column in row and row not in rows]
    return rows


def subtitle(spec: dict[str, Any]) -> str:
    return " ".join(spec["title"]["subtitle"])


@pytest.mark.parametrize("name", NAMES)
def test_charts_are_whole(of_case: dict[str, Any], name: str) -> None:
    spec = analysis_chart(of_case[name]).to_dict()
    assert spec["title"]["text"]
    if name != "score distributions":  # its panels tell, for each class has its own
        assert f"{NUM_IMAGES} test images" in subtitle(spec)
    assert list(views(spec))
    for layers in views(spec):
        for channel in ("x", "y"):
            titles = {layer["encoding"][channel].get("title") for layer in layers if channel in layer["encoding"]}
            assert len(titles - {None}) == 1, f"{channel} has the titles {titles}"
    assert json.dumps(spec, allow_nan=False)


def test_one_seed_has_no_training_error_to_show() -> None:
    made, more = results(*CASES["one seed"]), results(*CASES["two classes"])
    for name in ("calibration", "score distributions", "overtraining", "check"):
        assert "training not measured" in subtitle(analysis_chart(made[name]).to_dict())
    for name in ("confusion", "roc", "check"):
        assert '"± (training)"' not in analysis_chart(made[name]).to_json(ensure_ascii=False)
        assert "± (training)" in analysis_chart(more[name]).to_json(ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "key", "columns"),
    [
        ("calibration", "confidence", ["confidence", "accuracy", "low", "high"]),
        ("confusion", "fraction", ["fraction", "fraction_test_sample", "fraction_training", "fraction_low"]),
        ("check", "effect", ["effect", "test_sample", "training", "share"]),
        ("overtraining", "quantity", ["value", "training", "low", "high"]),
    ],
)
def test_the_numbers_are_the_tables_in_percent(
    ordinary: dict[str, Any], name: str, key: str, columns: list[str]
) -> None:
    rows, frame = shown(analysis_chart(ordinary[name]).to_dict(), key), ordinary[name].frame()
    assert len(rows) == len(frame)
    for column in columns:
        np.testing.assert_allclose([row[column] for row in rows], 100 * frame[column])


def test_score_distributions_show_the_histograms(ordinary: dict[str, Any]) -> None:
    rows, table = (
        shown(analysis_chart(ordinary["score distributions"]).to_dict(), "density"),
        ordinary["score distributions"],
    )
    np.testing.assert_array_equal([row["density"] for row in rows], table.histograms()["density"])
    first = table.frame().iloc[0]
    assert rows[0]["panel"].startswith(f"class 0: KS {first['statistic']:.3f} ± {first['training']:.3f}|n = 30 train")


def test_roc_shows_the_tables_points_and_its_areas(ordinary: dict[str, Any]) -> None:
    result = ordinary["roc"]
    spec = analysis_chart(result).to_dict()
    rows, table = shown(spec, "true_positive"), result.frame().set_index(["label", "false_positive"])
    points = [(row["label"], round(row["false_positive"] / 100, 10)) for row in rows]
    np.testing.assert_allclose([row["true_positive"] for row in rows], 100 * table.loc[points, "true_positive"])
    worst = result.areas().sort_values("area").iloc[0]
    names = spec["layer"][1]["encoding"]["color"]["scale"]["domain"]
    assert len(names) == 10
    assert names[0].startswith(f"{worst['label']:.0f}: {100 * worst['area']:.3f} ± ")
    # From less than one false positive of 270 on, and no further than where the last curve has settled.
    left, right = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert 0.2 < left < 100 / 270
    assert min(row["true_positive"] for row in rows if row["false_positive"] == right) >= 99.5


def test_image_errors_count_every_image(ordinary: dict[str, Any]) -> None:
    rows = shown(analysis_chart(ordinary["image errors"]).to_dict(), "images")
    counts = ordinary["image errors"].frame()["wrong"].value_counts()
    assert {row["wrong"]: row["images"] for row in rows} == counts.to_dict()
    assert sum(row["images"] for row in rows) == NUM_IMAGES


def test_changed_images_stand_beside_chance() -> None:
    before = np.arange(200) >= 20
    result = stats.changed_images([before.tolist()] * 8, [[True] * 199 + [False]] * 8)
    rows = shown(analysis_chart(result).to_dict(), "change")
    assert [row["images"] for row in rows] == [20, 1, result.expected_by_chance]
    assert result.frame()["change"].value_counts().to_dict() == {"fixed": 20, "broken": 1}


def test_the_diagonal_does_not_drown_the_errors(ordinary: dict[str, Any]) -> None:
    errors, diagonal, *_ = analysis_chart(ordinary["confusion"]).to_dict()["layer"]
    frame = ordinary["confusion"].frame()
    most = 100 * frame[frame["label"] != frame["answer"]]["fraction"].max()
    assert errors["encoding"]["opacity"]["scale"]["domain"] == [0, pytest.approx(most)]
    assert "opacity" not in diagonal["encoding"]


def test_many_classes_have_their_limits() -> None:
    made = results(2, 42, 5.0)
    assert len(analysis_chart(made["confusion"]).to_dict()["layer"]) == 2  # no percentages written in
    scores = analysis_chart(made["score distributions"]).to_dict()
    assert len({row["label"] for row in shown(scores, "density")}) == 30
    assert "30 of 42 classes" in subtitle(scores)
    assert "others grey" in subtitle(analysis_chart(made["roc"]).to_dict())


def test_every_look_so_far_is_there() -> None:
    right = np.random.default_rng(0).random((12, 400)) < 0.9
    other = np.random.default_rng(1).random((12, 400)) < 0.91
    check = None
    for seeds in (5, 8, 12):
        check = stats.judge_check(right[:seeds], {"wider": other[:seeds]}, check, delta=0.02)
        if check["wider"].stop:
            break
    assert check is not None
    steps = check["wider"].steps
    rows = shown(analysis_chart(check["wider"]).to_dict(), "effect")
    assert [row["num_seeds"] for row in rows] == [step.num_seeds for step in steps]
    assert rows[0]["text"].endswith("share 4 % of α")
    # The bars: the test sample alone, and both errors in quadrature.
    assert rows[0]["high_test"] - rows[0]["effect"] == pytest.approx(100 * steps[0].test_sample)
    assert rows[0]["high"] - rows[0]["effect"] == pytest.approx(
        100 * np.hypot(steps[0].test_sample, steps[0].training or 0)
    )


@pytest.mark.parametrize("name", NAMES)
def test_charts_become_pictures(ordinary: dict[str, Any], name: str, tmp_path) -> None:
    analysis_chart(ordinary[name]).save(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_an_analysis_without_a_chart_says_so() -> None:
    scores, labels = simulated(2, 3)
    with pytest.raises(UnknownNameError, match="no chart of an analysis called 'Ensemble'.*frame"):
        analysis_chart(stats.ensemble(scores, labels))


@pytest.mark.parametrize("name", ["overtraining", "image errors", "changed images", "check"])
def test_what_is_not_an_image_is_not_called_one(ordinary: dict[str, Any], name: str) -> None:
    spec = analysis_chart(ordinary[name], measure=Measure(name="hit rate", item="number")).to_json()
    assert "numbers" in spec
    assert "test images" not in spec
    assert '"images"' not in {line.split(":", 1)[-1].strip(" ,") for line in spec.splitlines() if '"title"' in line}
