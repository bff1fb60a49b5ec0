from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgain.errors import StatisticsError, UnknownNameError
from netgain.experiment.study import Study
from netgain.results.analyses import ANALYSES, analyse
from netgain.results.run import run
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.record import RunStatus
from netgain.stats import difference
from netgain.tasks.classification.recipe import Recipe


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory, here: Executor) -> StudyResult:
    """Three networks per arm on the digits, found again in a store: what is stored must be enough."""
    from netgain.networks.families.mlp import MLP

    recipe = Recipe(
        dataset="digits", train_size=300, validation_size=400, network=MLP(hidden=(30,), activation="relu"),
        optimizer="adam", batch_size=20, epochs=15,
    )  # fmt: skip
    study = Study("s", baseline=recipe, arms={"sigmoid": recipe.change("network.activation", "sigmoid")})
    store: Path = tmp_path_factory.mktemp("store") / "runs.db"
    run(study, 3, RunOptions(store=store, executor=here))
    return run(study, 3, RunOptions(store=store))


@pytest.mark.parametrize("name", sorted(set(ANALYSES) - {"checks"}))
@pytest.mark.parametrize("arm", ["sigmoid", "baseline"])
def test_every_analysis_has_a_table_and_says_what_it_found(result: StudyResult, name: str, arm: str) -> None:
    if (name, arm) == ("changed-images", "baseline"):
        with pytest.raises(StatisticsError, match="name an arm"):
            analyse(result, name, arm)
        return
    analysis = analyse(result, name, arm)
    scores = np.stack([run.test_scores for run in result.runs[arm]])
    TABLES[name](analysis.frame(), scores, result.dataset.y_test)
    assert str(analysis)


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(scores.argmax(axis=-1) == labels))


def calibration_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    assert frame["images"].sum() == len(labels)
    assert np.average(frame["accuracy"], weights=frame["images"]) == pytest.approx(accuracy(scores, labels))
    confidence = np.average(frame["confidence"], weights=frame["images"])
    assert confidence == pytest.approx(scores.max(axis=2).mean(), rel=1e-5)


def conformal_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    assert list(frame["size"]) == list(range(len(frame)))
    assert frame["fraction"].sum() == pytest.approx(1)


def confusion_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    assert len(frame) == 100
    assert frame["count"].sum() == pytest.approx(len(labels))
    right = frame.loc[frame["label"] == frame["answer"], "count"].sum()
    assert right / len(labels) == pytest.approx(accuracy(scores, labels))


def ensemble_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    values = dict(zip(frame["quantity"], frame["value"], strict=True))
    together, alone = accuracy(scores.mean(axis=0), labels), accuracy(scores, labels)
    assert values == pytest.approx({"ensemble": together, "single network": alone, "gain": together - alone})


def image_errors_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    wrong = (scores.argmax(axis=2) != labels).sum(axis=0)
    assert list(frame.sort_values("image")["wrong"]) == list(wrong)


def overtraining_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    values = dict(zip(frame["quantity"], frame["value"], strict=True))
    assert values["test"] == pytest.approx(accuracy(scores, labels))
    assert values["gap"] == pytest.approx(values["train"] - values["test"])


def roc_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    assert set(frame["label"]) == set(range(10))
    assert set(frame.groupby("label")["false_positive"].max()) == {1}
    assert set(frame.groupby("label")["true_positive"].max()) == {1}
    assert (frame["true_positive"] >= frame["false_positive"]).all()


def score_distributions_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    assert frame["num_train"].sum() == 300
    assert list(frame["num_test"]) == np.bincount(labels).tolist()


def temperature_table(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    losses = dict(zip(frame["quantity"], frame["loss"], strict=True))
    of_right = scores[:, np.arange(len(labels)), labels].astype(float)
    assert losses["before"] == pytest.approx(-np.log(of_right).mean(), rel=1e-4)
    assert losses["change"] == pytest.approx(losses["after"] - losses["before"])
    assert losses["change"] < 0


def no_images(frame: Any, scores: np.ndarray, labels: np.ndarray) -> None:
    """Three networks cannot show a stable change (Fisher's p is at least 0.1), nor are these confident enough."""
    assert frame.empty
    assert frame.columns[0] == "image"


TABLES = {
    "calibration": calibration_table,
    "changed-images": no_images,
    "conformal-sets": conformal_table,
    "confusion": confusion_table,
    "ensemble": ensemble_table,
    "image-errors": image_errors_table,
    "overtraining": overtraining_table,
    "roc": roc_table,
    "score-distributions": score_distributions_table,
    "suspected-labels": no_images,
    "temperature": temperature_table,
}


def test_the_gap_is_the_one_of_the_runs(result: StudyResult) -> None:
    runs = result.runs["baseline"]
    gap = np.mean([r.train_accuracy - r.test_accuracy for r in runs])
    assert analyse(result, "overtraining", "baseline").gap == pytest.approx(gap)
    assert gap > 0


def test_a_step_matched_arm_states_what_it_gains_on_its_control(here: Executor) -> None:
    from netgain.networks.families.mlp import MLP

    small = Recipe(dataset="digits", train_size=200, network=MLP(), optimizer="adam", epochs=6)
    arms = {"larger": small.change("train_size", 600), "control": small}
    study = Study("s", baseline=small.change("epochs", 3), arms=arms, same_updates={"control": "larger"})
    result = run(study, 2, RunOptions(store=None, executor=here))
    (statement,) = result.findings.statements
    gain = difference(result.right("control"), result.right("larger"))
    assert statement.text == "With the same number of updates, 'larger' is better than 'control'"
    assert statement.holds == (gain.interval().low > 0)
    assert statement.measured.startswith(f"{100 * gain.effect:+.2f} percentage points")
    assert statement.measured.endswith("epochs: 6 (larger) and 17 (control)")  # 60 batches of 30 in either
    one_network = replace(result, runs={**result.runs, "control": result.runs["control"][:1]})
    assert one_network.findings.statements == ()


def test_the_first_arm_is_meant_where_none_is_named(result: StudyResult) -> None:
    assert str(analyse(result, "overtraining")) == str(analyse(result, "overtraining", "sigmoid"))


def test_what_is_not_there_is_said(result: StudyResult) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'confusion'"):
        analyse(result, "confusoin")
    with pytest.raises(UnknownNameError, match="did you mean 'sigmoid'"):
        analyse(result, "roc", "sigmid")
    with pytest.raises(StatisticsError, match="seeds='until-known'"):
        analyse(result, "checks")


def test_without_a_validation_part_nothing_can_be_fitted(small_study: Study, here: Executor) -> None:
    blind = run(small_study, 1, RunOptions(store=None, executor=here))
    for name in ("temperature", "conformal-sets"):
        with pytest.raises(StatisticsError, match="set validation_size"):
            analyse(blind, name)


def test_diverged_runs_have_no_scores_to_analyse(result: StudyResult) -> None:
    import dataclasses

    runs = [dataclasses.replace(r, status=RunStatus.DIVERGED) for r in result.runs["sigmoid"]]
    diverged = dataclasses.replace(result, runs={**result.runs, "sigmoid": runs})
    with pytest.raises(StatisticsError, match="failed or diverged"):
        analyse(diverged, "confusion", "sigmoid")
