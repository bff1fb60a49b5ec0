"""Three errors of each network's accuracy, and gains with and without the shifts."""

from concurrent.futures import Executor

import numpy as np
import pytest

from netgain.api import StudyResult, run
from netgain.data.shifts import each_by_its_own
from netgain.experiment.study import Study
from netgain.results.answers import right_on
from netgain.results.evaluating import Plan
from netgain.studies.examine.ideal_vs_real import DROPOUT, ERRORS, GAINS, MEASUREMENT, SHIFTS, SMALL, TRIPLED, examine
from netgain.tasks.classification.recipe import Recipe


@pytest.fixture(scope="module")
def result(here: Executor, small_recipe: Recipe) -> StudyResult:
    """On scikit-learn's digits; the arm that rotates its training images plays the tripled set."""
    small = small_recipe.change("train_size", 500)
    arms = {
        SMALL: small,
        DROPOUT: small.change("network.dropout", 0.2),
        TRIPLED: small.change("augmentation.rotation", 25),
    }
    against = {DROPOUT: SMALL, TRIPLED: SMALL}
    study = Study(
        "ideal", baseline=small_recipe, arms=arms, against=against, examine=examine, measurement=MEASUREMENT
    )  # fmt: skip
    return run(study, seeds=2, store=None, executor=here)


def test_each_network_has_its_three_errors(result: StudyResult) -> None:
    frame = result.findings.frame(ERRORS)
    assert list(dict.fromkeys(frame["recipe"])) == ["baseline"]
    assert list(dict.fromkeys(frame["source"])) == ["test sample", "training", *map(str, SHIFTS)]
    runs = [(each, result.study.baseline) for each in result.runs["baseline"]]
    sets = right_on(runs, result.dataset, Plan(SHIFTS).image_sets(result.dataset.x_test))
    found = Plan(SHIFTS).systematics(result.right("baseline"), np.stack(sets), None)
    down = {row["source"]: row["error"] for row in frame.to_dict("records") if row["direction"] == "down"}
    for source in found.sources:
        assert down[source.name] == pytest.approx(100 * source.down)
    statement = result.findings.statements[0]
    assert statement.text.startswith("baseline is less accurate over the shifts rotation=N(0,10), translation=U(0,2)")
    assert str(found).splitlines()[1] in statement.measured


def test_gains_are_followed_to_the_images_with_amounts_of_their_own(result: StudyResult) -> None:
    rows = result.findings.frame(GAINS).to_dict("records")
    effects = {(row["arm"], row["test images"]): row["effect"] for row in rows}
    assert {arm for arm, _ in effects} == {DROPOUT, TRIPLED}
    assert effects[TRIPLED, "as they are"] == pytest.approx(100 * result.verdicts[TRIPLED].difference.effect)
    images = each_by_its_own(result.dataset.x_test, SHIFTS)
    means = {}
    for name in (SMALL, TRIPLED):
        runs = [(each, result.study.recipes[name]) for each in result.runs[name]]
        means[name] = np.mean(right_on(runs, result.dataset, [images]))
    assert effects[TRIPLED, "shifted"] == pytest.approx(100 * (means[TRIPLED] - means[SMALL]))
    said = [statement.measured for statement in result.findings.statements if statement.text.startswith(TRIPLED)]
    assert "points without the shift" in said[0]


@pytest.mark.parametrize("name", [ERRORS, GAINS])
def test_the_pictures_are_drawn(result: StudyResult, name: str) -> None:
    assert result.chart(name).to_dict()["title"]["subtitle"]
